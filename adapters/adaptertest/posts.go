package adaptertest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// The answer to a first attempt was lost: the second finds what it left.
func postOnce(t *testing.T, w World, _ *heard) {
	began := time.Now()
	first := post(t, w, ballotKey(w, 3), ballot(w))
	for range 2 {
		again, err := w.Chat().Post(t.Context(), w.Place(), ballotKey(w, 3), began, ballot(w))
		if err != nil {
			t.Fatalf("post again: %v", err)
		}
		if again != first {
			t.Errorf("posted again it is %+v, not %+v", again, first)
		}
	}
	if n := w.Messages(t, w.Place()); n != 1 {
		t.Errorf("%d messages stand there, not 1", n)
	}
}

func postOnceAfterRestart(t *testing.T, w World, h *heard) {
	began := time.Now()
	first := post(t, w, ballotKey(w, 3), ballot(w))
	c := w.Restart(t)
	Start(t, c, h)
	again, err := c.Post(t.Context(), w.Place(), ballotKey(w, 3), began, ballot(w))
	if err != nil {
		t.Fatalf("post again: %v", err)
	}
	if again != first {
		t.Errorf("posted again after a restart it is %+v, not %+v", again, first)
	}
	if n := w.Messages(t, w.Place()); n != 1 {
		t.Errorf("%d messages stand there, not 1", n)
	}
}

// A picture is an extra: the announcement tells its numbers without it, and
// looked for again it is not drawn again.
func pictured(t *testing.T, w World, _ *heard) {
	ann := w.Join(t, "Ann")
	began, a := time.Now(), Samples(w.Place().Workspace).Announcement
	a.Picture = true
	key := bot.PostKey{Tasting: a.Tasting, What: bot.AnnouncementPost}
	first := post(t, w, key, a)
	if again, err := w.Chat().Post(t.Context(), w.Place(), key, began, a); err != nil || again != first {
		t.Errorf("posted again it is %+v, %v; not %+v", again, err, first)
	}
	if n := w.Messages(t, w.Place()); n != 1 {
		t.Errorf("%d messages stand there, not 1", n)
	}
	seen := w.Seen(t, first, ann)
	for _, want := range []string{"kestrel", "nova", "23", "14", "55", "33", "42 votes", "61%"} {
		if !strings.Contains(seen, want) {
			t.Errorf("without its picture it does not tell %q:\n%s", want, seen)
		}
	}
}

func postsApart(t *testing.T, w World, _ *heard) {
	a := post(t, w, ballotKey(w, 3), ballot(w))
	b := post(t, w, ballotKey(w, 4), ballot(w))
	at, err := w.Chat().Thread(t.Context(), a)
	if err != nil {
		t.Fatalf("thread: %v", err)
	}
	c, err := w.Chat().Post(t.Context(), at, ballotKey(w, 3), time.Time{}, ballot(w))
	if err != nil {
		t.Fatalf("post in a thread: %v", err)
	}
	if a == b || a == c || b == c {
		t.Errorf("three posts have the references %+v, %+v and %+v", a, b, c)
	}
}

func editTwice(t *testing.T, w World, _ *heard) {
	ann := w.Join(t, "Ann")
	ref := post(t, w, ballotKey(w, 3), ballot(w))
	b := ballot(w)
	b.Progress = bot.Literal("5 voted · names at Thu 17:00")
	for range 2 {
		if err := w.Chat().Edit(t.Context(), ref, b); err != nil {
			t.Fatalf("edit: %v", err)
		}
	}
	seen := w.Seen(t, ref, ann)
	if !strings.Contains(seen, "5 voted") || strings.Contains(seen, "4 voted") {
		t.Errorf("after two edits it says:\n%s", seen)
	}
	if n := w.Messages(t, w.Place()); n != 1 {
		t.Errorf("%d messages stand there, not 1", n)
	}
}

func editIntoReveal(t *testing.T, w World, _ *heard) {
	ann := w.Join(t, "Ann")
	ref := post(t, w, ballotKey(w, 3), ballot(w))
	r := bot.Reveal{
		Round: tasting(w).Round(3), Title: bot.Literal("Taste test 7"), Prompt: "Why is the sky blue?",
		Sides: [2]bot.RevealSide{{Emoji: "🅰️", Model: "kestrel", Text: one, Facts: bot.Literal("7 words")}, {Emoji: "🅱️", Model: "nova", Text: two, Facts: bot.Literal("13 words")}},
		Bars:  []bot.Bar{{Label: bot.Literal("kestrel"), Count: 5, Percent: 56}, {Label: bot.Literal("nova"), Count: 2, Percent: 22}, {Label: bot.Literal("equal"), Count: 1, Percent: 11}, {Label: bot.Literal("both bad"), Count: 1, Percent: 11}},
		Votes: 9, Summary: bot.Literal("kestrel 5 · nova 2 · equal 1 · both bad 1"), Verdict: bot.Literal("Of those who voted, more liked kestrel’s reply."), Notes: []bot.Sentence{bot.Literal("One was left out.")},
	}
	if err := w.Chat().Edit(t.Context(), ref, r); err != nil {
		t.Fatalf("edit: %v", err)
	}
	seen := w.Seen(t, ref, ann)
	for _, want := range []string{"kestrel", "nova", "56", "22", one, two, "7 words", "13 words", r.Verdict.String(), "One was left out."} {
		if !strings.Contains(seen, want) {
			t.Errorf("the reveal is without %q:\n%s", want, seen)
		}
	}
}

