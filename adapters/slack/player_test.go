package slack_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

// A player stands in for the core: it remembers what it was told, and answers
// what a test tells it to.
type player struct {
	mu      sync.Mutex
	taps    []bot.Tap
	resyncs []string // workspaces
	unread  int      // so many Resyncs fail
	joined  []bot.Place
	gone    []bot.Place
	left    []string    // workspaces
	said    []string    // commands and buttons
	command bot.Command // the newest
	reply   bot.Reply
	err     error         // of React
	voice   bot.Voice     // of every place
	broken  bool          // React panics
	hold    chan struct{} // React waits for it, if set
	waiting int           // how many do
	slow    chan struct{} // so does Press, at 12.3/left
}

func newPlayer() *player { return &player{} }

func (p *player) React(ctx context.Context, t bot.Tap) error {
	p.mu.Lock()
	hold := p.hold
	if hold != nil {
		p.waiting++
	}
	p.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken {
		panic("a bug")
	}
	if p.err == nil {
		p.taps = append(p.taps, t)
	}
	return p.err
}

func (p *player) did(what string) bot.Reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = append(p.said, what)
	return p.reply
}

func (p *player) Command(_ context.Context, c bot.Command) bot.Reply {
	p.mu.Lock()
	p.command = c
	p.mu.Unlock()
	return p.did(c.Text)
}

// last is the newest command.
func (p *player) last() bot.Command {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.command
}

func (p *player) Press(_ context.Context, x bot.Press) bot.Reply {
	r := p.did(x.Button)
	if p.slow != nil && x.Button == "12.3/left" {
		<-p.slow
	}
	return r
}
func (p *player) Submit(_ context.Context, s bot.Submission) bot.Reply {
	return p.did("form " + s.Form)
}
func (p *player) Suggest(context.Context, bot.Command) []bot.Suggestion { return nil }

func (p *player) Voice(context.Context, bot.Place) bot.Voice {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.voice
}

func (p *player) Resync(_ context.Context, w bot.Workspace) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.resyncs = append(p.resyncs, w.ID)
	if p.unread > 0 {
		p.unread--
		return errors.New("Slack has trouble")
	}
	return nil
}

func (p *player) Joined(_ context.Context, at bot.Place) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.joined = append(p.joined, at)
	return nil
}

func (p *player) Moved(context.Context, bot.Place, bot.Place) error { return nil }

func (p *player) Gone(_ context.Context, at bot.Place, _ error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gone = append(p.gone, at)
	return nil
}

func (p *player) Left(_ context.Context, w bot.Workspace) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = append(p.left, w.ID)
	return nil
}

func (p *player) answer(r bot.Reply) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reply = r
}

func (p *player) speak(v bot.Voice) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.voice = v
}

// commands are the commands and buttons that it was told.
func (p *player) commands() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.said)
}

func (p *player) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = err
}

func (p *player) heard() []bot.Tap {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.taps)
}

func (p *player) resynced() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.resyncs)
}

// run runs the world's chat until the test ends or the returned function is called.
func run(t *testing.T, w *world, h bot.Handler) (stop func()) {
	t.Helper()
	stop = adaptertest.Start(t, w.chat, h)
	w.ready(t)
	return stop
}
