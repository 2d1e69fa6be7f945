package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/store/postgres/pgtest"
)

// A disturbance is one kind of trouble.
type disturbance struct {
	name   string
	weight int
	do     func(ctx context.Context, c *crowded, r *rand.Rand) bool // false: it could not be done now
}

// longerThanALease is how long a replica is stopped for at least.
const longerThanALease = 12 * time.Second

var disturbances = []disturbance{
	{"SIGKILL of the leader", 20, func(ctx context.Context, c *crowded, r *rand.Rand) bool {
		return c.leader(ctx, "killed", func(l *replica) bool { return l.fell(syscall.SIGKILL) })
	}},
	{"SIGKILL of any", 34, func(ctx context.Context, c *crowded, r *rand.Rand) bool {
		return c.replicas[r.IntN(len(c.replicas))].fell(syscall.SIGKILL)
	}},
	{"SIGTERM of the leader", 6, func(ctx context.Context, c *crowded, r *rand.Rand) bool {
		return c.leader(ctx, "told to stop", func(l *replica) bool { return l.fell(syscall.SIGTERM) })
	}},
	{"SIGSTOP of the leader for longer than its lease", 7, func(ctx context.Context, c *crowded, r *rand.Rand) bool {
		return c.leader(ctx, "asleep", func(l *replica) bool { return c.asleep(ctx, l, r) })
	}},
	{"SIGSTOP of any", 3, func(ctx context.Context, c *crowded, r *rand.Rand) bool {
		return c.asleep(ctx, c.replicas[r.IntN(len(c.replicas))], r)
	}},
	{"all connections of one replica cut", 10, func(ctx context.Context, c *crowded, r *rand.Rand) bool {
		return c.cut(ctx, c.replicas[r.IntN(len(c.replicas))].called())
	}},
	{"every connection cut", 4, func(ctx context.Context, c *crowded, r *rand.Rand) bool { return c.cut(ctx, "replica%") }},
	{"database restarted, immediate", 6, func(ctx context.Context, c *crowded, r *rand.Rand) bool {
		c.trouble()
		if err := c.database.Kill(); err != nil {
			return false
		}
		wait(ctx, time.Duration(r.Int64N(int64(time.Second))))
		if err := c.database.Launch(); err != nil {
			c.found.add(useless, theBot, "%v", err)
		}
		c.trouble()
		return true
	}},
	{"pooler drops its sessions (KILL, RESUME)", 5, func(ctx context.Context, c *crowded, r *rand.Rand) bool {
		return c.pooler(ctx, "KILL "+c.name, "RESUME "+c.name)
	}},
	{"pooler connects anew (RECONNECT)", 5, func(ctx context.Context, c *crowded, r *rand.Rand) bool {
		return c.pooler(ctx, "RECONNECT")
	}},
}

// draw is one of all, by their weights.
func draw(r *rand.Rand) disturbance {
	all := 0
	for _, d := range disturbances {
		all += d.weight
	}
	n := r.IntN(all)
	for _, d := range disturbances {
		if n -= d.weight; n < 0 {
			return d
		}
	}
	panic("the weights do not add up")
}

// leader does something to the replica that leads, which is gone then.
func (c *crowded) leader(ctx context.Context, how string, do func(*replica) bool) bool {
	name := c.witness.leader(ctx)
	for _, r := range c.replicas {
		if name != "" && r.called() == name {
			at := time.Now()
			if !do(r) {
				return false
			}
			c.gone = append(c.gone, departure{how, reign{name, at}})
			return true
		}
	}
	return false
}

// A departure is how the end of a reign began.
type departure struct {
	how string
	reign
}

// asleep stops one, if all others are awake; what else happens goes on meanwhile.
func (c *crowded) asleep(ctx context.Context, x *replica, r *rand.Rand) bool {
	if !c.bed.TryLock() {
		return false
	}
	began := make(chan bool, 1)
	d := longerThanALease + time.Duration(r.Int64N(int64(6*time.Second)))
	c.work.Go(func() {
		defer c.bed.Unlock()
		x.sleep(ctx, d, began)
	})
	return <-began
}

// cut ends the sessions of whom the database calls so.
func (c *crowded) cut(ctx context.Context, name string) bool {
	c.trouble()
	return c.witness.ask(ctx, func(s *pgx.Conn) error {
		var n int
		err := s.QueryRow(ctx, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE $1`, name).Scan(&n)
		if err == nil && n == 0 {
			err = fmt.Errorf("%s has no sessions", name)
		}
		return err
	}) == nil
}

// pooler tells the pooler to do something.
func (c *crowded) pooler(ctx context.Context, commands ...string) bool {
	c.trouble()
	config, err := pgx.ParseConfig(c.through(c.database.URL("pgbouncer")))
	if err != nil {
		return false
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	s, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return false
	}
	defer s.Close(context.WithoutCancel(ctx))
	for _, command := range commands {
		if _, err := s.Exec(ctx, command); err != nil {
			return false
		}
	}
	return true
}

// A database is a PostgreSQL with a pooler in front of it.
type database struct {
	*pgtest.Server
	through func(url string) string
}

// newDatabase starts one that ends with the bench.
func newDatabase(b *bench) database {
	s := pgtest.Start(b)
	return database{s, s.Pooler(b)}
}

// room is a fresh database of a name, as whoever is called app sees it.
func (d database) room(b *bench, name string) (address string, as func(app string) string) {
	address, _ = d.Database(b, name)
	return address, func(app string) string { return address + "&application_name=" + app }
}

// named is what the database is called in the server.
func named(address string) string {
	_, name, _ := strings.Cut(address, "@/")
	name, _, _ = strings.Cut(name, "?")
	return name
}
