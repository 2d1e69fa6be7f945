package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// The same channels, users, messages and numbers in two workspaces never mix.
// It gives two workspaces the same of everything, and asks every method about
// both.
func testWorkspaces(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	ws := []bot.Workspace{{Platform: "discord", ID: "T1"}, {Platform: "slack", ID: "T1"}, {Platform: "slack", ID: "T2"}}
	for i, w := range ws {
		at := bot.Place{Workspace: w, Channel: "C1"}
		id := createAt(t, s, at, bot.Open).ID.Round(1)
		hear(t, s, id, "ann", bot.Pick(i+1), on(noon))
		must(t, s.Posted(ctx, at, bot.PostKey{Tasting: id.TastingID, Round: 1, What: "ballot"}, bot.Ref{Place: at, Message: "m1"}))
		must(t, s.SetTexts(ctx, id, bot.Texts{Prompt: bot.Prompt{Text: w.Platform + w.ID}}))
	}
	got, err := s.Workspaces(ctx)
	must(t, err)
	slices.SortFunc(got, func(a, b bot.Workspace) int {
		return cmp.Or(strings.Compare(a.Platform, b.Platform), strings.Compare(a.ID, b.ID))
	})
	equal(t, "workspaces", got, ws)

	if _, err := s.Forget(ctx, bot.Voter{Workspace: ws[1], User: "ann"}); err != nil {
		t.Fatal(err)
	}
	for i, w := range ws {
		at := bot.Place{Workspace: w, Channel: "C1"}
		id := bot.TastingID{Workspace: w, N: 1}.Round(1)
		if i == 1 {
			wantVotes(t, s, id)
		} else {
			wantVotes(t, s, id, row(id, "ann", bot.Pick(i+1), on(noon)))
		}
		byRef, err := s.ByRef(ctx, bot.Ref{Place: at, Message: "m1"})
		must(t, err)
		equal(t, "the round of m1", byRef, id)
		ps, err := s.Posts(ctx, id.TastingID)
		must(t, err)
		if len(ps) != 1 || ps[0].At != at {
			t.Errorf("%v has posts %v; want its own one", w, ps)
		}
		x, err := s.Texts(ctx, id)
		must(t, err)
		if x.Prompt.Text != w.Platform+w.ID {
			t.Errorf("%v has the texts of %s", w, x.Prompt.Text)
		}
		ts, err := s.Tastings(ctx, w, bot.Query{})
		must(t, err)
		if len(ts) != 1 || ts[0].Place != at {
			t.Errorf("%v has tastings %v; want its own one", w, ts)
		}
	}
	foreign := bot.Ref{Place: bot.Place{Workspace: ws[0], Channel: "C1"}, Message: "m2"}
	key := bot.PostKey{Tasting: bot.TastingID{Workspace: ws[1], N: 1}, Round: 1, What: "ballot"}
	if err := s.Posted(ctx, bot.Place{Workspace: ws[1], Channel: "C1"}, key, foreign); err == nil {
		t.Error("a post of one workspace landed in another")
	}
	if _, _, err := s.Intend(ctx, foreign.Place, key); err == nil {
		t.Error("a post of one workspace was intended in another")
	}
}

// IDs are any text, and none reaches into another. It is long because such IDs
// go through every method that takes one.
func testHostileIDs(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	ids := []string{
		"", "a", "ab", "b", "a\x00", "\x00", "\x00\x00", "a\x00b", "a/b", "a.1", "%", "'; drop table votes; --", "..", "\x01a", "\x02",
		"安娜", "👎", "\u202eevil", strings.Repeat("x", 1000), strings.Repeat("x", 1001), "ÿ", "\n",
	}
	slices.Sort(ids)

	// As users.
	id := create(t, s, bot.Open).ID.Round(1)
	var want []bot.Vote
	for i, u := range ids {
		hear(t, s, id, u, bot.Pick(i%4+1), on(noon))
		want = append(want, row(id, u, bot.Pick(i%4+1), on(noon)))
	}
	wantVotes(t, s, id, want...)
	for i, u := range ids {
		got, err := s.Vote(ctx, id, person(u))
		must(t, err)
		equal(t, fmt.Sprintf("the row of %q", u), got, want[i])
	}

	// As workspaces, in both their parts, and as channels and messages.
	for _, a := range ids {
		for _, b := range []string{"", "a", "b", "a\x00", a} {
			at := bot.Place{Workspace: bot.Workspace{Platform: a, ID: "w" + b}, Channel: b}
			made := createAt(t, s, at, bot.Open)
			if got := tasting(t, s, made.ID); got.ID != made.ID || got.Place != at {
				t.Errorf("tasting %+v is at %+v; want %+v", got.ID, got.Place, at)
			}
			key := bot.PostKey{Tasting: made.ID, Round: 1, What: "ballot"}
			ref := bot.Ref{Place: at, Message: a}
			must(t, s.Posted(ctx, at, key, ref))
			got, err := s.ByRef(ctx, ref)
			must(t, err)
			equal(t, fmt.Sprintf("the round of %q", ref), got, made.ID.Round(1))
			if vs, err := s.Votes(ctx, made.ID.Round(1)); err != nil || len(vs) > 0 {
				t.Errorf("a new tasting in %q has votes %v, %v", at, vs, err)
			}
		}
	}
	ws, err := s.Workspaces(ctx)
	must(t, err)
	for _, w := range ws {
		ts, err := s.Tastings(ctx, w, bot.Query{})
		must(t, err)
		for _, x := range ts {
			if x.Place.Workspace != w {
				t.Errorf("%q has a tasting of %q", w, x.Place.Workspace)
			}
		}
	}

	// As keys of what is not a workspace's.
	for i, a := range ids {
		must(t, s.Reserve(ctx, a, int64(i)+1, -1))
		if a != "" {
			must(t, s.Schedule(ctx, bot.JobKey{Workspace: team, Kind: a, Name: ids[0]}, noon))
		}
	}
	for i, a := range ids {
		if got, err := s.Reserved(ctx, a); err != nil || got != int64(i)+1 {
			t.Errorf("under %q %d are reserved, %v; want %d", a, got, err, i+1)
		}
	}
	js := make(map[bot.JobKey]bool)
	for _, j := range drain(t, s, noon) {
		js[j.Key] = true
	}
	for _, a := range ids {
		if key := (bot.JobKey{Workspace: team, Kind: a, Name: ids[0]}); js[key] != (a != "") {
			t.Errorf("the job %v is due: %v", key, js[key])
		}
	}
}
