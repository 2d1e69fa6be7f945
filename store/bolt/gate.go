package bolt

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A gate is the little of a tasting that a vote needs to know, so that votes
// never decode more.
type gate struct {
	state   bot.State
	waiting bool   // has a record in due, at wake
	out     bool   // there are forgotten voters to keep out
	rounds  uint32 // how many
	wake    uint64 // sortable
}

// gate returns a tasting's gate, or ErrNotFound.
func (tx *txn) gate(id bot.TastingID) (gate, error) {
	if g, ok := tx.gates[id]; ok {
		return g, nil
	}
	key := tastingKey(id)
	v, err := tx.get(gates, key)
	if err != nil {
		return gate{}, err
	}
	if v == nil {
		return gate{}, bot.ErrNotFound
	}
	g, err := decodeGate(key, v)
	if err == nil {
		tx.gates[id] = g
	}
	return g, err
}

// hasRound returns the gate of the round's tasting, or ErrNotFound if there is
// no such round.
func (tx *txn) hasRound(id bot.RoundID) (gate, error) {
	g, err := tx.gate(id.TastingID)
	if err == nil && (id.Round < 1 || uint64(id.Round) > uint64(g.rounds)) {
		err = bot.ErrNotFound
	}
	return g, err
}

// putGate stores what t's gate and place in the queue of due tastings are.
func (tx *txn) putGate(t bot.Tasting, out bool) error {
	old, err := tx.gate(t.ID)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return err
	}
	if old.waiting {
		if err := tx.delete(due, dueKeyAt(old.wake, t.ID)); err != nil {
			return err
		}
	}
	g := gate{t.State, !t.Settled(), out, uint32(len(t.Rounds)), sortable(t.Wake)}
	if g.waiting {
		if err := tx.put(due, dueKeyAt(g.wake, t.ID), nil); err != nil {
			return err
		}
	}
	delete(tx.gates, t.ID)
	return tx.put(gates, tastingKey(t.ID), encodeGate(g))
}

func encodeGate(g gate) []byte {
	b := []byte{byte(g.state), bit(g.waiting) | bit(g.out)<<1}
	b = binary.BigEndian.AppendUint32(b, g.rounds)
	return binary.BigEndian.AppendUint64(b, g.wake)
}

func decodeGate(key, b []byte) (gate, error) {
	if len(b) != 14 {
		return gate{}, damagedRecord(gates, key)
	}
	return gate{
		state:   bot.State(b[0]),
		waiting: b[1]&1 != 0,
		out:     b[1]&2 != 0,
		rounds:  binary.BigEndian.Uint32(b[2:]),
		wake:    binary.BigEndian.Uint64(b[6:]),
	}, nil
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func dueKeyAt(wake uint64, id bot.TastingID) []byte {
	return append(binary.BigEndian.AppendUint64(nil, wake), tastingKey(id)...)
}

// sortable maps times to numbers of the same order, the zero time to 0.
// Times that UnixNano cannot say go to the nearest that it can.
func sortable(t time.Time) uint64 {
	switch {
	case t.IsZero():
		return 0
	case t.Before(time.Unix(0, -1<<63+1)):
		return 1
	case t.After(time.Unix(0, 1<<63-1)):
		return 1<<64 - 1
	}
	return uint64(t.UnixNano()) ^ 1<<63
}
