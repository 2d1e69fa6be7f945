package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store"
	"github.com/tastetest/tastetest/store/postgres"
)

// storeFlags say which store a machine command works on.
type storeFlags struct {
	fileFlags
	Store string `placeholder:"FILE" help:"The store: a file, or a database as postgres://USER@HOST/NAME, whose password is in PGPASSWORD or in ~/.pgpass. Left out: the one that the configuration file names."`
}

// path is the store's file, or a database's address, which may say a password.
func (f storeFlags) path() (string, error) {
	if postgres.Named(f.Store) {
		return postgres.WithPassword(f.Store, "")
	}
	if f.Store != "" {
		return store.File(f.Store)
	}
	if _, err := os.Stat(f.Config); errors.Is(err, fs.ErrNotExist) {
		return filepath.Join(f.Data, defaults().Store), nil
	}
	s, err := f.read()
	if err != nil {
		return "", err
	}
	return s.storeURL()
}

// reading calls read with the store as it is now. Where a running bot holds
// the store's file, read gets a copy of it that the bot makes.
func (f storeFlags) reading(ctx context.Context, log *slog.Logger, read func(bot.Store) error) (err error) {
	path, err := f.path()
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); err != nil && !postgres.Named(path) {
		return fmt.Errorf("there is no store at %s; name one with --store FILE", path)
	}
	if running(path) {
		dir, err := os.MkdirTemp(filepath.Dir(path), snapshotDir)
		if err != nil {
			return fmt.Errorf("make room for a snapshot: %w", err)
		}
		defer os.RemoveAll(dir)
		copied := filepath.Join(dir, "tastetest.db")
		if err := fetchSnapshot(ctx, path, copied); err != nil {
			return err
		}
		path = copied
	}
	s, err := store.Open(ctx, log, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return read(s)
}
