package bolt

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// A gate is the little of a tasting that a vote needs to know, so that votes
// never decode more.
type gate struct {
	state  bot.State
	out    bool   // there are forgotten voters to keep out
	rounds uint32 // how many
}

// gate returns a tasting's gate, or ErrNotFound.
func (tx *txn) gate(id bot.TastingID) (gate, error) {
	if g, ok := tx.gates[id]; ok {
		return g, nil
	}
	key := record.TastingKey(id)
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

// hasTexts is hasRound also of a further prompt, which has texts and takes no votes.
func (tx *txn) hasTexts(id bot.RoundID) (gate, error) {
	g, err := tx.hasRound(id)
	if !errors.Is(err, bot.ErrNotFound) || id.Round < 1 || id.Round > math.MaxInt32 {
		return g, err
	}
	x, unread := tx.get(texts, roundKey(id))
	switch {
	case unread != nil:
		return g, unread
	case x == nil:
		return g, err
	}
	return tx.gate(id.TastingID)
}

// putGate stores t's gate.
func (tx *txn) putGate(t bot.Tasting, out bool) error {
	delete(tx.gates, t.ID)
	return tx.put(gates, record.TastingKey(t.ID), encodeGate(gate{t.State, out, uint32(len(t.Rounds))}))
}

func encodeGate(g gate) []byte {
	return binary.BigEndian.AppendUint32([]byte{byte(g.state), bit(g.out)}, g.rounds)
}

func decodeGate(key, b []byte) (gate, error) {
	if len(b) != 6 {
		return gate{}, damagedRecord(gates, key)
	}
	return gate{bot.State(b[0]), b[1] != 0, binary.BigEndian.Uint32(b[2:])}, nil
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}
