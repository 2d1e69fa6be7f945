package proof

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// A Proof shows that a tasting's sides were fixed before anyone voted: the
// commitments were posted with the ballots, and only these values give them.
type Proof struct {
	Tasting string // "7"
	Ballot  bot.BallotKind
	Models  [2]string
	Nonce   []byte
	Orders  string // of a private ballot: SHA-256 of the key of voters' orders, in hexadecimal; else "none"
	Deal    Deal   // zero where everybody votes on everything
	Rounds  []ProofRound
}

// A ProofRound is one round of a [Proof].
type ProofRound struct {
	Round      string               // "7.3"
	Kind       string               // "plain"; "control": the first answer is the better one, whoever wrote it; "retest:7.2": the sides of that round, swapped
	Flip       bool                 // the first model stood on the right
	Answers    [2][sha256.Size]byte // SHA-256 of the answers as shown, first model's first
	Commitment [sha256.Size]byte
	Votes      int // of a tasting that is dealt: how many there are, not for what

	// It was taken out while people voted. Its sides and the hashes of its answers
	// stay secret, so that nobody learns whose answer was the cause.
	Removed bool
}

// commit is SHA-256 over these lines, each ended by a line feed:
//
//	tastetest commitment 1
//	round 7.3
//	kind plain
//	ballot reaction
//	orders none
//	first "kestrel"
//	second "nova"
//	first answer 2c26b46b…
//	second answer fcde2b2e…
//	flip 0
//	nonce 000102…
//
// Names are quoted as Go quotes strings; hashes and nonce are in hexadecimal.
//
// On a private ballot each voter has sides of their own: those of the round are
// turned round for a user if the first byte of
// HMAC-SHA-256(key, `side 7.3 "USER"`) is odd; a retest swaps what its user saw
// the first time. The key is committed to by its hash and never published: with
// it the rows of an export would tell whose they are.
func (p Proof) commit(r ProofRound) [sha256.Size]byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "tastetest commitment 1\nround %s\nkind %s\nballot %s\norders %s\nfirst %q\nsecond %q\n", r.Round, r.Kind, p.Ballot, p.Orders, p.Models[0], p.Models[1])
	fmt.Fprintf(&b, "first answer %x\nsecond answer %x\nflip %d\nnonce %x\n", r.Answers[0], r.Answers[1], digit(r.Flip), p.Nonce)
	return sha256.Sum256(b.Bytes())
}

// Of collects what t's commitments are made of. texts is parallel to
// t.Rounds; void rounds have no part in it, and of one that was taken out only its
// commitment is told.
func Of(t bot.Tasting, texts []bot.Texts) Proof {
	p := Proof{Tasting: t.ID.String(), Ballot: t.Ballot, Models: [2]string{t.Models[0].Name, t.Models[1].Name}, Nonce: t.Nonce, Orders: "none"}
	if t.Ballot == bot.Private {
		p.Orders = fmt.Sprintf("%x", sha256.Sum256(t.Orders))
	}
	for _, n := range t.Drawn() {
		if t.Rounds[n-1].Removed() {
			gone := ProofRound{Round: t.ID.Round(n).String(), Kind: kind(t, n), Removed: true}
			copy(gone.Commitment[:], t.Rounds[n-1].Commitment)
			p.Rounds = append(p.Rounds, gone)
			continue
		}
		r := ProofRound{Round: t.ID.Round(n).String(), Kind: kind(t, n), Flip: t.Rounds[n-1].Flip}
		for i, a := range texts[n-1].Answers {
			r.Answers[i] = sha256.Sum256([]byte(a.Text))
		}
		r.Commitment = p.commit(r)
		if t.Deal.Plain > 0 {
			r.Votes = t.Rounds[n-1].Counts.Tally().N()
		}
		p.Rounds = append(p.Rounds, r)
	}
	if t.Deal.Plain > 0 {
		p.Deal = dealOf(t)
		p.Deal.Commitment = p.whole()
	}
	return p
}

func kind(t bot.Tasting, n int) string {
	r := t.Rounds[n-1]
	if r.Kind == bot.Retest {
		return fmt.Sprintf("%s:%v", r.Kind, t.ID.Round(r.Original))
	}
	return string(r.Kind)
}

