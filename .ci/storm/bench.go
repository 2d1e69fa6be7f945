package main

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

// A bench is what the fakes of the platforms take for a test: what they would call
// a mistake of the bot is a finding, and what they begin ends with close.
type bench struct {
	testing.TB // nil: whatever is not below is not asked for
	found      *findings

	mu   sync.Mutex
	last []func()
}

const theBot = "the bot" // in findings that are of no room

func (*bench) Helper()                     {}
func (*bench) Context() context.Context    { return context.Background() }
func (b *bench) Error(args ...any)         { b.found.add(useless, theBot, "%s", fmt.Sprint(args...)) }
func (b *bench) Errorf(f string, a ...any) { b.found.add(useless, theBot, f, a...) }
func (*bench) Fatal(args ...any)           { panic(fmt.Sprint(args...)) }
func (*bench) Skip(args ...any)            { panic(fmt.Sprint(args...)) }
func (*bench) Logf(string, ...any)         {}

func (b *bench) Cleanup(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last = append(b.last, f)
}

func (b *bench) close() {
	for i := len(b.last) - 1; i >= 0; i-- {
		b.last[i]()
	}
}
