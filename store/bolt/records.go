package bolt

import (
	"time"

	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// A shape is how the keys of a kind begin; its name is the rest.
type shape struct{ workspace, tasting, round bool }

func shapeOf(kind record.Kind) shape {
	switch kind {
	case record.Texts, record.Votes, record.Cells, record.Judgments, record.Intents:
		return shape{true, true, true}
	case record.Tastings, record.Seats, record.Forgottens:
		return shape{workspace: true, tasting: true}
	case record.Jobs, record.Settings, record.People:
		return shape{workspace: true}
	}
	return shape{}
}

// Records calls f on the records of a kind, but for the first so many. What
// follows from others (gates, the queue of jobs) is left out. f must not keep
// what it is given.
func (s *Store) Records(ctx context.Context, kind record.Kind, skip int, f func(record.Record) error) error {
	_, err := view(ctx, s, func(tx *txn) (struct{}, error) { return struct{}{}, tx.records(ctx, kind, skip, f) })
	return err
}

func (tx *txn) records(ctx context.Context, kind record.Kind, skip int, f func(record.Record) error) error {
	return tx.each(bucket(kind), nil, func(key, value []byte) error {
		if skip > 0 {
			skip--
			return nil
		}
		r, err := recordOf(kind, key, value)
		if err != nil {
			return err
		}
		if err := f(r); err != nil {
			return err
		}
		return ctx.Err()
	})
}

// recordOf takes a key apart.
func recordOf(kind record.Kind, key, value []byte) (record.Record, error) {
	r := record.Record{Value: value}
	switch kind {
	case record.Refs: // the value is the round's key
		rest, err := cutKey(&r, record.Intents, value)
		if err != nil || len(rest) > 0 {
			return r, damagedRecord(refs, key)
		}
		r.Name, r.Value = key, nil
		return r, nil
	case record.Secrets: // a string that says where it ends
		name, rest, ok := record.CutString(key)
		if !ok || len(rest) > 0 {
			return r, damagedRecord(secrets, key)
		}
		r.Name = []byte(name)
		return r, nil
	}
	rest, err := cutKey(&r, kind, key)
	if err != nil {
		return r, err
	}
	r.Name = rest
	return r, nil
}

// cutKey takes what keys of a kind begin with off the front of key.
func cutKey(r *record.Record, kind record.Kind, key []byte) (rest []byte, err error) {
	how := shapeOf(kind)
	rest = key
	if how.workspace {
		if _, rest, err = cutWorkspace(key); err != nil {
			return nil, err
		}
		r.Workspace = key[:len(key)-len(rest)]
	}
	if how.tasting {
		if len(rest) < 8 {
			return nil, damagedRecord(bucket(kind), key)
		}
		r.Tasting, rest = binary.BigEndian.Uint64(rest), rest[8:]
	}
	if how.round {
		if len(rest) < 4 {
			return nil, damagedRecord(bucket(kind), key)
		}
		r.Round, rest = int(binary.BigEndian.Uint32(rest)), rest[4:]
	}
	return rest, nil
}

// keyOf undoes recordOf.
func keyOf(kind record.Kind, r record.Record) (key, value []byte) {
	round := func() []byte {
		b := binary.BigEndian.AppendUint64(bytes.Clone(r.Workspace), r.Tasting)
		return binary.BigEndian.AppendUint32(b, uint32(r.Round))
	}
	switch how := shapeOf(kind); {
	case kind == record.Refs:
		return r.Name, round()
	case kind == record.Secrets:
		return record.AppendString(nil, string(r.Name)), r.Value
	case how.round:
		return append(round(), r.Name...), r.Value
	case how.tasting:
		return append(binary.BigEndian.AppendUint64(bytes.Clone(r.Workspace), r.Tasting), r.Name...), r.Value
	case how.workspace:
		return append(bytes.Clone(r.Workspace), r.Name...), r.Value
	}
	return r.Name, r.Value
}

// add stores records of a kind, and what follows from them.
func (tx *txn) add(kind record.Kind, rs []record.Record) error {
	for _, r := range rs {
		key, value := keyOf(kind, r)
		if err := tx.put(bucket(kind), key, value); err != nil {
			return err
		}
		if err := tx.addWhatFollows(kind, key, value); err != nil {
			return fmt.Errorf("%s record %.80q: %w", kind, key, err)
		}
	}
	return nil
}

// addWhatFollows stores the gate of a tasting, the place of a job in the queue,
// and which number the next intent has.
func (tx *txn) addWhatFollows(kind record.Kind, key, value []byte) error {
	switch kind {
	case record.Tastings:
		var t bot.Tasting
		if err := json.Unmarshal(value, &t); err != nil {
			return err
		}
		return tx.putGate(t, false)
	case record.Forgottens:
		id, err := tastingOf(key[:max(len(key)-hashSize, 0)])
		if err != nil {
			return err
		}
		g, err := tx.gate(id)
		if err != nil {
			return err
		}
		g.out = true
		delete(tx.gates, id)
		return tx.put(gates, record.TastingKey(id), encodeGate(g))
	case record.Jobs:
		var row jobRow
		if err := json.Unmarshal(value, &row); err != nil {
			return err
		}
		k, err := jobOf(key)
		if err != nil {
			return err
		}
		return tx.put(due, dueKey(row.Due, k), nil)
	case record.Intents:
		var it intent
		if err := json.Unmarshal(value, &it); err != nil {
			return err
		}
		b := tx.Bucket([]byte(intents))
		return b.SetSequence(max(b.Sequence(), it.Order))
	}
	return nil
}

// hashSize is the bytes of a keyed hash.
const hashSize = 32

// Write makes a copy, a new file at path, mode 0600, of the records that fill adds, each
// kind after those that it refers to. It is there whole and on disk, or not at
// all. A file that is already at path is an error, fs.ErrExist, and stays as it is.
func Write(path string, fill func(add func(record.Kind, []record.Record) error) error) error {
	began := time.Now()
	return writeNew(path, true, func(db *bbolt.DB) error {
		if err := db.Update(func(b *bbolt.Tx) error { return newTxn(b).makeBuckets(newest()) }); err != nil {
			return err
		}
		if err := markTaken(db, began); err != nil {
			return err
		}
		return fill(func(kind record.Kind, rs []record.Record) error {
			return db.Update(func(b *bbolt.Tx) error { return newTxn(b).add(kind, rs) })
		})
	})
}
