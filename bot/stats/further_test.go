package stats

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"golang.org/x/sync/errgroup"
)

func TestTrustedByHand(t *testing.T) {
	rounds := []Paired{
		{1, 1, 0.75}, {1, 0, 0.25}, // ±½ and ±¼ about their means
		{2, 1, 0.5}, {2, 1, 1}, {2, 0, 0}, // ⅓, ⅓, −⅔ and 0, ½, −½
		{3, 1, 0}, // alone
	}
	got := Trusted(rounds)
	want := Trust{5, 0.75 / math.Sqrt((0.5+2.0/3)*(0.125+0.5)), 0.75 / (0.5 + 2.0/3)}
	if got.Rounds != want.Rounds || math.Abs(got.Correlation-want.Correlation) > 1e-9 || math.Abs(got.Slope-want.Slope) > 1e-9 {
		t.Errorf("trust is %+v, want %+v", got, want)
	}
	for i, r := range rounds { // the second tasting's models change places
		if r.Tasting == 2 {
			rounds[i] = Paired{2, 1 - r.Judge, 1 - r.People}
		}
	}
	if again := Trusted(rounds); math.Abs(again.Correlation-got.Correlation) > 1e-9 || math.Abs(again.Slope-got.Slope) > 1e-9 {
		t.Errorf("with the models of one tasting exchanged trust is %+v, before %+v", again, got)
	}
}

// That a judge and people find the same model better in every tasting is no reason to
// trust it on prompts.
func TestTrustIsWithinTastings(t *testing.T) {
	var rounds []Paired
	for n := range 60 {
		for k := range 2 {
			rounds = append(rounds, Paired{n, float64(n % 2), float64(n%2)*0.6 + 0.4*float64(k)})
		}
	}
	if got := Trusted(rounds); got.Rounds != 120 || got.Correlation != 0 || got.Earned() {
		t.Errorf("who says the same of all prompts of a tasting has %+v", got)
	}
}

func TestEarned(t *testing.T) {
	for _, tt := range []struct {
		Trust
		want bool
	}{
		{Trust{100, 0.5, 1}, true}, {Trust{99, 0.9, 1}, false}, {Trust{400, 0.499, 1}, false}, {Trust{100, -0.9, 1}, false}, {Trust{}, false},
	} {
		if got := tt.Earned(); got != tt.want {
			t.Errorf("%+v is earned: %v", tt.Trust, got)
		}
	}
}

// The formula's figures for ten of 200 prompts.
func TestVarianceLeft(t *testing.T) {
	for _, tt := range []struct{ rho, want float64 }{{0.35, 0.88}, {0.5, 0.76}, {0.7, 0.53}, {0.8, 0.39}, {0, 1}} {
		if got := VarianceLeft(tt.rho, 10, 190); math.Abs(got-tt.want) > 0.005 {
			t.Errorf("at %v ten of 200 prompts leave %.3f, want %v", tt.rho, got, tt.want)
		}
	}
	if got := VarianceLeft(0.9, 0, 0); got != 1 {
		t.Errorf("without prompts %v is left", got)
	}
}

