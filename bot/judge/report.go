package judge

import (
	"context"
	"iter"
	"math"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/verdict"
)

// A Seen is one tasting, with what people voted and judges said in its rounds, by
// their numbers. Votes are read once, as they come, since there may be a million; the
// first error ends it.
type Seen struct {
	Tasting   bot.Tasting
	Votes     iter.Seq2[bot.Vote, error] // round by round
	Judgments map[int][]bot.Judgment
}

// A Report is what a judge's answers show beside people's votes, over tastings.
type Report struct {
	verdict.JudgeReport
	Cost   bot.Cost // of all its answers
	Judged int      // rounds
	Kin    bool     // in some of them a model was of its family
}

// Of reports on the judges of tastings, by name. Rounds of which the counts may not
// be shown do not enter: what judges say there would tell who voted for what.
func Of(ctx context.Context, all []Seen) ([]Report, error) {
	judged, err := verdict.Judges(ctx, func(yield func(verdict.VoteRow, error) bool) {
		for _, s := range all {
			for row, err := range s.rows() {
				if !yield(row, err) || err != nil {
					return
				}
			}
		}
	}, verdict.Epsilon)
	if err != nil {
		return nil, err
	}
	var reports []Report
	for _, j := range judged {
		r := Report{JudgeReport: j, Cost: bot.Cost{Known: true}}
		for _, s := range all {
			r.add(s)
		}
		reports = append(reports, r)
	}
	return reports, nil
}

// add takes in what a judge made of one tasting, besides its answers.
func (r *Report) add(s Seen) {
	for _, n := range s.shown() {
		for _, j := range s.Judgments[n] {
			if j.Judge != r.Name {
				continue
			}
			r.Judged++
			r.Cost = r.Cost.Add(j.Cost)
			for _, a := range s.Tasting.Judges {
				r.Kin = r.Kin || a.Card.Name == r.Name && Kin(a.Card, s.Tasting.Models)
			}
		}
	}
}

// shown are the rounds that judges read and whose counts may be shown.
func (s Seen) shown() (ns []int) {
	for _, n := range s.Tasting.Tasted() {
		if len(s.Judgments[n]) > 0 && !s.Tasting.Withheld(&s.Tasting.Rounds[n-1]) {
			ns = append(ns, n)
		}
	}
	return ns
}

// rows are the votes and the answers of a tasting, one each.
func (s Seen) rows() iter.Seq2[verdict.VoteRow, error] {
	return func(yield func(verdict.VoteRow, error) bool) {
		left := s.shown()
		row := verdict.VoteRow{Models: s.Tasting.Names(), Kind: bot.Plain}
		// judged yields what judges said in those of the rounds that are left which come
		// before n: a round's votes come first.
		judged := func(n int) bool {
			for ; len(left) > 0 && left[0] < n; left = left[1:] {
				row.Question = s.Tasting.ID.Round(left[0]).String()
				for _, answer := range s.answers(left[0], row) {
					if !yield(answer, nil) {
						return false
					}
				}
			}
			return true
		}
		at := 0
		for v, err := range s.Votes {
			if err != nil {
				yield(row, err)
				return
			}
			if n := v.Round.Round; n != at {
				if !judged(n) {
					return
				}
				at, row.Question = n, s.Tasting.ID.Round(n).String()
			}
			c := v.Pick().Choice(false)
			if c == "" || len(left) == 0 || left[0] != at {
				continue
			}
			row.Judge, row.Winner = v.Voter.User, c
			if !yield(row, nil) {
				return
			}
		}
		judged(math.MaxInt)
	}
}

// answers are what judges said in a round, of which row is any.
func (s Seen) answers(n int, row verdict.VoteRow) (rows []verdict.VoteRow) {
	row.Model = true
	names, words := row.Models, s.Tasting.Rounds[n-1].Words
	for _, j := range s.Judgments[n] {
		for i, p := range j.Picks {
			answer := row
			answer.Judge, answer.Winner = j.Judge, p.Choice(i == 1)
			longer := bot.First
			if words[1] > words[0] {
				longer = bot.Second
			}
			if words[0] != words[1] {
				answer.Longer = longer.Choice(i == 1)
			}
			if i == 1 {
				answer.Models = [2]string{names[1], names[0]}
			}
			rows = append(rows, answer)
		}
	}
	return rows
}

// Line says in one line how a judge did beside the people of one tasting.
func (r Report) Line() bot.Sentence {
	name, votes := bot.Verbatim(r.Name), bot.Count(r.Judge.N)
	var s bot.Sentence
	switch {
	case r.Judge.N == 0:
		s = bot.Say("A judge beside you: {judge} gave no answer that can be held against votes.", name)
	case r.People < bot.EnoughVoters || r.Likeness.Voters.N == 0:
		s = bot.Say("A judge beside you: {judge} agreed with {k} of {n|vote|votes} that chose a side. It counts nowhere.", name, bot.Count(r.Judge.K), votes)
	default:
		s = bot.Say("A judge beside you: {judge} agreed with {share} of {n|vote|votes} that chose a side; two of you agree in {voters}. It counts nowhere.",
			name, verdict.WholePercent(r.Judge), votes, verdict.WholePercent(r.Likeness.Voters))
	}
	if r.Kin {
		return bot.Prose(s, bot.Say("It is of the family of one of the two."))
	}
	return s
}

// Price is what a judge costs per 1,000 verdicts.
func (r Report) Price() bot.Cost {
	return bot.Cost{Pico: r.Cost.Pico / int64(max(r.Judged, 1)) * 1000, Known: r.Cost.Known && r.Judged > 0}
}
