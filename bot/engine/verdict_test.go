package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// Wording is the product: what is said at no, one, three and twelve voters, on
// one prompt and on many.
func TestVerdictWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		rounds  int
		picks   [][]bot.Pick // by round, by voter
		title   string
		summary string
		says    []string
		never   []string
	}{
		{name: "nobody", rounds: 1, picks: [][]bot.Pick{{}},
			title: "no votes.", summary: "", says: []string{"Nobody voted"}, never: []string{"%"}},
		{name: "one", rounds: 1, picks: [][]bot.Pick{{1}},
			title: "too few voters for a verdict.", summary: "kestrel 1 · nova 0 · equal 0 · both bad 0",
			says: []string{"The one vote that chose a side was for kestrel.", "Only 1 person voted"}, never: []string{"%"}},
		{name: "three", rounds: 1, picks: [][]bot.Pick{{1, 1, 2}},
			title: "too few voters for a verdict.", summary: "kestrel 2 · nova 1 · equal 0 · both bad 0",
			says: []string{"kestrel got 2 of the 3 votes that chose a side.", "Only 3 people voted"}, never: []string{"%"}},
		{name: "twelve, clear", rounds: 1, picks: [][]bot.Pick{{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2}},
			title: "too few prompts for a verdict.", summary: "kestrel 11 · nova 1 · equal 0 · both bad 0",
			says: []string{"more than coin flips would give", "another prompt can turn it round", "Votes could be seen while voting was open"}, never: []string{"%", "ahead"}},
		{name: "twelve, close", rounds: 1, picks: [][]bot.Pick{{1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4}},
			title: "too few prompts for a verdict.", summary: "kestrel 7 · nova 3 · equal 1 · both bad 1",
			says: []string{"Coin flips give a split like this too often for it to count.", "Not shown: that they are alike."}, never: []string{"%", "ahead"}},
		{name: "six, level", rounds: 1, picks: [][]bot.Pick{{1, 1, 1, 2, 2, 2}},
			title: "too few prompts for a verdict.", summary: "kestrel 3 · nova 3 · equal 0 · both bad 0",
			says: []string{"The two are level: 3 votes each.", "another prompt can turn it round", "Not shown: that they are alike."}, never: []string{"%", "ahead", "Coin flips"}},
		{name: "all equal", rounds: 1, picks: [][]bot.Pick{{3, 3, 3, 3, 4, 4}},
			title: "too few prompts for a verdict.", summary: "kestrel 0 · nova 0 · equal 4 · both bad 2",
			says: []string{"No vote chose a side.", "Not shown: that they are alike."}, never: []string{"%", "ahead"}},
		{name: "six of one mind on six prompts", rounds: 6, picks: same(6, 1, 1, 1, 1, 1, 1),
			title: "kestrel is preferred.", summary: "kestrel 36 · nova 0 · equal 0 · both bad 0   (100% · 0% · 0% · 0%)",
			says: []string{"Of those who voted", "kestrel has 100%"}},
		{name: "it changes with the prompt", rounds: 6, picks: [][]bot.Pick{{1, 1, 1, 1, 1, 1}, {2, 2, 2, 2, 2, 2}, {1, 1, 1, 1, 1, 1}, {2, 2, 2, 2, 2, 2}, {1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 2}},
			title: "no winner shown. kestrel is ahead.", summary: "kestrel 23 · nova 13 · equal 0 · both bad 0   (64% · 36% · 0% · 0%)",
			says: []string{"Seen in these votes, which could be seen: the answer changes with the prompt.", "anything from", "Not shown: that they are alike."}, never: []string{"the team", "guessing.", "depends", "Coin flips"}},
		{name: "close, on many prompts", rounds: 6, picks: [][]bot.Pick{{1, 1, 2, 2, 1, 3}, {2, 2, 1, 1, 1, 2}, {1, 2, 1, 2, 1, 4}, {2, 1, 2, 1, 2, 1}, {1, 1, 2, 2, 3, 1}, {2, 1, 1, 2, 1, 2}},
			title: "no winner shown. kestrel is ahead.", summary: "kestrel 18 · nova 15 · equal 2 · both bad 1   (50% · 42% · 6% · 3%)",
			says: []string{"anything from", "Not shown: that they are alike.", "Not tested: guessing (no control rounds)."}, never: []string{"did not just guess", "Coin flips"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				id := s.start(fmt.Sprintf("start kestrel nova pack=fruit rounds=%d until=5d", tt.rounds))
				for i, picks := range tt.picks {
					ref := s.room.called(s.T, fmt.Sprintf("1.%d/ballot", i+1)).Ref
					for v, p := range picks {
						s.tap(ref, fmt.Sprint("voter", v), s.choiceOf(id.Round(i+1), p), true)
					}
				}
				s.press(starter, "1/close")
				s.wait()
				a := s.announcement(id)
				fiveSeconds(s, a)
				if a.Title.String() != "Taste test 1: "+tt.title || a.Summary.String() != tt.summary {
					s.Errorf("says %q, %q;\nwant %q, %q", a.Title, a.Summary, tt.title, tt.summary)
				}
				said := strings.Join(bot.English(a.Verdict), "\n")
				for _, want := range tt.says {
					if !strings.Contains(said, want) {
						s.Errorf("does not say %q:\n%s", want, said)
					}
				}
				for _, never := range append(tt.never, "p =", "p-value", "significant", "you were guessing", "the same") {
					if strings.Contains(said+a.Title.String()+a.Summary.String()+a.Next.String(), never) && (never != "%" || !strings.Contains(tt.summary, "%")) {
						s.Errorf("says %q:\n%s\n%s\n%s", never, a.Title, said, a.Next)
					}
				}
				share := make(map[int]int) // by count
				for _, b := range a.Bars {
					if p, known := share[b.Count]; known && p != b.Percent {
						s.Errorf("%d votes are %d%% of them, and %d%%", b.Count, p, b.Percent)
					}
					share[b.Count] = b.Percent
				}
			})
		})
	}
}

