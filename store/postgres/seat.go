package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Sit implements [bot.Store]. It writes only the first time.
func (s *Store) Sit(ctx context.Context, id bot.TastingID, v bot.Voter) (int, error) {
	if err := record.CheckVoter(id, v); err != nil {
		return 0, err
	}
	seat, err := view(ctx, s, func(c *pgx.Conn) (seat int, err error) {
		var state bot.State
		err = c.QueryRow(ctx, `SELECT t.state, coalesce(s.seat, 0)
FROM tastings t LEFT JOIN seats s ON s.tasting = t.id AND s.voter = $3
WHERE t.workspace = $1 AND t.n = $2`, append(tastingArgs(id), []byte(v.User))...).Scan(&state, &seat)
		if err == nil && !state.TakesVotes() {
			return 0, bot.ErrClosed
		}
		return seat, found(err)
	})
	if seat > 0 || err != nil {
		return seat, err
	}
	err = s.write(ctx, again, func(tx *txn) error {
		seat, err = tx.sit(id, v)
		return err
	})
	if err != nil {
		return 0, err
	}
	return seat, nil
}

func (tx *txn) sit(id bot.TastingID, v bot.Voter) (seat int, err error) {
	key, t, err := tx.lock(id)
	if err != nil {
		return 0, err
	}
	if !t.State.TakesVotes() {
		return 0, bot.ErrClosed
	}
	err = tx.QueryRow(tx.ctx, `SELECT seat FROM seats WHERE tasting = $1 AND voter = $2`, key, []byte(v.User)).Scan(&seat)
	if err == nil || !errors.Is(err, pgx.ErrNoRows) { // somebody may have pressed twice at once
		return seat, err
	}
	out, err := tx.forgottenIn(key)
	if err != nil {
		return 0, err
	}
	if out[string(record.Forgotten(tx.s.secret(record.ForgetSecret), id, v.User))] {
		return t.Deal.Seats + 1, nil
	}
	t.Deal.Seats++
	if _, err := tx.exec(`INSERT INTO seats (tasting, voter, seat) VALUES ($1, $2, $3)`, key, []byte(v.User), int32(t.Deal.Seats)); err != nil {
		return 0, err
	}
	return t.Deal.Seats, tx.put(key, t)
}
