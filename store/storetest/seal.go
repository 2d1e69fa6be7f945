package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

func testSeal(t *testing.T, h *harness) {
	s := h.store(t)
	made := create(t, s, bot.Open)
	r1, r2 := made.ID.Round(1), made.ID.Round(2)
	next := create(t, s, bot.Open).ID.Round(1) // its rows stay
	for _, id := range []bot.RoundID{r1, r2, next} {
		hear(t, s, id, "ann", bot.First, on(noon))
		hear(t, s, id, "bob", bot.First, on(noon))
	}
	move(t, s, made.ID, bot.Open, bot.Closing)

	// As the platform shows it: bob took his vote back in round 1 and found both equal
	// in round 2, cho was not heard, and neither was that ann took hers back in round 2.
	none := func(id bot.RoundID, user string) bot.Vote { return bot.Vote{Round: id, Voter: person(user)} }
	changed := []bot.Vote{row(r2, "bob", bot.Tie, on(noon)), none(r1, "bob"), row(r1, "cho", bot.Bad, on(noon)), none(r2, "ann")}
	sorted := []bot.Vote{row(r1, "ann", bot.First, on(noon)), changed[2], changed[0]}
	var kept, again []bot.Vote
	must(t, s.Seal(t.Context(), made.ID, changed, func(t *bot.Tasting, k bot.Rows) error {
		kept, again = slices.Collect(k), slices.Collect(k)
		t.Rounds[0].Counts[0][0] = 1
		t.ClosedAt = noon
		return nil
	}))
	equal(t, "the rows that stay", kept, sorted)
	equal(t, "the same, gone through once more", again, sorted)
	wantVotes(t, s, r1, sorted[:2]...)
	wantVotes(t, s, r2, sorted[2:]...)
	wantVotes(t, s, next, row(next, "ann", bot.First, on(noon)), row(next, "bob", bot.First, on(noon)))
	if got := tasting(t, s, made.ID); got.State != bot.Closed || got.Rounds[0].Counts[0][0] != 1 || !got.ClosedAt.Equal(noon) {
		t.Errorf("sealed, the tasting is %v, closed at %v, with counts %v; want closed and the change", got.State, got.ClosedAt, got.Rounds[0].Counts)
	}

	wantErr(t, "a vote after sealing", s.Hear(t.Context(), r1, person("dot"), bot.First, on(noon)), bot.ErrClosed)
	wantErr(t, "sealing twice", s.Seal(t.Context(), made.ID, nil, func(*bot.Tasting, bot.Rows) error { return nil }), bot.ErrMoved)
	wantVotes(t, s, r1, sorted[:2]...)
}

// What was heard stays as it is where nothing is said to have changed, but for rows
// without a pick and those of people whose votes do not count.
func testSealHeard(t *testing.T, h *harness) {
	s := h.store(t)
	made := create(t, s, bot.Open)
	r1, r2 := made.ID.Round(1), made.ID.Round(2)
	hear(t, s, r1, "ann", bot.First, on(noon))
	hear(t, s, r2, "ann", bot.Second, on(noon))
	hear(t, s, r1, "bob", bot.Tie, off(noon))
	hear(t, s, r1, "cho", bot.First, on(noon))
	must(t, s.Update(t.Context(), made.ID, bot.Open, func(t *bot.Tasting) error {
		t.State, t.Barred = bot.Closing, []string{"cho"}
		return nil
	}))
	var kept []bot.Vote
	must(t, s.Seal(t.Context(), made.ID, nil, func(_ *bot.Tasting, k bot.Rows) error {
		for v := range k { // whoever has seen enough may stop
			kept = append(kept, v)
			break
		}
		return nil
	}))
	equal(t, "the first row that stays", kept, []bot.Vote{row(r1, "ann", bot.First, on(noon))})
	wantVotes(t, s, r1, row(r1, "ann", bot.First, on(noon)))
	wantVotes(t, s, r2, row(r2, "ann", bot.Second, on(noon)))
	cells, err := s.Cells(t.Context(), team)
	must(t, err)
	if c := cells[made.ID]; len(c) != 2 || len(c[0]) != 1 || len(c[1]) != 1 || c[0][0].Lean != 1 || c[1][0].Lean != -1 {
		t.Errorf("the cells are %v; want one a round, for the first and for the second", c)
	}
}

