package record

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"

	"github.com/tastetest/tastetest/bot"
)

// A store's own secrets, made with it.
const (
	ForgetSecret = "forget" // keys the hashes of those who were forgotten
	KeySecret    = "keys"   // keys the hashes of names
)

// Hash returns HMAC-SHA256 of parts under one of a store's own secrets.
// Keys that may hold a person's name are kept as such a hash only.
func Hash(secret []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, secret)
	for _, p := range parts {
		h.Write(binary.AppendUvarint(nil, uint64(len(p))))
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}

// Forgotten is how a user who was forgotten in a tasting is kept out of it,
// under [ForgetSecret].
func Forgotten(secret []byte, id bot.TastingID, user string) []byte {
	return Hash(secret, string(TastingKey(id)), user)
}

// Hidden is the key of a workspace that was deleted, under [KeySecret].
func Hidden(secret []byte, w bot.Workspace) []byte {
	return Hash(secret, "workspace", w.Platform, w.ID)
}

// VoterNumber numbers a voter for [bot.Cell], under [KeySecret], so that nothing
// needs to be remembered of who has which. A pseudonym's number is as new as the
// pseudonym.
func VoterNumber(secret []byte, v bot.Voter) uint64 {
	return binary.BigEndian.Uint64(Hash(secret, "voter", v.Platform, v.ID, v.User))
}
