package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
)

// Profile implements [bot.Profiles].
func (s *Store) Profile(ctx context.Context, v bot.Voter) (bot.Profile, error) {
	return view(ctx, s, func(c *pgx.Conn) (bot.Profile, error) {
		return profileOf(c.QueryRow(ctx, `SELECT record FROM people WHERE workspace = $1 AND voter = $2`, voterArgs(v)...))
	})
}

// SetProfile implements [bot.Profiles]. The row is there before it is locked, so that
// two browsers of one person wait for each other.
func (s *Store) SetProfile(ctx context.Context, v bot.Voter, change func(*bot.Profile) error) error {
	return s.write(ctx, again, func(tx *txn) error {
		if err := tx.holds(); err != nil {
			return err
		}
		_, err := tx.exec(`INSERT INTO people (workspace, voter, record) VALUES ($1, $2, '{}') ON CONFLICT DO NOTHING`, voterArgs(v)...)
		if err != nil {
			return err
		}
		p, err := profileOf(tx.QueryRow(tx.ctx, `SELECT record FROM people WHERE workspace = $1 AND voter = $2 FOR UPDATE`, voterArgs(v)...))
		if err != nil {
			return err
		}
		if err := try(func() error { return change(&p) }); err != nil {
			return err
		}
		doc, err := encode(p)
		if err != nil {
			return err
		}
		_, err = tx.exec(`UPDATE people SET record = $3::json WHERE workspace = $1 AND voter = $2`, append(voterArgs(v), doc)...)
		return err
	})
}

func profileOf(row pgx.Row) (bot.Profile, error) {
	var doc []byte
	err := row.Scan(&doc)
	if errors.Is(err, pgx.ErrNoRows) {
		return bot.Profile{}, nil
	}
	if err != nil {
		return bot.Profile{}, err
	}
	return decode[bot.Profile](doc)
}
