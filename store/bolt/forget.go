package bolt

import (
	"context"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Forget implements [bot.Store]. Until a tasting that is under way is sealed or
// over, its record still names the voter as starter, who may close it; then
// the name goes from there too. A voter whose votes are barred in a tasting
// that has not begun is kept out of it as well.
func (s *Store) Forget(ctx context.Context, v bot.Voter) ([]bot.RoundID, error) {
	if err := s.forgetting.Acquire(ctx, 1); err != nil {
		return nil, fmt.Errorf("forget a voter: %w", err)
	}
	defer s.forgetting.Release(1)
	rounds, err := write(ctx, s, func(tx *txn) ([]bot.RoundID, error) { return tx.forget(v) })
	s.shelf.Forget(v)
	if err != nil {
		return nil, fmt.Errorf("forget a voter: %w", err)
	}
	return rounds, nil
}

func (tx *txn) forget(v bot.Voter) (rounds []bot.RoundID, err error) {
	ids, err := tx.tastingsOf(v.Workspace, nil)
	if err != nil {
		return nil, err
	}
	if err := tx.forgetChanges(v); err != nil {
		return nil, err
	}
	if err := tx.delete(people, personKey(v)); err != nil {
		return nil, err
	}
	for _, id := range ids {
		t, err := tx.tasting(id)
		if err != nil {
			return nil, err
		}
		if err := tx.delete(seats, seatKey(id, v.User)); err != nil {
			return nil, err
		}
		mine := t.Starter == v && t.State == bot.Asking
		if mine || t.State.TakesVotes() || t.State == bot.Closing {
			voted, err := tx.forgetIn(t, v.User)
			if err != nil {
				return nil, err
			}
			rounds = append(rounds, voted...)
		} else if err := tx.rename(t, v.User); err != nil {
			return nil, err
		}
	}
	return rounds, nil
}

// forgetIn forgets a user in a tasting that is not sealed yet, and returns
// the rounds in which there was a vote.
func (tx *txn) forgetIn(t bot.Tasting, user string) (voted []bot.RoundID, err error) {
	for i := range t.Rounds {
		id := t.ID.Round(i + 1)
		key := voteKey(id, user)
		value, err := tx.get(votes, key)
		if err != nil {
			return nil, err
		}
		if value == nil {
			continue
		}
		row, err := decodeVote(id, key, user, value)
		if err != nil {
			return nil, err
		}
		for _, m := range row.Marks {
			if m.On {
				voted = append(voted, id)
				break
			}
		}
		if err := tx.delete(votes, key); err != nil {
			return nil, err
		}
	}
	if err := tx.keepOut(t.ID, user); err != nil {
		return nil, err
	}
	p := record.NewPseudonym()
	record.Replace(t.Invited, user, p)
	record.Replace(t.Outside, user, p)
	record.Replace(t.Barred, user, p)
	t.Unremind(user)
	return voted, tx.putTasting(t, true)
}

// rename puts a pseudonym in a user's place. It is long because a voter's name
// stands in four places: rows, cells, the record, and whom it keeps out. All
// change in one transaction or none.
func (tx *txn) rename(t bot.Tasting, user string) error {
	p := record.NewPseudonym()
	old, err := tx.voterNumber(bot.Voter{Workspace: t.ID.Workspace, User: user})
	if err != nil {
		return err
	}
	now, err := tx.voterNumber(bot.Voter{Workspace: t.ID.Workspace, User: p})
	if err != nil {
		return err
	}
	for i := range t.Rounds {
		id := t.ID.Round(i + 1)
		value, err := tx.get(votes, voteKey(id, user))
		if err != nil {
			return err
		}
		if value == nil {
			continue
		}
		if err := tx.renumber(id, old, now); err != nil {
			return err
		}
		value = append([]byte(nil), value...)
		if err := tx.delete(votes, voteKey(id, user)); err != nil {
			return err
		}
		if err := tx.put(votes, voteKey(id, p), value); err != nil {
			return err
		}
	}
	g, err := tx.gate(t.ID)
	if err != nil {
		return err
	}
	named := record.Replace(t.Invited, user, p)
	named = record.Replace(t.Outside, user, p) || named
	named = t.Unremind(user) || named
	if t.Starter.User == user {
		t.Starter.User, named = p, true
	}
	if record.Replace(t.Barred, user, p) {
		named = true
		if t.State < bot.Closed {
			g.out = true
			if err := tx.keepOut(t.ID, user); err != nil {
				return err
			}
		}
	}
	if !named {
		return nil
	}
	return tx.putTasting(t, g.out)
}

// putTastingSettling stores t. Once its votes are settled nobody needs to be
// kept out of it any more: names that were still needed become pseudonyms,
// and the hashes go.
func (tx *txn) putTastingSettling(t bot.Tasting) error {
	g, err := tx.gate(t.ID)
	if err != nil {
		return err
	}
	if !g.out || t.State < bot.Closed {
		return tx.putTasting(t, g.out)
	}
	for _, name := range append([]string{t.Starter.User}, append(t.Invited, t.Barred...)...) {
		out, err := tx.isOut(t.ID, name)
		if err != nil {
			return err
		}
		if !out {
			continue
		}
		p := record.NewPseudonym()
		if t.Starter.User == name {
			t.Starter.User = p
		}
		record.Replace(t.Invited, name, p)
		record.Replace(t.Barred, name, p)
	}
	if err := tx.deleteAll(forgotten, record.TastingKey(t.ID)); err != nil {
		return err
	}
	return tx.putTasting(t, false)
}

// keepOut remembers that a user is forgotten in a tasting, without the name.
func (tx *txn) keepOut(id bot.TastingID, user string) error {
	key, err := tx.forgottenKey(id, user)
	if err != nil {
		return err
	}
	return tx.put(forgotten, key, nil)
}

// isOut reports whether a user is forgotten in a tasting.
func (tx *txn) isOut(id bot.TastingID, user string) (bool, error) {
	key, err := tx.forgottenKey(id, user)
	if err != nil {
		return false, err
	}
	v, err := tx.get(forgotten, key)
	return v != nil, err
}

// countOut is how many users are forgotten in a tasting, which are never fewer until it
// is settled.
func (tx *txn) countOut(id bot.TastingID) (n int) {
	prefix := record.TastingKey(id)
	c := tx.Bucket([]byte(forgotten)).Cursor()
	for k, _ := c.Seek(prefix); hasPrefix(k, prefix); k, _ = c.Next() {
		n++
	}
	return n
}

func (tx *txn) forgottenKey(id bot.TastingID, user string) ([]byte, error) {
	key, err := tx.ownSecret(record.ForgetSecret)
	if err != nil {
		return nil, err
	}
	return append(record.TastingKey(id), record.Forgotten(key, id, user)...), nil
}
