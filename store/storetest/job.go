package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// chore is a job of no tasting.
func chore(name string) bot.JobKey { return bot.JobKey{Workspace: team, Kind: "chore", Name: name} }

// take takes the job that is due longest, or a zero one.
func take(t *testing.T, s bot.Store, now time.Time, lease time.Duration) bot.Job {
	t.Helper()
	j, ok, err := s.Take(t.Context(), now, lease)
	must(t, err)
	if ok != (j.Key != bot.JobKey{}) || ok != (j.Term != 0) {
		t.Fatalf("Take = %+v, %v", j, ok)
	}
	return j
}

// wantJob fails the test unless key is what Take gives, and returns it.
func wantJob(t *testing.T, what string, s bot.Store, now time.Time, key bot.JobKey) bot.Job {
	t.Helper()
	j := take(t, s, now, time.Minute)
	if j.Key != key {
		t.Fatalf("%s Take gives %q; want %q", what, j.Key, key)
	}
	return j
}

// drain takes all jobs that are due and gives them back as they were. The
// first is the one that has waited longest.
func drain(t *testing.T, s bot.Store, now time.Time) (js []bot.Job) {
	t.Helper()
	for {
		j := take(t, s, now, time.Hour)
		if j.Term == 0 {
			break
		}
		js = append(js, j)
	}
	for _, j := range js {
		next := j.Due
		if _, ok := j.Key.Tasting(); ok {
			next = time.Time{}
		}
		must(t, s.Finish(t.Context(), j, next, j.Past))
	}
	return js
}

// A tasting's job follows its Wake until it is settled. It follows tastings
// through their states, since each step takes up where the last left off.
func testTakeTastings(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	check := func(what string, now time.Time, want ...bot.TastingID) {
		t.Helper()
		var got []bot.TastingID
		for _, j := range drain(t, s, now) {
			id, ok := j.Key.Tasting()
			if !ok {
				t.Fatalf("a job %v", j.Key)
			}
			got = append(got, id)
		}
		equal(t, "due "+what, got, want)
	}
	wake := func(id bot.TastingID, st bot.State, at time.Time) {
		t.Helper()
		must(t, s.Update(ctx, id, st, func(t *bot.Tasting) error { t.Wake = at; return nil }))
	}
	check("in an empty store", noon)

	a := create(t, s, bot.Open).ID
	b := createAt(t, s, bot.Place{Workspace: bot.Workspace{Platform: "web", ID: "w"}, Channel: "C"}, bot.Asking).ID
	c := create(t, s, bot.Draft).ID
	wake(a, bot.Open, noon.Add(2))
	wake(b, bot.Asking, noon.Add(1))
	wake(c, bot.Draft, noon.Add(3).In(time.FixedZone("", 3600)))
	check("before the first", noon)
	check("at the first", noon.Add(1), b)
	check("after all", noon.Add(time.Hour), b, a, c)

	wake(a, bot.Open, time.Time{})
	check("with a zero time, which is due at once", noon, a)
	check("with a zero time, whatever the clock says", time.Unix(0, 0), a)
	check("after all, with a zero time", noon.Add(3), a, b, c)
	wake(a, bot.Open, noon.Add(3*time.Hour))
	wake(b, bot.Asking, time.Unix(-1, 0))
	check("with a time before 1970", noon.Add(time.Hour), b, c)
	s = h.reopen(t, s)
	check("after opening again", noon.Add(time.Hour), b, c)

	// A tasting that is over is due until everybody has been told.
	move(t, s, c, bot.Draft, bot.Cancelled)
	check("cancelled, nobody told", noon.Add(time.Hour), b, c)
	must(t, s.Update(ctx, c, bot.Cancelled, func(t *bot.Tasting) error { t.Told = true; return nil }))
	check("cancelled and told", noon.Add(time.Hour), b)
	move(t, s, b, bot.Asking, bot.Revealed)
	check("revealed", noon.Add(time.Hour))

	move(t, s, a, bot.Open, bot.Closing)
	must(t, s.Seal(ctx, a, nil, func(t *bot.Tasting, _ bot.Rows) error { t.Wake = noon; return nil }))
	check("sealed", noon, a)

	if err := s.Schedule(ctx, a.Job(), noon.Add(-time.Hour)); err == nil {
		t.Error("a tasting's job was scheduled by hand")
	}
}

