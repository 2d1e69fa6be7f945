package bot_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// table is a vote of every voter on every prompt.
func table(voters, prompts int, y func(v, k int) float64) (obs []stats.Obs) {
	for v := range voters {
		for k := range prompts {
			obs = append(obs, stats.Obs{Voter: v, Prompt: k, Y: y(v, k)})
		}
	}
	return obs
}

// share gives the first model so many of ten votes, spread evenly.
func share(tenths int) func(v, k int) float64 {
	return func(v, k int) float64 {
		if (3*v+7*k)%10 < tenths {
			return 1
		}
		return 0
	}
}

func find(e stats.Evidence, q bot.Question) bot.Finding {
	return bot.Find(e, q, rand.New(rand.NewPCG(1, 1)))
}

// What each verdict says, to the colleague and to the statistician.
func TestFindingWords(t *testing.T) {
	half := func(v, k int) float64 { return 0.5 }
	byPrompt := func(_, k int) float64 { return float64(k % 2) }
	byVoter := func(v, _ int) float64 { return float64(v % 2) }
	camps := func(a, b int) func(v, k int) float64 { // the even voters give the first model a of ten, the odd b
		return func(v, k int) float64 { return share([]int{a, b}[v%2])(v/2, k) }
	}
	evenBetter := func(v, k int) float64 { // on controls
		if v%2 == 0 || k == 0 {
			return 1
		}
		return float64(k % 2)
	}
	for _, tt := range []struct {
		name        string
		e           stats.Evidence
		worth       int
		title       string
		says, never []string
		next        string
	}{
		{"everything equal", stats.Evidence{Votes: table(6, 10, half)}, 0, "shown to be about equal.",
			[]string{"neither model gets more than 60 % of the votes", "anything from 41 to 59 % fits", "Not tested: guessing (no control rounds)."}, []string{"Not shown", "leaned"}, "^$"},
		{"nearly equal", stats.Evidence{Votes: table(20, 20, share(5))}, 60, "shown to be about equal.",
			[]string{"Asked beforehand: is kestrel preferred in 60 % or more? That is ruled out."}, []string{"direction"}, "^$"},
		{"a winner", stats.Evidence{Votes: table(9, 10, share(9))}, 60, "kestrel is preferred.",
			[]string{"Asked beforehand: is kestrel preferred in 60 % or more? That is shown.", "cannot tell whether good tasters disagree (no control rounds)"}, []string{"Not tested: guessing", "Not shown"}, "^$"},
		{"by the prompt", stats.Evidence{Votes: table(10, 10, byPrompt)}, 0, "it depends on the prompt.",
			[]string{"Voters did not just guess, but the answer changes with the prompt.", "Not shown: that they are alike."}, []string{"leaned"}, "a tasting for each kind of prompt"},
		{"by the voter", stats.Evidence{Votes: table(10, 10, byVoter)}, 0, "voters lean to different models.",
			[]string{"some lean to kestrel and some to nova"}, []string{"guessing"}, "controls=on"},
		{"by the voter, with controls", stats.Evidence{Votes: table(10, 10, byVoter), Controls: table(10, 4, func(v, k int) float64 { return evenBetter(v/2, k) })}, 0, "voters lean to different models.",
			[]string{"Looked for and not found: good tasters who disagree with the rest."}, []string{"cannot tell"}, "decide whose taste counts here"},
		{"good tasters outvoted", stats.Evidence{Votes: table(20, 20, camps(8, 2)), Controls: table(20, 6, evenBetter)}, 0, "good tasters and the rest differ.",
			[]string{"did better on control pairs gave kestrel 80 % of their votes, the other half 20 % (20 people in all)", "a majority of all who voted is not the best guide"}, []string{"repeats"}, "those whose taste counts here"},
		{"good tasters surer", stats.Evidence{Votes: table(20, 20, camps(9, 6)), Controls: table(20, 6, evenBetter)}, 0, "good tasters and the rest differ.",
			[]string{"Both lean the same way, but not as far."}, []string{"majority", "that they are alike"}, "those whose taste counts here"},
		{"controls missed", stats.Evidence{Votes: table(9, 10, share(5)), Controls: table(9, 4, func(v, k int) float64 { return float64((v + k) % 2) })}, 60, "nothing shown: the control pairs were missed.",
			[]string{"the better one got 18 of 36 votes (50 %): too close to what coin flips give", "That stays open."}, []string{"Coin flips alone"}, "fewer rounds"},
		{"controls missed, and yet no coin flips", stats.Evidence{Votes: table(9, 10, share(9)), Controls: table(9, 4, func(v, k int) float64 { return float64(bit(k == 0)) })}, 0, "nothing shown: the control pairs were missed.",
			[]string{"9 of 36 votes (25 %): less than coin flips give", "Coin flips alone would not give them either"}, nil, "fewer rounds"},
		{"one voter of controls", stats.Evidence{Votes: table(9, 10, share(6)), Controls: table(1, 4, half)}, 0, "no winner shown. kestrel is ahead.",
			[]string{"Not tested: guessing (too few votes on control pairs).", "disagree (too few votes on control pairs)"}, nil, "70/30 preference about 8. times"},
		{"few prompts", stats.Evidence{Votes: table(9, 4, share(9))}, 60, "kestrel is ahead. No verdict on so few prompts.",
			[]string{"That stays open."}, []string{"%;"}, "at least five prompts"},
		{"few voters", stats.Evidence{Votes: table(4, 10, share(9))}, 60, "too few voters for a verdict.",
			[]string{"Only 4 people voted", "That stays open."}, []string{"fits"}, "at least five people"},
		{"where 70/30 would have shown", stats.Evidence{Votes: table(9, 15, func(v, k int) float64 { return share(5+k%2)(v, k) })}, 0, "no winner shown. kestrel is ahead.",
			nil, nil, "20 prompts with .* people finds a 60/40 preference"},
	} {
		f := find(tt.e, bot.Question{Names: [2]string{"kestrel", "nova"}, Judges: true, Worth: tt.worth})
		said := strings.Join(f.Sentences, "\n")
		if f.Title != tt.title || !regexp.MustCompile(tt.next).MatchString(f.Next) {
			t.Errorf("%s: %q, %q; want %q, %q", tt.name, f.Title, f.Next, tt.title, tt.next)
		}
		for _, s := range tt.says {
			if !strings.Contains(said, s) {
				t.Errorf("%s: does not say %q:\n%s", tt.name, s, said)
			}
		}
		for _, s := range tt.never {
			if strings.Contains(said, s) {
				t.Errorf("%s: says %q:\n%s", tt.name, s, said)
			}
		}
	}
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Whatever was voted, and whichever model is called the first, the same is
// said, in words only: p-values and the like stand behind Details.
func TestFindingOfAnything(t *testing.T) {
	jargon := regexp.MustCompile(`NaN|Inf|%!|\bp [=<u]|p-value|significan|hypothes|standard error|χ|you were guessing|the same|the team`)
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string, ys ...float64) []stats.Obs {
			return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) stats.Obs {
				return stats.Obs{Voter: rapid.IntRange(0, 9).Draw(t, "voter"), Prompt: rapid.IntRange(0, 9).Draw(t, "prompt"), Y: rapid.SampledFrom(ys).Draw(t, "y")}
			}), 0, 60).Draw(t, name)
		}
		e := stats.Evidence{Votes: draw("votes", rapid.SampledFrom([][]float64{{0, .5, 1}, {1}, {.5}, {0, 1, 1, 1}}).Draw(t, "kind")...)}
		if rapid.Bool().Draw(t, "controls") {
			e.Controls, e.Retests = draw("controls", 0, 1, 1), draw("retests", 0, 1)
		}
		q := bot.Question{Names: [2]string{"kestrel", "nova"}, Judges: rapid.Bool().Draw(t, "judges"), Worth: 60, Shuffles: 50}
		f := find(e, q)
		said := strings.Join(append(f.Sentences, f.Title, f.Next), "\n")
		if bad := jargon.FindString(said); bad != "" {
			t.Fatalf("says %q:\n%s", bad, said)
		}
		if details := strings.Join(f.Details, "\n"); strings.Contains(details, "NaN") || strings.Contains(details, "Inf") || strings.Contains(details, "%!") {
			t.Fatalf("details:\n%s", details)
		}

		mirror := e
		mirror.Votes = make([]stats.Obs, len(e.Votes))
		for i, o := range e.Votes {
			mirror.Votes[i] = o
			mirror.Votes[i].Y = 1 - o.Y
		}
		q.Names, q.Dearer = [2]string{"nova", "kestrel"}, 1
		g := find(mirror, q)
		if f.Title != g.Title || f.Next != g.Next {
			t.Fatalf("%q, %q\nwith the models swapped: %q, %q", f.Title, f.Next, g.Title, g.Next)
		}
		if m := f.Decision.Mean.M; m != 0.5 && f.Decision.Verdict != stats.Taste && f.Decision.Verdict != stats.Mix && f.Decision.Verdict != stats.Split {
			if a, b := strings.Join(f.Sentences, "\n"), strings.Join(g.Sentences, "\n"); a != b {
				t.Fatalf("%s\nwith the models swapped:\n%s", a, b)
			}
		}
	})
}
