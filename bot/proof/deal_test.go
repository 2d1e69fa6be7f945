package proof

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// dealtTasting has six plain rounds, one of them void, and two control pairs; three
// people sat down and voted on all that they were dealt, but one vote.
func dealtTasting() (bot.Tasting, []bot.Texts) {
	t := bot.Tasting{
		ID: bot.TastingID{N: 7}, Ballot: bot.Private, Models: [2]bot.Card{{Name: "kestrel"}, {Name: "nova"}},
		Nonce: []byte("0123456789abcdef"), Orders: []byte("fedcba9876543210"),
		Deal: bot.Deal{Plain: 3, Looks: 4, Most: 20, Seed: []byte("abcdefabcdef0123"), Seats: 3, Looked: 2, Shown: true},
	}
	for n := range 8 {
		t.Rounds = append(t.Rounds, bot.Round{Kind: []bot.Kind{bot.Plain, bot.Plain, bot.Plain, bot.Control}[n%4]})
	}
	t.Rounds[1].Void = "nova answered 401"
	for seat := 1; seat <= 3; seat++ {
		for _, n := range t.OrderFor(fmt.Sprint("user", seat), seat) {
			t.Rounds[n-1].Counts[0][seat%4]++
		}
	}
	t.Rounds[t.Deck(1)[0]-1].Counts[0][1]--
	return t, make([]bot.Texts, len(t.Rounds))
}

// What verify reads is enough to deal again: any change to the pool, the seed, the
// rule or the votes is noticed.
func TestVerifyDeal(t *testing.T) {
	tasting, texts := dealtTasting()
	text := Of(tasting, texts).String()
	said, err := Verify(text)
	if err != nil || len(said) != 7+3 {
		t.Fatalf("Verify = %q, %v", said, err)
	}
	for i, want := range []string{
		"The pool, the decks and the rule: the commitment fits.",
		"each of 3 seats was dealt 3 of 5 rounds",
		"something was shown when 14 of at most 20 votes were in, at look 2 of 4, which ended voting; at the level 0.0106 for a winner and 0.0163",
	} {
		if !strings.Contains(said[7+i], want) {
			t.Errorf("says %q, want %q", said[7+i], want)
		}
	}
	line := func(word string) string {
		_, rest, _ := strings.Cut(text, "\n"+word)
		rest, _, _ = strings.Cut(rest, "\n")
		return word + rest
	}
	dealt := make(map[int]bool)
	for seat := range 3 {
		for _, n := range tasting.Deck(seat + 1) {
			dealt[n] = true
		}
	}
	full := tasting.Deck(2)[0]
	count := tasting.Rounds[full-1].Counts.Tally().N()
	was := fmt.Sprintf(" votes %d", count)
	for name, changed := range map[string]string{
		"the seed":             strings.Replace(text, "seed 6162", "seed 6163", 1),
		"how much is dealt":    strings.Replace(text, "deal plain 3", "deal plain 4", 1),
		"how often it looks":   strings.Replace(text, "looks 4", "looks 1", 1),
		"the most votes":       strings.Replace(text, "most 20", "most 200", 1),
		"a round of the pool":  strings.Replace(text, line("round 7.3")+"\n", "", 1),
		"a look that is none":  strings.Replace(text, "looked 2", "looked 4", 1),
		"shown without a look": strings.Replace(text, "looked 2", "looked 0", 1),
		"nobody sat down":      strings.Replace(text, "held seats 3", "held seats 0", 1),
		"votes of nobody":      strings.Replace(text, line(fmt.Sprintf("round 7.%d", full)), strings.TrimSuffix(line(fmt.Sprintf("round 7.%d", full)), was)+" votes 9", 1),
		"a vote that is none":  strings.Replace(text, " votes 1", " votes one", 1),
		"a million seats":      strings.Replace(text, "held seats 3", "held seats 1000000", 1),
	} {
		if changed == text {
			t.Errorf("%s: nothing is changed in\n%s", name, text)
		}
		if said, err := Verify(changed); err == nil {
			t.Errorf("with %s changed it is believed: %q", name, said[len(said)-3:])
		} else if _, ok := err.(bot.UserError); !ok {
			t.Errorf("with %s changed: %v is no sentence for people", name, err)
		}
	}

	tasting.Deal.Shown = false
	if said, err := Verify(Of(tasting, texts).String()); err != nil || !strings.Contains(said[9], "the last look, when voting was over with 14 of at most 20 votes; at the level 0.0431 for") {
		t.Errorf("not shown: %q, %v", said, err)
	}
	tasting.Deal.Looks, tasting.Deal.Looked = 1, 0
	if said, err := Verify(Of(tasting, texts).String()); err != nil || !strings.Contains(said[9], "looked at once, when voting was over; at the level 0.05 for") {
		t.Errorf("looked at once: %q, %v", said, err)
	}
	if text := Of(tasting, texts).String(); strings.Contains(text, "user") {
		t.Errorf("the proof says who sat where:\n%s", text)
	}
}

// The encoding is documented; whoever follows the documentation, as here with
// printf and sha256sum in a shell, gets this.
func TestDealEncoding(t *testing.T) {
	tasting, texts := dealtTasting()
	tasting.Rounds = tasting.Rounds[:1]
	p := Of(tasting, texts)
	const want = "2a2fc17ab23c437a7c96387d1b59017ee78f355a8819b6bf23a264fd5561496e"
	if got := fmt.Sprintf("%x", p.Deal.Commitment); got != want {
		t.Errorf("commitment = %s, want %s (round %x)", got, want, p.Rounds[0].Commitment)
	}
}
