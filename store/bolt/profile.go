package bolt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/store/record"
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
		was := text.NameKey(p.Name)
		if err := change(&p); err != nil {
			return err
		}
		if name := text.NameKey(p.Name); name != "" && name != was {
			if err := tx.nameIsFree(v, name); err != nil {
				return err
			}
		}
		return putJSON(tx, people, personKey(v), p)
	})
}

// nameIsFree fails with ErrTaken if somebody else is called so.
func (tx *txn) nameIsFree(v bot.Voter, name string) error {
	own := string(personKey(v))
	return tx.each(people, record.WorkspaceKey(v.Workspace), func(key, value []byte) error {
		var p bot.Profile
		if err := json.Unmarshal(value, &p); err != nil {
			return fmt.Errorf("read what is kept of a person: %w", err)
		}
		if text.NameKey(p.Name) == name && string(key) != own {
			return bot.ErrTaken
		}
		return nil
	})
}

// Names implements [bot.Profiles].
func (s *Store) Names(ctx context.Context, w bot.Workspace, users []string) (map[string]string, error) {
	return view(ctx, s, func(tx *txn) (map[string]string, error) {
		names := make(map[string]string)
		for _, u := range users {
			p, err := tx.profile(bot.Voter{Workspace: w, User: u})
			if err != nil {
				return nil, err
			}
			if p.Name != "" {
				names[u] = p.Name
			}
		}
		return names, nil
	})
}

func (tx *txn) profile(v bot.Voter) (bot.Profile, error) {
	p, err := getJSON[bot.Profile](tx, people, personKey(v))
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Profile{}, nil
	}
	return p, err
}
