package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// testPosts tells the life of a post's key in order: intended, said, found
// again. Each step needs the ones before it.
func testPosts(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	made := create(t, s, bot.Posting).ID
	head := bot.PostKey{Tasting: made, What: "head"}
	ballot := bot.PostKey{Tasting: made, Round: 1, What: "ballot"}
	thread := bot.Place{Workspace: team, Channel: "C1/1"}
	at := func(p bot.Place, m string) bot.Ref { return bot.Ref{Place: p, Message: m} }

	intend := func(p bot.Place, k bot.PostKey) (time.Time, bot.Ref) {
		t.Helper()
		since, ref, err := s.Intend(ctx, p, k)
		must(t, err)
		return since, ref
	}
	before := time.Now()
	for _, p := range []bot.Place{place, thread} {
		for _, k := range []bot.PostKey{ballot, head} {
			if since, ref := intend(p, k); !since.IsZero() || ref != (bot.Ref{}) {
				t.Errorf("the first intent of %v in %v gives %v, %v; want zero values", k, p.Channel, since, ref)
			}
		}
	}
	after := time.Now()
	first, ref := intend(place, ballot)
	if first.Before(before.Round(0)) || first.After(after) || ref != (bot.Ref{}) {
		t.Errorf("the second intent gives %v, %v; want when the first was made, from %v to %v, and no message", first, ref, before, after)
	}
	_, err := s.ByRef(ctx, at(place, "m1"))
	wantErr(t, "the round of an unknown message", err, bot.ErrNotFound)
	if ps, err := s.Posts(ctx, made); err != nil || len(ps) > 0 {
		t.Errorf("before any landed Posts = %v, %v", ps, err)
	}

	must(t, s.Posted(ctx, place, head, at(place, "m2")))
	must(t, s.Posted(ctx, place, ballot, at(place, "m0")))
	must(t, s.Posted(ctx, place, ballot, at(place, "m1"))) // the last call wins
	must(t, s.Posted(ctx, thread, head, at(thread, "m1")))
	check := func() {
		t.Helper()
		if since, ref := intend(place, ballot); !since.Equal(first) || ref != at(place, "m1") {
			t.Errorf("the intent of a post that landed gives %v, %v; want %v, m1", since, ref, first)
		}
		got, err := s.ByRef(ctx, at(place, "m1"))
		must(t, err)
		equal(t, "the round of m1", got, made.Round(1))
		for _, r := range []bot.Ref{at(place, "m0"), at(place, "m2"), at(thread, "m1"), at(bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T2"}, Channel: "C1"}, "m1")} {
			_, err := s.ByRef(ctx, r)
			wantErr(t, fmt.Sprintf("the round of %v, which is no ballot, or no longer", r), err, bot.ErrNotFound)
		}
		ps, err := s.Posts(ctx, made)
		must(t, err)
		for i := range ps {
			if ps[i].On.Before(before.Round(0)) || ps[i].On.After(after) {
				t.Errorf("%v was intended at %v; want from %v to %v", ps[i].Key, ps[i].On, before, after)
			}
			ps[i].On = time.Time{}
		}
		equal(t, "posts that landed", ps, []bot.Posted{
			{Key: ballot, At: place, Ref: at(place, "m1")},
			{Key: head, At: place, Ref: at(place, "m2")},
			{Key: head, At: thread, Ref: at(thread, "m1")},
		})
		if ps, err := s.Posts(ctx, bot.TastingID{Workspace: team, N: made.N + 1}); err != nil || len(ps) > 0 {
			t.Errorf("another tasting has posts %v, %v", ps, err)
		}
	}
	check()
	s = h.reopen(t, s)
	check()
}

// Of many who intend one post at once, one is the first.
func testPostsAtOnce(t *testing.T, h *harness) {
	s := h.store(t)
	key := bot.PostKey{Tasting: create(t, s, bot.Posting).ID, What: "head"}
	var first atomic.Int32
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			since, _, err := s.Intend(t.Context(), place, key)
			if err != nil {
				t.Error(err)
			}
			if since.IsZero() {
				first.Add(1)
			}
		})
	}
	wg.Wait()
	if first.Load() != 1 {
		t.Errorf("%d of 32 were the first to intend a post", first.Load())
	}
}
