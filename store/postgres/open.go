package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tastetest/tastetest/bot"
)

// Why a database is not opened. Each comes with a [bot.UserError].
var (
	ErrNewer  = errors.New("the database was set up by a newer Tastetest")
	ErrMoving = errors.New("a move into the database is not done")
)

// A Refusal is the error of a database that was not opened.
type Refusal struct {
	Sentence bot.UserError
	Err      error
}

func (e *Refusal) Error() string   { return e.Sentence.Error() }
func (e *Refusal) Unwrap() []error { return []error{e.Err, e.Sentence} }

func refuse(err error, sentence string) error {
	return &Refusal{bot.UserError(bot.Literal(sentence)), err}
}

// Open opens the database at url, "postgres://user@host/name", and sets it up
// or brings it to the newest version if need be. A password is in the url, or
// where libpq looks for one (PGPASSWORD, ~/.pgpass); no error names it.
func Open(ctx context.Context, log *slog.Logger, url string) (*Store, error) {
	pool, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	s := &Store{log: log, pool: pool, replica: rand.Int64(), queue: make(chan *heard, queueSize), collected: make(chan struct{})}
	s.stop, s.stopNow = context.WithCancel(context.Background())
	if err := s.set(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	s.work.Go(s.collect)
	s.work.Go(s.stay)
	if err := errors.Join(s.resumeDeletions(ctx), s.resumeForgetting(ctx)); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", err), s.Close())
	}
	return s, nil
}

// set sets the database up, and says that this replica is there.
func (s *Store) set(ctx context.Context) error {
	if err := migrateUp(ctx, s.pool); err != nil {
		return err
	}
	var moving bool
	var restored int64
	if err := s.pool.QueryRow(ctx, `SELECT moving, restored FROM format`).Scan(&moving, &restored); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	s.restored = copied(restored)
	if moving {
		return refuse(ErrMoving, "A move into this database was begun and is not done: run the same tastetest move again.")
	}
	s.warn(ctx)
	if err := s.makeSecrets(ctx); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	if err := s.join(ctx); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	return nil
}

// copied is a time of a copy as it is kept: in nanoseconds since 1970, 0 for none.
func copied(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.Unix(0, at)
}

// leastConns lets a replica that migrates hold its lock beside.
const leastConns = 4

// Reach returns nil if the database at url answers; errors are as of [Open]. It
// makes no tables.
func Reach(ctx context.Context, url string) error {
	pool, err := connect(ctx, url)
	if err == nil {
		pool.Close()
	}
	return err
}

// connect makes a pool of connections that hold nothing of their own: behind a
// pooler each transaction may run in another session.
func connect(ctx context.Context, url string) (*pgxpool.Pool, error) {
	conf, err := pgxpool.ParseConfig(url)
	if err != nil {
		// pgx says what it could not read, which may be a password.
		return nil, refuse(errors.New("the address cannot be read"), "The store's address cannot be read: write postgres://USER@HOST:5432/NAME, with ?sslmode=verify-full where the database is on another machine.")
	}
	conf.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec // nothing is prepared under a name
	conf.ConnConfig.ConnectTimeout = 5 * time.Second
	conf.MaxConns = max(conf.MaxConns, leastConns)
	pool, err := pgxpool.NewWithConfig(ctx, conf)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, explain(conf.ConnConfig, err)
	}
	return pool, nil
}

// explain says in a sentence why the database could not be reached.
func explain(c *pgx.ConnConfig, err error) error {
	if ctx := errors.Is(err, context.Canceled); ctx {
		return err
	}
	name := known(harmlessName, c.Database) // an address that was mistyped may have a password there
	where := fmt.Sprintf("the database %s at %s", name, c.Host)
	if p, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch {
		case strings.HasPrefix(p.Code, "28"):
			return refuse(err, fmt.Sprintf("%s refuses the user %s: look at store_password_env or store_password_file in tastetest.yaml, and at the server's pg_hba.conf.", upper(where), known(harmlessName, c.User)))
		case p.Code == "3D000":
			return refuse(err, fmt.Sprintf("There is no database %s at %s: make it with createdb.", name, c.Host))
		}
	}
	return refuse(err, upper(where)+" does not answer: look whether it runs and whether the address in store is right.")
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// warn logs what makes the database forget what it has acknowledged.
func (s *Store) warn(ctx context.Context) {
	for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var value string
		if err := s.pool.QueryRow(ctx, `SELECT current_setting($1)`, name).Scan(&value); err == nil && value == "off" {
			s.log.Warn("the database may lose acknowledged votes when it stops: this setting is off", "setting", name)
		}
	}
}

// Named reports whether text is an address of a database.
func Named(text string) bool {
	scheme, _, ok := strings.Cut(text, "://")
	return ok && (scheme == "postgres" || scheme == "postgresql")
}

// WithPassword puts a password into an address.
func WithPassword(address, password string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", bot.UserError(bot.Literal("The store's address cannot be read: write postgres://USER@HOST:5432/NAME."))
	}
	if _, ok := u.User.Password(); ok || u.Query().Has("password") {
		return "", bot.UserError(bot.Literal("There is a password in the store's address: leave it out, and name an environment variable or a file with store_password_env or store_password_file."))
	}
	if password != "" {
		u.User = url.UserPassword(u.User.Username(), password)
	}
	return u.String(), nil
}
