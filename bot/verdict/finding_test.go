package verdict_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/verdict"
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

func find(e stats.Evidence, q verdict.Inquiry) verdict.Finding {
	return verdict.Find(e, q, rand.New(rand.NewPCG(1, 1)))
}

// What each verdict says, to the colleague and to the statistician.
func TestFindingWords(t *testing.T) {
	half := func(v, k int) float64 { return 0.5 }
	byPrompt := func(_, k int) float64 { return float64(k % 2) }
	byVoter := func(v, _ int) float64 { return float64(v % 2) }
	camps := func(a, b int) func(v, k int) float64 { // the even voters give the first model a of ten, the odd b
		return func(v, k int) float64 { return share([]int{a, b}[v%2])(v/2, k) }
	}
	wave := func(percent int) func(v, k int) float64 { // spread evenly over voters and prompts
		return func(v, k int) float64 { return float64(bit((37*v+61*k)%100 < percent)) }
	}
	looked := func(voters int) []stats.Obs { return table(voters, 4, func(_, _ int) float64 { return 1 }) }
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
		{"everything equal, of people who look", stats.Evidence{Votes: table(9, 10, half), Controls: looked(9)}, 0, "equal within ten points.",
			[]string{"neither gets more than 60%, counting equal and both bad as half", "for all prompts and people like these, it may be anything from 44 to 56%.", "As a group they did not guess: on the control pairs the better answer got 36 of 36 votes (100%)."}, []string{"Not shown", "leaned"}, "fresh prompts would check it"},
		{"everything equal, of nobody knows whom", stats.Evidence{Votes: table(9, 10, half)}, 0, "no difference seen.",
			[]string{"That is not to say that they are equal", "Not shown: that they are alike.", "Not tested: guessing (no control rounds)."}, []string{"Shown"}, "with control pairs can show"},
		{"nearly equal, controls that cannot tell", stats.Evidence{Votes: table(20, 20, share(5)), Controls: table(20, 2, func(v, k int) float64 { return float64(bit(v%3 > 0)) })}, 60, "no difference seen.",
			[]string{"Asked beforehand: is kestrel preferred in 60% or more? That is ruled out.", "Not tested: guessing. The better answer got 26 of 40 votes (65%) on the control pairs, which cannot tell."}, []string{"direction", "guess:", "missed"}, "more control pairs"},
		{"a small preference", stats.Evidence{Votes: table(30, 30, wave(56)), Controls: looked(30)}, 0, "a small preference for kestrel, 56%, within ten points.",
			[]string{"kestrel has 56%", "more preferred kestrel; luck with the votes, with the prompts that were picked or with the people who came would hardly explain it."}, []string{"equal within", "Not shown"}, "fresh prompts would check it"},
		{"a winner", stats.Evidence{Votes: table(9, 10, share(9))}, 60, "kestrel is preferred.",
			[]string{"Asked beforehand: is kestrel preferred in 60% or more? That is shown.", "cannot tell whether good tasters disagree (no control rounds)"}, []string{"Not tested: guessing", "Not shown"}, "fresh prompts would check it"},
		{"a winner, not everywhere", stats.Evidence{Votes: table(20, 10, func(v, k int) float64 { return float64(bit(k > 0 && (v+k)%10 < 9)) })}, 0, "kestrel is preferred.",
			[]string{"By how much, and whether, changes with the prompt: on 1 of 10 more went to the other."}, []string{"could be seen"}, "fresh prompts would check it"},
		{"a winner, not everywhere, where votes could be seen", stats.Evidence{Seen: true, Votes: table(20, 10, func(v, k int) float64 { return float64(bit(k > 0 && (v+k)%10 < 9)) })}, 0, "kestrel is preferred.",
			[]string{"changes with the prompt in these votes, which could be seen: on 1 of 10", "they may have swayed each other"}, nil, "fresh prompts would check it"},
		{"one of twelve against a better model", stats.Evidence{Votes: table(12, 10, func(v, k int) float64 { return float64(bit(v > 0 && (v+k)%10 > 0)) })}, 0, "kestrel is preferred.",
			[]string{"Voters may differ, but it hangs on one voter."}, []string{"makes a difference"}, "fresh prompts would check it"},
		{"by the prompt", stats.Evidence{Votes: table(10, 10, byPrompt)}, 0, "it depends on the prompt.",
			[]string{"Coin flips alone would hardly give votes like these; but the answer changes with the prompt.", "Not shown: that they are alike."}, []string{"leaned", "could be seen"}, "of one kind"},
		{"by the prompt, where votes could be seen", stats.Evidence{Seen: true, Votes: table(10, 10, byPrompt)}, 0, "no winner shown. The two are level.",
			[]string{"Seen in these votes, which could be seen: the answer changes with the prompt."}, []string{"Coin flips", "Shown", "Whoever had voted"}, "15 fresh prompts"},
		{"by the voter", stats.Evidence{Votes: table(10, 10, byVoter)}, 0, "no winner shown: voters differ.",
			[]string{"Who votes makes a difference, by more than chance explains, and not because of one person."}, []string{"guessing"}, "with control pairs tell whether those who read closely agree"},
		{"by the voter, with controls", stats.Evidence{Votes: table(10, 10, byVoter), Controls: table(10, 4, func(v, k int) float64 { return evenBetter(v/2, k) })}, 0, "no winner shown: voters differ.",
			[]string{"Looked for and not found: good tasters who disagree with the rest. If a third gave one model 74% of their votes and the rest 36%, so many people, prompts and control pairs would show it about once in 10 times."}, []string{"cannot tell"}, "those whose taste counts here"},
		{"good tasters outvoted", stats.Evidence{Votes: table(20, 20, camps(8, 2)), Controls: table(20, 6, evenBetter)}, 0, "good tasters and the rest differ.",
			[]string{"did better on control pairs gave kestrel 80% of their votes, the other half 20% (20 people in all)", "As a group they did not guess"}, []string{"repeats", "majority"}, "those whose taste counts here"},
		{"good tasters surer", stats.Evidence{Votes: table(20, 20, camps(9, 6)), Controls: table(20, 6, evenBetter)}, 0, "good tasters and the rest differ.",
			[]string{"Both lean the same way, but not as far."}, []string{"majority", "that they are alike"}, "those whose taste counts here"},
		{"controls missed", stats.Evidence{Votes: table(9, 10, share(5)), Controls: table(9, 4, func(v, k int) float64 { return float64((v + k) % 2) })}, 60, "nothing shown: the control pairs were missed.",
			[]string{"the better one got 18 of 36 votes (50%): too close to what coin flips give", "That stays open."}, []string{"Coin flips alone"}, "5 fresh prompts, with people who have the time to read"},
		{"controls missed, and yet no coin flips", stats.Evidence{Votes: table(9, 10, share(9)), Controls: table(9, 4, func(v, k int) float64 { return float64(bit(k == 0)) })}, 0, "nothing shown: the control pairs were missed.",
			[]string{"9 of 36 votes (25%): less than coin flips give"}, []string{"length"}, "5 fresh prompts, with people who have the time to read"},
		{"one voter of controls", stats.Evidence{Votes: table(9, 10, share(6)), Controls: table(1, 4, half)}, 0, "no winner shown. kestrel is ahead.",
			[]string{"Not tested: guessing. The better answer got 0 of 4 votes (0%) on the control pairs, which cannot tell.", "disagree (too few votes on control pairs)"}, nil, "70/30 preference 8. times"},
		{"few prompts", stats.Evidence{Votes: table(9, 4, share(9))}, 60, "too few prompts for a verdict.",
			[]string{"That stays open.", "kestrel got 32 of the 36 votes that chose a side."}, []string{"%;", "ahead", "preferred."}, "15 fresh prompts.* 70/30 preference 8. times"},
		{"few voters", stats.Evidence{Votes: table(4, 10, share(9))}, 60, "too few voters for a verdict.",
			[]string{"Only 4 people voted", "That stays open."}, []string{"it may be"}, "when five people or more have time"},
		{"where 70/30 would have shown", stats.Evidence{Votes: table(9, 15, func(v, k int) float64 { return share(5+k%2)(v, k) })}, 0, "no winner shown. kestrel is ahead.",
			nil, nil, "20 fresh prompts with .* people.*60/40 preference"},
	} {
		f := find(tt.e, verdict.Inquiry{Names: [2]string{"kestrel", "nova"}, Judges: true, Worth: tt.worth})
		said := strings.Join(bot.English(f.Sentences), "\n")
		if f.Title.String() != tt.title || !regexp.MustCompile(tt.next).MatchString(f.Next.String()) {
			t.Errorf("%s: %q, %q; want %q, %q", tt.name, f.Title, f.Next, tt.title, tt.next)
		}
		if n := fmt.Sprintf("%d fresh prompts", f.Again.Prompts); !strings.Contains(f.Next.String(), n) {
			t.Errorf("%s: the sentence says %q and the button would say %d", tt.name, f.Next, f.Again.Prompts)
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

// What is planned next goes by how many voted on each prompt, not by how many voted on any.
func TestNextWhereFewVotedOnEach(t *testing.T) {
	var votes []stats.Obs
	for v := range 40 {
		votes = append(votes, stats.Obs{Voter: v, Prompt: v % 8, Y: float64(bit(v%5 < 2))})
	}
	said := func(votes []stats.Obs, judges bool) string {
		return find(stats.Evidence{Votes: votes}, verdict.Inquiry{Names: [2]string{"kestrel", "nova"}, Judges: judges}).Next.String()
	}
	want := said(table(5, 8, func(v, k int) float64 { return float64(bit((v+k)%5 < 2)) }), true)
	if !strings.HasPrefix(want, "Next: 20 fresh prompts with 10 people on all of them") {
		t.Errorf("five people on eight prompts: %s", want)
	}
	if got := said(votes, true); got != want {
		t.Errorf("as many votes by 40 people, one each: %s, want %s", got, want)
	}
	var polls []stats.Obs // it is not known who voted in several
	for i, o := range table(20, 5, share(5)) {
		polls = append(polls, stats.Obs{Voter: i, Prompt: o.Prompt, Y: o.Y})
	}
	if got := said(polls, false); !strings.Contains(got, "fresh prompts with 20 people on all of them") {
		t.Errorf("of five polls with 20 votes each: %s", got)
	}
}

// What another tasting with decks would find does not hang on how many of its prompts were
// voted on in this one.
func TestNextOfDecks(t *testing.T) {
	said := func(prompts int) string {
		q := verdict.Inquiry{Names: [2]string{"kestrel", "nova"}, Judges: true, Each: 13, Pool: 32}
		return find(stats.Evidence{Votes: table(20, prompts, share(5))}, q).Next.String()
	}
	want := said(4)
	if !regexp.MustCompile(`^Next: 40 people with 13 fresh prompts each, .* 60/40 preference [89]. times in 100`).MatchString(want) {
		t.Errorf("after votes on 4 prompts: %s", want)
	}
	for _, prompts := range []int{1, 3} {
		if got := said(prompts); got != want {
			t.Errorf("after votes on %d prompts: %s", prompts, got)
		}
	}
}

// Where one votes first it is said that only whoever had voted saw the others, and
// where any of the votes could be seen by all, that they could be seen.
func TestFindingWhereOneVotesFirst(t *testing.T) {
	winner := func(v, k int) float64 { return float64(bit(k > 0 && (v+k)%10 < 9)) }
	for _, votes := range [][]stats.Obs{table(20, 10, winner), table(20, 10, func(v, k int) float64 { return float64(bit((v+k)%10 < 9)) }), table(10, 10, func(_, k int) float64 { return float64(k % 2) })} {
		q := verdict.Inquiry{Names: [2]string{"kestrel", "nova"}, Judges: true, VotedFirst: true}
		said := strings.Join(bot.English(find(stats.Evidence{Seen: true, Votes: votes}, q).Sentences), "\n")
		if !strings.Contains(said, "Whoever had voted saw how others had") || strings.Contains(said, "could be seen") {
			t.Errorf("says of votes that whoever had voted could see:\n%s", said)
		}
		if unseen := strings.Join(bot.English(find(stats.Evidence{Votes: votes}, q).Sentences), "\n"); strings.Contains(unseen, "had voted") {
			t.Errorf("says of votes that nobody could see:\n%s", unseen)
		}
	}
	said := func(first ...bool) string {
		a, err := verdict.Analyse(t.Context(), func(yield func(verdict.VoteRow, error) bool) {
			for i := range 60 {
				r := verdict.VoteRow{Question: fmt.Sprint(i % 6), Judge: fmt.Sprint(i / 6), Kind: bot.Plain, Models: [2]string{"kestrel", "nova"}, Winner: bot.Left, Visible: true, VotedFirst: first[i%len(first)]}
				if !yield(r, nil) {
					return
				}
			}
		}, stats.Ridge, verdict.Epsilon)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(bot.English(a.Pairs[0].Finding.Sentences), "\n")
	}
	if s := said(true); !strings.Contains(s, "Whoever had voted saw how others had") {
		t.Errorf("analyse says of the page's votes:\n%s", s)
	}
	if s := said(true, false); !strings.Contains(s, "Votes could be seen while voting was open") {
		t.Errorf("analyse says of the page's votes and a chat's together:\n%s", s)
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
		q := verdict.Inquiry{Names: [2]string{"kestrel", "nova"}, Judges: rapid.Bool().Draw(t, "judges"), Worth: 60, Shuffles: 50}
		f := find(e, q)
		said := strings.Join(bot.English(append(f.Sentences, f.Title, f.Next)), "\n")
		if bad := jargon.FindString(said); bad != "" {
			t.Fatalf("says %q:\n%s", bad, said)
		}
		if details := strings.Join(bot.English(f.Details), "\n"); strings.Contains(details, "NaN") || strings.Contains(details, "Inf") || strings.Contains(details, "%!") {
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
		if !f.Title.Equal(g.Title) || !f.Next.Equal(g.Next) {
			t.Fatalf("%q, %q\nwith the models swapped: %q, %q", f.Title, f.Next, g.Title, g.Next)
		}
		if m := f.Decision.Mean.M; m != 0.5 && f.Decision.Verdict != stats.Taste && f.Decision.Verdict != stats.Mix && f.Decision.Verdict != stats.Split {
			if a, b := strings.Join(bot.English(f.Sentences), "\n"), strings.Join(bot.English(g.Sentences), "\n"); a != b {
				t.Fatalf("%s\nwith the models swapped:\n%s", a, b)
			}
		}
	})
}
