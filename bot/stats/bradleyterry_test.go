package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The example in Wikipedia's article on the model: A beat B twice, and so on.
func TestBradleyTerry(t *testing.T) {
	wins := [][]float64{{0, 2, 0, 1}, {3, 0, 5, 0}, {0, 3, 0, 1}, {4, 0, 3, 0}}
	var games []Game
	for a, row := range wins {
		for b, won := range row {
			games = append(games, Game{A: a, B: b, Score: won, Votes: won, Prompt: 10*a + b})
		}
	}
	fit := BradleyTerry(4, games, 0)
	for i, want := range []float64{0.6398348150224115, 1.043314403086484, 0.6598101958069609, 2.2703766280900743} {
		if got := math.Exp(fit.Score[i]); !near(got, want, 1e-6) {
			t.Errorf("model %d has a power of %v, want %v", i, got, want)
		}
	}
	if !fit.Finite || fit.Prompts != 8 {
		t.Errorf("finite %t, %d prompts; want true, 8", fit.Finite, fit.Prompts)
	}
}

// Two models have a closed form: the difference is the logit of the share, and
// its error that of the mean of prompts.
func TestTwoModels(t *testing.T) {
	won := []float64{9, 10, 4, 9, 3, 7}
	var games []Game
	for k, w := range won {
		games = append(games, Game{A: 0, B: 1, Score: w, Votes: 10, Prompt: k})
	}
	fit := BradleyTerry(2, games, 0)
	const share = 0.7
	sq := 0.0
	for _, w := range won {
		sq += (w - 10*share) * (w - 10*share)
	}
	score := math.Log(share/(1-share)) / 2
	se := math.Sqrt(sq*6/5) / (60 * share * (1 - share)) / 2
	got, ok := fit.SE(0)
	if !ok || fit.DF != 4 || !near(fit.Score[0], score, 1e-6) || !near(fit.Score[1], -score, 1e-6) || !near(got, se, 1e-6) {
		t.Errorf("%v ± %v, %v degrees of freedom; want %v ± %v, 4", fit.Score, got, fit.DF, score, se)
	}
	lo, hi, _ := fit.CI(0, 0.95)
	if half := 2.7764451051977987 * se; !near(lo, score-half, 1e-6) || !near(hi, score+half, 1e-6) {
		t.Errorf("[%v, %v], want [%v, %v]", lo, hi, score-half, score+half)
	}
}

// With all voters on all prompts the error of two models is that of the mean of
// votes, seen through the logit.
func TestTwoModelsByVoter(t *testing.T) {
	rng := seeded(11)
	tm := team{people: 9, prompts: 8, models: 2, taste: 1.5, kinds: 1, turnout: 1}
	games := tm.games(rng)
	var votes []Obs
	for _, g := range games {
		for _, c := range g.Cells {
			votes = append(votes, Obs{Voter: int(c.Voter), Prompt: g.Prompt, Y: float64(c.Score)})
		}
	}
	mean, fit := TwoWay(votes), BradleyTerry(2, games, 0)
	gap, lo, hi, ok := fit.Gap(1, 0, 0.95)
	e := fit.estimate(1, 0)
	if want := mean.SE / (mean.M * (1 - mean.M)); !ok || !near(e.SE, want, 0.02*want) || !near(e.df, mean.DF, 0.05*mean.DF) || !near(logistic(gap), mean.M, 1e-9) {
		t.Errorf("%v [%v, %v], error %v with %v degrees of freedom; the mean of the same votes is %v with an error of %v, %v", gap, lo, hi, e.SE, e.df, mean.M, want, mean.DF)
	}
	// What one person thinks in every round is not known by many rounds.
	for i := range games {
		games[i].Cells = nil
	}
	if alone := fit.Again(games, Style{}, 0).estimate(1, 0); alone.SE >= 0.9*e.SE {
		t.Errorf("error %v by prompts alone, %v with voters: people with tastes of their own should make it larger", alone.SE, e.SE)
	}
}

