package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// lived makes a tasting with everything that one can have: all its words
// begin with the given one.
func lived(t *testing.T, s bot.Store, at bot.Place, word string) bot.TastingID {
	t.Helper()
	ctx := t.Context()
	made, err := s.CreateTasting(ctx, bot.Tasting{
		Place: at, State: bot.Open, Wake: noon, Question: word + "-question",
		Starter: bot.Voter{Workspace: at.Workspace, User: word + "-starter"}, Invited: []string{word + "-invited"},
		Rounds: []bot.Round{{Category: word + "-category"}, {}},
	}, []bot.Texts{
		{Prompt: bot.Prompt{Text: word + "-prompt"}, Answers: [2]bot.Answer{{Raw: word + "-first"}, {Raw: word + "-second"}}},
		{Prompt: bot.Prompt{Text: strings.Repeat(word+"-long ", 5000)}},
	})
	must(t, err)
	for n := range 2 {
		id := made.ID.Round(n + 1)
		ballot := bot.PostKey{Tasting: made.ID, Round: n + 1, What: "ballot"}
		must(t, s.Posted(ctx, at, ballot, bot.Ref{Place: at, Message: fmt.Sprint(word, "-message-", n+1)}))
		hear(t, s, id, word+"-voter", bot.First, on(noon))
		hear(t, s, id, word+"-shy", bot.Tie, on(noon))
	}
	for _, user := range []string{word + "-voter", word + "-shy"} {
		_, err := s.Sit(ctx, made.ID, bot.Voter{Workspace: at.Workspace, User: user})
		must(t, err)
	}
	_, _, err = s.Intend(ctx, at, bot.PostKey{Tasting: made.ID, What: word + "-head"})
	must(t, err)
	_, err = s.Forget(ctx, bot.Voter{Workspace: at.Workspace, User: word + "-shy"})
	must(t, err)
	return made.ID
}

// wantGone fails the test if any method still knows the tasting. It is one call
// of each method.
func wantGone(t *testing.T, s bot.Store, id bot.TastingID, at bot.Place, word string) {
	t.Helper()
	ctx := t.Context()
	is := func(what string, err error) {
		t.Helper()
		wantErr(t, what+" of a deleted tasting", err, bot.ErrNotFound)
	}
	r := id.Round(1)
	_, err := s.Tasting(ctx, id)
	is("Tasting", err)
	_, err = s.Texts(ctx, r)
	is("Texts", err)
	is("SetTexts", s.SetTexts(ctx, r, bot.Texts{}))
	is("Hear", s.Hear(ctx, r, bot.Voter{Workspace: id.Workspace, User: word + "-voter"}, bot.First, on(noon)))
	is("Update", s.Update(ctx, id, bot.Open, func(*bot.Tasting) error { return nil }))
	is("Review", s.Review(ctx, id, bot.Open, func(*bot.Tasting, bot.Rows) error { return nil }))
	_, err = s.Sit(ctx, id, bot.Voter{Workspace: id.Workspace, User: word + "-voter"})
	is("Sit", err)
	is("Seal", s.Seal(ctx, id, nil, func(*bot.Tasting, bot.Rows) error { return nil }))
	is("Delete", s.Delete(ctx, id))
	key := bot.PostKey{Tasting: id, Round: 1, What: "ballot"}
	ref := bot.Ref{Place: at, Message: word + "-message-1"}
	_, _, err = s.Intend(ctx, at, key)
	is("Intend", err)
	is("Posted", s.Posted(ctx, at, key, ref))
	_, err = s.ByRef(ctx, ref)
	is("ByRef", err)
	wantVotes(t, s, r)
	row, err := s.Vote(ctx, r, bot.Voter{Workspace: id.Workspace, User: word + "-voter"})
	must(t, err)
	equal(t, "a vote in a deleted tasting", row, bot.Vote{})
	ps, err := s.Posts(ctx, id)
	must(t, err)
	equal(t, "posts of a deleted tasting", ps, nil)
	ts, err := s.Tastings(ctx, id.Workspace, bot.Query{})
	must(t, err)
	for _, x := range ts {
		if x.ID == id {
			t.Errorf("Tastings still lists %v", id)
		}
	}
	for _, j := range drain(t, s, noon.Add(time.Hour)) {
		if got, ok := j.Key.Tasting(); ok && got == id {
			t.Errorf("there still is a job of %v", id)
		}
	}
}

