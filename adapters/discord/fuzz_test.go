package discord

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

// mention is what Discord would make a mention of, wherever it stands outside of code.
var mention = regexp.MustCompile(`(?i)(^|[^\\])(@everyone|@here|<(@[!&]?|#|a?:\w+:|/[\w ]+:|t:)\d+)`)

// Whatever a model writes stays text, and within what Discord takes.
func FuzzMarkdown(f *testing.F) {
	for _, x := range adaptertest.Hostile {
		f.Add(x.Text)
	}
	f.Add("# a\n\n| b | c |\n|---|---|\n| 1 | 2 |\n\n- x\n  1. y\n> z\n```go\n<@1>\n```\n||s||")
	f.Fuzz(func(t *testing.T, said string) {
		md := markdown(said)
		if !utf8.ValidString(md) {
			t.Fatalf("%q becomes %q, which is no text", said, md)
		}
		if !strings.Contains(md, "`") {
			if m := mention.FindString(md); m != "" {
				t.Fatalf("%q becomes %q, with the mention %q", said, md, m)
			}
		}
		w := Options{}.tongue(bot.Notice{})
		l := w.render(bot.Ballot{Title: bot.Say("Details"), Prompt: bot.Verbatim(said), Left: bot.Verbatim(said), Right: "b", State: bot.Open}, "7.3/ballot")
		for _, m := range append([]message{l.Main}, l.Parts...) {
			total := 0
			for _, e := range m.Embeds {
				if length(e.Description) > mostDescription || length(e.Title) > mostTitle {
					t.Fatalf("%q makes an embed of %d characters", said, length(e.Description))
				}
				total += length(e.Title) + length(e.Description)
			}
			if total > mostEmbeds {
				t.Fatalf("%q makes a message of %d characters", said, total)
			}
		}
	})
}

// An interaction, whatever it claims, is taken apart without falling over.
func FuzzInteraction(f *testing.F) {
	f.Add([]byte(`{"id":"1","type":2,"guild_id":"2","channel_id":"3","member":{"user":{"id":"4"}},"data":{"name":"tastetest","options":[{"name":"start","type":1,"options":[{"name":"model","type":3,"value":"kestrel"},{"name":"rounds","type":4,"value":10,"focused":true}]}]}}`))
	f.Add([]byte(`{"id":"99999999999999999999","type":3,"data":{"custom_id":"menu","values":["7/close"]},"message":{"components":[{"type":1,"components":[{"type":3,"options":[{"value":"7/close","description":"?"}]}]}]}}`))
	f.Add([]byte(`{"type":5,"data":{"custom_id":"start","components":[{"type":18,"component":{"type":4,"custom_id":"a","value":"b"}},{"component":{"values":["x"]}}]}}`))
	f.Add([]byte(`{"id":"-1","data":{"options":[{"options":[{"value":{"a":1}}]},{}]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var i interaction
		if json.Unmarshal(raw, &i) != nil {
			return
		}
		i.made()
		i.bucket()
		if _, _, n, ok := splitView(i.Data.ID); ok && n < 0 {
			t.Fatalf("%q is page %d of a result", i.Data.ID, n)
		}
		chosen(i.Message.Components, i.Data.ID)
		before, word, key := beingTyped(i.Data.Options)
		if !strings.HasPrefix(word, key) {
			t.Fatalf("of %s what is typed is %q, and its option %q (after %q)", raw, word, key, before)
		}
		commandText(i.Data.Options)
	})
}
