package storetest

import (
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A channel's schedules, what of them has been done and the job that does it are kept
// over a reopening and in a copy, follow the channel's name, outlive the tastings that
// they started, forget who made them, and go with the workspace.
func testSchedules(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	want := bot.Settings{Scheduled: 3, Schedules: []bot.Schedule{
		{N: 1, Maker: "plum-ann", When: "weekdays 10:00", Plan: "0 10 * * 1,2,3,4,5", Zone: "Europe/Berlin", Models: []string{"kestrel", "nova"}, Block: 5,
			Options: []bot.Setting{{Name: "pack", Value: "humour"}, {Name: "rounds", Value: "1"}}, State: bot.ScheduleActive,
			Made: noon, Since: noon, Last: "2026-12-01 10:00", Begun: "2026-12-01 10:00", BegunAt: noon, UsedUp: true,
			Trouble: bot.Stored(bot.Say("{name} is no longer configured.", bot.Verbatim("kestrel")))},
		{N: 3, Thread: "17", Maker: "plum-bob", When: "每天 9:30", Plan: "30 9 * * *", State: bot.SchedulePaused, Made: noon},
	}}
	must(t, s.SetSettings(ctx, place, func(x *bot.Settings) error { *x = want; return nil }))
	key := bot.ScheduleJobKey(place, 1)
	must(t, s.Schedule(ctx, key, noon))
	run := bot.Run{Schedule: 1, Opened: []string{"2026-12-01 10:00"}, Block: true, Shown: 1}
	started, err := s.CreateTasting(ctx, bot.Tasting{Place: place, State: bot.Asking, Wake: noon.Add(time.Hour), Rounds: make([]bot.Round, 5), Run: &run}, make([]bot.Texts, 5))
	must(t, err)

	is := func(what string, s bot.Store, at bot.Place) {
		t.Helper()
		got, err := s.Settings(ctx, at)
		must(t, err)
		equal(t, what, got, want)
	}
	copied := h.path + ".copy"
	for range 2 {
		is("a channel's schedules", s, place)
		got, err := s.Tasting(ctx, started.ID)
		must(t, err)
		equal(t, "the run of a tasting", *got.Run, run)
		s = h.reopen(t, s)
	}
	must(t, s.Snapshot(ctx, copied))
	restored := h.open(t, copied)
	defer restored.Close()
	for what, s := range map[string]bot.Store{"reopened": s, "in a copy": restored} {
		is("a channel's schedules, "+what, s, place)
		j, due, err := s.Take(ctx, noon, time.Minute)
		must(t, err)
		if channel, n, ok := j.Key.Schedule(); !due || !ok || channel != place || n != 1 {
			t.Fatalf("%s there is due %v (%v), a job of schedule %d in %v; want that of schedule 1 in %v", what, due, j.Key, n, channel, place)
		}
		must(t, s.SetSettings(bot.For(ctx, j), place, func(x *bot.Settings) error { x.Schedule(1).Begun = ""; return nil }))
		must(t, s.Finish(ctx, j, noon.Add(time.Hour), bot.Past{}))
		stale := j
		stale.Term += 1 << 40
		wantErr(t, "a change for a job that somebody else has", s.SetSettings(bot.For(ctx, stale), place, func(x *bot.Settings) error { x.Schedule(1).Last = ""; return nil }), bot.ErrTerm)
	}
	want.Schedules[0].Begun = ""

	now := bot.Place{Workspace: team, Channel: "CNEW"}
	must(t, s.Relocate(ctx, bot.TastingID{Workspace: team}, place, now))
	must(t, s.Relocate(ctx, started.ID, place, now))
	is("a channel's schedules, by its new name", s, now)
	must(t, s.Delete(ctx, started.ID))
	is("schedules whose tastings are deleted", s, now)

	_, err = s.Forget(ctx, person("plum-ann"))
	must(t, err)
	want.Schedules[0].Maker = ""
	is("schedules whose maker is forgotten", s, now)

	must(t, s.DeleteWorkspace(ctx, team))
	if got, err := s.Settings(ctx, now); err != nil || len(got.Schedules) > 0 {
		t.Errorf("a workspace that is deleted has schedules %v, %v", got.Schedules, err)
	}
	if j, due, err := s.Take(ctx, noon.Add(24*time.Hour), time.Minute); due || err != nil {
		t.Errorf("and a job %v, %v", j.Key, err)
	}
	wantWordless(t, s, h.path+".after", "plum-ann", "plum-bob", "humour")
}
