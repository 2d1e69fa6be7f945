package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
)

// A Kind is a kind of records. The comments say what a record's value is, and
// in brackets what its name is.
type Kind string

const (
	Workspaces Kind = "workspaces" // [WorkspaceKey, or Hidden] the number of its latest tasting, 8 bytes
	Tastings   Kind = "tastings"   // bot.Tasting as JSON
	Texts      Kind = "texts"      // bot.Texts as JSON
	Votes      Kind = "votes"      // [user] EncodeMarks
	Seats      Kind = "seats"      // [user] a number, 4 bytes
	Cells      Kind = "cells"      // EncodeCells
	Judgments  Kind = "judgments"  // [judge] bot.Judgment as JSON
	Forgottens Kind = "forgotten"  // [Forgotten] nothing
	Jobs       Kind = "jobs"       // [kind and name, by AppendString] when it is due and how it went, as JSON
	Intents    Kind = "intents"    // [the post's key within its round, and the place] bot.Posted and its number, as JSON
	Refs       Kind = "refs"       // [the ballot's bot.Ref] nothing; the record's round is what it means
	Settings   Kind = "settings"   // [channel] bot.Settings as JSON
	People     Kind = "people"     // [user] bot.Profile as JSON
	Reserved   Kind = "reserved"   // [Hash] pico-USD, 8 bytes
	Secrets    Kind = "secrets"    // [its name] 32 bytes
)

// Kinds are all kinds of records, what others refer to first.
func Kinds() []Kind {
	return []Kind{Secrets, Workspaces, Tastings, Texts, Votes, Seats, Cells, Judgments, Forgottens, Jobs, Intents, Refs, Settings, People, Reserved}
}

// A Record is one thing that a store keeps, as stores hand it to each other.
// Of a kind no two have the same workspace, tasting, round and name.
type Record struct {
	Workspace []byte // WorkspaceKey of whose it is; nil: of no workspace, or its name says
	Tasting   uint64 // 0: of none
	Round     int    // 0: of none
	Name      []byte // what else its key says
	Value     []byte
}

// A Sum says which records of a kind a store has, in whatever order: how many,
// and the SHA-256 of each, put together by exclusive or.
type Sum struct {
	Records int
	Hash    [sha256.Size]byte
}

// Add adds a record.
func (s *Sum) Add(r Record) {
	b := AppendString(nil, string(r.Workspace))
	b = binary.BigEndian.AppendUint64(b, r.Tasting)
	b = binary.BigEndian.AppendUint64(b, uint64(r.Round))
	b = AppendString(AppendString(b, string(r.Name)), string(r.Value))
	for i, x := range sha256.Sum256(b) {
		s.Hash[i] ^= x
	}
	s.Records++
}

// Clone returns a record that shares no bytes with r.
func (r Record) Clone() Record {
	r.Workspace, r.Name, r.Value = bytes.Clone(r.Workspace), bytes.Clone(r.Name), bytes.Clone(r.Value)
	return r
}
