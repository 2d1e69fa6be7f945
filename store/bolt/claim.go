package bolt

import (
	"context"
	"time"
)

// Claim implements [bot.Store]. The file's lock keeps other Stores out, so
// whoever asks has the job, unless it is done; a Store that had it before is
// gone, and its claim with it.
func (s *Store) Claim(ctx context.Context, key string, until time.Time) (bool, error) {
	return view(ctx, s, func(tx *txn) (bool, error) {
		k, err := tx.hash(keySecret, key)
		if err != nil {
			return false, err
		}
		v, err := tx.get(done, k)
		return v == nil && err == nil, err
	})
}

// Done implements [bot.Store].
func (s *Store) Done(ctx context.Context, key string) error {
	return s.update(ctx, func(tx *txn) error {
		k, err := tx.hash(keySecret, key)
		if err != nil {
			return err
		}
		return tx.put(done, k, nil)
	})
}
