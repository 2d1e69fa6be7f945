package engine_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/bot/proof"
)

// wavesWish is of a tasting for 16 people, of whom each votes on four of ten
// prompts and on three control pairs: 112 votes at the most, and a wave is 28.
func wavesWish() string {
	var names []string
	for n := range 16 {
		names = append(names, fmt.Sprint("@", guest(n)))
	}
	return "start kestrel nova pack=fruit rounds=4 ballot=private until=5h invite=" + strings.Join(names, ",")
}

func guest(n int) string { return fmt.Sprintf("guest%02d", n+1) }

// better chooses what one model wrote, and the better of control pairs.
func better(seat bot.Seat) bot.Choice {
	if strings.Contains(string(seat.Prompt), "Control") {
		return sideOf(seat, "GOOD")
	}
	return sideOf(seat, "ALPHA")
}

// level chooses both models alike, and the better of control pairs.
func level() func(bot.Seat) bot.Choice {
	n := 0
	return func(seat bot.Seat) bot.Choice {
		if strings.Contains(string(seat.Prompt), "Control") {
			return sideOf(seat, "GOOD")
		}
		n++
		return sideOf(seat, []string{"ALPHA", "OMEGA"}[n%2])
	}
}

// A private tasting of many people: each votes on a deck of their own, the bot
// looks when a wave is complete, says nothing of it, and ends voting once
// something is shown. The proof has what was fixed, and no seat.
func TestWaves(t *testing.T) {
	t.Parallel()
	play(t, nil, func(s *stage) {
		ask := s.notice(s.command(starter, wavesWish()))
		for _, want := range []string{"10 prompts", "Each person votes on 4 of the 10 prompts and on those rounds", "looks at the votes three times", "3 rounds more test whether people guess;"} {
			if !strings.Contains(ask.Text.String(), want) {
				s.Errorf("the question is %q, want %q", ask.Text, want)
			}
		}
		s.press(starter, ask.Buttons[0].ID)
		s.wait()
		id := bot.TastingID{Workspace: team, N: 1}
		head := s.room.called(s.T, "1/head")
		said := head.now().(bot.Head)
		if len(said.Details) != 1 || !strings.HasPrefix(said.Intro.String(), "7 rounds") {
			s.Errorf("the head says %q and has %d details", said.Intro, len(said.Details))
		}
		decks, mine := make(map[string]bool), make(map[string]bool)
		for n := range 5 {
			seats := s.taste(guest(n), better)
			if len(seats) != 7 || seats[6].Title.String() != "Taste test 1 · 7 of 7" {
				s.Fatalf("%s saw %d rounds, the last of them %q", guest(n), len(seats), seats[len(seats)-1].Title)
			}
			deck, controls := "", 0
			for _, seat := range seats {
				deck += seat.Round.String() + " "
				mine[seat.Round.String()] = n == 0 || mine[seat.Round.String()]
				if strings.Contains(string(seat.Prompt), "Control") {
					controls++
				}
			}
			if decks[deck] = true; controls != 3 {
				s.Errorf("%s has %d control pairs in seven rounds", guest(n), controls)
			}
		}
		if len(decks) != 5 {
			s.Errorf("five people have %d decks", len(decks))
		}
		for n := range s.tasting(id).Rounds {
			if r := id.Round(n + 1).String(); !mine[r] {
				for _, action := range []string{"/left", "/show"} {
					if n, refused := s.press(guest(0), r+action).Post.(bot.Notice); !refused || !n.Error {
						s.Errorf("%s votes on round %s, which is not in their deck", guest(0), r)
					}
				}
			}
		}

		posts := len(s.room.all())
		s.sleep(2 * time.Minute)
		if got := s.tasting(id); got.State != bot.Open || got.Deal.Looked != 1 || got.Deal.Shown || len(s.room.all()) != posts {
			s.Fatalf("after a wave that shows nothing it is %v, looked %d times, and there are %d posts more", got.State, got.Deal.Looked, len(s.room.all())-posts)
		}
		for n := 5; n < 8; n++ {
			s.taste(guest(n), better)
		}
		s.sleep(2 * time.Minute)
		if got := s.tasting(id); got.State != bot.Revealed || got.Deal.Looked != 2 || !got.Deal.Shown || got.Late {
			s.Fatalf("after a wave that shows it all it is %v, looked %d times, late %v", got.State, got.Deal.Looked, got.Late)
		}
		a := s.announcement(id)
		if a.Title.String() != "Taste test 1: kestrel is preferred." || a.Base.String() != "32 votes, 8 people, 10 prompts" {
			s.Errorf("announced is %q of %q", a.Title, a.Base)
		}
		if notes := asText(a.Notes); !strings.Contains(notes, "Voting ended early: this was shown after 56 votes of at most 112, control pairs included.") {
			s.Errorf("the notes are %s", notes)
		}
		if details := asText(a.Details); !strings.Contains(details, "Look 2 of at most 4 at these votes: a winner counts as shown at the level 0.0106, what else is looked for at 0.0163.") || !strings.Contains(details, "98.94% interval") {
			s.Errorf("the details are %s", details)
		}
		lines, err := proof.Verify(string(a.Proof))
		if err != nil || !strings.Contains(strings.Join(lines, "\n"), "8 seats was dealt 4 of 10 rounds") {
			s.Errorf("the proof shows %q, %v", lines, err)
		}
		commitment := fmt.Sprintf("%x", s.tasting(id).Deal.Commitment)
		if !strings.Contains(said.Details[0].String(), commitment) || !strings.Contains(string(a.Proof), commitment) || strings.Contains(string(a.Proof), "guest") {
			s.Errorf("the commitment %s stands not with %q, or not in the proof:\n%s", commitment, said.Details[0], a.Proof)
		}
		seen := s.tasting(id).Seen(1, guest(0))
		if seen.Position != 0 || !seen.Known {
			s.Errorf("once it is sealed an export says %+v of a seat", seen)
		}

		s.stop() // what was found once is found again
		s.begin()
		if again := s.command("bo", "results 1").Post.(bot.Announcement); again.Title.String() != a.Title.String() || asText(again.Details) != asText(a.Details) {
			s.Errorf("asked again it says %q\n%s", again.Title, asText(again.Details))
		}
	})
}

