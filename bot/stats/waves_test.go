package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"
)

// A waved is a private tasting as it is held: decks of so many plain rounds from
// a pool, control pairs, and looks.
type waved struct {
	people, pool, plain, controls, looks int

	right, votes float64            // at least, on average over the seven worlds; at most
	least        map[string]float64 // of worlds by themselves
	troll, some  float64            // with one troll, voters are said to differ so often at the most: where they do not, and where by 0.06
}

func (d waved) String() string {
	s := fmt.Sprintf("%d people, pool %d, %d + %d", d.people, d.pool, d.plain, d.controls)
	if d.looks > 1 {
		s += fmt.Sprintf(", %d looks", d.looks)
	}
	return s
}

func (d waved) most() int { return d.people * (d.plain + d.controls) }

// waveds are what tastings may be, and what is promised of each.
func waveds() []waved {
	return []waved{
		{people: 12, pool: 30, plain: 10, controls: 4, looks: 1, right: 0.555, votes: 168, troll: 0.08, some: 0.15},
		{people: 12, pool: 30, plain: 13, controls: 5, looks: 1, right: 0.665, votes: 216, troll: 0.08, some: 0.15, least: map[string]float64{"split": 0.65}},
		{people: 20, pool: 50, plain: 16, controls: 10, looks: 4, right: 0.87, votes: 350, troll: 0.03, some: 0.10},
		{people: 20, pool: 50, plain: 20, controls: 12, looks: 4, right: 0.925, votes: 395, troll: 0.03, some: 0.10, least: map[string]float64{"1_taste": 0.83, "5_mix": 0.72, "split": 0.88}},
		{people: 30, pool: 60, plain: 15, controls: 8, looks: 1, right: 0.95, votes: 690, troll: 0.03, some: 0.08},
		{people: 30, pool: 60, plain: 20, controls: 12, looks: 4, right: 0.96, votes: 520, troll: 0.03, some: 0.08},
	}
}

// winnerless are worlds without a winner, beside those of the seven that have
// none.
func winnerless() []world {
	return []world{
		{name: "null", tie: 0.15, skill: 0.88},
		{name: "null .4 .3", tie: 0.15, skill: 0.88, promptSD: 0.4, voterSD: 0.3},
		{name: "null 1 .3", tie: 0.15, skill: 0.88, promptSD: 1, voterSD: 0.3},
		{name: "null 0 1", tie: 0.15, skill: 0.88, voterSD: 1},
		{name: "null 2 kinds", tie: 0.2, skill: 0.88, promptSD: 1.2, twoPoint: true, voterSD: 0.6},
	}
}

// An arrival says which votes are in when the n-th wave of a tasting is complete.
type arrival func(e Evidence, d waved, n int) Evidence

// evenly has everybody vote at one pace: a wave is a part of each one's deck, of
// which the first has three control pairs at least.
func evenly(e Evidence, d waved, n int) Evidence {
	up := func(most int) int { return (most*n + d.looks - 1) / d.looks }
	plain, controls := up(d.plain), min(max(up(d.controls), 3), d.controls)
	var in Evidence
	seen := make(map[int]int)
	for _, o := range e.Votes {
		if seen[o.Voter]++; seen[o.Voter] <= plain {
			in.Votes = append(in.Votes, o)
		}
	}
	for _, o := range e.Controls {
		if o.Prompt < controls {
			in.Controls = append(in.Controls, o)
		}
	}
	return in
}

// oneByOne has one person after the other go through a whole deck.
func oneByOne(e Evidence, d waved, n int) Evidence {
	people := (d.people*n + d.looks - 1) / d.looks
	var in Evidence
	for _, o := range e.Votes {
		if o.Voter < people {
			in.Votes = append(in.Votes, o)
		}
	}
	for _, o := range e.Controls {
		if o.Voter < people {
			in.Controls = append(in.Controls, o)
		}
	}
	return in
}

