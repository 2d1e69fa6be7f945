package judge

import (
	"slices"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// Trust is how far a judge, as it is set, went with people's votes from one prompt to
// another: over all rounds that it read and whose counts may be shown. One whose model
// or rubric was changed begins anew.
func Trust(all []Seen, card bot.Card) stats.Trust {
	var rounds []stats.Paired
	for i, s := range all {
		for _, n := range s.shown() {
			score, ok := scoreBy(s.Judgments[n], card)
			if c := s.Tasting.Rounds[n-1].Counts.Tally(); ok && c.N() > 0 {
				people := (float64(c.First) + float64(c.Tie+c.Bad)/2) / float64(c.N())
				rounds = append(rounds, stats.Paired{Tasting: i, Judge: score, People: people})
			}
		}
	}
	return stats.Trusted(rounds)
}

// Scores are those of the judge of a tasting's further prompts: of the rounds that
// people voted on, by number, and of the further prompts. Where it stopped, because
// nobody waited any longer or its limit was reached, what comes after is left out, and not
// only what took it longest. What a model did not answer, or the judge's provider, is left
// out too.
func Scores(t bot.Tasting, made map[int][]bot.Judgment) (read map[int]float64, further []float64) {
	i := slices.IndexFunc(t.Judges, func(a bot.AskedJudge) bool { return a.Card.Name == t.Further.Judge })
	if i < 0 {
		return nil, nil
	}
	card := t.Judges[i].Card
	read = make(map[int]float64)
	for _, n := range t.Tasted() {
		if score, ok := scoreBy(made[n], card); ok {
			read[n] = score
		}
	}
	for _, n := range t.FurtherNumbers() {
		m, ok := by(made[n], card)
		if !ok || slices.Contains(m.Failed[:], bot.OverBudget) {
			break
		}
		if score, ok := scoreOf(m); ok {
			further = append(further, score)
		}
	}
	return read, further
}

// Answered reports whether there are two different texts to judge.
func Answered(x bot.Texts) bool {
	return x.Answers[0].Text != "" && x.Answers[1].Text != "" && x.Answers[0].Text != x.Answers[1].Text
}

// by finds what a judge made of a round, as it is set.
func by(made []bot.Judgment, card bot.Card) (bot.Judgment, bool) {
	i := slices.IndexFunc(made, func(m bot.Judgment) bool { return m.Judge == card.Name && m.Setting == card.Fingerprint() })
	if i < 0 {
		return bot.Judgment{}, false
	}
	return made[i], true
}

func scoreBy(made []bot.Judgment, card bot.Card) (score float64, ok bool) {
	m, ok := by(made, card)
	if !ok {
		return 0, false
	}
	return scoreOf(m)
}

// scoreOf is the first model's: 1, 0, or ½ for equal, both bad, and a judge that was
// asked and abstains, because it changed its mind with the order or said something else.
// It is not ok of a round that the judge could not be asked about.
func scoreOf(m bot.Judgment) (score float64, ok bool) {
	for _, f := range m.Failed {
		if f == bot.NotAnswered || f == bot.OverBudget {
			return 0, false
		}
	}
	if m.Picks[0] != m.Picks[1] || m.Picks[0] == bot.None {
		return 0.5, true
	}
	return m.Picks[0].Score()
}
