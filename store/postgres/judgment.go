package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
)

// Judge implements [bot.Store].
func (s *Store) Judge(ctx context.Context, id bot.RoundID, j bot.Judgment) error {
	return s.write(ctx, again, func(tx *txn) error {
		key, state, err := tx.shareRound(id)
		if err != nil {
			return err
		}
		if state != bot.Closed && state != bot.Revealed {
			return bot.ErrMoved
		}
		var stored []byte
		if err := tx.QueryRow(tx.ctx, `SELECT record FROM tastings WHERE id = $1`, key).Scan(&stored); err != nil {
			return err
		}
		t, err := decode[bot.Tasting](stored)
		if err != nil {
			return err
		}
		doc, err := encode(t.Dated(j))
		if err != nil {
			return err
		}
		_, err = tx.exec(`INSERT INTO judgments (tasting, round, judge, record) VALUES ($1, $2, $3, $4::json)
ON CONFLICT (tasting, round, judge) DO UPDATE SET record = excluded.record`, key, int32(id.Round), []byte(j.Judge), doc)
		return err
	})
}

// Judgments implements [bot.Store].
func (s *Store) Judgments(ctx context.Context, id bot.TastingID) (map[int][]bot.Judgment, error) {
	return view(ctx, s, func(c *pgx.Conn) (map[int][]bot.Judgment, error) {
		rows, err := c.Query(ctx, `SELECT j.round, j.record FROM judgments j JOIN tastings t ON t.id = j.tasting
WHERE t.workspace = $1 AND t.n = $2 ORDER BY j.round, j.judge`, tastingArgs(id)...)
		if err != nil {
			return nil, err
		}
		all := make(map[int][]bot.Judgment)
		var round int
		var doc []byte
		_, err = pgx.ForEachRow(rows, []any{&round, &doc}, func() error {
			j, err := decode[bot.Judgment](doc)
			all[round] = append(all[round], j)
			return err
		})
		return all, err
	})
}
