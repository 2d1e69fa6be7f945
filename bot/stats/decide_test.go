package stats

import (
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var trials = flag.Int("trials", 0, "tastings of each world and size in TestDecisionTable, which then prints its table; 2000 take three minutes")

// decisions is the share of each verdict over simulated tastings.
func decisions(w world, s size, trials int, seed uint64) map[Verdict]float64 {
	rng := rand.New(rand.NewPCG(seed, 0))
	shares := make(map[Verdict]float64)
	for range trials {
		shares[Decide(w.taste(s, rng), OneLook(), 400, rng).Verdict] += 1 / float64(trials)
	}
	return shares
}

// Each true world is called right at least as often as by the reference rule,
// less three points (and, of few tastings, their error), and hardly ever is a
// winner named where there is none.
func TestDecisionTable(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates for seconds: run without -short")
	}
	run := func(s size, n int, reference func(world) float64) {
		for seed, w := range worlds {
			got, want := decisions(w, s, n, uint64(seed)), reference(w)
			right := got[w.want]
			if w.want == Guessing {
				right += got[NotEnough] // the reference accuses also where controls cannot tell
			}
			if *trials > 0 {
				t.Logf("%v %-10s seed %d, %d tastings: right %.3f (reference %.3f) %s", s, w.name, seed, n, right, want, table(got))
			}
			wild := min(want, 0.97)
			noise := 2 * math.Sqrt(wild*(1-wild)*(1/float64(n)+1./300))
			if n >= 2000 {
				noise = 0 // three points are enough
			}
			if right < want-0.03-noise {
				t.Errorf("%v, %s (seed %d, %d tastings): right %.3f, reference %.3f\n%s", s, w.name, seed, n, right, want, table(got))
			}
			if named := got[First] + got[Second]; w.want != First && w.want != Second && named > 0.05+2*math.Sqrt(0.05*0.95/float64(n)) {
				t.Errorf("%v, %s (seed %d, %d tastings): a winner is named in %.3f\n%s", s, w.name, seed, n, named, table(got))
			}
		}
	}
	if *trials == 0 {
		run(size{20, 20, 6, 6}, 30, func(w world) float64 { return w.right })
		return
	}
	var file struct {
		Confusion map[string]map[string]map[string]float64
	}
	reference(t, "sim_verdict.json", &file)
	for _, s := range []size{{12, 10, 4, 4}, {20, 20, 6, 6}, {30, 30, 8, 8}, {12, 40, 10, 10}} {
		key := fmt.Sprintf("V%d_K%d_C%d_R%d", s.voters, s.prompts, s.controls, s.retests)
		run(s, *trials, func(w world) float64 {
			return file.Confusion[key][w.name][w.name] // its verdicts are named as its worlds
		})
	}
}

func table(shares map[Verdict]float64) string {
	verdicts := slices.SortedFunc(maps.Keys(shares), func(a, b Verdict) int {
		return int(math.Copysign(1, shares[b]-shares[a]))
	})
	s := ""
	for _, v := range verdicts {
		s += fmt.Sprintf(" %s %.3f", v, shares[v])
	}
	return s
}