// A job is one holder's at a time, the one that waits longest first.
func testTakeOnce(t *testing.T, h *harness) {
	s := h.store(t)
	for i, name := range []string{"c", "a", "b"} {
		must(t, s.Schedule(t.Context(), chore(name), noon.Add(time.Duration(i)*time.Second)))
	}
	other := bot.JobKey{Workspace: bot.Workspace{Platform: "slack", ID: "T2"}, Kind: "chore", Name: "a"}
	must(t, s.Schedule(t.Context(), other, noon.Add(time.Hour)))
	if j := take(t, s, noon.Add(-1), time.Minute); j.Term != 0 {
		t.Errorf("before anything is due Take gives %v", j.Key)
	}
	c := wantJob(t, "first", s, noon.Add(time.Minute), chore("c"))
	if !c.Due.Equal(noon) || c.Past != (bot.Past{}) {
		t.Errorf("it was due at %v, with the past %+v", c.Due, c.Past)
	}
	wantJob(t, "second", s, noon.Add(time.Minute), chore("a"))
	wantJob(t, "third", s, noon.Add(time.Minute), chore("b"))
	if j := take(t, s, noon.Add(time.Minute), time.Minute); j.Term != 0 {
		t.Errorf("while all are held Take gives %v", j.Key)
	}
	must(t, s.Schedule(t.Context(), chore("c"), noon)) // does not take it from its holder
	if j := take(t, s, noon.Add(time.Minute), time.Minute); j.Term != 0 {
		t.Errorf("scheduled anew while it is held, Take gives %v", j.Key)
	}
	wantJob(t, "an hour later", s, noon.Add(time.Hour), chore("c"))
}

// Whoever was given nothing may be given something a moment later: what has
// been scheduled since, what was given back, and what came due meanwhile.
func testTakeAfterNothing(t *testing.T, h *harness) {
	s := h.store(t)
	nothing := func(what string, now time.Time) {
		t.Helper()
		if j := take(t, s, now, time.Minute); j.Term != 0 {
			t.Errorf("%s Take gives %v", what, j.Key)
		}
	}
	nothing("with no job", noon)
	must(t, s.Schedule(t.Context(), chore("late"), noon.Add(time.Hour)))
	nothing("before the only one is due", noon)
	must(t, s.Schedule(t.Context(), chore("soon"), noon))
	soon := wantJob(t, "scheduled to be due at once", s, noon, chore("soon"))
	nothing("while the one that is due is held", noon)
	must(t, s.Finish(t.Context(), soon, noon, bot.Past{}))
	_ = wantJob(t, "given back for at once", s, noon, chore("soon"))
	nothing("while the one that is due is held", noon)
	must(t, s.Schedule(t.Context(), chore("other"), noon.Add(-time.Minute)))
	other := wantJob(t, "beside one that is held", s, noon, chore("other"))
	must(t, s.Finish(t.Context(), other, time.Time{}, bot.Past{}))
	nothing("before a lease ends", noon.Add(59*time.Second))
	soon = wantJob(t, "when a lease ends", s, noon.Add(time.Minute), chore("soon"))
	must(t, s.Finish(t.Context(), soon, time.Time{}, bot.Past{}))
	nothing("before another is due", noon.Add(time.Hour-1))
	wantJob(t, "when it is due", s, noon.Add(time.Hour), chore("late"))
}

