package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/tastetest/tastetest/bot"
)

// Whatever page is zeroed, torn or has a bit flipped: a file is refused with a
// sentence, or it is as it was (free pages and free space may be anything, and
// of the two meta pages one is enough). It never hangs nor ends the process.
func TestDamagedFiles(t *testing.T) {
	good := goodFile(t)
	path := filepath.Join(t.TempDir(), "tastetest.db")
	write := func(data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(good)
	s, err := Open(t.Context(), silent, path)
	if err != nil {
		t.Fatal(err)
	}
	want := dump(t, s)
	s.Close()

	refused, intact := 0, 0
	try := func(what string, data []byte) {
		t.Helper()
		write(data)
		s, err := Open(t.Context(), silent, path)
		if err != nil {
			refused++
			if _, ok := errors.AsType[bot.UserError](err); !ok {
				t.Errorf("%s: %v; want a sentence for people", what, err)
			}
			return
		}
		intact++
		if got := dump(t, s); !maps.Equal(got, want) {
			t.Errorf("%s: opened, and %d records are not as they were", what, len(got))
		}
		// Nor does what is written next land on a page that is in use.
		if err := errors.Join(s.Reserve(t.Context(), "something", 1, -1), s.Close()); err != nil {
			t.Errorf("%s: write and close: %v", what, err)
		}
		if s, err = Open(t.Context(), silent, path); err != nil {
			t.Errorf("%s: opened, written to, and now: %v", what, err)
			return
		}
		if got := dump(t, s); len(got) != len(want)+1 {
			t.Errorf("%s: opened, written to, and now there are %d records", what, len(got))
		}
		s.Close()
	}
	const page = 4096
	flips := 20
	if testing.Short() {
		flips = 4
	}
	r := rand.New(rand.NewPCG(1, 2))
	for at := 0; at < len(good); at += page {
		data := bytes.Clone(good)
		clear(data[at : at+page])
		try(fmt.Sprintf("page %d zeroed", at/page), data)

		data = bytes.Clone(good)
		for i := range data[at : at+page] {
			data[at+i] = byte(r.Uint32())
		}
		try(fmt.Sprintf("page %d overwritten", at/page), data)

		try(fmt.Sprintf("cut off at page %d", at/page), good[:at])

		for range flips {
			data = bytes.Clone(good)
			bit := r.IntN(page * 8)
			data[at+bit/8] ^= 1 << (bit % 8)
			try(fmt.Sprintf("page %d, bit %d flipped", at/page, bit), data)
		}
		for i := range 16 { // a page's header, whose damage is the worst
			data = bytes.Clone(good)
			data[at+i] ^= 1 << r.IntN(8)
			try(fmt.Sprintf("page %d, header byte %d", at/page, i), data)
		}
	}
	t.Logf("%d files refused, %d unharmed", refused, intact)
	if refused == 0 || intact == 0 {
		t.Error("want some of both")
	}
}

// Damage that chance rarely makes, and on which bbolt would end the process or
// write over what is in use.
func TestCraftedDamage(t *testing.T) {
	good := goodFile(t)
	const page = 4096
	put32, put64 := binary.NativeEndian.PutUint32, binary.NativeEndian.PutUint64
	file := bytes.NewReader(good)
	root, err := newestRoot(file)
	if err != nil {
		t.Fatal(err)
	}
	p := pages{file, root, make([]bool, root.pages)}
	if err := p.tree(root.top, nil, nil); err != nil {
		t.Fatal(err)
	}
	pageOf := func(flags uint16) (id uint64) {
		for id = 2; id < root.pages; id++ {
			if p.used[id] && u16(good, int(id*page)+8) == flags && u16(good, int(id*page)+10) > 1 {
				return id
			}
		}
		t.Fatalf("the file has no page with flags %#x and two elements", flags)
		return 0
	}
	leaf, branch := pageOf(leafPage), pageOf(branchPage)
	for _, tt := range []struct {
		name  string
		page  uint64
		craft func(p []byte)
	}{
		{"a page that is its own only child", branch, func(p []byte) {
			binary.NativeEndian.PutUint16(p[10:], 1)
			put64(p[pageHeader+8:], branch)
		}},
		{"a leaf that says one record fewer", leaf, func(p []byte) {
			binary.NativeEndian.PutUint16(p[10:], u16(p, 10)-1)
		}},
		{"a leaf that says it is empty", leaf, func(p []byte) {
			binary.NativeEndian.PutUint16(p[10:], 0)
		}},
		{"a branch that says one child fewer", branch, func(p []byte) {
			binary.NativeEndian.PutUint16(p[10:], u16(p, 10)-1)
		}},
		{"two keys the wrong way round", leaf, func(p []byte) {
			first, second := bytes.Clone(p[16:32]), bytes.Clone(p[32:48])
			put32(first[4:], u32(first, 4)-element)
			put32(second[4:], u32(second, 4)+element)
			copy(p[16:], second)
			copy(p[32:], first)
		}},
		{"a page in use that is listed as free", root.freelist, func(p []byte) {
			binary.NativeEndian.PutUint16(p[10:], 1)
			put64(p[pageHeader:], leaf)
		}},
		{"more free pages than there is room for", root.freelist, func(p []byte) {
			binary.NativeEndian.PutUint16(p[10:], 0xFFFF)
			put64(p[pageHeader:], 1<<63)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := bytes.Clone(good)
			tt.craft(data[tt.page*page:])
			path := filepath.Join(t.TempDir(), "tastetest.db")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Open(t.Context(), silent, path)
			if err == nil {
				s.Close()
			}
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("Open: %v; want ErrDamaged", err)
			}
		})
	}
}

