package bolt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Settings implements [bot.Store].
func (s *Store) Settings(ctx context.Context, channel bot.Place) (bot.Settings, error) {
	return view(ctx, s, func(tx *txn) (bot.Settings, error) { return tx.settings(channel) })
}

// SetSettings implements [bot.Store].
func (s *Store) SetSettings(ctx context.Context, channel bot.Place, change func(*bot.Settings) error) error {
	return s.update(ctx, func(tx *txn) error {
		set, err := tx.settings(channel)
		if err != nil {
			return err
		}
		if err := change(&set); err != nil {
			return err
		}
		return putJSON(tx, settings, settingsKey(channel), set)
	})
}

func (tx *txn) settings(channel bot.Place) (bot.Settings, error) {
	set, err := getJSON[bot.Settings](tx, settings, settingsKey(channel))
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Settings{}, nil
	}
	return set, err
}

// moveSettings follows a channel whose name has changed.
func (tx *txn) moveSettings(from, to bot.Place) error {
	set, err := getJSON[bot.Settings](tx, settings, settingsKey(from))
	if errors.Is(err, bot.ErrNotFound) || from == to {
		return nil
	}
	if err != nil {
		return err
	}
	if err := putJSON(tx, settings, settingsKey(to), set); err != nil {
		return err
	}
	return tx.delete(settings, settingsKey(from))
}

// forgetChanges takes a voter's name out of the settings they changed last, and out
// of the schedules they made.
func (tx *txn) forgetChanges(v bot.Voter) error {
	theirs := make(map[string]bot.Settings) // by channel
	begin := record.WorkspaceKey(v.Workspace)
	err := tx.each(settings, begin, func(key, value []byte) error {
		var set bot.Settings
		if err := json.Unmarshal(value, &set); err != nil {
			return fmt.Errorf("%w: %w", damagedRecord(settings, key), err)
		}
		if set.Forget(v.User) {
			theirs[string(key[len(begin):])] = set
		}
		return nil
	})
	for channel, set := range theirs {
		if err == nil {
			err = putJSON(tx, settings, settingsKey(bot.Place{Workspace: v.Workspace, Channel: channel}), set)
		}
	}
	return err
}
