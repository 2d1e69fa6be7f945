package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// Where control pairs run out a tasting goes on without, and says so; without
// them nothing can be shown early.
func TestControlsRunOut(t *testing.T) {
	t.Parallel()
	play(t, func(s *stage) { s.opt.Library = shelf{pack(60)} }, func(s *stage) {
		wish := strings.Replace(wavesWish(), "rounds=4 ", "", 1)
		for n, want := range []string{"Each person votes on 16 of the 50 prompts and on those rounds", "No control pairs in this language are left"} {
			ask := s.notice(s.command(starter, wish))
			if !strings.Contains(ask.Text.String(), want) {
				s.Errorf("the question is %q, want %q", ask.Text, want)
			}
			s.press(starter, ask.Buttons[0].ID)
			s.wait()
			got := s.tasting(bot.TastingID{Workspace: team, N: uint64(n + 1)})
			if looks := []int{4, 1}[n]; got.State != bot.Open || len(got.Live()) != []int{60, 50}[n] || got.Deal.Looks != looks {
				s.Errorf("tasting %v is %v with %d rounds and %d looks", got.ID, got.State, len(got.Live()), got.Deal.Looks)
			}
			s.press(starter, got.ID.String()+"/close")
			s.wait()
		}
	})
}

// Whoever asks for more prompts than a pack has is told so before the start, and what to
// do about it; nothing is said to those who asked for as many, or for none.
func TestAPackHasFewerThanAskedFor(t *testing.T) {
	play(t, func(s *stage) { s.opt.Library = shelf{pack(6)} }, func(s *stage) {
		const want = "9 prompts were to be asked, and 6 of the pack fruit can be taken. For more, name a larger pack, which /tastetest packs shows, or bring prompts of your own."
		for wish, told := range map[string]bool{
			"start kestrel nova pack=fruit rounds=9":                true,
			"start kestrel nova pack=fruit rounds=9 ballot=private": true,
			"start kestrel nova pack=fruit rounds=6":                false,
			"start kestrel nova pack=fruit":                         false,
		} {
			ask := s.notice(s.command(starter, wish))
			if text := ask.Text.String(); strings.Contains(text, want) != told || strings.Contains(text, "to be asked") != told {
				s.Errorf("%q: is told of the pack's size: %v, want %v:\n%s", wish, !told, told, text)
			}
		}
	})
}

// Beside a test too small for a verdict a button offers more prompts: what its figure is
// of is said above it.
func TestWhatMorePromptsWouldFindIsSaid(t *testing.T) {
	t.Parallel()
	play(t, func(s *stage) { s.opt.Library = shelf{pack(15)} }, func(s *stage) {
		ask := s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=3"))
		if !slices.ContainsFunc(ask.Buttons, func(b bot.Button) bool { return b.Label.String() == "10 prompts: 70 in 100" }) {
			s.Errorf("no button offers ten prompts: %v", ask.Buttons)
		}
		if text := ask.Text.String(); !strings.Contains(text, "With 9 people and 10 prompts a 70/30 preference is found 70 times in 100.") {
			s.Errorf("what is found 70 times in 100 stands nowhere:\n%s", text)
		}
	})
}

// What is wished for that cannot be is refused with what can.
func TestPoolRefused(t *testing.T) {
	play(t, nil, func(s *stage) {
		for bad, want := range map[string]string{
			"start kestrel nova pool=30":                                        "Add ballot=private",
			"start kestrel nova ballot=private pool=61":                         "pool= is how many prompts are asked, 10 to 60",
			"start kestrel nova ballot=private rounds=8 pool=7":                 "8 to 60, of which one person votes on 8. For example: pool=20",
			"start kestrel nova ballot=private pool=many":                       "is not a number",
			"start kestrel nova ballot=private pool=12 retests=on":              "Leave pool= or retests=on out",
			"start kestrel nova ballot=private waves=on":                        "waves=on",
			"start kestrel nova ballot=private rounds=21 invite=@a,@b,@c,@d,@e": "A tasting has 1 to 20 rounds",
		} {
			if n := s.notice(s.command(starter, bad)); !n.Error || !strings.Contains(n.Text.String(), want) {
				s.Errorf("%q: %q, want %q", bad, n.Text, want)
			}
		}
		ask := s.notice(s.command(starter, "start kestrel nova ballot=private rounds=4 pool=10 until=5h"))
		if text := ask.Text.String(); !strings.Contains(text, "Each person votes on 4 of the 10 prompts.") || strings.Contains(text, "looks") {
			s.Errorf("nobody is invited, and the question is %q", text)
		}
		ask = s.notice(s.command(starter, strings.Replace(wavesWish(), "rounds=4", "rounds=10", 1)))
		if text := ask.Text.String(); !strings.Contains(text, "There are 12 prompts to choose from: too few for different people to vote on different ones, so everybody votes on the same 10.") {
			s.Errorf("of a pack of twelve the question is %q", text)
		}
	})
}

// How far somebody has come is said of their own deck, also by the page, and
// looking at the page takes no seat.
func TestProgressIsOnesOwn(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start(wavesWish())
		button := func(user string) string {
			shown, err := s.bot.View(s.Context(), lounge, bot.Voter{Workspace: team, User: user})
			if err != nil || len(shown) != 1 {
				s.Fatalf("View = %d posts, %v", len(shown), err)
			}
			return shown[0].Post.(bot.Head).Main.Label.String()
		}
		if label := button(guest(0)); label != "Start tasting" || s.tasting(id).Deal.Seats != 0 {
			s.Errorf("at first the button says %q, and %d seats are taken", label, s.tasting(id).Deal.Seats)
		}
		seat := s.press(guest(0), "1/taste").Post.(bot.Seat)
		for range 2 {
			seat = s.press(guest(0), seat.Buttons[0].ID).Post.(bot.Seat)
		}
		if label := button(guest(0)); label != "Continue (2 of 7)" || seat.Title.String() != "Taste test 1 · 3 of 7" {
			s.Errorf("after two votes the button says %q and the page %q", label, seat.Title)
		}
		for seat.Round.Round != 0 {
			seat = s.press(guest(0), seat.Buttons[0].ID).Post.(bot.Seat)
		}
		if label := button(guest(0)); label != "Look again" || s.tasting(id).Deal.Seats != 1 {
			s.Errorf("in the end the button says %q, and %d seats are taken", label, s.tasting(id).Deal.Seats)
		}
		if said := s.notice(s.command("bo", "status")).Text.String(); !strings.Contains(said, "7 prompts, private ballot.") || !strings.Contains(said, "1 of 16 has tasted") {
			s.Errorf("status says %q", said)
		}
	})
}

// Whoever brings prompts of their own has all of them asked, up to twenty, unless they
// say how many.
func TestAllOwnPromptsAreAsked(t *testing.T) {
	play(t, nil, func(s *stage) {
		var own []string
		for n := range 17 {
			own = append(own, fmt.Sprintf("Own %d.", n))
		}
		for rounds, want := range map[string]string{"": "17 prompts from your own prompts", "10": "17 prompts from your own prompts", "12": "12 prompts from your own prompts"} {
			r := s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: "start", Values: map[string]string{
				"first": "kestrel", "second": "nova", "prompts": strings.Join(own, "\n\n"), "rounds": rounds, "until": "2h"}})
			if said := s.notice(r).Text.String(); !strings.Contains(said, want) {
				s.Errorf("with rounds=%q in the form it says %q, want %s", rounds, said, want)
			}
		}
	})
}
