package bolt

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/tastetest/tastetest/bot"
)

// The store's own secrets, made with the file.
const (
	forgetSecret = "forget" // keys the hashes of those who were forgotten
	keySecret    = "keys"   // keys the hashes in done and reserved
)

// Secret implements [bot.Store].
func (s *Store) Secret(ctx context.Context, name string) ([]byte, error) {
	old, err := view(ctx, s, func(tx *txn) ([]byte, error) {
		v, err := tx.secret(name)
		return bytes.Clone(v), err
	})
	if err != nil || old != nil {
		return old, err
	}
	return write(ctx, s, func(tx *txn) ([]byte, error) {
		v, err := tx.newSecret(name)
		return bytes.Clone(v), err
	})
}

// secret returns nil if there is no secret of this name yet.
func (tx *txn) secret(name string) ([]byte, error) { return tx.get(secrets, appendString(nil, name)) }

// newSecret makes the secret if there is none.
func (tx *txn) newSecret(name string) ([]byte, error) {
	v, err := tx.secret(name)
	if err != nil || v != nil {
		return v, err
	}
	v = make([]byte, 32)
	rand.Read(v)
	return v, tx.put(secrets, appendString(nil, name), v)
}

// hash returns HMAC-SHA256 of parts under one of the store's own secrets.
// Keys that may hold a person's name are kept as such a hash only.
func (tx *txn) hash(secret string, parts ...string) ([]byte, error) {
	key, err := tx.secret(secret)
	if err != nil {
		return nil, err
	}
	if key == nil {
		return nil, fmt.Errorf("secret %q: %w", secret, bot.ErrNotFound)
	}
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		h.Write(binary.AppendUvarint(nil, uint64(len(p))))
		h.Write([]byte(p))
	}
	return h.Sum(nil), nil
}
