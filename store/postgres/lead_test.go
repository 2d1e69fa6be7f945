//go:build unix

package postgres_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/postgres"
)

// Of three replicas one leads. When it is drained the next one does, at once.
func TestOneLeads(t *testing.T) {
	t.Parallel()
	all := replicas(t, empty(t))
	var leading atomic.Int32
	led := make(chan *postgres.Store, len(all))
	for _, s := range all {
		go func() {
			ctx, err := s.Lead(t.Context(), "", func(postgres.Leader) {})
			if err != nil {
				t.Error(err)
				return
			}
			if n := leading.Add(1); n > 1 {
				t.Errorf("%d lead at once", n)
			}
			led <- s
			<-ctx.Done()
		}()
	}
	for range all {
		s := <-led
		id := create(t, s, bot.Open)
		must(t, s.Hear(t.Context(), id.Round(1), person("ann"), bot.First, bot.Mark{On: true, At: noon}))
		leading.Add(-1)
		must(t, s.Close())
	}
}

// A replica that is told that another leads stops, and writes nothing from then
// on, whether somebody votes or it does what is due. The test writes the row that
// another replica would.
func TestDeposed(t *testing.T) {
	t.Parallel()
	url := empty(t)
	s := open(t, url)
	defer s.Close()
	id := create(t, s, bot.Open)
	ctx, err := s.Lead(t.Context(), "", func(postgres.Leader) { t.Error("nobody is there to wait for") })
	must(t, err)
	c, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer c.Close(context.Background())
	_, err = c.Exec(t.Context(), `UPDATE leader SET replica = 1, until = clock_timestamp() + '1 hour'`)
	must(t, err)
	// As if it slept just before it sent this: it does not know yet.
	if err := s.Hear(t.Context(), id.Round(1), person("bo"), bot.First, bot.Mark{On: true, At: noon}); !errors.Is(err, postgres.ErrDeposed) {
		t.Errorf("a vote that a replica sends when another leads already: %v; want %v", err, postgres.ErrDeposed)
	}
	<-ctx.Done()
	if err := context.Cause(ctx); !errors.Is(err, postgres.ErrDeposed) {
		t.Errorf("it ends with %v; want %v", err, postgres.ErrDeposed)
	}
	if err := s.Leads(); !errors.Is(err, postgres.ErrDeposed) {
		t.Errorf("asked whether it may act a replica that no longer leads says %v; want %v", err, postgres.ErrDeposed)
	}
	if err := s.KeepSession(t.Context(), "discord", []byte("late")); !errors.Is(err, postgres.ErrDeposed) {
		t.Errorf("a session of a replica that no longer leads: %v; want %v", err, postgres.ErrDeposed)
	}
	vote := s.Hear(t.Context(), id.Round(1), person("ann"), bot.First, bot.Mark{On: true, At: noon})
	change := s.Update(t.Context(), id, bot.Open, func(t *bot.Tasting) error { t.Note = "late"; return nil })
	for what, err := range map[string]error{"a vote": vote, "a change": change} {
		if !errors.Is(err, postgres.ErrDeposed) {
			t.Errorf("%s of a replica that no longer leads: %v; want %v", what, err, postgres.ErrDeposed)
		}
	}
	var n int
	must(t, c.QueryRow(t.Context(), `SELECT count(*) FROM votes`).Scan(&n))
	if got, err := s.Tasting(t.Context(), id); err != nil || got.Note != "" || n != 0 {
		t.Errorf("there are %d votes and the note %q, %v", n, got.Note, err)
	}
}

// A replica that slept while another led, and is gone by the time at which it wakes, does
// not go on as if nothing had been: what it remembers is of before that. The test writes
// the row that the other would have left.
func TestNobodyLeadsTwice(t *testing.T) {
	t.Parallel()
	url := empty(t)
	s := open(t, url)
	defer s.Close()
	id := create(t, s, bot.Open)
	ctx, err := s.Lead(t.Context(), "", func(postgres.Leader) { t.Error("nobody is there to wait for") })
	must(t, err)
	c, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer c.Close(context.Background())
	_, err = c.Exec(t.Context(), `UPDATE leader SET replica = 1, until = clock_timestamp() - interval '1 second'`)
	must(t, err)
	if err := s.Hear(t.Context(), id.Round(1), person("bo"), bot.First, bot.Mark{On: true, At: noon}); !errors.Is(err, postgres.ErrDeposed) {
		t.Errorf("a vote that a replica sends after another has led: %v; want %v", err, postgres.ErrDeposed)
	}
	select {
	case <-ctx.Done():
	case <-time.After(20 * time.Second):
	}
	if err := context.Cause(ctx); !errors.Is(err, postgres.ErrDeposed) {
		t.Fatalf("after another has led it ends with %v; want %v", err, postgres.ErrDeposed)
	}
	next := open(t, url)
	defer next.Close()
	if _, err := next.Lead(t.Context(), "", func(postgres.Leader) {}); err != nil {
		t.Errorf("the next one does not lead: %v", err)
	}
}

// What one replica kept of a session, another reads.
func TestSessionIsHandedOver(t *testing.T) {
	all := replicas(t, empty(t))
	if kept, err := all[1].Session(t.Context(), "discord"); err != nil || kept != nil {
		t.Errorf("before any was kept the session is %q, %v", kept, err)
	}
	for _, text := range []string{"first", "second"} {
		must(t, all[0].KeepSession(t.Context(), "discord", []byte(text)))
	}
	if kept, err := all[1].Session(t.Context(), "discord"); err != nil || string(kept) != "second" {
		t.Errorf("another replica reads %q, %v; want what was kept last", kept, err)
	}
}