// Of games whose voters are not known only prompts have a part in the error, and
// it is never below that by prompts.
func TestSomeVotersKnown(t *testing.T) {
	rng := seeded(12)
	tm := team{people: 12, prompts: 20, models: 3, taste: 1, kinds: 0.5, turnout: 0.8}
	all := tm.games(rng)
	some, none := slices.Clone(all), slices.Clone(all)
	for i := range all {
		none[i].Cells = nil
		if i%2 == 0 {
			some[i].Cells = nil
		}
	}
	a, b, c := BradleyTerry(3, none, Ridge), BradleyTerry(3, some, Ridge), BradleyTerry(3, all, Ridge)
	if a.Voters != 0 || b.Voters != 12 || b.Known >= b.Votes || c.Known != c.Votes || a.Known != 0 {
		t.Errorf("%d, %d, %d voters of %d, %d, %d of %d votes", a.Voters, b.Voters, c.Voters, a.Known, b.Known, c.Known, c.Votes)
	}
	for i := range 3 {
		x, y, z := a.estimate(i, i), b.estimate(i, i), c.estimate(i, i)
		if !(x.SE <= y.SE*(1+1e-9) && y.SE < z.SE) {
			t.Errorf("model %d: errors %v, %v, %v with no, half, all voters known; want them rising", i, x.SE, y.SE, z.SE)
		}
	}
	// One voter is no sample of people.
	for i := range all {
		for j := range all[i].Cells {
			all[i].Cells[j].Voter = 7
		}
	}
	if one := BradleyTerry(3, all, Ridge); one.estimate(0, 1) != a.estimate(0, 1) {
		t.Errorf("with one voter %v, by prompts %v; want the same", one.estimate(0, 1), a.estimate(0, 1))
	}
}

// Two models' own intervals may overlap where that of their difference leaves
// out 0: it is that which tells ranks apart.
func TestRanksByDifference(t *testing.T) {
	var games []Game
	for k := range 9 {
		better := float64(3 * (k % 3))
		games = append(games,
			Game{A: 0, B: 2, Score: 4 + better, Votes: 12, Prompt: 2 * k},
			Game{A: 1, B: 2, Score: 1 + better, Votes: 12, Prompt: 2*k + 1})
	}
	fit := BradleyTerry(3, games, Ridge)
	lo, _, _ := fit.CI(0, 0.95)
	_, hi, _ := fit.CI(1, 0.95)
	_, gap, _, ok := fit.Gap(0, 1, 0.95)
	if !ok || lo > hi || gap <= 0 {
		t.Fatalf("the first is from %v, the second to %v, and the difference from %v: this test shows nothing", lo, hi, gap)
	}
	if got, want := fit.Ranks(0.95), [][2]int{{1, 2}, {2, 3}, {1, 3}}; !slices.Equal(got, want) {
		t.Errorf("ranks %v, want %v: the first is above the second by at least %v", got, want, gap)
	}
}

// Prompts that all split alike say nothing of how prompts differ, and do not
// make an error of nothing: it is that of independent votes.
func TestErrorsHaveAFloor(t *testing.T) {
	const each, prompts, share = 10, 6, 0.7
	for _, spread := range []float64{0, 1, 3} { // of the six prompts, three have so many more votes for the first
		var games []Game
		for k := range prompts {
			games = append(games, Game{A: 0, B: 1, Score: each*share + spread*float64(1-2*(k%2)), Votes: each, Prompt: k})
		}
		fit := BradleyTerry(2, games, 0)
		info := each * prompts * share * (1 - share)
		floor, clustered := 1/math.Sqrt(info), math.Sqrt(spread*spread*prompts*6/5)/info
		gap, lo, hi, ok := fit.Gap(0, 1, 0.95)
		want := max(floor, clustered) * 2.7764451051977987 // t with 4 degrees of freedom
		if !ok || !near(gap-lo, want, 1e-6) || !near(hi-gap, want, 1e-6) {
			t.Errorf("spread %v: %v in [%v, %v] %t, want ± %v", spread, gap, lo, hi, ok, want)
		}
		if se, _ := fit.SE(0); !near(se, max(floor, clustered)/2, 1e-6) {
			t.Errorf("spread %v: error %v, want %v", spread, se, max(floor, clustered)/2)
		}
	}
}

