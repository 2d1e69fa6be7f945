package engine_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// unfinished is a store in which jobs cannot be given back for a while.
type unfinished struct {
	bot.Store
	fails *atomic.Int64
}

func (u unfinished) Finish(ctx context.Context, j bot.Job, next time.Time, past bot.Past) error {
	if u.fails.Add(-1) >= 0 {
		return errCut
	}
	return u.Store.Finish(ctx, j, next, past)
}

// A job that cannot be given back is taken again when its lease has run out,
// and does nothing twice.
func TestJobThatCannotBeGivenBack(t *testing.T) {
	var fails atomic.Int64
	play(t, func(s *stage) { s.wrap = func(st bot.Store) bot.Store { return unfinished{st, &fails} } }, func(s *stage) {
		fails.Store(2)
		id := s.start("start kestrel nova pack=fruit rounds=2 until=2h")
		s.press(starter, "1/close")
		s.sleep(3 * time.Minute)
		s.announcement(id) // fatal if there is not exactly one
		if got := s.tasting(id); !got.Settled() {
			s.Errorf("it is %v", got.State)
		}
	})
}

// A workspace that goes away while its models are being asked leaves nothing,
// and nothing is posted there.
func TestLeftWhileAsked(t *testing.T) {
	play(t, func(s *stage) { s.models[0].speed = 10 * time.Second }, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=6 until=2h")
		if err := s.bot.Left(s.Context(), team); err != nil {
			s.Fatal(err)
		}
		s.sleep(10 * time.Minute)
		if _, err := s.store.Tasting(s.Context(), id); err == nil || len(s.room.all()) > 0 {
			s.Errorf("the tasting is read with %v, and posts stand: %v", err, s.room.keys())
		}
		if j, is, err := s.store.Take(s.Context(), time.Now().Add(time.Hour), time.Minute); is && j.Key.Kind == bot.TastingJob || err != nil {
			s.Errorf("a job is left: %v, %v", j.Key, err)
		}
	})
}
