package record

import (
	"bytes"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A vote is read as it was written; other bytes are refused, or written again as they are.
func FuzzMarks(f *testing.F) {
	for _, ms := range [][4]bot.Mark{{}, {{On: true, At: time.Unix(0, 1)}, {At: time.Unix(1, 0)}}, {3: {On: true, At: time.Unix(1<<33, 999)}}} {
		b, err := EncodeMarks(ms)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte{})
	f.Add(bytes.Repeat([]byte{0xff}, 33))
	f.Fuzz(func(t *testing.T, b []byte) {
		ms, ok := DecodeMarks(b)
		if !ok {
			return
		}
		again, err := EncodeMarks(ms)
		if err != nil {
			t.Fatalf("%x is read as %v, which cannot be written: %v", b, ms, err)
		}
		if got, ok := DecodeMarks(again); !ok || got != ms {
			t.Fatalf("%x is read as %v, and written again as %v", b, ms, got)
		}
		v := bot.Vote{Marks: ms}
		if p := v.Pick(); p > bot.Bad {
			t.Fatalf("%x is a vote for %d", b, p)
		}
	})
}