// Short answers stand in the ballot, long ones follow it: both go, and which of the
// two was the longer one does not show.
func takenOut(t *testing.T, w World, _ *heard) {
	ann := w.Join(t, "Ann")
	head := post(t, w, bot.PostKey{Tasting: tasting(w), What: "head"}, bot.Head{Tasting: tasting(w), Question: bot.Literal("Which?"), State: bot.Open})
	at, err := w.Chat().Thread(t.Context(), head)
	if err != nil {
		t.Fatalf("thread: %v", err)
	}
	for _, where := range []bot.Place{at, w.Place()} {
		for i, long := range []string{"", strings.Repeat(" and so on and on, as people do who are paid by the word.", 260)} {
			b := ballot(w)
			b.Round = tasting(w).Round(4 + i)
			b.Right += bot.Verbatim(long)
			ref, err := w.Chat().Post(t.Context(), where, bot.PostKey{Tasting: b.Round.TastingID, Round: b.Round.Round, What: "ballot"}, time.Time{}, b)
			if err != nil {
				t.Fatalf("post: %v", err)
			}
			gone := Samples(w.Place().Workspace).Removed
			gone.Round, gone.Title, gone.Prompt = b.Round, b.Title, b.Prompt
			for range 2 {
				if err := w.Chat().Edit(t.Context(), ref, gone); err != nil {
					t.Fatalf("edit: %v", err)
				}
			}
			for _, place := range []bot.Ref{ref, head} {
				seen := w.Seen(t, place, ann)
				if strings.Contains(seen, "Zephyr") || strings.Contains(seen, "Quince") || strings.Contains(seen, "paid by the word") {
					t.Errorf("its answers are removed, and this still stands there:\n%s", seen)
				}
			}
			if seen := w.Seen(t, ref, ann); strings.Count(seen, "removed") < 2 || !strings.Contains(seen, "🅰️") || !strings.Contains(seen, "count nowhere") {
				t.Errorf("its answers are removed, and the ballot says:\n%s", seen)
			}
		}
	}
}

func thread(t *testing.T, w World, _ *heard) {
	ann := w.Join(t, "Ann")
	head := post(t, w, bot.PostKey{Tasting: tasting(w), What: "head"}, bot.Head{Tasting: tasting(w), Question: bot.Literal("Which?"), State: bot.Open})
	at, err := w.Chat().Thread(t.Context(), head)
	if err != nil {
		t.Fatalf("thread: %v", err)
	}
	if again, err := w.Chat().Thread(t.Context(), head); err != nil || again != at {
		t.Errorf("asked again the thread is %+v, %v; not %+v", again, err, at)
	}
	if at == w.Place() || at.Workspace != w.Place().Workspace {
		t.Errorf("the thread is %+v", at)
	}
	ref, err := w.Chat().Post(t.Context(), at, ballotKey(w, 3), time.Time{}, ballot(w))
	if err != nil {
		t.Fatalf("post in the thread: %v", err)
	}
	if seen := w.Seen(t, ref, ann); !strings.Contains(seen, one) {
		t.Errorf("in the thread stands:\n%s", seen)
	}
	if in, out := w.Messages(t, at), w.Messages(t, w.Place()); in != 1 || out != 1 {
		t.Errorf("%d messages stand in the thread and %d in the channel, not 1 and 1", in, out)
	}
}

func deleted(t *testing.T, w World, _ *heard) {
	ref := post(t, w, ballotKey(w, 3), ballot(w))
	if !w.Delete(t, ref) {
		return // nothing can be gone there
	}
	if err := w.Chat().Edit(t.Context(), ref, ballot(w)); !errors.Is(err, bot.ErrGone) {
		t.Errorf("edit: %v, not ErrGone", err)
	}
	if _, err := w.Chat().Reactions(t.Context(), ref); !errors.Is(err, bot.ErrGone) {
		t.Errorf("reactions: %v, not ErrGone", err)
	}
}
