//go:build unix

package postgres

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
)

// Replicas that write the same rows at once take them in one order, whatever the order
// in which votes came, or two would wait for each other. What one voter said of a round
// is one row of a statement, with the newest of each mark.
func TestRowsOfAStatement(t *testing.T) {
	first := bot.TastingID{Workspace: team, N: 9}
	second := bot.TastingID{Workspace: bot.Workspace{Platform: "slack", ID: "T2"}, N: 3}
	var batch []*heard
	for _, id := range []bot.RoundID{second.Round(1), first.Round(2), first.Round(1)} {
		for i := range 20 {
			for stamp := range int64(3) {
				h := &heard{id: id, user: fmt.Sprintf("u%d", i)}
				h.marks[stamp%2] = &stamp
				batch = append(batch, h)
			}
		}
	}
	want := columnsOf(batch, []byte("secret"))
	if n := len(want.voters); n != 60 {
		t.Fatalf("of 60 people and rounds %d rows are made", n)
	}
	for i := range want.voters {
		if a, b := want.marks[0][i], want.marks[1][i]; a == nil || *a != 2 || b == nil || *b != 1 || want.marks[2][i] != nil {
			t.Fatalf("marks with the stamps 0, 1 and 2, on two picks in turn, become %v and %v; want 2 and 1", a, b)
		}
	}
	for range 5 {
		rand.Shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
		if diff := cmp.Diff(want, columnsOf(batch, []byte("secret")), cmp.AllowUnexported(columns{})); diff != "" {
			t.Fatalf("the same votes that came in another order are written in another (-before +now):\n%s", diff)
		}
	}
}

// A vote waits for others while they are likely to come, and no longer.
func TestVotesGather(t *testing.T) {
	for _, c := range []struct {
		name        string
		likely      int // votes
		until       int // so many milliseconds from now they are worth waiting for
		come        int // one each millisecond
		votes, wait int // so many are written, after so many milliseconds
	}{
		{"a vote after a pause", 100, -1000, 3, 1, 0},
		{"a vote alone", 1, 5, 3, 1, 0},
		{"everybody comes", 3, 5, 3, 3, 2},
		{"not all come", 100, 5, 3, 4, 5},
		{"nobody comes", 100, 5, 0, 1, 5},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &Store{queue: make(chan *heard, queueSize)}
			s.stop, s.stopNow = context.WithCancel(t.Context())
			defer s.stopNow()
			began := time.Now()
			go func() {
				for range c.come {
					time.Sleep(time.Millisecond)
					s.queue <- new(heard)
				}
			}()
			n := len(s.drain(new(heard), gathering{c.likely, began.Add(time.Duration(c.until) * time.Millisecond)}))
			if waited := time.Since(began); n != c.votes || waited != time.Duration(c.wait)*time.Millisecond {
				t.Errorf("%s: %d are written, after %v; want %d after %d ms", c.name, n, waited, c.votes, c.wait)
			}
			time.Sleep(time.Second)
		})
	}
}
