package bolt

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Reserve implements [bot.Store].
func (s *Store) Reserve(ctx context.Context, key string, cost, limit int64) error {
	return s.update(ctx, func(tx *txn) error {
		k, err := tx.sumKey(key)
		if err != nil {
			return err
		}
		sum, err := tx.reserved(k)
		if err != nil {
			return err
		}
		switch {
		case cost < 0 && sum < math.MinInt64-cost, cost >= 0 && limit < 0 && sum > math.MaxInt64-cost:
			return fmt.Errorf("reserve %d pico-USD on top of %d: out of range", cost, sum)
		case cost >= 0 && limit >= 0 && sum > limit-cost:
			return bot.ErrLimit
		}
		return tx.put(reserved, k, binary.BigEndian.AppendUint64(nil, uint64(sum+cost)))
	})
}

// Reserved implements [bot.Store].
func (s *Store) Reserved(ctx context.Context, key string) (int64, error) {
	return view(ctx, s, func(tx *txn) (int64, error) {
		k, err := tx.sumKey(key)
		if err != nil {
			return 0, err
		}
		return tx.reserved(k)
	})
}

// sumKey is the key of a sum: its own may hold a person's name.
func (tx *txn) sumKey(key string) ([]byte, error) {
	secret, err := tx.ownSecret(record.KeySecret)
	if err != nil {
		return nil, err
	}
	return record.Hash(secret, key), nil
}

func (tx *txn) reserved(k []byte) (int64, error) {
	v, err := tx.get(reserved, k)
	if err != nil || v == nil {
		return 0, err
	}
	if len(v) != 8 {
		return 0, damagedRecord(reserved, k)
	}
	return int64(binary.BigEndian.Uint64(v)), nil
}
