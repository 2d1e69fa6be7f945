package bolt

import (
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Sealing is made ready outside of the writer. Whoever is forgotten meanwhile is out of
// it all the same, also where the platform still shows their emoji, and what was noted in
// the record stays noted.
func TestSealingBeginsAnew(t *testing.T) {
	s, err := OpenUnsynced(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "s.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w := bot.Workspace{Platform: "slack", ID: "T1"}
	made, err := s.CreateTasting(t.Context(), bot.Tasting{Place: bot.Place{Workspace: w, Channel: "C1"}, State: bot.Open, Ballot: bot.Reaction, Rounds: make([]bot.Round, 2)}, make([]bot.Texts, 2))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	ballot := func(n int, user string) bot.Vote {
		return bot.Vote{Round: made.ID.Round(n), Voter: bot.Voter{Workspace: w, User: user}}
	}
	for _, user := range []string{"ann", "bob"} {
		if err := s.Hear(t.Context(), made.ID.Round(1), ballot(1, user).Voter, bot.First, bot.Mark{On: true, At: at}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Update(t.Context(), made.ID, bot.Open, func(t *bot.Tasting) error { t.State = bot.Closing; return nil }); err != nil {
		t.Fatal(err)
	}
	stands := []bot.Vote{ballot(2, "ann"), ballot(2, "bob")} // as the platform shows it
	for i := range stands {
		stands[i].Choose(bot.Second, at)
	}
	meanwhile := []func() error{
		func() error { _, err := s.Forget(t.Context(), ballot(1, "ann").Voter); return err },
		func() error {
			return s.Update(t.Context(), made.ID, bot.Closing, func(t *bot.Tasting) error { t.Warned = true; return nil })
		},
	}
	var seen [][]string
	err = s.Seal(t.Context(), made.ID, stands, func(_ *bot.Tasting, kept bot.Rows) error {
		var users []string
		for v := range kept {
			users = append(users, v.Round.String()+" "+v.Voter.User)
		}
		seen = append(seen, users)
		if len(meanwhile) == 0 {
			return nil
		}
		done := make(chan error)
		go func(what func() error) { done <- what() }(meanwhile[0])
		meanwhile = meanwhile[1:]
		return <-done
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(seen) != 3 || len(seen[0]) != 4 || len(seen[2]) != 2 {
		t.Errorf("the rows that stay were, time after time: %q; want all four, then bob's two alone", seen)
	}
	got, err := s.Tasting(t.Context(), made.ID)
	if err != nil || got.State != bot.Closed || !got.Warned {
		t.Errorf("sealed, it is %v, and that people were warned is noted: %v (%v)", got.State, got.Warned, err)
	}
	cells, err := s.Cells(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	for n, c := range cells[made.ID] {
		if len(c) != 1 {
			t.Errorf("round %d has %d cells; want bob's alone", n+1, len(c))
		}
		if vs, err := s.Votes(t.Context(), made.ID.Round(n+1)); err != nil || len(vs) != 1 || vs[0].Voter.User != "bob" {
			t.Errorf("round %d has the rows %+v (%v); want bob's alone", n+1, vs, err)
		}
	}
}

// People of other teams forget themselves whenever they like. A tasting of which they are
// not is sealed all the same, at the first attempt: a large one would else never be.
func TestSealingMindsItsOwn(t *testing.T) {
	s, err := OpenUnsynced(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "s.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w, other := bot.Workspace{Platform: "slack", ID: "T1"}, bot.Workspace{Platform: "slack", ID: "T2"}
	made, err := s.CreateTasting(t.Context(), bot.Tasting{Place: bot.Place{Workspace: w, Channel: "C1"}, State: bot.Closing, Ballot: bot.Reaction, Rounds: make([]bot.Round, 1)}, make([]bot.Texts, 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []bot.Voter{{Workspace: other, User: "eve"}, {Workspace: w, User: "dan"}} { // dan is out of it already
		if _, err := s.Forget(t.Context(), v); err != nil {
			t.Fatal(err)
		}
		times := 0
		err := s.Seal(t.Context(), made.ID, nil, func(*bot.Tasting, bot.Rows) error {
			if times++; times > 3 {
				return errors.New("that is enough")
			}
			done := make(chan error)
			go func() { _, err := s.Forget(t.Context(), v); done <- err }()
			if err := <-done; err != nil || times > 1 {
				return err
			}
			return nil
		})
		if err != nil || times != 1 {
			t.Errorf("while %s of %s is forgotten again and again it was made ready %d times, and then: %v; want once, and sealed", v.User, v.ID, times, err)
		}
		made, err = s.CreateTasting(t.Context(), bot.Tasting{Place: bot.Place{Workspace: w, Channel: "C1"}, State: bot.Closing, Ballot: bot.Reaction, Rounds: make([]bot.Round, 1)}, make([]bot.Texts, 1))
		if err != nil {
			t.Fatal(err)
		}
	}
}
