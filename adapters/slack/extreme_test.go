package slack_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// Of everything as much as there can be: Slack takes each post and each page,
// and all of an answer that is shown at all is there. (The fake refuses what is
// over Slack's limits, and fails the test.)
func TestExtremes(t *testing.T) {
	t.Parallel()
	for i, x := range extremes() {
		t.Run(x.name, func(t *testing.T) {
			if testing.Short() && i%3 != 0 {
				t.Skip("every third is enough for -short")
			}
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, h := worldInBubble(t, logger(t)), newPlayer()
				run(t, w, h)
				ann := w.Join(t, "Ann")
				fill := func(n int) string { return cut(strings.Repeat(x.text, n/len([]rune(x.text))+1), n) }
				// As the core cuts it, by characters as people see them.
				whole := text.Cut(strings.Repeat(x.text, 8000/uniseg.GraphemeClusterCount(x.text)+1), 7990) + " END OF IT"
				sides := [2]bot.RevealSide{
					{Emoji: "🅰️", Model: bot.Verbatim(fill(60)), Text: bot.Verbatim(whole), Facts: bot.Literal(fill(100))}, {Emoji: "🅱️", Model: bot.Verbatim(fill(60)), Text: bot.Verbatim(whole), Facts: bot.Literal(fill(100))},
				}
				ballot := samples.Ballot
				ballot.Title, ballot.Prompt, ballot.Left, ballot.Right = bot.Literal("Round 20 of 20 · "+fill(150)), bot.Verbatim(fill(4000)), bot.Verbatim(whole), bot.Verbatim(whole)
				ballot.Note = bot.Literal("Answers are shown up to 8,000 characters; the results have them whole.")
				ref, err := w.chat.Post(t.Context(), w.Place(), key(i*4+1, "ballot"), time.Time{}, ballot)
				if err != nil {
					t.Fatal(err)
				}
				if seen := w.Seen(t, ref, ann); strings.Count(seen, "END OF IT") != 2 {
					t.Errorf("the ballot has the end of %d answers, not of both", strings.Count(seen, "END OF IT"))
				}

				r := bot.Reveal{
					Title: ballot.Title, Prompt: ballot.Prompt, Sides: sides, Verdict: bot.Literal(fill(1000)), Answer: bot.Verbatim(fill(2000)),
					Bars: []bot.Bar{{Label: bot.Literal(fill(60)), Count: 999, Percent: 98}, {Label: bot.Literal(fill(60)), Count: 1, Percent: 2}, {Label: bot.Literal("equal")}, {Label: bot.Literal("both bad")}},
				}
				for range 12 {
					r.Notes, r.Details = append(r.Notes, bot.Literal(fill(400))), append(r.Details, bot.Literal(fill(400)))
				}
				if err := w.chat.Edit(t.Context(), ref, r); err != nil {
					t.Errorf("the reveal: %v", err)
				}
				// As long as a reveal can be with both answers in it.
				r.Prompt, r.Sides[0].Text, r.Sides[1].Text = bot.Verbatim(fill(400)), bot.Verbatim(fill(300)), bot.Verbatim(fill(300))
				if err := w.chat.Edit(t.Context(), ref, r); err != nil {
					t.Errorf("the reveal of short answers: %v", err)
				}
				r.Prompt, r.Sides[0].Text, r.Sides[1].Text = ballot.Prompt, bot.Verbatim(whole), bot.Verbatim(whole)

				head := samples.Head
				head.Question, head.Intro, head.Progress, head.Details = bot.Literal(fill(150)), bot.Literal(fill(400)), bot.Literal(fill(200)), nil
				for n := range 26 {
					head.Details = append(head.Details, bot.Literal(strings.ReplaceAll(samples.Ballot.Details[0].String(), "12.1", fmt.Sprint("12.", n+1))))
				}
				a := bot.Announcement{
					Tasting: twelve, Title: bot.Literal(fill(200)), Question: bot.Literal(fill(150)), Bars: r.Bars, Summary: bot.Literal(fill(300)), Base: bot.Literal(fill(100)),
					Cost: bot.Literal(fill(300)), Next: bot.Literal(fill(300)), Proof: bot.Verbatim(fill(20_000)),
					Finding: bot.Literal(fill(300)), Choose: bot.Literal(fill(200)), Again: samples.Announcement.Again, Buttons: samples.Announcement.Buttons,
				}
				s := bot.Standings{Title: bot.Literal(fill(100)), Base: bot.Literal(fill(100)), Legend: bot.Literal(fill(400)), Columns: samples.Standings.Columns}
				for range 26 {
					a.Rounds, a.Notes, a.Details, a.Verdict = append(a.Rounds, r), append(a.Notes, bot.Literal(fill(200))), append(a.Details, bot.Literal(fill(200))), append(a.Verdict, bot.Literal(fill(200)))
				}
				for range 60 {
					s.Rows = append(s.Rows, bot.Standing{Rank: "10–60", Model: bot.Verbatim(fill(60)), Beats: bot.Literal("61% (41 to 80)"), BothBad: bot.Literal("4%"), Cost: bot.Literal("$15.60"), Pace: bot.Literal("12.1 s"), Votes: 12345})
					s.Says, s.Notes, s.Details = append(s.Says, bot.Literal(fill(200))), append(s.Notes, bot.Literal(fill(200))), append(s.Details, bot.Literal(fill(300)))
				}
				n := bot.Notice{Title: bot.Literal(fill(1000)), Text: bot.Literal(fill(20_000)), Code: bot.Literal(fill(20_000))}
				for k := range 12 {
					n.Buttons = append(n.Buttons, bot.Button{ID: fmt.Sprint(k, "/status"), Label: bot.Literal(fill(200))})
				}
				for what, p := range map[string]bot.Post{"head": head, "announcement": a, "standings": s, "notice": n} {
					if _, err := w.chat.Post(t.Context(), w.Place(), key(i*4+2, what), time.Time{}, p); err != nil {
						t.Errorf("%s: %v", what, err)
					}
				}

				place := samples.Seat
				place.Title, place.Prompt, place.Left, place.Right, place.Note = bot.Literal(fill(100)), bot.Verbatim(fill(4000)), bot.Verbatim(whole), bot.Verbatim(whole), bot.Literal(fill(300))
				for what, reply := range map[string]bot.Reply{"seat": {Post: place}, "standings": {Post: s}, "notice": {Post: n}, "form": {Form: extremeForm(fill)}} {
					w.CloseModal(ann)
					h.answer(reply)
					shown := w.Slack.Press(ann, "CT1", "", "12/taste")
					most := utf8.RuneCountInString(whole) > 40_000 // too many for a modal: eleven runes a family
					if what == "seat" && strings.Count(shown, "END OF IT") != 2 && !most || shown == "" {
						t.Errorf("%s shows:\n%.300s", what, shown)
					}
				}
				h.answer(bot.Reply{Post: a})
				for _, page := range []int{0, 1, len(a.Rounds) + 1} {
					shown := w.Slack.Press(ann, "CT1", "", fmt.Sprint("12/results#", page))
					if !strings.Contains(shown, fmt.Sprintf("%d of %d", page+1, len(a.Rounds)+2)) {
						t.Errorf("page %d of the results shows:\n%.300s", page+1, shown)
					}
				}
			})
		})
	}
}

