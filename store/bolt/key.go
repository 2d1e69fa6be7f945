package bolt

import (
	"cmp"
	"encoding/binary"
	"fmt"

	"github.com/tastetest/tastetest/bot"
)

// Keys are made of parts that say where they end, so that no ID, whatever
// bytes it has, can reach into another's: a string is its length as a uvarint
// and its bytes, a number is big-endian. The keys of a vote and of a seat end
// with the user's bare bytes, so that rows are ordered by user.

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func workspaceKey(w bot.Workspace) []byte {
	return appendString(appendString(make([]byte, 0, 64), w.Platform), w.ID)
}

func tastingKey(id bot.TastingID) []byte {
	return binary.BigEndian.AppendUint64(workspaceKey(id.Workspace), id.N)
}

func roundKey(id bot.RoundID) []byte {
	return binary.BigEndian.AppendUint32(tastingKey(id.TastingID), uint32(id.Round))
}

func voteKey(id bot.RoundID, user string) []byte { return append(roundKey(id), user...) }

func seatKey(id bot.TastingID, user string) []byte { return append(tastingKey(id), user...) }

func placeKey(p bot.Place) []byte { return appendString(workspaceKey(p.Workspace), p.Channel) }

func refKey(r bot.Ref) []byte { return appendString(placeKey(r.Place), r.Message) }

func intentKey(at bot.Place, k bot.PostKey) []byte {
	b := roundKey(k.Tasting.Round(k.Round))
	return append(appendString(b, k.What), placeKey(at)...)
}

// cutString takes a string off the front of b. ok is false if there is none.
func cutString(b []byte) (s string, rest []byte, ok bool) {
	n, w := binary.Uvarint(b)
	if w <= 0 || n > uint64(len(b)-w) {
		return "", nil, false
	}
	return string(b[w : w+int(n)]), b[w+int(n):], true
}

// cutWorkspace takes a workspace off the front of a key.
func cutWorkspace(b []byte) (w bot.Workspace, rest []byte, err error) {
	platform, rest, ok := cutString(b)
	id, rest, ok2 := cutString(rest)
	if !ok || !ok2 {
		return w, nil, fmt.Errorf("key %q: %w", b, ErrDamaged)
	}
	return bot.Workspace{Platform: platform, ID: id}, rest, nil
}

// tastingOf reads a whole key made by tastingKey.
func tastingOf(b []byte) (bot.TastingID, error) {
	w, rest, err := cutWorkspace(b)
	if err == nil && len(rest) != 8 {
		err = fmt.Errorf("key %q: %w", b, ErrDamaged)
	}
	if err != nil {
		return bot.TastingID{}, err
	}
	return bot.TastingID{Workspace: w, N: binary.BigEndian.Uint64(rest)}, nil
}

// compareVotes orders votes of one tasting by round and user.
func compareVotes(a, b bot.Vote) int {
	return cmp.Or(cmp.Compare(a.Round.Round, b.Round.Round), cmp.Compare(a.Voter.User, b.Voter.User))
}