func TestDecide(t *testing.T) {
	passed := func(voters int) (controls []Obs) {
		for v := range voters {
			controls = append(controls, Obs{v, 0, 1}, Obs{v, 1, 1})
		}
		return controls
	}
	failed := func(voters int) (controls []Obs) {
		for v := range voters {
			controls = append(controls, Obs{v, 0, 1}, Obs{v, 1, 0})
		}
		return controls
	}
	depends := full(20, 8, 1)
	for i := range depends { // six prompts for the first model, two for neither
		if o := &depends[i]; o.Prompt >= 6 {
			o.Y = float64(o.Voter % 2)
		}
	}
	mostly := func(voters int) (controls []Obs) { // three of four right
		for v := range voters {
			controls = append(controls, Obs{v, 0, 1}, Obs{v, 1, yes(v%2 == 0)})
		}
		return controls
	}
	var byPrompt []Obs // as many for the one as for the other
	for v := range 10 {
		for k := range 10 {
			byPrompt = append(byPrompt, Obs{v, k, float64(k % 2)})
		}
	}
	camps := func(a, b int) (obs []Obs) { // of 40 voters: half choose the first model on a of 20 prompts, half on b
		for v := range 40 {
			for k := range 40 {
				y, share := 0.0, []int{a, b}[v%2]
				if (v/2+7*k)%20 < share {
					y = 1
				}
				obs = append(obs, Obs{v, k, y})
			}
		}
		return obs
	}
	for _, tt := range []struct {
		name    string
		e       Evidence
		want    Verdict
		depends bool
	}{
		{"no votes", Evidence{}, NotEnough, false},
		{"one vote", Evidence{Votes: full(1, 1, 1)}, NotEnough, false},
		{"one voter", Evidence{Votes: full(1, 20, 1)}, NotEnough, false},
		{"one prompt", Evidence{Votes: full(20, 1, 1)}, NotEnough, false},
		{"two voters of one mind", Evidence{Votes: full(2, 20, 1)}, NotEnough, false},
		{"five voters of one mind", Evidence{Votes: full(5, 20, 1)}, First, false},
		{"six voters of one mind on six prompts", Evidence{Votes: full(6, 6, 1)}, First, false},
		{"the same for the other model", Evidence{Votes: full(6, 6, 0)}, Second, false},
		{"a few ties", Evidence{Votes: full(5, 5, .5)}, NotEnough, false},
		{"nothing but ties, of people who look", Evidence{Votes: full(20, 20, .5), Controls: passed(20)}, Same, false},
		{"level, and too few votes to show it", Evidence{Votes: alike.taste(size{6, 6, 0, 0}, seeded(1)).Votes, Controls: passed(6)}, NotEnough, false},
		{"nothing but ties, of who knows whom", Evidence{Votes: full(20, 20, .5)}, NotEnough, false},
		{"four voters of one mind", Evidence{Votes: full(4, 20, 1)}, NotEnough, false},
		{"who did not look", Evidence{Votes: full(9, 9, 1), Controls: failed(9)}, Guessing, false},
		{"who did", Evidence{Votes: full(9, 9, 1), Controls: passed(9)}, First, false},
		{"who looked in three of four", Evidence{Votes: full(9, 9, 1), Controls: mostly(9)}, First, false},
		{"guessing on one prompt", Evidence{Votes: full(9, 1, 1), Controls: failed(9)}, Guessing, false},
		{"too few controls to tell", Evidence{Votes: full(9, 9, 1), Controls: failed(2)}, First, false},
		{"a winner, not everywhere", Evidence{Votes: depends}, First, true},
		{"level, and all alike", Evidence{Votes: camps(10, 10), Controls: passed(40)}, Same, false},
		{"level, in two camps", Evidence{Votes: camps(7, 13)}, Split, false},
		{"a small preference, in two camps", Evidence{Votes: camps(9, 13), Controls: passed(40)}, First, false},
		{"it changes with the prompt", Evidence{Votes: byPrompt}, Prompts, false},
		{"it does where people could follow each other", Evidence{Votes: byPrompt, Seen: true, Controls: passed(10)}, NotEnough, false},
		{"a winner there, not everywhere", Evidence{Votes: depends, Seen: true}, First, true},
		{"all tap left", Evidence{Votes: byPrompt, Flipped: []bool{true, false, true, false, true, false, true, false, true, false}}, NotEnough, false},
		{"a winner in both camps", Evidence{Votes: camps(13, 19)}, First, false},
		{"the five polls of 20", Evidence{Votes: polls(20, 11, 9, 7, 7, 7)}, NotEnough, false},
		{"the five polls of 200", Evidence{Votes: polls(200, 112, 86, 70, 70, 72)}, NotEnough, false},
		{"the five polls of 5,000", Evidence{Votes: polls(5000, 2800, 2150, 1750, 1750, 1800)}, NotEnough, false},
	} {
		d := Decide(tt.e, OneLook(), 400, seeded(1))
		if d.Verdict != tt.want || d.Depends != tt.depends {
			t.Errorf("%s: %s, depends %t; want %s, %t\n%+v", tt.name, d.Verdict, d.Depends, tt.want, tt.depends, d)
		}
	}
}

