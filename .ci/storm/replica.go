package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A replica is one of several bots on a database. Whenever it ends it is started again,
// as whoever runs containers would.
type replica struct {
	n            int
	dir          string
	page, events string        // addresses
	clock        time.Duration // how far its clock is off
	ready        atomic.Bool

	mu      sync.Mutex
	p       *process
	binary  string // from the next start on; empty: the world's
	name    string // as its sessions are called in the database; another one each start
	starts  int
	felled  bool // it is ended from outside
	asleep  bool
	stopped bool // it is not started again
}

// slackListen stands in the world's configuration for what differs by replica.
const slackListen = "SLACK-LISTEN"

// keep runs the replica until it is stopped. store gives it an address of the database
// for each start, in which its sessions have a name.
func (r *replica) keep(ctx context.Context, w *world, store func(name string) string, ended func(*replica, *process)) {
	for ctx.Err() == nil {
		p, err := r.start(w, store)
		if err != nil {
			w.found.add(useless, theBot, "%v", err)
			return
		}
		if p == nil {
			return
		}
		<-p.done
		r.ready.Store(false)
		r.mu.Lock()
		felled, stopped := r.felled, r.stopped
		r.mu.Unlock()
		if stopped {
			return
		}
		if !felled {
			ended(r, p)
		}
		wait(ctx, time.Duration(rand.Int64N(int64(2*time.Second))))
	}
}

// start starts it, unless it is stopped.
func (r *replica) start(w *world, store func(name string) string) (*process, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return nil, nil
	}
	r.starts++
	r.name, r.felled, r.asleep = fmt.Sprintf("replica%d.%d", r.n, r.starts), false, false
	config, err := os.ReadFile(filepath.Join(w.dir, "tastetest.yaml"))
	if err == nil {
		text := strings.NewReplacer(slackListen, r.events, w.store, store(r.name)).Replace(string(config))
		err = os.WriteFile(filepath.Join(r.dir, "tastetest.yaml"), []byte(text), 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("write a replica's configuration: %w", err)
	}
	r.p, err = launch(cmp.Or(r.binary, w.binary), r.dir, r.page, append(w.env, "TASTETEST_REACH=http://"+r.page, fmt.Sprintf("%s=%d", clockEnv, int(r.clock/time.Second))))
	return r.p, err
}

// fell ends the process by a signal, if there is one.
func (r *replica) fell(s syscall.Signal) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.p == nil || r.felled || r.asleep {
		return false
	}
	select {
	case <-r.p.done:
		return false
	default:
	}
	r.felled = true
	return r.p.cmd.Process.Signal(s) == nil
}

// sleep stops the process for d, and says in began whether it could.
func (r *replica) sleep(ctx context.Context, d time.Duration, began chan<- bool) {
	r.mu.Lock()
	p := r.p
	if p == nil || r.felled || r.asleep || r.stopped || p.cmd.Process.Signal(syscall.SIGSTOP) != nil {
		r.mu.Unlock()
		began <- false
		return
	}
	r.asleep = true
	r.mu.Unlock()
	began <- true
	wait(ctx, d)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asleep = false
	p.cmd.Process.Signal(syscall.SIGCONT)
}

// stop ends it for good.
func (r *replica) stop() {
	r.mu.Lock()
	r.stopped = true
	p := r.p
	r.mu.Unlock()
	if p == nil {
		return
	}
	p.cmd.Process.Signal(syscall.SIGCONT)
	p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(20 * time.Second):
		p.cmd.Process.Kill()
		<-p.done
	}
}

// becomes has it started from another binary from now on, beginning with a drain of
// this one.
func (r *replica) becomes(binary string) {
	r.mu.Lock()
	r.binary = binary
	r.mu.Unlock()
	r.fell(syscall.SIGTERM)
}

// called is its present name.
func (r *replica) called() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.name
}
