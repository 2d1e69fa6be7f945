package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// A Deal is what a [Proof] says of a tasting whose rounds are dealt to people:
// what was fixed beforehand, and what came of it.
type Deal struct {
	Plain, Looks, Most int
	Seed               []byte
	Commitment         [sha256.Size]byte // shown with the ballot

	Seats  int  // that were taken; who sat where is not published
	Looked int  // which look at votes was the latest while voting was open; 0: there was none
	Shown  bool // by that look, which ended voting
}

// whole is SHA-256 over these lines, each ended by a line feed:
//
//	tastetest deal 1
//	tasting 7
//	plain 16
//	most 520
//	winner 0.0031 0.0106 0.0217 last 0.05 0.048 0.0431 0.0363
//	flags 0.0125 0.0163 0.0207 last 0.05 0.0404 0.032 0.0244
//	seed 000102…
//	round 7.1 2c26b46b…
//	round 7.2 fcde2b2e…
//
// The rule is its levels: those of the early looks, and of the last one by how
// many early ones there were; "last 0.05" where votes are looked at once. A
// round's line has its commitment; void rounds have none.
func (p Proof) whole() [sha256.Size]byte {
	var b bytes.Buffer
	winner, flags := p.Deal.levels()
	fmt.Fprintf(&b, "tastetest deal 1\ntasting %s\nplain %d\nmost %d\nwinner %s\nflags %s\nseed %x\n", p.Tasting, p.Deal.Plain, p.Deal.Most, winner, flags, p.Deal.Seed)
	for _, r := range p.Rounds {
		fmt.Fprintf(&b, "round %s %x\n", r.Round, r.Commitment)
	}
	return sha256.Sum256(b.Bytes())
}

// levels writes the rule.
func (d Deal) levels() (winner, flags string) {
	var w, f []string
	add := func(l stats.Levels) {
		w = append(w, strconv.FormatFloat(l.Winner, 'f', -1, 64))
		f = append(f, strconv.FormatFloat(l.Flags, 'f', -1, 64))
	}
	early := 0
	if d.Looks > 1 {
		early = stats.Looks - 1
	}
	for n := range early {
		add(stats.EarlyLook(n + 1))
	}
	w, f = append(w, "last"), append(f, "last")
	for n := range early + 1 {
		add(stats.LastLook(n, false))
	}
	return strings.Join(w, " "), strings.Join(f, " ")
}

func dealOf(t bot.Tasting) Deal {
	d := t.Deal
	return Deal{Plain: d.Plain, Looks: max(d.Looks, 1), Most: d.Most, Seed: d.Seed, Seats: d.Seats, Looked: d.Looked, Shown: d.Shown}
}

// lines are those of a proof, after its head.
func (d Deal) lines() string {
	return fmt.Sprintf("deal plain %d looks %d most %d seed %x commitment %x\nheld seats %d looked %d shown %d\n",
		d.Plain, d.Looks, d.Most, d.Seed, d.Commitment, d.Seats, d.Looked, digit(d.Shown))
}

func (d *Deal) parse(word, rest string) error {
	if word == "held" {
		shown := 0
		_, err := fmt.Sscanf(rest, "seats %d looked %d shown %d", &d.Seats, &d.Looked, &shown)
		d.Shown = shown == 1
		return err
	}
	var seed, commitment string
	_, err := fmt.Sscanf(rest, "plain %d looks %d most %d seed %s commitment %s", &d.Plain, &d.Looks, &d.Most, &seed, &commitment)
	if err != nil {
		return err
	}
	if d.Seed, err = hex.DecodeString(seed); err != nil {
		return err
	}
	sum, err := hex.DecodeString(commitment)
	if err != nil || len(sum) != sha256.Size || d.Plain < 1 {
		return fmt.Errorf("a value is not what it should be")
	}
	copy(d.Commitment[:], sum)
	return nil
}

