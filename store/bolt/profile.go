package bolt

import (
	"context"
	"errors"

	"github.com/tastetest/tastetest/bot"
)

// Profile implements [bot.Profiles].
func (s *Store) Profile(ctx context.Context, v bot.Voter) (bot.Profile, error) {
	return view(ctx, s, func(tx *txn) (bot.Profile, error) { return tx.profile(v) })
}

// SetProfile implements [bot.Profiles].
func (s *Store) SetProfile(ctx context.Context, v bot.Voter, change func(*bot.Profile) error) error {
	return s.update(ctx, func(tx *txn) error {
		p, err := tx.profile(v)
		if err != nil {
			return err
		}
		if err := change(&p); err != nil {
			return err
		}
		return putJSON(tx, people, personKey(v), p)
	})
}

func (tx *txn) profile(v bot.Voter) (bot.Profile, error) {
	p, err := getJSON[bot.Profile](tx, people, personKey(v))
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Profile{}, nil
	}
	return p, err
}