// What is shown holds of all votes: if one comes while the bot looks, it looks
// again, and that one counts.
func TestVoteWhileTheBotLooks(t *testing.T) {
	t.Parallel()
	looks := 0
	var s *stage
	play(t, func(made *stage) {
		s = made
		s.opt.Step = func(step string) {
			if step != "looked" {
				return
			}
			if looks++; looks == 2 || looks == 3 { // the second wave, and once more
				seat := s.bot.Press(context.Background(), bot.Press{At: lounge, User: guest(8), Button: "1/taste"}).Post.(bot.Seat)
				s.bot.Press(context.Background(), bot.Press{At: lounge, User: guest(8), Button: fmt.Sprintf("%v/%s", seat.Round, better(seat))})
			}
		}
	}, func(s *stage) {
		id := s.start(wavesWish())
		for n := range 8 {
			s.taste(guest(n), better)
			if n == 4 {
				s.sleep(2 * time.Minute)
			}
		}
		s.sleep(2 * time.Minute)
		got := s.tasting(id)
		if looks != 4 || got.Deal.Looked != 2 || got.State != bot.Revealed {
			s.Errorf("it looked %d times, at wave %d in the end, and is %v; want four times, at wave 2, revealed", looks, got.Deal.Looked, got.State)
		}
		if notes := asText(s.announcement(id).Notes); !strings.Contains(notes, "after 58 votes of at most 112") {
			s.Errorf("two votes came while it looked, and the notes are %s", notes)
		}
	})
}

