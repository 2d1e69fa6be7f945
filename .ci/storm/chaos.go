package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A disturbing is what the command chaos was asked for.
type disturbing struct {
	options
	kills int           // disturbances of all kinds
	each  int           // of one world
	every time.Duration // on average
	skew  time.Duration // between the clocks of the first replica and the last
}

// A crowded world has three replicas on a database, and a balancer in front of them.
type crowded struct {
	*world
	database
	witness  witness
	name     string // of the database
	replicas []*replica
	balancer *balancer
	bed      sync.Mutex // held while a replica sleeps
	work     sync.WaitGroup

	gone []departure

	mu    sync.Mutex
	late  time.Time      // when the database was away last
	ended map[string]int // replicas that ended by themselves, by why
}

// chaos has three replicas on one database stand through all disturbances at once.
func chaos(ctx context.Context, out io.Writer, args []string) error {
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	d := disturbing{options: options{rooms: []string{"slack", "discord", "page"}, pace: 800 * time.Millisecond, last: 15 * time.Second}}
	flags.IntVar(&d.kills, "kills", 300, "how many disturbances")
	flags.IntVar(&d.each, "each", 100, "disturbances after which everything is brought to its end, looked at, and begun anew")
	flags.DurationVar(&d.every, "every", 4*time.Second, "how long after one the next comes, on average")
	flags.IntVar(&d.voters, "voters", 67, "people in each of three rooms")
	flags.IntVar(&d.shards, "shards", 1, "how many connections Discord wants of the bot; several are shared out among the replicas")
	flags.Uint64Var(&d.seed, "seed", rand.Uint64()>>16, "what is drawn at random follows from it; the moments of a machine do not")
	flags.DurationVar(&d.skew, "skew", 0, "how far the clocks of two of the replicas are apart; the bot is built with a clock that can be off")
	flags.StringVar(&d.binary, "binary", "", "the bot; empty: it is built")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if d.binary == "" {
		dir, err := os.MkdirTemp("", "tastetest-binary-*")
		if err != nil {
			return fmt.Errorf("make a folder: %w", err)
		}
		defer os.RemoveAll(dir)
		if d.binary, err = d.build(ctx, dir); err != nil {
			return err
		}
	}
	found := &findings{out: out}
	b := &bench{found: found}
	defer b.close()
	db := newDatabase(b)
	fmt.Fprintf(out, "seed %d: %d disturbances of three replicas, %d voters\n", d.seed, d.kills, 3*d.voters)
	f := figuresOfChaos{total: total{began: time.Now()}, by: make(map[string]int), ended: make(map[string]int)}
	r := rand.New(rand.NewPCG(d.seed, 2))
	for i := uint64(0); f.kills < d.kills && ctx.Err() == nil; i++ {
		o := d.options
		o.seed += 100 * i
		if err := d.world(ctx, o, min(d.each, d.kills-f.kills), r, db, b, &f, found); err != nil {
			return err
		}
		fmt.Fprintf(out, "%6.0f s  %d disturbances, %d findings\n", time.Since(f.began).Seconds(), f.kills, len(found.list()))
	}
	f.print(out, found)
	if n := len(found.list()); n > 0 {
		return fmt.Errorf("%d findings", n)
	}
	return nil
}

// build builds the bot, with a wrong clock if that is asked for.
func (d disturbing) build(ctx context.Context, dir string) (binary string, err error) {
	if d.skew == 0 {
		return build(ctx, dir)
	}
	overlay, err := wrongClock(dir)
	if err != nil {
		return "", err
	}
	return build(ctx, dir, "-overlay", overlay)
}

