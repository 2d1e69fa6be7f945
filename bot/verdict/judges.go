package verdict

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// Epsilon is by how much a judge may agree less than a person does and still stand
// in for one: people who are not trained for it. See [stats.Alternative].
const Epsilon = 0.15

// A JudgeReport is what the answers of a model that judged show beside people's
// votes. It counts rounds, and of each the answer that it gave in one order of the
// two texts, or in both. If it gave different ones it decided by the order, and
// abstains.
type JudgeReport struct {
	Name      string
	Read      int         // rounds
	People    int         // with a vote in them, of those who are known
	Abstained int         // of these, without an answer that counts, changes with the order among them
	Both      int         // of these, answered in both orders
	Flips     int         // of these, differently
	FlipsLeft [2]int      // of these, for the left text each time, and for the right one
	Left      stats.Share // of its decisive answers in each order, for the text on the left
	Longer    stats.Share // of its decisive rounds, for the longer text

	VotersLeft   stats.Share // of people's decisive votes in the same rounds
	VotersLonger stats.Share

	stats.Likeness
	Alternative stats.AltTest
	Epsilon     float64
}

// Judges reports on the models that judged among rows, by name. The first error of
// rows ends it.
func Judges(ctx context.Context, rows iter.Seq2[VoteRow, error], epsilon float64) ([]JudgeReport, error) {
	b := newVoteTable()
	for r, err := range rows {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		b.add(r)
	}
	b.lastVotes()
	return b.reports(epsilon), nil
}

// readings are what a model answered, by round.
type readings map[roundKey]*reading

type roundKey struct{ pair, question int32 }

// A reading is what a model answered in one round: with the first model on the left
// and with it on the right.
type reading struct {
	read    [2]bool
	picks   [2]bot.Pick // None: no answer
	longer  bot.Pick    // whose text is longer; None: unknown
	swapped bool        // by the models' numbers the second one is the first
}

// read takes in a row of a judge that is a model.
func (b *voteTable) read(r VoteRow) {
	if r.Kind == bot.Control || r.Kind == bot.Retest {
		return
	}
	swapped := r.Models[0] > r.Models[1]
	if swapped {
		r.Models[0], r.Models[1] = r.Models[1], r.Models[0]
		r.Numbers[0], r.Numbers[1] = r.Numbers[1], r.Numbers[0]
	}
	key := roundKey{int32(b.pair([2]int32{b.models.number(r.Models[0]), b.models.number(r.Models[1])})), b.questions.number(r.Question)}
	of := b.readers[r.Judge]
	if of == nil {
		of = make(readings)
		b.readers[r.Judge] = of
	}
	if of[key] == nil {
		of[key] = new(reading)
	}
	side := stats.Bit(swapped)
	x := of[key]
	x.read[side], x.picks[side] = true, r.Winner.Pick(swapped)
	x.longer = r.Longer.Pick(swapped)
	x.swapped = r.Numbers[0] > r.Numbers[1]
}

// reports fills in a report for each model that judged.
func (b *voteTable) reports(epsilon float64) []JudgeReport {
	var all []JudgeReport
	for _, name := range slices.Sorted(maps.Keys(b.readers)) {
		all = append(all, b.report(name, b.readers[name], epsilon))
	}
	return all
}

func (b *voteTable) report(name string, of readings, epsilon float64) JudgeReport {
	r := JudgeReport{Name: name, Read: len(of), Epsilon: epsilon}
	votes := make(map[roundKey][]duelVote, len(of))
	people := make([]bool, len(b.judges.list))
	for i, d := range b.duels {
		for _, v := range d.votes {
			if key := (roundKey{int32(i), v.question}); of[key] != nil {
				votes[key] = append(votes[key], v)
			}
		}
	}
	rounds := make([]stats.Judged, 0, len(of))
	byRound := func(x, y roundKey) int {
		return cmp.Or(cmp.Compare(x.pair, y.pair), cmp.Compare(x.question, y.question))
	}
	for _, key := range slices.SortedFunc(maps.Keys(of), byRound) { // sums of fractions depend on their order
		x := of[key]
		pick := r.count(*x)
		round := stats.Judged{Pick: x.first(pick), Votes: make([]stats.JudgedVote, 0, len(votes[key]))}
		for _, v := range votes[key] {
			r.countVote(*x, v)
			if v.judge >= 0 && !people[v.judge] {
				people[v.judge] = true
				r.People++
			}
			round.Votes = append(round.Votes, stats.JudgedVote{Voter: v.judge, Pick: int8(x.first(v.pick))})
		}
		rounds = append(rounds, round)
	}
	r.Likeness = stats.Alike(rounds)
	r.Alternative = stats.Alternative(rounds, epsilon)
	return r
}

// count takes in one round's answers, and returns the one that counts.
func (r *JudgeReport) count(x reading) bot.Pick {
	lefts, decided := 0, 0
	for side, p := range x.picks {
		if p == bot.First || p == bot.Second {
			decided++
			lefts += stats.Bit((p == bot.First) == (side == 0))
		}
	}
	r.Left.K, r.Left.N = r.Left.K+lefts, r.Left.N+decided
	pick := max(x.picks[0], x.picks[1]) // of one order, its answer
	if x.read == [2]bool{true, true} {
		pick = x.picks[0]
		if pick != bot.None && x.picks[1] != bot.None {
			r.Both++
		}
		if pick != x.picks[1] {
			pick = bot.None
			if x.picks[0] != bot.None && x.picks[1] != bot.None {
				r.Flips++
			}
			if decided == 2 {
				r.FlipsLeft[stats.Bit(lefts == 0)]++
			}
		}
	}
	r.Abstained += stats.Bit(pick == bot.None)
	if x.longer != bot.None && (pick == bot.First || pick == bot.Second) {
		r.Longer.N++
		r.Longer.K += stats.Bit(pick == x.longer)
	}
	return pick
}

// countVote takes in a person's vote in the same round.
func (r *JudgeReport) countVote(x reading, v duelVote) {
	if v.pick != bot.First && v.pick != bot.Second {
		return
	}
	r.VotersLeft.N++
	r.VotersLeft.K += stats.Bit((v.pick == bot.First) != v.swapped)
	if x.longer != bot.None {
		r.VotersLonger.N++
		r.VotersLonger.K += stats.Bit(v.pick == x.longer)
	}
}

// first is a pick by the numbers of [stats.Judged].
func (x reading) first(p bot.Pick) int {
	switch {
	case p == bot.None:
		return stats.Abstained
	case x.swapped && p == bot.First:
		p = bot.Second
	case x.swapped && p == bot.Second:
		p = bot.First
	}
	return int(p - bot.First)
}