func TestBradleyTerryAgainstReference(t *testing.T) {
	crowd := readCrowd(t)
	var ref struct {
		Llmfao struct {
			Models  []string
			Score   []float64 `json:"theta_mean0"`
			Ridge   []float64 `json:"theta_ridge_lambda1"`
			Alone   []float64 `json:"se_model"`
			Votes   []float64 `json:"se_sandwich"`
			Voters  []float64 `json:"se_cluster_voter"`
			Prompts []float64 `json:"se_cluster_prompt"`
		}
		Wikipedia struct {
			Win   [][]float64
			Power []float64
		} `json:"wikipedia_abcd"`
	}
	reference(t, "bradley_terry.json", &ref)
	want := ref.Llmfao
	for _, tt := range []struct {
		name    string
		cluster func(i int, v crowdVote) int
		se      []float64
	}{
		{"vote", func(i int, v crowdVote) int { return i }, want.Votes},
		{"voter", func(i int, v crowdVote) int { return v.voter }, want.Voters},
		{"prompt", func(i int, v crowdVote) int { return v.prompt }, want.Prompts},
	} {
		fit := BradleyTerry(len(want.Models), crowd.games(want.Models, tt.cluster), 0)
		for i, name := range want.Models {
			if !near(fit.Score[i], want.Score[i], 1e-6) {
				t.Errorf("%s: score %v, want %v", name, fit.Score[i], want.Score[i])
			}
			if se := math.Sqrt(fit.cov.at(i, i)); !near(se, tt.se[i], 1e-6) {
				t.Errorf("%s by %s: error %v, want %v", name, tt.name, se, tt.se[i])
			}
			if se := math.Sqrt(fit.alone.at(i, i)); !near(se, want.Alone[i], 1e-6) {
				t.Errorf("%s: error %v as if votes were independent, want %v", name, se, want.Alone[i])
			}
		}
		if _, ok := fit.SE(0); ok != (fit.Prompts > len(want.Models)) {
			t.Errorf("by %s: %d clusters for %d models, and errors are ok: %t", tt.name, fit.Prompts, len(want.Models), ok)
		}
		if !fit.Finite || slices.Max(fit.Groups) != 0 {
			t.Errorf("finite %t, groups %v; want one connected group", fit.Finite, fit.Groups)
		}
	}
	games := crowd.games(want.Models, func(i int, v crowdVote) int { return v.prompt })
	fit := BradleyTerry(len(want.Models), games, 1)
	for i, name := range want.Models {
		if !near(fit.Score[i], want.Ridge[i], 1e-6) {
			t.Errorf("%s with a ridge of 1: score %v, want %v", name, fit.Score[i], want.Ridge[i])
		}
	}
}

// Voters and cells enter as clusters of the crowd's votes by voter, and by voter
// and prompt, do.
func TestVotersAgainstReference(t *testing.T) {
	crowd := readCrowd(t)
	var ref struct {
		Llmfao struct {
			Models []string
			Voters []float64 `json:"se_cluster_voter"`
		}
	}
	reference(t, "bradley_terry.json", &ref)
	models := ref.Llmfao.Models
	games := crowd.games(models, func(i int, v crowdVote) int { return v.prompt })
	for i, v := range crowd.votes {
		games[i].Cells = []Cell{{Voter: uint64(v.voter), Score: float32(v.score)}}
	}
	fit := BradleyTerry(len(models), games, 0)
	cells := BradleyTerry(len(models), crowd.games(models, func(i int, v crowdVote) int { return 1000*v.voter + v.prompt }), 0)
	if fit.Known != len(games) || fit.Votes != len(games) || fit.known.cells != cells.Prompts {
		t.Errorf("%d of %d votes with voters, %d cells; want all, %d", fit.Known, fit.Votes, fit.known.cells, cells.Prompts)
	}
	for i, name := range models {
		if se := math.Sqrt(fit.known.byVoter.at(i, i)); !near(se, ref.Llmfao.Voters[i], 1e-6) {
			t.Errorf("%s by voter: error %v, want %v", name, se, ref.Llmfao.Voters[i])
		}
		if c, want := fit.known.byCell.at(i, i), cells.cov.at(i, i); !near(c, want, 1e-9) {
			t.Errorf("%s by cell: squared error %v, want %v", name, c, want)
		}
	}
}

