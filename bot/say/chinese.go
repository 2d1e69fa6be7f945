package say

import (
	"fmt"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// draft marks a sentence that has no Chinese yet. A post with one is English as a
// whole, and no release is made with one.
const draft = ""

// tables are the Chinese wordings by their English keys, a table an area.
var tables = []map[string]string{
	chineseChats,
	chineseCommand,
	chineseCompose,
	chineseDigest,
	chineseFurther,
	chineseLost,
	chineseRelay,
	chineseRemind,
	chineseEngine,
	chineseFiles,
	chineseGate,
	chineseMeant,
	chineseModels,
	chinesePage,
	chinesePeople,
	chineseRemove,
	chineseResults,
	chineseReveal,
	chineseSchedule,
	chineseStandings,
	chineseSteady,
	chineseTables,
	chineseUploads,
	chineseVerdict,
	chineseWeb,
}

// renamings are the keys of today of sentences that were stored under an earlier
// wording, by it. The arguments keep their names and their order.
type renamings map[string]string

// renamed are those of this program: add one when a sentence that is stored changes
// its English.
var renamed = renamings{}

// current is the wording of today for a key that may be stored.
func (r renamings) current(key string) string {
	if now, ok := r[key]; ok {
		return now
	}
	return key
}

// inChinese is the Chinese wording of a key of today; false if there is none.
func inChinese(key string) (string, bool) {
	for _, t := range tables {
		if zh, ok := t[key]; ok {
			return zh, zh != draft
		}
	}
	return "", !lettered(key)
}

// lettered reports whether a key has words of its own: "{emoji} {means}" has none.
func lettered(key string) bool {
	for key != "" {
		before, rest, _ := strings.Cut(key, "{")
		if strings.ContainsFunc(before, func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }) {
			return true
		}
		inside, after, closed := strings.Cut(rest, "}")
		if !closed {
			return false
		}
		if strings.ContainsAny(inside, "|?") {
			return true
		}
		key = after
	}
	return false
}

// quantity writes money and durations in Chinese.
func quantity(a bot.Arg) string {
	switch a := a.(type) {
	case bot.Money:
		return strings.Replace(strings.Replace(a.String(), "under ", "不到 ", 1), "$", "", 1) + " 美元"
	case bot.Cost:
		switch {
		case !a.Known:
			return "费用不详"
		case a.Pico == 0:
			return "本地运行，没有费用"
		}
		return quantity(bot.Money(a.Pico))
	case bot.Pace:
		return fmt.Sprintf("%.1f 秒", time.Duration(a).Seconds())
	case bot.Lasting:
		switch days, hours, minutes := a.Units(); {
		case days > 0:
			return fmt.Sprintf("%d 天", days)
		case hours > 0:
			return fmt.Sprintf("%d 小时", hours)
		default:
			return fmt.Sprintf("%d 分钟", minutes)
		}
	}
	return a.String()
}

var weekdays = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

// clock writes a time: the hour on the same day, with the weekday within six days,
// with the date beyond.
func clock(t, now time.Time, lang bot.Lang) string {
	if lang != bot.Zh {
		return bot.Moment(t).String()
	}
	day := weekdays[t.Weekday()]
	switch {
	case t.YearDay() == now.YearDay() && t.Year() == now.Year():
		return t.Format("15:04")
	case t.Sub(now).Abs() < 6*24*time.Hour:
		return day + " " + t.Format("15:04")
	}
	return fmt.Sprintf("%d月%d日（%s）%s", t.Month(), t.Day(), day, t.Format("15:04"))
}