func TestNarrowByHand(t *testing.T) {
	votes := []Obs{{1, 1, 1}, {2, 1, 1}, {1, 2, 0}, {2, 2, 1}}
	got := Narrow(votes, map[int]float64{1: 1, 2: 0}, []float64{1, 1, 0, 1}, 0.6)
	// Four of six prompts are further: λ = 0.4, and the judge has ⅔ for all and ½ for
	// those voted on. Less the judge votes are 0.6, 0.6, 0, 1: voters are ±½ off, their
	// squared error 1/16; that of the further ones 0.16 · 0.1875/3.
	if math.Abs(got.M-(0.75+0.6*(4.0/6-0.5))) > 1e-9 || math.Abs(got.SE-math.Sqrt(1.0/16+0.01)) > 1e-9 {
		t.Errorf("M %v and SE %v, want 0.85 and %v", got.M, got.SE, math.Sqrt(0.0725))
	}
	if got.People.M != 0.75 || got.People.SE != 0.25 || math.Abs(got.Part-1.16) > 1e-9 {
		t.Errorf("people's %v and %v, part %v; want 0.75, 0.25 and 1.16", got.People.M, got.People.SE, got.Part)
	}
	for what, n := range map[string]Narrowed{
		"one further prompt":   Narrow(votes, nil, []float64{1}, 0.6),
		"no vote":              Narrow(nil, nil, []float64{1, 0, 1}, 0.6),
		"one voter":            Narrow([]Obs{{1, 1, 1}, {1, 2, 0}}, nil, []float64{1, 0, 1}, 0.6),
		"votes that are alike": Narrow([]Obs{{1, 1, 1}, {2, 1, 1}, {1, 2, 1}, {2, 2, 1}}, map[int]float64{1: 1, 2: 0}, []float64{1, 0, 1}, 0.6),
	} {
		if _, _, ok := n.CI(0.95); ok || n.M != n.People.M {
			t.Errorf("%s: %+v is said to be narrowed", what, n)
		}
	}
	if n := Narrow(votes, map[int]float64{1: 1, 2: 0}, []float64{1, 1, 0, 1}, 0); n.M != 0.75 || n.Part != 1 {
		t.Errorf("of a judge that adds nothing %+v comes", n)
	}
}

// A tuned is a team with a judge: prompts lean to one of two models by a normal
// distribution or, split, to either side by one spread; so do people. The judge sees a
// prompt's lean with a bias and with an error of its own. All are logits.
type tuned struct {
	name                   string
	lean, kinds, taste     float64
	split                  bool
	people, voted, further int
	each                   int // how many of the prompts one person votes on
	bias, err              float64
	deaf                   bool // the judge has drifted: it hears nothing of the lean
}

const tunedTie = 0.15 // of votes

func (w tuned) prompt(rng *rand.Rand) float64 {
	if w.split {
		return w.lean + math.Copysign(w.kinds, rng.Float64()-0.5)
	}
	return w.lean + w.kinds*rng.NormFloat64()
}

// score is the judge's of a prompt: where it is near the middle it changes its mind with
// the sides, and abstains.
func (w tuned) score(prompt float64, rng *rand.Rand) float64 {
	if w.deaf {
		prompt = 0
	}
	switch seen := prompt + w.bias + w.err*rng.NormFloat64(); {
	case seen > 0.3:
		return 1
	case seen < -0.3:
		return 0
	}
	return 0.5
}

// tasting draws votes, the judge's scores of the prompts voted on, and of further ones.
func (w tuned) tasting(rng *rand.Rand) (votes []Obs, read map[int]float64, further []float64) {
	prompts := make([]float64, w.voted)
	read = make(map[int]float64)
	for k := range prompts {
		prompts[k] = w.prompt(rng)
		read[k] = w.score(prompts[k], rng)
	}
	for v := range w.people {
		own := w.taste * rng.NormFloat64()
		for _, k := range rng.Perm(w.voted)[:w.each] {
			y := 0.5
			if rng.Float64() > tunedTie {
				y = yes(rng.Float64() < logistic(prompts[k]+own))
			}
			votes = append(votes, Obs{v, k, y})
		}
	}
	for range w.further {
		further = append(further, w.score(w.prompt(rng), rng))
	}
	return votes, read, further
}

// earlier are at least so many rounds of earlier tastings.
func (w tuned) earlier(rounds int, rng *rand.Rand) (all []Paired) {
	for t := 0; len(all) < rounds; t++ {
		votes, read, _ := w.tasting(rng)
		sum, n := make([]float64, w.voted), make([]float64, w.voted)
		for _, o := range votes {
			sum[o.Prompt], n[o.Prompt] = sum[o.Prompt]+o.Y, n[o.Prompt]+1
		}
		for k := range sum {
			if n[k] > 0 {
				all = append(all, Paired{t, read[k], sum[k] / n[k]})
			}
		}
	}
	return all
}

