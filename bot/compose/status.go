package compose

import (
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// slowAfter is how long asking takes before it is called slow.
const slowAfter = time.Minute

// AskingLine is the progress of asking. While models are asked it goes by the
// clock alone: when a round is answered tells of the two which wrote it.
func AskingLine(t bot.Tasting) bot.Sentence {
	ready, void, all := 0, 0, 0
	for _, r := range t.Rounds {
		if r.Kind == bot.Plain {
			all++
			ready += stats.Bit(r.Ready)
			void += stats.Bit(!r.Live())
		}
	}
	if t.State == bot.Asking && t.Timed() {
		doing := bot.Say("Asking both models for {n|answer|answers} each.", bot.Count(all+t.Further.N))
		if t.Further.N > 0 {
			return bot.Prose(doing, bot.Say("That takes some minutes: most of them only a judge reads."))
		}
		if time.Since(t.Asked) > slowAfter {
			return bot.Prose(doing, bot.Say("One of the two is slow, or is asked again."))
		}
		return bot.Prose(doing, bot.Say("That takes a minute at least, however quick they are: how long it took would tell who wrote what."))
	}
	doing := bot.Say("Asking both models")
	if t.Models[0].Free() && t.Models[1].Free() {
		doing = bot.Say("Getting ready")
	}
	if void > 0 {
		return bot.Say("{doing}: {n} of {all} ready, {void} void.", doing, bot.Count(ready), bot.Count(all), bot.Count(void))
	}
	return bot.Say("{doing}: {n} of {all} ready.", doing, bot.Count(ready), bot.Count(all))
}

// StateLine says in words where a tasting is.
func StateLine(t bot.Tasting) bot.Sentence {
	switch t.State {
	case bot.Asking:
		return bot.Say("its models are still being asked.")
	case bot.Posting:
		return bot.Say("its ballots are being posted.")
	case bot.Closing, bot.Closed:
		if t.State == bot.Closing && !t.ReadBy.IsZero() {
			return bot.Say("voting is over; the votes cannot be read yet and are waited for until {when}.", t.At(t.ReadBy))
		}
		return bot.Say("voting is over and the reveal is coming.")
	case bot.Revealed:
		return bot.Say("it was revealed. {results} shows it.", bot.Usage{Command: "results", Words: []string{t.ID.String()}})
	case bot.Cancelled:
		return bot.Say("it was cancelled.")
	case bot.Failed:
		return bot.Prose(bot.Say("it ended without a reveal."), t.Why())
	}
	return bot.Say("it is open.")
}
