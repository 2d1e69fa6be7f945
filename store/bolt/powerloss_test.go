package bolt

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A disk writes a page in sectors, and a power cut leaves some of them.
const diskPage, diskSector = 4096, 512

// Power is lost while a vote is written: of the pages that were not synced yet some have
// reached the disk, some by halves, in any order; and the page that makes the commit
// valid, which is written after they were synced and lies within a sector, is there or
// not. The file opens, and has every vote that was acknowledged before. What was
// written is taken from the file itself, commit by commit.
func TestPowerLoss(t *testing.T) {
	s, id := openBallot(t)
	cuts := 12
	if testing.Short() {
		cuts = 4
	}
	r := rand.New(rand.NewPCG(9, 9))
	read := func() []byte {
		b, err := os.ReadFile(s.path)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	path := filepath.Join(t.TempDir(), "db")
	old, noticed := read(), 0
	for n := range cuts {
		v := bot.Voter{Workspace: id.Workspace, User: fmt.Sprintf("u%03d", n)}
		if err := s.Hear(t.Context(), id, v, bot.First, bot.Mark{On: true, At: time.Unix(int64(n), 0)}); err != nil {
			t.Fatal(err)
		}
		new := read()
		for _, image := range [][]byte{beforeTheMeta(r, old, new), withoutMeta(old, new), new} {
			if problem := opens(t, path, image, id, n); problem != "" {
				t.Fatalf("power is lost while vote %d is written: %s", n+1, problem)
			}
		}
		// Against a disk that lies about syncing nothing helps. Were such an image taken for
		// a good one, this test would see nothing.
		if opens(t, path, unsynced(old, new), id, n+1) != "" {
			noticed++
		}
		old = new
	}
	if noticed < cuts/2 {
		t.Errorf("of %d images in which a commit is valid and its pages are not there only %d are noticed", cuts, noticed)
	}
}

// changed calls f with each page of the later image that is another than before.
func changed(old, new []byte, f func(at int)) {
	for at := 0; at < len(new); at += diskPage {
		if at >= len(old) || !bytes.Equal(old[at:at+diskPage], new[at:at+diskPage]) {
			f(at)
		}
	}
}

// grown is a copy of old as long as new, since the file grows before pages are written.
func grown(old, new []byte) []byte {
	image := make([]byte, len(new))
	copy(image, old)
	return image
}

// beforeTheMeta has some of the sectors of a commit's pages.
func beforeTheMeta(r *rand.Rand, old, new []byte) []byte {
	image := grown(old, new)
	changed(old, new, func(at int) {
		if at < 2*diskPage {
			return
		}
		whole := r.IntN(3)
		for sector := at; sector < at+diskPage; sector += diskSector {
			if whole == 0 || whole == 1 && r.IntN(2) == 0 {
				copy(image[sector:sector+diskSector], new[sector:])
			}
		}
	})
	return image
}

// withoutMeta has all pages of a commit, and its meta page as it was before.
func withoutMeta(old, new []byte) []byte {
	image := bytes.Clone(new)
	copy(image, old[:2*diskPage])
	return image
}

// unsynced has the meta page of a commit, and none of its other pages.
func unsynced(old, new []byte) []byte {
	image := grown(old, new)
	copy(image[:2*diskPage], new)
	return image
}

// opens opens an image at a path, and says what is wrong unless it has the first n votes.
func opens(t *testing.T, path string, image []byte, id bot.RoundID, n int) (problem string) {
	t.Helper()
	if err := os.WriteFile(path, image, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := OpenUnsynced(t.Context(), silent, path)
	if err != nil {
		return fmt.Sprintf("it does not open: %v", err)
	}
	defer s.Close()
	votes, err := s.Votes(t.Context(), id)
	if err != nil {
		return fmt.Sprintf("votes cannot be read: %v", err)
	}
	for i := range n {
		if i >= len(votes) || votes[i].Voter.User != fmt.Sprintf("u%03d", i) || votes[i].Pick() != bot.First {
			return fmt.Sprintf("of %d acknowledged votes number %d is gone; there are %d", n, i+1, len(votes))
		}
	}
	return ""
}
