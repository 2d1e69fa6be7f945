package storetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

func testReopen(t *testing.T, h *harness) {
	s := h.store(t)
	texts := []bot.Texts{{Prompt: bot.Prompt{Text: "one"}}, {Prompt: bot.Prompt{Text: "two"}}}
	made, err := s.CreateTasting(t.Context(), full(), texts)
	must(t, err)
	move(t, s, made.ID, bot.Asking, bot.Open)
	hear(t, s, made.ID.Round(1), "ann", bot.First, on(noon))
	want := tasting(t, s, made.ID)
	for range 3 {
		s = h.reopen(t, s)
		equal(t, "the tasting, opened again", tasting(t, s, made.ID), want)
		x, err := s.Texts(t.Context(), made.ID.Round(2))
		must(t, err)
		equal(t, "the texts, opened again", x, texts[1])
		wantVotes(t, s, made.ID.Round(1), row(made.ID.Round(1), "ann", bot.First, on(noon)))
	}
	if got := create(t, s, bot.Open).ID.N; got != 2 {
		t.Errorf("the next tasting has number %d; want 2", got)
	}
}

// A call whose context is over does nothing and says so.
func testCanceled(t *testing.T, h *harness) {
	s := h.store(t)
	made := create(t, s, bot.Open)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.CreateTasting(ctx, full(), make([]bot.Texts, 2))
	wantErr(t, "CreateTasting", err, context.Canceled)
	wantErr(t, "Hear", s.Hear(ctx, made.ID.Round(1), person("ann"), bot.First, on(noon)), context.Canceled)
	wantErr(t, "Update", s.Update(ctx, made.ID, bot.Open, func(t *bot.Tasting) error { t.Note = "changed"; return nil }), context.Canceled)
	wantErr(t, "Reserve", s.Reserve(ctx, "day", 1, -1), context.Canceled)
	_, err = s.Votes(ctx, made.ID.Round(1))
	wantErr(t, "Votes", err, context.Canceled)
	wantErr(t, "Snapshot", s.Snapshot(ctx, h.path+".copy"), context.Canceled)

	wantVotes(t, s, made.ID.Round(1))
	equal(t, "the tasting", tasting(t, s, made.ID), made)
	if sum, err := s.Reserved(t.Context(), "day"); err != nil || sum != 0 {
		t.Errorf("%d, %v are reserved; want none", sum, err)
	}
	if _, err := os.Stat(h.path + ".copy"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a copy: %v", err)
	}
}

// Close waits for what was begun: what was acknowledged is kept, and what was
// refused is not. It closes a store with calls under way, and afterwards
// compares each answer with what was kept.
func testClose(t *testing.T, h *harness) {
	s := h.store(t)
	id := create(t, s, bot.Open).ID.Round(1)
	var mu sync.Mutex
	acked := make(map[string]bool)
	var heard atomic.Int64
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 1_000_000 {
				v := person(fmt.Sprintf("u%d-%06d", g, i))
				if s.Hear(t.Context(), id, v, bot.First, on(noon)) != nil {
					return
				}
				mu.Lock()
				acked[v.User] = true
				mu.Unlock()
				if heard.Add(1) == 100 {
					wg.Go(func() {
						if err := s.Close(); err != nil {
							t.Error(err)
						}
					})
				}
			}
		})
	}
	wg.Wait()
	if _, err := s.Tasting(t.Context(), id.TastingID); err == nil || errors.Is(err, bot.ErrNotFound) {
		t.Errorf("a read after Close: error %v; want one that says so", err)
	}
	if err := s.Hear(t.Context(), id, person("late"), bot.First, on(noon)); err == nil {
		t.Error("a vote after Close was acknowledged")
	}
	s = h.store(t)
	vs, err := s.Votes(t.Context(), id)
	must(t, err)
	if len(vs) != len(acked) {
		t.Errorf("opened again, there are %d votes; %d were acknowledged", len(vs), len(acked))
	}
	for _, v := range vs {
		if !acked[v.Voter.User] {
			t.Errorf("%s was refused and has a row", v.Voter.User)
		}
	}
}

