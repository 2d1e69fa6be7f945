package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/tastetest/tastetest/store"
	"github.com/tastetest/tastetest/store/bolt"
	"github.com/tastetest/tastetest/store/postgres"
)

type restoreCommand struct {
	storeFlags
	File string `arg:"" help:"The backup, made with tastetest backup. It stays as it is."`
}

func (restoreCommand) Help() string {
	return `Puts a backup in the place of the store, for when that is damaged or lost. The bot must be stopped. What was there before is kept beside it.

What happened after the backup is not in it. A taste test that was open then is open again: emoji are read from the chat again, and what was announced since is found there and not said twice; taps on the page and on private ballots that came since are lost. One whose models were being asked has to be started again. New taste tests get numbers that were not given since.

    tastetest restore monday.db`
}

// Run checks a copy of the backup and puts it in the store's place. It is long
// because the old store stands until the copy has been read through: there is
// no moment without a store.
func (c restoreCommand) Run(ctx context.Context, std streams) (err error) {
	path, err := c.path()
	if err != nil {
		return err
	}
	if postgres.Named(path) {
		return usageError("a backup goes into a database that is empty: make one, write it into tastetest.yaml as store, and run tastetest move --from " + c.File + " --to postgres://…")
	}
	if running(path) {
		return usageError("the bot is running on " + path + ": stop it first, then restore")
	}
	if same, err := sameFile(c.File, path); err != nil {
		return fmt.Errorf("read the backup: %w", err)
	} else if same {
		return usageError(c.File + " is the store itself; name a backup")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("restore %s: %w", path, err)
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), restoreDir)
	if err != nil {
		return fmt.Errorf("restore %s: %w", path, err)
	}
	defer os.RemoveAll(dir)
	copied := filepath.Join(dir, filepath.Base(c.File))
	if err := copyFile(copied, c.File); err != nil {
		return fmt.Errorf("copy the backup: %w", err)
	}
	restored, err := store.Open(ctx, logger(std.err), copied) // reads it through
	switch {
	case errors.Is(err, bolt.ErrNewer):
		return usageError(c.File + " was written by a newer Tastetest: upgrade tastetest, then restore")
	case errors.Is(err, bolt.ErrDamaged):
		return usageError(c.File + " is damaged itself: restore an older backup")
	case errors.Is(err, bolt.ErrForeign):
		return usageError(c.File + " is no backup of Tastetest's: name a file that tastetest backup made")
	case err != nil:
		return fmt.Errorf("check the backup: %w", err)
	}
	if file, ok := restored.(*bolt.Store); ok && file.Restored().IsZero() { // a copy by an older Tastetest, or by hand
		if info, statErr := os.Stat(c.File); statErr == nil {
			err = file.SetRestored(ctx, info.ModTime())
		}
	}
	if err := errors.Join(err, restored.Close()); err != nil {
		return fmt.Errorf("check the backup: %w", err)
	}
	aside, err := c.replace(ctx, std, path, copied)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s is as it was in %s.", path, c.File)
	if aside != "" {
		text += " What was there before is in " + aside + "."
	}
	_, err = fmt.Fprintln(std.out, text)
	return err
}

// replace moves the file at from to path. What is there, a store or not, gets
// the name that is returned; "" if nothing is.
func (c restoreCommand) replace(ctx context.Context, std streams, path, from string) (aside string, err error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return "", os.Rename(from, path)
	}
	// Held open, so that no bot starts on it meanwhile. One that cannot be opened
	// is no use to a bot either, unless one has it.
	old, err := store.Open(ctx, logger(std.err), path)
	switch {
	case err == nil:
		defer func() { err = errors.Join(err, old.Close()) }()
	case errors.Is(err, bolt.ErrLocked):
		return "", err
	}
	aside = path + ".before-" + time.Now().UTC().Format("20060102-150405.000")
	// What is there gets a second name and is then replaced: however this is cut
	// short, no bot finds nothing at path and begins anew.
	undo := func() error { return os.Remove(aside) }
	if os.Link(path, aside) != nil { // a folder, or a file system without links
		if err := os.Rename(path, aside); err != nil {
			return "", fmt.Errorf("keep what is at %s: %w", path, err)
		}
		undo = func() error { return os.Rename(aside, path) }
	}
	if err := os.Rename(from, path); err != nil {
		return "", errors.Join(fmt.Errorf("restore %s: %w", path, err), undo())
	}
	return aside, nil
}

// sameFile reports whether a file is what stands at path. An error is about
// the file.
func sameFile(file, path string) (bool, error) {
	a, err := os.Stat(file)
	if err != nil {
		return false, err
	}
	b, err := os.Stat(path)
	return err == nil && os.SameFile(a, b), nil
}

func copyFile(to, from string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Sync()
}
