package postgres

import (
	"fmt"
	"math"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Marks are stored as numbers of which the greatest is the one that counts:
// twice the stamp in nanoseconds, and one more if it is off. nil: never heard.

// always is a mark that is on and has no stamp.
const always = math.MinInt64

// encodeMark returns nil for a mark that was never heard.
func encodeMark(m bot.Mark) (*int64, error) {
	if m == (bot.Mark{}) {
		return nil, nil
	}
	n := int64(always)
	if !m.At.IsZero() {
		at := m.At.UnixNano()
		if !time.Unix(0, at).Equal(m.At) || at <= math.MinInt64/2 || at > math.MaxInt64/2 {
			return nil, fmt.Errorf("stamp %v: not between 1824 and 2116", m.At)
		}
		n = 2 * at
		if !m.On {
			n++
		}
	}
	return &n, nil
}

// decodeMark undoes encodeMark.
func decodeMark(n *int64) bot.Mark {
	switch {
	case n == nil:
		return bot.Mark{}
	case *n == always:
		return bot.Mark{On: true}
	}
	return bot.Mark{On: *n&1 == 0, At: time.Unix(0, *n>>1).UTC()}
}

func encodeMarks(ms [4]bot.Mark) (ns [4]*int64, err error) {
	for i, m := range ms {
		if ns[i], err = encodeMark(m); err != nil {
			return ns, err
		}
	}
	return ns, nil
}

func decodeMarks(ns [4]*int64) (ms [4]bot.Mark) {
	for i, n := range ns {
		ms[i] = decodeMark(n)
	}
	return ms
}
