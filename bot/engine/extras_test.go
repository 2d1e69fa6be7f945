package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/proof"
)

// taste leads a person through a private tasting; choose says which side.
func (s *stage) taste(user string, choose func(bot.Seat) bot.Choice) (seats []bot.Seat) {
	s.Helper()
	seat := s.press(user, "1/taste").Post.(bot.Seat)
	for seat.Round.Round != 0 {
		seats = append(seats, seat)
		seat = s.press(user, fmt.Sprintf("%v/%s", seat.Round, choose(seat))).Post.(bot.Seat)
	}
	return seats
}

// sideOf is the side on which a text stands.
func sideOf(seat bot.Seat, word string) bot.Choice {
	if strings.Contains(string(seat.Left), word) {
		return bot.Left
	}
	return bot.Right
}

// Control pairs and retests: voters are not told which they are, retests come
// later with the sides swapped, neither enters the percentages, and the
// controls are named at the reveal and not used again in that place.
func TestControlsAndRetests(t *testing.T) {
	t.Parallel()
	play(t, nil, func(s *stage) {
		ask := s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=6 ballot=private controls=on retests=on until=5h"))
		if !strings.Contains(ask.Text.String(), "6 rounds more") {
			s.Errorf("the question does not mention the extra rounds: %q", ask.Text)
		}
		s.press(starter, ask.Buttons[0].ID)
		s.wait()
		id := bot.TastingID{Workspace: team, N: 1}
		kinds := make(map[bot.Kind]int)
		for _, r := range s.tasting(id).Rounds {
			kinds[r.Kind]++
		}
		if kinds[bot.Plain] != 6 || kinds[bot.Control] != 4 || kinds[bot.Retest] != 2 {
			s.Fatalf("kinds of rounds: %v", kinds)
		}
		for v := range 12 {
			seats := s.taste(fmt.Sprint("voter", v), func(seat bot.Seat) bot.Choice {
				if strings.Contains(string(seat.Prompt), "Control") {
					return sideOf(seat, "GOOD")
				}
				return sideOf(seat, "ALPHA")
			})
			seen := make(map[string]string)
			repeated := 0
			for _, seat := range seats {
				if left, ok := seen[string(seat.Prompt)]; ok {
					repeated++
					if left == string(seat.Left) {
						s.Errorf("a repeated round shows the same sides")
					}
				}
				seen[string(seat.Prompt)] = string(seat.Left)
				if text := asText(seat); strings.Contains(strings.ToLower(text), "retest") || strings.Contains(text, `"control`) {
					s.Errorf("a seat tells its kind: %s", text)
				}
			}
			if len(seats) != 12 || repeated != 2 {
				s.Errorf("a voter saw %d rounds, %d of them again", len(seats), repeated)
			}
		}
		s.press(starter, "1/close")
		s.wait()
		a := s.announcement(id)
		if a.Base.String() != "72 votes, 12 people, 6 prompts" || len(a.Rounds) != 6 {
			s.Errorf("base %q, %d rounds shown; controls and retests must not enter", a.Base, len(a.Rounds))
		}
		if said := strings.Join(bot.English(a.Verdict), "\n"); a.Title.String() != "Taste test 1: kestrel is preferred." || !strings.Contains(said, "As a group they did not guess: on the control pairs the better answer got 48 of 48 votes (100%).") {
			s.Errorf("%s\n%s", a.Title, said)
		}
		if notes := strings.Join(bot.English(a.Notes), "\n"); !strings.Contains(notes, "The better one got 48 of 48 votes") {
			s.Errorf("notes: %s", notes)
		}
		if _, err := proof.Verify(string(a.Proof)); err != nil {
			s.Error(err)
		}

		used := make(map[string]bool)
		for _, r := range s.tasting(id).Rounds {
			used[r.Prompt] = r.Kind == bot.Control
		}
		s.start("start kestrel nova pack=fruit rounds=6 ballot=private controls=on until=5h")
		for _, r := range s.tasting(bot.TastingID{Workspace: team, N: 2}).Rounds {
			if used[r.Prompt] {
				s.Errorf("control pair %s is shown a second time", r.Prompt)
			}
		}
	})
}

// People who miss the control pairs are not said to prefer anything.
func TestMissedControls(t *testing.T) {
	play(t, func(s *stage) { s.opt.Rand = newSteady(0) }, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=6 ballot=private controls=on until=5h")
		for v := range 12 {
			n := v
			s.taste(fmt.Sprint("voter", v), func(seat bot.Seat) bot.Choice {
				if strings.Contains(string(seat.Prompt), "Control") {
					n++
					return []bot.Choice{bot.Left, bot.Right}[n%2]
				}
				return sideOf(seat, "ALPHA")
			})
		}
		s.press(starter, "1/close")
		s.wait()
		a := s.announcement(id)
		said := strings.Join(bot.English(a.Verdict), "\n")
		if a.Title.String() != "Taste test 1: nothing shown: the control pairs were missed." || !strings.Contains(said, "too close to what coin flips give") || strings.Contains(said, "preferred than") {
			s.Errorf("%s\n%s", a.Title, said)
		}
	})
}

