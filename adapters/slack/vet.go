package slack

import (
	"time"

	"github.com/tastetest/tastetest/bot"
)

const (
	mostUnsure = 1000
	vetEvery   = time.Second // between two questions: commands need some of what Slack allows
)

// doubt has a person looked up who has put an emoji on one of our messages.
// No vote waits for it; those for whom there is no room are found out when the
// ballot is read.
func (t *team) doubt(tap bot.Tap) {
	if p, known := t.people.get(tap.User, voterLasts); known && t.counts(p) {
		return
	}
	select {
	case t.unsure <- tap:
	default:
	}
}

// vet looks up those who have voted, one after another, and takes back what a
// bot, or a guest or stranger whose votes do not count here, has tapped. At
// equal stamps off wins; so a redelivered event brings nothing back.
func (in *inbox) vet(t *team) {
	for {
		var tap bot.Tap
		select {
		case tap = <-t.unsure:
		case <-in.ctx.Done():
			return
		}
		_, asked := t.people.get(tap.User, voterLasts)
		counts, err := t.votes(in.ctx, tap.User)
		if err == nil && !counts {
			tap.On = false
			err = in.h.React(in.ctx, tap)
		}
		if err != nil && in.ctx.Err() == nil {
			in.log.Warn("look up who voted", "workspace", t.Name, "err", err)
		}
		if asked {
			continue
		}
		select {
		case <-time.After(vetEvery):
		case <-in.ctx.Done():
			return
		}
	}
}
