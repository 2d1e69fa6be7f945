package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// testReview goes through what Update promises, and looks at the rows.
func testReview(t *testing.T, h *harness) {
	s := h.store(t)
	made := create(t, s, bot.Open)
	r1, r2 := made.ID.Round(1), made.ID.Round(2)
	hear(t, s, create(t, s, bot.Open).ID.Round(1), "ann", bot.Bad, on(noon))
	hear(t, s, r2, "ann", bot.Tie, on(noon))
	hear(t, s, r1, "bob", bot.First, on(noon))
	hear(t, s, r1, "ann", bot.Second, on(noon))
	hear(t, s, r2, "cho", bot.First, off(noon))
	want := []bot.Vote{row(r1, "ann", bot.Second, on(noon)), row(r1, "bob", bot.First, on(noon)), row(r2, "ann", bot.Tie, on(noon)), row(r2, "cho", bot.First, off(noon))}

	why := errors.New("no")
	err := s.Review(t.Context(), made.ID, bot.Open, func(t *bot.Tasting, _ bot.Rows) error { t.State = bot.Closing; return why })
	wantErr(t, "a review that is refused", err, why)
	err = s.Review(t.Context(), made.ID, bot.Posting, func(*bot.Tasting, bot.Rows) error { return nil })
	wantErr(t, "a review in another state", err, bot.ErrMoved)
	if err := s.Review(t.Context(), made.ID, bot.Open, func(t *bot.Tasting, _ bot.Rows) error { t.State = bot.Draft; return nil }); err == nil {
		t.Error("a review moved a tasting back")
	}
	if got := tasting(t, s, made.ID); got.State != bot.Open {
		t.Fatalf("after reviews that failed the tasting is %v", got.State)
	}
	var got []bot.Vote
	must(t, s.Review(t.Context(), made.ID, bot.Open, func(t *bot.Tasting, rows bot.Rows) error {
		got = slices.Collect(rows)
		t.State, t.Deal.Looked = bot.Closing, len(got)
		return nil
	}))
	equal(t, "the rows of a review", got, want)
	if x := tasting(t, s, made.ID); x.State != bot.Closing || x.Deal.Looked != 4 {
		t.Errorf("reviewed, the tasting is %v and looked at %d rows; want closing and 4", x.State, x.Deal.Looked)
	}
	wantErr(t, "a vote after the review that closed it", s.Hear(t.Context(), r1, person("dot"), bot.First, on(noon)), bot.ErrClosed)
}

// Whoever closes a tasting by a review has seen every vote that is kept: while
// people vote, as many rows stand afterwards as the review was shown.
func testReviewWhileVoting(t *testing.T, h *harness) {
	s := h.store(t)
	for range 5 {
		id := create(t, s, bot.Open).ID
		var wg sync.WaitGroup
		for g := range 8 {
			wg.Go(func() {
				for i := 0; ; i++ {
					err := s.Hear(t.Context(), id.Round(1+i%2), person(fmt.Sprintf("u%d-%d", g, i)), bot.First, on(noon))
					if errors.Is(err, bot.ErrClosed) {
						return
					}
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		shown := 0
		for shown < 100 && !t.Failed() {
			must(t, s.Review(t.Context(), id, bot.Open, func(t *bot.Tasting, rows bot.Rows) error {
				if shown = len(slices.Collect(rows)); shown >= 100 {
					t.State = bot.Closing
				}
				return nil
			}))
		}
		wg.Wait()
		kept := 0
		for n := range 2 {
			vs, err := s.Votes(t.Context(), id.Round(n+1))
			must(t, err)
			kept += len(vs)
		}
		if kept != shown {
			t.Fatalf("the review that closed the tasting was shown %d rows, and %d are kept", shown, kept)
		}
	}
}
