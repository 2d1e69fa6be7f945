package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// A migration only adds to the tables what the version before does not miss, or
// raises format.oldest: so two versions of the program work side by side while
// replicas are replaced one by one.
//
//go:embed migrations/*.sql
var migrations embed.FS

// migrateLock is the number of the lock that one replica holds while it
// migrates, so that three may start at once. A transaction holds it, since
// behind a pooler a session holds nothing.
const migrateLock = 0x7a57e7e57

// migrateUp brings the database to the newest version. ErrNewer if it is at one
// that this program cannot use.
func migrateUp(ctx context.Context, pool *pgxpool.Pool) error {
	lock, err := pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	defer lock.Rollback(context.WithoutCancel(ctx))
	if _, err := lock.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(migrateLock)); err != nil {
		return fmt.Errorf("wait to migrate the database: %w", err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	steps, err := goose.NewProvider(goose.DialectPostgres, db, files)
	if err != nil {
		return fmt.Errorf("read the database's migrations: %w", err)
	}
	all := steps.ListSources()
	ours := all[len(all)-1].Version
	oldest, err := oldestFor(ctx, pool)
	if err != nil {
		return err
	}
	if oldest > ours {
		return refuse(fmt.Errorf("%w: its tables need version %d, this one knows up to %d", ErrNewer, oldest, ours),
			"The database was set up by a newer Tastetest: upgrade tastetest.")
	}
	at, err := steps.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the database's version: %w", err)
	}
	if at >= ours { // a newer one, which this program may use
		return nil
	}
	if _, err := steps.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// oldestFor is the oldest version that can use the tables; 0 if there are none yet.
func oldestFor(ctx context.Context, pool *pgxpool.Pool) (oldest int64, err error) {
	var there bool
	if err := pool.QueryRow(ctx, `SELECT to_regclass('format') IS NOT NULL`).Scan(&there); err != nil || !there {
		return 0, err
	}
	err = pool.QueryRow(ctx, `SELECT oldest FROM format`).Scan(&oldest)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	return oldest, err
}