// However many ask at once, a job goes to one of them.
func testTakeAtOnce(t *testing.T, h *harness) {
	s := h.store(t)
	const jobs = 40
	for i := range jobs {
		must(t, s.Schedule(t.Context(), chore(fmt.Sprint(i)), noon))
	}
	var mu sync.Mutex
	taken := make(map[bot.JobKey]int)
	terms := make(map[uint64]bool)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				j, ok, err := s.Take(t.Context(), noon, time.Minute)
				if err != nil {
					t.Error(err)
				}
				if !ok {
					return
				}
				mu.Lock()
				taken[j.Key]++
				terms[j.Term] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(taken) != jobs || len(terms) != jobs {
		t.Errorf("%d jobs were taken under %d terms; want %d", len(taken), len(terms), jobs)
	}
	for k, n := range taken {
		if n != 1 {
			t.Errorf("%v was given to %d", k, n)
		}
	}
}

// Whoever does not renew in time loses the job to the next who asks.
func testLeaseLost(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	must(t, s.Schedule(ctx, chore("a"), noon))
	first := take(t, s, noon, time.Minute)
	must(t, s.Renew(ctx, first, noon.Add(3*time.Minute)))
	if j := take(t, s, noon.Add(2*time.Minute), time.Minute); j.Term != 0 {
		t.Fatal("a lease that was renewed did not hold")
	}
	// Nobody else wanted it: the holder may still renew, and write.
	must(t, s.Renew(ctx, first, noon.Add(10*time.Minute)))
	must(t, s.Reserve(bot.For(ctx, first), "day", 1, -1))

	second := wantJob(t, "after the lease", s, noon.Add(10*time.Minute), chore("a"))
	if second.Term == first.Term {
		t.Error("two holders have the same term")
	}
	wantErr(t, "Renew by whoever lost it", s.Renew(ctx, first, noon.Add(time.Hour)), bot.ErrTerm)
	wantErr(t, "Finish by whoever lost it", s.Finish(ctx, first, time.Time{}, bot.Past{}), bot.ErrTerm)
	must(t, s.Renew(ctx, second, noon.Add(20*time.Minute)))
	must(t, s.Finish(ctx, second, time.Time{}, bot.Past{}))
	wantErr(t, "Renew after Finish", s.Renew(ctx, second, noon.Add(time.Hour)), bot.ErrTerm)
	wantErr(t, "a second Finish", s.Finish(ctx, second, noon, bot.Past{}), bot.ErrTerm)
	wantErr(t, "a write after Finish", s.Reserve(bot.For(ctx, second), "day", 1, -1), bot.ErrTerm)
	if j := take(t, s, noon.Add(time.Hour), time.Minute); j.Term != 0 {
		t.Errorf("a job that is done for good is due: %v", j.Key)
	}
	wantErr(t, "a write of nobody's term", s.Reserve(bot.For(ctx, bot.Job{Key: chore("a")}), "day", 1, -1), bot.ErrTerm)
}

