//go:build unix

package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/postgres"
	"github.com/tastetest/tastetest/store/postgres/pgtest"
)

var (
	team  = bot.Workspace{Platform: "slack", ID: "T1"}
	place = bot.Place{Workspace: team, Channel: "C1"}
	noon  = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
)

func person(name string) bot.Voter { return bot.Voter{Workspace: team, User: name} }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// empty returns the address of a database of the test's own.
func empty(t testing.TB) string {
	t.Helper()
	server := pgtest.Shared(t)
	server.Template(t, setUp)
	url, _ := server.Database(t, t.Name())
	return url
}

// replicas opens a database three times.
func replicas(t testing.TB, url string) [3]*postgres.Store {
	t.Helper()
	var all [3]*postgres.Store
	for i := range all {
		all[i] = open(t, url)
		t.Cleanup(func() { all[i].Close() })
	}
	return all
}

func create(t testing.TB, s bot.Store, st bot.State) bot.TastingID {
	t.Helper()
	got, err := s.CreateTasting(t.Context(), bot.Tasting{Place: place, State: st, Wake: noon, Rounds: make([]bot.Round, 2), Starter: person("starter")}, make([]bot.Texts, 2))
	must(t, err)
	return got.ID
}

// Three replicas may start at once on a database that is empty.
func TestReplicasStartAtOnce(t *testing.T) {
	server := pgtest.Shared(t)
	server.Template(t, setUp)
	admin, err := pgx.Connect(t.Context(), server.URL("postgres"))
	must(t, err)
	defer admin.Close(context.Background())
	_, err = admin.Exec(t.Context(), "CREATE DATABASE bare TEMPLATE template0")
	must(t, err)
	var wg sync.WaitGroup
	secrets := make([]string, 3)
	for i := range 3 {
		wg.Go(func() {
			s, err := postgres.Open(t.Context(), silent, server.URL("bare"))
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			key, err := s.Secret(t.Context(), "web")
			if err != nil {
				t.Error(err)
			}
			secrets[i] = string(key)
		})
	}
	wg.Wait()
	if secrets[0] == "" || secrets[0] != secrets[1] || secrets[0] != secrets[2] {
		t.Errorf("replicas that started at once have different secrets: %x", secrets)
	}
}

// People vote through two replicas, with each mark heard by both, while a third
// closes and seals: whoever was answered is among the rows, once, and nobody else.
func TestReplicasCloseWhileVoting(t *testing.T) {
	all := replicas(t, empty(t))
	for range 5 {
		id := create(t, all[0], bot.Open)
		var acked sync.Map
		var heard atomic.Int64
		var wg sync.WaitGroup
		for g := range 12 {
			wg.Go(func() {
				for i := 0; ; i++ {
					v := person(fmt.Sprintf("u%02d-%06d", g, i))
					var errs [2]error
					var both sync.WaitGroup
					for r := range errs { // Slack may give an event to two
						both.Go(func() { errs[r] = all[r].Hear(t.Context(), id.Round(1), v, bot.First, bot.Mark{On: true, At: noon}) })
					}
					both.Wait()
					for _, err := range errs {
						if err == nil {
							acked.Store(v.User, true)
						} else if !errors.Is(err, bot.ErrClosed) {
							t.Error(err)
						}
					}
					if errs[0] != nil || errs[1] != nil {
						return
					}
					heard.Add(1)
				}
			})
		}
		for heard.Load() < 100 && !t.Failed() {
			time.Sleep(time.Millisecond)
		}
		must(t, all[2].Update(t.Context(), id, bot.Open, func(t *bot.Tasting) error { t.State = bot.Closing; return nil }))
		vs, err := all[2].Votes(t.Context(), id.Round(1))
		must(t, err)
		must(t, all[2].Seal(t.Context(), id, vs, func(*bot.Tasting, bot.Rows) error { return nil }))
		wg.Wait()
		vs, err = all[0].Votes(t.Context(), id.Round(1))
		must(t, err)
		for _, v := range vs {
			if _, ok := acked.LoadAndDelete(v.Voter.User); !ok {
				t.Errorf("%s was told that voting is over, and has a row", v.Voter.User)
			}
		}
		acked.Range(func(user, _ any) bool {
			t.Errorf("the vote of %v was acknowledged and is lost", user)
			return !t.Failed()
		})
	}
}

