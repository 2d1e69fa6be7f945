package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot/stats"
)

func isNotFound(err error) bool { return errors.Is(err, ErrNotFound) }

// status says how a tasting stands, and what it may cost at most: what it cost
// would tell, with the prices and the texts, who wrote what. It never says for
// what people voted. How to end it is said to those who may.
func (b *Bot) status(ctx context.Context, at Place, user string, t Tasting) (Reply, error) {
	if t.State == Revealed {
		return b.results(ctx, t)
	}
	n, err := b.turnout(ctx, t)
	if err != nil {
		return Reply{}, err
	}
	prompts, how := len(t.Live()), progress(t, n)+"."
	if t.State == Asking {
		prompts, how = len(t.Rounds), askingLine(t)
	}
	lines := []string{fmt.Sprintf("%s, %s ballot.", plural(prompts, "prompt", "prompts"), t.Ballot), how}
	if t.Reserved > 0 {
		lines = append(lines, "It may cost at most "+usd(t.Reserved)+".")
	}
	if t.State == Open && b.may(ctx, Owner, at, user, &t) == nil {
		lines = append(lines, fmt.Sprintf("To end it: /tastetest close %v", t.ID))
	}
	return Reply{Post: Notice{Title: fmt.Sprintf("Taste test %v · %s", t.ID, t.Question), Text: strings.Join(lines, "\n")}}, nil
}

// slowAfter is how long asking takes before it is called slow.
const slowAfter = time.Minute

// askingLine is the progress of asking. While models are asked it goes by the
// clock alone: when a round is answered tells of the two which wrote it.
func askingLine(t Tasting) string {
	ready, void, all := 0, 0, 0
	for _, r := range t.Rounds {
		if r.Kind == Plain {
			all++
			ready += stats.Bit(r.Ready)
			void += stats.Bit(r.Void != "")
		}
	}
	doing := "Asking both models"
	if t.Models[0].free() && t.Models[1].free() {
		doing = "Getting ready"
	}
	if t.State == Asking && t.timed() {
		doing += fmt.Sprintf(" for %s each.", plural(all, "answer", "answers"))
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
func stateLine(t Tasting) string {
	switch t.State {
	case Asking:
		return "its models are still being asked."
	case Posting:
		return "its ballots are being posted."
	case Closing, Closed:
		if t.State == Closing && !t.ReadBy.IsZero() {
			return "voting is over; the votes cannot be read yet and are waited for until " + clock(t.ReadBy, time.Now(), t.TimeZone) + "."
		}
		return "voting is over and the reveal is coming."
	case Revealed:
		return fmt.Sprintf("it was revealed. /tastetest results %v shows it.", t.ID)
	case Cancelled:
		return "it was cancelled."
	case Failed:
		return "it ended without a reveal. " + t.Note
	}
	return "it is open."
}
