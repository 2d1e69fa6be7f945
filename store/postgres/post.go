package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// An intent is a post that is about to be said, or was.
type intent struct {
	Order uint64 // of intents
	bot.Posted
}

// Intend implements [bot.Store]. Run twice, it only makes the caller look for a
// post that nobody made.
func (s *Store) Intend(ctx context.Context, at bot.Place, key bot.PostKey) (since time.Time, ref bot.Ref, err error) {
	var old intent
	err = s.write(ctx, again, func(tx *txn) error {
		_, it, was, err := tx.intend(at, key)
		if old = (intent{}); was {
			old = it
		}
		return err
	})
	if err != nil {
		return time.Time{}, bot.Ref{}, fmt.Errorf("intend %v: %w", key, err)
	}
	return old.On, old.Ref, nil
}

// Posted implements [bot.Store]. A post that was never intended counts as
// intended now. ByRef no longer finds an earlier message of the same post.
func (s *Store) Posted(ctx context.Context, at bot.Place, key bot.PostKey, ref bot.Ref) error {
	err := s.write(ctx, again, func(tx *txn) error {
		if ref.Workspace != at.Workspace {
			return fmt.Errorf("it landed in another workspace")
		}
		tasting, it, _, err := tx.intend(at, key)
		if err != nil {
			return err
		}
		old := it.Ref
		it.Ref = ref
		doc, err := encode(it)
		if err != nil {
			return err
		}
		if _, err := tx.exec(`UPDATE intents SET record = $2::json WHERE hash = $1`, intentHash(at, key), doc); err != nil {
			return err
		}
		if key.What != "ballot" || tasting == nil {
			return nil
		}
		return tx.moveRef(old, ref, *tasting, key.Round)
	})
	if err != nil {
		return fmt.Errorf("record where %v landed: %w", key, err)
	}
	return nil
}

