package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
)

// Texts implements [bot.Store].
func (s *Store) Texts(ctx context.Context, id bot.RoundID) (bot.Texts, error) {
	return view(ctx, s, func(c *pgx.Conn) (bot.Texts, error) {
		var doc []byte
		err := c.QueryRow(ctx, `SELECT x.record FROM texts x JOIN tastings t ON t.id = x.tasting
WHERE t.workspace = $1 AND t.n = $2 AND x.round = $3`, roundArgs(id)...).Scan(&doc)
		if err != nil {
			return bot.Texts{}, found(err)
		}
		return decode[bot.Texts](doc)
	})
}

// SetTexts implements [bot.Store].
func (s *Store) SetTexts(ctx context.Context, id bot.RoundID, x bot.Texts) error {
	doc, err := encode(x)
	if err != nil {
		return err
	}
	return s.write(ctx, again, func(tx *txn) error {
		key, _, err := tx.shareRound(id)
		if err != nil {
			return err
		}
		_, err = tx.exec(`INSERT INTO texts (tasting, round, record) VALUES ($1, $2, $3::json)
ON CONFLICT (tasting, round) DO UPDATE SET record = excluded.record`, key, int32(id.Round), doc)
		return err
	})
}

func roundArgs(id bot.RoundID) []any { return append(tastingArgs(id.TastingID), int32(id.Round)) }
