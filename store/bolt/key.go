package bolt

import (
	"encoding/binary"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// The keys of a vote and of a seat end with the user's bare bytes, that of a
// judgment with the judge's, so that rows are ordered by user and by judge; that
// of settings ends with the channel's, that of a person with the user's. How keys begin stands in package record.

func roundKey(id bot.RoundID) []byte {
	return binary.BigEndian.AppendUint32(record.TastingKey(id.TastingID), uint32(id.Round))
}

func voteKey(id bot.RoundID, user string) []byte { return append(roundKey(id), user...) }

func judgmentKey(id bot.RoundID, judge string) []byte { return append(roundKey(id), judge...) }

func seatKey(id bot.TastingID, user string) []byte { return append(record.TastingKey(id), user...) }

func settingsKey(p bot.Place) []byte { return append(record.WorkspaceKey(p.Workspace), p.Channel...) }

func personKey(v bot.Voter) []byte { return append(record.WorkspaceKey(v.Workspace), v.User...) }

func placeKey(p bot.Place) []byte {
	return record.AppendString(record.WorkspaceKey(p.Workspace), p.Channel)
}

func refKey(r bot.Ref) []byte { return record.AppendString(placeKey(r.Place), r.Message) }

func intentKey(at bot.Place, k bot.PostKey) []byte {
	b := roundKey(k.Tasting.Round(k.Round))
	return append(record.AppendString(b, k.What), placeKey(at)...)
}

// cutWorkspace takes a workspace off the front of a key.
func cutWorkspace(b []byte) (w bot.Workspace, rest []byte, err error) {
	w, rest, ok := record.CutWorkspace(b)
	if !ok {
		return w, nil, fmt.Errorf("key %q: %w", b, ErrDamaged)
	}
	return w, rest, nil
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
