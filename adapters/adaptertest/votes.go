package adaptertest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// tapsHeard taps in every way that a chat passes on, and compares with what a
// bot was told.
func tapsHeard(t *testing.T, w World, h *heard) {
	ref := post(t, w, ballotKey(w, 3), ballot(w))
	ann, bob := w.Join(t, "Ann"), w.Join(t, "Bob")
	steps := []bot.Tap{
		{Ref: ref, User: ann, Choice: bot.Left, On: true},
		{Ref: ref, User: bob, Choice: bot.Right, On: true},
		{Ref: ref, User: bob, Choice: bot.Right, On: false},
		{Ref: ref, User: bob, Choice: bot.Equal, On: true},
		{Ref: ref, User: ann, Choice: bot.Awful, On: true},
	}
	for i, s := range steps {
		if err := w.Tap(t, s.Ref, s.User, s.Choice, s.On); err != nil {
			t.Fatalf("tap %d: %v", i, err)
		}
		Eventually(t, "a tap is heard", func() bool { return len(h.votes()) > i })
	}
	got := h.votes()
	for i := range got {
		got[i].At = steps[0].At   // platforms stamp, or do not
		got[i].Only = false       // of some, people have one emoji each
		got[i].Again = false      // some say again what is not acknowledged
		got[i].Said = time.Time{} // some know it
	}
	if !slices.Equal(got, steps) {
		t.Errorf("heard\n%+v\nnot\n%+v", got, steps)
	}

	standing, err := w.Chat().Reactions(t.Context(), ref)
	if errors.Is(err, bot.ErrHeardOnly) {
		return
	}
	if err != nil {
		t.Fatalf("reactions: %v", err)
	}
	for _, want := range []bot.Tap{steps[0], steps[3], steps[4]} {
		if !slices.ContainsFunc(standing, func(x bot.Tap) bool {
			return x.Ref == want.Ref && x.User == want.User && x.Choice == want.Choice && x.On
		}) {
			t.Errorf("%s’s %s does not stand in %+v", want.User, want.Choice, standing)
		}
	}
	if n := len(slices.DeleteFunc(standing, func(x bot.Tap) bool { return x.Choice == "" })); n != 3 {
		t.Errorf("%d emoji stand, not 3: those that the bot put there for people to tap are no votes", n)
	}
}

func tapOther(t *testing.T, w World, h *heard) {
	ref := post(t, w, ballotKey(w, 3), ballot(w))
	ann := w.Join(t, "Ann")
	w.TapOther(t, ref, ann)
	if err := w.Tap(t, ref, ann, bot.Left, true); err != nil {
		t.Fatalf("tap: %v", err)
	}
	Eventually(t, "the tap is heard", func() bool { return len(h.votes()) > 0 })
	if got := h.votes(); len(got) != 1 || got[0].Choice != bot.Left || got[0].User != ann {
		t.Errorf("heard %+v, not Ann’s left alone", got)
	}
}

func tapRefused(t *testing.T, w World, h *heard) {
	ref := post(t, w, ballotKey(w, 3), ballot(w))
	ann := w.Join(t, "Ann")
	h.fail(errors.New("the disk is full"))
	if err := w.Tap(t, ref, ann, bot.Left, true); err == nil {
		t.Error("a tap that could not be kept was acknowledged")
	}
	h.fail(nil)
	if err := w.Tap(t, ref, ann, bot.Left, true); err != nil {
		t.Errorf("the next tap: %v", err)
	}
	Eventually(t, "the next tap is heard", func() bool { return len(h.votes()) > 0 })
}