func TestStyleAgainstReference(t *testing.T) {
	crowd := readCrowd(t)
	type column struct {
		Coef     float64
		SEVote   float64 `json:"se_sandwich"`
		SEVoter  float64 `json:"se_voter"`
		SEPrompt float64 `json:"se_prompt"`
	}
	var ref struct {
		Side struct {
			Position column
			Score    []float64 `json:"theta_mean0"`
		} `json:"position"`
		Both struct {
			Position column
			Length   column    `json:"length_z"`
			Score    []float64 `json:"theta_mean0"`
		} `json:"position+length"`
		Models []string
	}
	reference(t, "style_control.json", &ref)

	gaps := make([]float64, len(crowd.votes))
	for i, v := range crowd.votes {
		gaps[i] = v.gap
	}
	length := standardised(gaps)
	for _, tt := range []struct {
		name    string
		style   func(i int) []float64
		columns []column
		score   []float64
	}{
		{"side", func(i int) []float64 { return []float64{1} }, []column{ref.Side.Position}, ref.Side.Score},
		{"side and length", func(i int) []float64 { return []float64{1, length[i]} }, []column{ref.Both.Position, ref.Both.Length}, ref.Both.Score},
	} {
		for name, cluster := range map[string]func(i int, v crowdVote) int{
			"vote":   func(i int, v crowdVote) int { return i },
			"voter":  func(i int, v crowdVote) int { return v.voter },
			"prompt": func(i int, v crowdVote) int { return v.prompt },
		} {
			games := crowd.games(ref.Models, cluster)
			style := Style{Columns: len(tt.columns)}
			for i := range games {
				style.Values = append(style.Values, tt.style(i)...)
			}
			fit := BradleyTerry(len(ref.Models), nil, 0).Again(games, style, 0)
			for i, want := range tt.score {
				if !near(fit.Score[i], want, 1e-6) {
					t.Errorf("%s: score of %s %v, want %v", tt.name, ref.Models[i], fit.Score[i], want)
				}
			}
			for c, want := range tt.columns {
				wantSE := map[string]float64{"vote": want.SEVote, "voter": want.SEVoter, "prompt": want.SEPrompt}[name]
				i := len(ref.Models) + c
				if se := math.Sqrt(fit.cov.at(i, i)); !near(fit.Style[c], want.Coef, 1e-6) || !near(se, wantSE, 1e-6) {
					t.Errorf("%s, column %d by %s: %v ± %v, want %v ± %v", tt.name, c, name, fit.Style[c], se, want.Coef, wantSE)
				}
			}
		}
	}
}

func TestBradleyTerryDegenerate(t *testing.T) {
	win := func(a, b, prompt int) Game { return Game{A: a, B: b, Score: 3, Votes: 3, Prompt: prompt} }
	var sweep, ties, islands []Game
	for k := range 9 {
		sweep = append(sweep, win(0, 1, k), win(1, 2, k), win(2, 1, k))
		ties = append(ties, Game{A: 0, B: 1, Score: 1, Votes: 2, Prompt: k})
	}
	for k := range 20 {
		islands = append(islands, win(0, 1, k), win(2+k%2, 3-k%2, k))
	}
	for _, tt := range []struct {
		name   string
		models int
		games  []Game
		groups []int
		finite bool
		ok     []bool // errors
		ranks  [][2]int
	}{
		{"no models", 0, nil, []int{}, true, []bool{}, [][2]int{}},
		{"no games", 2, nil, []int{0, 1}, true, []bool{false, false}, [][2]int{{1, 2}, {1, 2}}},
		{"one game", 2, []Game{win(0, 1, 0)}, []int{0, 0}, false, []bool{false, false}, [][2]int{{1, 2}, {1, 2}}},
		{"never lost", 3, sweep, []int{0, 0, 0}, false, []bool{true, true, true}, [][2]int{{1, 1}, {2, 3}, {2, 3}}},
		{"all ties", 2, ties, []int{0, 0}, true, []bool{true, true}, [][2]int{{1, 2}, {1, 2}}},
		{"never compared", 5, islands, []int{0, 0, 1, 1, 2}, false, []bool{true, true, true, true, false}, [][2]int{{1, 4}, {2, 5}, {1, 5}, {1, 5}, {1, 5}}},
		{"no votes", 2, []Game{{A: 0, B: 1}}, []int{0, 1}, true, []bool{false, false}, [][2]int{{1, 2}, {1, 2}}},
	} {
		fit := BradleyTerry(tt.models, tt.games, Ridge)
		ok := make([]bool, tt.models)
		for i, s := range fit.Score {
			var se float64
			se, ok[i] = fit.SE(i)
			lo, hi, _ := fit.CI(i, 0.95)
			if !finite(s, se, lo, hi) || ok[i] && hi-lo < 1e-6 {
				t.Errorf("%s: model %d has %v ± %v [%v, %v]", tt.name, i, s, se, lo, hi)
			}
		}
		if !slices.Equal(fit.Groups, tt.groups) || fit.Finite != tt.finite || !slices.Equal(ok, tt.ok) || !slices.Equal(fit.Ranks(0.95), tt.ranks) {
			t.Errorf("%s: groups %v, finite %t, errors %v, ranks %v\nwant %v, %t, %v, %v; scores %v",
				tt.name, fit.Groups, fit.Finite, ok, fit.Ranks(0.95), tt.groups, tt.finite, tt.ok, tt.ranks, fit.Score)
		}
	}
}

func TestBradleyTerryProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const models = 5
		games := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Game {
			a := rapid.IntRange(0, models-1).Draw(t, "a")
			votes := rapid.IntRange(0, 9).Draw(t, "votes")
			return Game{
				A: a, B: (a + rapid.IntRange(1, models-1).Draw(t, "b")) % models,
				Score: float64(rapid.IntRange(0, 2*votes).Draw(t, "halves")) / 2, Votes: float64(votes),
				Prompt: rapid.IntRange(0, 20).Draw(t, "prompt"),
			}
		}), 0, 40).Draw(t, "games")
		sides := Style{Columns: 1, Values: rapid.SliceOfN(rapid.SampledFrom([]float64{-1, 1}), len(games), len(games)).Draw(t, "sides")}
		none := BradleyTerry(models, nil, Ridge)
		fit := none.Again(games, sides, Ridge)

		swapped, renamed, name := slices.Clone(games), slices.Clone(games), rand.New(rand.NewPCG(3, 4)).Perm(models)
		others := Style{Columns: 1}
		for i, g := range games {
			swapped[i] = Game{A: g.B, B: g.A, Score: g.Votes - g.Score, Votes: g.Votes, Prompt: g.Prompt}
			others.Values = append(others.Values, -sides.Values[i])
			renamed[i].A, renamed[i].B = name[g.A], name[g.B]
		}
		turned, other := none.Again(swapped, others, Ridge), none.Again(renamed, sides, Ridge)
		sum := 0.0
		for i, s := range fit.Score {
			sum += s
			se, _ := fit.SE(i)
			if !finite(s, se) {
				t.Fatalf("model %d: %v ± %v", i, s, se)
			}
			for what, f := range map[string]float64{"sides swapped": turned.Score[i], "models renamed": other.Score[name[i]]} {
				if !near(f, s, 1e-8) {
					t.Fatalf("model %d: %v; %s: %v", i, s, what, f)
				}
			}
			if a, _ := other.SE(name[i]); !near(a, se, 1e-8) {
				t.Fatalf("model %d: error %v; renamed %v", i, se, a)
			}
		}
		if !near(sum, 0, 1e-9) {
			t.Fatalf("scores add up to %v", sum)
		}
	})
}

func BenchmarkStandings(b *testing.B) {
	for _, size := range []struct{ models, rounds, prompts, voters int }{{100, 100_000, 1000, 0}, {100, 100_000, 100_000, 0}, {100, 100_000, 1000, 1000}} {
		rng := rand.New(rand.NewPCG(5, 6))
		games := make([]Game, size.rounds)
		for i := range games {
			a := rng.IntN(size.models)
			g := Game{A: a, B: (a + 1 + rng.IntN(size.models-1)) % size.models, Score: float64(rng.IntN(19)) / 2, Votes: 9, Prompt: i * size.prompts / size.rounds}
			for range 9 {
				if size.voters > 0 {
					g.Cells = append(g.Cells, Cell{Voter: uint64(rng.IntN(size.voters)) * 0x123456789abcdef, Score: float32(rng.IntN(3)) / 2})
				}
			}
			games[i] = g
		}
		b.Run(fmt.Sprintf("models=%d/rounds=%d/prompts=%d/voters=%d", size.models, size.rounds, size.prompts, size.voters), func(b *testing.B) {
			for b.Loop() {
				BradleyTerry(size.models, games, Ridge).Ranks(0.95)
			}
		})
	}
}