// Whoever slept through the end of their lease can write nothing at all. It
// tries every write that a store has, one by one, with a term that is over.
func testStaleHolder(t *testing.T, h *harness) {
	s := h.store(t)
	open, closing := create(t, s, bot.Open), create(t, s, bot.Closing)
	r := open.ID.Round(1)
	hear(t, s, r, "bo", bot.First, on(noon))
	key := bot.PostKey{Tasting: open.ID, Round: 1, What: "ballot"}
	ref := bot.Ref{Place: place, Message: "m"}

	stale := take(t, s, noon, time.Minute)
	ctx := bot.For(t.Context(), stale)
	must(t, s.Reserve(ctx, "day", 1, -1)) // while it is theirs
	for take(t, s, noon.Add(time.Hour), time.Minute).Key != stale.Key {
	}
	for name, write := range map[string]func() error{
		"CreateTasting": func() error {
			_, err := s.CreateTasting(ctx, bot.Tasting{Place: place, Wake: noon}, nil)
			return err
		},
		"Update": func() error {
			return s.Update(ctx, open.ID, bot.Open, func(t *bot.Tasting) error { t.Note = "stale"; return nil })
		},
		"SetTexts": func() error { return s.SetTexts(ctx, r, bot.Texts{Prompt: bot.Prompt{Text: "stale"}}) },
		"Hear":     func() error { return s.Hear(ctx, r, person("stale"), bot.Tie, on(noon)) },
		"Seal": func() error {
			return s.Seal(ctx, closing.ID, nil, func(*bot.Tasting, bot.Rows) error { return nil })
		},
		"Intend":          func() error { _, _, err := s.Intend(ctx, place, key); return err },
		"Posted":          func() error { return s.Posted(ctx, place, key, ref) },
		"Schedule":        func() error { return s.Schedule(ctx, chore("stale"), noon) },
		"Reserve":         func() error { return s.Reserve(ctx, "day", 1, -1) },
		"Forget":          func() error { _, err := s.Forget(ctx, person("bo")); return err },
		"Delete":          func() error { return s.Delete(ctx, open.ID) },
		"DeleteWorkspace": func() error { return s.DeleteWorkspace(ctx, team) },
	} {
		wantErr(t, name+" by a stale holder", write(), bot.ErrTerm)
	}
	equal(t, "the tasting", tasting(t, s, open.ID), open)
	equal(t, "the one that is closing", tasting(t, s, closing.ID), closing)
	wantVotes(t, s, r, row(r, "bo", bot.First, on(noon)))
	ps, err := s.Posts(t.Context(), open.ID)
	must(t, err)
	equal(t, "posts", ps, nil)
	if n, err := s.Reserved(t.Context(), "day"); err != nil || n != 1 {
		t.Errorf("%d is reserved, %v; want 1", n, err)
	}
	ts, err := s.Tastings(t.Context(), team, bot.Query{})
	must(t, err)
	if len(ts) != 2 {
		t.Errorf("there are %d tastings; want 2", len(ts))
	}
	// Votes and presses go by the tasting's state, not by who has the job.
	hear(t, s, r, "cy", bot.Tie, on(noon))
}

// Clocks that are minutes apart let a job change hands, never have two. Who
// holds the job may lose it between any two lines, so a refused write is no
// fault; two that can both renew are.
func testClocksThatDiffer(t *testing.T, h *harness) {
	s := h.store(t)
	must(t, s.Schedule(t.Context(), chore("a"), noon))
	clocks := []time.Duration{0, -3 * time.Minute, 3 * time.Minute, 10 * time.Minute}
	var doing, wrote atomic.Int64
	var mu sync.Mutex // of who believes to have the job
	var last bot.Job
	var wg sync.WaitGroup
	for _, off := range clocks {
		wg.Go(func() {
			for i := range 50 {
				j, ok, err := s.Take(t.Context(), noon.Add(off+time.Duration(i)*10*time.Second), time.Minute)
				if err != nil {
					t.Error(err)
				}
				if !ok {
					continue
				}
				doing.Add(1)
				mu.Lock()
				stale := last
				last = j
				mu.Unlock()
				switch err := s.Reserve(bot.For(t.Context(), j), "sum", 1, -1); {
				case err == nil:
					wrote.Add(1)
				case !errors.Is(err, bot.ErrTerm): // somebody whose clock is ahead was quicker
					t.Error(err)
				}
				if stale.Term != 0 && stale.Term != j.Term {
					if err := s.Renew(t.Context(), stale, noon.Add(time.Hour)); err == nil && s.Renew(t.Context(), j, noon.Add(time.Hour)) == nil {
						t.Error("two have the job at once")
					}
				}
			}
		})
	}
	wg.Wait()
	if n, err := s.Reserved(t.Context(), "sum"); err != nil || n != wrote.Load() || n == 0 {
		t.Errorf("%d writes were kept, %v, of %d that were acknowledged", n, err, wrote.Load())
	}
	if doing.Load() < 2 {
		t.Errorf("the job changed hands %d times; the test shows nothing", doing.Load())
	}
}
