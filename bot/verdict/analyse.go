package verdict

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
)

// An Analysis is what votes from anywhere show.
type Analysis struct {
	Votes     int // on plain rounds
	Prompts   int
	Judges    int         // known ones
	Unnamed   int         // votes without a judge
	Controls  int         // votes of known judges; those of others say nothing
	Retests   int         // votes whose first time is there
	Orphans   int         // retests whose first time is not
	LeftOut   int         // plain votes that stay out of standings
	Repeated  int         // rows that a later one of the same judge on the same question replaced
	Alike     [][2]string // names of judges, and of models, that differ only in case
	Agreement stats.Agreement
	Shuffles  int          // behind each p-value
	Pairs     []PairResult // the one with the most votes first
	Models    []ModelResult
	Finite    bool          // scores would be finite without a ridge
	People    bool          // intervals of scores hold for people like these, too, where judges are known
	Known     [2]int        // so many votes in standings have judges, of so many
	Groups    int           // more than one: some models were never compared, not even through others
	Readers   []JudgeReport // the judges that are models, by name
}

// A PairResult is what the votes on one pair of models show.
type PairResult struct {
	Models  [2]string // in the order of the alphabet
	Tally   bot.Tally
	Finding Finding
}

// A ModelResult is a model's line of the standings.
type ModelResult struct {
	Model string
	Score float64 // natural logit; the mean over models is 0
	SE    float64
	CI    [2]float64 // 95%
	OK    bool       // false: neither SE nor CI can be known
	Rank  [2]int     // first and last that fit
	Votes int
	Bad   int // of these, "both bad"
}

// MostModels is how many models are ranked at most. Time grows with the cube of
// it, and with its square go the pairs, each with sentences of its own.
const MostModels = 400

// HoldsFor says for what intervals of scores hold.
func (a Analysis) HoldsFor() string {
	switch {
	case !a.People:
		return "prompts like these and the same people"
	case a.Known[0] < a.Known[1]:
		return fmt.Sprintf("prompts like these, and for people like these where it is known whose votes are whose (%s of %s)",
			say.Thousands(a.Known[0]), say.Plural(a.Known[1], "vote", "votes"))
	}
	return "prompts and people like these"
}

// shuffleSeed makes an analysis repeatable.
const shuffleSeed = 1

// shuffleBudget is about how many votes all tests may shuffle. With up to
// 20,000 votes it allows for 2,000 shuffles, which is plenty; a p-value of a
// million votes rests on the fewest, 39, which can show 1/40.
const shuffleBudget = 40_000_000

// fewPairs is up to how many pairs each is told what would settle it.
const fewPairs = 10

func shufflesFor(votes int) int {
	return min(max(shuffleBudget/max(votes, 1), 39), 2000)
}

// Analyse gives each pair of models among rows a verdict, by the rule of
// [stats.Decide], and ranks all models. With fewer than five voters or prompts
// the verdict is that they are not enough. ridge is that of
// [stats.BradleyTerry], epsilon that of [stats.Alternative]. The first error of
// rows ends it.
//
// A judge has one vote a question and pair of models, the last among rows.
// Votes without a judge count as a voter each. What needs voters (whether they
// differ, taste, guessing) is then not OK, as everywhere in stats.
//
// There may be up to MostModels models. When ctx ends Analyse does too, at once,
// whatever is under way; rows may then still be asked for one more.
func Analyse(ctx context.Context, rows iter.Seq2[VoteRow, error], ridge, epsilon float64) (Analysis, error) {
	type result struct {
		Analysis
		error
	}
	done := make(chan result, 1)
	go func() {
		a, err := analyse(ctx, rows, ridge, epsilon)
		done <- result{a, err}
	}()
	select {
	case r := <-done:
		return r.Analysis, r.error
	case <-ctx.Done():
		return Analysis{}, ctx.Err()
	}
}

func analyse(ctx context.Context, rows iter.Seq2[VoteRow, error], ridge, epsilon float64) (Analysis, error) {
	b := newVoteTable()
	for r, err := range rows {
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return Analysis{}, err
		}
		if b.add(r); len(b.models.list) > MostModels {
			return Analysis{}, fmt.Errorf("there are more than %s models, the most that are ranked; leave out the rows of some", say.Thousands(MostModels))
		}
	}
	b.questions.numbers, b.judges.numbers = nil, nil // all are known; of a million they are a fifth of the memory
	repeated := b.lastVotes()
	a := Analysis{Repeated: repeated, Alike: append(b.models.alike(), b.judges.alike()...), Judges: len(b.judges.list), Unnamed: int(b.nameless), Controls: len(b.controls)}
	seen := make([]bool, len(b.questions.list)) // of prompts
	for _, d := range b.duels {
		a.Votes += len(d.votes)
		for _, v := range d.votes {
			if !seen[v.prompt] {
				seen[v.prompt] = true
				a.Prompts++
			}
			if v.excluded {
				a.LeftOut++
			}
		}
	}
	a.Shuffles = shufflesFor(a.Votes)
	var work sync.WaitGroup // each fills in fields of its own
	work.Go(func() { b.standings(&a, ridge) })
	work.Go(func() { a.Agreement = stats.Agree(b.agreementUnits()) })
	work.Go(func() { a.Readers = b.reports(epsilon) })
	work.Wait()
	b.find(ctx, &a) // alone: beside the others it would need as much memory again
	if len(a.Models) == 2 && len(a.Pairs) == 1 && a.LeftOut == 0 {
		a.rankTwo()
	}
	return a, ctx.Err()
}

