package storetest

import (
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// Who is to be reminded of a tasting is kept over a reopening and in a copy, by their
// own name; it goes when they are forgotten, whatever the tasting's state, and with the
// tasting and the workspace.
func testReminders(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	want := []bot.Reminder{{User: "plum-ann", At: noon}, {User: "plum-bob"}}
	open, closed, gone := create(t, s, bot.Open).ID, create(t, s, bot.Open).ID, create(t, s, bot.Open).ID
	for _, id := range []bot.TastingID{open, closed, gone} {
		must(t, s.Update(ctx, id, bot.Open, func(t *bot.Tasting) error { t.Reminders = want; return nil }))
	}
	must(t, s.Update(ctx, closed, bot.Open, func(t *bot.Tasting) error { t.State = bot.Cancelled; return nil }))
	for range 2 {
		equal(t, "the reminders of a tasting", tasting(t, s, open).Reminders, want)
		s = h.reopen(t, s)
	}
	copied := h.path + ".copy"
	must(t, s.Snapshot(ctx, copied))
	restored := h.open(t, copied)
	defer restored.Close()
	equal(t, "the reminders of a tasting, in a copy", tasting(t, restored, open).Reminders, want)

	_, err := s.Forget(ctx, person("plum-ann"))
	must(t, err)
	for _, id := range []bot.TastingID{open, closed} {
		equal(t, "the reminders once somebody is forgotten", tasting(t, s, id).Reminders, want[1:])
	}
	must(t, s.Delete(ctx, gone))
	must(t, s.DeleteWorkspace(ctx, team))
	wantWordless(t, s, h.path+".after", "plum-ann", "plum-bob")
}