// truth is what endless votes of such people on such prompts come to.
func (w tuned) truth() float64 {
	const steps = 400
	sum, of := 0.0, 0.0
	for i := range steps + 1 {
		z := 12*float64(i)/steps - 6
		density := math.Exp(-z * z / 2)
		if w.split {
			sum += density * (logistic(w.lean+w.kinds+w.taste*z) + logistic(w.lean-w.kinds+w.taste*z)) / 2
		} else {
			sum += density * logistic(w.lean+math.Hypot(w.kinds, w.taste)*z)
		}
		of += density
	}
	return tunedTie/2 + (1-tunedTie)*sum/of
}

// held is in how many of n tastings the interval of people's votes and the narrowed one
// hold the truth, and what part of the variance is left on average. The slope is that of
// 120 earlier rounds, in which the judge was not deaf yet.
func (w tuned) held(n int, rng *rand.Rand) (people, narrowed int, part float64) {
	truth, then := w.truth(), w
	then.deaf = false
	for range n {
		votes, read, further := w.tasting(rng)
		with := Narrow(votes, read, further, Trusted(then.earlier(120, rng)).Slope)
		lo, hi, _ := with.People.CI(0.95)
		people += within(lo, hi, truth)
		lo, hi, _ = with.CI(0.95)
		narrowed += within(lo, hi, truth)
		part += with.Part / float64(n)
	}
	return people, narrowed, part
}

// The narrowed interval holds the truth as often as it says, whatever the judge has
// become, and is narrower while the judge is what it was. With -trials it prints the
// figures of the package's comment:
//
//	go test ./bot/stats -run FurtherPrompts -v -trials 2000
func TestFurtherPrompts(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds: run without -short")
	}
	n := *trials
	if n == 0 {
		n = 200
	}
	worlds := []tuned{
		{name: "ρ .5", lean: 0.4, kinds: 1.5, taste: 0.5, people: 12, voted: 10, each: 10, further: 100, bias: 0.5, err: 1.7},
		{name: "ρ .7", lean: 0.4, kinds: 1.8, taste: 0.5, people: 12, voted: 10, each: 10, further: 100, bias: 0.5, err: 0.9},
		{name: "ρ .9", lean: 0.3, kinds: 2.2, taste: 0.4, people: 12, voted: 10, each: 10, further: 100, bias: 0.2, err: 1.1, split: true},
		{name: "ρ .7, five prompts", lean: 0.4, kinds: 1.8, taste: 0.5, people: 12, voted: 5, each: 5, further: 100, bias: 0.5, err: 0.9},
		{name: "ρ .6, 13 of 30 prompts each", lean: 0.4, kinds: 1.8, taste: 0.5, people: 12, voted: 30, each: 13, further: 100, bias: 0.5, err: 0.9},
	}
	type result struct {
		tuned
		rho, part        float64
		people, narrowed int
	}
	var results []*result
	for _, w := range worlds {
		for _, deaf := range []bool{false, true} {
			w.deaf = deaf
			results = append(results, &result{tuned: w})
		}
	}
	var side errgroup.Group
	side.SetLimit(runtime.GOMAXPROCS(0))
	for i, r := range results {
		side.Go(func() error {
			rng := rand.New(rand.NewPCG(11, uint64(i)))
			r.rho = Trusted(r.earlier(10*n, rng)).Correlation
			r.people, r.narrowed, r.part = r.held(n, rng)
			return nil
		})
	}
	if err := side.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		percent := func(k int) float64 { return 100 * float64(k) / float64(n) }
		t.Logf("%-28s deaf %-5v ρ now %5.2f: people's interval holds %.1f%%, the narrowed one %.1f%%, variance left %.2f (formula %.2f)",
			r.name, r.deaf, r.rho, percent(r.people), percent(r.narrowed), r.part, VarianceLeft(r.rho, r.voted, r.further))
		if least := 95 - 300*math.Sqrt(0.05*0.95/float64(n)); percent(r.narrowed) < least {
			t.Errorf("%s, deaf %v: the narrowed interval holds the truth in %d of %d tastings", r.name, r.deaf, r.narrowed, n)
		}
		if r.part >= 1 != r.deaf {
			t.Errorf("%s, deaf %v: %.2f of the variance is left", r.name, r.deaf, r.part)
		}
	}
}
