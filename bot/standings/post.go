package standings

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/bot/verdict"
)

// standingsOf makes the post of a workspace's revealed tastings, of which cells
// tell who leaned which way.
func Post(ts []bot.Tasting, cells map[bot.TastingID][][]bot.Cell, only Scope) bot.Standings {
	box := fill(ts, cells, only)
	s := bot.Standings{Title: bot.Literal(only.title()), Notes: bot.Literals(box.notes())}
	if len(box.rounds) == 0 {
		s.Says = []bot.Sentence{bot.Say("Nobody has voted in a revealed tasting yet, so there is nothing to rank. To begin: /tastetest start")}
		if only.title() != "Standings" {
			s.Says = []bot.Sentence{bot.Say("No votes of revealed tastings belong here. All models: /tastetest standings")}
		}
		return s
	}
	s.Base = bot.Literal(strings.Join([]string{
		say.Plural(box.total(), "vote", "votes"), say.Plural(len(box.rounds), "round", "rounds"),
		say.Plural(box.prompts, "prompt", "prompts"), say.Plural(box.tastings, "tasting", "tastings"),
	}, ", "))
	r := box.rank()
	var left, length lean
	var side sync.WaitGroup // they take as long as ranks
	side.Go(func() { left, length = r.leans() })
	ranks := r.ranks()
	s.Columns = []bot.Sentence{bot.Say("Rank"), bot.Say("Model"), bot.Say("Beats the average model"), bot.Say("Both bad"), bot.Say("Per 1,000 answers"), bot.Say("An answer takes"), bot.Say("Votes")}
	for _, i := range r.order() {
		row := box.models[i].row()
		if at := r.at[i]; r.ok && at >= 0 {
			row.Rank = bot.Verbatim(fmt.Sprint(ranks[at][0]))
			if ranks[at][1] > ranks[at][0] {
				row.Rank += bot.Verbatim(fmt.Sprintf("–%d", ranks[at][1]))
			}
			beat, score, low, high := beats(r.chance(at))
			row.Beats, row.Score, row.Low, row.High = bot.Literal(beat), score, low, high
		}
		s.Rows = append(s.Rows, row)
	}
	if len(r.in) == 2 {
		s.Columns[2] = bot.Say("Share of votes")
	}
	s.Legend = bot.Literal(r.legend())
	side.Wait()
	s.Says = bot.Literals(append(r.pairs(), r.missing()...))
	s.Notes = append(bot.Literals(r.cautions(left, length)), s.Notes...)
	s.Details = bot.Literals(r.numbers(left, length))
	return s
}

// unknown stands in a cell of which nothing can be said.
const unknown = "–"

// row is what is known of a model without a fit.
func (e entrant) row() bot.Standing {
	row := bot.Standing{
		Rank: unknown, Model: bot.Verbatim(e.shown), Beats: bot.Literal(unknown), Cost: bot.Literal(unknown), Pace: bot.Literal(unknown),
		Rounds: e.rounds, Votes: e.votes, BothBad: bot.Say("{bad} of {votes}", bot.Count(e.bad), bot.Count(e.votes)),
	}
	if e.votes >= bot.EnoughVoters {
		row.BothBad = bot.Say("{bad}", bot.Percent(stats.Percent(e.bad, e.votes-e.bad)[0]))
	}
	if cost := e.perThousand(); cost.Known && e.card.Source != bot.Pasted {
		row.Cost, row.Price = bot.Literal(say.Cost(cost)), cost
	}
	if e.timed > 0 {
		row.Pace = bot.Literal(say.Seconds(e.took / time.Duration(e.timed)))
	}
	return row
}

// perThousand is what a thousand answers like the known ones cost.
func (e entrant) perThousand() bot.Cost {
	if e.costs == 0 {
		return bot.Cost{}
	}
	return bot.Cost{Pico: int64(float64(e.cost) / float64(e.costs) * 1000), Known: true}
}

// chance is how often a model of the fit would be preferred to the average
// one, with its interval; its share of votes, if there are only two.
func (r ranking) chance(at int) (x, lo, hi float64) {
	if r.two() {
		return r.versus(at)
	}
	x = r.fit.Score[at]
	lo, hi, _ = r.fit.CI(at, standingsLevel)
	return preferred(x), preferred(lo), preferred(hi)
}