// String is the text that [Verify] reads.
func (p Proof) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "tastetest proof 1\ntasting %s ballot %s\norders %s\nfirst %q\nsecond %q\nnonce %x\n", p.Tasting, p.Ballot, p.Orders, p.Models[0], p.Models[1], p.Nonce)
	if p.Deal.Plain > 0 {
		b.WriteString(p.Deal.lines())
	}
	for _, r := range p.Rounds {
		if r.Removed {
			fmt.Fprintf(&b, "removed %s kind %s commitment %x\n", r.Round, r.Kind, r.Commitment)
			continue
		}
		fmt.Fprintf(&b, "round %s kind %s flip %d answers %x %x commitment %x", r.Round, r.Kind, digit(r.Flip), r.Answers[0], r.Answers[1], r.Commitment)
		if p.Deal.Plain > 0 {
			fmt.Fprintf(&b, " votes %d", r.Votes)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// Verify reads a proof, checks every commitment in it, and says in a sentence
// a round what it shows. Whoever reads it must still see that the commitments
// are those that stood on the ballots. The error is a UserError.
func Verify(text string) ([]string, error) {
	p, err := parseProof(text)
	if err != nil {
		return nil, err
	}
	var said []string
	for _, r := range p.Rounds {
		if r.Removed {
			said = append(said, fmt.Sprintf("Round %s was taken out while people voted: its answers are gone, and its sides stay secret. Its commitment must be the one shown with the ballot: %x", r.Round, r.Commitment))
			continue
		}
		if p.commit(r) != r.Commitment {
			return said, bot.UserError(bot.Say("Round {round}: the commitment does not fit. Somebody changed the proof, or the sides.", bot.Verbatim(r.Round)))
		}
		side := "🅰️"
		if r.Flip {
			side = "🅱️"
		}
		where := fmt.Sprintf("%s stood on %s", p.Models[0], side)
		if p.Ballot == bot.Private {
			where = "each voter had sides of their own"
		}
		if p.Deal.Plain > 0 { // all are shown as one, below
			said = append(said, fmt.Sprintf("Round %s: the commitment fits; %s.", r.Round, where))
			continue
		}
		said = append(said, fmt.Sprintf("Round %s: the commitment fits; %s. It must be the one shown with the ballot: %x", r.Round, where, r.Commitment))
	}
	if p.Deal.Plain > 0 {
		dealt, err := p.verifyDeal()
		return append(said, dealt...), err
	}
	return said, nil
}

func parseProof(text string) (Proof, error) {
	var p Proof
	lines := bufio.NewScanner(strings.NewReader(strings.TrimSpace(text)))
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		word, rest, _ := strings.Cut(line, " ")
		var err error
		switch word {
		case "tastetest":
			if n != 1 || rest != "proof 1" {
				err = fmt.Errorf("unknown version")
			}
		case "tasting":
			_, err = fmt.Sscanf(rest, "%s ballot %s", &p.Tasting, &p.Ballot)
		case "orders":
			p.Orders = rest
		case "first":
			p.Models[0], err = strconv.Unquote(rest)
		case "second":
			p.Models[1], err = strconv.Unquote(rest)
		case "nonce":
			p.Nonce, err = hex.DecodeString(rest)
		case "deal", "held":
			err = p.Deal.parse(word, rest)
		case "round":
			var r ProofRound
			line, votes, _ := strings.Cut(line, " votes ")
			if r, err = parseProofRound(line); err == nil && votes != "" {
				r.Votes, err = strconv.Atoi(votes)
			}
			p.Rounds = append(p.Rounds, r)
		case "removed":
			var r ProofRound
			if r, err = parseRemoved(line); err == nil {
				p.Rounds = append(p.Rounds, r)
			}
		case "":
		default:
			err = fmt.Errorf("unknown word")
		}
		if err != nil || n == 1 && word != "tastetest" {
			return Proof{}, bot.UserError(bot.Say("Line {n} of the proof is not understood. Copy it whole, from “tastetest proof 1” to the last “round” line.", bot.Count(n)))
		}
	}
	if len(p.Rounds) == 0 || len(p.Nonce) == 0 {
		return Proof{}, bot.UserError(bot.Say("That is not a whole proof. Copy it from behind “Details”, from “tastetest proof 1” to the last “round” line."))
	}
	return p, nil
}

func parseRemoved(line string) (ProofRound, error) {
	r := ProofRound{Removed: true}
	var commitment []byte
	if _, err := fmt.Sscanf(line, "removed %s kind %s commitment %x", &r.Round, &r.Kind, &commitment); err != nil {
		return r, err
	}
	if len(commitment) != sha256.Size {
		return r, fmt.Errorf("a value has the wrong length")
	}
	copy(r.Commitment[:], commitment)
	return r, nil
}

func parseProofRound(line string) (ProofRound, error) {
	var r ProofRound
	var flip int
	var first, second, commitment []byte
	if _, err := fmt.Sscanf(line, "round %s kind %s flip %d answers %x %x commitment %x", &r.Round, &r.Kind, &flip, &first, &second, &commitment); err != nil {
		return r, err
	}
	if len(first) != sha256.Size || len(second) != sha256.Size || len(commitment) != sha256.Size || flip&^1 != 0 {
		return r, fmt.Errorf("a value has the wrong length")
	}
	copy(r.Answers[0][:], first)
	copy(r.Answers[1][:], second)
	copy(r.Commitment[:], commitment)
	r.Flip = flip == 1
	return r, nil
}

// digit is how a proof writes a flip.
func digit(b bool) int {
	if b {
		return 1
	}
	return 0
}
