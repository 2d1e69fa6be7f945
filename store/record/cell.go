package record

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// cellSize is the bytes of a cell: its voter, big-endian, and its lean.
const cellSize = 9

// CellsOf are the cells of a round's final rows.
func CellsOf(secret []byte, vs []bot.Vote) []bot.Cell {
	cs, number := make([]bot.Cell, 0, len(vs)), Numbers(secret)
	for _, v := range vs {
		if v.Pick() != bot.None {
			cs = append(cs, CellOf(number, v))
		}
	}
	return cs
}

// CellOf is the cell of a final row, which has a pick. number is of [Numbers].
func CellOf(number func(bot.Voter) uint64, v bot.Vote) bot.Cell {
	return bot.Cell{Voter: number(v.Voter), Lean: v.Pick().Lean()}
}

// EncodeCells orders cells by voter, so that their order says nothing of names.
func EncodeCells(cs []bot.Cell) []byte {
	slices.SortFunc(cs, func(a, b bot.Cell) int { return cmp.Compare(a.Voter, b.Voter) })
	b := make([]byte, 0, cellSize*len(cs)+4) // with room for a checksum
	for _, c := range cs {
		b = append(binary.BigEndian.AppendUint64(b, c.Voter), byte(c.Lean))
	}
	return b
}

// DecodeCells undoes EncodeCells. ok is false if b does not come from it.
func DecodeCells(b []byte) (cs []bot.Cell, ok bool) {
	if len(b)%cellSize != 0 {
		return nil, false
	}
	cs = make([]bot.Cell, 0, len(b)/cellSize)
	for ; len(b) > 0; b = b[cellSize:] {
		cs = append(cs, bot.Cell{Voter: binary.BigEndian.Uint64(b), Lean: int8(b[8])})
	}
	return cs, true
}

// Renumber puts one voter's number in the place of another's.
func Renumber(cs []bot.Cell, old, now uint64) {
	for i := range cs {
		if cs[i].Voter == old {
			cs[i].Voter = now
		}
	}
}
