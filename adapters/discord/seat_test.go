package discord_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// A private ballot is walked through with buttons: skip, back, change, take
// back; left and taken up again, here or on another device. Every tap is on
// disk when it is answered, and after closing there is nothing to tap.
func TestWalkThroughAPrivateBallot(t *testing.T) {
	t.Parallel()
	s := newStage(t, t.Output())
	s.start(str("model", "kestrel"), str("against", "nova"), str("ballot", "private"), discordfake.Input{Name: "file", Type: 11, Value: s.Upload([]byte("prompt\nHi\nBye\nThanks\n"))})
	s.state(1, bot.Open)
	head, ann := s.post("1/head"), s.Join("Ann")
	open := func() *discordfake.Exchange { return s.Press(t, tasteID, head.ID, ann, "1/taste") }
	// on presses a button of the seat that x shows, which turns into the answer.
	on := func(x *discordfake.Exchange, label string) *discordfake.Exchange {
		t.Helper()
		y := s.Press(t, tasteID, x.Original, ann, chosen(t, x.Data, label))
		if y.Kind != 7 || y.Original != x.Original {
			t.Errorf("%q is answered with %v, not in the seat", label, y)
		}
		return y
	}
	is := func(x *discordfake.Exchange, title string, labels ...string) {
		t.Helper()
		var m discordfake.Sent
		if err := json.Unmarshal(x.Data, &m); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range m.Components {
			for _, c := range row.Components {
				label := c.Label
				if c.Style == 1 {
					label += "!"
				}
				got = append(got, label)
			}
		}
		if seen, _ := s.Said.Message(tasteID, x.Original); seen.Only != ann || m.Embeds[0].Title != title || !slices.Equal(got, labels) {
			t.Errorf("%s sees %q with %q, not %q with %q", seen.Only, m.Embeds[0].Title, got, title, labels)
		}
	}
	votes := func(want int) {
		t.Helper()
		n := 0
		for r := 1; r <= 3; r++ {
			vs, err := s.store.Votes(t.Context(), tasting(1).Round(r))
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range vs {
				if v.Pick() != bot.None {
					n++
				}
			}
		}
		if n != want {
			t.Errorf("%d votes are kept, not %d", n, want)
		}
	}

	phone := open()
	is(phone, "Taste test 1 · 1 of 3 · Which reply is better?", "🅰️ better", "🅱️ better", "🤝 equal", "👎 both bad", "Skip")
	phone = on(phone, "Skip")
	is(phone, "Taste test 1 · 2 of 3 · Which reply is better?", "🅰️ better", "🅱️ better", "🤝 equal", "👎 both bad", "Back", "Skip")
	votes(0)
	phone = on(phone, "🤝")
	votes(1)
	is(phone, "Taste test 1 · 3 of 3 · Which reply is better?", "🅰️ better", "🅱️ better", "🤝 equal", "👎 both bad", "Back", "To what is left")
	phone = on(phone, "Back")
	is(phone, "Taste test 1 · 2 of 3 · Which reply is better?", "🅰️ better", "🅱️ better", "🤝 equal!", "👎 both bad", "Back", "Take back", "Next")
	phone = on(phone, "👎") // changed
	votes(1)

	desk := open() // another device: it goes on where there is no vote yet
	is(desk, "Taste test 1 · 1 of 3 · Which reply is better?", "🅰️ better", "🅱️ better", "🤝 equal", "👎 both bad", "Skip")
	desk = on(desk, "🅰️")
	votes(2)
	desk = on(desk, "🅰️")
	votes(3)
	is(desk, "Taste test 1 · done", "Look again")
	phone = on(phone, "Back") // what the other device tapped is seen here
	is(phone, "Taste test 1 · 2 of 3 · Which reply is better?", "🅰️ better", "🅱️ better", "🤝 equal", "👎 both bad!", "Back", "Take back", "Next")
	phone = on(phone, "Take back")
	votes(2)
	is(phone, "Taste test 1 · 2 of 3 · Which reply is better?", "🅰️ better", "🅱️ better", "🤝 equal", "👎 both bad", "Back", "Skip")

	s.closeIt(head, 1)
	s.state(1, bot.Revealed)
	for _, late := range []*discordfake.Exchange{phone, desk} {
		id := "1." + firstRound(late.Data) + "/left"
		y := s.Press(t, tasteID, late.Original, ann, id)
		if !strings.Contains(string(y.Data), "is over") {
			t.Errorf("after closing %s is answered with %v", id, y)
		}
	}
	if z := open(); !strings.Contains(string(z.Data), "is over") {
		t.Errorf("after closing Start is answered with %v", z)
	}
	votes(2)
	s.says("1/announcement", "too few votes to be shown")
}