// rankTwo ranks two models by the interval of their share, as their verdict does:
// one question has one answer.
func (a *Analysis) rankTwo() {
	d := a.Pairs[0].Finding.Decision
	above := d.OK && (d.Wide[0] > 0.5 || d.Wide[1] < 0.5)
	for i := range a.Models {
		m := &a.Models[i]
		first := (m.Model == a.Pairs[0].Models[0]) == (d.Wide[0] > 0.5)
		switch {
		case !above:
			m.Rank = [2]int{1, 2}
		case first:
			m.Rank = [2]int{1, 1}
		default:
			m.Rank = [2]int{2, 2}
		}
	}
}

// find fills in Pairs, Retests and Orphans.
func (b *voteTable) find(ctx context.Context, a *Analysis) {
	rank := b.questions.ranks()
	steady := b.steady(rank)
	for _, s := range steady {
		a.Retests += len(s)
	}
	a.Orphans = len(b.retests) - a.Retests
	controls := make(map[int32][]stats.Obs) // by judge
	for _, c := range b.controls {
		o := stats.Obs{Voter: int(c.judge), Prompt: int(rank[c.question]), Y: float64(stats.Bit(c.right))}
		controls[c.judge] = append(controls[c.judge], o)
	}
	sided := b.sided()
	results := make([]PairResult, len(b.duels))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, d := range b.duels {
		q := Inquiry{
			Names:    [2]string{b.models.list[d.models[0]], b.models.list[d.models[1]]},
			Shuffles: a.Shuffles, Brief: len(b.duels) > fewPairs, VotedFirst: !d.open,
		}
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			e := stats.Evidence{
				Votes: b.observations(d, rank), Controls: d.controls(controls), Retests: steady[int32(i)],
				Seen: d.visible,
			}
			if sided[i] {
				e.Flipped = d.flipped(e.Votes)
			}
			results[i] = d.find(q, e)
			return nil
		})
	}
	_ = g.Wait() // nothing above fails
	a.Pairs = slices.DeleteFunc(results, func(r PairResult) bool { return r.Tally.N() == 0 })
	slices.SortFunc(a.Pairs, func(x, y PairResult) int {
		return cmp.Or(cmp.Compare(y.Tally.N(), x.Tally.N()), slices.Compare(x.Models[:], y.Models[:]))
	})
}

// find gives one pair its verdict.
func (d duel) find(q Inquiry, e stats.Evidence) PairResult {
	r := PairResult{Models: q.Names}
	for _, v := range d.votes {
		q.Judges = q.Judges || v.judge >= 0
		r.Tally = r.Tally.Add(v.pick.Tally())
	}
	r.Finding = Find(e, q, rand.New(rand.NewPCG(shuffleSeed, 0)))
	return r
}

// standings fills in Models, Finite and Groups, from the models with votes. It
// numbers models and prompts in one pass over a million votes, by slices
// instead of maps; clearing what one pair used is cheaper than making it anew.
func (b *voteTable) standings(a *Analysis, ridge float64) {
	index := make(map[int32]int) // of a.Models
	line := func(model int32) int {
		i, ok := index[model]
		if !ok {
			i = len(a.Models)
			index[model] = i
			a.Models = append(a.Models, ModelResult{Model: b.models.list[model]})
		}
		return i
	}
	n := b.rounds()
	games := make([]stats.Game, 0, n)
	known := make([]int32, 0, n)               // votes of known judges of each game
	cells := make([]stats.Cell, a.Votes)       // of all games, one after the other
	at := make([]int32, len(b.questions.list)) // 1 + the game of each prompt of a duel
	for _, d := range b.duels {
		first := len(games)
		for _, v := range d.votes {
			if v.excluded {
				continue
			}
			if at[v.prompt] == 0 {
				games = append(games, stats.Game{A: line(d.models[0]), B: line(d.models[1]), Prompt: int(v.prompt)})
				at[v.prompt] = int32(len(games))
				known = append(known, 0)
			}
			g := &games[at[v.prompt]-1]
			y, _ := v.pick.Score()
			g.Score += y
			g.Votes++
			known[at[v.prompt]-1] += int32(stats.Bit(v.judge >= 0))
			for _, m := range []int{g.A, g.B} {
				a.Models[m].Votes++
				if v.pick == bot.Bad {
					a.Models[m].Bad++
				}
			}
		}
		for k := first; k < len(games); k++ {
			games[k].Cells, cells = cells[:0:known[k]], cells[known[k]:]
		}
		for _, v := range d.votes {
			if !v.excluded && v.judge >= 0 {
				g := &games[at[v.prompt]-1]
				y, _ := v.pick.Score()
				g.Cells = append(g.Cells, stats.Cell{Voter: uint64(v.judge), Score: float32(y)})
			}
		}
		for _, v := range d.votes {
			at[v.prompt] = 0
		}
	}
	fit := stats.BradleyTerry(len(a.Models), games, ridge)
	ranks := fit.Ranks(0.95)
	for i := range a.Models {
		m := &a.Models[i]
		m.Score, m.Rank = fit.Score[i], ranks[i]
		if m.SE, m.OK = fit.SE(i); m.OK {
			m.CI[0], m.CI[1], _ = fit.CI(i, 0.95)
		}
	}
	slices.SortFunc(a.Models, func(x, y ModelResult) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.Model, y.Model))
	})
	a.Finite = fit.Finite
	a.Known = [2]int{fit.Known, fit.Votes}
	a.People = fit.Voters > 1
	for _, g := range fit.Groups {
		a.Groups = max(a.Groups, g+1)
	}
}