// wantWordless fails the test if a copy of the store has any of the words.
func wantWordless(t *testing.T, s bot.Store, path string, words ...string) {
	t.Helper()
	must(t, s.Snapshot(t.Context(), path))
	data, err := os.ReadFile(path)
	must(t, err)
	for _, w := range words {
		if at := bytes.Index(data, []byte(w)); at >= 0 {
			t.Errorf("a copy made after the deletion says %q", data[at:min(at+40, len(data))])
		}
	}
}

// testDelete fills a tasting with one of everything and looks through every
// method that nothing is left.
func testDelete(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	there := bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T2"}, Channel: "C1"}
	before, goes, after := lived(t, s, place, "plum"), lived(t, s, place, "quince"), lived(t, s, place, "rowan")
	other := lived(t, s, there, "sloe")
	same := lived(t, s, there, "medlar") // has the number of the one that goes
	kept := func() (all string) {
		for _, id := range []bot.TastingID{before, after, other, same} {
			all += fmt.Sprintf("%+v\n", tasting(t, s, id))
			for n := range 2 {
				x, err := s.Texts(ctx, id.Round(n+1))
				must(t, err)
				vs, err := s.Votes(ctx, id.Round(n+1))
				must(t, err)
				all += fmt.Sprintf("%.200v\n%+v\n", x, vs)
			}
			ps, err := s.Posts(ctx, id)
			must(t, err)
			for _, p := range ps {
				r, err := s.ByRef(ctx, p.Ref)
				must(t, err)
				all += fmt.Sprintf("%+v is %v\n", p, r)
			}
		}
		return all
	}
	want := kept()

	wantErr(t, "Delete of no tasting", s.Delete(ctx, bot.TastingID{Workspace: team, N: 9}), bot.ErrNotFound)
	must(t, s.Delete(ctx, goes))
	wantGone(t, s, goes, place, "quince")
	equal(t, "the other tastings", kept(), want)
	wantWordless(t, s, h.path+".copy", "quince")
	s = h.reopen(t, s)
	wantGone(t, s, goes, place, "quince")
	equal(t, "the other tastings, opened again", kept(), want)

	// Whoever is forgotten elsewhere still is.
	hear(t, s, before.Round(1), "plum-shy", bot.First, on(noon.Add(1)))
	equal(t, "the other tastings, after a vote of somebody who was forgotten", kept(), want)

	// A number is never given again, not even the last one.
	must(t, s.Delete(ctx, after))
	if got := create(t, s, bot.Open).ID.N; got != 4 {
		t.Errorf("after tastings 1, 2 and 3, of which the last two were deleted, comes %d; want 4", got)
	}
}

