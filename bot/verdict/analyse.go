package verdict

import (
	"cmp"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/tastetest/tastetest/bot"
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
	Finite    bool // scores would be finite without a ridge
	Groups    int  // more than one: some models were never compared, not even through others
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
// [stats.BradleyTerry]. The first error of rows ends it.
//
// A judge has one vote a question and pair of models, the last among rows.
// Votes without a judge count as a voter each. What needs voters (whether they
// differ, taste, guessing) is then not OK, as everywhere in stats.
func Analyse(rows iter.Seq2[VoteRow, error], ridge float64) (Analysis, error) {
	b := newVoteTable()
	for r, err := range rows {
		if err != nil {
			return Analysis{}, err
		}
		b.add(r)
	}
	repeated := b.lastVotes()
	a := Analysis{Repeated: repeated, Alike: append(b.models.alike(), b.judges.alike()...), Judges: len(b.judges.list), Unnamed: int(b.nameless), Controls: len(b.controls)}
	prompts := make(map[int32]bool)
	for _, d := range b.duels {
		a.Votes += len(d.votes)
		for _, v := range d.votes {
			prompts[v.prompt] = true
			if v.excluded {
				a.LeftOut++
			}
		}
	}
	a.Prompts = len(prompts)
	a.Shuffles = shufflesFor(a.Votes)
	var work sync.WaitGroup // each fills in fields of its own
	work.Go(func() { b.standings(&a, ridge) })
	work.Go(func() { a.Agreement = stats.Agree(b.agreementUnits()) })
	work.Go(func() { b.find(&a) })
	work.Wait()
	return a, nil
}

// find fills in Pairs, Retests and Orphans.
func (b *voteTable) find(a *Analysis) {
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
	sides := b.sides(rank)
	results := make([]PairResult, len(b.duels))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, d := range b.duels {
		q := Inquiry{
			Names:    [2]string{b.models.list[d.models[0]], b.models.list[d.models[1]]},
			Shuffles: a.Shuffles, Brief: len(b.duels) > fewPairs,
		}
		g.Go(func() error {
			e := stats.Evidence{
				Votes: b.observations(d, rank), Controls: d.controls(controls), Retests: steady[int32(i)],
				Seen: d.visible, Flipped: sides[i],
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

func (b *voteTable) observations(d duel, rank []int32) []stats.Obs {
	obs := make([]stats.Obs, len(d.votes))
	for i, v := range d.votes {
		voter := int(v.judge)
		if voter < 0 {
			voter = len(b.judges.list) - voter
		}
		y, _ := v.pick.Score()
		obs[i] = stats.Obs{Voter: voter, Prompt: int(rank[v.prompt]), Y: y}
	}
	return obs
}

// sides returns for each duel on which side the first model stood, by prompt's
// rank, where that was one side for all who voted on a prompt; else nil.
func (b *voteTable) sides(rank []int32) [][]bool {
	const left, right = 1, 2
	sides := make([][]bool, len(b.duels))
	at := make([]uint8, len(rank)) // of each prompt of a duel
	for i, d := range b.duels {
		one, shared := true, false // all saw one order; some prompt has two votes
		for _, v := range d.votes {
			side := uint8(left)
			if v.swapped {
				side = right
			}
			shared = shared || at[v.prompt] != 0
			one = one && (at[v.prompt] == 0 || at[v.prompt] == side)
			at[v.prompt] = side
		}
		if one && shared {
			sides[i] = make([]bool, len(rank))
		}
		for _, v := range d.votes {
			if one && shared {
				sides[i][rank[v.prompt]] = v.swapped
			}
			at[v.prompt] = 0
		}
	}
	return sides
}

// controls are those of the judges of a duel.
func (d duel) controls(of map[int32][]stats.Obs) []stats.Obs {
	if len(of) == 0 {
		return nil
	}
	var obs []stats.Obs
	judges := make(map[int32]bool)
	for _, v := range d.votes {
		if !judges[v.judge] {
			judges[v.judge] = true
			obs = append(obs, of[v.judge]...)
		}
	}
	return obs
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

// steady returns for each duel whether retests repeated the first time.
func (b *voteTable) steady(rank []int32) map[int32][]stats.Obs {
	first := make(map[firstTime]bot.Pick, len(b.retests))
	for _, r := range b.retests {
		first[r.firstTime] = bot.None
	}
	for i, d := range b.duels {
		if len(first) == 0 {
			break
		}
		for _, v := range d.votes {
			key := firstTime{int32(i), v.question, v.judge}
			if _, wanted := first[key]; wanted {
				first[key] = v.pick
			}
		}
	}
	steady := make(map[int32][]stats.Obs)
	for _, r := range b.retests {
		was := first[r.firstTime]
		if was == bot.None {
			continue
		}
		o := stats.Obs{Voter: int(r.judge), Prompt: int(rank[r.question]), Y: float64(stats.Bit(r.pick == was))}
		steady[r.pair] = append(steady[r.pair], o)
	}
	return steady
}

// agreementUnits are the counts of left, right, equal and, if anybody found so,
// both bad of each question and pair with two votes or more. Left is where most
// saw the model, as chance agreement depends on what the answers are called.
func (b *voteTable) agreementUnits() [][]int {
	var units [][]int
	picks := 3
	votes := make([]int32, len(b.questions.list)) // of each question of a duel
	unit := make([]int32, len(b.questions.list))  // 1 + its place in units; 0: it has none yet
	for _, d := range b.duels {
		start := len(units)
		var swapped []int
		for _, v := range d.votes {
			votes[v.question]++
		}
		for _, v := range d.votes {
			if v.pick == bot.Bad {
				picks = 4
			}
			if votes[v.question] < 2 {
				continue
			}
			if unit[v.question] == 0 {
				units, swapped = append(units, make([]int, 4)), append(swapped, 0)
				unit[v.question] = int32(len(units))
			}
			u := int(unit[v.question]) - 1
			units[u][v.pick-1]++
			swapped[u-start] += stats.Bit(v.swapped)
		}
		for _, v := range d.votes {
			votes[v.question], unit[v.question] = 0, 0
		}
		for i, u := range units[start:] {
			if 2*swapped[i] > u[0]+u[1]+u[2]+u[3] {
				u[0], u[1] = u[1], u[0]
			}
		}
	}
	for i := range units {
		units[i] = units[i][:picks]
	}
	return units
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
	var games []stats.Game
	at := make([]int, len(b.questions.list)) // 1 + the game of each prompt of a duel
	for _, d := range b.duels {
		for _, v := range d.votes {
			if v.excluded {
				continue
			}
			if at[v.prompt] == 0 {
				games = append(games, stats.Game{A: line(d.models[0]), B: line(d.models[1]), Prompt: int(v.prompt)})
				at[v.prompt] = len(games)
			}
			g := &games[at[v.prompt]-1]
			y, _ := v.pick.Score()
			g.Score += y
			g.Votes++
			for _, m := range []int{g.A, g.B} {
				a.Models[m].Votes++
				if v.pick == bot.Bad {
					a.Models[m].Bad++
				}
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
	for _, g := range fit.Groups {
		a.Groups = max(a.Groups, g+1)
	}
}
