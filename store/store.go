// Package store opens the store that a URL names.
package store

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/bolt"
	"github.com/tastetest/tastetest/store/postgres"
)

// A Store is a [bot.Store] that knows whether it still works.
type Store interface {
	bot.Store

	// Healthy returns nil while writes are kept, else why they are not.
	Healthy() error

	// Failed returns why the store is no use any more until it is opened anew; nil
	// while it is. One that is away, or full, is not failed.
	Failed() error

	// Late returns how many jobs have been due since before a time, and for how long
	// the one that has waited longest has; those that somebody has do not count.
	Late(ctx context.Context, since time.Time) (jobs int, longest time.Duration, err error)

	// Waiting is how many writes wait for others.
	Waiting() int

	// Restored is when the copy was made that the store was brought back from; zero:
	// it never was.
	Restored() time.Time
}

// Open opens the store at url: a file's path, alone or after "bolt:", or a
// database, "postgres://user@host/name". The file and its folder are made if they
// are not there, the database's tables too.
//
// Why a file or database was refused can be told by errors.Is and the errors of
// packages bolt and postgres; such an error and the one for an unknown scheme
// carry a [bot.UserError].
func Open(ctx context.Context, log *slog.Logger, url string) (Store, error) {
	if postgres.Named(url) {
		s, err := postgres.Open(ctx, log, url)
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	path, err := File(url)
	if err != nil {
		return nil, err
	}
	s, err := bolt.Open(ctx, log, path)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// File is the path of the file that url names, or url itself if that names a database.
// Errors are a [bot.UserError], in which nothing of an address stands but how it begins:
// there may be a password in it.
func File(url string) (path string, err error) {
	if postgres.Named(url) {
		return url, nil
	}
	path = url
	begins, rest, ok := strings.Cut(url, ":")
	switch {
	case ok && begins == "bolt":
		path = rest
	case ok && isScheme(begins):
		return "", noSuch(begins + ":")
	case strings.Contains(url, "password="): // as libpq takes it: host=db password=…
		begins, _, _ = strings.Cut(url, "=")
		return "", noSuch(begins + "=")
	}
	if path == "" {
		return "", bot.UserError(bot.Say("The store has no path: write the path of a file, such as tastetest.db."))
	}
	return path, nil
}

func noSuch(begins string) error {
	return bot.UserError(bot.Say("There is no store for {scheme}: write the path of a file, such as tastetest.db or bolt:tastetest.db, or a database as postgres://USER@HOST/NAME.", bot.Verbatim(fmt.Sprintf("%q", begins))))
}

// isScheme reports whether s is the scheme of a URL. One letter is a drive.
func isScheme(s string) bool {
	for _, r := range strings.ToLower(s) {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '+' {
			return false
		}
	}
	return len(s) > 1
}