// The rows of people outside the electorate go when it is sealed, and who they
// were is forgotten.
func testSealApart(t *testing.T, h *harness) {
	s := h.store(t)
	id := create(t, s, bot.Closing).ID
	r := id.Round(1)
	must(t, s.Seal(t.Context(), id, []bot.Vote{row(r, "ann", bot.First, on(noon)), row(r, "bob", bot.Tie, on(noon))},
		func(t *bot.Tasting, _ bot.Rows) error { t.Outside = []string{"ann"}; return nil }))
	wantVotes(t, s, r, row(r, "bob", bot.Tie, on(noon)))
	if got := tasting(t, s, id); got.Outside != nil {
		t.Errorf("who was counted apart is remembered: %q", got.Outside)
	}
}

// Sealing very many votes takes seconds. Whoever votes elsewhere meanwhile is heard.
func testSealBeside(t *testing.T, h *harness) {
	s := h.store(t)
	made, next := create(t, s, bot.Open), create(t, s, bot.Open)
	hear(t, s, made.ID.Round(1), "ann", bot.First, on(noon))
	move(t, s, made.ID, bot.Open, bot.Closing)
	must(t, s.Seal(t.Context(), made.ID, nil, func(*bot.Tasting, bot.Rows) error {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		var heard error
		var wg sync.WaitGroup
		wg.Go(func() { heard = s.Hear(ctx, next.ID.Round(1), person("bob"), bot.First, on(noon)) })
		wg.Wait()
		if heard != nil {
			t.Errorf("while another tasting is sealed a vote is not kept: %v", heard)
		}
		return nil
	}))
	wantVotes(t, s, next.ID.Round(1), row(next.ID.Round(1), "bob", bot.First, on(noon)))
}

// Many people who ask to be forgotten while a tasting is sealed, one after the other, do
// not put it off, and all of them are.
func testSealForgetting(t *testing.T, h *harness) {
	s := h.store(t)
	made := create(t, s, bot.Open)
	r := made.ID.Round(1)
	voter := func(n int) string { return fmt.Sprintf("<voter %02d>", n) }
	const voters = 40
	for n := range voters {
		hear(t, s, r, voter(n), bot.First, on(noon))
	}
	move(t, s, made.ID, bot.Open, bot.Closing)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	forgot := make(chan int)
	gone := make(chan int)
	go func() {
		n := 0
		for ; ctx.Err() == nil; n++ {
			if _, err := s.Forget(ctx, person(voter(n))); err != nil {
				if ctx.Err() == nil {
					t.Errorf("forget %s: %v", voter(n), err)
				}
				break
			}
			select {
			case forgot <- n:
			default:
			}
		}
		gone <- n
	}()
	times := 0
	err := s.Seal(t.Context(), made.ID, nil, func(*bot.Tasting, bot.Rows) error {
		if times++; times > 20 {
			return errors.New("that is enough")
		}
		select {
		case <-forgot:
		case <-time.After(200 * time.Millisecond): // they wait
		}
		return nil
	})
	stop()
	n := <-gone
	if err != nil || tasting(t, s, made.ID).State != bot.Closed {
		t.Fatalf("while %d people are forgotten one after the other sealing is begun %d times, and then: %v; want it sealed", n, times, err)
	}
	for i := range min(n, voters) {
		wantNameless(t, s, made.ID, voter(i))
	}
	vs, err := s.Votes(t.Context(), r)
	must(t, err)
	cells, err := s.Cells(t.Context(), team)
	must(t, err)
	if cs := cells[made.ID]; len(vs) > 0 && (len(cs) == 0 || len(cs[0]) != len(vs)) {
		t.Errorf("%d votes stay, and the cells are %v", len(vs), cs)
	}
}

func testSealRefused(t *testing.T, h *harness) {
	s := h.store(t)
	nothing := func(*bot.Tasting, bot.Rows) error { return nil }
	for st := bot.Draft; st <= bot.Failed; st++ {
		if st != bot.Closing {
			wantErr(t, "sealing in state "+st.String(), s.Seal(t.Context(), create(t, s, st).ID, nil, nothing), bot.ErrMoved)
		}
	}
	wantErr(t, "sealing nothing", s.Seal(t.Context(), bot.TastingID{Workspace: team, N: 99}, nil, nothing), bot.ErrNotFound)

	made := create(t, s, bot.Open)
	id := made.ID.Round(1)
	hear(t, s, id, "ann", bot.First, on(noon))
	move(t, s, made.ID, bot.Open, bot.Closing)
	why := errors.New("no")
	err := s.Seal(t.Context(), made.ID, nil, func(t *bot.Tasting, _ bot.Rows) error { t.Note = "changed"; return why })
	wantErr(t, "sealing with a change that fails", err, why)
	alien := row(id, "ann", bot.First, on(noon))
	alien.Voter.ID = "T2"
	for name, vs := range map[string][]bot.Vote{
		"of another tasting":   {row(create(t, s, bot.Open).ID.Round(1), "ann", bot.First, on(noon))},
		"of no round":          {row(made.ID.Round(3), "ann", bot.First, on(noon))},
		"of another workspace": {alien},
		"twice":                {row(id, "ann", bot.First, on(noon)), row(id, "ann", bot.Tie, on(noon))},
	} {
		if err := s.Seal(t.Context(), made.ID, vs, nothing); err == nil {
			t.Fatalf("a vote %s was sealed", name)
		}
	}
	if got := tasting(t, s, made.ID); got.State != bot.Closing || got.Note != "" {
		t.Errorf("after seals that failed the tasting is %v %q; want closing and no change", got.State, got.Note)
	}
	wantVotes(t, s, id, row(id, "ann", bot.First, on(noon)))
}

