package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// figuresOfChaos are what worlds with replicas add up to.
type figuresOfChaos struct {
	total
	by        map[string]int // disturbances by kind
	ended     map[string]int // replicas that ended by themselves, by why
	due, came int            // occurrences of schedules
	reigns    int
	takeovers map[string][]time.Duration // by what befell the one who led
}

// took notes how long it was until the next one led.
func (f *figuresOfChaos) took(gone []departure, reigns []reign) {
	if f.takeovers == nil {
		f.takeovers = make(map[string][]time.Duration)
	}
	f.reigns += len(reigns)
	for _, g := range gone {
		for _, r := range reigns {
			if r.At.After(g.At) && r.Name != g.Name {
				f.takeovers[g.how] = append(f.takeovers[g.how], r.At.Sub(g.At))
				break
			}
		}
	}
}

// print writes the figures.
func (f *figuresOfChaos) print(out io.Writer, found *findings) {
	f.table(out, found)
	for _, d := range disturbances {
		fmt.Fprintf(out, "%4d  %s\n", f.by[d.name], d.name)
	}
	fmt.Fprintf(out, "%4d  all, in %v\n", f.kills, time.Since(f.began).Round(time.Second))
	for _, why := range slices.Sorted(maps.Keys(f.ended)) {
		fmt.Fprintf(out, "replicas that ended by themselves, because %s: %d\n", why, f.ended[why])
	}
	fmt.Fprintf(out, "schedules: %d times were due, %d came\n", f.due, f.came)
	f.turns(out)
}

// turns says who led, and how long it was until the next one did.
func (f *figuresOfChaos) turns(out io.Writer) {
	fmt.Fprintf(out, "%d replicas led, one after the other\n", f.reigns)
	for _, how := range slices.Sorted(maps.Keys(f.takeovers)) {
		all := f.takeovers[how]
		slices.Sort(all)
		round := func(d time.Duration) time.Duration { return d.Round(100 * time.Millisecond) }
		fmt.Fprintf(out, "the next one led after the leader was %s: %d times, after %v at least, %v in the middle, %v at most\n", how, len(all), round(all[0]), round(all[len(all)/2]), round(all[len(all)-1]))
	}
}
