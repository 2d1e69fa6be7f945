package compose

import (
	"fmt"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
)

// slowAfter is how long asking takes before it is called slow.
const slowAfter = time.Minute

// AskingLine is the progress of asking. While models are asked it goes by the
// clock alone: when a round is answered tells of the two which wrote it.
func AskingLine(t bot.Tasting) string {
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
		return doing + " That takes a minute at least, however quick they are: how long it took would tell who wrote what."
	}
	s := fmt.Sprintf("%s: %d of %d ready", doing, ready, all)
	if void > 0 {
		s += fmt.Sprintf(", %d void", void)
	}
	return s + "."
}

// StateLine says in words where a tasting is.
func StateLine(t bot.Tasting) string {
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
