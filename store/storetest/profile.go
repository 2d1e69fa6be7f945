package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

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
	for _, v := range []bot.Voter{ann, theirs} {
		must(t, s.SetProfile(ctx, v, func(p *bot.Profile) error { *p = kept; return nil }))
	}
	kin := bot.Profile{Name: "安娜二", Lang: bot.Zh, Zone: "Asia/Urumqi", Link: "ab12", Until: time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)}
	must(t, s.SetProfile(ctx, hostile, func(p *bot.Profile) error { *p = kin; return nil }))
	refuse := errors.New("no")
	wantErr(t, "SetProfile whose change fails", s.SetProfile(ctx, ann, func(p *bot.Profile) error { p.Lang = bot.En; return refuse }), refuse)
	for range 2 {
		is("what is kept of somebody", s, ann, kept)
		is("what is kept of somebody with a strange name", s, hostile, kin)
		is("somebody whose name begins alike", s, person("plum"), bot.Profile{})
		s = h.reopen(t, s)
	}
	copied := h.path + ".copy"
	must(t, s.Snapshot(ctx, copied))
	restored := h.open(t, copied)
	defer restored.Close()
	is("what is kept of somebody, in a copy", restored, hostile, kin)

	_, err := s.Forget(ctx, ann)
	must(t, err)
	is("somebody who is forgotten", s, ann, bot.Profile{})
	is("somebody whose name begins with theirs", s, hostile, kin)
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

// A name is one person's in a workspace, however it is written, until they take
// another or are forgotten.
func testNames(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	takes := func(v bot.Voter, name string) error {
		return s.SetProfile(ctx, v, func(p *bot.Profile) error { p.Name, p.Lang = name, bot.Zh; return nil })
	}
	bo, second, theirs := person("bo-1"), person("bo-2"), bot.Voter{Workspace: bot.Workspace{Platform: "web", ID: "other"}, User: "bo-3"}
	must(t, takes(bo, "Bo"))
	for _, name := range []string{"Bo", "bo", " BO ", "Ｂｏ"} {
		wantErr(t, "a second person who takes the name as "+name, takes(second, name), bot.ErrTaken)
	}
	got, err := s.Profile(ctx, second)
	must(t, err)
	equal(t, "somebody whose name was taken", got, bot.Profile{})
	must(t, takes(theirs, "Bo"))
	must(t, takes(bo, "BO"))
	must(t, takes(second, "")) // no name is nobody's
	must(t, takes(person("bo-4"), ""))
	must(t, takes(bo, "Bob"))
	must(t, takes(second, "Bo"))
	wantErr(t, "taking a name back that is another's by now", takes(bo, "bo"), bot.ErrTaken)
	names, err := s.Names(ctx, team, []string{"bo-1", "bo-2", "bo-3", "bo-4", "bo-5"})
	must(t, err)
	equal(t, "names of a workspace", names, map[string]string{"bo-1": "Bob", "bo-2": "Bo"})
	_, err = s.Forget(ctx, second)
	must(t, err)
	must(t, takes(bo, "Bo"))
}

// Of those who take a name at once, one has it.
func testNamesAtOnce(t *testing.T, h *harness) {
	s := h.store(t)
	const people = 8
	got := make([]error, people)
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() {
			got[i] = s.SetProfile(t.Context(), person(fmt.Sprint("bo-", i)), func(p *bot.Profile) error { p.Name = []string{"Bo", "bo", "ＢＯ"}[i%3]; return nil })
		})
	}
	wg.Wait()
	have := 0
	for _, err := range got {
		if err == nil {
			have++
		} else if !errors.Is(err, bot.ErrTaken) {
			t.Errorf("a name that somebody else takes at the same time: %v", err)
		}
	}
	if have != 1 {
		t.Errorf("of %d people who took one name at once %d have it", people, have)
	}
}
