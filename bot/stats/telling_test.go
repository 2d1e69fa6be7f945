package stats

import (
	"cmp"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"
)

// A shelf is all prompts that a pool can be chosen from. Each lets leanings come
// out more or less: by a factor, on average 1.
type shelf struct{ factor, told []float64 } // told is what past tastings say of it

// newShelf draws 300 prompts whose factors have a spread of 0.5, and so many past
// tastings of each, of other models, in which ten people voted.
func newShelf(past int, rng *rand.Rand) shelf {
	const prompts, spread, votes = 300, 0.5, 10
	s := shelf{make([]float64, prompts), make([]float64, prompts)}
	for k := range prompts {
		s.factor[k] = math.Exp(spread*rng.NormFloat64() - spread*spread/2)
		if past == 0 {
			continue
		}
		for range past {
			lean, first := s.factor[k]*0.9*rng.NormFloat64()+0.5*rng.NormFloat64(), 0.0
			for range votes {
				first += yes(rng.Float64() < logistic(lean))
			}
			s.told[k] += math.Abs(first/votes-0.5) / float64(past)
		}
	}
	return s
}

// pool chooses n prompts, such a share of them from the half that told more, and
// returns their factors, and weights with which they stand for the whole shelf.
func (s shelf) pool(n int, share float64, rng *rand.Rand) (factor, weight []float64) {
	order := rng.Perm(len(s.factor))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.told[b], s.told[a]) })
	half := len(order) / 2
	for h, part := range [][]int{order[:half], order[half:]} {
		rng.Shuffle(half, func(i, j int) { part[i], part[j] = part[j], part[i] })
		take := int(math.Round(share * float64(n)))
		if h == 1 {
			take = n - take
		}
		for _, k := range part[:take] {
			factor, weight = append(factor, s.factor[k]), append(weight, float64(n)/2/float64(take))
		}
	}
	return factor, weight
}

// dealt draws a tasting of 20 people, of whom each votes on 20 prompts of a pool
// and on twelve control pairs.
func (w world) dealt(factor []float64, rng *rand.Rand) (e Evidence) {
	const people, each, controls = 20, 20, 12
	prompt := make([]float64, len(factor))
	for k := range prompt {
		prompt[k] = w.promptSD * rng.NormFloat64()
	}
	var deck, hand []int
	for v := range people {
		lean, skill := w.lean, w.skill
		switch {
		case w.tastes && float64(v) < math.RoundToEven(0.35*people):
			lean, skill = 1.3, 0.93
		case w.tastes:
			lean, skill = -0.7, 0.68
		}
		hand, deck = deal(deck, each, len(factor), rng)
		for _, k := range hand {
			o := Obs{Voter: v, Prompt: k, Y: 0.5}
			if rng.Float64() >= w.tie {
				o.Y = yes(rng.Float64() < logistic(factor[k]*(lean+prompt[k])))
			}
			e.Votes = append(e.Votes, o)
		}
		for c := range controls {
			e.Controls = append(e.Controls, Obs{v, c, yes(rng.Float64() < skill)})
		}
	}
	return e
}

// weightedDecision decides with a mean in which prompts have weights, so that it is that
// of the whole shelf. Everything else goes by the votes as they are.
func weightedDecision(e Evidence, weight []float64, rng *rand.Rand) Verdict {
	d := Decide(e, OneLook(), 400, rng)
	sum, m := 0.0, 0.0
	for _, o := range e.Votes {
		sum += weight[o.Prompt]
		m += weight[o.Prompt] * o.Y
	}
	m /= sum
	byVoter, byPrompt, alone := make(map[int]float64), make(map[int]float64), 0.0
	for _, o := range e.Votes {
		x := weight[o.Prompt] * (o.Y - m)
		byVoter[o.Voter] += x
		byPrompt[o.Prompt] += x
		alone += x * x
	}
	squares := func(of map[int]float64) (s float64) {
		for _, x := range of {
			s += x * x
		}
		return s * float64(len(of)) / float64(len(of)-1)
	}
	v, p := max(squares(byVoter), alone), max(squares(byPrompt), alone)
	se := math.Sqrt(v+p-alone) / sum
	for _, level := range []struct {
		of *[2]float64
		p  float64
	}{{&d.Wide, 0.05}, {&d.Narrow, 0.10}} {
		half := studentQuantile(1-level.p/2, d.Mean.DF) * se
		*level.of = [2]float64{m - half, m + half}
	}
	d.Depends = false
	d.conclude(false, false)
	return d.Verdict
}

// Choosing for a pool those prompts that told models apart before, with weights so
// that the mean is not biased, is not worth it: with -trials this prints how
// often the seven worlds are called right.
//
//	go test ./bot/stats -run PromptsThatTell -v -trials 1000
func TestPromptsThatTell(t *testing.T) {
	if *trials == 0 {
		t.Skip("simulates for minutes: run with -trials 1000")
	}
	winner := depends
	winner.name, winner.want = "dep.winner", First
	seven := []world{worlds[0], worlds[1], worlds[2], worlds[3], worlds[4], worlds[5], winner}
	for _, way := range []struct {
		name  string
		past  int
		share float64
	}{{"by chance", 0, 0.5}, {"70 % that told, of 2 past tastings", 2, 0.7}, {"70 % that told, of 6", 6, 0.7}, {"70 % that told, of 30", 30, 0.7}, {"90 % that told, of 6", 6, 0.9}} {
		mean, wrong := 0.0, 0.0
		for i, w := range seven {
			var mu sync.Mutex
			var g errgroup.Group
			g.SetLimit(runtime.GOMAXPROCS(0))
			right := 0.0
			for n := range *trials {
				g.Go(func() error {
					rng := rand.New(rand.NewPCG(uint64(i), uint64(n)))
					factor, weight := newShelf(way.past, rng).pool(50, way.share, rng)
					said := weightedDecision(w.dealt(factor, rng), weight, rng)
					mu.Lock()
					defer mu.Unlock()
					right += yes(said == w.want) / float64(*trials)
					if w.want != First && (said == First || said == Second) {
						wrong += 1 / float64(*trials) / 5
					}
					return nil
				})
			}
			_ = g.Wait() // nothing above fails
			mean += right / 7
			t.Logf("%s: %-10s right in %s", way.name, w.name, percentOf(right))
		}
		t.Logf("%s: right in %s on average; a false winner in %s", way.name, percentOf(mean), percentOf(wrong))
	}
}
