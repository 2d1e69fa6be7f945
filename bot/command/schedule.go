package command

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// scheduleOf is the command that starts tastings by itself, by the options of start
// that make sense again and again: prompts of one's own would be the same each time,
// and people are not invited by name for good.
func scheduleOf(all []Spec) Spec {
	start := all[slices.IndexFunc(all, func(c Spec) bool { return c.Name == "start" })]
	of := func(name string) Option {
		o, ok := start.Option(name)
		if !ok {
			panic("start has no option " + name)
		}
		return o
	}
	number := func(name string, help bot.Sentence) Option {
		return Option{Name: name, Type: NumberValue, Help: help, Example: use(name + "=2")}
	}
	return Spec{Name: "schedule", Group: SetUp, Help: bot.Say("tests that start by themselves; alone it lists them"), Who: Schedulers, Models: true,
		Example: use(`schedule kestrel nova when="weekdays 10:00" rounds=1`),
		Options: []Option{
			{Name: "when", Type: TextValue, Help: bot.Say("days and a time of day: weekdays 10:00, daily 9:30, Mon,Thu 14:00, monthly 1st 10:00, or five fields of cron"), Example: use(`when="weekdays 10:00"`)},
			of("pack"),
			{Name: "rounds", Type: NumberValue, Help: bot.Say("1: a round each time, several of which are one test; more: each time a whole test"), Example: use("rounds=1")},
			{Name: "block", Type: NumberValue, Help: bot.Say("with rounds=1: how many times make one test, whose models are revealed at its end; 5 if you say nothing"), Example: use("block=5")},
			of("until"), of("ballot"), of("system"), of("question"), of("judges"), of("voters"),
			number("pause", bot.Say("the number of a schedule that is to stop for now")),
			number("resume", bot.Say("the number of one that is to go on; whoever says so starts its tests from then on")),
			number("skip", bot.Say("the number of one whose next time is left out")),
			number("remove", bot.Say("the number of one that is to go")),
		}}
}

// ScheduleActions are the options of schedule that name one of a channel's schedules.
func ScheduleActions() []string { return []string{"pause", "resume", "skip", "remove"} }

var chineseActions = map[string]string{"暂停": "pause", "恢复": "resume", "继续": "resume", "跳过": "skip", "删除": "remove", "移除": "remove", "stop": "pause", "delete": "remove"}

var isStart = regexp.MustCompile(`(?i)^/?(start|开始)$`)

// spelledOut makes options of what may be typed without: in "schedule weekdays 10:00
// start kestrel nova" all before start is when=, "schedule pause 2" is pause=2, and
// "start kestrel nova every=Mon" is a schedule. Other commands stay as they are.
func spelledOut(c Spec, words []string) (Spec, []string, error) {
	i := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(strings.ToLower(strings.TrimLeft(w, "-")), "every=") })
	if c.Name == "start" && i > 0 {
		_, when, _ := strings.Cut(words[i], "=")
		spec, _ := Called("schedule")
		return spec, slices.Concat([]string{"schedule", "when=" + when}, words[1:i], words[i+1:]), nil
	}
	if c.Name != "schedule" || len(words) == 1 {
		return c, words, nil
	}
	if at := slices.IndexFunc(words[1:], isStart.MatchString); at > 0 {
		when := strings.Join(words[1:1+at], " ")
		return c, slices.Concat([]string{words[0], "when=" + strings.TrimPrefix(when, "when=")}, words[at+2:]), nil
	}
	action := strings.ToLower(words[1])
	if english, ok := chineseActions[action]; ok {
		action = english
	}
	switch {
	case slices.Contains(ScheduleActions(), action) && len(words) > 2:
		return c, slices.Concat([]string{words[0], action + "=" + strings.TrimPrefix(words[2], "#")}, words[3:]), nil
	case slices.Contains(ScheduleActions(), action):
		return c, nil, bot.UserError(bot.Say("Which one? For example: {example}. To see them: {list}", bot.Usage{Command: "schedule", Options: []bot.Setting{{Name: action, Value: "2"}}}, bot.Usage{Command: "schedule"}))
	case slices.ContainsFunc(words[1:], func(w string) bool { return strings.Contains(w, "=") }):
		return c, words, nil
	}
	return c, nil, bot.UserError(bot.Say("“{typed}” does not say what is to start. For example: {example}", bot.Verbatim(text.Clip(strings.Join(words[1:], " "))), c.Example))
}

// Words are the words of a command that is being typed, as the parser takes them:
// quotes hold together, and the time of a schedule is one.
func Words(typed string) []string {
	words, err := split(typed)
	if err != nil {
		return strings.Fields(typed) // a quote is still open
	}
	if len(words) == 0 {
		return nil
	}
	if c, ok := Called(words[0]); ok {
		if _, meant, err := spelledOut(c, words); err == nil {
			return meant
		}
	}
	return words
}
