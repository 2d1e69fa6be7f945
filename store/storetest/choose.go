package storetest

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tastetest/tastetest/bot"
)

// Whatever stood before and in whatever order choices come, the newest is what
// stands alone; a mark that is heard among them takes its place by its stamp.
func testChoose(t *testing.T, h *harness) {
	s := h.store(t)
	rapid.Check(t, func(rt *rapid.T) {
		id := create(t, s, bot.Open).ID.Round(1)
		n := rapid.IntRange(1, 8).Draw(rt, "choices")
		order := rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6, 7}).Draw(rt, "order")
		picks := make([]bot.Pick, len(order))
		for i := range picks {
			picks[i] = bot.Pick(rapid.IntRange(int(bot.None), int(bot.Bad)).Draw(rt, "pick"))
		}
		hear(t, s, id, "ann", bot.First, on(noon.Add(-2)))
		hear(t, s, id, "ann", bot.Tie, on(noon.Add(-1)))
		last := -1
		for _, i := range order[:n] {
			must(t, s.Choose(t.Context(), id, person("ann"), picks[i], noon.Add(time.Duration(i))))
			last = max(last, i)
		}
		got, err := s.Vote(t.Context(), id, person("ann"))
		must(t, err)
		want := bot.Vote{Round: id, Voter: person("ann")}
		for p := bot.First; p <= bot.Bad; p++ {
			want.Marks[p-1] = bot.Mark{On: p == picks[last], At: noon.Add(time.Duration(last))}
		}
		if got != want {
			rt.Fatalf("after the choices %v in the order %v the row is\n%v\nnot\n%v", picks, order[:n], got, want)
		}
	})
}

func testChooseRefused(t *testing.T, h *harness) {
	s := h.store(t)
	for st := bot.Draft; st <= bot.Failed; st++ {
		id := create(t, s, st).ID.Round(1)
		err := s.Choose(t.Context(), id, person("ann"), bot.Second, noon)
		if st == bot.Posting || st == bot.Open {
			must(t, err)
			if got, err := s.Vote(t.Context(), id, person("ann")); err != nil || got.Pick() != bot.Second {
				t.Errorf("a choice in state %v is kept as %v, %v", st, got, err)
			}
			continue
		}
		wantErr(t, "a choice in state "+st.String(), err, bot.ErrClosed)
		wantVotes(t, s, id)
	}
	made := create(t, s, bot.Open)
	for _, id := range []bot.RoundID{made.ID.Round(0), made.ID.Round(3), {TastingID: bot.TastingID{Workspace: team, N: 99}, Round: 1}} {
		wantErr(t, "a choice in round "+id.String(), s.Choose(t.Context(), id, person("ann"), bot.First, noon), bot.ErrNotFound)
	}
	stranger := bot.Voter{Workspace: bot.Workspace{Platform: "slack", ID: "T2"}, User: "ann"}
	if s.Choose(t.Context(), made.ID.Round(1), stranger, bot.First, noon) == nil {
		t.Error("a choice of another workspace was kept")
	}
	if s.Choose(t.Context(), made.ID.Round(1), person("ann"), bot.Bad+1, noon) == nil {
		t.Error("a choice that there is not was kept")
	}
	hear(t, s, made.ID.Round(1), "bob", bot.First, on(noon))
	_, err := s.Forget(t.Context(), person("bob"))
	must(t, err)
	must(t, s.Choose(t.Context(), made.ID.Round(1), person("bob"), bot.Second, noon.Add(1)))
	wantVotes(t, s, made.ID.Round(1))
}
