package discord_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

// Whatever stands in its texts, Discord takes every post: the fake enforces
// its limits. Both answers always take the same form.
func TestEverythingFits(t *testing.T) {
	texts := slices.Clone(hostile)
	for _, x := range adaptertest.Odd {
		texts = append(texts, x.Text)
	}
	texts = append(texts, strings.Repeat("👩‍👩‍👧‍👦", 3000), strings.Repeat("好", 9000), strings.Repeat(`\`, 9000), strings.Repeat("`", 9000),
		strings.Repeat("```\ncode\n```\n", 900), strings.Repeat("**bold** [a](b)\n", 900), strings.Repeat("* a\n  * b\n", 900), strings.Repeat("| a | b |\n", 900))
	f := newFake(t, logger(t))
	c := f.chat(t)
	h := &recorder{}
	adaptertest.Start(t, c, h)
	ann := f.join("Ann")
	for i, x := range texts {
		many := []string{x, x, x, x, x}
		b := bot.Button{ID: "12/status", Label: x + "!", Confirm: x}
		side := bot.RevealSide{Emoji: "🅰️", Model: x, Text: x, Facts: x}
		bars := []bot.Bar{{Label: x, Count: 5, Percent: 50}, {Label: x, Count: 5, Percent: 50}}
		reveal := bot.Reveal{Round: tasting(12).Round(1), Title: x, Prompt: x, Sides: [2]bot.RevealSide{side, side}, Bars: bars, Summary: x, Verdict: x, Notes: many, Answer: x, Details: many}
		posts := map[string]bot.Post{
			"head":         bot.Head{Tasting: tasting(12), Question: x, Intro: x, Progress: x, Privacy: x, Details: many, Menu: []bot.Button{b}},
			"ballot":       bot.Ballot{Round: tasting(12).Round(1), Title: x, Prompt: x, Left: x, Right: "short", Legend: x, Progress: x, Privacy: x, Note: x, Details: many, Menu: []bot.Button{b}},
			"reveal":       reveal,
			"announcement": bot.Announcement{Tasting: tasting(12), Title: x, Question: x, Bars: bars, Summary: x, Base: x, Verdict: many, Cost: x, Notes: many, Next: x, Rounds: []bot.Reveal{reveal}, Details: many, Proof: x},
			"standings":    bot.Standings{Title: x, Base: x, Rows: []bot.Standing{{Model: x, Rank: x, BothBad: x, Cost: x, Pace: x}}, Notes: many, Details: many},
			"notice":       bot.Notice{Title: x, Text: x, Code: x, Buttons: []bot.Button{{ID: "help", Label: x + "!"}}},
		}
		for kind, p := range posts {
			if notice, ok := p.(bot.Notice); ok && notice.Title+notice.Text+notice.Code == "" {
				continue
			}
			if _, err := c.Post(t.Context(), taste, bot.PostKey{Tasting: tasting(uint64(i + 1)), What: kind}, time.Time{}, p); err != nil {
				t.Errorf("%s of %.60q: %v", kind, x, err)
			}
		}
		for _, p := range []bot.Post{
			bot.Seat{Round: tasting(12).Round(1), Title: x, Prompt: x, Left: x, Right: "short", Note: x, Buttons: samples.Seat.Buttons, Nav: samples.Seat.Nav},
			posts["announcement"], posts["standings"],
		} {
			h.read(func() { h.reply = bot.Reply{Post: p} })
			if x := f.slash(t, tasteID, ann, "status"); x.kind != 4 {
				t.Errorf("%T of %.60q is answered with %v", p, texts[i], x)
			}
		}
	}
}