// Whoever comes first, and whatever is called the first model, the same is
// decided, down to the p-values.
func TestDecideDoesNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := worlds[rapid.IntRange(0, len(worlds)-1).Draw(t, "world")]
		rng := seeded(rapid.Uint64().Draw(t, "seed"))
		e := w.taste(size{8, 7, 3, 2}, rng)
		for range rapid.IntRange(0, 20).Draw(t, "gaps") {
			i := rng.IntN(len(e.Votes))
			e.Votes = slices.Delete(e.Votes, i, i+1)
		}
		name := rng.Perm(8)
		mixed := func(obs []Obs) []Obs {
			obs = slices.Clone(obs)
			for i := range obs {
				obs[i].Voter = name[obs[i].Voter]
			}
			rng.Shuffle(len(obs), func(i, j int) { obs[i], obs[j] = obs[j], obs[i] })
			return obs
		}
		a := Decide(e, OneLook(), 100, seeded(1))
		b := Decide(Evidence{Votes: mixed(e.Votes), Controls: mixed(e.Controls), Retests: mixed(e.Retests)}, OneLook(), 100, seeded(1))
		c := Decide(Evidence{Votes: swapped(e.Votes), Controls: e.Controls, Retests: e.Retests}, OneLook(), 100, seeded(1))
		for what, other := range map[string]Decision{"voters in another order": b, "models swapped": c} {
			want := a.Verdict
			if what == "models swapped" {
				want = map[Verdict]Verdict{First: Second, Second: First}[want]
				if want == "" {
					want = a.Verdict
				}
			}
			if other.Verdict != want || other.Depends != a.Depends || other.Prompts.P != a.Prompts.P || other.Voters.P != a.Voters.P || other.Taste.P != a.Taste.P {
				t.Fatalf("%+v\n%s:\n%+v", a, what, other)
			}
		}
	})
}

// Whoever votes on a prompt twice, as in two turns of one conversation, says
// nothing new about prompts or voters.
func TestTwiceIsNoNews(t *testing.T) {
	once := alike.taste(size{10, 10, 0, 0}, seeded(6))
	twice := Evidence{Votes: append(slices.Clone(once.Votes), once.Votes...)}
	a, b := Decide(once, OneLook(), 400, seeded(1)), Decide(twice, OneLook(), 400, seeded(1))
	if a.Prompts != b.Prompts || a.Voters != b.Voters || a.PromptSD != b.PromptSD || b.Mean.N != 200 || math.Abs(a.Mean.SE-b.Mean.SE) > 1e-9 {
		t.Errorf("%+v\nevery vote twice: %+v", a, b)
	}
}

// Whose votes differ from the rest is left out for a second look, with controls
// and all, whatever the voters are called.
func TestExtremeVoter(t *testing.T) {
	var e Evidence
	for v := range 8 {
		for k := range 10 {
			e.Votes = append(e.Votes, Obs{70 - v, k, yes(v != 5 && (v+k)%10 > 0)})
		}
		e.Controls = append(e.Controls, Obs{70 - v, 0, yes(v != 5)}, Obs{70 - v, 1, 1})
	}
	in := e.inOrder()
	left := in.without(in.extreme(in.Tasters()))
	if a := Attend(left.Tasters()); len(left.Votes) != 70 || a.Right != 14 || a.Votes != 14 {
		t.Errorf("%d votes are left, controls %+v; want 70, and 14 of 14", len(left.Votes), a)
	}
	d := Decide(e, OneLook(), 400, seeded(1))
	if d.Verdict != First || !d.VotersHang || d.Without.Voters.P < 0.05 {
		t.Errorf("one against seven: %+v", d)
	}
}

func BenchmarkDecide(b *testing.B) {
	for _, size := range []size{{30, 30, 8, 8}, {1000, 1000, 8, 8}} {
		b.Run(fmt.Sprintf("voters=%d/prompts=%d", size.voters, size.prompts), func(b *testing.B) {
			e := worlds[4].taste(size, seeded(1))
			for b.Loop() {
				Decide(e, OneLook(), 400, seeded(1))
			}
		})
	}
}
