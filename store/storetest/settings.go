package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// What is set for a channel is kept for it alone, over a reopening and in a copy,
// follows its name, forgets who changed it, and goes with the workspace.
func testSettings(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	in := func(w bot.Workspace, channel string) bot.Place { return bot.Place{Workspace: w, Channel: channel} }
	strangers := bot.Workspace{Platform: "slack", ID: "T2"}
	set := func(at bot.Place, by string) bot.Settings {
		t.Helper()
		want := bot.Settings{Lang: bot.Zh, Zone: "Asia/Shanghai", Ballot: bot.Private, Rounds: 12, Digest: "Fri 17:00", Charts: bot.Off,
			Weekly: bot.Weekly{Told: noon, In: 7, From: noon.AddDate(0, 0, 7), Name: "2026-11-27 17:00", Since: noon.AddDate(0, 0, 14), Until: noon.AddDate(0, 0, 21)},
			Last:   bot.Change{By: by, What: []bot.Setting{{Name: "rounds", Value: "12"}}, At: noon}}
		must(t, s.SetSettings(ctx, at, func(x *bot.Settings) error { *x = want; return nil }))
		return want
	}
	is := func(what string, s bot.Store, at bot.Place, want bot.Settings) {
		t.Helper()
		got, err := s.Settings(ctx, at)
		must(t, err)
		equal(t, what, got, want)
	}
	is("a channel for which nothing was set", s, place, bot.Settings{})

	mine, hostile, theirs := set(place, "plum-ann"), set(in(team, "C1\x00/\xff"), "plum-bob"), set(in(strangers, place.Channel), "plum-ann")
	refuse := errors.New("no")
	wantErr(t, "SetSettings whose change fails", s.SetSettings(ctx, place, func(x *bot.Settings) error { x.Rounds = 3; return refuse }), refuse)
	must(t, s.SetSettings(ctx, place, func(x *bot.Settings) error { x.Rounds++; return nil }))
	mine.Rounds = 13
	copied := h.path + ".copy"
	for range 2 {
		is("what was set for a channel", s, place, mine)
		is("what was set for one with a strange name", s, in(team, "C1\x00/\xff"), hostile)
		is("what was set in another workspace", s, in(strangers, place.Channel), theirs)
		is("a channel whose name begins alike", s, in(team, "C"), bot.Settings{})
		s = h.reopen(t, s)
	}
	must(t, s.Snapshot(ctx, copied))
	restored := h.open(t, copied)
	defer restored.Close()
	is("what was set for a channel, in a copy", restored, place, mine)
	is("what was set for one with a strange name, in a copy", restored, in(team, "C1\x00/\xff"), hostile)

	now := in(team, "CNEW")
	for range 2 { // twice is fine
		must(t, s.Relocate(ctx, bot.TastingID{Workspace: team}, place, now))
	}
	is("what was set for a channel, by its new name", s, now, mine)
	is("the old name of a channel that moved", s, place, bot.Settings{})

	_, err := s.Forget(ctx, person("plum-ann"))
	must(t, err)
	mine.Last.By = ""
	is("settings whose last change was by somebody who is forgotten", s, now, mine)
	is("settings that somebody else changed", s, in(team, "C1\x00/\xff"), hostile)
	is("settings of another workspace's person of that name", s, in(strangers, place.Channel), theirs)

	must(t, s.DeleteWorkspace(ctx, team))
	is("settings of a workspace that is deleted", s, now, bot.Settings{})
	is("settings of another workspace", s, in(strangers, place.Channel), theirs)
	must(t, s.DeleteWorkspace(ctx, strangers))
	wantWordless(t, s, h.path+".after", "plum-ann", "plum-bob", "Asia/Shanghai")
}

// Of changes that are made at once none is lost, also of the first ever.
func testSettingsAtOnce(t *testing.T, h *harness) {
	s := h.store(t)
	const many = 20
	var wg sync.WaitGroup
	for i := range many {
		wg.Go(func() {
			err := s.SetSettings(t.Context(), place, func(x *bot.Settings) error {
				x.Rounds++
				x.Last.What = append(x.Last.What, bot.Setting{Name: fmt.Sprint(i)})
				return nil
			})
			if err != nil {
				t.Errorf("SetSettings: %v", err)
			}
		})
	}
	wg.Wait()
	got, err := s.Settings(t.Context(), place)
	must(t, err)
	if got.Rounds != many || len(got.Last.What) != many {
		t.Errorf("after %d changes at once there are %d and %d; one undid another", many, got.Rounds, len(got.Last.What))
	}
}
