package standings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
)

// When a prompt is retired: after so many rounds, if more than these shares of
// its votes found no difference, or of its rounds had no ballot.
const (
	trialRounds = 10
	mostUndone  = 0.6
	mostVoid    = 0.2
)

// A trial is how well a prompt told models apart in revealed rounds.
type trial struct {
	rounds int // void ones too
	void   int
	votes  bot.Tally
}

// Trials are the trials of a workspace's prompts.
type Trials map[bot.PromptID]trial

// OnTrial gathers the trials of a workspace's tastings. Starters' own prompts
// are not on trial; rounds whose votes must not be broken down are passed over.
func OnTrial(ts []bot.Tasting) Trials {
	found := make(Trials)
	for _, t := range ts {
		if t.State != bot.Revealed {
			continue
		}
		for _, r := range t.Rounds {
			if r.Kind != bot.Plain || r.Pack == "" || t.Withheld(&r) {
				continue
			}
			x := found[r.PromptID()]
			x.rounds++
			x.void += stats.Bit(!r.Live())
			x.votes = x.votes.Add(r.Counts.Tally())
			found[r.PromptID()] = x
		}
	}
	return found
}

// Keep returns those of ps that are not retired; all if all are.
func (all Trials) Keep(ps []bot.Prompt) []bot.Prompt {
	kept := slices.DeleteFunc(slices.Clone(ps), func(p bot.Prompt) bool { return all[p.PromptID()].retired() })
	if len(kept) == 0 {
		return ps
	}
	return kept
}

// level is the share of votes that preferred neither answer; 0 without votes.
func (x trial) level() float64 {
	if x.votes.N() == 0 {
		return 0
	}
	return float64(x.votes.Tie+x.votes.Bad) / float64(x.votes.N())
}

func (x trial) retired() bool {
	return x.rounds >= trialRounds && (x.level() > mostUndone || float64(x.void) > mostVoid*float64(x.rounds))
}

// sentence says what is known of the prompt.
func (x trial) sentence() string {
	if x.rounds == 0 {
		return "not tasted yet"
	}
	s := say.Plural(x.rounds, "round", "rounds")
	if x.void > 0 {
		s += fmt.Sprintf(", %d of them void", x.void)
	}
	if n := x.votes.N(); n > 0 {
		chose := x.votes.First + x.votes.Second
		said := fmt.Sprintf("%d of %s preferred one", chose, say.Plural(n, "vote", "votes"))
		if n >= bot.EnoughVoters {
			said += fmt.Sprintf(" (%d%%)", stats.Percent(chose, n-chose)[0])
		}
		s += "; " + said
	}
	switch {
	case x.retired() && x.level() > mostUndone:
		s += ". Retired: it does not tell models apart"
	case x.retired():
		s += ". Retired: models too often give no answer to it"
	}
	return s
}

// Pack lists a pack's prompts, by how they fared in a workspace's tastings.
func Pack(pack bot.Pack, ps []bot.Prompt, ts []bot.Tasting) bot.Notice {
	all := OnTrial(ts)
	slices.SortStableFunc(ps, func(p, q bot.Prompt) int {
		x, y := all[p.PromptID()], all[q.PromptID()]
		return cmp.Or(cmp.Compare(x.place(), y.place()), cmp.Compare(x.level(), y.level()))
	})
	lines := []string{"Those that tell models apart stand first, as far as this workspace’s votes go."}
	retired := 0
	for _, p := range ps {
		retired += stats.Bit(all[p.PromptID()].retired())
		lines = append(lines, fmt.Sprintf("%s · %s.", p.ID, all[p.PromptID()].sentence()))
	}
	switch {
	case retired > 0 && retired == len(ps):
		lines = append(lines, "All are retired, so tastings go on using them. Another pack would tell more.")
	case retired > 0:
		lines = append(lines, fmt.Sprintf("Tastings leave out %s.", say.Plural(retired, "retired prompt", "retired prompts")))
	default:
		lines = append(lines, fmt.Sprintf("A prompt is retired if, after %d rounds, more than %.0f%% of its votes say equal or both bad, or more than %.0f%% of its rounds are void.",
			trialRounds, 100*mostUndone, 100*mostVoid))
	}
	return bot.Notice{
		Title: bot.Say("{name} · {title}", bot.Verbatim(pack.Name), bot.Verbatim(pack.Title)),
		Text:  bot.Literal(strings.Join(lines, "\n")),
		Code:  bot.Say("/tastetest start pack={name}", bot.Verbatim(pack.Name)),
	}
}

// place is where the prompt stands in its pack's list.
func (x trial) place() int {
	switch {
	case x.retired():
		return 3
	case x.rounds == 0:
		return 2
	case x.rounds < trialRounds:
		return 1
	}
	return 0
}
