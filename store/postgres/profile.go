package postgres

import (
	"context"
	"errors"
	"hash/fnv"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/store/record"
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
		was := text.NameKey(p.Name)
		if err := try(func() error { return change(&p) }); err != nil {
			return err
		}
		if name := text.NameKey(p.Name); name != "" && name != was {
			if err := tx.nameIsFree(v, name); err != nil {
				return err
			}
		}
		doc, err := encode(p)
		if err != nil {
			return err
		}
		_, err = tx.exec(`UPDATE people SET record = $3::json WHERE workspace = $1 AND voter = $2`, append(voterArgs(v), doc)...)
		return err
	})
}

// nameIsFree fails with ErrTaken if somebody else is called so. Whoever takes a name in
// the workspace meanwhile waits for the transaction.
func (tx *txn) nameIsFree(v bot.Voter, name string) error {
	h := fnv.New64a()
	h.Write(record.WorkspaceKey(v.Workspace))
	if _, err := tx.exec(`SELECT pg_advisory_xact_lock($1)`, int64(h.Sum64())); err != nil {
		return err
	}
	rows, err := tx.Query(tx.ctx, `SELECT record FROM people WHERE workspace = $1 AND voter <> $2`, voterArgs(v)...)
	if err != nil {
		return err
	}
	others, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (bot.Profile, error) { return profileOf(row) })
	if err != nil {
		return err
	}
	if slices.ContainsFunc(others, func(p bot.Profile) bool { return text.NameKey(p.Name) == name }) {
		return bot.ErrTaken
	}
	return nil
}

// Names implements [bot.Profiles].
func (s *Store) Names(ctx context.Context, w bot.Workspace, users []string) (map[string]string, error) {
	return view(ctx, s, func(c *pgx.Conn) (map[string]string, error) {
		names := make(map[string]string)
		if len(users) == 0 {
			return names, nil
		}
		voters := make([][]byte, len(users))
		for i, u := range users {
			voters[i] = []byte(u)
		}
		rows, err := c.Query(ctx, `SELECT voter, record FROM people WHERE workspace = $1 AND voter = ANY($2)`, record.WorkspaceKey(w), voters)
		if err != nil {
			return nil, err
		}
		var user, doc []byte
		_, err = pgx.ForEachRow(rows, []any{&user, &doc}, func() error {
			p, err := decode[bot.Profile](doc)
			if err == nil && p.Name != "" {
				names[string(user)] = p.Name
			}
			return err
		})
		return names, err
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
