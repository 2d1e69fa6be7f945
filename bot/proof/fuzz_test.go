package proof

import (
	"errors"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// No text makes the auditor fall over; one that it believes it believes again as it
// would write it, and not with a commitment changed.
func FuzzVerify(f *testing.F) {
	t := bot.Tasting{ID: bot.TastingID{N: 7}, Ballot: bot.Reaction, Models: [2]bot.Card{{Name: "kestrel"}, {Name: "nova \"2\""}}, Nonce: []byte("0123456789abcdef"),
		Rounds: []bot.Round{{Kind: bot.Plain}, {Kind: bot.Plain, Flip: true}, {Kind: bot.Plain, Reason: bot.TakenOut(), Commitment: make([]byte, 32)}}}
	f.Add(Of(t, make([]bot.Texts, 3)).String())
	t.Ballot, t.Orders, t.Deal = bot.Private, []byte("key"), bot.Deal{Plain: 1, Seed: []byte("seed"), Seats: 2, Looks: 4, Most: 6, Looked: 1}
	f.Add(Of(t, make([]bot.Texts, 3)).String())
	f.Add("tastetest proof 1\ntasting 7 ballot reaction\nround")
	f.Add("tastetest proof 1\nheld seats 99999999999999999999 looked -1 shown 2\ndeal plain 0")
	f.Fuzz(func(t *testing.T, text string) {
		said, err := Verify(text)
		if err != nil {
			if _, ok := errors.AsType[bot.UserError](err); !ok || err.Error() == "" {
				t.Fatalf("%q gave %T: %v", text, err, err)
			}
			return
		}
		p, err := parseProof(text)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Verify(p.String())
		if err != nil || strings.Join(again, "\n") != strings.Join(said, "\n") {
			t.Fatalf("%q shows %q; as it would be written, %q, %v", text, said, again, err)
		}
		for i := range p.Rounds {
			if p.Rounds[i].Removed {
				continue // nothing is left to hold it against
			}
			p.Rounds[i].Flip = !p.Rounds[i].Flip
			if _, err := Verify(p.String()); err == nil {
				t.Fatalf("with the sides of round %d exchanged %q is believed", i+1, text)
			}
			break
		}
	})
}
