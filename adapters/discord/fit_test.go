package discord_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// Whatever stands in its texts, Discord takes every post: the fake enforces
// its limits. Both answers always take the same form.
func TestEverythingFits(t *testing.T) {
	t.Parallel()
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
	ann := f.Join("Ann")
	for i, x := range texts {
		if testing.Short() && i%3 != 0 {
			continue
		}
		many := bot.Literals([]string{x, x, x, x, x})
		b := bot.Button{ID: "12/status", Label: bot.Literal(x + "!"), Confirm: bot.Literal(x)}
		side := bot.RevealSide{Emoji: "🅰️", Model: bot.Verbatim(x), Text: bot.Verbatim(x), Facts: bot.Literal(x)}
		bars := []bot.Bar{{Label: bot.Literal(x), Count: 5, Percent: 50}, {Label: bot.Literal(x), Count: 5, Percent: 50}}
		reveal := bot.Reveal{Round: tasting(12).Round(1), Title: bot.Literal(x), Prompt: bot.Verbatim(x), Sides: [2]bot.RevealSide{side, side}, Bars: bars, Summary: bot.Literal(x), Verdict: bot.Literal(x), Notes: many, Answer: bot.Verbatim(x), Details: many}
		posts := map[string]bot.Post{
			"head":         bot.Head{Tasting: tasting(12), Question: bot.Literal(x), Intro: bot.Literal(x), Progress: bot.Literal(x), Privacy: bot.Literal(x), Details: many, Menu: []bot.Button{b}},
			"ballot":       bot.Ballot{Round: tasting(12).Round(1), Title: bot.Literal(x), Prompt: bot.Verbatim(x), Left: bot.Verbatim(x), Right: "short", Legend: bot.Literal(x), Progress: bot.Literal(x), Privacy: bot.Literal(x), Note: bot.Literal(x), Details: many, Menu: []bot.Button{b}},
			"reveal":       reveal,
			"announcement": bot.Announcement{Tasting: tasting(12), Title: bot.Literal(x), Question: bot.Literal(x), Bars: bars, Summary: bot.Literal(x), Base: bot.Literal(x), Verdict: many, Cost: bot.Literal(x), Notes: many, Finding: bot.Literal(x), Choose: bot.Literal(x), Next: bot.Literal(x), Again: samples.Announcement.Again, Buttons: samples.Announcement.Buttons, Rounds: []bot.Reveal{reveal}, Details: many, Proof: bot.Verbatim(x)},
			"standings":    bot.Standings{Title: bot.Literal(x), Base: bot.Literal(x), Rows: []bot.Standing{{Model: bot.Verbatim(x), Rank: bot.Verbatim(x), BothBad: bot.Literal(x), Cost: bot.Literal(x), Pace: bot.Literal(x)}}, Notes: many, Details: many},
			"list":         bot.Notice{Title: bot.Literal(x), Text: bot.Literal(x)},
			"notice":       bot.Notice{Title: bot.Literal(x), Text: bot.Literal(x), Code: bot.Literal(x), Buttons: []bot.Button{{ID: "help", Label: bot.Literal(x + "!")}}},
		}
		for kind, p := range posts {
			if notice, ok := p.(bot.Notice); ok && notice.Title.String()+notice.Text.String()+notice.Code.String() == "" {
				continue
			}
			if _, err := c.Post(t.Context(), taste, bot.PostKey{Tasting: tasting(uint64(i + 1)), What: kind}, time.Time{}, p); err != nil {
				t.Errorf("%s of %.60q: %v", kind, x, err)
			}
		}
		for _, p := range []bot.Post{
			bot.Seat{Round: tasting(12).Round(1), Title: bot.Literal(x), Question: bot.Literal(x), Prompt: bot.Verbatim(x), Left: bot.Verbatim(x), Right: "short", Note: bot.Literal(x), Buttons: samples.Seat.Buttons, Nav: samples.Seat.Nav},
			posts["announcement"], posts["standings"],
		} {
			h.read(func() { h.reply = bot.Reply{Post: p} })
			if x := f.Slash(t, tasteID, ann, "status"); x.Kind != 4 {
				t.Errorf("%T of %.60q is answered with %v", p, texts[i], x)
			}
		}
	}
}

