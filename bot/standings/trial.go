package standings

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/text"
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
// are not on trial; rounds that were taken out, whatever the prompt, or never opened, and
// those whose votes must not be broken down are passed over.
func OnTrial(ts []bot.Tasting) Trials {
	found := make(Trials)
	for _, t := range ts {
		if t.State != bot.Revealed {
			continue
		}
		for _, r := range t.Rounds {
			if r.Kind != bot.Plain || r.Pack == "" || r.IsUnopened() || r.Removed() || t.Withheld(&r) {
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
func (x trial) sentence() bot.Sentence {
	if x.rounds == 0 {
		return bot.Say("not tasted yet")
	}
	said := bot.Say("{n|round|rounds}", bot.Count(x.rounds))
	if x.void > 0 {
		said = bot.Say("{n|round|rounds}, {void} of them void", bot.Count(x.rounds), bot.Count(x.void))
	}
	if n := x.votes.N(); n > 0 {
		chose := x.votes.First + x.votes.Second
		told := bot.Say("{n} of {all|vote|votes} preferred one", bot.Count(chose), bot.Count(n))
		if n >= bot.EnoughVoters {
			told = bot.Say("{n} of {all|vote|votes} preferred one ({share})", bot.Count(chose), bot.Count(n), bot.Percent(stats.Percent(chose, n-chose)[0]))
		}
		said = bot.Clauses(said, told)
	}
	switch {
	case x.retired() && x.level() > mostUndone:
		return bot.Say("{rounds}. Retired: it does not tell models apart", said)
	case x.retired():
		return bot.Say("{rounds}. Retired: models too often give no answer to it", said)
	}
	return said
}

// mostListed is how many characters of a prompt a list of them shows.
const mostListed = 90

// Pack lists a pack's prompts, by how they fared in a workspace's tastings.
func Pack(pack bot.Pack, ps []bot.Prompt, ts []bot.Tasting) bot.Notice {
	all := OnTrial(ts)
	slices.SortStableFunc(ps, func(p, q bot.Prompt) int {
		x, y := all[p.PromptID()], all[q.PromptID()]
		return cmp.Or(cmp.Compare(x.place(), y.place()), cmp.Compare(x.level(), y.level()))
	})
	lines := []bot.Sentence{bot.Say("Those that tell models apart stand first, as far as this workspace’s votes go.")}
	retired := 0
	for _, p := range ps {
		retired += stats.Bit(all[p.PromptID()].retired())
		asks := text.Cut(strings.Join(strings.Fields(p.Text), " "), mostListed)
		lines = append(lines, bot.Prose(bot.Dotted(bot.Quoted(p.ID), bot.Say("{rounds}.", all[p.PromptID()].sentence())), bot.Say("“{prompt}”", bot.Verbatim(asks))))
	}
	switch {
	case retired > 0 && retired == len(ps):
		lines = append(lines, bot.Say("All are retired, so tastings go on using them. Another pack would tell more."))
	case retired > 0:
		lines = append(lines, bot.Say("Tastings leave out {n|retired prompt|retired prompts}.", bot.Count(retired)))
	default:
		lines = append(lines, bot.Say("A prompt is retired if, after {n} rounds, more than {undone} of its votes say equal or both bad, or more than {void} of its rounds are void.",
			bot.Count(trialRounds), bot.Percent(100*mostUndone), bot.Percent(100*mostVoid)))
	}
	return bot.Notice{
		Title: bot.Dotted(bot.Quoted(pack.Name), bot.Quoted(pack.Title)),
		Text:  bot.Lines(lines...),
		Code:  bot.Say("{start}", bot.Usage{Command: "start", Options: []bot.Setting{{Name: "pack", Value: pack.Name}}}),
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
