package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"syscall"
	"time"
)

// A killing is what the command kills was asked for.
type killing struct {
	options
	kills int
	each  int           // kills of one world
	mean  time.Duration // how long a bot lives, on average
	look  int           // after so many kills the store is gone through
	limit time.Duration // 0: none
}

// kill has a bot killed and started again, in one world after another, and says in out
// how that goes. It returns how often, and what the worlds add up to.
func (k killing) kill(ctx context.Context, out io.Writer, found *findings) (t total, err error) {
	began := time.Now()
	t.began = began
	r := rand.New(rand.NewPCG(k.seed, 1))
	for i := uint64(0); t.kills < k.kills && ctx.Err() == nil && (k.limit == 0 || time.Since(began) < k.limit); i++ {
		o := k.options
		o.seed += 100 * i
		n := min(k.each, k.kills-t.kills)
		if err := k.world(ctx, o, n, r, &t, found); err != nil {
			return t, err
		}
		fmt.Fprintf(out, "%6.0f s  %d kills, %d findings\n", time.Since(began).Seconds(), t.kills, len(found.list()))
	}
	return t, nil
}

// world kills the bot of one world n times, lets everything come to its end, and adds
// the world to t.
func (k killing) world(ctx context.Context, o options, n int, r *rand.Rand, t *total, found *findings) error {
	dir, err := os.MkdirTemp("", "tastetest-storm-*")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	w, err := begin(ctx, dir, o, found)
	if err != nil {
		return err
	}
	defer w.end()
	before, since := len(found.list()), time.Now()
	for i := 1; i <= n && ctx.Err() == nil && (k.limit == 0 || time.Since(t.began) < k.limit); i++ {
		each := time.Since(since) / time.Duration(i)
		if i < 10 {
			each = 600 * time.Millisecond
		}
		w.ask(time.Duration(n-i)*each > 2*held/3)
		if err := w.rest(ctx); err != nil {
			return err
		}
		p, err := w.launch(w.listen)
		if err != nil {
			return err
		}
		if r.IntN(4) > 0 { // the others may die while they begin
			select {
			case <-p.open:
			case <-p.done:
			case <-time.After(30 * time.Second):
				found.add(useless, theBot, "no page after half a minute:\n%s", tail(p.printed()))
			}
		}
		life := time.Duration(r.ExpFloat64() * float64(k.mean))
		select {
		case <-p.done:
		case <-time.After(min(life, 10*k.mean)):
		}
		how := syscall.SIGKILL
		if r.IntN(5) == 0 { // it is told to stop, and says so if it cannot
			how = syscall.SIGTERM
			t.told++
		}
		if err := p.end(how); err != nil {
			found.add(useless, theBot, "%v", err)
		}
		t.kills++
		if i%k.look == 0 {
			if _, err := w.look(ctx, nil); err != nil {
				return err
			}
		}
	}
	if err := w.finish(ctx); err != nil {
		return err
	}
	w.stop()
	t.add(w)
	if len(found.list()) == before {
		return os.RemoveAll(dir)
	}
	found.add(useless, theBot, "what was found above lies in %s", dir)
	return nil
}

// finish lets a bot run until all that was begun has come to its end, and looks at
// all of it.
func (w *world) finish(ctx context.Context) error {
	w.ask(false)
	for _, l := range w.loads {
		l.end()
	}
	var page []post
	for tries := 0; tries < 40; tries++ {
		if err := w.rest(ctx); err != nil {
			return err
		}
		p, err := w.launch(w.listen)
		if err != nil {
			return err
		}
		select {
		case <-p.open:
		case <-p.done:
		case <-time.After(30 * time.Second):
		}
		wait(ctx, 3*time.Second)
		if page != nil {
			page = w.page()
		}
		if err := p.end(syscall.SIGTERM); err != nil {
			w.found.add(useless, theBot, "%v", err)
		}
		left, err := w.look(ctx, page)
		if err != nil {
			return err
		}
		switch {
		case left == 0 && page != nil:
			for _, r := range w.rooms {
				if w.audit.sums[r.name()].tastings+w.audit.sums[figures(r.name(), true)].tastings == 0 {
					w.found.add(useless, r.name(), "nothing came of anything there; the bot said last:\n%s", tail(p.printed()))
				}
			}
			return nil
		case left == 0:
			page = []post{} // once more, to see the page as it is now
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	w.found.add(useless, theBot, "not everything came to its end")
	return nil
}