// hold looks at a tasting wave by wave until something is shown, and returns
// what, and after how many votes.
func (d waved) hold(e Evidence, come arrival, rng *rand.Rand) (Verdict, int) {
	shuffles := 2000 // as many as a reveal takes
	switch {
	case *trials == 0:
		shuffles = 200
	case d.people > 12:
		shuffles = 400 // to save hours: fewer find less, and by how little does not matter here
	}
	for n := 1; n < d.looks; n++ {
		in := come(e, d, n)
		if v := Decide(in, EarlyLook(n), shuffles, rng).Verdict; v != NotEnough {
			return v, len(in.Votes) + len(in.Controls)
		}
	}
	return Decide(e, LastLook(d.looks-1, false), shuffles, rng).Verdict, len(e.Votes) + len(e.Controls)
}

// verdicts is how often so many tastings in a world end how, and after how many
// votes on average.
func (d waved) verdicts(w world, o oddity, come arrival, n int, seed uint64) (shares map[Verdict]float64, votes float64) {
	shares = make(map[Verdict]float64)
	o.of = d.plain
	var mu sync.Mutex
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		g.Go(func() error {
			rng := rand.New(rand.NewPCG(seed, uint64(i)))
			e := w.odd(size{d.people, d.pool, d.controls, 0}, o, rng)
			if w.tastes || o.troll { // whoever comes first must not be known by their taste
				e = renamed(e, rng.Perm(d.people))
			}
			v, used := d.hold(e, come, rng)
			mu.Lock()
			defer mu.Unlock()
			shares[v] += 1 / float64(n)
			votes += float64(used) / float64(n)
			return nil
		})
	}
	_ = g.Wait() // nothing above fails
	return shares, votes
}

// renamed gives voters other numbers.
func renamed(e Evidence, number []int) Evidence {
	for _, obs := range [][]Obs{e.Votes, e.Controls} {
		for i := range obs {
			obs[i].Voter = number[obs[i].Voter]
		}
	}
	return e
}

func said(shares map[Verdict]float64, verdicts ...Verdict) (sum float64) {
	for _, v := range verdicts {
		sum += shares[v]
	}
	return sum
}

