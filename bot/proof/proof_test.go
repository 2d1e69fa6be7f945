package proof

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

func someProof() Proof {
	t := bot.Tasting{
		ID: bot.TastingID{N: 7}, Ballot: bot.Reaction, Models: [2]bot.Card{{Name: `kes"trel`}, {Name: "nova 2"}},
		Rounds: []bot.Round{{Kind: bot.Plain}, {Kind: bot.Plain, Void: "nova answered 401"}, {Kind: bot.Plain, Flip: true}}, Nonce: []byte("0123456789abcdef"),
	}
	texts := make([]bot.Texts, 3)
	for i := range texts {
		texts[i].Answers = [2]bot.Answer{{Text: "one " + t.ID.Round(i+1).String()}, {Text: "two"}}
	}
	return Of(t, texts)
}

// What verify reads is enough to check every commitment, and any change to it
// is noticed.
func TestVerify(t *testing.T) {
	text := someProof().String()
	said, err := Verify(text)
	if err != nil || len(said) != 2 || !strings.Contains(said[1], `kes"trel stood on 🅱️`) {
		t.Fatalf("Verify = %q, %v", said, err)
	}
	if _, err := Verify("\r\n  " + strings.ReplaceAll(text, "\n", "\r\n") + "\n"); err != nil {
		t.Errorf("copied through a chat: %v", err)
	}
	for name, changed := range map[string]string{
		"a side":        strings.Replace(text, "flip 1", "flip 0", 1),
		"a name":        strings.Replace(text, "nova 2", "nova 3", 1),
		"names swapped": strings.NewReplacer(`first "kes\"trel"`, `first "nova 2"`, `second "nova 2"`, `second "kes\"trel"`).Replace(text),
		"the nonce":     strings.Replace(text, "nonce 30", "nonce 31", 1),
		"the ballot":    strings.Replace(text, "ballot reaction", "ballot private", 1),
		"the kind":      strings.Replace(text, "kind plain", "kind control", 1),
		"a round":       strings.Replace(text, "round 7.3", "round 7.2", 1),
		"cut off":       text[:len(text)-20],
		"nothing":       "",
		"something":     "hello",
		"no rounds":     text[:strings.Index(text, "round 7.1")],
		"version 2":     strings.Replace(text, "proof 1", "proof 2", 1),
	} {
		if said, err := Verify(changed); err == nil {
			t.Errorf("with %s changed it is believed: %q", name, said)
		} else if _, ok := err.(bot.UserError); !ok {
			t.Errorf("with %s changed: %v is no sentence for people", name, err)
		}
	}
}

// The encoding is documented; whoever follows the documentation, as here with
// printf and sha256sum in a shell, gets this.
func TestCommitmentEncoding(t *testing.T) {
	p := someProof()
	const want = "6e4c83d02b1a1db6b8ca063a42aa6a50f25f26ffc9a2c135ee69e97aeccace0c"
	if got := fmt.Sprintf("%x", p.Rounds[0].Commitment); got != want {
		t.Errorf("commitment = %s, want %s", got, want)
	}
}

// With the key of voters' orders the rows of an export would tell whose they
// are: a proof publishes its hash, and nothing else of it.
func TestKeyOfOrdersStaysSecret(t *testing.T) {
	key := "fedcba9876543210"
	private := bot.Tasting{ID: bot.TastingID{N: 7}, Ballot: bot.Private, Rounds: []bot.Round{{Kind: bot.Plain}}, Nonce: []byte("0123456789abcdef"), Orders: []byte(key)}
	text := Of(private, make([]bot.Texts, 1)).String()
	if strings.Contains(text, key) || strings.Contains(text, fmt.Sprintf("%x", key)) || !strings.Contains(text, fmt.Sprintf("%x", sha256.Sum256([]byte(key)))) {
		t.Errorf("the proof has the key in it, or not its hash:\n%s", text)
	}
}
