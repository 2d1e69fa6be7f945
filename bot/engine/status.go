package engine

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
)

// status says how a tasting stands, and what it may cost at most: what it cost
// would tell, with the prices and the texts, who wrote what. It never says for
// what people voted. How to end it is said to those who may.
func (b *Bot) status(ctx context.Context, at bot.Place, user string, t bot.Tasting) (bot.Reply, error) {
	if t.State == bot.Revealed {
		return b.results(ctx, t)
	}
	n, err := b.turnout(ctx, t)
	if err != nil {
		return bot.Reply{}, err
	}
	prompts, how := len(t.Live()), progress(t, n)+"."
	if t.State == bot.Asking {
		prompts, how = len(t.Rounds), askingLine(t)
	}
	lines := []string{fmt.Sprintf("%s, %s ballot.", say.Plural(prompts, "prompt", "prompts"), t.Ballot), how}
	if t.Reserved > 0 {
		lines = append(lines, "It may cost at most "+say.USD(t.Reserved)+".")
	}
	if t.State == bot.Open && b.may(ctx, command.Owner, at, user, &t) == nil {
		lines = append(lines, fmt.Sprintf("To end it: /tastetest close %v", t.ID))
	}
	return bot.Reply{Post: bot.Notice{Title: fmt.Sprintf("Taste test %v · %s", t.ID, t.Question), Text: strings.Join(lines, "\n")}}, nil
}

// slowAfter is how long asking takes before it is called slow.
const slowAfter = time.Minute

// askingLine is the progress of asking. While models are asked it goes by the
// clock alone: when a round is answered tells of the two which wrote it.
func askingLine(t bot.Tasting) string {
	ready, void, all := 0, 0, 0
	for _, r := range t.Rounds {
		if r.Kind == bot.Plain {
			all++
			ready += stats.Bit(r.Ready)
			void += stats.Bit(r.Void != "")
		}
	}
	doing := "Asking both models"
	if t.Models[0].Free() && t.Models[1].Free() {
		doing = "Getting ready"
	}
	if t.State == bot.Asking && t.Timed() {
		doing += fmt.Sprintf(" for %s each.", say.Plural(all, "answer", "answers"))
		if time.Since(t.Asked) > slowAfter {
			return doing + " One of the two is slow, or is asked again."
		}
		return doing + " That takes a minute, however quick they are: how long it took would tell who wrote what."
	}
	s := fmt.Sprintf("%s: %d of %d ready", doing, ready, all)
	if void > 0 {
		s += fmt.Sprintf(", %d void", void)
	}
	return s + "."
}

// stateLine says in words where a tasting is.
func stateLine(t bot.Tasting) string {
	switch t.State {
	case bot.Asking:
		return "its models are still being asked."
	case bot.Posting:
		return "its ballots are being posted."
	case bot.Closing, bot.Closed:
		if t.State == bot.Closing && !t.ReadBy.IsZero() {
			return "voting is over; the votes cannot be read yet and are waited for until " + say.Clock(t.ReadBy, time.Now(), t.TimeZone) + "."
		}
		return "voting is over and the reveal is coming."
	case bot.Revealed:
		return fmt.Sprintf("it was revealed. /tastetest results %v shows it.", t.ID)
	case bot.Cancelled:
		return "it was cancelled."
	case bot.Failed:
		return "it ended without a reveal. " + t.Note
	}
	return "it is open."
}

func (b *Bot) results(ctx context.Context, t bot.Tasting) (bot.Reply, error) {
	if err := mustBeOver(t); err != nil {
		return bot.Reply{}, err
	}
	a, err := b.announcement(ctx, t, mostAnswer)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Post: a}, nil
}

// mustBeOver refuses to tell of a tasting that is not over.
func mustBeOver(t bot.Tasting) error {
	if t.State != bot.Revealed && t.State != bot.Closed { // closed: the reveal is being posted
		return bot.UserError(fmt.Sprintf("Taste test %v has no results yet: %s", t.ID, stateLine(t)))
	}
	return nil
}
