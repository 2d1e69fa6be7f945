package discord_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

func logger(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), nil))
}

func slogTo(l *adaptertest.Logs) *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// A recorder is a handler that keeps what it hears and answers what it is told.
type recorder struct {
	mu      sync.Mutex
	reply   bot.Reply
	answer  func(context.Context, bot.Command) bot.Reply // instead of reply
	taps    []bot.Tap
	heard   []bot.Command
	presses []bot.Press
	resyncs []bot.Workspace
	joined  []bot.Place
	gone    []bot.Place
	left    []bot.Workspace
	react   func(bot.Tap) error
	resync  func(bot.Workspace) error
	leave   func() error
}

func (h *recorder) React(_ context.Context, t bot.Tap) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.react != nil {
		if err := h.react(t); err != nil {
			return err
		}
	}
	h.taps = append(h.taps, t)
	return nil
}

func (h *recorder) Command(ctx context.Context, c bot.Command) bot.Reply {
	h.mu.Lock()
	h.heard = append(h.heard, c)
	answer, reply := h.answer, h.reply
	h.mu.Unlock()
	if answer != nil {
		return answer(ctx, c)
	}
	return reply
}

func (h *recorder) Press(_ context.Context, p bot.Press) bot.Reply {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.presses = append(h.presses, p)
	return h.reply
}

func (h *recorder) Submit(context.Context, bot.Submission) bot.Reply { return h.reply }

func (h *recorder) Suggest(context.Context, bot.Command) []bot.Suggestion { return nil }

func (h *recorder) Voice(context.Context, bot.Place) bot.Voice { return bot.Voice{} }

func (h *recorder) Resync(_ context.Context, w bot.Workspace) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.resyncs = append(h.resyncs, w)
	if h.resync != nil {
		return h.resync(w)
	}
	return nil
}

func (h *recorder) Joined(_ context.Context, at bot.Place) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.joined = append(h.joined, at)
	return nil
}

func (h *recorder) Moved(context.Context, bot.Place, bot.Place) error { return nil }

func (h *recorder) Gone(_ context.Context, at bot.Place, _ error) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gone = append(h.gone, at)
	return nil
}

func (h *recorder) Left(_ context.Context, w bot.Workspace) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.left = append(h.left, w)
	if h.leave != nil {
		return h.leave()
	}
	return nil
}

func (h *recorder) read(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f()
}

func (h *recorder) tapped() []bot.Tap {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.taps)
}
