//go:build unix

package postgres_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/store/postgres"
)

// share has a replica ask for its share of so many parts, which it has for a minute.
func share(t *testing.T, s *postgres.Store, parts int, ended ...int) (mine map[int]int64, spare bool) {
	t.Helper()
	mine, spare, err := s.Share(t.Context(), "chat", time.Minute, parts, ended)
	must(t, err)
	return mine, spare
}

// Each part is one replica's. Whoever comes later gets some of those that the first gives up, one by
// one; who leaves, or is drained, leaves its parts to those who have fewest.
func TestPartsAreSharedOut(t *testing.T) {
	t.Parallel()
	all := replicas(t, empty(t))
	if mine, spare := share(t, all[0], 5); len(mine) != 5 || spare {
		t.Fatalf("alone it has %v of five parts, with one to spare: %v", mine, spare)
	}
	// round has all ask, and those who have one to spare give it up.
	has := make([]map[int]int64, len(all))
	round := func(members ...int) {
		t.Helper()
		taken := make(map[int]bool)
		for _, i := range members {
			mine, spare := share(t, all[i], 5)
			if spare {
				for part := range mine {
					mine, _ = share(t, all[i], 5, part)
					break
				}
			}
			has[i] = mine
		}
		for _, i := range members {
			mine, _ := share(t, all[i], 5)
			for part := range mine {
				if taken[part] {
					t.Errorf("part %d is two replicas'", part)
				}
				taken[part] = true
			}
		}
	}
	for range 6 {
		round(0, 1, 2)
	}
	counts := []int{len(has[0]), len(has[1]), len(has[2])}
	if slices.Sort(counts); !slices.Equal(counts, []int{1, 2, 2}) {
		t.Errorf("of three replicas they have %v of five parts", counts)
	}
	for range 3 {
		for i := range all {
			if mine, spare := share(t, all[i], 5); spare || len(mine) != len(has[i]) {
				t.Errorf("when all have their share one has %v, and then %v; to spare: %v", has[i], mine, spare)
			}
		}
	}
	must(t, all[2].Unshare(t.Context(), "chat"))
	round(0, 1)
	must(t, all[1].Close())
	mine, _ := share(t, all[0], 5)
	if len(mine) != 5 {
		t.Errorf("when the others have left it has %v of five parts", mine)
	}
	if other, _, err := all[0].Share(t.Context(), "another chat", time.Minute, 2, nil); err != nil || len(other) != 2 {
		t.Errorf("of another chat it has %v of two parts, %v", other, err)
	}
	if mine, _ := share(t, all[0], 3); len(mine) != 3 {
		t.Errorf("of three parts it has %v", mine)
	}
}

// A lease ends by the database's clock. Whoever has the part then has it with a
// higher term, and the one before is told that it is not its own any more.
func TestLeaseOfAPartIsOver(t *testing.T) {
	t.Parallel()
	url := empty(t)
	all := replicas(t, url)
	before, _ := share(t, all[0], 1)
	if mine, _ := share(t, all[1], 1); len(mine) != 0 {
		t.Fatalf("another has %v while the lease lasts", mine)
	}
	// As if the first had said nothing for a minute.
	c, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer c.Close(context.Background())
	_, err = c.Exec(t.Context(), `UPDATE shares SET until = clock_timestamp() - interval '1 second'`)
	must(t, err)
	after, _ := share(t, all[1], 1)
	if len(after) != 1 || after[0] <= before[0] {
		t.Errorf("after %v another has it as %v; its term is to be higher", before, after)
	}
	if mine, _ := share(t, all[0], 1, 0); len(mine) != 0 {
		t.Errorf("the one before has %v still", mine)
	}
	if mine, _ := share(t, all[1], 1); mine[0] != after[0] {
		t.Errorf("the one before gave up what is another's: that has %v, not %v", mine, after)
	}
}

// Two that ask at the same time do not get the same part; a replica that led and may no
// longer gets none.
func TestPartsAreAskedForAtOnce(t *testing.T) {
	t.Parallel()
	url := empty(t)
	all := replicas(t, url)
	const parts = 12
	got := make(chan map[int]int64, len(all)*5)
	for _, s := range all {
		for range 5 {
			go func() {
				mine, _, err := s.Share(t.Context(), "chat", time.Minute, parts, nil)
				if err != nil {
					t.Error(err)
				}
				got <- mine
			}()
		}
	}
	terms := make(map[int64]int)
	for range cap(got) {
		for part, term := range <-got {
			if was, known := terms[term]; known && was != part {
				t.Errorf("the term %d is of the parts %d and %d", term, was, part)
			}
			terms[term] = part
		}
	}
	if len(terms) != parts {
		t.Errorf("of %d parts %d were taken, each once if all is well", parts, len(terms))
	}
	_, err := all[0].Lead(t.Context(), "", func(postgres.Leader) {})
	must(t, err)
	c, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer c.Close(context.Background())
	_, err = c.Exec(t.Context(), `UPDATE leader SET replica = 1, until = clock_timestamp() + '1 hour'`)
	must(t, err)
	for end := time.Now().Add(20 * time.Second); all[0].Leads() == nil && time.Now().Before(end); {
		time.Sleep(50 * time.Millisecond)
	}
	if mine, _, err := all[0].Share(t.Context(), "chat", time.Minute, parts, nil); !errors.Is(err, postgres.ErrDeposed) {
		t.Errorf("a replica that leads no more has %v, %v", mine, err)
	}
}
