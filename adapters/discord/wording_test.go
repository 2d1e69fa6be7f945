package discord

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

// What the bot says of its commands can be typed, and pasted, on Discord.
func TestWordingOfCommands(t *testing.T) {
	use := func(command string, words []string, options ...bot.Setting) bot.Usage {
		return bot.Usage{Command: command, Words: words, Options: options}
	}
	for _, tt := range []struct {
		said                 bot.Usage
		everyone, adminsOnly string
	}{
		{use("start", []string{"kestrel", "nova"}, bot.Setting{Name: "pack", Value: "humour"}, bot.Setting{Name: "rounds", Value: "10"}),
			"/tastetest start model:kestrel against:nova pack:humour rounds:10",
			"/tastetest-admin start model:kestrel against:nova pack:humour rounds:10"},
		{use("extend", []string{"7"}, bot.Setting{Name: "until", Value: "Fri 17:00"}),
			"/tastetest extend tasting:7 until:Fri 17:00",
			"/tastetest-admin extend tasting:7 until:Fri 17:00"},
		{use("results", nil), "/tastetest results", "/tastetest results"},
		{use("help", []string{"start"}), "/tastetest help command:start", "/tastetest help command:start"},
		{use("packs", []string{"humour"}), "/tastetest packs pack:humour", "/tastetest packs pack:humour"},
		{use("", nil, bot.Setting{Name: "pack"}), "pack:", "pack:"},
		{use("", nil, bot.Setting{Name: "ballot", Value: "private"}), "ballot:private", "ballot:private"},
	} {
		for adminsOnly, want := range map[bool]string{false: tt.everyone, true: tt.adminsOnly} {
			o := Options{AdminsOnly: adminsOnly}
			if got := o.tongue(bot.Notice{}).Text(bot.Say("{usage}", tt.said)); got != want {
				t.Errorf("AdminsOnly %v: %q\nis said as %q,\nnot as     %q", adminsOnly, tt.said, got, want)
			}
		}
	}
	zh := Options{}.tongue(bot.Notice{Voice: bot.Voice{Lang: bot.Zh}, Text: bot.Say("To end it: {close}", use("close", []string{"7"}))})
	if got := zh.Text(bot.Say("{usage}", use("extend", []string{"7"}, bot.Setting{Name: "until", Value: "Fri 17:00"}))); got != "/tastetest 延长 场次:7 截止:周五 17:00" {
		t.Errorf("in Chinese it is %q", got)
	}
	if got := zh.Text(bot.Say("To end it: {close}", use("close", []string{"7"}))); got != "要结束：/tastetest 结束 场次:7" {
		t.Errorf("in Chinese it is %q", got)
	}
}

// Discord writes a time itself, from a digit on, in a sentence as in one that begins
// with its day: there is a space before it in Chinese.
func TestTimesInChinese(t *testing.T) {
	w := Options{}.tongue(bot.Notice{Voice: bot.Voice{Lang: bot.Zh, Zone: "UTC"}})
	for _, days := range []int{0, -2, -30} {
		at := time.Now().AddDate(0, 0, days)
		if got, want := w.text(bot.Say("revealed {when}", bot.Moment(at))), fmt.Sprintf("已于 <t:%d:f> 揭晓", at.Unix()); got != want {
			t.Errorf("%d days ago: %q, want %q", -days, got, want)
		}
	}
}

// Every example in the table of commands survives the way to Discord: each of
// its options is one that the command was registered with.
var spokenPair = regexp.MustCompile(` ([a-z]+):`)

func TestExamplesCanBeTyped(t *testing.T) {
	o := Options{AdminsOnly: true}
	for _, c := range o.commands() {
		for _, sub := range c.Options {
			known := map[string]bool{}
			for _, option := range sub.Options {
				known[option.Name] = true
			}
			for _, spec := range command.Table() {
				if spec.Name != sub.Name {
					continue
				}
				said := o.tongue(bot.Notice{}).Text(bot.Say("{usage}", spec.Example))
				if want := "/" + c.Name + " " + sub.Name; len(said) < len(want) || said[:len(want)] != want {
					t.Errorf("%s is said as %s, but registered as %s", spec.Example, said, want)
				}
				for _, m := range spokenPair.FindAllStringSubmatch(said, -1) {
					if !known[m[1]] {
						t.Errorf("%s has an option %s, which is not registered", said, m[1])
					}
				}
			}
		}
	}
}