// verifyDeal checks the commitment to pool, decks and rule, deals again, and
// says what that shows.
func (p Proof) verifyDeal() ([]string, error) {
	d := p.Deal
	if p.whole() != d.Commitment {
		return nil, bot.UserError(bot.Say("The commitment to the pool, the decks and the rule does not fit. Somebody changed the proof, or one of these."))
	}
	early := 0
	if d.Looks > 1 {
		early = stats.Looks - 1
	}
	if d.Looked < 0 || d.Looked > early || d.Shown && d.Looked == 0 || d.Seats < 0 {
		return nil, bot.UserError(bot.Say("A tasting with {n} looks cannot have ended as the line “held” says. Somebody changed the proof.", bot.Count(d.Looks)))
	}
	times, size, pool, err := p.dealAgain()
	if err != nil {
		return nil, err
	}
	votes := 0
	for _, r := range p.Rounds {
		votes += r.Votes
		if most, plain := times[r.Round]; r.Kind == string(bot.Plain) && (!plain && d.Seats > 0 && r.Votes > 0 || r.Votes > most) {
			return nil, bot.UserError(bot.Say("Round {id} has {votes} votes and was dealt to {seats} seats. Somebody changed the proof, or who votes on what.", bot.Verbatim(r.Round), bot.Count(r.Votes), bot.Count(most)))
		}
	}
	rule := "votes were looked at once, when voting was over"
	l := stats.LastLook(d.Looked, d.Most > 0 && votes > d.Most)
	switch {
	case d.Shown:
		l = stats.EarlyLook(d.Looked)
		rule = fmt.Sprintf("something was shown when %d of at most %d votes were in, at look %d of %d, which ended voting", votes, d.Most, d.Looked, d.Looks)
		if votes*d.Looks < d.Looked*d.Most {
			rule += " (fewer than that look takes: somebody was forgotten since)"
		}
	case d.Looks > 1:
		rule = fmt.Sprintf("the verdict is of the last look, when voting was over with %d of at most %d votes", votes, d.Most)
	}
	return []string{
		fmt.Sprintf("The pool, the decks and the rule: the commitment fits. It must be the one shown with the ballot: %x", d.Commitment),
		fmt.Sprintf("The decks: each of %d seats was dealt %d of %d rounds, and no round has more votes than seats that it was dealt to.", d.Seats, size, pool),
		fmt.Sprintf("The rule: %s; at the level %g for a winner and %g for what else is looked for.", rule, l.Winner, l.Flags),
	}, nil
}

// dealAgain deals the plain rounds to all seats, and returns how often each came
// up, and how many a seat got of how many.
func (p Proof) dealAgain() (times map[string]int, size, pool int, err error) {
	n, err := strconv.ParseUint(p.Tasting, 10, 64)
	if err != nil {
		return nil, 0, 0, bot.UserError(bot.Say("The proof does not say of which tasting it is."))
	}
	id := bot.TastingID{N: n}
	var plain []int
	for _, r := range p.Rounds {
		if r.Kind == string(bot.Plain) {
			number, err := strconv.Atoi(strings.TrimPrefix(r.Round, p.Tasting+"."))
			if err != nil {
				return nil, 0, 0, bot.UserError(bot.Say("Round {id} is none of tasting {tasting}.", bot.Verbatim(r.Round), bot.Verbatim(p.Tasting)))
			}
			plain = append(plain, number)
		}
	}
	const mostSeats = 100_000 // or a changed proof would keep the program busy
	if p.Deal.Seats > mostSeats {
		return nil, 0, 0, bot.UserError(bot.Say("The proof says that {n} seats were taken; nobody has ever seen so many.", bot.Count(p.Deal.Seats)))
	}
	times = make(map[string]int)
	for _, deck := range bot.Decks(p.Deal.Seed, id, plain, p.Deal.Plain, p.Deal.Seats) {
		for _, round := range deck {
			times[id.Round(round).String()]++
		}
	}
	return times, min(p.Deal.Plain, len(plain)), len(plain), nil
}
