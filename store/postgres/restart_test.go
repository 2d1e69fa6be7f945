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
	"github.com/tastetest/tastetest/store/postgres/pgtest"
)

// The database is killed twice while people vote and money is reserved. Every
// vote that was acknowledged is there, nobody is told of an error, and the sum
// is what was granted: where nobody knows, an error says so.
func TestDatabaseKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server three times: TestConnectionsCut shows that what was cut is done once")
	}
	t.Parallel()
	server := pgtest.Start(t)
	url, _ := server.Database(t, "killed")
	all := replicas(t, url)
	id := create(t, all[0], bot.Open)
	stop := make(chan struct{})
	var acked sync.Map
	var votes, granted, unknown atomic.Int64
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				v := person(fmt.Sprintf("u%d-%06d", g, i))
				if err := all[g%3].Hear(t.Context(), id.Round(1), v, bot.First, bot.Mark{On: true, At: noon}); err != nil {
					t.Errorf("a vote while the database starts anew: %v", err)
					return
				}
				acked.Store(v.User, true)
				votes.Add(1)
				switch err := all[g%3].Reserve(t.Context(), "day", 1, -1); err {
				case nil:
					granted.Add(1)
				default:
					unknown.Add(1)
				}
			}
		})
	}
	for kill := range 2 {
		before := votes.Load()
		for votes.Load() < before+200 && !t.Failed() {
			time.Sleep(time.Millisecond)
		}
		must(t, server.Kill())
		if err := all[0].Healthy(); err == nil {
			t.Errorf("kill %d: without its database a replica says that it is well", kill)
		}
		must(t, server.Launch())
	}
	before := votes.Load()
	for votes.Load() < before+200 && !t.Failed() {
		time.Sleep(time.Millisecond)
	}
	close(stop)
	wg.Wait()
	must(t, all[0].Healthy())
	vs, err := all[0].Votes(t.Context(), id.Round(1))
	must(t, err)
	for _, v := range vs {
		acked.Delete(v.Voter.User)
	}
	acked.Range(func(user, _ any) bool {
		t.Errorf("the vote of %v was acknowledged and is lost", user)
		return !t.Failed()
	})
	sum, err := all[0].Reserved(t.Context(), "day")
	must(t, err)
	if sum < granted.Load() || sum > granted.Load()+unknown.Load() {
		t.Errorf("%d is reserved; %d were granted, and of %d nobody knew", sum, granted.Load(), unknown.Load())
	}
	t.Logf("two kills, %d votes acknowledged, none lost; %d sums granted, %d unknown", votes.Load(), granted.Load(), unknown.Load())
}

// Connections that are cut before anything was committed are tried again: nobody
// is told, and nothing happens twice.
func TestConnectionsCut(t *testing.T) {
	url := empty(t)
	s := open(t, url)
	defer s.Close()
	id := create(t, s, bot.Open)
	cutter, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer cutter.Close(context.Background())
	for i := range 9 {
		_, err := cutter.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		must(t, err)
		must(t, s.Hear(t.Context(), id.Round(1), person(fmt.Sprint("u", i)), bot.First, bot.Mark{On: true, At: noon}))
		_, err = cutter.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		must(t, err)
		runs := 0
		must(t, s.Update(t.Context(), id, bot.Open, func(t *bot.Tasting) error {
			t.Reserved++
			if runs++; runs == 1 { // in the middle of the transaction
				return cut(cutter)
			}
			return nil
		}))
	}
	got, err := s.Tasting(t.Context(), id)
	must(t, err)
	vs, err := s.Votes(t.Context(), id.Round(1))
	must(t, err)
	if got.Reserved != 9 || len(vs) != 9 {
		t.Errorf("9 changes added 1 each, and the sum is %d; of 9 votes %d are there", got.Reserved, len(vs))
	}
}

// cut ends the sessions that are in the middle of a transaction, and returns when they are gone: what is cut while it commits is another story.
func cut(c *pgx.Conn) error {
	const open = ` FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle in transaction'`
	if _, err := c.Exec(context.Background(), `SELECT pg_terminate_backend(pid)`+open); err != nil {
		return err
	}
	for n := 1; n > 0; {
		if err := c.QueryRow(context.Background(), `SELECT count(*)`+open).Scan(&n); err != nil {
			return err
		}
	}
	return nil
}

// While the database is away a write waits as long as its caller does, and says so.
func TestDatabaseAway(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server twice: run without -short")
	}
	t.Parallel()
	server := pgtest.Start(t)
	url, _ := server.Database(t, "away")
	s := open(t, url)
	defer s.Close()
	id := create(t, s, bot.Open)
	must(t, server.Kill())
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := s.Reserve(ctx, "day", 1, -1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a write without a database: %v; want %v", err, context.DeadlineExceeded)
	}
	voted := make(chan error, 1)
	go func() {
		voted <- s.Hear(t.Context(), id.Round(1), person("ann"), bot.First, bot.Mark{On: true, At: noon})
	}()
	must(t, server.Launch())
	must(t, <-voted)
}
