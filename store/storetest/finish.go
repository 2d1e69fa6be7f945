package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A job falls due again when its holder says, unless it was scheduled anew.
func testFinish(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	must(t, s.Schedule(ctx, chore("a"), noon))
	j := wantJob(t, "at noon", s, noon, chore("a"))
	past := bot.Past{Failed: 2, Lost: noon.Add(-time.Minute), Refused: noon}
	must(t, s.Finish(ctx, j, noon.Add(time.Hour), past))
	if j := take(t, s, noon.Add(time.Hour-1), time.Minute); j.Term != 0 {
		t.Error("it is due before it should be again")
	}
	j = wantJob(t, "an hour later", s, noon.Add(time.Hour), chore("a"))
	equal(t, "what the last holder said", j.Past, past)

	must(t, s.Schedule(ctx, chore("a"), noon.Add(2*time.Hour)))
	must(t, s.Finish(ctx, j, noon.Add(9*time.Hour), bot.Past{}))
	j = wantJob(t, "scheduled anew while it was held", s, noon.Add(2*time.Hour), chore("a"))
	must(t, s.Schedule(ctx, chore("a"), noon.Add(3*time.Hour)))
	must(t, s.Finish(ctx, j, time.Time{}, bot.Past{}))
	j = wantJob(t, "scheduled anew while it was done for good", s, noon.Add(3*time.Hour), chore("a"))
	must(t, s.Finish(ctx, j, time.Time{}, bot.Past{}))
	if left := drain(t, s, noon.Add(1000*time.Hour)); len(left) != 0 {
		t.Errorf("jobs that are done are due: %v", left)
	}
}

// A tasting whose step failed is left alone for a while; pressing a button does
// not make it forget that, and one that was deleted needs no end.
func testFinishTasting(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	id := create(t, s, bot.Open).ID
	j := wantJob(t, "at noon", s, noon, id.Job())
	past := bot.Past{Failed: 1, Lost: noon}
	must(t, s.Finish(ctx, j, noon.Add(time.Minute), past))
	if j := take(t, s, noon.Add(time.Minute-1), time.Minute); j.Term != 0 {
		t.Error("it is due before its pause is over")
	}
	must(t, s.Update(ctx, id, bot.Open, func(t *bot.Tasting) error { t.Wake = noon.Add(time.Second); return nil }))
	if j := take(t, s, noon.Add(time.Minute-1), time.Minute); j.Term != 0 {
		t.Error("with a new Wake it is due before its pause is over")
	}
	j = wantJob(t, "after the pause", s, noon.Add(time.Minute), id.Job())
	equal(t, "how the last attempt went", j.Past, past)
	must(t, s.Update(ctx, id, bot.Open, func(t *bot.Tasting) error { t.Wake = noon.Add(time.Hour); return nil }))
	must(t, s.Finish(ctx, j, time.Time{}, bot.Past{}))
	if j := take(t, s, noon.Add(time.Hour-1), time.Minute); j.Term != 0 {
		t.Error("it is due before its Wake")
	}
	j = wantJob(t, "at its Wake", s, noon.Add(time.Hour), id.Job())
	equal(t, "how the last attempt went", j.Past, bot.Past{})
	must(t, s.Delete(bot.For(ctx, j), id))
	must(t, s.Finish(ctx, j, noon.Add(2*time.Hour), past))
	if left := drain(t, s, noon.Add(1000*time.Hour)); len(left) != 0 {
		t.Errorf("jobs of a deleted tasting: %v", left)
	}
}

// Opened again, or restored from a copy, a store has its jobs, and nobody waits
// for the lease of a holder that is gone or for a pause after a failure; what
// a holder that is gone still writes is refused.
func testJobsReopened(t *testing.T, h *harness) {
	s := h.store(t)
	must(t, s.Schedule(t.Context(), chore("a"), noon))
	must(t, s.Schedule(t.Context(), chore("b"), noon.Add(1)))
	b := create(t, s, bot.Open).ID
	must(t, s.Update(t.Context(), b, bot.Open, func(t *bot.Tasting) error { t.Wake = noon.Add(2); return nil }))
	gone := wantJob(t, "at first", s, noon.Add(time.Second), chore("a"))
	must(t, s.Finish(t.Context(), wantJob(t, "then", s, noon.Add(time.Second), chore("b")), noon.Add(time.Second), bot.Past{Failed: 3}))
	must(t, s.Finish(t.Context(), wantJob(t, "at last", s, noon.Add(time.Second), b.Job()), noon.Add(time.Minute), bot.Past{Failed: 4}))
	copied := h.path + ".copy"
	must(t, s.Snapshot(t.Context(), copied))

	look := func(what string, s bot.Store) {
		t.Helper()
		again := wantJob(t, what, s, noon.Add(time.Second), chore("a"))
		if again.Term == gone.Term {
			t.Errorf("%s: the term of a holder that is gone is given anew", what)
		}
		wantErr(t, what+": a write by a holder that is gone", s.Reserve(bot.For(t.Context(), gone), "day", 1, -1), bot.ErrTerm)
		if j := wantJob(t, what, s, noon.Add(time.Second), b.Job()); j.Failed != 4 {
			t.Errorf("%s: after four failed attempts it says %d", what, j.Failed)
		}
		if j := wantJob(t, what, s, noon.Add(time.Second), chore("b")); j.Failed != 3 {
			t.Errorf("%s: after three failed attempts it says %d", what, j.Failed)
		}
	}
	s = h.reopen(t, s)
	look("opened again,", s)
	restored := h.open(t, copied)
	defer restored.Close()
	look("restored,", restored)
	wantErr(t, "Take with a context that is over", canceledTake(s), context.Canceled)
}

func canceledTake(s bot.Store) error {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _, err := s.Take(ctx, noon, time.Minute)
	return err
}