// Tastings in decks and waves find what is there with few votes, and claim no
// more than promised. With -trials it prints the decision table; on two cores
// that nobody else uses, half an hour:
//
//	go test ./bot/stats -run Waves -v -trials 1000 -timeout 6h
func TestWaves(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates for seconds: run without -short")
	}
	winner := depends
	winner.name, winner.want = "dep.winner", First
	better := worlds[5]
	seven := []world{worlds[0], worlds[1], worlds[2], worlds[3], worlds[4], better, winner}
	split := world{name: "split", want: Split, tie: 0.15, skill: 0.88, voterSD: 1.2}
	spread := world{name: "spread of .06", tie: 0.15, skill: 0.88}

	seeds, n := []uint64{1, 2, 3}, *trials
	if n == 0 {
		seeds, n = seeds[:1], 20
	}
	for _, d := range waveds() {
		if *trials == 0 && (d.people == 30 || d.plain == 20 || d.plain == 10) {
			continue // takes too long for every day
		}
		for _, come := range []struct {
			name string
			arrival
		}{{"evenly", evenly}, {"one by one", oneByOne}} {
			if d.looks == 1 && come.name != "evenly" {
				continue // it does not matter
			}
			t.Run(fmt.Sprintf("%v, %s", d, come.name), func(t *testing.T) {
				for _, seed := range seeds {
					slip := 0.0 // of three fixed seeds all must hold
					if *trials == 0 {
						slip = 3 * math.Sqrt(0.25/float64(n))
					}
					most := func(what string, is, promised float64) {
						t.Helper()
						limit := promised + 2*math.Sqrt(promised*(1-promised)/float64(n))
						if *trials == 0 {
							limit = promised + 3*math.Sqrt(promised*(1-promised)/float64(n)) + 1.5/float64(n)
						}
						if is > limit {
							t.Errorf("seed %d, %d tastings: %s in %s, at most %s may be", seed, n, what, percentOf(is), percentOf(limit))
						}
					}
					right, votes, falseWins, line := 0.0, 0.0, 0.0, ""
					for i, w := range append(append([]world{}, seven...), split) {
						shares, used := d.verdicts(w, oddity{}, come.arrival, n, seed)
						line += fmt.Sprintf(" %s %s after %.0f;", w.name, percentOf(shares[w.want]), used)
						if i < 7 {
							right += shares[w.want] / 7
							votes += used / 7
						}
						if least := d.least[w.name]; shares[w.want] < least-slip {
							t.Errorf("%s, seed %d, %d tastings: right in %s, want %s\n%s", w.name, seed, n, percentOf(shares[w.want]), percentOf(least), table(shares))
						}
						if wins := said(shares, winners...); w.want != First {
							falseWins = max(falseWins, wins)
							most("a false winner, "+w.name, wins, 0.05)
						}
					}
					for _, w := range winnerless() {
						shares, used := d.verdicts(w, oddity{}, come.arrival, n, seed)
						wins := said(shares, winners...)
						line += fmt.Sprintf(" %s: a winner in %s after %.0f;", w.name, percentOf(wins), used)
						falseWins = max(falseWins, wins)
						most("a false winner, "+w.name, wins, 0.05)
					}
					if right < d.right-slip/2 {
						t.Errorf("seed %d, %d tastings: right in %s on average, want %s;%s", seed, n, percentOf(right), percentOf(d.right), line)
					}
					if votes > 0.5+d.votes*(1+slip/2) {
						t.Errorf("seed %d, %d tastings: it takes %.0f votes on average, want %.0f of at most %d", seed, n, votes, d.votes, d.most())
					}
					if *trials > 0 {
						t.Logf("seed %d: right in %s after %.0f of at most %d votes; a false winner in at most %s;%s", seed, percentOf(right), votes, d.most(), percentOf(falseWins), line)
					}
					trolls, line := 0.0, ""
					for _, w := range []world{better, worlds[2], worlds[3]} {
						shares, _ := d.verdicts(w, oddity{troll: true}, come.arrival, n, seed)
						trolls = max(trolls, said(shares, byWhom...))
						most("with one troll voters differ, "+w.name, said(shares, byWhom...), d.troll)
					}
					shares, _ := d.verdicts(spread, oddity{troll: true, spread: true}, come.arrival, n, seed)
					most("with one troll voters differ, "+spread.name, said(shares, byWhom...), d.some)
					line += fmt.Sprintf("with one troll voters differ in at most %s, by .06 in %s;", percentOf(trolls), percentOf(said(shares, byWhom...)))
					for _, s := range []struct{ skill, most float64 }{{0.75, 0.02}, {0.85, 0.005}} {
						shares, _ := d.verdicts(better.skilled(s.skill), oddity{}, come.arrival, n, seed)
						most(fmt.Sprintf("right in %.0f %% of control pairs and accused", 100*s.skill), shares[Guessing], s.most)
						line += fmt.Sprintf(" right in %.0f %% of control pairs and accused in %s;", 100*s.skill, percentOf(shares[Guessing]))
					}
					if *trials > 0 {
						t.Logf("seed %d: %s", seed, strings.TrimSuffix(line, ";"))
					}
				}
			})
		}
	}
}

// Nor is a winner named too often where one person after the other goes through a
// whole deck, and so at the first look five people are all that is known of people.
// By the mean alone, so that it takes seconds; with -trials for as many tastings.
func TestOneByOne(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates for seconds: run without -short")
	}
	n := max(*trials, 400)
	for _, d := range waveds() {
		if d.looks == 1 || d.plain == 20 && d.people == 20 {
			continue
		}
		for _, w := range winnerless()[2:] {
			wins := 0.0
			for i := range n {
				rng := rand.New(rand.NewPCG(1, uint64(i)))
				e := w.odd(size{d.people, d.pool, d.controls, 0}, oddity{of: d.plain}, rng)
				for look := 1; look <= d.looks; look++ {
					in, l := e, LastLook(d.looks-1, false)
					if look < d.looks {
						in, l = oneByOne(e, d, look), EarlyLook(look)
					}
					m := TwoWay(in.Votes)
					if lo, hi, ok := m.CI(1 - l.Winner); ok && m.Voters >= leastOf && (lo > 0.5 || hi < 0.5) {
						wins += 1 / float64(n)
						break
					}
				}
			}
			t.Logf("%v, %s: a winner in %s of %d", d, w.name, percentOf(wins), n)
			if wins > 0.055+3*math.Sqrt(0.05*0.95/float64(n)) {
				t.Errorf("%v, %s: a winner is named in %s of %d tastings", d, w.name, percentOf(wins), n)
			}
		}
	}
}