// world disturbs one world n times, lets everything come to its end, and looks at it.
func (d disturbing) world(ctx context.Context, o options, n int, r *rand.Rand, db database, b *bench, f *figuresOfChaos, found *findings) error {
	dir, err := os.MkdirTemp("", "tastetest-chaos-*")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	c := &crowded{database: db, ended: make(map[string]int)}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := c.begin(ctx, dir, o, d.skew, b, found); err != nil {
		return err
	}
	defer c.end()
	before := len(found.list())
	if err := c.schedule(ctx); err != nil {
		return err
	}
	for done := 0; done < n && ctx.Err() == nil; {
		wait(ctx, min(4*d.every, time.Duration(r.ExpFloat64()*float64(d.every))))
		x := draw(r)
		if !x.do(ctx, c, r) {
			continue
		}
		done++
		f.kills++
		f.by[x.name]++
		if done%10 == 0 {
			if err := c.patiently(ctx, func() error { return c.rest(ctx) }); err != nil {
				return err
			}
		}
	}
	if err := c.finish(ctx, f); err != nil {
		return err
	}
	f.add(c.world)
	for why, n := range c.ended {
		f.ended[why] += n
	}
	if len(found.list()) == before {
		return os.RemoveAll(dir)
	}
	found.add(useless, theBot, "what was found above lies in %s, and what the replicas said", dir)
	for _, x := range c.replicas {
		if err := os.WriteFile(filepath.Join(dir, x.called()+".log"), []byte(x.p.printed()), 0o600); err != nil {
			return fmt.Errorf("write down what a replica said: %w", err)
		}
	}
	return nil
}

// begin starts replicas and people.
func (c *crowded) begin(ctx context.Context, dir string, o options, skew time.Duration, b *bench, found *findings) error {
	address, as := c.room(b, dir)
	c.name = named(address)
	for n := 1; n <= 3; n++ {
		r := &replica{n: n, dir: filepath.Join(dir, fmt.Sprint("replica", n)), clock: time.Duration(n-2) * skew / 2}
		var err error
		if r.page, err = freePort(); err != nil {
			return err
		}
		if r.events, err = freePort(); err != nil {
			return err
		}
		if err := os.Mkdir(r.dir, 0o700); err != nil {
			return fmt.Errorf("make a folder: %w", err)
		}
		c.replicas = append(c.replicas, r)
	}
	c.balancer = newBalancer(c.replicas)
	page := c.balancer.serve(func(r *replica) string { return r.page })
	events := c.balancer.serve(func(r *replica) string { return r.events })
	b.Cleanup(page.Close)
	b.Cleanup(events.Close)
	o.page, o.events, o.store = page.Listener.Addr().String(), events.URL+"/slack/events", as("storm")
	if o.seed/200%2 == 1 { // in every other world, or pair of them, over the sockets that each replica has
		o.events = ""
	}
	w, err := begin(ctx, dir, o, found)
	if err != nil {
		return err
	}
	c.world, c.witness = w, witness{as("witness")}
	w.pulse.begins(make(chan struct{})) // one of them always lives
	answers, err := os.ReadFile(filepath.Join(dir, "answers.jsonl"))
	if err != nil {
		return fmt.Errorf("read answers: %w", err)
	}
	if err := w.between(ctx, func(bot.Store) error { return c.witness.swear(ctx) }); err != nil {
		return err
	}
	for _, r := range c.replicas {
		if err := os.WriteFile(filepath.Join(r.dir, "answers.jsonl"), answers, 0o600); err != nil {
			return fmt.Errorf("write down answers: %w", err)
		}
		c.work.Go(func() { // the third has no pooler between
			r.keep(ctx, w, func(name string) string {
				if r.n == 3 {
					return as(name)
				}
				return c.through(as(name))
			}, c.endedByItself)
		})
	}
	c.work.Go(func() { c.balancer.look(ctx) })
	for _, x := range w.rooms {
		if s, ok := x.(*slackRoom); ok {
			s.fake.Change(func() { s.fake.Skew = time.Duration(1-int(o.seed/100%2)*2) * time.Minute }) // before or behind
			c.work.Go(func() {
				for wait(ctx, 5*time.Second) {
					s.fake.Retry() // whatever fails again is tried again
				}
			})
		}
	}
	return nil
}

