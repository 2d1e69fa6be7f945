package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tastetest/tastetest/bot"
)

func testHear(t *testing.T, h *harness) {
	s := h.store(t)
	made := create(t, s, bot.Open)
	r1, r2 := made.ID.Round(1), made.ID.Round(2)

	// Events may come in another order than they happened in.
	hear(t, s, r1, "dot", bot.First, off(noon.Add(2)))
	hear(t, s, r1, "dot", bot.First, on(noon.Add(1)))
	wantVotes(t, s, r1, row(r1, "dot", bot.First, off(noon.Add(2))))

	// At equal stamps off wins.
	hear(t, s, r1, "cho", bot.Tie, on(noon))
	hear(t, s, r1, "cho", bot.Tie, off(noon))
	hear(t, s, r1, "cho", bot.Tie, on(noon))

	// A change of mind is two marks.
	hear(t, s, r1, "bob", bot.First, on(noon))
	hear(t, s, r1, "bob", bot.Second, on(noon.Add(1)))
	hear(t, s, r1, "bob", bot.First, off(noon.Add(2)))

	hear(t, s, r2, "bob", bot.Bad, on(noon))

	bob := row(r1, "bob", bot.First, off(noon.Add(2)))
	bob.Marks[bot.Second-1] = on(noon.Add(1))
	wantVotes(t, s, r1, bob, row(r1, "cho", bot.Tie, off(noon)), row(r1, "dot", bot.First, off(noon.Add(2))))
	wantVotes(t, s, r2, row(r2, "bob", bot.Bad, on(noon)))

	got, err := s.Vote(t.Context(), r1, person("bob"))
	must(t, err)
	equal(t, "bob's row", got, bob)
	namesake := bot.Voter{Workspace: bot.Workspace{Platform: "slack", ID: "T2"}, User: "bob"}
	for _, v := range []bot.Voter{person("dot"), namesake} {
		got, err = s.Vote(t.Context(), r2, v)
		must(t, err)
		equal(t, "the row of somebody who did not vote", got, bot.Vote{})
	}
}

// Marks that come twice, shuffled or not at all give the row of those that
// came. What is wanted is worked out beside the store's own merging, or both
// could be wrong alike.
func testHearInAnyOrder(t *testing.T, h *harness) {
	s := h.store(t)
	rapid.Check(t, func(rt *rapid.T) {
		id := create(t, s, bot.Open).ID.Round(1)
		users := []string{"ann", "bob"}
		type event struct {
			user string
			pick bot.Pick
			mark bot.Mark
		}
		happened := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) event {
			return event{
				rapid.SampledFrom(users).Draw(rt, "user"),
				bot.Pick(rapid.IntRange(int(bot.First), int(bot.Bad)).Draw(rt, "pick")),
				bot.Mark{On: rapid.Bool().Draw(rt, "on"), At: noon.Add(time.Duration(rapid.IntRange(0, 3).Draw(rt, "at")))},
			}
		}), 1, 12).Draw(rt, "happened")
		heard := rapid.SliceOfN(rapid.SampledFrom(happened), 1, 24).Draw(rt, "heard")

		var want []bot.Vote
		for _, u := range users {
			v := bot.Vote{Round: id, Voter: person(u)}
			for _, e := range heard {
				m := &v.Marks[e.pick-1]
				if e.user == u && (e.mark.At.After(m.At) || e.mark.At.Equal(m.At) && m.On) {
					*m = e.mark
				}
			}
			if v.Marks != [4]bot.Mark{} {
				want = append(want, v)
			}
		}
		for _, e := range heard {
			hear(t, s, id, e.user, e.pick, e.mark)
		}
		got, err := s.Votes(t.Context(), id)
		must(t, err)
		if !slices.Equal(got, want) {
			rt.Fatalf("rows\n%v\nwant\n%v", got, want)
		}
	})
}

func testHearRefused(t *testing.T, h *harness) {
	s := h.store(t)
	for st := bot.Draft; st <= bot.Failed; st++ {
		id := create(t, s, st).ID.Round(1)
		err := s.Hear(t.Context(), id, person("ann"), bot.First, on(noon))
		if st == bot.Posting || st == bot.Open {
			must(t, err)
			wantVotes(t, s, id, row(id, "ann", bot.First, on(noon)))
		} else {
			wantErr(t, "a vote in state "+st.String(), err, bot.ErrClosed)
			wantVotes(t, s, id)
		}
	}
	made := create(t, s, bot.Open)
	for _, id := range []bot.RoundID{made.ID.Round(0), made.ID.Round(3), {TastingID: bot.TastingID{Workspace: team, N: 99}, Round: 1}} {
		wantErr(t, "a vote in round "+id.String(), s.Hear(t.Context(), id, person("ann"), bot.First, on(noon)), bot.ErrNotFound)
	}
	stranger := bot.Voter{Workspace: bot.Workspace{Platform: "slack", ID: "T2"}, User: "ann"}
	if err := s.Hear(t.Context(), made.ID.Round(1), stranger, bot.First, on(noon)); err == nil {
		t.Error("a voter of another workspace was heard")
	}
	for _, p := range []bot.Pick{bot.None, bot.Bad + 1} {
		if err := s.Hear(t.Context(), made.ID.Round(1), person("ann"), p, on(noon)); err == nil {
			t.Errorf("pick %d was heard", p)
		}
	}
	wantVotes(t, s, made.ID.Round(1))
}

