package slack

import (
	"context"
	"errors"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// follow shows what a reply reports later, where the reply stands: in the modal,
// or in the message to the asker alone if the tap was there. What comes too
// quickly is left out, but never the last word: when the place is gone, or its
// response URL used up, that is a direct message.
func (in *inbox) follow(a *asker, r bot.Reply) {
	if r.Later == nil {
		return
	}
	if a.since.IsZero() {
		a.since = time.Now()
	}
	in.beside("report on long work", func() {
		f := &report{asker: a, every: 2 * time.Second, left: urlUses * 1000}
		switch {
		case a.view != "":
		case a.mine:
			f.every, f.left = 8*time.Second, urlUses-a.uses-1
		default:
			f.left = 0 // nothing there can be replaced, and nobody wants a list
		}
		err := r.Later(in.ctx, func(p bot.Post) error { return f.say(in.ctx, p) })
		if in.ctx.Err() != nil {
			return
		}
		if err != nil {
			f.next = in.refuse(a, "report on long work", err, "").Post
		}
		a.try(in.ctx, f.last(in.ctx))
	})
}

// A report is how long work goes.
type report struct {
	*asker
	every time.Duration // between two words
	left  int           // words before the last
	said  time.Time
	next  bot.Post // not said yet
}

func (f *report) say(ctx context.Context, p bot.Post) error {
	f.next = p
	if f.left <= 0 || time.Since(f.said) < f.every {
		return nil
	}
	f.left--
	f.said = time.Now()
	err := f.put(ctx, p)
	if err == nil {
		f.next = nil
	}
	if errors.Is(err, errAway) {
		f.left = 0 // they closed it; the last word still reaches them
		return nil
	}
	return err
}

func (f *report) last(ctx context.Context) error {
	if f.next == nil {
		return nil
	}
	err := f.put(ctx, f.next)
	if errors.Is(err, errAway) {
		return f.tell(ctx, f.user, f.next)
	}
	return err
}

func (f *report) put(ctx context.Context, p bot.Post) error {
	if f.view != "" {
		if v, ok := f.replyView(f.at, bot.Reply{Post: p}, 0); ok {
			return f.turn(ctx, v)
		}
	}
	return f.whisper(ctx, p, true)
}
