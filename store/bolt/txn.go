package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"

	"go.etcd.io/bbolt"

	"github.com/tastetest/tastetest/bot"
)

// A txn reads and writes records. A record's value is followed by the
// CRC-32C of key and value, so that a flipped bit is noticed.
type txn struct {
	*bbolt.Tx
	gates   map[bot.TastingID]gate // those already read
	wrote   bool
	deleted int // records so far
}

func newTxn(tx *bbolt.Tx) *txn { return &txn{Tx: tx, gates: make(map[bot.TastingID]gate)} }

// view runs read in a read transaction.
func view[T any](ctx context.Context, s *Store, read func(*txn) (T, error)) (T, error) {
	var got, zero T
	if err := ctx.Err(); err != nil {
		return zero, err
	}
	if p := s.broken.Load(); p != nil {
		return zero, *p
	}
	err := guard(func() error {
		return s.db.View(func(tx *bbolt.Tx) (err error) {
			got, err = read(newTxn(tx))
			return err
		})
	})
	if _, ok := errors.AsType[*fault](err); ok {
		err = fmt.Errorf("read %s: %w", s.path, err)
		s.fail(err)
	}
	if err != nil {
		return zero, err
	}
	return got, nil
}

// get returns a record's value, nil if there is none. It is valid until the
// next write and the end of the transaction.
func (tx *txn) get(b bucket, key []byte) ([]byte, error) {
	v := tx.Bucket([]byte(b)).Get(key)
	if v == nil {
		return nil, nil
	}
	return verify(b, key, v)
}

func (tx *txn) put(b bucket, key, value []byte) error {
	sum := checksum(key, value)
	tx.wrote = true
	if err := tx.Bucket([]byte(b)).Put(key, binary.BigEndian.AppendUint32(value[:len(value):len(value)], sum)); err != nil {
		return fmt.Errorf("put %s record %.80q: %w", b, key, err)
	}
	return nil
}

func (tx *txn) delete(b bucket, key []byte) error {
	tx.wrote = true
	tx.deleted++
	if err := tx.Bucket([]byte(b)).Delete(key); err != nil {
		return fmt.Errorf("delete %s record %.80q: %w", b, key, err)
	}
	return nil
}

// each calls f on the records whose keys begin with prefix, in their order.
// f must not write.
func (tx *txn) each(b bucket, prefix []byte, f func(key, value []byte) error) error {
	c := tx.Bucket([]byte(b)).Cursor()
	for k, v := c.Seek(prefix); hasPrefix(k, prefix); k, v = c.Next() {
		v, err := verify(b, k, v)
		if err != nil {
			return err
		}
		if err := f(k, v); err != nil {
			return err
		}
	}
	return nil
}

// deleteAll deletes the records whose keys begin with prefix.
func (tx *txn) deleteAll(b bucket, prefix []byte) error {
	var keys [][]byte
	c := tx.Bucket([]byte(b)).Cursor()
	for k, _ := c.Seek(prefix); hasPrefix(k, prefix); k, _ = c.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	for _, k := range keys {
		if err := tx.delete(b, k); err != nil {
			return err
		}
	}
	return nil
}

func hasPrefix(key, prefix []byte) bool {
	return key != nil && len(key) >= len(prefix) && string(key[:len(prefix)]) == string(prefix)
}

// verify returns the value of a record without its checksum.
func verify(b bucket, key, v []byte) ([]byte, error) {
	n := len(v) - 4
	if n < 0 || binary.BigEndian.Uint32(v[n:]) != checksum(key, v[:n]) {
		return nil, damagedRecord(b, key)
	}
	return v[:n:n], nil
}

func checksum(key, value []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli) // made once by the package
	return crc32.Update(crc32.Update(0, table, key), table, value)
}

// getJSON decodes a record. ErrNotFound if there is none.
func getJSON[T any](tx *txn, b bucket, key []byte) (T, error) {
	var x T
	v, err := tx.get(b, key)
	if err != nil {
		return x, err
	}
	if v == nil {
		return x, bot.ErrNotFound
	}
	if err := json.Unmarshal(v, &x); err != nil {
		return x, fmt.Errorf("%w: %w", damagedRecord(b, key), err)
	}
	return x, nil
}

func putJSON[T any](tx *txn, b bucket, key []byte, x T) error {
	v, err := json.Marshal(x)
	if err != nil {
		return fmt.Errorf("encode %s record %.80q: %w", b, key, err)
	}
	return tx.put(b, key, v)
}
