package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/tastetest/tastetest/bot"
)

type backupCommand struct {
	storeFlags
	File string `arg:"" help:"The backup: a new file."`
}

func (backupCommand) Help() string {
	return `Copies everything the bot keeps into a new file, which only you may read. It works while the bot runs, too. Keep backups as secret as the store: who voted what is in them.

    tastetest backup monday.db
    tastetest restore monday.db`
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
