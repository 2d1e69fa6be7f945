package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// sit gives somebody a seat.
func sit(t *testing.T, s bot.Store, id bot.TastingID, user string) int {
	t.Helper()
	seat, err := s.Sit(t.Context(), id, bot.Voter{Workspace: id.Workspace, User: user})
	must(t, err)
	return seat
}

// Seats are taken in the order in which people come, are kept, also over a
// reopening and in a copy, and are counted in the record.
func testSit(t *testing.T, h *harness) {
	s := h.store(t)
	id, other := create(t, s, bot.Posting).ID, create(t, s, bot.Open).ID
	for range 2 {
		for i, user := range []string{"ann", "bob", "", "cho"} {
			if got := sit(t, s, id, user); got != i+1 {
				t.Errorf("%q, who came as number %d, has seat %d", user, i+1, got)
			}
		}
		s = h.reopen(t, s)
	}
	if got := sit(t, s, other, "cho"); got != 1 {
		t.Errorf("in another tasting the first seat is %d", got)
	}
	if got := tasting(t, s, id).Deal.Seats; got != 4 {
		t.Errorf("four have a seat, and the record counts %d", got)
	}
	hear(t, s, id.Round(1), "ann", bot.First, on(noon))
	wantVotes(t, s, id.Round(1), row(id.Round(1), "ann", bot.First, on(noon)))
	move(t, s, id, bot.Posting, bot.Open)
	must(t, s.Snapshot(t.Context(), h.path+".copy"))
	twin := h.open(t, h.path+".copy")
	defer twin.Close()
	if got := sit(t, twin, id, "bob"); got != 2 {
		t.Errorf("in a copy bob has seat %d; want still 2", got)
	}
	if got := sit(t, twin, id, "dot"); got != 5 {
		t.Errorf("in a copy the next one has seat %d; want 5", got)
	}

	for st := bot.Draft; st <= bot.Failed; st++ {
		if !st.TakesVotes() {
			_, err := s.Sit(t.Context(), create(t, s, st).ID, person("ann"))
			wantErr(t, "a seat in state "+st.String(), err, bot.ErrClosed)
		}
	}
	_, err := s.Sit(t.Context(), bot.TastingID{Workspace: team, N: 999}, person("ann"))
	wantErr(t, "a seat in no tasting", err, bot.ErrNotFound)
	if _, err := s.Sit(t.Context(), id, bot.Voter{Workspace: bot.Workspace{Platform: "slack", ID: "T2"}, User: "ann"}); err == nil {
		t.Error("somebody of another workspace was given a seat")
	}
}

// Of many who come at once each has a seat of their own, and nobody two.
func testSitAtOnce(t *testing.T, h *harness) {
	s := h.store(t)
	id := create(t, s, bot.Open).ID
	const people, presses = 30, 4
	got := make([][presses]int, people)
	var wg sync.WaitGroup
	for p := range people {
		for i := range presses {
			wg.Go(func() {
				var err error
				if got[p][i], err = s.Sit(t.Context(), id, person(fmt.Sprint("u", p))); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	var seats []int
	for p := range got {
		for _, seat := range got[p] {
			if seat != got[p][0] {
				t.Fatalf("one person was given the seats %v", got[p])
			}
		}
		seats = append(seats, got[p][0])
	}
	slices.Sort(seats)
	for i, seat := range seats {
		if seat != i+1 {
			t.Fatalf("%d people have the seats %v", people, seats)
		}
	}
	if n := tasting(t, s, id).Deal.Seats; n != people {
		t.Errorf("the record counts %d seats; want %d", n, people)
	}
}

// Once a tasting is sealed nobody can tell who sat where, not even from a copy:
// of somebody who sat and did not vote there is no word left.
func testSitSealed(t *testing.T, h *harness) {
	s := h.store(t)
	id, other := create(t, s, bot.Open).ID, create(t, s, bot.Open).ID
	sit(t, s, id, "quince-one")
	sit(t, s, id, "quince-two")
	sit(t, s, other, "quite-another")
	move(t, s, id, bot.Open, bot.Closing)
	must(t, s.Seal(t.Context(), id, nil, func(*bot.Tasting, bot.Rows) error { return nil }))
	if n := tasting(t, s, id).Deal.Seats; n != 2 {
		t.Errorf("sealed, the record counts %d seats; want still 2", n)
	}
	wantWordless(t, s, h.path+".copy", "quince")
	if got := sit(t, s, other, "quite-another"); got != 1 {
		t.Errorf("in another tasting the seat has changed to %d", got)
	}
}

// Whoever is forgotten has no seat any more, whatever became of the tasting,
// and coming back they are given none that stays.
func testSitForgotten(t *testing.T, h *harness) {
	s := h.store(t)
	var ids []bot.TastingID
	ends := []bot.State{bot.Open, bot.Closing, bot.Cancelled, bot.Failed}
	for _, end := range ends {
		id := create(t, s, bot.Open).ID
		sit(t, s, id, "ann")
		sit(t, s, id, "quince")
		if end != bot.Open {
			move(t, s, id, bot.Open, end)
		}
		ids = append(ids, id)
	}
	_, err := s.Forget(t.Context(), person("quince"))
	must(t, err)
	for range 2 {
		if got := sit(t, s, ids[0], "quince"); got != 3 {
			t.Errorf("back again, whoever was forgotten is given seat %d; want the next, 3", got)
		}
	}
	if got := sit(t, s, ids[0], "bob"); got != 3 {
		t.Errorf("the next to come is given seat %d; want 3: nobody has it", got)
	}
	if got := sit(t, s, ids[0], "ann"); got != 1 {
		t.Errorf("ann's seat has changed to %d", got)
	}
	wantWordless(t, s, h.path+".copy", "quince")
}