// Five equal models: intervals must hold 0 in 95 of 100 cases, and hold it in 70
// or so with votes as independent where strengths differ from prompt to prompt.
func TestCoverage(t *testing.T) {
	for _, tt := range []struct{ spread, least, most, independent float64 }{
		{1, 0.92, 0.98, 0.78},
		{0, 0.94, 0.98, 1}, // the floor of errors takes little
	} {
		held, independent := coverage(tt.spread)
		t.Logf("spread %v: intervals hold the truth in %.3f of cases, with votes as independent in %.3f", tt.spread, held, independent)
		if held < tt.least || held > tt.most || independent > tt.independent {
			t.Errorf("want %.2f to %.2f, and at most %.2f", tt.least, tt.most, tt.independent)
		}
	}
}

// coverage is the share of intervals that hold the truth, and of those with
// votes as independent.
func coverage(spread float64) (held, independent float64) {
	const runs, models, prompts, voters = 200, 5, 30, 40
	rng := seeded(5)
	for range runs {
		var games []Game
		for k := range prompts {
			strength := make([]float64, models)
			for i := range strength {
				strength[i] = spread * rng.NormFloat64()
			}
			for range voters {
				a := rng.IntN(models)
				g := Game{A: a, B: (a + 1 + rng.IntN(models-1)) % models, Votes: 1, Prompt: k}
				if rng.Float64() < 1/(1+math.Exp(strength[g.B]-strength[g.A])) {
					g.Score = 1
				}
				games = append(games, g)
			}
		}
		fit := BradleyTerry(models, games, Ridge)
		for i, score := range fit.Score {
			if lo, hi, ok := fit.CI(i, 0.95); ok && lo <= 0 && 0 <= hi {
				held += 1. / runs / models
			}
			if math.Abs(score) < 1.96*math.Sqrt(fit.alone.at(i, i)) {
				independent += 1. / runs / models
			}
		}
	}
	return held, independent
}

// A model tasted on six prompts among a hundred others' is not known as well
// as they are: its interval must still hold its true score about 95 times in 100.
func TestIntervalOfASparseModel(t *testing.T) {
	const models, prompts, own, trials = 8, 120, 6, 400
	rng := rand.New(rand.NewPCG(7, 8))
	truth := []float64{-0.9, -0.6, -0.3, 0, 0.3, 0.6, 0.9, 0}
	vote := func(a, b, prompt int) Game {
		g := Game{A: a, B: b, Votes: 10, Prompt: prompt}
		p := 1 / (1 + math.Exp(truth[b]-truth[a]+rng.NormFloat64()))
		for range 10 {
			if rng.Float64() < p {
				g.Score++
			}
		}
		return g
	}
	const attenuation = 0.85 // of a logit that is averaged over prompts with a spread of 1
	held := make([]int, models)
	naive := 0 // had the sparse model's few prompts counted like the others' many
	for range trials {
		var games []Game
		for k := range prompts {
			a := rng.IntN(models - 1)
			games = append(games, vote(a, (a+1+rng.IntN(models-2))%(models-1), k))
		}
		for k := range own {
			games = append(games, vote(models-1, rng.IntN(models-1), k))
		}
		fit := BradleyTerry(models, games, Ridge)
		for i := range held {
			if lo, hi, ok := fit.CI(i, 0.95); ok && lo <= attenuation*truth[i] && attenuation*truth[i] <= hi {
				held[i]++
			}
		}
		if math.Abs(fit.Score[models-1]) < 1.98*math.Sqrt(fit.cov.at(models-1, models-1)) {
			naive++
		}
	}
	for i, n := range held {
		if n < trials*92/100 {
			t.Errorf("model %d's interval holds its score %d times in %d", i, n, trials)
		}
	}
	if naive > trials*90/100 {
		t.Errorf("by the prompts of all models it would hold %d times in %d: this test shows nothing", naive, trials)
	}
}
