package storetest

import (
	"errors"
	"sync"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// What is kept of a person is theirs alone, over a reopening and in a copy; it goes
// when they are forgotten, and with the workspace.
func testProfiles(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	strangers := bot.Workspace{Platform: "web", ID: "other"}
	ann, hostile, theirs := person("plum-ann"), person("plum-ann\x00\xff"), bot.Voter{Workspace: strangers, User: "plum-ann"}
	is := func(what string, s bot.Store, v bot.Voter, want bot.Profile) {
		t.Helper()
		got, err := s.Profile(ctx, v)
		must(t, err)
		equal(t, what, got, want)
	}
	is("somebody of whom nothing is kept", s, ann, bot.Profile{})
	kept := bot.Profile{Name: "安娜", Lang: bot.Zh, Zone: "Asia/Urumqi"}
	for _, v := range []bot.Voter{ann, hostile, theirs} {
		must(t, s.SetProfile(ctx, v, func(p *bot.Profile) error { *p = kept; return nil }))
	}
	refuse := errors.New("no")
	wantErr(t, "SetProfile whose change fails", s.SetProfile(ctx, ann, func(p *bot.Profile) error { p.Lang = bot.En; return refuse }), refuse)
	for range 2 {
		is("what is kept of somebody", s, ann, kept)
		is("what is kept of somebody with a strange name", s, hostile, kept)
		is("somebody whose name begins alike", s, person("plum"), bot.Profile{})
		s = h.reopen(t, s)
	}
	copied := h.path + ".copy"
	must(t, s.Snapshot(ctx, copied))
	restored := h.open(t, copied)
	defer restored.Close()
	is("what is kept of somebody, in a copy", restored, hostile, kept)

	_, err := s.Forget(ctx, ann)
	must(t, err)
	is("somebody who is forgotten", s, ann, bot.Profile{})
	is("somebody whose name begins with theirs", s, hostile, kept)
	is("somebody of that name in another workspace", s, theirs, kept)
	must(t, s.DeleteWorkspace(ctx, team))
	is("somebody of a workspace that is deleted", s, hostile, bot.Profile{})
	is("somebody of another workspace", s, theirs, kept)
	must(t, s.DeleteWorkspace(ctx, strangers))
	wantWordless(t, s, h.path+".after", "plum-ann", "Asia/Urumqi", "安娜")
}

// Two browsers of one person undo nothing of each other, also at first.
func testProfilesAtOnce(t *testing.T, h *harness) {
	s := h.store(t)
	ann := person("ann")
	var wg sync.WaitGroup
	for _, change := range []func(*bot.Profile){
		func(p *bot.Profile) { p.Name = "Ann" }, func(p *bot.Profile) { p.Lang = bot.Zh }, func(p *bot.Profile) { p.Zone = "UTC" },
	} {
		wg.Go(func() {
			if err := s.SetProfile(t.Context(), ann, func(p *bot.Profile) error { change(p); return nil }); err != nil {
				t.Errorf("SetProfile: %v", err)
			}
		})
	}
	wg.Wait()
	got, err := s.Profile(t.Context(), ann)
	must(t, err)
	equal(t, "what three browsers said at once", got, bot.Profile{Name: "Ann", Lang: bot.Zh, Zone: "UTC"})
}
