package bolt

import (
	"context"

	"github.com/tastetest/tastetest/bot"
)

// Texts implements [bot.Store].
func (s *Store) Texts(ctx context.Context, id bot.RoundID) (bot.Texts, error) {
	return view(ctx, s, func(tx *txn) (bot.Texts, error) {
		if _, err := tx.hasTexts(id); err != nil {
			return bot.Texts{}, err
		}
		return getJSON[bot.Texts](tx, texts, roundKey(id))
	})
}

// SetTexts implements [bot.Store].
func (s *Store) SetTexts(ctx context.Context, id bot.RoundID, x bot.Texts) error {
	return s.update(ctx, func(tx *txn) error {
		if _, err := tx.hasTexts(id); err != nil {
			return err
		}
		return putJSON(tx, texts, roundKey(id), x)
	})
}
