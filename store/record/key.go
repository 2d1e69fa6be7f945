// Package record has what is written alike in every store, so that what one has
// kept another can take over, byte by byte: keys, hashes, marks and cells.
package record

import (
	"encoding/binary"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// Keys are made of parts that say where they end, so that no ID, whatever
// bytes it has, can reach into another's: a string is its length as a uvarint
// and its bytes, a number is big-endian.

// AppendString appends a string to a key.
func AppendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// WorkspaceKey begins the keys of all that is a workspace's.
func WorkspaceKey(w bot.Workspace) []byte {
	return AppendString(AppendString(make([]byte, 0, 64), w.Platform), w.ID)
}

// TastingKey begins the keys of all that is a tasting's.
func TastingKey(id bot.TastingID) []byte {
	return binary.BigEndian.AppendUint64(WorkspaceKey(id.Workspace), id.N)
}

// Drafts is where the drafts of a workspace are counted: as if they were the
// tastings of another, so that their number is kept, hidden and brought back alike.
func Drafts(w bot.Workspace) bot.Workspace {
	return bot.Workspace{Platform: ofDrafts + w.Platform, ID: w.ID}
}

const ofDrafts = "\x00drafts "

// OfDrafts reports whether w is what [Drafts] returns.
func OfDrafts(w bot.Workspace) bool { return strings.HasPrefix(w.Platform, ofDrafts) }

// CutString takes a string off the front of b. ok is false if there is none.
func CutString(b []byte) (s string, rest []byte, ok bool) {
	n, w := binary.Uvarint(b)
	if w <= 0 || n > uint64(len(b)-w) {
		return "", nil, false
	}
	return string(b[w : w+int(n)]), b[w+int(n):], true
}

// CutWorkspace takes a workspace off the front of a key. ok is false if there
// is none.
func CutWorkspace(b []byte) (w bot.Workspace, rest []byte, ok bool) {
	platform, rest, ok := CutString(b)
	id, rest, ok2 := CutString(rest)
	return bot.Workspace{Platform: platform, ID: id}, rest, ok && ok2
}