// A job of a replica that is drained goes to the next who asks, at once; one of
// a replica that was killed when its lease has run out.
func TestReplicasHandOver(t *testing.T) {
	all := replicas(t, empty(t))
	key := bot.JobKey{Workspace: team, Kind: "chore", Name: "a"}
	must(t, all[0].Schedule(t.Context(), key, noon))
	take := func(s bot.Store, now time.Time) bot.Job {
		t.Helper()
		j, _, err := s.Take(t.Context(), now, time.Minute)
		must(t, err)
		return j
	}
	first := take(all[0], noon)
	if first.Key != key {
		t.Fatalf("Take gives %v", first.Key)
	}
	if j := take(all[1], noon.Add(time.Minute-1)); j.Term != 0 {
		t.Errorf("a job that another replica has is given away: %v", j.Key)
	}
	must(t, all[0].Close())
	second := take(all[1], noon)
	if second.Key != key {
		t.Error("a drained replica keeps its job")
	}
	if j := take(all[2], noon.Add(time.Minute)); j.Key != key {
		t.Error("the job of a replica that says nothing any more is not given away when its lease has run out")
	}
	err := all[1].Reserve(bot.For(t.Context(), second), "day", 1, -1)
	if !errors.Is(err, bot.ErrTerm) {
		t.Errorf("the holder of before writes: %v; want %v", err, bot.ErrTerm)
	}
}

// A limit on spending holds for all replicas together.
func TestReplicasSpend(t *testing.T) {
	all := replicas(t, empty(t))
	var granted atomic.Int64
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			switch err := all[i%3].Reserve(t.Context(), "day", 3, 100); {
			case err == nil:
				granted.Add(3)
			case !errors.Is(err, bot.ErrLimit):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if sum, err := all[0].Reserved(t.Context(), "day"); err != nil || sum != 99 || granted.Load() != 99 {
		t.Errorf("three replicas reserved 3 each, up to 100: %d are reserved, %v, and %d were granted; want 99 and 99", sum, err, granted.Load())
	}
}

// Whoever is forgotten while their vote waits for that is not heard: the vote
// sees what was committed while it waited. A transaction of the test's own stands
// for the one of another replica.
func TestForgottenWhileVoting(t *testing.T) {
	url := empty(t)
	s := open(t, url)
	defer s.Close()
	id := create(t, s, bot.Open)
	must(t, s.Hear(t.Context(), id.Round(1), person("ann"), bot.First, bot.Mark{On: true, At: noon}))
	other := create(t, s, bot.Open) // has the hash that ann's is copied from
	_, err := s.Forget(t.Context(), person("ann"))
	must(t, err)

	c, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer c.Close(context.Background())
	// As it was a moment before ann was forgotten in the first tasting.
	var hash []byte
	must(t, c.QueryRow(t.Context(), `DELETE FROM forgotten WHERE tasting = (SELECT id FROM tastings WHERE n = $1) RETURNING hash`, int64(id.N)).Scan(&hash))
	tx, err := c.Begin(t.Context())
	must(t, err)
	_, err = tx.Exec(t.Context(), `SELECT FROM tastings WHERE n = $1 FOR UPDATE`, int64(id.N))
	must(t, err)
	voted := make(chan error, 1)
	go func() {
		voted <- s.Hear(t.Context(), id.Round(1), person("ann"), bot.Tie, bot.Mark{On: true, At: noon})
	}()
	waits(t, url, voted)
	_, err = tx.Exec(t.Context(), `INSERT INTO forgotten (tasting, hash) SELECT id, $2 FROM tastings WHERE n = $1`, int64(id.N), hash)
	must(t, err)
	must(t, tx.Commit(t.Context()))
	must(t, <-voted)
	if vs, err := s.Votes(t.Context(), id.Round(1)); err != nil || len(vs) > 0 {
		t.Errorf("somebody who was forgotten while they voted has the rows %v, %v", vs, err)
	}
	must(t, s.Hear(t.Context(), other.Round(1), person("bob"), bot.Tie, bot.Mark{On: true, At: noon}))
}

// waits returns when a session of the database waits for another's lock, for which
// done, the end of what is to wait, shows that it never will.
func waits(t *testing.T, url string, done <-chan error) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer c.Close(context.Background())
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		var n int
		must(t, c.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&n))
		if n > 0 {
			return
		}
		if len(done) > 0 || time.Now().After(end) {
			t.Fatal("the vote does not wait for whoever changes its tasting")
		}
	}
}
