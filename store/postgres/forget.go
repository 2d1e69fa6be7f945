package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Forget implements [bot.Store]. Until a tasting that is under way is sealed or
// over, its record still names the voter as starter, who may close it; then
// the name goes from there too. A voter whose votes are barred in a tasting
// that has not begun is kept out of it as well.
//
// It is a transaction a tasting, so that no vote elsewhere waits long; what was
// cut short is carried on when a replica opens the store.
func (s *Store) Forget(ctx context.Context, v bot.Voter) ([]bot.RoundID, error) {
	var upto int64
	err := s.write(ctx, again, func(tx *txn) error {
		if err := tx.holds(); err != nil {
			return err
		}
		if err := tx.forgetChanges(v); err != nil {
			return err
		}
		if _, err := tx.exec(`DELETE FROM people WHERE workspace = $1 AND voter = $2`, voterArgs(v)...); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `INSERT INTO forgetting (workspace, voter, upto)
VALUES ($1, $2, (SELECT coalesce(max(id), 0) FROM tastings))
ON CONFLICT (workspace, voter) DO UPDATE SET upto = excluded.upto RETURNING upto`, voterArgs(v)...).Scan(&upto)
	})
	if err != nil {
		return nil, fmt.Errorf("forget a voter: %w", err)
	}
	rounds, err := s.forgetUpTo(ctx, v, upto)
	s.shelf.Forget(v)
	if err != nil {
		return nil, fmt.Errorf("forget a voter: %w", err)
	}
	return rounds, nil
}

// forgetUpTo forgets a voter in tastings up to an ID. Doing so twice changes nothing.
func (s *Store) forgetUpTo(ctx context.Context, v bot.Voter, upto int64) (rounds []bot.RoundID, err error) {
	ids, err := view(ctx, s, func(c *pgx.Conn) ([]bot.TastingID, error) {
		rows, err := c.Query(ctx, `SELECT n FROM tastings WHERE workspace = $1 AND id <= $2 ORDER BY n`, record.WorkspaceKey(v.Workspace), upto)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, func(r pgx.CollectableRow) (bot.TastingID, error) {
			var n int64
			err := r.Scan(&n)
			return bot.TastingID{Workspace: v.Workspace, N: uint64(n)}, err
		})
	})
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		var voted []bot.RoundID
		err := s.write(ctx, again, func(tx *txn) error {
			voted, err = tx.forget(id, v.User)
			return err
		})
		if err != nil && !errors.Is(err, bot.ErrNotFound) { // deleted meanwhile
			return nil, err
		}
		rounds = append(rounds, voted...)
	}
	return rounds, s.write(ctx, again, func(tx *txn) error {
		_, err := tx.exec(`DELETE FROM forgetting WHERE workspace = $1 AND voter = $2 AND upto = $3`, append(voterArgs(v), upto)...)
		return err
	})
}

// resumeForgetting carries on what a Forget had begun.
func (s *Store) resumeForgetting(ctx context.Context) error {
	type begun struct {
		v    bot.Voter
		upto int64
	}
	all, err := view(ctx, s, func(c *pgx.Conn) ([]begun, error) {
		rows, err := c.Query(ctx, `SELECT workspace, voter, upto FROM forgetting`)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, func(r pgx.CollectableRow) (b begun, err error) {
			var workspace, user []byte
			err = r.Scan(&workspace, &user, &b.upto)
			b.v.Workspace, _, _ = record.CutWorkspace(workspace)
			b.v.User = string(user)
			return b, err
		})
	})
	for _, b := range all {
		if err == nil {
			_, err = s.forgetUpTo(ctx, b.v, b.upto)
		}
	}
	return err
}

// forget forgets a user in one tasting, and returns the open rounds in which
// there was a vote.
func (tx *txn) forget(id bot.TastingID, user string) ([]bot.RoundID, error) {
	key, t, err := tx.lock(id)
	if err != nil {
		return nil, err
	}
	if _, err := tx.exec(`DELETE FROM seats WHERE tasting = $1 AND voter = $2`, key, []byte(user)); err != nil {
		return nil, err
	}
	mine := t.Starter.User == user && t.State == bot.Asking
	if mine || t.State.TakesVotes() || t.State == bot.Closing {
		return tx.forgetIn(key, t, user)
	}
	return nil, tx.rename(key, t, user)
}

