package adaptertest

import (
	"context"
	"slices"
	"sync"

	"github.com/tastetest/tastetest/bot"
)

// heard is a handler that keeps what a chat passes on, and answers what a
// test tells it to.
type heard struct {
	logged *Logs

	mu      sync.Mutex
	taps    []bot.Tap
	command []bot.Command
	presses []bot.Press
	forms   []bot.Submission
	reply   bot.Reply
	offer   []bot.Suggestion
	err     error // of React
}

var _ bot.Handler = (*heard)(nil)

func (h *heard) React(_ context.Context, t bot.Tap) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err != nil {
		return h.err
	}
	h.taps = append(h.taps, t)
	return nil
}

func (h *heard) Command(_ context.Context, c bot.Command) bot.Reply {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.command = append(h.command, c)
	return h.reply
}

func (h *heard) Press(_ context.Context, p bot.Press) bot.Reply {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.presses = append(h.presses, p)
	return h.reply
}

func (h *heard) Submit(_ context.Context, s bot.Submission) bot.Reply {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.forms = append(h.forms, s)
	return h.reply
}

func (h *heard) Suggest(_ context.Context, c bot.Command) []bot.Suggestion {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.command = append(h.command, c)
	return h.offer
}

func (h *heard) Voice(context.Context, bot.Place) bot.Voice        { return bot.Voice{} }
func (h *heard) Resync(context.Context, bot.Workspace) error       { return nil }
func (h *heard) Joined(context.Context, bot.Place) error           { return nil }
func (h *heard) Moved(context.Context, bot.Place, bot.Place) error { return nil }
func (h *heard) Gone(context.Context, bot.Place, error) error      { return nil }
func (h *heard) Left(context.Context, bot.Workspace) error         { return nil }

func (h *heard) answer(r bot.Reply) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reply = r
}

func (h *heard) fail(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.err = err
}

// votes are the taps with one of the four choices.
func (h *heard) votes() []bot.Tap {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(h.taps), func(t bot.Tap) bool { return t.Choice == "" })
}
