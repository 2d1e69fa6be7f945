package compose

import (
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// Ballots are the votes of a tasting as a verdict needs them: eight bytes each, since
// there may be a million. The zero value is ready for Add.
type Ballots struct {
	users  []string         // by number
	number map[string]int32 // nil while there is only one round
	only   int              // that round; 0: none yet
	rounds [][]cast         // by a round's number, less one
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
	for len(b.rounds) < n {
		b.rounds = append(b.rounds, nil)
	}
	switch {
	case b.only == 0:
		b.only = n
	case b.only != n && b.number == nil:
		b.number = make(map[string]int32, len(b.users))
		for i, u := range b.users {
			b.number[u] = int32(i)
		}
	}
	who, known := b.number[v.Voter.User]
	if !known {
		who = int32(len(b.users))
		b.users = append(b.users, v.Voter.User)
		if b.number != nil {
			b.number[v.Voter.User] = who
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

// Users are those who voted, in order.
func (b *Ballots) Users() []string {
	return slices.Sorted(slices.Values(b.users))
}

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

// marked are the users who are marked, in order.
func (b *Ballots) marked(people []bool) []string {
	var users []string
	for i, yes := range people {
		if yes {
			users = append(users, b.users[i])
		}
	}
	slices.Sort(users)
	return users
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
