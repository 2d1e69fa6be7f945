package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"
)

// A claim is something that a verdict may not say of what is not there, but
// seldom.
type claim struct {
	name   string
	world  world
	size   size
	odd    oddity
	claims []Verdict
	most   float64 // how often it may be said all the same
}

var (
	same     = world{tie: 0.35, skill: 0.88}
	alike    = world{tie: 0.15, skill: 0.88} // equal models
	guessing = world{tie: 0.15, skill: 0.5}
	byPrompt = world{tie: 0.15, skill: 0.88, promptSD: 1.3}
	better   = world{tie: 0.15, skill: 0.88, promptSD: 0.3, lean: 0.9}
	depends  = world{tie: 0.15, skill: 0.88, promptSD: 1.1, lean: 0.8}
	small    = world{tie: 0.15, skill: 0.88, lean: 0.285} // 56 %, with ties as ½
)

var (
	winners = []Verdict{First, Second}
	byWhom  = []Verdict{Split, Taste, Mix}
	changes = []Verdict{Prompts, Mix}
	equal   = []Verdict{Same}
	guessed = []Verdict{Guessing}
)

// skilled is w with people who are right in so many control pairs.
func (w world) skilled(skill float64) world {
	w.skill = skill
	return w
}

// claimed are the situations in which verdicts claimed too much.
func claimed() []claim {
	var all []claim
	add := func(name string, w world, s size, o oddity, most float64, claims ...Verdict) {
		all = append(all, claim{name, w, s, o, claims, most})
	}
	five, twelve, twenty, thirty := size{5, 10, 2, 0}, size{12, 10, 4, 0}, size{20, 20, 12, 0}, size{30, 30, 8, 0}
	add("right in 85 % of 2 controls, 5 people", better.skilled(0.85), five, oddity{}, 0.005, guessed...)
	add("right in 75 % of 2 controls, 5 people", better.skilled(0.75), five, oddity{}, 0.02, guessed...)
	add("right in 85 % of 4 controls", better.skilled(0.85), twelve, oddity{}, 0.005, guessed...)
	add("right in 75 % of 4 controls", better.skilled(0.75), twelve, oddity{}, 0.02, guessed...)
	add("right in 75 % of 12 controls", better.skilled(0.75), twenty, oddity{}, 0.02, guessed...)
	for _, s := range []struct {
		size
		none, some float64 // where voters do not differ, and by 0.06
	}{{twelve, 0.08, 0.15}, {twenty, 0.03, 0.10}, {thirty, 0.03, 0.08}} {
		for _, w := range []struct {
			name string
			world
		}{{"a better model", better}, {"a better one, by prompt", depends}, {"prompts differ", byPrompt}, {"equal models", same}} {
			add("one troll, "+w.name, w.world, s.size, oddity{troll: true}, s.none, byWhom...)
		}
		add("one troll, people differ by .06", alike, s.size, oddity{troll: true, spread: true}, s.some, byWhom...)
	}
	for _, left := range []float64{55, 60, 65, 69} {
		add(fmt.Sprintf("%.0f %% tap left, equal models", left), alike, size{20, 20, 0, 0}, oddity{oneOrder: true, left: math.Log(left / (100 - left))}, 0, changes...)
	}
	for _, left := range []float64{55, 60, 65, 69} {
		add(fmt.Sprintf("%.0f %% tap left, votes hidden", left), alike, size{20, 20, 0, 0}, oddity{oneOrder: true, hidden: true, left: math.Log(left / (100 - left))}, 0.08, changes...)
	}
	add("half follow the others, equal models", alike, size{20, 20, 0, 0}, oddity{oneOrder: true, herd: 0.5}, 0, changes...)
	add("half follow the others, equal models", alike, size{20, 20, 0, 0}, oddity{oneOrder: true, herd: 0.5}, 0.08, winners...)
	add("everybody flips coins, no controls", guessing, size{30, 30, 0, 0}, oddity{}, 0, equal...)
	add("a preference of 56 %: called equal", small, size{30, 30, 8, 0}, oddity{}, 0.15, equal...)
	add("a third flips coins, equal models", alike, twelve, oddity{guessers: 0.33}, 0.08, winners...)
	add("half stop half way, prompts differ", byPrompt, twenty, oddity{lazy: 0.5}, 0.08, winners...)
	add("40 % of votes are missing", byPrompt, twenty, oddity{missing: 0.4}, 0.08, winners...)
	add("40 % of votes are missing", alike, twenty, oddity{missing: 0.4}, 0.08, byWhom...)
	add("every vote comes twice", alike, size{20, 20, 0, 0}, oddity{twice: true}, 0.10, Prompts, Mix, Taste, Split)
	add("people differ by .06", alike, twenty, oddity{spread: true}, 0.05, byWhom...)
	for _, s := range []size{{12, 10, 4, 0}, {20, 20, 6, 0}, {30, 30, 8, 0}} {
		for _, w := range []struct {
			name string
			world
		}{
			{"equal models", alike}, {"equal, many ties", same}, {"guessing", guessing}, {"prompts differ", byPrompt},
			{"little spreads", world{tie: 0.15, skill: 0.88, promptSD: 0.4, voterSD: 0.3}},
			{"spreads of 1 and .3", world{tie: 0.15, skill: 0.88, promptSD: 1, voterSD: 0.3}},
			{"people differ", world{tie: 0.15, skill: 0.88, voterSD: 1}},
			{"two kinds of prompts", world{tie: 0.2, skill: 0.88, promptSD: 1.2, twoPoint: true, voterSD: 0.6}},
			{"two kinds, each firm", world{tie: 0.15, skill: 0.88, promptSD: 2, twoPoint: true}},
		} {
			add("no winner: "+w.name, w.world, s, oddity{}, 0.08, winners...)
		}
	}
	return all
}

