package slack

import "github.com/tastetest/tastetest/bot"

// mostUnsure is how many people wait to be looked up.
const mostUnsure = 1000

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
		counts, err := t.votes(in.ctx, late, tap.User)
		if err == nil && !counts {
			tap.On = false
			err = in.h.React(in.ctx, tap)
		}
		if err != nil && in.ctx.Err() == nil {
			in.log.Warn("look up who voted", "workspace", t.Name, "err", err)
		}
	}
}
