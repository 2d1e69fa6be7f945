package bot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
)

// Each voter's order on a private ballot is repeatable, and sides are split
// about evenly over voters.
func TestOrdersOfOnesOwn(t *testing.T) {
	tt := Tasting{ID: TastingID{N: 7}, Ballot: Private, Rounds: make([]Round, 9), Orders: []byte("0123456789abcdef")}
	first := make(map[int]int)
	left := 0
	const people = 2000
	for v := range people {
		user := fmt.Sprint("user", v)
		order := tt.OrderFor(user, 0)
		if again := tt.OrderFor(user, 0); !slices.Equal(order, again) {
			t.Fatalf("%s sees the order %v, and the second time %v", user, order, again)
		}
		first[order[0]]++
		if tt.FlipFor(3, user) {
			left++
		}
	}
	if left < people*45/100 || left > people*55/100 {
		t.Errorf("%d of %d see round 3 turned round", left, people)
	}
	for n := 1; n <= 9; n++ {
		if first[n] < people/9*7/10 || first[n] > people/9*13/10 {
			t.Errorf("round %d comes first for %d of %d", n, first[n], people)
		}
	}
}

// dealt is a tasting of so many plain rounds and control pairs, of which each
// person votes on some.
func dealt(pool, plain, controls, looks int) Tasting {
	t := Tasting{
		ID: TastingID{N: 7}, Ballot: Private, Orders: []byte("0123456789abcdef"),
		Deal: Deal{Plain: plain, Looks: looks, Seed: []byte("fedcba9876543210")},
	}
	for n := range pool + controls {
		kind := Plain
		if n%(pool+controls) < controls {
			kind = Control
		}
		t.Rounds = append(t.Rounds, Round{Kind: kind})
	}
	return t
}

// Sides and orders are what they were since the first private ballot, whoever asks of how
// many: a voter who comes back must see the sides that they have voted on.
func TestSidesStayWhatTheyAre(t *testing.T) {
	tt := Tasting{ID: TastingID{N: 12}, Ballot: Private, Orders: []byte("0123456789abcdef"), Rounds: []Round{{}, {Flip: true}, {Kind: Retest, Original: 2}}}
	said := func(what string, n int, user string) []byte {
		mac := hmac.New(sha256.New, tt.Orders)
		fmt.Fprintf(mac, "%s 12.%d %q", what, n, user)
		return mac.Sum(nil)
	}
	sides := tt.Sides()
	for _, user := range []string{"U1", "Mara \"M\" Ö·aaaaaa", "李雷", "a\x00b\xff", ""} {
		for range 2 { // and again, when others were asked in between
			turned := said("side", 1, user)[0]&1 == 1
			second := said("side", 2, user)[0]&1 != 1
			for n, want := range []bool{turned, second, !second} {
				if got, alone := sides(n+1, user), tt.FlipFor(n+1, user); got != want || alone != want {
					t.Errorf("%q sees the first model of round %d on the right: %v among many, %v alone, want %v", user, n+1, got, alone, want)
				}
			}
		}
		first := binary.BigEndian.Uint32(said("order", 1, user))>>1 < binary.BigEndian.Uint32(said("order", 2, user))>>2
		if order := tt.OrderFor(user, 0); slices.Index(order, 1) < slices.Index(order, 2) != first {
			t.Errorf("%q goes through the rounds in the order %v", user, order)
		}
	}
}

// Each deck has as many different rounds as it shall, prompts come up equally
// often, and a void round in none.
func TestDecks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ pool, plain, people int }{{30, 13, 12}, {50, 16, 20}, {60, 20, 30}, {15, 10, 500}, {10, 10, 3}, {7, 10, 4}, {1, 1, 2}} {
		if testing.Short() { // each seat’s deck is dealt after all before it
			tt.people = min(tt.people, 100)
		}
		tasting := dealt(tt.pool, tt.plain, 0, 1)
		tasting.Rounds[0].Void = "kestrel answered 401"
		if tt.pool == 1 {
			tasting.Rounds[0].Void = ""
		}
		live := len(tasting.Live())
		size := min(tt.plain, live)
		times := make(map[int]int)
		for seat := 1; seat <= tt.people; seat++ {
			deck := tasting.Deck(seat)
			has := make(map[int]bool)
			for _, n := range deck {
				has[n] = true
				times[n]++
			}
			if len(deck) != size || len(has) != size || tasting.DeckSize() != size {
				t.Fatalf("%+v: seat %d has the deck %v, want %d different rounds", tt, seat, deck, size)
			}
		}
		if len(times) > live {
			t.Errorf("%+v: %d rounds are dealt, of which %d are live", tt, len(times), live)
		}
		least, most := tt.people*size, 0
		for _, n := range tasting.Live() {
			least, most = min(least, times[n]), max(most, times[n])
		}
		if most-least > 2 {
			t.Errorf("%+v: a round is dealt %d to %d times", tt, least, most)
		}
	}
}

// The packs are documented; whoever follows the documentation, as here with
// printf and sha256sum in a shell, gets these.
func TestPacks(t *testing.T) {
	got := Decks([]byte("0123456789abcdef"), TastingID{N: 7}, []int{1, 2, 4}, 2, 3)
	if want := [][]int{{4, 2}, {1, 2}, {1, 4}}; !slices.EqualFunc(got, want, slices.Equal[[]int]) {
		t.Errorf("decks %v, want %v", got, want)
	}
}

// A person goes through a deck wave by wave, and in the first there are three
// control pairs at least; within a wave nothing tells which they are.
func TestWaves(t *testing.T) {
	if testing.Short() {
		t.Skip("each seat’s deck is dealt after all before it")
	}
	t.Parallel()
	tasting := dealt(50, 16, 10, 4)
	firsts := make(map[Kind]int)
	for v := range 200 {
		order := tasting.OrderFor(fmt.Sprint("user", v), v+1)
		if len(order) != 26 || !slices.Equal(order, tasting.OrderFor(fmt.Sprint("user", v), v+1)) {
			t.Fatalf("the order is %v", order)
		}
		firsts[tasting.Rounds[order[0]-1].Kind]++
		deck := tasting.Deck(v + 1)
		at := 0
		for wave, controls := range []int{3, 2, 3, 2} {
			for _, n := range order[at : at+4+controls] {
				if tasting.Rounds[n-1].Kind == Control {
					controls--
				} else if i := slices.Index(deck, n); i < 4*wave || i >= 4*wave+4 {
					t.Errorf("wave %d of %v has round %d of the deck %v", wave+1, order, n, deck)
				}
			}
			if controls != 0 {
				t.Errorf("wave %d of %v has other control pairs than planned: %d", wave+1, order, controls)
			}
			at += 4 + []int{3, 2, 3, 2}[wave]
		}
	}
	if c := firsts[Control]; c < 50 || c > 130 {
		t.Errorf("a control pair comes first for %d of 200, want about 86", c)
	}
	if order := dealt(20, 8, 2, 4).OrderFor("ana", 1); len(order) != 10 {
		t.Errorf("with two control pairs an order has %d rounds, want 10", len(order))
	}
}
