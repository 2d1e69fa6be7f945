package main

import (
	"context"
	"fmt"
	"time"

	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/store"
	"github.com/tastetest/tastetest/store/postgres"
	"github.com/tastetest/tastetest/store/record"
)

type moveCommand struct {
	fileFlags
	From string `required:"" placeholder:"STORE" help:"What to move: a file, or a database as postgres://USER@HOST/NAME. It stays as it is."`
	To   string `required:"" placeholder:"STORE" help:"Where to: a new file, or an empty database."`
}

func (moveCommand) Help() string {
	return `Moves everything the bot keeps from a file into a database, or back. The bot must be stopped. What has arrived is compared with what was sent, by counts and hashes. A move that was cut short carries on when it is run again.

A database's password is that of tastetest.yaml, if the address is the one that stands there as store; else it is in PGPASSWORD or in ~/.pgpass.

    tastetest move --from tastetest.db --to postgres://tastetest@db.example.org/tastetest`
}

func (c moveCommand) Run(ctx context.Context, std streams) error {
	from, err := c.address(c.From)
	if err != nil {
		return err
	}
	to, err := c.address(c.To)
	if err != nil {
		return err
	}
	if running(from) {
		return usageError("the bot is running on " + c.From + ": stop it first, then move")
	}
	moved := make(map[record.Kind]int)
	var said time.Time
	err = store.Move(ctx, logger(std.err), from, to, func(s store.Step) error {
		moved[s.Kind] = s.Of
		if s.Done < s.Of && time.Since(said) > time.Second {
			said = time.Now()
			fmt.Fprintf(std.err, "%s: %s of %s\n", s.Kind, say.Thousands(s.Done), say.Thousands(s.Of))
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "Everything is in %s: %s, %s, and all that belongs to them, compared by counts and hashes.\n%s stays as it is. Write store: %s into the configuration, and run no bot on the old one any more.\n",
		postgres.Shown(c.To), say.Counted(moved[record.Tastings], "taste test"), say.Counted(moved[record.Votes], "vote"), postgres.Shown(c.From), postgres.Shown(c.To))
	return err
}

// address is a store with the password that it needs.
func (c moveCommand) address(url string) (string, error) {
	if !postgres.Named(url) {
		return store.File(url)
	}
	if s, err := c.read(); err == nil && s.Store == url {
		return s.storeURL()
	}
	return postgres.WithPassword(url, "")
}
