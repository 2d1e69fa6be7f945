package say

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

// typed is an example of a command or of one of its options, as help gives it.
func typed(c command.Spec, u bot.Usage, lang bot.Lang) string {
	said := strings.TrimPrefix(Spelled(u, lang), "/tastetest ")
	if u.Command == "" {
		said = Called(c.Name, lang) + " " + said
	}
	return said
}

// Every example that help gives is understood in either language, and means the same.
// Chinese ones have a word of another language only where that is a name, or stands in
// a list to choose from.
func TestExamplesAreUnderstood(t *testing.T) {
	english := regexp.MustCompile(`(?i)\b(start|mon|tue|wed|thu|fri|sat|sun|weekdays|now|bo|the|words|you|which)\b[^=]`)
	for _, c := range command.Table() {
		examples := []bot.Usage{c.Example, {Command: c.Name}}
		for _, o := range c.Options {
			examples = append(examples, o.Example)
		}
		for _, u := range examples {
			en, zh := typed(c, u, bot.En), typed(c, u, bot.Zh)
			a, err := command.Parse(en, command.Examples{})
			b, errZh := command.Parse(zh, command.Examples{})
			if err != nil || errZh != nil || a.Spec.Name != c.Name || b.Spec.Name != c.Name || len(a.Args) != len(b.Args) {
				t.Errorf("%s: %v, %s: %v", en, err, zh, errZh)
				continue
			}
			if english.MatchString(zh + " ") {
				t.Errorf("in Chinese the example is %s", zh)
			}
			for name, value := range a.Opts {
				o, _ := c.Option(name)
				same(t, c, o, value, b.Opts[name])
			}
			if c.Name == "help" && len(a.Args) > 0 {
				x, _ := command.Called(a.Args[0])
				if y, ok := command.Called(b.Args[0]); !ok || x.Name != y.Name {
					t.Errorf("%s is about %q, and %s about %q", en, x.Name, zh, y.Name)
				}
			} else if !slices.Equal(a.Args, b.Args) {
				t.Errorf("%s names %q, and %s %q", en, a.Args, zh, b.Args)
			}
		}
	}
}

// same checks that the values of an option in two languages are understood and mean
// the same.
func same(t *testing.T, c command.Spec, o command.Option, en, zh string) {
	t.Helper()
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	switch {
	case o.Type == command.TimeValue:
		a, err := command.When(en, now)
		b, errZh := command.When(zh, now)
		if err != nil || errZh != nil || !a.Equal(b) {
			t.Errorf("%s %s=%q is %v, %v; %q is %v, %v", c.Name, o.Name, en, a, err, zh, b, errZh)
		}
	case o.Name == "when" || o.Name == "digest":
		a, err := command.Every(en)
		b, errZh := command.Every(zh)
		if err != nil || errZh != nil || a != b {
			t.Errorf("%s %s=%q is %v, %v; %q is %v, %v", c.Name, o.Name, en, a, err, zh, b, errZh)
		}
	case o.Type == command.TextValue && strings.Contains(en, " ") && o.Name != "voters":
		if !strings.ContainsFunc(zh, func(r rune) bool { return r > 0x2e80 }) {
			t.Errorf("%s %s=%q is no Chinese text", c.Name, o.Name, zh)
		}
	case en != zh:
		t.Errorf("%s %s=%q became %q", c.Name, o.Name, en, zh)
	}
}

// The times that errors name as examples mean the same in either language.
func TestTimesAreUnderstood(t *testing.T) {
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	for en, want := range map[string]string{"Thu 17:00": "周四 17:00", "next Fri 17:00": "下周五 17:00", "17:00": "17:00", "2h": "2小时", "7d": "7天", "30m": "30分钟", "Thu": "周四"} {
		zh := chineseWhen(en)
		a, err := command.When(en, now)
		b, errZh := command.When(zh, now)
		if zh != want || err != nil || errZh != nil || !a.Equal(b) {
			t.Errorf("%q is %v, %v; %q is %v, %v, want %q", en, a, err, zh, b, errZh, want)
		}
	}
	for en, want := range map[string]string{"weekdays 10:00": "工作日 10:00", "daily 9:30": "每天 9:30", "Mon,Thu 14:00": "周一、周四 14:00", "monthly 1st 10:00": "每月1号 10:00", "Monday 9:00": "周一 9:00", "weekends 21:00": "周末 21:00"} {
		zh := (Words{Voice: bot.Voice{Lang: bot.Zh}}).Text(bot.Say("{usage}", bot.Usage{Words: []string{en}}))
		a, err := command.Every(en)
		b, errZh := command.Every(zh)
		if zh != want || err != nil || errZh != nil || a != b {
			t.Errorf("%q is %v, %v; %q is %v, %v, want %q", en, a, err, zh, b, errZh, want)
		}
	}
	for _, typed := range []string{"bald um drei", "mon 17:00", "know", "Mon-Fri 9:00"} {
		if got := chineseWhen(typed); got != typed {
			t.Errorf("what somebody typed, %q, became %q", typed, got)
		}
	}
}
