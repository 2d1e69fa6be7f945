package bolt

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
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
func (tx *txn) secret(name string) ([]byte, error) {
	return tx.get(secrets, record.AppendString(nil, name))
}

// newSecret makes the secret if there is none.
func (tx *txn) newSecret(name string) ([]byte, error) {
	v, err := tx.secret(name)
	if err != nil || v != nil {
		return v, err
	}
	v = make([]byte, 32)
	rand.Read(v)
	return v, tx.put(secrets, record.AppendString(nil, name), v)
}

// ownSecret returns one of the store's own secrets.
func (tx *txn) ownSecret(name string) ([]byte, error) {
	key, err := tx.secret(name)
	if err == nil && key == nil {
		err = fmt.Errorf("secret %q: %w", name, bot.ErrNotFound)
	}
	return key, err
}
