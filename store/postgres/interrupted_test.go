//go:build unix

package postgres

import (
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/postgres/pgtest"
)

// opened opens a database of the test's own, as often as it is called.
func opened(t *testing.T) *Store {
	t.Helper()
	url, _ := pgtest.Shared(t).Database(t, t.Name())
	s, err := Open(t.Context(), slog.New(slog.DiscardHandler), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

var team = bot.Workspace{Platform: "slack", ID: "T1"}

// vote makes so many open tastings in which ann has voted.
func vote(t *testing.T, s *Store, tastings int) {
	t.Helper()
	for range tastings {
		made, err := s.CreateTasting(t.Context(), bot.Tasting{Place: bot.Place{Workspace: team, Channel: "C1"}, State: bot.Open, Rounds: make([]bot.Round, 1)}, make([]bot.Texts, 1))
		if err == nil {
			err = s.Hear(t.Context(), made.ID.Round(1), bot.Voter{Workspace: team, User: "ann"}, bot.First, bot.Mark{On: true, At: time.Now()})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// What was begun and cut short, after any of its transactions, is carried on
// when a replica opens the store.
func TestForgettingCarriedOn(t *testing.T) {
	s := opened(t)
	vote(t, s, 5)
	ann := bot.Voter{Workspace: team, User: "ann"}
	err := s.write(t.Context(), again, func(tx *txn) error {
		_, err := tx.exec(`INSERT INTO forgetting (workspace, voter, upto) SELECT $1, $2, max(id) FROM tastings`, voterArgs(ann)...)
		if err == nil {
			_, err = tx.forget(bot.TastingID{Workspace: team, N: 2}, "ann")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	vote(t, s, 1) // ann tastes again: that was not meant
	s = opened(t)
	for n := range 6 {
		vs, err := s.Votes(t.Context(), bot.TastingID{Workspace: team, N: uint64(n + 1)}.Round(1))
		if err != nil || (len(vs) > 0) != (n == 5) {
			t.Errorf("tasting %d has the rows %v, %v", n+1, vs, err)
		}
	}
	var left int
	if err := s.pool.QueryRow(t.Context(), `SELECT count(*) FROM forgetting`).Scan(&left); err != nil || left > 0 {
		t.Errorf("%d are still to be forgotten, %v", left, err)
	}
}

// A database is not moved with people in it who were being forgotten.
func TestForgottenBeforeAMove(t *testing.T) {
	s := opened(t)
	vote(t, s, 2)
	err := s.write(t.Context(), again, func(tx *txn) error {
		_, err := tx.exec(`INSERT INTO forgetting (workspace, voter, upto) SELECT $1, $2, max(id) FROM tastings`, voterArgs(bot.Voter{Workspace: team, User: "ann"})...)
		return err
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	url, _ := pgtest.Shared(t).Database(t, t.Name())
	src, err := OpenSource(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	var votes, left int
	if err := src.tx.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM votes), (SELECT count(*) FROM forgetting)`).Scan(&votes, &left); err != nil || votes+left > 0 {
		t.Errorf("%d votes of ann would move, and %d are still to be forgotten, %v", votes, left, err)
	}
}

func TestDeletionCarriedOn(t *testing.T) {
	s := opened(t)
	vote(t, s, 5)
	err := s.write(t.Context(), again, func(tx *txn) error {
		if err := tx.hideNumbers(team); err != nil {
			return err
		}
		_, err := tx.deleteNext(team)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s = opened(t)
	if ts, err := s.Tastings(t.Context(), team, bot.Query{}); err != nil || len(ts) > 0 {
		t.Errorf("opened again, %d tastings are left, %v", len(ts), err)
	}
	for _, table := range []string{"tastings", "texts", "votes", "jobs", "forgotten"} {
		var n int
		if err := s.pool.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil || n > 0 {
			t.Errorf("%s has %d rows, %v", table, n, err)
		}
	}
}

// Leases end by the database's clock: a replica whose own is ten minutes ahead
// takes nothing from one whose lease still holds.
func TestLeasesGoByTheDatabasesClock(t *testing.T) {
	right, ahead := opened(t), opened(t)
	const wrong = 10 * time.Minute
	ahead.skew.Store(int64(-wrong)) // as readClock would find it
	key := bot.JobKey{Workspace: team, Kind: "chore"}
	if err := right.Schedule(t.Context(), key, time.Now()); err != nil {
		t.Fatal(err)
	}
	take := func(s *Store, now time.Time) bot.Job {
		t.Helper()
		j, _, err := s.Take(t.Context(), now, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return j
	}
	if j := take(right, time.Now()); j.Key != key {
		t.Fatalf("Take gives %v", j.Key)
	}
	if j := take(ahead, time.Now().Add(wrong)); j.Term != 0 {
		t.Error("a replica whose clock is ahead took a job that another has")
	}
	if j := take(ahead, time.Now().Add(wrong+2*time.Minute)); j.Key != key {
		t.Error("it does not take the job when the lease has run out")
	}
	if j := take(right, time.Now().Add(time.Minute)); j.Term != 0 {
		t.Error("a lease that it took ended early by the others' clocks")
	}
}

// A replica that finds its clock to be right corrects nothing; a stopped one
// keeps no locks.
func TestSettings(t *testing.T) {
	s := opened(t)
	if skew := s.skew.Load(); skew != 0 {
		t.Errorf("on one machine two clocks differ by %v", time.Duration(skew))
	}
	err := s.write(t.Context(), once, func(tx *txn) error {
		var limit string
		err := tx.QueryRow(tx.ctx, `SHOW idle_in_transaction_session_timeout`).Scan(&limit)
		if err == nil && limit != "10s" {
			err = fmt.Errorf("a transaction may idle for %s", limit)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// The time of a replica is over, and nobody else has begun: the database was away.
// What is written waits until it leads again; then it goes on.
func TestLeadsAgain(t *testing.T) {
	t.Parallel()
	s := opened(t)
	led, err := s.Lead(t.Context(), "", func(Leader) {})
	if err != nil {
		t.Fatal(err)
	}
	late := time.Now().Add(-time.Second)
	s.leads.Store(&lead{until: late})
	if err := s.mayWrite(); err == nil {
		t.Error("after its time a replica writes on")
	}
	vote(t, s, 1)
	if until := s.leads.Load().until; !until.After(late) {
		t.Errorf("it wrote while it led until %v", until)
	}
	if led.Err() != nil {
		t.Error("it ends although nobody else has begun")
	}
}

// A vote that gets into the queue when nobody reads it any more is refused; it
// neither hangs nor keeps Close from ending.
func TestVoteWhileClosing(t *testing.T) {
	s := opened(t)
	vote(t, s, 1)
	s.stopNow() // as Close begins
	<-s.collected
	h := &heard{id: bot.TastingID{Workspace: team, N: 1}.Round(1), user: "bob", answer: make(chan error, 1)}
	for range 50 { // the queue has room: it may take it or not
		if err := s.wait(t.Context(), h); !errors.Is(err, errClosed) {
			t.Fatalf("a vote while the store closes: %v; want %v", err, errClosed)
		}
		h.taken.Store(false)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
