package standings

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/bot/verdict"
)

// Post makes the post of revealed tastings, of which cells tell who leaned which way.
func Post(ts []bot.Tasting, cells map[bot.TastingID][][]bot.Cell, only Scope) bot.Standings {
	return fill(ts, cells, only).rank().post(only)
}

func (r ranking) post(only Scope) bot.Standings {
	box := r.box
	s := bot.Standings{Title: only.title(), Notes: box.notes()}
	if len(box.rounds) == 0 {
		s.Says = []bot.Sentence{bot.Say("Nobody has voted in a revealed tasting yet, so there is nothing to rank. To begin: {start}", bot.Usage{Command: "start"})}
		if only.narrow() {
			s.Says = []bot.Sentence{bot.Say("No votes of revealed tastings belong here. All models: {standings}", bot.Usage{Command: "standings"})}
		}
		return s
	}
	s.Base = bot.Say("{votes|vote|votes}, {rounds|round|rounds}, {prompts|prompt|prompts}, {tastings|tasting|tastings}",
		bot.Count(box.total()), bot.Count(len(box.rounds)), bot.Count(box.prompts), bot.Count(box.tastings))
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
			row.Beats, row.Score, row.Low, row.High = beats(r.chance(at))
		}
		s.Rows = append(s.Rows, row)
	}
	if len(r.in) == 2 {
		s.Columns[2] = bot.Say("Share of votes")
	}
	s.Legend = r.legend()
	side.Wait()
	s.Says = r.pairs()
	if takes := r.takes(); !takes.IsZero() {
		s.Says = append(s.Says, takes)
	}
	s.Says = append(s.Says, r.missing()...)
	s.Notes = append(r.cautions(left, length), s.Notes...)
	s.Details = r.numbers(left, length)
	return s
}

// unknown stands in a cell of which nothing can be said.
const unknown = "–"

