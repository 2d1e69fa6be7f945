// Command breaks shows that the tests would notice. It breaks the program in
// each of the ways in breaks.yaml, one at a time, and runs the test that must
// fail then. No file of the tree is touched: the compiler is given the broken
// file in place of the real one.
//
//	go run ./.ci/breaks          all of them
//	go run ./.ci/breaks nudge    those whose sentence or test this regular expression matches
//
// It ends with 1 if a break survives its test, does not compile, fails
// otherwise than by that test, or has lost the lines that it changes; and if one
// of the tests fails, or is not run, on the program as it is.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, ".", strings.Join(os.Args[1:], " ")); err != nil {
		fmt.Fprintln(os.Stderr, "breaks:", err)
		os.Exit(1)
	}
}

// run applies the breaks of the module at root that match like, and writes a line
// about each to out.
func run(ctx context.Context, out io.Writer, root, like string) error {
	began := time.Now()
	breaks, err := load(root, like)
	if err != nil {
		return err
	}

	var work sync.WaitGroup
	results := make(chan result)
	slots := make(chan struct{}, 3) // some wait; the compiler alone keeps about one core busy
	tests := named(breaks)
	wholes := make(chan error, len(tests))
	for pkg, names := range tests {
		work.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			wholes <- whole(ctx, root, pkg, names)
		})
	}
	for _, b := range breaks {
		work.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			began := time.Now()
			why, o := b.apply(ctx, root)
			results <- result{b, why, o, time.Since(began)}
		})
	}
	go func() { work.Wait(); close(results) }()

	bad := 0
	var busy time.Duration
	for r := range results {
		busy += r.cpu
		fmt.Fprintf(out, "%6.1f s  %s  promise %d: %s (%s)\n", r.took.Seconds(), cmp.Or(r.why, "caught"), r.Promise, r.Wrong, r.Test)
		if r.why != "" {
			bad++
			fmt.Fprint(out, indented(r.text))
		}
	}
	var errs []error
	for range tests {
		errs = append(errs, <-wholes)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	fmt.Fprintln(out, "all tests pass on the program as it is")
	fmt.Fprintf(out, "caught %d of %d, in %.0f s; they took %.0f s of processor time\n", len(breaks)-bad, len(breaks), time.Since(began).Seconds(), busy.Seconds())
	if bad > 0 {
		return fmt.Errorf("%d of %d breaks were not caught", bad, len(breaks))
	}
	return nil
}

type result struct {
	Break
	why string // "": caught
	outcome
	took time.Duration
}

// indented is the end of a test's output, set apart.
func indented(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	lines = lines[max(0, len(lines)-20):]
	return "          " + strings.Join(lines, "\n          ") + "\n"
}
