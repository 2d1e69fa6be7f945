package standings

import (
	"math"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/verdict"
)

// mostPaired is how many models a matrix has: what is wider no page shows.
const mostPaired = 12

// pairings are the models in the order of their standings, and what was voted
// between each two of them: no score, but their own votes.
func (r ranking) pairings() (models []bot.Verbatim, cells [][]bot.Pairing) {
	order := r.order()
	order = order[:min(len(order), mostPaired)]
	at := make(map[int]int)
	for i, m := range order {
		at[m] = i
		models = append(models, bot.Verbatim(r.box.models[m].shown))
	}
	met := make([][]direct, len(order))
	for i := range met {
		met[i] = make([]direct, len(order))
	}
	for _, c := range r.box.rounds {
		i, first := at[c.models[0]]
		j, second := at[c.models[1]]
		if !first || !second {
			continue
		}
		votes, score := c.votes[0]+c.votes[1], c.score[0]+c.score[1]
		met[i][j].votes += int(votes)
		met[j][i].votes += int(votes)
		met[i][j].score += score
		met[j][i].score += votes - score
	}
	for i := range met {
		row := make([]bot.Pairing, len(met))
		for j, d := range met[i] {
			row[j] = d.pairing()
		}
		cells = append(cells, row)
	}
	return models, cells
}

func (d direct) pairing() bot.Pairing {
	p := bot.Pairing{Votes: d.votes, Tint: 50}
	switch {
	case d.votes == 0:
	case d.votes < bot.EnoughVoters:
		p.Share = bot.Say("{share} of {n}", bot.Verbatim(halves(d.score)), bot.Count(d.votes))
	default:
		share := d.score / float64(d.votes)
		p.Share = bot.Say("{share}%", bot.Verbatim(verdict.Share(share, math.Round)))
		p.Tint = int(verdict.Percent(share, math.Round))
	}
	return p
}