// A close by a person, or by time, is the last look: it has what the early ones
// left. An extension adds none, and waves=off has no early ones.
func TestLastLook(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, wish string
		people     int
		end        func(*stage)
		details    string
	}{
		{"after one wave", wavesWish(), 6, func(s *stage) { s.press(starter, "1/close") }, "Look 4 of at most 4 at these votes: a winner counts as shown at the level 0.048, what else is looked for at 0.0404."},
		{"after two, extended", wavesWish(), 10, func(s *stage) {
			s.command(starter, "extend until=9h")
			s.sleep(10 * time.Hour)
		}, "the level 0.0431, what else is looked for at 0.032."},
		{"before the first", wavesWish(), 3, func(s *stage) { s.press(starter, "1/close") }, "the level 0.05, what else is looked for at 0.05."},
		{"no waves", wavesWish() + " waves=off", 10, func(s *stage) { s.press(starter, "1/close") }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if testing.Short() && tt.people == 10 {
				t.Skip("ten people vote on all prompts: six and three are enough")
			}
			play(t, func(s *stage) { s.opt.Rand = newSteady(0) }, func(s *stage) { // or decks might by chance show something
				id := s.start(tt.wish)
				choose := level()
				for n := range tt.people {
					s.taste(guest(n), choose)
				}
				s.sleep(2 * time.Minute)
				if got := s.tasting(id); got.State != bot.Open {
					s.Fatalf("with votes that are level it is %v", got.State)
				}
				tt.end(s)
				s.sleep(time.Minute)
				a := s.announcement(id)
				if details := asText(a.Details); !strings.Contains(details, tt.details) || tt.details == "" && strings.Contains(details, "Look ") {
					s.Errorf("the details are %s, want %q", details, tt.details)
				}
				if notes := asText(a.Notes); strings.Contains(notes, "early") {
					s.Errorf("it was ended, and the notes are %s", notes)
				}
				if _, err := proof.Verify(string(a.Proof)); err != nil {
					s.Error(err)
				}
			})
		})
	}
}

// Stopped after any step, a look among them, and started again, the bot looks
// once at each wave and finds the same.
func TestStoppedAroundALook(t *testing.T) {
	if testing.Short() {
		t.Skip("it plays twenty tastings: TestStoppedAnywhere stops one without looks")
	}
	t.Parallel()
	hold := func(t *testing.T, stop int) (name, verdict string) {
		play(t, func(s *stage) { s.opt.Rand = newSteady(0) }, func(s *stage) {
			var n atomic.Int32
			halt := make(chan string, 1)
			looks := make(map[int]int)
			s.stop()
			step := func(name string) {
				if name == "noted a look" {
					looks[s.tasting(bot.TastingID{Workspace: team, N: 1}).Deal.Looked]++
				}
			}
			s.opt.Step = func(name string) {
				step(name)
				if n.Add(1) == int32(stop) {
					halt <- name
					runtime.Goexit() // as if the process were dead
				}
			}
			s.begin()
			revive := func() {
				s.sleep(2*time.Minute + 10*time.Second)
				select {
				case name = <-halt:
					s.opt.Step = step
					s.stop()
					s.begin()
				default:
				}
				s.sleep(2*time.Minute + 10*time.Second)
			}
			ask := s.notice(s.command(starter, wavesWish()))
			go s.press(starter, ask.Buttons[0].ID)
			revive()
			for n := range 8 {
				s.taste(guest(n), better)
				if n == 4 {
					revive()
				}
			}
			revive()
			revive()
			s.sleep(time.Hour)
			id := bot.TastingID{Workspace: team, N: 1}
			a := s.announcement(id)
			verdict = asText([]any{a.Title, a.Base, a.Verdict, a.Notes, a.Details})
			if got := s.tasting(id); got.Deal.Looked != 2 || looks[1] > 1 || looks[2] > 1 || strings.Join(s.room.keys(), " ") != "1/head 1/announcement" {
				t.Errorf("stopped at %q it looked at wave %d in the end, noted %v, and posted %v", name, got.Deal.Looked, looks, s.room.keys())
			}
		})
		return name, verdict
	}
	_, want := hold(t, 0)
	if !strings.Contains(want, "kestrel is preferred") || !strings.Contains(want, "after 56 votes") {
		t.Fatalf("never stopped it says %s", want)
	}
	stride := 1
	if testing.Short() {
		stride = 5
	}
	stopped := make(map[string]bool)
	for stop := 1; ; stop += stride {
		name, got := hold(t, stop)
		if name == "" {
			break
		}
		stopped[name] = true
		if got != want {
			t.Errorf("stopped at step %d, %q:\n%s", stop, name, cmp.Diff(want, got))
		}
	}
	for _, step := range []string{"drawn", "opened", "looked", "noted a look", "sealed"} {
		if !stopped[step] && stride == 1 {
			t.Errorf("it was never stopped at %q: %v", step, stopped)
		}
	}
}

