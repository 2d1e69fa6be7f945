package adaptertest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

func refusedForGood(t *testing.T, w World, _ *heard) {
	ann := w.Join(t, "Ann")
	ref := post(t, w, ballotKey(w, 3), ballot(w))
	mend := w.Break(t, Taking)
	if mend == nil {
		return
	}
	n := w.Messages(t, w.Place())
	began := time.Now()
	if _, err := w.Chat().Post(t.Context(), w.Place(), ballotKey(w, 4), time.Time{}, ballot(w)); !errors.Is(err, bot.ErrRefused) || errors.Is(err, bot.ErrLost) {
		t.Errorf("post: %v, not ErrRefused", err)
	}
	if err := w.Chat().Edit(t.Context(), ref, ballot(w)); !errors.Is(err, bot.ErrRefused) || errors.Is(err, bot.ErrGone) {
		t.Errorf("edit: %v, not ErrRefused", err)
	}
	if got := w.Messages(t, w.Place()); got != n {
		t.Errorf("%d messages stand there, not %d", got, n)
	}
	mend()
	again, err := w.Chat().Post(t.Context(), w.Place(), ballotKey(w, 4), began, ballot(w))
	if err != nil {
		t.Fatalf("post what was refused before: %v", err)
	}
	if seen := w.Seen(t, again, ann); !strings.Contains(seen, one) {
		t.Errorf("there stands:\n%s", seen)
	}
	if got := w.Messages(t, w.Place()); got != n+1 {
		t.Errorf("%d messages stand there, not %d", got, n+1)
	}
}

func tokenTakenBack(t *testing.T, w World, h *heard) {
	ann := w.Join(t, "Ann")
	ref := post(t, w, ballotKey(w, 3), ballot(w))
	if err := w.Tap(t, ref, ann, bot.Left, true); err != nil {
		t.Fatalf("tap: %v", err)
	}
	Eventually(t, "the tap is heard", func() bool { return len(h.votes()) > 0 })
	mend := w.Break(t, Token)
	if mend == nil {
		return
	}
	if _, err := w.Chat().Reactions(t.Context(), ref); !errors.Is(err, bot.ErrLost) || errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrHeardOnly) {
		t.Errorf("reactions: %v, not ErrLost", err)
	}
	if err := w.Chat().Edit(t.Context(), ref, ballot(w)); !errors.Is(err, bot.ErrLost) || errors.Is(err, bot.ErrRefused) {
		t.Errorf("edit: %v, not ErrLost", err)
	}
	mend()
	standing, err := w.Chat().Reactions(t.Context(), ref)
	if err != nil || len(standing) != 1 || standing[0].User != ann {
		t.Errorf("given back, there stand %+v, %v; not Ann’s left", standing, err)
	}
}

func firstPostReadsNothing(t *testing.T, w World, _ *heard) {
	ann := w.Join(t, "Ann")
	mend := w.Break(t, Reading)
	if mend == nil {
		return
	}
	b := ballot(w)
	b.Left, b.Right = bot.Verbatim(strings.Repeat(one+" ", 200)), bot.Verbatim(strings.Repeat(two+" ", 200))
	ref, err := w.Chat().Post(t.Context(), w.Place(), ballotKey(w, 3), time.Time{}, b)
	if err != nil {
		t.Fatalf("post: %v", err)
	}
	mend()
	if seen := w.Seen(t, ref, ann); !strings.Contains(seen, one) || !strings.Contains(seen, two) {
		t.Errorf("there stands:\n%.2000s", seen)
	}
}