// Relocate implements [bot.Store].
func (s *Store) Relocate(ctx context.Context, id bot.TastingID, from, to bot.Place) error {
	err := s.write(ctx, again, func(tx *txn) error {
		var tasting *int64
		if id.N == 0 {
			if err := tx.holds(); err != nil {
				return err
			}
			if err := tx.moveSettings(from, to); err != nil {
				return err
			}
		} else {
			key, t, err := tx.lock(id)
			if err != nil {
				return err
			}
			tasting = &key
			if at, ok := t.Place.Moved(from, to); ok {
				t.Place = at
				if err := tx.putSettling(key, t); err != nil {
					return err
				}
			}
		}
		rows, err := tx.Query(tx.ctx, `SELECT record FROM intents WHERE workspace = $1 AND tasting IS NOT DISTINCT FROM $2 ORDER BY number FOR UPDATE`,
			record.WorkspaceKey(id.Workspace), tasting)
		if err != nil {
			return err
		}
		all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (it intent, err error) {
			var doc []byte
			if err := r.Scan(&doc); err != nil {
				return it, err
			}
			return decode[intent](doc)
		})
		if err != nil {
			return err
		}
		for _, it := range all {
			if err := tx.relocate(tasting, it, from, to); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("relocate tasting %v: %w", id, err)
	}
	return nil
}

func (tx *txn) relocate(tasting *int64, it intent, from, to bot.Place) error {
	old := it.Posted
	at, moved := it.At.Moved(from, to)
	ref, landed := it.Ref.Place.Moved(from, to)
	if !moved && !landed {
		return nil
	}
	if it.At = at; landed {
		it.Ref.Place = ref
	}
	doc, err := encode(it)
	if err != nil {
		return err
	}
	_, err = tx.exec(`UPDATE intents SET hash = $2, record = $3::json WHERE hash = $1`, intentHash(old.At, old.Key), intentHash(it.At, it.Key), doc)
	if err != nil || it.Key.What != "ballot" || !landed || tasting == nil {
		return err
	}
	return tx.moveRef(old.Ref, it.Ref, *tasting, it.Key.Round)
}

// intend stores an intent unless it was there, and keeps others from changing
// it until the transaction ends. tasting is nil for posts of none, whose number is 0.
func (tx *txn) intend(at bot.Place, key bot.PostKey) (tasting *int64, it intent, was bool, err error) {
	if key.Tasting.Workspace != at.Workspace {
		return nil, it, false, fmt.Errorf("its tasting is in another workspace")
	}
	if key.Tasting.N > 0 {
		id, _, _, err := tx.share(key.Tasting)
		if err != nil {
			return nil, it, false, err
		}
		tasting = &id
	} else if err := tx.holds(); err != nil {
		return nil, it, false, err
	}
	it.Posted = bot.Posted{Key: key, At: at, On: time.Now()}
	var number int64
	hash := intentHash(at, key)
	err = tx.QueryRow(tx.ctx, `INSERT INTO intents (hash, workspace, tasting, record) VALUES ($1, $2, $3, '{}')
ON CONFLICT (hash) DO NOTHING RETURNING number`, hash, record.WorkspaceKey(at.Workspace), tasting).Scan(&number)
	if err == nil {
		it.Order = uint64(number)
		doc, err := encode(it)
		if err != nil {
			return nil, it, false, err
		}
		_, err = tx.exec(`UPDATE intents SET record = $2::json WHERE hash = $1`, hash, doc)
		return tasting, it, false, err
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return nil, it, false, err
	}
	var doc []byte
	if err := tx.QueryRow(tx.ctx, `SELECT record FROM intents WHERE hash = $1 FOR UPDATE`, hash).Scan(&doc); err != nil {
		return nil, it, false, err
	}
	it, err = decode[intent](doc)
	return tasting, it, true, err
}

// moveRef makes ByRef find a round by ref, and no longer by old.
func (tx *txn) moveRef(old, ref bot.Ref, tasting int64, round int) error {
	_, err := tx.exec(`DELETE FROM refs WHERE hash = $1 AND tasting = $2 AND round = $3`, refHash(old), tasting, int32(round))
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO refs (hash, key, tasting, round) VALUES ($1, $2, $3, $4)
ON CONFLICT (hash) DO UPDATE SET tasting = excluded.tasting, round = excluded.round`, refHash(ref), refKey(ref), tasting, int32(round))
	return err
}

// Posts implements [bot.Store].
func (s *Store) Posts(ctx context.Context, id bot.TastingID) ([]bot.Posted, error) {
	return view(ctx, s, func(c *pgx.Conn) (ps []bot.Posted, err error) {
		query, args := `SELECT i.record FROM intents i JOIN tastings t ON t.id = i.tasting
WHERE t.workspace = $1 AND t.n = $2 ORDER BY i.number`, tastingArgs(id)
		if id.N == 0 {
			query, args = `SELECT record FROM intents WHERE workspace = $1 AND tasting IS NULL ORDER BY number`, args[:1]
		}
		rows, err := c.Query(ctx, query, args...)
		if err != nil {
			return nil, err
		}
		var doc []byte
		_, err = pgx.ForEachRow(rows, []any{&doc}, func() error {
			it, err := decode[intent](doc)
			if it.Ref != (bot.Ref{}) {
				ps = append(ps, it.Posted)
			}
			return err
		})
		return ps, err
	})
}

// ByRef implements [bot.Store].
func (s *Store) ByRef(ctx context.Context, ref bot.Ref) (bot.RoundID, error) {
	return view(ctx, s, func(c *pgx.Conn) (bot.RoundID, error) {
		var n int64
		var round int
		err := c.QueryRow(ctx, `SELECT t.n, r.round FROM refs r JOIN tastings t ON t.id = r.tasting WHERE r.hash = $1`, refHash(ref)).Scan(&n, &round)
		if err != nil {
			return bot.RoundID{}, found(err)
		}
		return bot.TastingID{Workspace: ref.Workspace, N: uint64(n)}.Round(round), nil
	})
}

// intentHash stands for a post's key at a place.
func intentHash(at bot.Place, k bot.PostKey) []byte {
	b := binary.BigEndian.AppendUint32(record.TastingKey(k.Tasting), uint32(k.Round))
	return hash(record.AppendString(append(record.AppendString(b, k.What), record.WorkspaceKey(at.Workspace)...), at.Channel))
}

func refHash(r bot.Ref) []byte { return hash(refKey(r)) }

func refKey(r bot.Ref) []byte {
	return record.AppendString(record.AppendString(record.WorkspaceKey(r.Workspace), r.Channel), r.Message)
}

func hash(key []byte) []byte {
	h := sha256.Sum256(key)
	return h[:]
}
