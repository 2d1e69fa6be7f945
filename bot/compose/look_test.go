package compose

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// BenchmarkLook is a look at all votes of 30 people on a pool of 60 prompts, 20
// each, and on twelve control pairs: while people vote it may take 300 ms.
func BenchmarkLook(b *testing.B) {
	t := bot.Tasting{
		ID: bot.TastingID{N: 7}, Ballot: bot.Private, State: bot.Open, Nonce: []byte("0123456789abcdef"), Orders: []byte("fedcba9876543210"),
		Deal: bot.Deal{Plain: 20, Looks: 4, Most: 960, Seed: []byte("abcdefabcdef0123")},
	}
	for n := range 72 {
		t.Rounds = append(t.Rounds, bot.Round{Kind: []bot.Kind{bot.Control, bot.Plain, bot.Plain, bot.Plain, bot.Plain, bot.Plain}[n%6]})
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var rows []bot.Vote
	for v := range 30 {
		user := fmt.Sprint("user", v)
		for _, n := range t.OrderFor(user, v+1) {
			row := bot.Vote{Round: t.ID.Round(n), Voter: bot.Voter{User: user}}
			pick := []bot.Pick{bot.First, bot.First, bot.First, bot.Second, bot.Tie}[rng.IntN(5)]
			if t.Rounds[n-1].Kind == bot.Plain && (v%3 == 0) != (n%2 == 0) { // people and prompts differ: all tests are made
				pick = bot.Second
			}
			row.Choose(pick, time.Unix(1, 0))
			rows = append(rows, row)
		}
	}
	if len(rows) != 960 {
		b.Fatalf("%d votes, want 960", len(rows))
	}
	var ballots Ballots
	for _, row := range rows {
		ballots.Add(row)
	}
	for b.Loop() {
		Look(t, &ballots, 3)
	}
}
