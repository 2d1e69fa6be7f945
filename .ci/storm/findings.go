package main

import (
	"fmt"
	"io"
	"sync"
)

// A fault is a promise that was not kept.
type fault uint8

const (
	lost    fault = iota // a vote that was acknowledged, or stood, does not count
	twice                // a vote counts that nobody gave, or twice
	doubled              // a post stands twice
	missing              // a post does not stand
	wrong                // a reveal says something else than the votes
	useless              // the bot ended by itself, was refused by a chat, or never came to an end
	faults
)

var faultNames = [faults]string{"lost", "counted twice", "doubled", "missing", "reveals wrong", "other"}

// Findings are what went wrong. They are written to out as they come.
type findings struct {
	out io.Writer // nil: to none

	mu    sync.Mutex
	all   []string
	count map[string]*[faults]int // by room
}

func (f *findings) add(what fault, room, format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	text := fmt.Sprintf("%s, %s: ", room, faultNames[what]) + fmt.Sprintf(format, args...)
	f.all = append(f.all, text)
	if f.out != nil {
		fmt.Fprintln(f.out, text)
	}
	if f.count == nil {
		f.count = make(map[string]*[faults]int)
	}
	if f.count[room] == nil {
		f.count[room] = new([faults]int)
	}
	f.count[room][what]++
}

// of is how often each promise was broken in a room.
func (f *findings) of(room string) [faults]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := f.count[room]; n != nil {
		return *n
	}
	return [faults]int{}
}

func (f *findings) list() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.all...)
}
