package storetest

import (
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

func testDue(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	check := func(what string, now time.Time, want ...bot.TastingID) {
		t.Helper()
		got, err := s.Due(ctx, now)
		must(t, err)
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
	must(t, s.Seal(ctx, a, nil, func(t *bot.Tasting, _ []bot.Vote) error { t.Wake = noon; return nil }))
	check("sealed", noon, a)
}