// What to choose goes by the question that was asked beforehand, where it was asked of the
// model that is ahead: by what was shown, ruled out, or stays open.
func TestChooseByWhatWasAskedBeforehand(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		asked string
		other int // one vote in so many is for nova; 0: none
		says  string
	}{
		{"", 0, "If you must choose now: kestrel, if it is worth 30 times the price: that was not asked."},
		{" worth=60 dearer=kestrel", 0, "If you must choose now: kestrel, as it is shown that it is preferred in 60% or more."},
		{" worth=90 dearer=kestrel", 4, "If you must choose now: nova, as it is ruled out that kestrel is preferred in 90% or more."},
		{" worth=75 dearer=kestrel", 4, "If you must choose now: kestrel, if it is worth its price: whether it is preferred in 75% or more stays open."},
		{" worth=60 dearer=nova", 0, "If you must choose now: kestrel, if it is worth 30 times the price: that was not asked."},
	} {
		play(t, priced, func(s *stage) {
			id := s.start("start kestrel nova pack=fruit rounds=12 until=5h" + tt.asked)
			for _, n := range s.tasting(id).Live() {
				ref := s.room.called(s.T, id.Round(n).String()+"/ballot").Ref
				for i, user := range voters {
					pick := bot.First
					if tt.other > 0 && (n+i)%tt.other == 0 {
						pick = bot.Second
					}
					s.tap(ref, user, s.choiceOf(id.Round(n), pick), true)
				}
			}
			s.press(starter, id.String()+"/close")
			s.wait()
			a := s.announcement(id)
			fiveSeconds(s, a)
			if got := a.Choose.String(); got != tt.says {
				s.Errorf("asked%q it says %q, want %q", tt.asked, got, tt.says)
			}
		})
	}
}

// Extra rounds belong on private ballots; the question asked beforehand is
// answered, whichever of the two models is the dearer one.
func TestAskedBeforehand(t *testing.T) {
	for _, tt := range []struct{ dearer, says string }{
		{"kestrel", "is kestrel preferred in 60% or more? That is shown."},
		{"nova", "is nova preferred in 60% or more? That is ruled out."},
	} {
		t.Run(tt.dearer, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				for bad, want := range map[string]string{
					"start kestrel nova controls=on":                  "ballot=private",
					"start kestrel nova worth=60":                     "dearer= is one of the two models",
					"start kestrel nova worth=40 dearer=nova":         "from 50 to 95",
					"start kestrel nova worth=60 dearer=somebody":     "dearer= is one of the two models",
					"start kestrel nova ballot=private controls=some": "controls=some",
				} {
					if n := s.notice(s.command(starter, bad)); !n.Error || !strings.Contains(n.Text.String(), want) {
						s.Errorf("%q: %+v, want %q", bad, n, want)
					}
				}
				s.press(starter, s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=8 ballot=private until=5h worth=60 dearer="+tt.dearer)).Buttons[0].ID)
				s.wait()
				for v := range 8 {
					s.taste(fmt.Sprint("voter", v), func(seat bot.Seat) bot.Choice { return sideOf(seat, "ALPHA") })
				}
				s.press(starter, "1/close")
				s.wait()
				if a := s.announcement(bot.TastingID{Workspace: team, N: 1}); !strings.Contains(strings.Join(bot.English(a.Verdict), "\n"), tt.says) {
					s.Errorf("says %q, want %q", a.Verdict, tt.says)
				}
			})
		})
	}
}

func TestPlan(t *testing.T) {
	play(t, nil, func(s *stage) {
		n := s.notice(s.command("anybody", "plan voters=9 rounds=15"))
		if !strings.Contains(n.Text.String(), "15 prompts with 9 voters finds a 70/30 preference 88 times in 100") || !strings.Contains(n.Code.String(), "60/40") {
			s.Errorf("plan: %q\n%s", n.Text, n.Code)
		}
		dealt := s.notice(s.command("anybody", "plan voters=20"))
		for _, want := range []string{"each votes on 16 of 50 prompts and on 10 control pairs: at most 520 votes in all", "finds a 70/30 preference nearly always", "The bot, and nobody else, looks", "In a channel"} {
			if !strings.Contains(dealt.Text.String(), want) {
				s.Errorf("the plan for 20 people is %q, want %q", dealt.Text, want)
			}
		}
		if lines := strings.Split(dealt.Code.String(), "\n"); len(lines) != 4 || !strings.HasPrefix(lines[2], "20        26 ") || len(dealt.Chances) != 3 || dealt.Chances[1].Label.String() != "60/40, 20 people" {
			s.Errorf("the plan for 20 people:\n%s\n%+v", dealt.Code, dealt.Chances)
		}
		if again := s.notice(s.command("anybody", "plan voters=9 rounds=15")); !again.Code.Equal(n.Code) || !again.Text.Equal(n.Text) {
			s.Errorf("the second time the plan is another:\n%s\n%s", n.Code, again.Code)
		}
		for typed, want := range map[string]string{
			"plan voters=3":          "A verdict takes 5 people or more: the votes of 3 are counted, and no more is said of them.",
			"plan rounds=2":          "A verdict takes 5 prompts or more: 2 show which answers are liked better, and not which model is.",
			"plan voters=2 rounds=3": "A verdict takes 5 prompts or more: 3 show",
		} {
			few := s.notice(s.command("anybody", typed))
			if said := few.Text.String(); !strings.HasPrefix(said, want) || !strings.Contains(said, "finds a 70/30 preference ") || few.Error {
				s.Errorf("%s: no verdict can come of it, and it is said %q", typed, said)
			}
		}
		for _, bad := range []string{"plan voters=1", "plan rounds=0", "plan voters=1000", "plan voters=many"} {
			if n := s.notice(s.command("anybody", bad)); !n.Error {
				s.Errorf("%q: %+v", bad, n)
			}
		}
	})
}