func same(rounds int, picks ...bot.Pick) (all [][]bot.Pick) {
	for range rounds {
		all = append(all, picks)
	}
	return all
}

// Where everybody taps left prompts differ by the side on which a model stood,
// and by nothing else: that is not said to be the prompts.
func TestEverybodyTapsLeft(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.hold("start kestrel nova pack=fruit rounds=8 until=5d", 6, func(n, v int) bot.Pick {
			if s.tasting(bot.TastingID{Workspace: team, N: 1}).Rounds[n-1].Flip {
				return bot.Second
			}
			return bot.First
		})
		a := s.announcement(id)
		if said := strings.Join(bot.English(a.Verdict), "\n"); !strings.Contains(said, "The left answer got 48 of the 48 votes that chose a side. Some may have gone by the side") || strings.Contains(said+a.Title.String(), "the prompt.") {
			s.Errorf("%s\n%s", a.Title, said)
		}
	})
}

// Under three votes a round of a private ballot is not broken down, nor can its
// counts be worked out from the totals.
func TestSecretVotesStaySecret(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=3 ballot=private until=5d")
		for v := range 6 {
			for n := 1; n <= 3; n++ {
				if n < 3 || v < 2 {
					s.press(fmt.Sprint("voter", v), fmt.Sprintf("1.%d/left", n))
				}
			}
		}
		s.press(starter, "1/close")
		s.wait()
		a := s.announcement(id)
		if r := a.Rounds[2]; r.Bars != nil || r.Votes != 0 || len(r.Details) != 1 {
			s.Errorf("a round with two secret votes is broken down: %+v", r)
		}
		if !strings.HasPrefix(a.Base.String(), "12 votes, 6 people, 2 prompts") || !strings.Contains(strings.Join(bot.English(a.Notes), " "), "rounds with under three votes (1.3)") {
			s.Errorf("base %q, notes %q", a.Base, a.Notes)
		}
	})
}

// Two people tried it out in secret: no count is shown, and that is said once.
func TestTooFewForSecretCounts(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=5 ballot=private until=5d")
		for v := range 2 {
			for n := 1; n <= 5; n++ {
				s.press(fmt.Sprint("voter", v), fmt.Sprintf("1.%d/left", n))
			}
		}
		if ask := s.notice(s.command(starter, "close")); !strings.Contains(ask.Text.String(), "no counts can be shown") {
			s.Errorf("closing is not warned of: %q", ask.Text)
		}
		s.press(starter, "1/close")
		s.wait()
		a := s.announcement(id)
		if a.Title.String() != "Taste test 1: too few voters to show counts." || a.Base.String() != "too few votes to be shown" || len(a.Bars) != 0 || len(a.Notes) != 1 {
			s.Errorf("%q, %q, bars %v, notes %q", a.Title, a.Base, a.Bars, a.Notes)
		}
	})
}
