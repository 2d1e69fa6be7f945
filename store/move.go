package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/bolt"
	"github.com/tastetest/tastetest/store/postgres"
	"github.com/tastetest/tastetest/store/record"
)

// A Step is how far a move has come with one kind of records.
type Step struct {
	Kind     record.Kind
	Done, Of int
}

// Move copies everything that is kept at the url from to the url to, which is
// empty or not there, and checks by counts and hashes that it is the same. It
// tells step how far it has come; an error of step ends it. Whatever ends it,
// nobody can open what is half full, and another Move of the same carries on.
// No bot may have either open. What is at from stays as it is.
func Move(ctx context.Context, log *slog.Logger, from, to string, step func(Step) error) (err error) {
	if from == to {
		return bot.UserError(bot.Say("The two stores are one and the same: name another as the one to move to."))
	}
	src, err := openSource(ctx, log, from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	dst, err := openTarget(ctx, to)
	if err != nil {
		return err
	}
	for _, kind := range record.Kinds() {
		if err := moveKind(ctx, src, dst, kind, step); err != nil {
			return errors.Join(fmt.Errorf("move %s: %w", kind, err), dst.Close())
		}
	}
	if at := src.Restored(); !at.IsZero() { // posts may stand that it knows nothing of, wherever it lies
		if err := dst.SetRestored(ctx, at); err != nil {
			return errors.Join(fmt.Errorf("note that a copy was moved: %w", err), dst.Close())
		}
	}
	if err := dst.Finish(ctx); err != nil {
		return fmt.Errorf("finish the move: %w", err)
	}
	return nil
}

// A reader gives records.
type reader interface {
	Records(ctx context.Context, kind record.Kind, skip int, f func(record.Record) error) error
	Close() error
}

// A source gives what a store keeps, in an order that does not change.
type source interface {
	reader
	Restored() time.Time
}

// A target is a store that is being filled.
type target interface {
	reader
	SetRestored(ctx context.Context, at time.Time) error
	Count(ctx context.Context, kind record.Kind) (int, error)
	Add(ctx context.Context, kind record.Kind, rs []record.Record) error
	Finish(ctx context.Context) error
}

func openSource(ctx context.Context, log *slog.Logger, url string) (source, error) {
	if postgres.Named(url) {
		s, err := postgres.OpenSource(ctx, url)
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	path, err := File(url)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, bot.UserError(bot.Say("There is no store at {path}: name the file that the bot has kept everything in.", bot.Verbatim(path)))
	}
	s, err := bolt.Open(ctx, log, path)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func openTarget(ctx context.Context, url string) (target, error) {
	if postgres.Named(url) {
		t, err := postgres.OpenTarget(ctx, url)
		if err != nil {
			return nil, err
		}
		return t, nil
	}
	path, err := File(url)
	if err != nil {
		return nil, err
	}
	t, err := bolt.OpenTarget(path)
	if errors.Is(err, fs.ErrExist) {
		return nil, bot.UserError(bot.Say("{path} is there already: name a new file to move to.", bot.Verbatim(path)))
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// chunk is how many records are moved at once, and mostBytes about how many
// bytes: texts can be long.
const (
	chunk     = 2000
	mostBytes = 4 << 20
)

// moveKind moves what is not there yet of a kind, and checks all of it.
func moveKind(ctx context.Context, src source, dst target, kind record.Kind, step func(Step) error) error {
	want, err := sum(ctx, src, kind)
	if err != nil {
		return err
	}
	done, err := dst.Count(ctx, kind)
	if err != nil {
		return err
	}
	var rs []record.Record
	bytes := 0
	add := func() error {
		if err := dst.Add(ctx, kind, rs); err != nil {
			return err
		}
		done += len(rs)
		rs, bytes = rs[:0], 0
		return step(Step{kind, done, want.Records})
	}
	err = src.Records(ctx, kind, done, func(r record.Record) error {
		rs = append(rs, r.Clone())
		bytes += len(r.Name) + len(r.Value)
		if len(rs) < chunk && bytes < mostBytes {
			return nil
		}
		return add()
	})
	if err == nil {
		err = add()
	}
	if err != nil {
		return err
	}
	got, err := sum(ctx, dst, kind)
	if err == nil && got != want {
		err = fmt.Errorf("there are %d records with the hash %.8x, and not %d with %.8x: what is moved has changed since the move began; empty the store to move to, and begin anew", got.Records, got.Hash, want.Records, want.Hash)
	}
	return err
}

// sum adds up all records of a kind.
func sum(ctx context.Context, s reader, kind record.Kind) (all record.Sum, err error) {
	err = s.Records(ctx, kind, 0, func(r record.Record) error {
		all.Add(r)
		return nil
	})
	return all, err
}
