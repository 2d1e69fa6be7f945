package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// wantNameless fails the test if anything that a tasting's readers get holds
// the name.
func wantNameless(t *testing.T, s bot.Store, id bot.TastingID, name string) {
	t.Helper()
	all := fmt.Sprintf("%+v", tasting(t, s, id))
	for i := range tasting(t, s, id).Rounds {
		vs, err := s.Votes(t.Context(), id.Round(i+1))
		must(t, err)
		all += fmt.Sprintf("\n%+v", vs)
	}
	if strings.Contains(all, name) {
		t.Errorf("tasting %v in state %v still names %s:\n%s", id, tasting(t, s, id).State, name, all)
	}
}

// name gives annabel all the parts that a person can have in a tasting.
func name(t *testing.T, s bot.Store, id bot.TastingID) {
	t.Helper()
	must(t, s.Update(t.Context(), id, tasting(t, s, id).State, func(t *bot.Tasting) error {
		t.Starter, t.Invited = person("annabel"), []string{"bob", "annabel"}
		return nil
	}))
}

// testForgetOpen goes through a tasting that takes votes, from the vote to the
// seal, with somebody who was forgotten in between.
func testForgetOpen(t *testing.T, h *harness) {
	s := h.store(t)
	open, closing := create(t, s, bot.Posting).ID, create(t, s, bot.Open).ID
	nothing := func(*bot.Tasting, bot.Rows) error { return nil }
	elsewhere := createAt(t, s, bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T2"}, Channel: "C1"}, bot.Open).ID
	for _, id := range []bot.TastingID{open, closing} {
		name(t, s, id)
	}
	for _, id := range []bot.RoundID{open.Round(1), open.Round(2), closing.Round(1), elsewhere.Round(1)} {
		hear(t, s, id, "annabel", bot.First, on(noon))
		hear(t, s, id, "bob", bot.Tie, on(noon))
	}
	hear(t, s, open.Round(2), "annabel", bot.First, off(noon.Add(1))) // taken back
	move(t, s, closing, bot.Open, bot.Closing)

	rounds, err := s.Forget(t.Context(), person("annabel"))
	must(t, err)
	if len(rounds) == 0 || rounds[0] != open.Round(1) {
		t.Errorf("Forget returns %v; want round %v first", rounds, open.Round(1))
	}
	for _, id := range rounds {
		if id == open.Round(2) {
			t.Errorf("Forget returns %v; but the vote in %v was taken back", rounds, id)
		}
	}
	s = h.reopen(t, s)

	// Open: the rows are gone and stay away, in silence. The starter may still close it.
	hear(t, s, open.Round(1), "annabel", bot.Second, on(noon.Add(1)))
	hear(t, s, open.Round(2), "annabel", bot.Second, on(noon.Add(1)))
	wantVotes(t, s, open.Round(1), row(open.Round(1), "bob", bot.Tie, on(noon)))
	wantVotes(t, s, open.Round(2), row(open.Round(2), "bob", bot.Tie, on(noon)))
	if got := tasting(t, s, open).Starter; got != person("annabel") {
		t.Errorf("while voting the starter is %v; want still annabel", got)
	}
	hear(t, s, elsewhere.Round(1), "annabel", bot.Second, on(noon.Add(1)))
	twice := row(elsewhere.Round(1), "annabel", bot.First, on(noon))
	twice.Marks[bot.Second-1] = on(noon.Add(1))
	wantVotes(t, s, elsewhere.Round(1), twice, row(elsewhere.Round(1), "bob", bot.Tie, on(noon)))

	// Closing: what is read from the platform does not bring annabel back.
	move(t, s, open, bot.Posting, bot.Closing)
	for _, id := range []bot.TastingID{open, closing} {
		r := id.Round(1)
		wantVotes(t, s, r, row(r, "bob", bot.Tie, on(noon)))
		var kept []bot.Vote
		must(t, s.Seal(t.Context(), id, []bot.Vote{row(r, "annabel", bot.First, on(noon)), row(r, "bob", bot.Tie, on(noon))},
			func(_ *bot.Tasting, k bot.Rows) error { kept = slices.Collect(k); return nil }))
		want := []bot.Vote{row(r, "bob", bot.Tie, on(noon))}
		wantVotes(t, s, r, want...)
		if id == open { // what was heard in the other round stays
			want = append(want, row(id.Round(2), "bob", bot.Tie, on(noon)))
		}
		equal(t, "the rows that stay", kept, want)
		wantNameless(t, s, id, "annabel")
	}

	// A later tasting knows nothing of it.
	later := create(t, s, bot.Open).ID.Round(1)
	hear(t, s, later, "annabel", bot.First, on(noon))
	wantVotes(t, s, later, row(later, "annabel", bot.First, on(noon)))
	move(t, s, later.TastingID, bot.Open, bot.Closing)
	must(t, s.Seal(t.Context(), later.TastingID, []bot.Vote{row(later, "annabel", bot.First, on(noon))}, nothing))
	wantVotes(t, s, later, row(later, "annabel", bot.First, on(noon)))
}

// It does so in each state that is past votes, and looks that no two pseudonyms
// are the same.
func testForgetSealed(t *testing.T, h *harness) {
	s := h.store(t)
	var ids []bot.TastingID
	for _, st := range []bot.State{bot.Closed, bot.Revealed, bot.Cancelled, bot.Failed} {
		id := create(t, s, bot.Open).ID
		name(t, s, id)
		hear(t, s, id.Round(1), "annabel", bot.First, on(noon))
		hear(t, s, id.Round(2), "annabel", bot.First, on(noon))
		hear(t, s, id.Round(2), "bob", bot.Tie, on(noon))
		move(t, s, id, bot.Open, st)
		ids = append(ids, id)
	}
	early := create(t, s, bot.Draft).ID
	name(t, s, early)
	others := createAt(t, s, bot.Place{Workspace: bot.Workspace{Platform: "web", ID: "T1"}, Channel: "C1"}, bot.Open).ID.Round(1)
	hear(t, s, others, "annabel", bot.First, on(noon))
	move(t, s, others.TastingID, bot.Open, bot.Revealed)

	rounds, err := s.Forget(t.Context(), person("annabel"))
	must(t, err)
	if len(rounds) > 0 {
		t.Errorf("Forget returns %v; want none, as nothing is open", rounds)
	}
	wantVotes(t, s, others, row(others, "annabel", bot.First, on(noon)))

	seen := map[string]bool{"": true, "bob": true}
	for _, id := range ids {
		wantNameless(t, s, id, "annabel")
		var who string
		for n, want := range []int{1, 2} {
			vs, err := s.Votes(t.Context(), id.Round(n+1))
			must(t, err)
			if len(vs) != want {
				t.Fatalf("round %v has %d rows; want still %d", id.Round(n+1), len(vs), want)
			}
			for _, v := range vs {
				if v.Voter.User == "bob" {
					continue
				}
				if who != "" && v.Voter.User != who {
					t.Errorf("in tasting %v one person has two pseudonyms, %q and %q", id, who, v.Voter.User)
				}
				who = v.Voter.User
				if v.Marks != row(id.Round(1), "", bot.First, on(noon)).Marks {
					t.Errorf("in round %v the marks changed to %v", v.Round, v.Marks)
				}
			}
		}
		if seen[who] {
			t.Errorf("in tasting %v the pseudonym is %q, which is not new", id, who)
		}
		seen[who] = true
		got := tasting(t, s, id)
		if got.Starter != person(who) || len(got.Invited) != 2 || got.Invited[1] != who {
			t.Errorf("tasting %v was started by %v and invited %q; want %s in annabel's place", id, got.Starter, got.Invited, who)
		}
	}
	wantNameless(t, s, early, "annabel")
}

// Whoever started a tasting is forgotten before it takes votes, and can still
// close it: their name stays on it until it is over, and nothing else of them.
func testForgetStarter(t *testing.T, h *harness) {
	s := h.store(t)
	for _, end := range []bot.State{bot.Closing, bot.Cancelled, bot.Failed} {
		id, others := create(t, s, bot.Asking).ID, create(t, s, bot.Asking).ID
		name(t, s, id)
		rounds, err := s.Forget(t.Context(), person("annabel"))
		must(t, err)
		if len(rounds) > 0 {
			t.Errorf("Forget returns %v; want none, as nothing is open", rounds)
		}
		for _, id := range []bot.TastingID{id, others} {
			move(t, s, id, bot.Asking, bot.Open)
			hear(t, s, id.Round(1), "annabel", bot.First, on(noon))
		}
		wantVotes(t, s, id.Round(1))
		wantVotes(t, s, others.Round(1), row(others.Round(1), "annabel", bot.First, on(noon)))
		got := tasting(t, s, id)
		if got.Starter != person("annabel") || len(got.Invited) != 2 || got.Invited[1] == "annabel" {
			t.Errorf("while voting the starter is %v and invited are %q; want still annabel, and a pseudonym", got.Starter, got.Invited)
		}
		move(t, s, others, bot.Open, bot.Cancelled)
		move(t, s, id, bot.Open, end)
		if end == bot.Closing {
			must(t, s.Seal(t.Context(), id, nil, func(*bot.Tasting, bot.Rows) error { return nil }))
		}
		wantNameless(t, s, id, "annabel")
	}
}

// Forgetting is no way around being barred, nor does cancelling or failing
// leave the name of somebody who was forgotten while people voted.
func testForgetBarred(t *testing.T, h *harness) {
	s := h.store(t)
	for _, st := range []bot.State{bot.Draft, bot.Asking, bot.Open} {
		for _, end := range []bot.State{bot.Cancelled, bot.Failed} {
			id := create(t, s, st).ID
			name(t, s, id)
			must(t, s.Update(t.Context(), id, st, func(t *bot.Tasting) error { t.Barred = []string{"annabel"}; return nil }))
			_, err := s.Forget(t.Context(), person("annabel"))
			must(t, err)
			if st != bot.Open {
				move(t, s, id, st, bot.Open)
			}
			hear(t, s, id.Round(1), "annabel", bot.First, on(noon))
			wantVotes(t, s, id.Round(1))
			if got := tasting(t, s, id).Barred; len(got) != 1 || got[0] == "annabel" {
				t.Errorf("barred are %q; want one pseudonym", got)
			}
			move(t, s, id, bot.Open, end)
			wantNameless(t, s, id, "annabel")
		}
	}
}
