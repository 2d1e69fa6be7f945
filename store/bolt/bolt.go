// Package bolt keeps everything in one bbolt file.
//
// All writes go through one goroutine, which puts whatever waits into one
// transaction. Every record carries a checksum. Records in JSON keep text that is
// not UTF-8 with U+FFFD in place of what is wrong.
package bolt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	"golang.org/x/sync/semaphore"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// A bucket holds the records of one kind. The keys are described in key.go.
type bucket string

const (
	meta       bucket = "meta"       // "marker", "version", and what restored.go says
	workspaces bucket = "workspaces" // workspace, or its hash once deleted → the number of its latest tasting
	tastings   bucket = "tastings"   // tasting → bot.Tasting as JSON
	gates      bucket = "gates"      // tasting → gate
	texts      bucket = "texts"      // round → bot.Texts as JSON
	votes      bucket = "votes"      // round, user → marks
	seats      bucket = "seats"      // tasting, user → a number, until it is sealed
	cells      bucket = "cells"      // round → its cells, once it is sealed
	judgments  bucket = "judgments"  // round, judge → bot.Judgment as JSON
	forgotten  bucket = "forgotten"  // tasting, keyed hash of a user → nothing
	jobs       bucket = "jobs"       // bot.JobKey → jobRow as JSON
	due        bucket = "due"        // when it falls due, bot.JobKey → nothing
	intents    bucket = "intents"    // tasting, rest of the post's key, place → intent as JSON
	refs       bucket = "refs"       // bot.Ref → round, for ballots
	settings   bucket = "settings"   // workspace, channel → bot.Settings as JSON
	people     bucket = "people"     // workspace, user → bot.Profile as JSON
	reserved   bucket = "reserved"   // hash of a key → pico-USD
	secrets    bucket = "secrets"    // name → 32 bytes
)

func buckets() []bucket {
	return []bucket{meta, workspaces, tastings, gates, texts, votes, seats, cells, judgments, forgotten, jobs, due, intents, refs, settings, people, reserved, secrets}
}

// A Store is a [bot.Store] in a file. Open one with [Open].
//
// A context that ends before a write has begun stops it: the error is the
// context's and nothing is kept. After that its outcome is awaited.
type Store struct {
	log      *slog.Logger
	path     string
	db       *bbolt.DB
	queue    chan *request
	stop     chan struct{} // closed by Close
	finished chan struct{} // closed when the writer has ended
	stopping atomic.Bool
	broken   atomic.Pointer[error] // for good
	full     atomic.Pointer[error] // until a commit succeeds
	tenures  *tenures
	shelf    record.Shelf
	restored time.Time // see Restored

	forgetting *semaphore.Weighted // each Forget has a part of it, and a Seal for which they wait all
}

var _ bot.Store = (*Store)(nil)

// closeLimit is reached only if a page has become unreadable in the middle of
// a transaction, whose locks then stay.
const closeLimit = 30 * time.Second

var errClosed = errors.New("the store is closed")

// Healthy returns nil while writes are kept. After a write whose outcome is
// unknown, and after damage, the store stays unhealthy and refuses all calls
// until it is opened anew; while the disk is full it can be read.
func (s *Store) Healthy() error {
	for _, p := range []*error{s.broken.Load(), s.full.Load()} {
		if p != nil {
			return *p
		}
	}
	return nil
}

// Failed returns why the store refuses all calls until it is opened anew; nil while it
// does not.
func (s *Store) Failed() error {
	if p := s.broken.Load(); p != nil {
		return *p
	}
	return nil
}

// Close waits for what was begun and closes the file.
func (s *Store) Close() error {
	if s.stopping.Swap(true) {
		return errClosed
	}
	close(s.stop)
	<-s.finished
	s.tenures.stir()
	end := make(chan error, 1)
	go func() { end <- s.db.Close() }() // waits for readers
	select {
	case err := <-end:
		return err
	case <-time.After(closeLimit):
		return fmt.Errorf("close %s: not done after %v", s.path, closeLimit)
	}
}

// fail makes every later call return err.
func (s *Store) fail(err error) {
	if s.broken.CompareAndSwap(nil, &err) {
		s.tenures.stir()
		attrs := []slog.Attr{slog.String("file", s.path), slog.Any("err", err)}
		if f, ok := errors.AsType[*fault](err); ok {
			attrs = append(attrs, slog.String("stack", string(f.stack)))
		}
		s.log.LogAttrs(context.Background(), slog.LevelError, "the store has stopped; start again", attrs...)
	}
}
