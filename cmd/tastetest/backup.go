package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/postgres"
)

type backupCommand struct {
	storeFlags
	File string `arg:"" help:"The backup: a new file."`
}

func (backupCommand) Help() string {
	return `Copies everything the bot keeps into a new file, which only you may read. It works while the bot runs, too. Keep backups as secret as the store: who voted what is in them. With backup: in the configuration the bot makes them by itself.

    tastetest backup monday.db
    tastetest restore monday.db`
}

// backupSettings say how often the bot copies its store by itself, and how many copies
// it keeps; zero: never.
type backupSettings struct {
	Every time.Duration `yaml:"every"`
	Keep  int           `yaml:"keep"`
}

// check returns what is wrong.
func (b backupSettings) check(store string) (problem string) {
	switch {
	case b == (backupSettings{}):
	case postgres.Named(store):
		return "copies of a database are made by pg_dump, or by tastetest backup from outside; leave backup out"
	case b.Every < time.Minute || b.Every > 365*24*time.Hour:
		return "write how often as every: 24h, from 1m to 8760h"
	case b.Keep < 1 || b.Keep > 1000:
		return "write how many are kept as keep: 7, from 1 to 1000"
	}
	return ""
}

func (b backupSettings) String() string {
	if b == (backupSettings{}) {
		return "none by itself"
	}
	return fmt.Sprintf("every %v, %d kept", b.Every, b.Keep)
}

// chore returns what makes the copies of the store at path, when they are due. What is
// due is told by the copies that are there, so that no restart makes one too many.
func (b backupSettings) chore(log *slog.Logger, s bot.Store, path string) func(context.Context) (time.Time, error) {
	dir, name := filepath.Join(filepath.Dir(path), "backups"), filepath.Base(path)+"."
	return func(ctx context.Context) (next time.Time, err error) {
		now := time.Now()
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return now, fmt.Errorf("make a folder for backups: %w", err)
		}
		made, err := backups(dir, name)
		if err != nil {
			return now, fmt.Errorf("look for backups: %w", err)
		}
		if n := len(made); n > 0 {
			at, _ := time.Parse(backupTime, strings.TrimPrefix(made[n-1], name))
			if due := at.Add(b.Every); due.After(now) && !at.After(now) {
				return due, nil
			}
		}
		file := name + now.UTC().Format(backupTime)
		if err := s.Snapshot(ctx, filepath.Join(dir, file)); err != nil {
			return now, fmt.Errorf("write a backup: %w", err)
		}
		log.Info("wrote a backup", "file", filepath.Join(dir, file))
		for made = append(made, file); len(made) > b.Keep; made = made[1:] {
			if err := os.Remove(filepath.Join(dir, made[0])); err != nil {
				return now, fmt.Errorf("remove an old backup: %w", err)
			}
		}
		return now.Add(b.Every), nil
	}
}

// backupTime is when a backup was made, in its name, in UTC.
const backupTime = "20060102-150405.000"

// backups are the names of those that stand in a folder, the oldest first.
func backups(dir, name string) (made []string, err error) {
	files, err := os.ReadDir(dir)
	for _, f := range files {
		if stamp, ours := strings.CutPrefix(f.Name(), name); ours {
			if _, err := time.Parse(backupTime, stamp); err == nil {
				made = append(made, f.Name())
			}
		}
	}
	return made, err // by name, which is by time
}

// Run writes the backup. It is there whole and on disk, or not at all.
func (c backupCommand) Run(ctx context.Context, std streams) error {
	return c.reading(ctx, logger(std.err), func(s bot.Store) error {
		err := s.Snapshot(ctx, c.File)
		if errors.Is(err, fs.ErrExist) {
			return usageError(c.File + " is there already; name a new file")
		}
		if err != nil {
			return fmt.Errorf("write the backup: %w", err)
		}
		_, err = fmt.Fprintf(std.out, "Everything is in %s. To bring it back: tastetest restore %s\n", c.File, c.File)
		return err
	})
}