// row is what is known of a model without a fit.
func (e entrant) row() bot.Standing {
	row := bot.Standing{
		Rank: unknown, Model: bot.Verbatim(e.shown), Beats: bot.Quoted(unknown), Cost: bot.Quoted(unknown), Pace: bot.Quoted(unknown),
		Rounds: e.rounds, Votes: e.votes, BothBad: bot.Say("{bad} of {votes}", bot.Count(e.bad), bot.Count(e.votes)),
	}
	if e.votes >= bot.EnoughVoters {
		row.BothBad = bot.Say("{share} of {votes}", bot.Percent(stats.Percent(e.bad, e.votes-e.bad)[0]), bot.Count(e.votes))
	}
	if cost := e.perThousand(); cost.Known && e.card.Source != bot.Pasted {
		row.Cost, row.Price = bot.Say("{cost}", cost), cost
	}
	if e.timed > 0 {
		row.Pace = bot.Say("{took}", bot.Pace(e.took/time.Duration(e.timed)))
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
func beats(x, lo, hi float64) (words bot.Sentence, score, low, high int) {
	score, low, high = int(verdict.Percent(x, math.Round)), int(verdict.Percent(lo, math.Floor)), int(verdict.Percent(hi, math.Ceil))
	return bot.Say("{share}% ({low} to {high})", bot.Verbatim(verdict.Share(x, math.Round)), bot.Verbatim(verdict.Share(lo, math.Floor)), bot.Verbatim(verdict.Share(hi, math.Ceil))), score, low, high
}

// numbers are what stands behind "Details".
func (r ranking) numbers(left, length lean) []bot.Sentence {
	if !r.ok {
		return r.box.settings()
	}
	said := []bot.Sentence{r.method()}
	for _, i := range r.order() {
		if at := r.at[i]; at >= 0 && !r.two() {
			se, _ := r.fit.SE(at)
			said = append(said, bot.Say("{shown}: {score}, standard error {se}; {rounds|round|rounds}, {asked|prompt|prompts}", bot.Verbatim(r.box.models[i].shown), bot.Verbatim(fmt.Sprintf("%+.3f", r.fit.Score[at])), bot.Verbatim(fmt.Sprintf("%.3f", se)), bot.Count(r.box.models[i].rounds), bot.Count(r.fit.Asked[at])))
		}
	}
	if left.ok {
		said = append(said, bot.Say("Between equals the left answer gets {x}% ({x2} to {x3}): {coef} logits, standard error {se}.", bot.Verbatim(fmt.Sprintf("%.0f", 100*left.share)), bot.Verbatim(fmt.Sprintf("%.0f", 100*left.lo)), bot.Verbatim(fmt.Sprintf("%.0f", 100*left.hi)), bot.Verbatim(fmt.Sprintf("%+.3f", left.coef)), bot.Verbatim(fmt.Sprintf("%.3f", left.se))))
	}
	if length.ok {
		said = append(said, bot.Say("Between equals an answer half as long again gets {x}% ({x2} to {x3}): {coef} logits a standard deviation of (a − b)/(a + b + 1) in words, standard error {se}.", bot.Verbatim(fmt.Sprintf("%.0f", 100*length.share)), bot.Verbatim(fmt.Sprintf("%.0f", 100*length.lo)), bot.Verbatim(fmt.Sprintf("%.0f", 100*length.hi)), bot.Verbatim(fmt.Sprintf("%+.3f", length.coef)), bot.Verbatim(fmt.Sprintf("%.3f", length.se))))
	}
	return append(said, r.box.settings()...)
}

// method says how shares, intervals and ranks come about.
func (r ranking) method() bot.Sentence {
	if r.two() {
		name, m := r.box.models[r.in[0]].shown, r.mean
		_, lo, hi := r.versus(0)
		by := bot.Say("by voter and by prompt")
		if !r.people() {
			by = bot.Say("by prompt, and by voter where it is known whose votes are whose")
		}
		return bot.Say("Mean score of {name} (1 it, 0 the other, ½ equal or both bad): {m}, standard error {se} clustered {by}, t with {df} degrees of freedom (Satterthwaite), {x}% interval {lo} to {hi}. Ranks differ if it leaves out one half. Leanings to a side and to length are clustered by prompt alone.", bot.Verbatim(name), bot.Verbatim(fmt.Sprintf("%.3f", m.M)), bot.Verbatim(fmt.Sprintf("%.3f", m.SE)), by, bot.Verbatim(fmt.Sprintf("%.1f", m.DF)), bot.Verbatim(fmt.Sprintf("%.0f", 100*standingsLevel)), bot.Verbatim(fmt.Sprintf("%.3f", lo)), bot.Verbatim(fmt.Sprintf("%.3f", hi)))
	}
	by, t := bot.Say("{n} prompts", bot.Count(r.fit.Prompts)), bot.Say("t with at most {n} degrees of freedom", bot.Count(math.Round(r.fit.DF)))
	if r.fit.Voters > 1 {
		by = bot.Say("{n} prompts and {m|voter|voters}{unknown}", bot.Count(r.fit.Prompts), bot.Count(r.fit.Voters), r.unknownVotes())
		t = bot.Say("t with Satterthwaite’s degrees of freedom")
	}
	return bot.Say("Bradley–Terry scores (natural logits, mean 0; equal and both bad as half a win; ridge {ridge}), with {x}% intervals clustered by {by}, never below those of independent votes, {t}. A rank counts the models that are above, and those below, by an interval of the difference of two scores that leaves out 0. Leanings to a side and to length are clustered by prompt alone.", bot.Verbatim(fmt.Sprintf("%g", stats.Ridge)), bot.Verbatim(fmt.Sprintf("%.0f", 100*standingsLevel)), by, t)
}

// unknownVotes says of how many votes voters are not known, in brackets.
func (r ranking) unknownVotes() bot.Sentence {
	if r.fit.Known == r.fit.Votes {
		return bot.Sentence{}
	}
	return bot.Say(" (not known of {n} of {all|vote|votes})", bot.Count(r.fit.Votes-r.fit.Known), bot.Count(r.fit.Votes))
}

// settings are those of models that share a name.
func (box ballotBox) settings() []bot.Sentence {
	var said []bot.Sentence
	for _, e := range box.models {
		if e.shown != e.card.Name {
			said = append(said, bot.Say("{model}: {settings}", bot.Verbatim(e.shown), e.settings()))
		}
	}
	return said
}

// settings tell entrants of one name apart.
func (e entrant) settings() bot.Series {
	said := bot.Series{bot.Verbatim(e.card.Source)}
	for _, k := range slices.Sorted(maps.Keys(e.card.Settings)) {
		said = append(said, bot.Verbatim(k+"="+text.Clip(e.card.Settings[k])))
	}
	if e.card.System != "" {
		said = append(said, bot.Verbatim("system="+text.Clip(e.card.System)))
	}
	if e.card.MaxTokens > 0 {
		said = append(said, bot.Say("at most {n} tokens", bot.Count(e.card.MaxTokens)))
	}
	return said
}
