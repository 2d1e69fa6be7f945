package command

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// mostEvery is how many bytes a recurring time takes, at most.
const mostEvery = 80

// Every understands a time that comes again and again, as people type it: "weekdays
// 10:00", "daily 9:30", "Mon,Thu 2pm", "monthly 1st 10:00", and in Chinese 每天 9:30,
// 工作日 10:00, 每周一 9:00, 每月1号 10:00. It returns the five fields of cron: minute,
// hour, day of the month, month, day of the week. Five fields it returns as they are;
// whether they ever come is for package schedule to say. A UserError says what is
// wrong with s, and names the nearest that is right.
func Every(s string) (cron string, err error) {
	typed := strings.Join(strings.Fields(plain.Replace(s)), " ")
	if len(typed) > mostEvery {
		return "", bot.UserError(bot.Say("“{typed}” is too long for a time. For example: {example}", bot.Verbatim(text.Clip(typed)), comes("weekdays 10:00")))
	}
	if fields := strings.Fields(typed); len(fields) > 0 && cronField.MatchString(fields[0]) && (len(fields) >= 5 || strings.Contains(fields[0], "*")) {
		if len(fields) != 5 {
			return "", bot.UserError(bot.Say("A time for cron has five fields: minute, hour, day of the month, month, day of the week; “{typed}” has {n}. For example: {example}", bot.Verbatim(text.Clip(typed)), bot.Count(len(fields)), bot.Verbatim("0 10 * * 1-5")))
		}
		return typed, nil
	}
	e := often{}
	for _, w := range strings.Fields(meridiem.ReplaceAllString(everyInEnglish(strings.ToLower(typed)), "$1 $2")) {
		if err := e.word(w); err != nil {
			return "", err
		}
	}
	return e.cron()
}

var cronField = regexp.MustCompile(`^[\d*][\d*/,\-]*$`)

// often is what the words of a recurring time have said so far.
type often struct {
	days    []int // of the week, from Sunday, 0
	named   []string
	daily   bool
	monthly bool
	day     int // of the month
	hour    int
	minute  int
	timed   bool
	bare    bool // an hour alone: of the morning or of the evening?
	half    string
}

// dayWords are what may be said in the place of a weekday; the nearest of them and of
// the days is named to whoever mistypes one.
var dayWords = map[string][]int{"weekdays": {1, 2, 3, 4, 5}, "weekday": {1, 2, 3, 4, 5}, "workdays": {1, 2, 3, 4, 5}, "weekends": {6, 0}, "weekend": {6, 0}}