// It compares a copy with its store through every reading method.
func testSnapshot(t *testing.T, h *harness) {
	s := h.store(t)
	made := create(t, s, bot.Open)
	id := made.ID.Round(1)
	hear(t, s, id, "ann", bot.First, on(noon))
	secret, err := s.Secret(t.Context(), "cookies")
	must(t, err)
	ballot := bot.PostKey{Tasting: made.ID, Round: 1, What: "ballot"}
	must(t, s.Posted(t.Context(), place, ballot, bot.Ref{Place: place, Message: "m1"}))

	path := h.path + ".copy"
	must(t, s.Snapshot(t.Context(), path))
	hear(t, s, id, "bob", bot.First, on(noon))
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode() != 0o600 {
		t.Errorf("the copy has mode %v; want 0600", info.Mode())
	}
	before, err := os.ReadFile(path)
	must(t, err)
	if err := s.Snapshot(t.Context(), path); err == nil {
		t.Error("a copy was written over a file")
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("a copy that was refused changed the file: %v", err)
	}
	if err := s.Snapshot(t.Context(), h.path+"-no/copy"); err == nil {
		t.Error("a copy was written to a folder that is not there")
	}

	c := (&harness{open: h.open, path: path}).store(t)
	equal(t, "the copy's tasting", tasting(t, c, made.ID), made)
	wantVotes(t, c, id, row(id, "ann", bot.First, on(noon)))
	if got, err := c.Secret(t.Context(), "cookies"); err != nil || string(got) != string(secret) {
		t.Errorf("the copy has another secret: %v", err)
	}
	head := bot.PostKey{Tasting: made.ID, What: "head"}
	must(t, c.Posted(t.Context(), place, head, bot.Ref{Place: place, Message: "m2"}))
	if ps, err := c.Posts(t.Context(), made.ID); err != nil || len(ps) != 2 || ps[0].Key != ballot || ps[1].Key != head {
		t.Errorf("the copy's posts are %v, %v; want the copied one, then the new one", ps, err)
	}
	for st, least := range map[bot.State]bot.TastingID{bot.Open: {Workspace: team, N: 100}, bot.Draft: team.Draft(100)} {
		if got := create(t, c, st).ID; got.N <= least.N {
			t.Errorf("the copy’s next in state %v has number %v, which may have been given since", st, got)
		}
	}
}

// A copy is of one moment: of votes that came one after the other it has the
// first ones, and all that were there when it was asked for. It is long because
// it has to know, for each copy, what was acknowledged before it.
func testSnapshotWhileVoting(t *testing.T, h *harness) {
	s := h.store(t)
	made := create(t, s, bot.Open)
	const voters = 4
	var heard [voters]atomic.Int64
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for g := range voters {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				err := s.Hear(t.Context(), made.ID.Round(g%2+1), person(fmt.Sprintf("u%d-%06d", g, i)), bot.First, on(noon))
				if err != nil {
					t.Error(err)
					return
				}
				heard[g].Add(1)
			}
		})
	}
	for n := range 3 {
		var before [voters]int64
		for g := range before {
			before[g] = heard[g].Load()
		}
		path := fmt.Sprintf("%s.copy%d", h.path, n)
		if err := s.Snapshot(t.Context(), path); err != nil {
			t.Error(err)
			break
		}
		c := (&harness{open: h.open, path: path}).store(t)
		var got [voters]int64
		for r := range 2 {
			vs, err := c.Votes(t.Context(), made.ID.Round(r+1))
			if err != nil {
				t.Error(err)
			}
			for _, v := range vs {
				var g, i int64
				if _, err := fmt.Sscanf(v.Voter.User, "u%d-%d", &g, &i); err != nil || i != got[g] {
					t.Errorf("copy %d: after %d votes of voter %d comes %s", n, got[g], g, v.Voter.User)
				}
				got[g]++
			}
		}
		for g := range got {
			if got[g] < before[g] {
				t.Errorf("copy %d has %d votes of voter %d; %d were acknowledged before", n, got[g], g, before[g])
			}
		}
	}
	close(stop)
	wg.Wait()
}
