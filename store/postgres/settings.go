package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Settings implements [bot.Store].
func (s *Store) Settings(ctx context.Context, channel bot.Place) (bot.Settings, error) {
	return view(ctx, s, func(c *pgx.Conn) (bot.Settings, error) {
		return settingsOf(c.QueryRow(ctx, `SELECT record FROM settings WHERE workspace = $1 AND channel = $2`, placeArgs(channel)...))
	})
}

// SetSettings implements [bot.Store]. The row is there before it is locked, so that
// two who are the first to set something wait for each other.
func (s *Store) SetSettings(ctx context.Context, channel bot.Place, change func(*bot.Settings) error) error {
	return s.write(ctx, again, func(tx *txn) error {
		if err := tx.holds(); err != nil {
			return err
		}
		_, err := tx.exec(`INSERT INTO settings (workspace, channel, record) VALUES ($1, $2, '{}') ON CONFLICT DO NOTHING`, placeArgs(channel)...)
		if err != nil {
			return err
		}
		set, err := settingsOf(tx.QueryRow(tx.ctx, `SELECT record FROM settings WHERE workspace = $1 AND channel = $2 FOR UPDATE`, placeArgs(channel)...))
		if err != nil {
			return err
		}
		if err := try(func() error { return change(&set) }); err != nil {
			return err
		}
		return tx.putSettings(channel, set)
	})
}

func (tx *txn) putSettings(channel bot.Place, set bot.Settings) error {
	doc, err := encode(set)
	if err != nil {
		return err
	}
	_, err = tx.exec(`UPDATE settings SET record = $3::json WHERE workspace = $1 AND channel = $2`, append(placeArgs(channel), doc)...)
	return err
}

// moveSettings follows a channel whose name has changed.
func (tx *txn) moveSettings(from, to bot.Place) error {
	if from == to {
		return nil
	}
	_, err := tx.exec(`WITH gone AS (DELETE FROM settings WHERE workspace = $1 AND channel = $2 RETURNING record)
INSERT INTO settings (workspace, channel, record) SELECT $3, $4, record FROM gone
ON CONFLICT (workspace, channel) DO UPDATE SET record = excluded.record`, append(placeArgs(from), placeArgs(to)...)...)
	return err
}

// forgetChanges takes a voter's name out of the settings they changed last, and out
// of the schedules they made.
func (tx *txn) forgetChanges(v bot.Voter) error {
	rows, err := tx.Query(tx.ctx, `SELECT channel, record FROM settings WHERE workspace = $1 ORDER BY channel FOR UPDATE`, record.WorkspaceKey(v.Workspace))
	if err != nil {
		return err
	}
	theirs := make(map[string]bot.Settings) // by channel
	var channel, doc []byte
	_, err = pgx.ForEachRow(rows, []any{&channel, &doc}, func() error {
		set, err := decode[bot.Settings](doc)
		if set.Forget(v.User) {
			theirs[string(channel)] = set
		}
		return err
	})
	for channel, set := range theirs {
		if err == nil {
			err = tx.putSettings(bot.Place{Workspace: v.Workspace, Channel: channel}, set)
		}
	}
	return err
}

func settingsOf(row pgx.Row) (bot.Settings, error) {
	var doc []byte
	err := row.Scan(&doc)
	if errors.Is(err, pgx.ErrNoRows) {
		return bot.Settings{}, nil
	}
	if err != nil {
		return bot.Settings{}, err
	}
	return decode[bot.Settings](doc)
}

func placeArgs(p bot.Place) []any { return []any{record.WorkspaceKey(p.Workspace), []byte(p.Channel)} }
