//go:build unix

package postgres_test

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/bolt"
	"github.com/tastetest/tastetest/store/postgres/pgtest"
)

// BenchmarkVotes compares durable votes, for a number of callers that each wait
// for their vote: in a file, through one and through three openings of a
// database, and by a batched upsert written by hand, through one and through three
// connections, which looks at no state, no round, no leader and nobody who was
// forgotten, and has one mark for four. The database waits for the disk. An op is
// one vote.
func BenchmarkVotes(b *testing.B) {
	server := pgtest.Start(b)
	for _, callers := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("file/%d", callers), func(b *testing.B) {
			s, err := bolt.Open(b.Context(), silent, filepath.Join(b.TempDir(), "bench.db"))
			must(b, err)
			defer s.Close()
			votes(b, callers, s)
		})
		for _, n := range []int{1, 3} {
			b.Run(fmt.Sprintf("database×%d/%d", n, callers), func(b *testing.B) {
				url, _ := server.Database(b, fmt.Sprint(b.Name(), b.N))
				var all []bot.Store
				for range n {
					s := open(b, url)
					defer s.Close()
					all = append(all, s)
				}
				votes(b, callers, all...)
			})
		}
		for _, n := range []int{1, 3} {
			b.Run(fmt.Sprintf("by-hand×%d/%d", n, callers), func(b *testing.B) { byHand(b, server, callers, n) })
		}
	}
}

// each calls do for every op, by so many callers.
func each(b *testing.B, callers int, do func(i int) error) {
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range callers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < b.N; i = int(next.Add(1)) - 1 {
				if err := do(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "votes/s")
}

// votes has a thousand people vote and change their minds, through all stores in turn.
func votes(b *testing.B, callers int, all ...bot.Store) {
	id := create(b, all[0], bot.Open).Round(1)
	each(b, callers, func(i int) error {
		v := person(fmt.Sprintf("U%08d", i%1000))
		return all[i%len(all)].Hear(b.Context(), id, v, bot.Pick(i/1000%4+1), bot.Mark{On: true, At: noon.Add(time.Duration(i))})
	})
}

// A handVote is as little as a vote can be.
type handVote struct {
	voter    string
	pick, at int64
	done     chan error
}

// byHand puts what waits into one upsert, on each of so many connections.
func byHand(b *testing.B, server *pgtest.Server, callers, connections int) {
	url, _ := server.Database(b, fmt.Sprint(b.Name(), b.N))
	pool, err := pgxpool.New(b.Context(), url)
	must(b, err)
	defer pool.Close()
	_, err = pool.Exec(b.Context(), `DROP TABLE IF EXISTS v; CREATE TABLE v (voter text PRIMARY KEY, pick bigint, at bigint)`)
	must(b, err)
	queues := make([]chan handVote, connections)
	var writers sync.WaitGroup
	for i := range queues {
		queues[i] = make(chan handVote, 1024)
		writers.Go(func() { writeByHand(pool, queues[i]) })
	}
	each(b, callers, func(i int) error {
		v := handVote{fmt.Sprintf("U%08d", i%1000), int64(i / 1000 % 4), int64(i + 1), make(chan error, 1)}
		queues[i%connections] <- v
		return <-v.done
	})
	for _, q := range queues {
		close(q)
	}
	writers.Wait()
}

// writeByHand writes what waits in a queue until that is closed.
func writeByHand(pool *pgxpool.Pool, queue chan handVote) {
	for first := range queue {
		batch := []handVote{first}
		for more := true; more && len(batch) < cap(queue); {
			select {
			case v, ok := <-queue:
				if more = ok; ok {
					batch = append(batch, v)
				}
			default:
				more = false
			}
		}
		latest := make(map[string]handVote)
		for _, v := range batch {
			if v.at >= latest[v.voter].at {
				latest[v.voter] = v
			}
		}
		var voters []string
		var picks, ats []int64
		for _, name := range slices.Sorted(maps.Keys(latest)) { // or two connections would wait for each other
			v := latest[name]
			voters, picks, ats = append(voters, v.voter), append(picks, v.pick), append(ats, v.at)
		}
		_, err := pool.Exec(context.Background(), `INSERT INTO v SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])
ON CONFLICT (voter) DO UPDATE SET pick = excluded.pick, at = excluded.at WHERE v.at < excluded.at`, voters, picks, ats)
		for _, v := range batch {
			v.done <- err
		}
	}
}

// BenchmarkSeal seals a tasting of 100,000 votes in two rounds. An op is all of it; the
// bytes are what stays in the database, with its indexes and what was not cleaned up yet.
func BenchmarkSeal(b *testing.B) {
	const voters = 50_000
	url, _ := pgtest.Start(b).Database(b, b.Name())
	inDatabase := open(b, url)
	defer inDatabase.Close()
	pool, err := pgxpool.New(b.Context(), url)
	must(b, err)
	defer pool.Close()
	inFile, err := bolt.Open(b.Context(), silent, filepath.Join(b.TempDir(), "bench.db"))
	must(b, err)
	defer inFile.Close()
	for name, s := range map[string]bot.Store{"file": inFile, "database": inDatabase} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				id := create(b, s, bot.Closing)
				all := make([]bot.Vote, 0, 2*voters)
				for i := range 2 * voters {
					v := bot.Vote{Round: id.Round(i%2 + 1), Voter: person(fmt.Sprintf("U%08d", i/2))}
					v.Marks[i%4] = bot.Mark{On: true, At: noon}
					all = append(all, v)
				}
				b.StartTimer()
				must(b, s.Seal(b.Context(), id, all, func(t *bot.Tasting, kept bot.Rows) error { t.Count(kept); return nil }))
			}
			if s == bot.Store(inDatabase) {
				var size float64
				must(b, pool.QueryRow(b.Context(), "select sum(pg_total_relation_size(c.oid)) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r'").Scan(&size))
				b.ReportMetric(size/float64(b.N)/(2*voters), "bytes/vote")
			}
		})
	}
}