// Of many who close and seal at once, one does. Surprising: a change of another
// tasting holds the store until all eight wait, or they would come one after
// the other.
func testCloseOnce(t *testing.T, h *harness) {
	s := h.store(t)
	other := create(t, s, bot.Draft).ID
	for range 10 {
		id := create(t, s, bot.Open).ID
		var closed, sealed, waiting atomic.Int32
		count := func(n *atomic.Int32, err error) {
			if err == nil {
				n.Add(1)
			} else if !errors.Is(err, bot.ErrMoved) {
				t.Error(err)
			}
		}
		closeIt := func(t *bot.Tasting) error { t.State = bot.Closing; return nil }
		for _, call := range []func(){
			func() { count(&closed, s.Update(t.Context(), id, bot.Open, closeIt)) },
			func() {
				count(&sealed, s.Seal(t.Context(), id, nil, func(*bot.Tasting, bot.Rows) error { return nil }))
			},
		} {
			waiting.Store(0)
			var wg sync.WaitGroup
			// A change that takes its time makes them wait for the store together.
			wg.Go(func() {
				count(new(atomic.Int32), s.Update(t.Context(), other, bot.Draft, func(*bot.Tasting) error {
					for range 1_000_000 {
						if waiting.Load() == 8 {
							break
						}
						runtime.Gosched()
					}
					return nil
				}))
			})
			for range 8 {
				wg.Go(func() {
					waiting.Add(1)
					call()
				})
			}
			wg.Wait()
		}
		if closed.Load() != 1 || sealed.Load() != 1 {
			t.Fatalf("of 8 at once %d closed and %d sealed tasting %v; want 1 and 1", closed.Load(), sealed.Load(), id)
		}
	}
}

// While people vote, a tasting is closed and sealed with the rows it has then:
// every vote that was acknowledged is among them, and none that was refused.
// The voters are real goroutines; what each was answered is kept and compared
// with the rows at the end.
func testCloseWhileVoting(t *testing.T, h *harness) {
	s := h.store(t)
	for range 5 {
		made := create(t, s, bot.Open)
		id := made.ID.Round(1)
		var heard atomic.Int64
		var acked sync.Map
		var wg sync.WaitGroup
		for g := range 16 {
			wg.Go(func() {
				for i := range 1_000_000 {
					v := person(fmt.Sprintf("u%02d-%06d", g, i))
					err := s.Hear(t.Context(), id, v, bot.First, on(noon))
					if errors.Is(err, bot.ErrClosed) {
						return
					}
					if err != nil {
						t.Error(err)
						return
					}
					acked.Store(v.User, true)
					heard.Add(1)
				}
			})
		}
		wg.Go(func() {
			for heard.Load() < 200 && !t.Failed() {
				runtime.Gosched()
			}
			err := s.Update(t.Context(), made.ID, bot.Open, func(t *bot.Tasting) error { t.State = bot.Closing; return nil })
			if err != nil {
				t.Error(err)
				return
			}
			vs, err := s.Votes(t.Context(), id)
			if err == nil {
				err = s.Seal(t.Context(), made.ID, vs, func(*bot.Tasting, bot.Rows) error { return nil })
			}
			if err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		vs, err := s.Votes(t.Context(), id)
		must(t, err)
		for _, v := range vs {
			if _, ok := acked.LoadAndDelete(v.Voter.User); !ok {
				t.Errorf("%s was told that voting is over, and has a row", v.Voter.User)
			}
		}
		acked.Range(func(user, _ any) bool {
			t.Errorf("the vote of %v was acknowledged and is lost", user)
			return !t.Failed()
		})
	}
}