// testDeleteWorkspace fills two workspaces with one of everything and looks
// through every method that only one of them is left.
func testDeleteWorkspace(t *testing.T, h *harness) {
	s := h.store(t)
	ctx := t.Context()
	there := bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T2"}, Channel: "C1"}
	sub := bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T"}, Channel: "C1"} // its ID begins the other's
	gone := bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "Tgone"}, Channel: "Cgone"}
	var goes []bot.TastingID
	for range 40 {
		goes = append(goes, lived(t, s, gone, "quince"))
	}
	many := goes[7]
	var wg sync.WaitGroup // more than goes into one transaction
	for i := range 3000 {
		wg.Go(func() {
			if err := s.Hear(ctx, many.Round(2), bot.Voter{Workspace: many.Workspace, User: fmt.Sprint("quince-", i)}, bot.Bad, on(noon)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	others := []bot.TastingID{lived(t, s, there, "sloe"), lived(t, s, sub, "plum")}
	for _, key := range []bot.PostKey{{Tasting: bot.TastingID{Workspace: gone.Workspace}, What: "quince-digest"}, bot.DigestKey(gone.Workspace, noon)} {
		_, _, err := s.Intend(ctx, gone, key)
		must(t, err)
		must(t, s.Posted(ctx, gone, key, bot.Ref{Place: gone, Message: "quince-" + key.What}))
	}
	must(t, s.Schedule(ctx, gone.DigestJob(), noon))
	must(t, s.Schedule(ctx, sub.DigestJob(), noon.Add(2*time.Hour)))
	must(t, s.Schedule(ctx, bot.JobKey{Workspace: gone.Workspace, Kind: "quince-digest", Name: "Cgone"}, noon))
	must(t, s.Schedule(ctx, bot.JobKey{Workspace: sub.Workspace, Kind: "plum-digest"}, noon))

	goes = append(goes, createAt(t, s, gone, bot.Draft).ID)

	must(t, s.DeleteWorkspace(ctx, bot.Workspace{Platform: "slack", ID: "unknown"}))
	for range 2 {
		must(t, s.DeleteWorkspace(ctx, gone.Workspace)) // twice is fine
		for _, id := range goes {
			wantGone(t, s, id, gone, "quince")
		}
		for i, word := range []string{"sloe", "plum"} {
			if got := tasting(t, s, others[i]); got.Question != word+"-question" {
				t.Errorf("another workspace's tasting asks %q", got.Question)
			}
			vs, err := s.Votes(ctx, others[i].Round(1))
			must(t, err)
			if len(vs) != 1 || vs[0].Voter.User != word+"-voter" {
				t.Errorf("another workspace's votes are %v", vs)
			}
		}
		for _, j := range drain(t, s, noon.Add(time.Hour)) {
			if j.Key.Workspace == gone.Workspace {
				t.Errorf("there still is a job %v", j.Key)
			}
		}
		if posts, err := s.Posts(ctx, bot.TastingID{Workspace: gone.Workspace}); err != nil || len(posts) > 0 {
			t.Errorf("there still are posts of no tasting: %v, %v", posts, err)
		}
		ws, err := s.Workspaces(ctx)
		must(t, err)
		equal(t, "workspaces that have a tasting", ws, []bot.Workspace{sub.Workspace, there.Workspace})
		s = h.reopen(t, s)
	}
	wantWordless(t, s, h.path+".copy", "quince", "Tgone", "Cgone")

	// Installed again, it begins empty; buttons of its old posts mean nothing.
	for n := uint64(41); n <= 42; n++ {
		if got := createAt(t, s, gone, bot.Open).ID.N; got != n {
			t.Errorf("after 40 tastings that were deleted comes %d; want %d", got, n)
		}
	}
	must(t, s.DeleteWorkspace(ctx, gone.Workspace))
	if got := createAt(t, s, gone, bot.Draft).ID; got != gone.Workspace.Draft(2) {
		t.Errorf("after a draft that was deleted comes %v; want d2", got)
	}
	s = h.reopen(t, s)
	if got := createAt(t, s, gone, bot.Open).ID.N; got != 43 {
		t.Errorf("deleted a second time, it goes on with %d; want 43", got)
	}
	s = h.reopen(t, s)
	if ts, err := s.Tastings(ctx, gone.Workspace, bot.Query{}); err != nil || len(ts) != 2 {
		t.Errorf("opened again, it has %d tastings, %v; want the new ones", len(ts), err)
	}
}

// Votes on their way while their tasting is deleted are kept nowhere and get
// ErrNotFound from then on; votes in other tastings are not disturbed. The
// voters are real goroutines; what each was answered must fit what is left.
func testDeleteWhileVoting(t *testing.T, h *harness) {
	s := h.store(t)
	goes, stays := create(t, s, bot.Open).ID.Round(1), create(t, s, bot.Open).ID.Round(1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var heard, refused, kept atomic.Int64
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				v := person(fmt.Sprintf("u%d-%06d", g, i))
				before := refused.Load() // one that was sent earlier may be answered later
				switch err := s.Hear(t.Context(), goes, v, bot.First, on(noon)); {
				case err == nil && before == 0:
					heard.Add(1)
				case errors.Is(err, bot.ErrNotFound):
					refused.Add(1)
				default:
					t.Errorf("a vote in a tasting that is being deleted: error %v, sent after %d were refused", err, before)
				}
				if err := s.Hear(t.Context(), stays, v, bot.First, on(noon)); err != nil {
					t.Errorf("a vote in another tasting: %v", err)
					return
				}
				kept.Add(1)
			}
		})
	}
	for heard.Load() < 50 {
		time.Sleep(time.Millisecond)
	}
	must(t, s.Delete(t.Context(), goes.TastingID))
	for refused.Load() < 50 && !t.Failed() {
		time.Sleep(time.Millisecond)
	}
	cancel()
	wg.Wait()
	wantVotes(t, s, goes)
	if vs, err := s.Votes(t.Context(), stays); err != nil || int64(len(vs)) != kept.Load() {
		t.Errorf("the other tasting has %d votes, %v; %d were acknowledged", len(vs), err, kept.Load())
	}
}