// trouble notes that the database is, or was just now, away.
func (c *crowded) trouble() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.late = time.Now()
}

// endedByItself says what a replica may end with: it finds out that another leads, or
// cannot begin, or go on, without a database.
func (c *crowded) endedByItself(r *replica, p *process) {
	c.mu.Lock()
	defer c.mu.Unlock()
	said := p.printed()
	code := p.cmd.ProcessState.ExitCode()
	switch {
	case strings.Contains(said, "panic:"), code == 0, p.cmd.ProcessState.Sys().(syscall.WaitStatus).Signaled():
		c.found.add(useless, theBot, "%s ended by itself: %v\n%s", r.called(), p.cmd.ProcessState, tail(said))
	case strings.Contains(said, "another replica is at work by now"):
		c.ended["another led"]++
	case time.Since(c.late) < time.Minute:
		c.ended["no database"]++
	default:
		c.found.add(useless, theBot, "%s ended by itself: %v\n%s", r.called(), p.cmd.ProcessState, tail(said))
	}
}

// patiently does something with the database until that goes well, for a minute.
func (c *crowded) patiently(ctx context.Context, do func() error) error {
	for end := time.Now().Add(time.Minute); ; {
		err := do()
		if err == nil || ctx.Err() != nil || time.Now().After(end) {
			return err
		}
		wait(ctx, time.Second)
	}
}

// end stops replicas, people and platforms.
func (c *crowded) end() {
	var all sync.WaitGroup
	for _, r := range c.replicas {
		all.Go(r.stop)
	}
	all.Wait()
	c.world.end()
}

// finish lets all that was begun come to its end, and looks at all of it.
func (c *crowded) finish(ctx context.Context, f *figuresOfChaos) error {
	c.bed.Lock() // nobody sleeps any more
	defer c.bed.Unlock()
	for _, l := range c.loads {
		l.end()
	}
	var left []string
	for end := time.Now().Add(4 * time.Minute); ; {
		if !wait(ctx, 2*time.Second) {
			return ctx.Err()
		}
		err := c.patiently(ctx, func() error {
			return c.between(ctx, func(s bot.Store) (err error) { left, err = unsettled(ctx, s); return err })
		})
		if err != nil {
			return err
		}
		if len(left) == 0 {
			break
		}
		if time.Now().After(end) {
			c.found.add(useless, theBot, "not everything came to its end: %s", strings.Join(left, ", "))
			break
		}
	}
	wait(ctx, 3*time.Second) // last edits
	page := c.page()
	c.stop()
	if _, err := c.look(ctx, page); err != nil {
		return err
	}
	for _, r := range c.rooms {
		if c.audit.sums[figures(r.name(), false)].tastings == 0 {
			c.found.add(useless, r.name(), "nothing came of anything there")
		}
	}
	if err := c.between(ctx, func(s bot.Store) error { return c.occurrences(ctx, s, f) }); err != nil {
		return err
	}
	reigns, err := c.witness.testify(ctx, c.found)
	if err != nil {
		return err
	}
	f.took(c.gone, reigns)
	return nil
}

// unsettled are the tastings that go on.
func unsettled(ctx context.Context, s bot.Store) (left []string, err error) {
	all, err := s.Workspaces(ctx)
	if err != nil {
		return nil, fmt.Errorf("look at the store: %w", err)
	}
	for _, w := range all {
		tastings, err := s.Tastings(ctx, w, bot.Query{})
		if err != nil {
			return nil, fmt.Errorf("look at the store: %w", err)
		}
		for _, t := range tastings {
			if t.State != bot.Draft && !t.Settled() {
				left = append(left, fmt.Sprintf("%v %v", t.ID, t.State))
			}
		}
	}
	slices.Sort(left)
	return left, nil
}