// beats writes a share with its interval: "61% (41 to 80)".
func beats(x, lo, hi float64) (words string, score, low, high int) {
	score, low, high = int(verdict.Percent(x, math.Round)), int(verdict.Percent(lo, math.Floor)), int(verdict.Percent(hi, math.Ceil))
	return fmt.Sprintf("%s%% (%s to %s)", verdict.Share(x, math.Round), verdict.Share(lo, math.Floor), verdict.Share(hi, math.Ceil)), score, low, high
}

// numbers are what stands behind "Details".
func (r ranking) numbers(left, length lean) []string {
	if !r.ok {
		return r.box.settings()
	}
	said := []string{r.method()}
	for _, i := range r.order() {
		if at := r.at[i]; at >= 0 && !r.two() {
			se, _ := r.fit.SE(at)
			said = append(said, fmt.Sprintf("%s: %+.3f, standard error %.3f; %s, %s", r.box.models[i].shown, r.fit.Score[at], se,
				say.Plural(r.box.models[i].rounds, "round", "rounds"), say.Plural(r.fit.Asked[at], "prompt", "prompts")))
		}
	}
	if left.ok {
		said = append(said, fmt.Sprintf("Between equals the left answer gets %.0f%% (%.0f to %.0f): %+.3f logits, standard error %.3f.",
			100*left.share, 100*left.lo, 100*left.hi, left.coef, left.se))
	}
	if length.ok {
		said = append(said, fmt.Sprintf("Between equals an answer half as long again gets %.0f%% (%.0f to %.0f): %+.3f logits a standard deviation of (a − b)/(a + b + 1) in words, standard error %.3f.",
			100*length.share, 100*length.lo, 100*length.hi, length.coef, length.se))
	}
	return append(said, r.box.settings()...)
}

// method says how shares, intervals and ranks come about.
func (r ranking) method() string {
	if r.two() {
		name, m := r.box.models[r.in[0]].shown, r.mean
		_, lo, hi := r.versus(0)
		by := "by voter and by prompt"
		if !r.people() {
			by = "by prompt, and by voter where it is known whose votes are whose"
		}
		return fmt.Sprintf("Mean score of %s (1 it, 0 the other, ½ equal or both bad): %.3f, standard error %.3f clustered %s, t with %.1f degrees of freedom (Satterthwaite), %.0f%% interval %.3f to %.3f. Ranks differ if it leaves out one half. Leanings to a side and to length are clustered by prompt alone.",
			name, m.M, m.SE, by, m.DF, 100*standingsLevel, lo, hi)
	}
	by, t := fmt.Sprintf("%d prompts", r.fit.Prompts), fmt.Sprintf("t with at most %.0f degrees of freedom", r.fit.DF)
	if r.fit.Voters > 1 {
		by += " and " + say.Plural(r.fit.Voters, "voter", "voters") + r.unknownVotes()
		t = "t with Satterthwaite's degrees of freedom"
	}
	return fmt.Sprintf("Bradley–Terry scores (natural logits, mean 0; equal and both bad as half a win; ridge %g), with %.0f%% intervals clustered by %s, never below those of independent votes, %s. A rank counts the models that are above, and those below, by an interval of the difference of two scores that leaves out 0. Leanings to a side and to length are clustered by prompt alone.",
		stats.Ridge, 100*standingsLevel, by, t)
}

// unknownVotes says of how many votes voters are not known, in brackets.
func (r ranking) unknownVotes() string {
	if r.fit.Known == r.fit.Votes {
		return ""
	}
	return fmt.Sprintf(" (not known of %s of %s)", say.Thousands(int64(r.fit.Votes-r.fit.Known)), say.Plural(r.fit.Votes, "vote", "votes"))
}

// settings are those of models that share a name.
func (box ballotBox) settings() []string {
	var said []string
	for _, e := range box.models {
		if e.shown != e.card.Name {
			said = append(said, e.shown+": "+e.settings())
		}
	}
	return said
}

// settings tell entrants of one name apart.
func (e entrant) settings() string {
	said := []string{e.card.Source}
	for _, k := range slices.Sorted(maps.Keys(e.card.Settings)) {
		said = append(said, k+"="+text.Clip(e.card.Settings[k]))
	}
	if e.card.System != "" {
		said = append(said, "system="+text.Clip(e.card.System))
	}
	if e.card.MaxTokens > 0 {
		said = append(said, fmt.Sprintf("at most %d tokens", e.card.MaxTokens))
	}
	return strings.Join(said, ", ")
}
