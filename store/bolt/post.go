package bolt

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// An intent is a post that is about to be said, or was.
type intent struct {
	Order uint64 // of intents
	bot.Posted
}

// Intend implements [bot.Store].
func (s *Store) Intend(ctx context.Context, at bot.Place, key bot.PostKey) (since time.Time, ref bot.Ref, err error) {
	old, err := write(ctx, s, func(tx *txn) (intent, error) {
		old, err := tx.intent(at, key)
		if err != nil || old.Order != 0 {
			return old, err
		}
		_, err = tx.putIntent(bot.Posted{Key: key, At: at, On: time.Now()})
		return intent{}, err
	})
	if err != nil {
		return time.Time{}, bot.Ref{}, fmt.Errorf("intend %v: %w", key, err)
	}
	return old.On, old.Ref, nil
}

// Posted implements [bot.Store]. A post that was never intended counts as
// intended now. ByRef no longer finds an earlier message of the same post.
func (s *Store) Posted(ctx context.Context, at bot.Place, key bot.PostKey, ref bot.Ref) error {
	err := s.update(ctx, func(tx *txn) error {
		if ref.Workspace != at.Workspace {
			return fmt.Errorf("it landed in another workspace")
		}
		it, err := tx.intent(at, key)
		if err != nil {
			return err
		}
		old := it.Ref
		if it.Order == 0 {
			it, err = tx.putIntent(bot.Posted{Key: key, At: at, On: time.Now()})
			if err != nil {
				return err
			}
		}
		it.Ref = ref
		if err := putJSON(tx, intents, intentKey(at, key), it); err != nil {
			return err
		}
		if key.What != "ballot" {
			return nil
		}
		return tx.moveRef(old, ref, key.Tasting.Round(key.Round))
	})
	if err != nil {
		return fmt.Errorf("record where %v landed: %w", key, err)
	}
	return nil
}

// intent returns a zero intent if there is none, and ErrNotFound if there is
// no such tasting; number 0 stands for posts of no tasting.
func (tx *txn) intent(at bot.Place, key bot.PostKey) (intent, error) {
	if key.Tasting.Workspace != at.Workspace {
		return intent{}, fmt.Errorf("its tasting is in another workspace")
	}
	if key.Tasting.N > 0 {
		if _, err := tx.gate(key.Tasting); err != nil {
			return intent{}, err
		}
	}
	v, err := tx.get(intents, intentKey(at, key))
	if v == nil || err != nil {
		return intent{}, err
	}
	return getJSON[intent](tx, intents, intentKey(at, key))
}

// putIntent stores a new intent.
func (tx *txn) putIntent(p bot.Posted) (intent, error) {
	tx.wrote = true
	n, err := tx.Bucket([]byte(intents)).NextSequence()
	if err != nil {
		return intent{}, err
	}
	it := intent{n, p}
	return it, putJSON(tx, intents, intentKey(p.At, p.Key), it)
}

// moveRef makes ByRef find id by ref, and no longer by old.
func (tx *txn) moveRef(old, ref bot.Ref, id bot.RoundID) error {
	round := roundKey(id)
	if v, err := tx.get(refs, refKey(old)); err != nil {
		return err
	} else if string(v) == string(round) {
		if err := tx.delete(refs, refKey(old)); err != nil {
			return err
		}
	}
	return tx.put(refs, refKey(ref), round)
}

// Relocate implements [bot.Store].
func (s *Store) Relocate(ctx context.Context, id bot.TastingID, from, to bot.Place) error {
	err := s.update(ctx, func(tx *txn) error {
		if id.N == 0 {
			if err := tx.moveSettings(from, to); err != nil {
				return err
			}
		} else {
			t, err := tx.tasting(id)
			if err != nil {
				return err
			}
			if at, ok := t.Place.Moved(from, to); ok {
				t.Place = at
				if err := tx.putTastingSettling(t); err != nil {
					return err
				}
			}
		}
		var all []intent
		err := tx.each(intents, record.TastingKey(id), func(key, value []byte) error {
			var it intent
			if err := json.Unmarshal(value, &it); err != nil {
				return fmt.Errorf("%w: %w", damagedRecord(intents, key), err)
			}
			all = append(all, it)
			return nil
		})
		if err != nil {
			return err
		}
		for _, it := range all {
			if err := tx.relocate(it, from, to); err != nil {
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

func (tx *txn) relocate(it intent, from, to bot.Place) error {
	old := it.Posted
	at, moved := it.At.Moved(from, to)
	ref, landed := it.Ref.Place.Moved(from, to)
	if !moved && !landed {
		return nil
	}
	if it.At = at; landed {
		it.Ref.Place = ref
	}
	if err := tx.delete(intents, intentKey(old.At, old.Key)); err != nil {
		return err
	}
	if err := putJSON(tx, intents, intentKey(it.At, it.Key), it); err != nil {
		return err
	}
	if it.Key.What != "ballot" || !landed {
		return nil
	}
	return tx.moveRef(old.Ref, it.Ref, it.Key.Tasting.Round(it.Key.Round))
}

// Posts implements [bot.Store].
func (s *Store) Posts(ctx context.Context, id bot.TastingID) ([]bot.Posted, error) {
	its, err := view(ctx, s, func(tx *txn) (its []intent, err error) {
		err = tx.each(intents, record.TastingKey(id), func(key, value []byte) error {
			var it intent
			if err := json.Unmarshal(value, &it); err != nil {
				return fmt.Errorf("%w: %w", damagedRecord(intents, key), err)
			}
			if it.Ref != (bot.Ref{}) {
				its = append(its, it)
			}
			return nil
		})
		return its, err
	})
	slices.SortFunc(its, func(a, b intent) int { return cmp.Compare(a.Order, b.Order) })
	var ps []bot.Posted
	for _, it := range its {
		ps = append(ps, it.Posted)
	}
	return ps, err
}

// ByRef implements [bot.Store].
func (s *Store) ByRef(ctx context.Context, ref bot.Ref) (bot.RoundID, error) {
	return view(ctx, s, func(tx *txn) (bot.RoundID, error) {
		v, err := tx.get(refs, refKey(ref))
		if err != nil {
			return bot.RoundID{}, err
		}
		if v == nil {
			return bot.RoundID{}, bot.ErrNotFound
		}
		n := len(v) - 4
		id, err := tastingOf(v[:max(n, 0)])
		if err != nil {
			return bot.RoundID{}, damagedRecord(refs, refKey(ref))
		}
		return id.Round(int(binary.BigEndian.Uint32(v[n:]))), nil
	})
}