// lookless is a store in which no look is ever due.
type lookless struct{ bot.Store }

func (l lookless) Schedule(ctx context.Context, key bot.JobKey, due time.Time) error {
	if key.Kind == bot.LookJob {
		return nil
	}
	return l.Store.Schedule(ctx, key, due)
}

// What leaves the bot does not depend on whether it looks, nor on whether a look
// finds anything, until that ends voting: the same story is told with and
// without looks, and the second time a person closes at the moment at which the
// look did.
func TestNothingTellsOfALook(t *testing.T) {
	t.Parallel()
	const people = 8
	tell := func(t *testing.T, choose func(bot.Seat) bot.Choice, looks bool, ends time.Duration) (heard string, open time.Duration, looked int) {
		var out strings.Builder
		play(t, func(s *stage) {
			s.opt.Rand, s.log = newSteady(0), &out
			s.opt.Limits = engine.Limits{Day: -1, Person: -1, Unknown: 1e9}
			if !looks {
				s.wrap = func(store bot.Store) bot.Store { return lookless{store} }
			}
		}, func(s *stage) {
			id := s.start(wavesWish())
			tellAll := func() {
				for _, user := range []string{starter, guest(0), "stranger"} {
					for _, text := range []string{"status", "results", "me", "standings"} {
						fmt.Fprintf(&out, "%s types %s: %s\n", user, text, asText(s.command(user, text).Post))
					}
					shown, err := s.bot.View(s.Context(), lounge, bot.Voter{Workspace: team, User: user})
					fmt.Fprintln(&out, user, "looks:", asText(shown), err)
				}
			}
			for n := range people {
				for _, seat := range s.taste(guest(n), choose) {
					fmt.Fprintln(&out, asText(seat))
				}
				if s.sleep(3 * time.Minute); n < people-1 {
					tellAll()
				}
			}
			if ends > 0 {
				t := s.tasting(id)
				err := s.store.Update(s.Context(), id, bot.Open, func(stored *bot.Tasting) error {
					stored.State, stored.ClosedAt, stored.Wake = bot.Closing, t.Opened.Add(ends), time.Now()
					return nil
				})
				if err != nil {
					s.Error(err)
				}
			}
			s.sleep(time.Minute)
			got := s.tasting(id)
			if got.State == bot.Open {
				tellAll()
			}
			for _, m := range s.room.all() {
				for _, p := range m.all() {
					switch p := p.(type) {
					case bot.Announcement:
					case bot.Head:
						if p.State.TakesVotes() {
							fmt.Fprintln(&out, m.Key, asText(p))
						}
					default:
						fmt.Fprintln(&out, m.Key, asText(p))
					}
				}
			}
			fmt.Fprintln(&out, s.room.heard())
			open, looked = got.ClosedAt.Sub(got.Opened), got.Deal.Looked
		})
		return out.String(), open, looked
	}
	for _, tt := range []struct {
		name   string
		choose func() func(bot.Seat) bot.Choice
		shown  bool
	}{
		{"two looks that find nothing", level, false},
		{"one that does not, and one that does", func() func(bot.Seat) bot.Choice { return better }, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			with, open, looked := tell(t, tt.choose(), true, 0)
			if looked != 2 || tt.shown != (open > 0) {
				t.Fatalf("it looked %d times and was open for %v; this test shows nothing", looked, open)
			}
			without, _, looked := tell(t, tt.choose(), false, max(open, 0))
			if looked != 0 {
				t.Fatalf("without looks it looked %d times", looked)
			}
			if diff := cmp.Diff(strings.Split(with, "\n"), strings.Split(without, "\n")); diff != "" {
				t.Errorf("what leaves the bot tells that it looked, or what it saw (-with looks, +without):\n%s", diff)
			}
		})
	}
}