// A record that changes on disk while the store is open is noticed when it is
// read, and named; the others can be read.
func TestDamagedRecord(t *testing.T) {
	s, id := openBallot(t)
	ann := bot.Voter{Workspace: id.Workspace, User: "annabel"}
	if err := s.Hear(t.Context(), id, ann, bot.First, bot.Mark{On: true, At: time.Unix(1, 0)}); err != nil {
		t.Fatal(err)
	}
	err := s.db.Update(func(tx *bbolt.Tx) error {
		b, key := tx.Bucket([]byte(votes)), voteKey(id, "annabel")
		v := bytes.Clone(b.Get(key))
		v[3] ^= 4
		return b.Put(key, v)
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Votes(t.Context(), id)
	if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "votes record") || !strings.Contains(err.Error(), "annabel") {
		t.Errorf("Votes: %v; want ErrDamaged and the record's name", err)
	}
	if err := s.Hear(t.Context(), id, ann, bot.Second, bot.Mark{On: true, At: time.Unix(2, 0)}); !errors.Is(err, ErrDamaged) {
		t.Errorf("Hear on top of it: %v; want ErrDamaged", err)
	}
	copy := filepath.Join(t.TempDir(), "copy")
	if err := s.Snapshot(t.Context(), copy); !errors.Is(err, ErrDamaged) {
		t.Errorf("Snapshot: %v; want ErrDamaged", err)
	}
	if _, err := os.Stat(copy); err == nil {
		t.Error("Snapshot left a damaged copy")
	}
	if _, err := s.Tasting(t.Context(), id.TastingID); err != nil {
		t.Errorf("Tasting: %v", err)
	}
	if err := s.Healthy(); err != nil {
		t.Errorf("Healthy: %v; one record is not the store", err)
	}
}

// After a page has become unreadable the store stops.
func TestFault(t *testing.T) {
	s, id := openBallot(t)
	err := s.update(t.Context(), func(tx *txn) error { return tx.put("no such bucket", []byte("k"), nil) })
	if !errors.Is(err, ErrDamaged) {
		t.Errorf("a panic of bbolt gives %v; want ErrDamaged", err)
	}
	if err := s.Healthy(); !errors.Is(err, ErrDamaged) {
		t.Errorf("Healthy: %v; want ErrDamaged", err)
	}
	if _, err := s.Tasting(t.Context(), id.TastingID); !errors.Is(err, ErrDamaged) {
		t.Errorf("a read: %v; want ErrDamaged", err)
	}
	if err := s.Hear(t.Context(), id, bot.Voter{Workspace: id.Workspace}, bot.First, bot.Mark{}); !errors.Is(err, ErrDamaged) {
		t.Errorf("a vote: %v; want ErrDamaged", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}