// Verdicts claim what is not there no oftener than promised. With -trials it
// prints how often they did by the former rule and do now:
//
//	go test ./bot/stats -run 'Claims|Found' -v -trials 1000 -timeout 2h
func TestClaims(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates for seconds: run without -short")
	}
	seeds, n, rules := []uint64{1, 2, 3}, *trials, []func(Evidence, *rand.Rand) Verdict{decided, formerly}
	if n == 0 {
		seeds, n, rules = seeds[:1], 25, rules[:1]
	}
	for _, c := range claimed() {
		if *trials == 0 && c.size.voters == 30 {
			continue // takes too long for every day
		}
		t.Run(c.name, func(t *testing.T) {
			var before, after []string
			for _, seed := range seeds {
				said := c.shares(n, seed, rules)
				is := said[0]
				after = append(after, percentOf(is))
				for _, was := range said[1:] {
					before = append(before, percentOf(was))
				}
				noise := 0.0 // of three fixed seeds all must hold
				if *trials == 0 {
					noise = 3*math.Sqrt(c.most*(1-c.most)/float64(n)) + 1.5/float64(n)*yes(c.most > 0)
				}
				if is > c.most+noise {
					t.Errorf("%v, seed %d, %d tastings: %v is said in %s, at most %s may be", c.size, seed, n, c.claims, percentOf(is), percentOf(c.most))
				}
			}
			if *trials > 0 {
				t.Logf("%-38s %-14s %-20s before %s now %s (at most %s)", c.name, fmt.Sprint(c.size), fmt.Sprint(c.claims), strings.Join(before, " "), strings.Join(after, " "), percentOf(c.most))
			}
		})
	}
}

func percentOf(share float64) string { return fmt.Sprintf("%5.1f%%", 100*share) }

// shares is how often c is claimed by each rule.
func (c claim) shares(n int, seed uint64, rules []func(Evidence, *rand.Rand) Verdict) []float64 {
	draw := func(rng *rand.Rand) Evidence { return c.world.odd(c.size, c.odd, rng) }
	shares := make([]float64, len(rules))
	for r, said := range verdictsOf(n, seed, draw, rules...) {
		for _, v := range c.claims {
			shares[r] += said[v]
		}
	}
	return shares
}

func decided(e Evidence, rng *rand.Rand) Verdict { return Decide(e, OneLook(), 200, rng).Verdict }

// verdictsOf is how often each rule gives which verdict.
func verdictsOf(n int, seed uint64, draw func(*rand.Rand) Evidence, rules ...func(Evidence, *rand.Rand) Verdict) []map[Verdict]float64 {
	shares := make([]map[Verdict]float64, len(rules))
	for r := range rules {
		shares[r] = make(map[Verdict]float64)
	}
	var mu sync.Mutex
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		g.Go(func() error {
			rng := rand.New(rand.NewPCG(seed, uint64(i)))
			e := draw(rng)
			for r, rule := range rules {
				v := rule(e, rng)
				mu.Lock()
				shares[r][v] += 1 / float64(n)
				mu.Unlock()
			}
			return nil
		})
	}
	_ = g.Wait() // nothing above fails
	return shares
}

