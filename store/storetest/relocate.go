package storetest

import (
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// testRelocate gives a channel another name: its tastings, their posts there and
// in threads, and the rounds of its messages are found by the new name and no
// more by the old; other channels, also those whose names begin alike, stay.
func testRelocate(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	id := create(t, s, bot.Posting).ID // in place
	in := func(channel string) bot.Place { return bot.Place{Workspace: team, Channel: channel} }
	old, thread, like := place, in(place.Channel+"/1"), in(place.Channel+"0")
	now := in("CNEW")
	ref := func(p bot.Place, m string) bot.Ref { return bot.Ref{Place: p, Message: m} }
	key := func(round int, what string) bot.PostKey { return bot.PostKey{Tasting: id, Round: round, What: what} }
	post := func(at bot.Place, k bot.PostKey, r bot.Ref) {
		t.Helper()
		_, _, err := s.Intend(ctx, at, k)
		must(t, err)
		must(t, s.Posted(ctx, at, k, r))
	}
	post(old, key(0, "head"), ref(old, "1"))
	post(thread, key(1, "ballot"), ref(old, "2")) // which stands in the thread, and is known by its channel
	post(like, key(0, "nudge"), ref(like, "3"))
	_, _, err := s.Intend(ctx, old, key(0, "announcement")) // not said yet
	must(t, err)
	hello := bot.PostKey{Tasting: bot.TastingID{Workspace: team}, What: "joined"}
	post(old, hello, ref(old, "4"))

	for range 2 { // twice is fine
		must(t, s.Relocate(ctx, id, old, now))
		must(t, s.Relocate(ctx, hello.Tasting, old, now))
	}
	got, err := s.Tasting(ctx, id)
	must(t, err)
	equal(t, "the place of the tasting", got.Place, now)
	if ts, err := s.Tastings(ctx, team, bot.Query{Channel: old.Channel}); err != nil || len(ts) != 0 {
		t.Errorf("in the old channel there are %d tastings, %v", len(ts), err)
	}
	posts, err := s.Posts(ctx, id)
	must(t, err)
	var where []bot.Ref
	for _, p := range posts {
		where = append(where, p.Ref, ref(p.At, ""))
	}
	equal(t, "where posts stand, and where they were said", where, []bot.Ref{
		ref(now, "1"), ref(now, ""), ref(now, "2"), ref(in("CNEW/1"), ""), ref(like, "3"), ref(like, ""),
	})
	round, err := s.ByRef(ctx, ref(now, "2"))
	must(t, err)
	equal(t, "the round of the ballot", round, id.Round(1))
	_, err = s.ByRef(ctx, ref(old, "2"))
	wantErr(t, "the round of the ballot by the old name", err, bot.ErrNotFound)
	since, landed, err := s.Intend(ctx, now, key(0, "announcement"))
	must(t, err)
	if since.IsZero() || landed != (bot.Ref{}) {
		t.Errorf("what was about to be said is intended since %v, at %v; want as before", since, landed)
	}
	if _, landed, err := s.Intend(ctx, now, hello); err != nil || landed != ref(now, "4") {
		t.Errorf("a post of no tasting stands at %v, %v", landed, err)
	}
}
