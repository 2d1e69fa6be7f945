package compose

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// Ballots are the votes of a tasting as a verdict needs them: eight bytes each, and eight
// for each person, since there may be a million. The zero value is ready for Add.
type Ballots struct {
	people []person         // by number
	number map[person]int32 // nil while there is only one round
	only   int              // that round; 0: none yet
	rounds [][]cast         // by a round's number, less one
}

// A person is who votes, without a name: eight bytes of SHA-256, which tell a
// million people apart in less room than what they are called.
type person uint64

func personOf(user string) person {
	sum := sha256.Sum256([]byte(user))
	return person(binary.BigEndian.Uint64(sum[:]))
}

// Grow makes room for n votes in one round.
func (b *Ballots) Grow(n, round int) {
	b.upTo(round)
	b.rounds[round-1] = slices.Grow(b.rounds[round-1], n)
}

func (b *Ballots) upTo(round int) {
	for len(b.rounds) < round {
		b.rounds = append(b.rounds, nil)
	}
}

// A cast is somebody's pick in a round.
type cast struct {
	who  int32
	pick bot.Pick
}

// Add adds a row, one a voter and round. One without a pick is passed over.
func (b *Ballots) Add(v bot.Vote) {
	p, n := v.Pick(), v.Round.Round
	if p == bot.None {
		return
	}
	b.upTo(n)
	switch {
	case b.only == 0:
		b.only = n
		b.people = make([]person, 0, cap(b.rounds[n-1]))
	case b.only != n && b.number == nil:
		b.number = make(map[person]int32, len(b.people))
		for i, x := range b.people {
			b.number[x] = int32(i)
		}
	}
	x := personOf(v.Voter.User)
	who, known := b.number[x]
	if !known {
		who = int32(len(b.people))
		b.people = append(b.people, x)
		if b.number != nil {
			b.number[x] = who
		}
	}
	b.rounds[n-1] = append(b.rounds[n-1], cast{who, p})
}

// N is how many there are.
func (b *Ballots) N() (n int) {
	for _, r := range b.rounds {
		n += len(r)
	}
	return n
}

// People is how many people cast them.
func (b *Ballots) People() int { return len(b.people) }

// on are those on round n.
func (b *Ballots) on(n int) []cast {
	if n > len(b.rounds) {
		return nil
	}
	return b.rounds[n-1]
}

// mark marks those who voted on round n.
func (b *Ballots) mark(people []bool, n int) {
	for _, c := range b.on(n) {
		people[c.who] = true
	}
}

// marked are those who are marked, in order.
func (b *Ballots) marked(people []bool) []person {
	all := make([]person, 0, len(b.people))
	for i, yes := range people {
		if yes {
			all = append(all, b.people[i])
		}
	}
	slices.Sort(all)
	return all
}

// Counting reports of a private tasting's rows whether they count when it is sealed:
// with a pick, in a round that was not taken out, and of nobody whose votes do not
// count, or count apart.
func Counting(t bot.Tasting) func(bot.Vote) bool {
	out := make(map[string]bool)
	for _, u := range slices.Concat(t.Barred, t.Outside) {
		out[u] = true
	}
	return func(v bot.Vote) bool {
		return v.Pick() != bot.None && t.Rounds[v.Round.Round-1].Live() && !out[v.Voter.User]
	}
}
