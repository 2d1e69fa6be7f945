package bolt

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Due implements [bot.Store].
func (s *Store) Due(ctx context.Context, now time.Time) ([]bot.TastingID, error) {
	return view(ctx, s, func(tx *txn) (ids []bot.TastingID, err error) {
		c := tx.Bucket([]byte(due)).Cursor()
		for key, value := c.First(); key != nil; key, value = c.Next() {
			if _, err := verify(due, key, value); err != nil {
				return nil, err
			}
			if binary.BigEndian.Uint64(key) > sortable(now) {
				break
			}
			id, err := tastingOf(key[8:])
			if err != nil {
				return nil, err
			}
			ids = append(ids, id)
		}
		return ids, nil
	})
}