// formerly is the rule as it was: no voter was left out, sides and cells did
// not matter, controls that were not passed were missed, and Same needed none.
func formerly(e Evidence, rng *rand.Rand) Verdict {
	const shuffles = 200
	e = e.inOrder()
	m := TwoWay(e.Votes)
	m.DF = float64(min(m.Voters, m.Prompts) - 1)
	lo, hi, ok := m.CI(0.95)
	lo90, hi90, _ := m.CI(0.90)
	tasters := e.Tasters()
	a, t := Attend(tasters), TasteMatters(tasters, shuffles, rng)
	voters := VotersDiffer(e.Votes, shuffles, rng).P < 0.05
	taste := voters && t.tells(0.05)
	prompts := PromptsDiffer(e.Votes, nil, shuffles, rng).P < 0.05 && PromptSD(e.Votes, nil) > 0.10
	same, winner := lo90 > 0.4 && hi90 < 0.6, NotEnough
	switch {
	case lo > 0.5:
		winner = First
	case hi < 0.5:
		winner = Second
	}
	known := a.Voters >= 2 && 2*a.Voters >= len(tasters) && a.Votes >= 6
	switch {
	case known && !a.Passed:
		return Guessing
	case !ok:
		return NotEnough
	case taste && prompts:
		return Mix
	case taste:
		return Taste
	case prompts && winner != NotEnough:
		return winner
	case prompts:
		return Prompts
	case same && !voters:
		return Same
	case winner != NotEnough && !same:
		return winner
	case voters:
		return Split
	}
	return NotEnough
}

// unguarded is this rule without its guard against one voter.
func unguarded(e Evidence, rng *rand.Rand) Verdict {
	d := Decide(e, OneLook(), 200, rng)
	d.Without = Without{Voters: d.Voters, VoterSD: d.Mean.VoterSD, Taste: d.Taste}
	if d.Voters.P < OneLook().Flags {
		d.guard(OneLook())
	}
	d.conclude(e.Seen, false)
	return d.Verdict
}

// What is there is found: so many tastings are called right at the least, on
// average over the seven worlds of the reference, and in some worlds by
// themselves. The guard against one voter costs at most one point of that.
func TestFound(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates for seconds: run without -short")
	}
	seeds, n, rules := []uint64{1, 2, 3}, *trials, []func(Evidence, *rand.Rand) Verdict{decided, unguarded, formerly}
	if n == 0 {
		seeds, n, rules = seeds[:1], 25, rules[:1]
	}
	split := world{name: "split", want: Split, tie: 0.15, skill: 0.88, voterSD: 1.2}
	winner := depends
	winner.name, winner.want = "dep.winner", First
	all := append(slices.Clone(worlds[:6]), winner, split)
	for _, s := range []struct {
		size
		of    int
		mean  float64
		least map[string]float64
	}{
		{size{12, 10, 4, 0}, 0, 0.53, map[string]float64{"split": 0.50, "new_better": 0.90, "2_guess": 0.75}},
		{size{20, 20, 12, 0}, 0, 0.90, map[string]float64{"split": 0.88, "new_better": 0.98, "2_guess": 0.99, "1_taste": 0.83, "5_mix": 0.72}},
		{size{30, 30, 8, 0}, 0, 0.93, map[string]float64{"split": 0.88, "new_better": 0.99, "2_guess": 0.99}},
		{size{12, 30, 4, 0}, 10, 0.555, nil},
		{size{12, 30, 5, 0}, 13, 0.66, map[string]float64{"split": 0.65}},
		{size{30, 60, 8, 0}, 15, 0.95, nil},
	} {
		if *trials == 0 && s.voters == 30 {
			continue // takes too long for every day
		}
		t.Run(fmt.Sprintf("%v of %d", s.size, s.of), func(t *testing.T) {
			for _, seed := range seeds {
				mean, cost, line := 0.0, 0.0, ""
				slip := 0.0 // of three fixed seeds all must hold
				if *trials == 0 {
					slip = 3 * math.Sqrt(0.25/float64(n))
				}
				for i, w := range all {
					draw := func(rng *rand.Rand) Evidence { return w.odd(s.size, oddity{of: s.of}, rng) }
					said := verdictsOf(n, seed, draw, rules...)
					right := said[0][w.want]
					if i < 7 {
						mean += right / 7
					}
					if *trials > 0 {
						line += fmt.Sprintf(" %s %s (was %s)", w.name, percentOf(right), percentOf(said[2][w.want]))
						if i < 7 {
							cost += (said[1][w.want] - right) / 7
						}
					}
					if right < s.least[w.name]-slip {
						t.Errorf("%s, seed %d, %d tastings: right in %s, want %s\n%s", w.name, seed, n, percentOf(right), percentOf(s.least[w.name]), table(said[0]))
					}
				}
				if mean < s.mean-slip/2 {
					t.Errorf("seed %d, %d tastings: right in %s on average, want %s", seed, n, percentOf(mean), percentOf(s.mean))
				}
				if cost > 0.01 {
					t.Errorf("seed %d: the guard against one voter costs %.2f points", seed, 100*cost)
				}
				if *trials > 0 {
					t.Logf("seed %d: mean %s; the guard costs %.2f points;%s", seed, percentOf(mean), 100*cost, line)
				}
			}
		})
	}
}
