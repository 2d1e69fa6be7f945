package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Reserve implements [bot.Store].
func (s *Store) Reserve(ctx context.Context, key string, cost, limit int64) error {
	k := s.sumKey(key)
	return s.write(ctx, once, func(tx *txn) error {
		if err := tx.holds(); err != nil {
			return err
		}
		// The row is made first, so that two who are the first at once wait for each other.
		_, err := tx.exec(`INSERT INTO reserved (key, sum) VALUES ($1, 0) ON CONFLICT (key) DO NOTHING`, k)
		if err != nil {
			return err
		}
		var sum int64
		if err := tx.QueryRow(tx.ctx, `SELECT sum FROM reserved WHERE key = $1 FOR UPDATE`, k).Scan(&sum); err != nil {
			return err
		}
		switch {
		case cost < 0 && sum < math.MinInt64-cost, cost >= 0 && limit < 0 && sum > math.MaxInt64-cost:
			return fmt.Errorf("reserve %d pico-USD on top of %d: out of range", cost, sum)
		case cost >= 0 && limit >= 0 && sum > limit-cost:
			return bot.ErrLimit
		}
		_, err = tx.exec(`UPDATE reserved SET sum = sum + $2 WHERE key = $1`, k, cost)
		return err
	})
}

// Reserved implements [bot.Store].
func (s *Store) Reserved(ctx context.Context, key string) (int64, error) {
	k := s.sumKey(key)
	return view(ctx, s, func(c *pgx.Conn) (sum int64, err error) {
		err = c.QueryRow(ctx, `SELECT sum FROM reserved WHERE key = $1`, k).Scan(&sum)
		if errors.Is(err, pgx.ErrNoRows) {
			return 0, nil
		}
		return sum, err
	})
}

// sumKey is the key of a sum: its own may hold a person's name.
func (s *Store) sumKey(key string) []byte { return record.Hash(s.secret(record.KeySecret), key) }