// extremes are texts to repeat.
func extremes() []struct{ name, text string } {
	row := strings.Repeat("| cell ", 20) + "|\n"
	table := row + strings.Repeat("|---", 20) + "|\n" + strings.Repeat(row, 98) + "\n\n"
	var deep, quotes strings.Builder
	for i := range 20 {
		fmt.Fprintf(&deep, "%s- level %d\n", strings.Repeat("  ", i), i)
		fmt.Fprintf(&quotes, "%s level %d\n", strings.Repeat(">", i+1), i)
	}
	return []struct{ name, text string }{
		{"words", "word "},
		{"one word", "x"},
		{"Chinese", "从前有一个蛋糕。"},
		{"emoji", "🎂"},
		{"a family", "👩‍👩‍👧‍👦"},
		{"signs that JSON escapes", "<&>"},
		{"paragraphs", "A line.\n\n"},
		{"lines", "a\n"},
		{"headings", "# A\n\n"},
		{"rules", "***\n\n"},
		{"bold and plain", "**a** b "},
		{"code", "```\ncode\n```\n\n"},
		{"a bullet each", "- a\n"},
		{"numbers", "1. a\n2. b\n\ntext\n\n"},
		{"a table of 100 by 20", table},
		{"small tables", "|a|b|\n|-|-|\n|c|d|\n\n"},
		{"a deep list", deep.String() + "\n\n"},
		{"deep quotes", quotes.String() + "\n\n"},
		{"combining marks", "z̵̢̛͎̱͈"},
	}
}

func extremeForm(fill func(int) string) *bot.Form {
	f := &bot.Form{ID: "start", Title: bot.Literal(fill(60)), Intro: bot.Literal(fill(900)), Submit: bot.Literal(fill(60))}
	var options []bot.Option
	for i := range 150 {
		options = append(options, bot.Option{Value: fmt.Sprint("m", i), Label: bot.Literal(fill(200))})
	}
	for i, kind := range []bot.FieldKind{bot.Line, bot.Area, bot.Select, bot.Upload} {
		f.Fields = append(f.Fields, bot.Field{Name: fmt.Sprint("f", i), Label: bot.Literal(fill(300)), Hint: bot.Literal(fill(3000)), Kind: kind, Options: options, Value: fill(9000)})
	}
	return f
}

// A phone shows some 38 characters of a line of bars, and wraps what is longer.
func TestBarsOnAPhone(t *testing.T) {
	w := newWorld(t, logger(t), false)
	run(t, w, newPlayer())
	for i, name := range []string{"nova", "claude-3.7-sonnet", "claude-3.7-sonnet@3fa2c1", "通义千问大模型旗舰版", strings.Repeat("long-", 20)} {
		a := samples.Announcement
		a.Bars = []bot.Bar{{Label: bot.Literal(name), Count: 123, Percent: 62}, {Label: bot.Literal("gpt-4o"), Count: 70, Percent: 35}, {Label: bot.Literal("equal"), Count: 5, Percent: 3}, {Label: bot.Literal("both bad")}}
		ref, err := w.chat.Post(t.Context(), w.Place(), key(i, "bars"), time.Time{}, a)
		if err != nil {
			t.Fatal(err)
		}
		m, _ := w.Message("CT1", ref.Message)
		_, bars, _ := strings.Cut(slackfake.Show(m.Payload), a.Question.String()+"\n")
		bars, _, _ = strings.Cut(bars, "\n"+a.Base.String())
		for line := range strings.Lines(bars) {
			if n := uniseg.StringWidth(strings.TrimRight(line, "\n")); n > 38 {
				t.Errorf("%s: a line is %d characters wide:\n%s", name, n, bars)
			}
		}
		if strings.Count(bars, "█") < 8 || !strings.Contains(bars, "123 · 62%") {
			t.Errorf("%s has these bars:\n%s", name, bars)
		}
	}
}