// forgetIn forgets a user in a tasting that is not sealed yet.
func (tx *txn) forgetIn(key int64, t bot.Tasting, user string) (voted []bot.RoundID, err error) {
	rows, err := tx.Query(tx.ctx, `DELETE FROM votes WHERE tasting = $1 AND voter = $2 RETURNING round, voter, first, second, tie, bad`, key, []byte(user))
	if err != nil {
		return nil, err
	}
	gone, err := collectVotes(rows, t.ID)
	if err != nil {
		return nil, err
	}
	gone, err = record.Final(t.ID, len(t.Rounds), gone) // by round
	if err != nil {
		return nil, err
	}
	for _, v := range gone {
		for _, m := range v.Marks {
			if m.On {
				voted = append(voted, v.Round)
				break
			}
		}
	}
	if err := tx.keepOut(key, t.ID, user); err != nil {
		return nil, err
	}
	p := record.NewPseudonym()
	record.Replace(t.Invited, user, p)
	record.Replace(t.Outside, user, p)
	record.Replace(t.Barred, user, p)
	t.Unremind(user)
	return voted, tx.put(key, t)
}

// rename puts a pseudonym in a user's place: in rows, in cells, in the record,
// and in whom it keeps out.
func (tx *txn) rename(key int64, t bot.Tasting, user string) error {
	p := record.NewPseudonym()
	secret := tx.s.secret(record.KeySecret)
	old := record.VoterNumber(secret, bot.Voter{Workspace: t.ID.Workspace, User: user})
	now := record.VoterNumber(secret, bot.Voter{Workspace: t.ID.Workspace, User: p})
	rows, err := tx.Query(tx.ctx, `UPDATE votes SET voter = $3 WHERE tasting = $1 AND voter = $2 RETURNING round`, key, []byte(user), []byte(p))
	if err != nil {
		return err
	}
	voted, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return err
	}
	for _, round := range voted {
		if err := tx.renumber(key, t.ID.Round(round), old, now); err != nil {
			return err
		}
	}
	named := record.Replace(t.Invited, user, p)
	named = record.Replace(t.Outside, user, p) || named
	named = t.Unremind(user) || named
	if t.Starter.User == user {
		t.Starter.User, named = p, true
	}
	if record.Replace(t.Barred, user, p) {
		named = true
		if t.State < bot.Closed {
			if err := tx.keepOut(key, t.ID, user); err != nil {
				return err
			}
		}
	}
	if !named {
		return nil
	}
	return tx.put(key, t)
}

// putSettling stores t. Once its votes are settled nobody needs to be kept out
// of it any more: names that were still needed become pseudonyms, and the
// hashes go.
func (tx *txn) putSettling(key int64, t bot.Tasting) error {
	if t.State < bot.Closed {
		return tx.put(key, t)
	}
	out, err := tx.forgottenIn(key)
	if err != nil {
		return err
	}
	if len(out) == 0 {
		return tx.put(key, t)
	}
	secret := tx.s.secret(record.ForgetSecret)
	for _, name := range append([]string{t.Starter.User}, append(t.Invited, t.Barred...)...) {
		if !out[string(record.Forgotten(secret, t.ID, name))] {
			continue
		}
		p := record.NewPseudonym()
		if t.Starter.User == name {
			t.Starter.User = p
		}
		record.Replace(t.Invited, name, p)
		record.Replace(t.Barred, name, p)
	}
	if _, err := tx.exec(`DELETE FROM forgotten WHERE tasting = $1`, key); err != nil {
		return err
	}
	return tx.put(key, t)
}

// keepOut remembers that a user is forgotten in a tasting, without the name.
func (tx *txn) keepOut(key int64, id bot.TastingID, user string) error {
	_, err := tx.exec(`INSERT INTO forgotten (tasting, hash) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
		key, record.Forgotten(tx.s.secret(record.ForgetSecret), id, user))
	return err
}

// forgottenIn returns the hashes of those who are kept out of a tasting.
func (tx *txn) forgottenIn(key int64) (map[string]bool, error) {
	rows, err := tx.Query(tx.ctx, `SELECT hash FROM forgotten WHERE tasting = $1`, key)
	if err != nil {
		return nil, err
	}
	out := make(map[string]bool)
	var h []byte
	_, err = pgx.ForEachRow(rows, []any{&h}, func() error {
		out[string(h)] = true
		return nil
	})
	return out, err
}

func voterArgs(v bot.Voter) []any { return []any{record.WorkspaceKey(v.Workspace), []byte(v.User)} }
