package record

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"

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
	return hashInto(hmac.New(sha256.New, secret), nil, parts...)
}

// hashInto is Hash by a hash that was made with the secret, appended to sum.
func hashInto(h hash.Hash, sum []byte, parts ...string) []byte {
	said := make([]byte, 0, 128)
	for _, p := range parts {
		said = append(binary.AppendUvarint(said, uint64(len(p))), p...)
	}
	h.Write(said)
	return h.Sum(sum)
}

// Forgotten is how a user who was forgotten in a tasting is kept out of it,
// under [ForgetSecret].
func Forgotten(secret []byte, id bot.TastingID, user string) []byte {
	return ForgottenBy(secret)(id, user)
}

// ForgottenBy is [Forgotten] for whoever asks for many, one after the other.
func ForgottenBy(secret []byte) func(id bot.TastingID, user string) []byte {
	h := hmac.New(sha256.New, secret)
	return func(id bot.TastingID, user string) []byte {
		h.Reset()
		return hashInto(h, nil, string(TastingKey(id)), user)
	}
}

// Hidden is the key of a workspace that was deleted, under [KeySecret].
func Hidden(secret []byte, w bot.Workspace) []byte {
	return Hash(secret, "workspace", w.Platform, w.ID)
}

// VoterNumber numbers a voter for [bot.Cell], under [KeySecret], so that nothing
// needs to be remembered of who has which. A pseudonym's number is as new as the
// pseudonym.
func VoterNumber(secret []byte, v bot.Voter) uint64 { return Numbers(secret)(v) }

// Numbers is [VoterNumber] for whoever numbers many, one after the other.
func Numbers(secret []byte) func(bot.Voter) uint64 {
	h := hmac.New(sha256.New, secret)
	var sum []byte
	return func(v bot.Voter) uint64 {
		h.Reset()
		sum = hashInto(h, sum[:0], "voter", v.Platform, v.ID, v.User)
		return binary.BigEndian.Uint64(sum)
	}
}