var ordinal = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)$`)

// word takes the next word. It is long because each kind of word has its own mistake.
func (e *often) word(w string) error {
	w = strings.Trim(w, ",;")
	switch w {
	case "", "every", "each", "on", "at", "the", "and", "of", "weekly", "week", "-":
		return nil
	case "am", "pm":
		e.half = w
		return nil
	case "daily", "day", "days":
		e.daily = true
		return nil
	case "monthly", "month":
		e.monthly = true
		return nil
	case "midnight":
		return e.at(0, 0, w)
	}
	if m := ordinal.FindStringSubmatch(w); m != nil {
		return e.ofMonth(m[1], w)
	}
	if n, err := strconv.Atoi(w); err == nil && e.monthly && e.day == 0 && n > 0 {
		return e.ofMonth(w, w)
	}
	if hour, minute, ok := hourOf(w); ok {
		e.bare = e.bare || len(w) <= 2
		return e.at(hour, minute, w)
	}
	if h, m, ok := strings.Cut(w, ":"); ok {
		return e.noTime(h, m, w)
	}
	for _, part := range strings.FieldsFunc(w, func(r rune) bool { return r == ',' || r == '+' || r == '&' || r == '/' }) {
		if err := e.weekday(part); err != nil {
			return err
		}
	}
	return nil
}

func (e *often) at(hour, minute int, w string) error {
	if e.timed {
		return bot.UserError(bot.Say("“{typed}” is a second time of day, and there can be one. For a second one, set up another.", bot.Verbatim(text.Clip(w))))
	}
	e.hour, e.minute, e.timed = hour, minute, true
	return nil
}

func (e *often) ofMonth(digits, w string) error {
	n, _ := strconv.Atoi(digits)
	if n < 1 || n > 31 || e.day > 0 {
		return bot.UserError(bot.Say("“{typed}” is no day of a month: those go from 1st to 31st, one at a time. For example: {example}", bot.Verbatim(text.Clip(w)), comes("monthly 1st 10:00")))
	}
	e.day = n
	return nil
}

// noTime refuses 25:00, and offers 23:00 in its place.
func (e *often) noTime(h, m, w string) error {
	hour, _ := strconv.Atoi(h)
	minute, _ := strconv.Atoi(m)
	near := fmt.Sprintf("%d:%02d", min(max(hour, 0), 23), min(max(minute, 0), 59))
	return bot.UserError(bot.Say("“{typed}” is no time of day: those go from 0:00 to 23:59. For example: {example}", bot.Verbatim(text.Clip(w)), comes(e.when()+" "+near)))
}

// weekday takes mon, mondays, mon-fri, weekdays.
func (e *often) weekday(w string) error {
	first, last, ranged := strings.Cut(w, "-")
	from, ok := dayCalled(first)
	if days, several := dayWords[w]; several {
		e.days, e.named = append(e.days, days...), append(e.named, w)
		return nil
	}
	to := from
	if ok && ranged {
		to, ok = dayCalled(last)
	}
	if !ok {
		return e.unknown(w)
	}
	for d := from; ; d = (d + 1) % 7 {
		e.days = append(e.days, d)
		if d == to {
			break
		}
	}
	e.named = append(e.named, strings.ToUpper(w[:1])+w[1:])
	return nil
}

func dayCalled(w string) (int, bool) {
	full := []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
	for i, name := range full {
		if len(w) >= 3 && (strings.HasPrefix(name, w) || w == name+"s" || i == 2 && w == "tues" || i == 4 && w == "thurs") {
			return i, true
		}
	}
	return 0, false
}

func (e *often) unknown(w string) error {
	known := []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "daily", "weekdays", "weekends", "monthly"}
	if near := text.Nearest(w, known); near != "" {
		name := near
		if slices.Contains(known[:7], near) {
			name = strings.ToUpper(near[:1]) + near[1:]
		}
		return bot.UserError(bot.Say("I do not know the day “{typed}”. Did you mean {near}? For example: {example}", bot.Verbatim(text.Clip(w)), bot.Verbatim(name), comes(name+" 9:00")))
	}
	return bot.UserError(bot.Say("I do not understand “{typed}” in a time. It takes days and one time of day, for example {daily}, {weekdays}, {monday} or {monthly}.", bot.Verbatim(text.Clip(w)),
		comes("daily 9:30"), comes("weekdays 10:00"), comes("Mon,Thu 14:00"), comes("monthly 1st 10:00")))
}

// comes is a recurring time as an example, which is typed in the reader's language.
func comes(when string) bot.Usage { return bot.Usage{Words: []string{when}} }

// when is the days that were said, for an example.
func (e *often) when() string {
	switch {
	case len(e.named) > 0:
		return strings.Join(e.named, ",")
	case e.monthly:
		return "monthly 1st"
	}
	return "daily"
}

func (e *often) cron() (string, error) {
	if e.bare && e.half == "" || e.half != "" && (!e.timed || e.hour > 12) {
		return "", bot.UserError(bot.Say("In the morning or in the evening? For example: {morning} or {evening}", comes(e.when()+" 9:00"), comes(e.when()+" 21:00")))
	}
	switch {
	case e.half == "pm" && e.hour < 12:
		e.hour += 12
	case e.half == "am" && e.hour == 12:
		e.hour = 0
	}
	switch {
	case e.day == 0 && e.monthly:
		return "", bot.UserError(bot.Say("On which day of the month? For example: {example}", comes("monthly 1st 10:00")))
	case !e.timed && (e.daily || e.day > 0 || len(e.days) > 0):
		return "", bot.UserError(bot.Say("At what time of day? For example: {example}", comes(e.when()+" 10:00")))
	case !e.daily && e.day == 0 && len(e.days) == 0:
		return "", bot.UserError(bot.Say("On which days? For example {daily}, {weekdays} or {monday}.", comes("daily 10:00"), comes("weekdays 10:00"), comes("Mon 10:00")))
	case e.day > 0 && len(e.days) > 0, e.daily && (e.day > 0 || len(e.days) > 0):
		return "", bot.UserError(bot.Say("Those days are of two kinds. Say one of them, for example {weekdays} or {monthly}.", comes("weekdays 10:00"), comes("monthly 1st 10:00")))
	}
	month, week := "*", "*"
	if e.day > 0 {
		month = strconv.Itoa(e.day)
	}
	if len(e.days) > 0 {
		slices.Sort(e.days)
		var names []string
		for _, d := range slices.Compact(e.days) {
			names = append(names, strconv.Itoa(d))
		}
		week = strings.Join(names, ",")
	}
	return fmt.Sprintf("%d %d %s * %s", e.minute, e.hour, month, week), nil
}

var chineseOften = []struct {
	said *regexp.Regexp
	in   string
}{
	{regexp.MustCompile(`每?个?工作日`), " weekdays "},
	{regexp.MustCompile(`每?个?周末`), " weekends "},
	{regexp.MustCompile(`每[天日]`), " daily "},
	{regexp.MustCompile(`每个?月的?(\d+)[号日]`), " monthly $1 "},
	{regexp.MustCompile(`每个?月`), " monthly "},
	{regexp.MustCompile(`\s*[到至]\s*`), "-"},
	{regexp.MustCompile(`[、和]`), ","},
	{regexp.MustCompile(`每个?(周|星期|礼拜)`), "$1"},
	{regexp.MustCompile(`(周|星期|礼拜)(\s|$)`), " "}, // 每周 alone, as weekly
}

// monthDay is a day of the month in Chinese numerals, 二十一号, and tens are those above
// twelve as digits.
var (
	monthDay = regexp.MustCompile(`[一二三四五六七八九十]+[号日]`)
	tens     = strings.NewReplacer("二十号", "20号", "二十日", "20日", "三十号", "30号", "三十日", "30日", "三十", "3", "二十", "2",
		"十三", "13", "十四", "14", "十五", "15", "十六", "16", "十七", "17", "十八", "18", "十九", "19")
)

// alsoDay is a day of the week that stands behind another: 周一,四.
var alsoDay = regexp.MustCompile(`((?:周|星期|礼拜)[一二三四五六日天])([,\-])([一二三四五六日天])`)

// everyInEnglish is a recurring time that was typed in Chinese as it would be typed in
// English; any other as it is.
func everyInEnglish(s string) string {
	s = monthDay.ReplaceAllStringFunc(s, func(day string) string {
		return digits.Replace(tens.Replace(day))
	})
	for _, c := range chineseOften {
		s = c.said.ReplaceAllString(s, c.in)
	}
	for alsoDay.MatchString(s) {
		s = alsoDay.ReplaceAllString(s, "${1}${2}周${3}")
	}
	s = inEnglish(s)
	return besideComma.ReplaceAllString(s, "$1")
}

var besideComma = regexp.MustCompile(`\s*([,\-])\s*`)