// A reveal shows answers as whole as the ballot did, with what it adds.
func TestRevealCutsNoAnswer(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	c := f.chat(t)
	for n := 3900; n < 4110; n += 5 {
		r := samples.Reveal
		r.Prompt, r.Sides[0].Text, r.Sides[1].Text = "Hi", bot.Verbatim(strings.Repeat("x", n-3)+"end"), "Short."
		ref, err := c.Post(t.Context(), taste, bot.PostKey{Tasting: tasting(uint64(n)), Round: 1, What: "ballot"}, time.Time{}, r)
		if err != nil {
			t.Fatal(err)
		}
		m, _ := f.Said.Message(tasteID, ref.Message)
		said := strings.Join(descriptions(t, m.Payload), "\n")
		for _, p := range f.Said.Messages(ref.Message) {
			said += strings.Join(descriptions(t, p.Payload), "\n")
		}
		if !strings.Contains(said, "xend") || !strings.Contains(said, r.Sides[0].Facts.String()) {
			t.Errorf("an answer of %d characters is cut, or its facts are", n)
		}
	}
}

// A pack's forty prompts are longer than one description may be, and all are read.
func TestLongNoticeIsNotCut(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	c := f.chat(t)
	for n := uint64(3900); n < 5900; n += 250 {
		lines := strings.Repeat("· a prompt of fifty characters, give or take few\n", int(n)/50)
		ref, err := c.Post(t.Context(), taste, bot.PostKey{Tasting: tasting(n), What: "notice"}, time.Time{}, bot.Notice{Title: bot.Literal("Humour"), Text: bot.Literal(lines + "the end")})
		if err != nil {
			t.Fatal(err)
		}
		m, _ := f.Said.Message(tasteID, ref.Message)
		said := strings.Join(descriptions(t, m.Payload), "\n")
		if got, want := strings.Count(said, "a prompt"), int(n)/50; got != want || !strings.HasSuffix(said, "the end") {
			t.Errorf("of %d lines with %d characters %d are shown, and last %.20q", want, n, got, said[len(said)-20:])
		}
	}
}

// As much of everything as the bot takes goes through: 20 rounds of long
// prompts and answers, in signs that count double, and more models with longer
// names than Discord's lists hold.
func TestExtremeTasting(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ballot       string
		rounds, size int
	}{{"reaction", 2, 1500}, {"reaction", 20, 10}, {"private", 20, 100}} {
		t.Run(fmt.Sprint(tt), func(t *testing.T) {
			if testing.Short() && tt.rounds == 20 {
				t.Skip("twenty rounds of the longest texts: run without -short")
			}
			t.Parallel()
			logged := &adaptertest.Logs{}
			s := newStage(t, logged)
			s.stop()
			for i := range 30 {
				s.names = append(s.names, fmt.Sprintf("%d%s", i+10, strings.Repeat("𠮷", 38)))
			}
			s.words = [2]string{strings.Repeat("**𠮷** `code` 👩‍👩‍👧‍👦 ", tt.size), strings.Repeat("| a | b |\n|---|---|\n| x | y |\n\n> - deep\n>   ```\n>   @everyone\n>   ```\n\n", tt.size/5)}
			s.begin()
			if x := s.Slash(t, tasteID, s.boss, "start"); x.Kind != 9 {
				t.Errorf("the form of 30 models: %v", x)
			}
			var prompts strings.Builder
			prompts.WriteString("prompt\n")
			for i := range tt.rounds {
				fmt.Fprintf(&prompts, "%d%s\n", i+10, strings.Repeat("*👩‍👩‍👧‍👦*_", tt.size/2))
			}
			s.start(str("model", s.names[0]), str("against", s.names[1]), str("ballot", tt.ballot), str("question", strings.Repeat("👩‍👩‍👧‍👦", 45)),
				discordfake.Input{Name: "file", Type: 11, Value: s.Upload([]byte(prompts.String()))})
			s.state(1, bot.Open)
			head := s.post("1/head")
			if tt.ballot == "private" {
				for _, name := range []string{"Ann", "Bob", "Cy"} {
					user := s.Join(name)
					x := s.Press(t, tasteID, head.ID, user, "1/taste")
					for range tt.rounds {
						x = s.Press(t, tasteID, x.Original, user, chosen(t, x.Data, "🅰️"))
					}
					if !strings.Contains(string(x.Data), "You have tasted all 20 rounds") {
						t.Errorf("after the last tap: %v", x)
					}
				}
			}
			s.closeIt(head, 1)
			s.state(1, bot.Revealed)
			a := s.post("1/announcement")
			for n := 1; n <= tt.rounds; n++ {
				s.Press(t, tasteID, a.ID, s.boss, fmt.Sprintf("1/results:round:%d", n))
			}
			for _, command := range []string{"models", "standings", "results", "packs", "me", "help"} {
				s.Slash(t, tasteID, s.boss, command)
			}
			if text := logged.String(); strings.Contains(text, "the fake refuses") || strings.Contains(text, "level=ERROR") || strings.Contains(text, "level=WARN") {
				t.Errorf("not everything went well:\n%.3000s", text)
			}
		})
	}
}
