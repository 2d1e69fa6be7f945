package postgres

import (
	"bytes"
	"context"
	"crypto/rand"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/store/record"
)

// Secret implements [bot.Store].
func (s *Store) Secret(ctx context.Context, name string) ([]byte, error) {
	if known, ok := s.secrets.Load(name); ok {
		return bytes.Clone(known.([]byte)), nil
	}
	fresh := make([]byte, 32)
	rand.Read(fresh)
	err := s.write(ctx, again, func(tx *txn) error {
		_, err := tx.exec(`INSERT INTO secrets (name, secret) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, []byte(name), fresh)
		return err
	})
	if err != nil {
		return nil, err
	}
	kept, err := view(ctx, s, func(c *pgx.Conn) (x []byte, err error) {
		err = c.QueryRow(ctx, `SELECT secret FROM secrets WHERE name = $1`, []byte(name)).Scan(&x)
		return x, err
	})
	if err != nil {
		return nil, err
	}
	s.secrets.Store(name, kept)
	return bytes.Clone(kept), nil
}

// makeSecrets makes or reads the store's own secrets, with which it hashes names.
func (s *Store) makeSecrets(ctx context.Context) error {
	for _, name := range []string{record.ForgetSecret, record.KeySecret} {
		if _, err := s.Secret(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// secret returns one of the store's own secrets, which Open has read.
func (s *Store) secret(name string) []byte {
	known, _ := s.secrets.Load(name)
	key, _ := known.([]byte)
	return key
}
