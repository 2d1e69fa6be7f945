package bolt

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Sit implements [bot.Store]. It writes only the first time.
func (s *Store) Sit(ctx context.Context, id bot.TastingID, v bot.Voter) (int, error) {
	seat, err := view(ctx, s, func(tx *txn) (int, error) { return tx.seat(id, v) })
	if seat > 0 || err != nil {
		return seat, err
	}
	return write(ctx, s, func(tx *txn) (int, error) { return tx.sit(id, v) })
}

// seat returns the seat that a voter has in a tasting that takes votes; 0: none.
func (tx *txn) seat(id bot.TastingID, v bot.Voter) (int, error) {
	if err := record.CheckVoter(id, v); err != nil {
		return 0, err
	}
	g, err := tx.gate(id)
	if err != nil {
		return 0, err
	}
	if !g.state.TakesVotes() {
		return 0, bot.ErrClosed
	}
	key := seatKey(id, v.User)
	value, err := tx.get(seats, key)
	if value == nil || err != nil {
		return 0, err
	}
	if len(value) != 4 {
		return 0, damagedRecord(seats, key)
	}
	return int(binary.BigEndian.Uint32(value)), nil
}

func (tx *txn) sit(id bot.TastingID, v bot.Voter) (int, error) {
	seat, err := tx.seat(id, v) // somebody may have pressed twice at once
	if seat > 0 || err != nil {
		return seat, err
	}
	t, err := tx.tasting(id)
	if err != nil {
		return 0, err
	}
	g, err := tx.gate(id)
	if err != nil {
		return 0, err
	}
	if g.out {
		if out, err := tx.isOut(id, v.User); out || err != nil {
			return t.Deal.Seats + 1, err
		}
	}
	t.Deal.Seats++
	if err := tx.put(seats, seatKey(id, v.User), binary.BigEndian.AppendUint32(nil, uint32(t.Deal.Seats))); err != nil {
		return 0, err
	}
	if err := putJSON(tx, tastings, record.TastingKey(id), t); err != nil {
		return 0, fmt.Errorf("count a seat in tasting %v: %w", id, err)
	}
	return t.Deal.Seats, nil
}
