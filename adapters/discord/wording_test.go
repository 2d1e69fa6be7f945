package discord

import (
	"regexp"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

// What the bot says of its commands can be typed, and pasted, on Discord.
func TestWordingOfCommands(t *testing.T) {
	for _, tt := range []struct{ said, everyone, adminsOnly string }{
		{"/tastetest start kestrel nova pack=humour rounds=10",
			"/tastetest start model:kestrel against:nova pack:humour rounds:10",
			"/tastetest-admin start model:kestrel against:nova pack:humour rounds:10"},
		{`For example: /tastetest extend 7 until="Fri 17:00"`,
			"For example: /tastetest extend tasting:7 until:Fri 17:00",
			"For example: /tastetest-admin extend tasting:7 until:Fri 17:00"},
		{"There is no taste test 9 here. /tastetest results shows the newest.",
			"There is no taste test 9 here. /tastetest results shows the newest.",
			"There is no taste test 9 here. /tastetest results shows the newest."},
		{"it was revealed. /tastetest results 9 shows it.",
			"it was revealed. /tastetest results tasting:9 shows it.",
			"it was revealed. /tastetest results tasting:9 shows it."},
		{"/tastetest start begins a new one.", "/tastetest start begins a new one.", "/tastetest-admin start begins a new one."},
		{"Type /tastetest help.\nOr /tastetest help start", "Type /tastetest help.\nOr /tastetest help command:start", "Type /tastetest help.\nOr /tastetest help command:start"},
		{"/tastetest packs humour", "/tastetest packs pack:humour", "/tastetest packs pack:humour"},
		{"“pack=” needs a value. For example: pack=humour", "“pack:” needs a value. For example: pack:humour", "“pack:” needs a value. For example: pack:humour"},
		{"I do not understand “prompt=3” there.", "I do not understand “prompt=3” there.", "I do not understand “prompt=3” there."},
		{"I know no model “/tastetest close 7”. Try pack=humour or “rounds=ten”, until=2h.",
			"I know no model “/tastetest close 7”. Try pack:humour or “rounds=ten”, until:2h.",
			"I know no model “/tastetest close 7”. Try pack:humour or “rounds=ten”, until:2h."},
		{"I do not know ballot=privat. Did you mean ballot=private?", "I do not know ballot:privat. Did you mean ballot:private?", "I do not know ballot:privat. Did you mean ballot:private?"},
		{"Type /tastetest close \nthen", "Type /tastetest close \nthen", "Type /tastetest-admin close \nthen"},
		{"x=1 stays, and so does /etc/tastetest start", "x=1 stays, and so does /etc/tastetest start", "x=1 stays, and so does /etc/tastetest start"},
	} {
		for adminsOnly, want := range map[bool]string{false: tt.everyone, true: tt.adminsOnly} {
			o := Options{AdminsOnly: adminsOnly}
			if got := o.wording(bot.Notice{Text: bot.Literal(tt.said)}).(bot.Notice).Text; got.String() != want {
				t.Errorf("AdminsOnly %v: %q\nis said as %q,\nnot as     %q", adminsOnly, tt.said, got, want)
			}
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
				said := o.spoken(spec.Example.String())
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
