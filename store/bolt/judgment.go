package bolt

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Judge implements [bot.Store].
func (s *Store) Judge(ctx context.Context, id bot.RoundID, j bot.Judgment) error {
	return s.update(ctx, func(tx *txn) error {
		g, err := tx.hasTexts(id)
		if err != nil {
			return err
		}
		if g.state != bot.Closed && g.state != bot.Revealed {
			return bot.ErrMoved
		}
		t, err := tx.tasting(id.TastingID)
		if err != nil {
			return err
		}
		return putJSON(tx, judgments, judgmentKey(id, j.Judge), t.Dated(j))
	})
}

// Judgments implements [bot.Store].
func (s *Store) Judgments(ctx context.Context, id bot.TastingID) (map[int][]bot.Judgment, error) {
	return view(ctx, s, func(tx *txn) (map[int][]bot.Judgment, error) {
		all := make(map[int][]bot.Judgment)
		begin := record.TastingKey(id)
		err := tx.each(judgments, begin, func(key, value []byte) error {
			if len(key) < len(begin)+4 {
				return damagedRecord(judgments, key)
			}
			var j bot.Judgment
			if err := json.Unmarshal(value, &j); err != nil {
				return fmt.Errorf("%w: %w", damagedRecord(judgments, key), err)
			}
			n := int(binary.BigEndian.Uint32(key[len(begin):]))
			all[n] = append(all[n], j)
			return nil
		})
		return all, err
	})
}
