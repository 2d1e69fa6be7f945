package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// upgrade has three replicas of an older commit become this one's, one after the other,
// while people vote: nobody may notice.
func upgrade(ctx context.Context, out io.Writer, args []string) error {
	flags := flag.NewFlagSet("upgrade", flag.ContinueOnError)
	o := options{rooms: []string{"slack", "discord", "page"}, pace: 300 * time.Millisecond, last: 15 * time.Second}
	from := flags.String("from", "HEAD~1", "the older commit")
	between := flags.Duration("between", 10*time.Second, "how long two versions stand side by side after each step")
	flags.IntVar(&o.voters, "voters", 20, "people in each of three rooms")
	flags.Uint64Var(&o.seed, "seed", rand.Uint64()>>16, "what is drawn at random follows from it")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "tastetest-upgrade-*")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	now, err := build(ctx, dir)
	if err != nil {
		return err
	}
	if o.binary, err = buildOf(ctx, dir, *from); err != nil {
		return err
	}
	found := &findings{out: out}
	b := &bench{found: found}
	defer b.close()
	world, err := os.MkdirTemp("", "tastetest-upgraded-*")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	c := &crowded{database: newDatabase(b), ended: make(map[string]int)}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := c.begin(ctx, world, o, 0, b, found); err != nil {
		return err
	}
	defer c.end()
	f := figuresOfChaos{total: total{began: time.Now()}, by: make(map[string]int), ended: make(map[string]int)}
	for _, r := range c.replicas {
		if err := c.ready(ctx); err != nil {
			return err
		}
		wait(ctx, *between)
		name, leads := r.called(), c.witness.leader(ctx)
		fmt.Fprintf(out, "%6.0f s  %s becomes this version; %s leads\n", time.Since(f.began).Seconds(), name, leads)
		if name == leads {
			c.gone = append(c.gone, departure{"drained", reign{name, time.Now()}})
		}
		r.becomes(now)
		for r.called() == name && wait(ctx, 50*time.Millisecond) {
		}
	}
	if err := c.ready(ctx); err != nil {
		return err
	}
	wait(ctx, *between)
	if err := c.finish(ctx, &f); err != nil {
		return err
	}
	f.add(c.world)
	f.table(out, found)
	f.turns(out)
	if n := len(found.list()); n > 0 {
		return fmt.Errorf("%d findings; the rest lies in %s", n, world)
	}
	return os.RemoveAll(world)
}

// buildOf builds the bot of a commit, in dir.
func buildOf(ctx context.Context, dir, commit string) (binary string, err error) {
	src := filepath.Join(dir, "src")
	for _, c := range [][]string{{"git", "clone", "-q", "--shared", "--no-checkout", ".", src}, {"git", "-C", src, "checkout", "-q", commit}} {
		if out, err := exec.CommandContext(ctx, c[0], c[1:]...).CombinedOutput(); err != nil {
			return "", fmt.Errorf("get the older commit: %w\n%s", err, out)
		}
	}
	binary = filepath.Join(dir, "older")
	c := exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/tastetest")
	c.Dir, c.Env = src, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build tastetest of %s: %w\n%s", commit, err, out)
	}
	return binary, nil
}

// ready waits until all replicas are.
func (c *crowded) ready(ctx context.Context) error {
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end) && ctx.Err() == nil; wait(ctx, 100*time.Millisecond) {
		n := 0
		for _, r := range c.replicas {
			if r.ready.Load() {
				n++
			}
		}
		if n == len(c.replicas) {
			return nil
		}
	}
	return errors.Join(ctx.Err(), errors.New("not all replicas were ready within two minutes"))
}
