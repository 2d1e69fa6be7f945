package record

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// never is the stamp of a mark that was never heard.
const never = math.MinInt64

// EncodeMarks returns a byte with a bit for each mark that is on, then their
// stamps in nanoseconds since 1970.
func EncodeMarks(ms [4]bot.Mark) ([]byte, error) {
	b := make([]byte, 1, 1+4*8+4) // with room for a checksum
	for i, m := range ms {
		at := int64(never)
		if !m.At.IsZero() {
			at = m.At.UnixNano()
			if !time.Unix(0, at).Equal(m.At) || at == never {
				return nil, fmt.Errorf("stamp %v: not between 1678 and 2262", m.At)
			}
		}
		if m.On {
			b[0] |= 1 << i
		}
		b = binary.BigEndian.AppendUint64(b, uint64(at))
	}
	return b, nil
}

// DecodeMarks undoes EncodeMarks. ok is false if b does not come from it.
func DecodeMarks(b []byte) (ms [4]bot.Mark, ok bool) {
	if len(b) != 1+4*8 {
		return ms, false
	}
	for i := range ms {
		ms[i].On = b[0]>>i&1 != 0
		if at := int64(binary.BigEndian.Uint64(b[1+8*i:])); at != never {
			ms[i].At = time.Unix(0, at).UTC()
		}
	}
	return ms, true
}

// Final returns a copy of a tasting's final votes, ordered by round and user.
// It is an error if one is of another tasting, of no round, of a voter of
// another workspace or one voter's second in a round.
func Final(id bot.TastingID, rounds int, vs []bot.Vote) ([]bot.Vote, error) {
	final := slices.SortedFunc(slices.Values(vs), CompareVotes)
	for i, v := range final {
		if v.Round.TastingID != id || v.Round.Round < 1 || v.Round.Round > rounds {
			return nil, fmt.Errorf("a vote in round %v: %w", v.Round, bot.ErrNotFound)
		}
		if err := CheckVoter(id, v.Voter); err != nil {
			return nil, err
		}
		if i > 0 && CompareVotes(final[i-1], v) == 0 {
			return nil, fmt.Errorf("two votes of one voter in round %v", v.Round)
		}
		if _, err := EncodeMarks(v.Marks); err != nil {
			return nil, fmt.Errorf("a vote in round %v: %w", v.Round, err)
		}
	}
	return final, nil
}

// Kept reports of a row whether it stays when t is sealed: whether it has a pick, its
// round is live, and it is of nobody whose votes do not count.
func Kept(t bot.Tasting) func(bot.Vote) bool {
	out := make(map[string]bool, len(t.Barred)+len(t.Outside))
	for _, users := range [][]string{t.Barred, t.Outside} {
		for _, u := range users {
			out[u] = true
		}
	}
	live := make([]bool, len(t.Rounds)+1)
	for _, n := range t.Live() {
		live[n] = true
	}
	return func(v bot.Vote) bool {
		n := v.Round.Round
		return v.Pick() != bot.None && n < len(live) && live[n] && !out[v.Voter.User]
	}
}

// KeptFrom is [Kept] while it is sealed: nobody's votes are counted apart yet.
func KeptFrom(t bot.Tasting) func(bot.Vote) bool {
	t.Outside = nil
	return Kept(t)
}

// CompareVotes orders votes of one tasting by round and user.
func CompareVotes(a, b bot.Vote) int {
	return cmp.Or(cmp.Compare(a.Round.Round, b.Round.Round), cmp.Compare(a.Voter.User, b.Voter.User))
}

// CheckVoter refuses voters of another workspace.
func CheckVoter(id bot.TastingID, v bot.Voter) error {
	if v.Workspace != id.Workspace {
		return fmt.Errorf("a voter of another workspace in tasting %v", id)
	}
	return nil
}