func testHearManyAtOnce(t *testing.T, h *harness) {
	s := h.store(t)
	made := create(t, s, bot.Open)
	var want [2][]bot.Vote
	var wg sync.WaitGroup
	for i := range 400 {
		id := made.ID.Round(i%2 + 1)
		v := row(id, fmt.Sprintf("u%03d", i), bot.Pick(i%4+1), on(noon.Add(time.Duration(i))))
		want[i%2] = append(want[i%2], v)
		wg.Go(func() {
			if err := s.Hear(t.Context(), id, v.Voter, bot.Pick(i%4+1), on(noon.Add(time.Duration(i)))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	wantVotes(t, s, made.ID.Round(1), want[0]...)
	wantVotes(t, s, made.ID.Round(2), want[1]...)
}

// EachVote gives the rows that Votes does, one by one, also of thousands, and stops
// where it is told to.
func testEachVote(t *testing.T, h *harness) {
	s := h.store(t)
	made := create(t, s, bot.Open)
	id := made.ID.Round(1)
	hear(t, s, made.ID.Round(2), "zoe", bot.First, on(noon))
	var many []bot.Vote
	for i := range 25_000 {
		many = append(many, row(id, fmt.Sprintf("u%05d", i), bot.First, on(noon)))
	}
	move(t, s, made.ID, bot.Open, bot.Closing)
	must(t, s.Seal(t.Context(), made.ID, many, func(*bot.Tasting, bot.Rows) error { return nil }))
	var got []bot.Vote
	must(t, s.EachVote(t.Context(), id, func(v bot.Vote) error {
		got = append(got, v)
		return nil
	}))
	if len(got) != len(many) || !slices.Equal(got, many) {
		t.Errorf("%d rows came one by one; want the %d that there are, in their order", len(got), len(many))
	}
	enough, n := errors.New("enough"), 0
	err := s.EachVote(t.Context(), id, func(bot.Vote) error { n++; return enough })
	if !errors.Is(err, enough) || n != 1 {
		t.Errorf("told to stop at the first row, it gave %d and %v", n, err)
	}
	got = nil
	must(t, s.EachVote(t.Context(), made.ID.Round(0), func(v bot.Vote) error {
		got = append(got, v)
		return nil
	}))
	if all := append(many, row(made.ID.Round(2), "zoe", bot.First, on(noon))); !slices.Equal(got, all) {
		t.Errorf("of all rounds %d rows came; want the %d of both, one round after the other", len(got), len(all))
	}
	must(t, s.EachVote(t.Context(), made.ID.Round(3), func(v bot.Vote) error { return fmt.Errorf("a row of no round: %v", v) }))
}

// VotesBy gives one voter's rows of several tastings, as these are named.
func testVotesBy(t *testing.T, h *harness) {
	s := h.store(t)
	a, b, c := create(t, s, bot.Open).ID, create(t, s, bot.Open).ID, create(t, s, bot.Open).ID
	hear(t, s, a.Round(2), "ann", bot.Tie, on(noon))
	hear(t, s, a.Round(1), "ann", bot.First, on(noon))
	hear(t, s, a.Round(1), "annabel", bot.Bad, on(noon))
	hear(t, s, c.Round(1), "ann", bot.Second, off(noon))
	got, err := s.VotesBy(t.Context(), person("ann"), []bot.TastingID{c, b, {Workspace: team, N: 99}, a})
	must(t, err)
	equal(t, "ann's rows", got, []bot.Vote{row(c.Round(1), "ann", bot.Second, off(noon)), row(a.Round(1), "ann", bot.First, on(noon)), row(a.Round(2), "ann", bot.Tie, on(noon))})
	got, err = s.VotesBy(t.Context(), bot.Voter{Workspace: bot.Workspace{Platform: "slack", ID: "T2"}, User: "ann"}, []bot.TastingID{a, b, c})
	must(t, err)
	equal(t, "the rows of a namesake elsewhere", got, nil)
}
