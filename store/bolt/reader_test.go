package bolt

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// A reader that takes its time, as a backup does, holds no writer up, even if
// the file grows to many times its size meanwhile.
func TestWriterGrowsPastAReader(t *testing.T) {
	s, id := openBallot(t)
	reader, err := s.db.Begin(false)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Rollback()
	written := make(chan error, 1)
	go func() {
		long := bot.Texts{Prompt: bot.Prompt{Text: strings.Repeat("word ", 1<<18)}} // 1.3 MB
		var err error
		for range 8 {
			if err = s.SetTexts(t.Context(), id, long); err != nil {
				break
			}
		}
		written <- err
	}()
	for {
		select {
		case err := <-written:
			if err != nil {
				t.Fatal(err)
			}
			if size := reader.Size(); size > 1<<20 {
				t.Fatalf("the reader began on %d bytes; this test has tested nothing", size)
			}
			return
		default:
		}
		if waitsForReaders() {
			t.Fatal("a writer that must grow the file waits for the reader to end, and every vote with it")
		}
		runtime.Gosched()
	}
}

// waitsForReaders reports whether a goroutine stands in bbolt's mmap and waits
// for the lock that readers hold.
func waitsForReaders() bool {
	all := make([]byte, 1<<20)
	for g := range bytes.SplitSeq(all[:runtime.Stack(all, true)], []byte("\n\n")) {
		if bytes.Contains(g, []byte("bbolt.(*DB).mmap(")) && bytes.Contains(g, []byte("sync.(*RWMutex).Lock(")) {
			return true
		}
	}
	return false
}
