package engine_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tastetest/tastetest/bot"
)

// Marks that come twice, late and in any order give the same row.
func TestMarksInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type event struct {
			pick bot.Pick
			mark bot.Mark
		}
		events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) event {
			return event{
				bot.Pick(rapid.IntRange(1, 4).Draw(t, "pick")),
				bot.Mark{On: rapid.Bool().Draw(t, "on"), At: time.Unix(int64(rapid.IntRange(1, 6).Draw(t, "at")), 0)},
			}
		}), 1, 12).Draw(t, "events")
		var inOrder, shuffled bot.Vote
		for _, e := range events {
			inOrder.Hear(e.pick, e.mark)
		}
		twice := append(append([]event(nil), events...), events...)
		rand.Shuffle(len(twice), func(i, j int) { twice[i], twice[j] = twice[j], twice[i] })
		for _, e := range twice {
			shuffled.Hear(e.pick, e.mark)
		}
		if inOrder != shuffled {
			t.Fatalf("in order: %+v; shuffled and twice: %+v", inOrder, shuffled)
		}
	})
}

// The pick is the mark that is newer than every other that is on; there is none where
// none is, however many share the newest stamp.
func TestPickIsTheOnlyNewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var v bot.Vote
		for i := range v.Marks {
			v.Marks[i].On = rapid.Bool().Draw(t, "on")
			if at := rapid.IntRange(0, 3).Draw(t, "at"); at > 0 {
				v.Marks[i].At = time.Unix(int64(at), 0)
			}
		}
		want := bot.None
		for i, m := range v.Marks {
			only := m.On
			for j, other := range v.Marks {
				only = only && (i == j || !other.On || m.At.After(other.At))
			}
			if only {
				want = bot.Pick(i + 1)
			}
		}
		if got := v.Pick(); got != want {
			t.Fatalf("of %+v the pick is %v, not %v", v.Marks, got, want)
		}
	})
}

// A removal that comes before its addition leaves a tombstone.
func TestRemovalBeforeAddition(t *testing.T) {
	var v bot.Vote
	v.Hear(bot.First, bot.Mark{On: false, At: time.Unix(2, 0)})
	v.Hear(bot.First, bot.Mark{On: true, At: time.Unix(1, 0)})
	if v.Pick() != bot.None {
		t.Errorf("the older addition brought a removed emoji back: %v", v.Pick())
	}
	v.Hear(bot.First, bot.Mark{On: true, At: time.Unix(2, 0)})
	if v.Pick() != bot.None {
		t.Errorf("at equal stamps on won: %v", v.Pick())
	}
}

// Whatever happens to the events, the counts are those of what stands: people
// tap at random, and of their events some are lost, some come twice, all late
// and in any order.
func TestEventsGetLost(t *testing.T) {
	t.Parallel()
	for seed := range 8 {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			play(t, nil, func(s *stage) {
				random := rand.New(rand.NewPCG(uint64(seed), 7))
				id := s.start(`start kestrel nova prompt="Hello?" until=2h`)
				ref := s.room.called(s.T, "1.1/ballot").Ref
				want := make(map[bot.Choice]int)
				var events []bot.Tap
				for u := range 40 {
					user := fmt.Sprint("user", u)
					// Each ends with one emoji, after changing their mind.
					last := bot.Choices[random.IntN(4)].Choice
					want[last]++
					var taps []bot.Tap
					for range random.IntN(4) {
						c := bot.Choices[random.IntN(4)].Choice
						taps = append(taps, bot.Tap{Choice: c, On: true}, bot.Tap{Choice: c})
					}
					taps = append(taps, bot.Tap{Choice: last, On: true})
					for _, tap := range taps {
						s.sleep(time.Second)
						tap.Ref, tap.User, tap.At = ref, user, time.Now()
						s.room.stand(ref, user, tap.Choice, tap.On)
						for range []int{1, 1, 1, 0, 2}[random.IntN(5)] {
							events = append(events, tap)
						}
					}
				}
				random.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
				for _, e := range events {
					if err := s.bot.React(s.Context(), e); err != nil {
						s.Fatal(err)
					}
				}
				s.press(starter, "1/close")
				s.wait()
				bars := s.announcement(id).Bars
				for i, p := range []bot.Pick{bot.First, bot.Second, bot.Tie, bot.Bad} {
					if c := s.choiceOf(id.Round(1), p); bars[i].Count != want[c] {
						s.Errorf("%s: %d votes, but %d emoji stand", c, bars[i].Count, want[c])
					}
				}
			})
		})
	}
}

// Of two emoji that stand, the one that was heard last counts; if neither was
// heard it is no vote, and the reveal says so.
func TestTwoEmoji(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start(`start kestrel nova prompt="Hello?" until=2h`)
		m := s.room.called(s.T, "1.1/ballot")
		s.tap(m.Ref, "heard", s.choiceOf(id.Round(1), bot.First), true)
		s.tap(m.Ref, "heard", s.choiceOf(id.Round(1), bot.Second), true)
		s.room.stand(m.Ref, "unheard", bot.Left, true)
		s.room.stand(m.Ref, "unheard", bot.Right, true)
		s.room.stand(m.Ref, "single", bot.Equal, true)
		s.tap(m.Ref, "gone", bot.Left, true)
		s.room.stand(m.Ref, "gone", bot.Left, false) // taken away, and the event is lost
		s.press(starter, "1/close")
		s.wait()
		r := m.now().(bot.Reveal)
		if want := "kestrel 0 · nova 1 · equal 1 · both bad 0"; r.Summary.String() != want {
			s.Errorf("reveal says %q, want %q", r.Summary, want)
		}
		if len(r.Notes) != 1 || r.Notes[0].String() != "1 person left two different emoji and which came last was not heard: not counted." {
			s.Errorf("notes = %q", r.Notes)
		}
	})
}

// Three or four that were never heard are no more a vote than two.
func TestManyEmojiUnheard(t *testing.T) {
	for _, left := range [][]bot.Choice{
		{bot.Left, bot.Right, bot.Equal},
		{bot.Left, bot.Right, bot.Awful},
		{bot.Left, bot.Equal, bot.Awful},
		{bot.Left, bot.Right, bot.Equal, bot.Awful},
	} {
		play(t, nil, func(s *stage) {
			s.start(`start kestrel nova prompt="Hello?" until=2h`)
			m := s.room.called(s.T, "1.1/ballot")
			for _, c := range left {
				s.room.stand(m.Ref, "ana", c, true)
			}
			s.press(starter, "1/close")
			s.wait()
			r := m.now().(bot.Reveal)
			if r.Votes != 0 || len(r.Notes) != 1 || !strings.HasPrefix(r.Notes[0].String(), "1 person left two different emoji") {
				s.Errorf("of %v, all unheard, the reveal counts %d votes and notes %q", left, r.Votes, r.Notes)
			}
		})
	}
}

// People are quicker than databases, and connections break: what stands is
// read after posting and on Resync.
func TestReadAgain(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start(`start kestrel nova prompt="Hello?" until=2h`)
		m := s.room.called(s.T, "1.1/ballot")
		s.room.stand(m.Ref, "quiet", bot.Left, true)
		s.tap(m.Ref, "heard", bot.Left, true)
		s.room.stand(m.Ref, "heard", bot.Left, false)
		s.sleep(time.Second)
		if err := s.bot.Resync(s.Context(), team); err != nil {
			s.Fatal(err)
		}
		votes, err := s.store.Votes(s.Context(), bot.TastingID{Workspace: team, N: 1}.Round(1))
		if err != nil || len(votes) != 2 || votes[0].Pick() != bot.None || votes[1].Pick() == bot.None {
			s.Errorf("after reading again: %+v, %v; want no vote of heard, one of quiet", votes, err)
		}
	})
}

// A reading has something happen after the platform has said what stands, before the
// bot knows.
type reading struct {
	*room
	meanwhile atomic.Pointer[func()]
}

func (c *reading) Reactions(ctx context.Context, ref bot.Ref) ([]bot.Tap, error) {
	taps, err := c.room.Reactions(ctx, ref)
	if do := c.meanwhile.Swap(nil); do != nil {
		(*do)()
	}
	return taps, err
}

// What people do while a ballot is read counts, and is not taken for what a reader missed.
// Slack's stamps are seconds and a number, so they may be older than the reading; its
// clock is not ours either.
func TestVotesWhileABallotIsRead(t *testing.T) {
	for _, behind := range []time.Duration{0, time.Second, time.Minute} {
		t.Run(fmt.Sprint("stamps behind by ", behind), func(t *testing.T) {
			var c *reading
			play(t, func(s *stage) { c = &reading{room: s.room}; s.chat = c }, func(s *stage) {
				id := s.start(`start kestrel nova prompt="Hello?" until=2h`)
				ref := s.room.called(s.T, "1.1/ballot").Ref
				stamp := 0
				tap := func(user string, choice bot.Choice, on bool) {
					s.Helper()
					s.room.stand(ref, user, choice, on)
					stamp++
					at := time.Now().Add(-behind).Truncate(time.Second).Add(time.Duration(stamp) * time.Microsecond)
					if err := s.bot.React(s.Context(), bot.Tap{Ref: ref, User: user, Choice: choice, On: on, At: at}); err != nil {
						s.Error(err)
					}
				}
				for _, user := range []string{"bo", "cy", "ed"} {
					tap(user, bot.Left, true)
				}
				tap("ed", bot.Left, false)
				s.sleep(1500 * time.Millisecond)
				for _, user := range []string{"ed", "fi"} { // of which the bot hears while it reads
					s.room.stand(ref, user, bot.Left, true)
				}
				meanwhile := func() {
					for _, user := range []string{"ed", "fi"} {
						tap(user, bot.Left, true)
						tap(user, bot.Left, false)
					}
					tap("bo", bot.Left, false)
					tap("bo", bot.Right, true)
					tap("cy", bot.Left, false)
					tap("di", bot.Equal, true)
				}
				c.meanwhile.Store(&meanwhile)
				if err := s.bot.Resync(s.Context(), team); err != nil {
					s.Fatal(err)
				}
				votes, err := s.store.Votes(s.Context(), id.Round(1))
				if err != nil {
					s.Fatal(err)
				}
				got := make(map[string]bot.Pick)
				for _, v := range votes {
					got[v.Voter.User] = v.Pick()
				}
				want := map[string]bot.Pick{"bo": bot.Right.Pick(s.tasting(id).FlipFor(1, "bo")), "cy": bot.None, "di": bot.Tie, "ed": bot.None, "fi": bot.None}
				if !maps.Equal(got, want) {
					s.Errorf("while the ballot was read bo changed to the right, cy, ed and fi took theirs back and di called them equal; on record is %v, want %v", got, want)
				}
			})
		})
	}
}

// After closing no vote changes.
func TestSealed(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start(`start kestrel nova prompt="Hello?" until=2h`)
		ref := s.room.called(s.T, "1.1/ballot").Ref
		s.tap(ref, "bo", bot.Left, true)
		s.press(starter, "1/close")
		s.wait()
		before := asText(s.command("stranger", "results 1").Post)
		s.tap(ref, "bo", bot.Right, true)
		s.tap(ref, "cy", bot.Right, true)
		s.wait()
		if err := s.bot.Resync(s.Context(), team); err != nil {
			s.Fatal(err)
		}
		after := s.command("stranger", "results 1").Post
		if asText(after) != before {
			s.Errorf("votes after closing changed the result from\n%s to\n%s", before, asText(after))
		}
	})
}

// textless is a store that must not be asked for texts.
type textless struct {
	bot.Store
	forbid *bool
	t      *testing.T
}

func (s textless) Texts(ctx context.Context, id bot.RoundID) (bot.Texts, error) {
	if *s.forbid {
		s.t.Errorf("the path of a vote reads the answers of round %v", id)
	}
	return s.Store.Texts(ctx, id)
}

// The path of a vote never reads the answers.
func TestVotePathReadsNoTexts(t *testing.T) {
	forbid := false
	play(t, func(s *stage) {
		s.wrap = func(store bot.Store) bot.Store { return textless{store, &forbid, s.T} }
	}, func(s *stage) {
		s.start(`start kestrel nova prompt="Hello?" until=2h`)
		ref := s.room.called(s.T, "1.1/ballot").Ref
		forbid = true
		for v := range 20 {
			s.tap(ref, fmt.Sprint("voter", v), bot.Left, true)
		}
		forbid = false
	})
}

// Counts are edited in at most every ten seconds here, and not once voting is
// over.
func TestCountsAreCoalesced(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start(`start kestrel nova prompt="Hello?" until=2h`)
		m := s.room.called(s.T, "1.1/ballot")
		for v := range 300 {
			s.tap(m.Ref, fmt.Sprint("voter", v), bot.Left, true)
			s.sleep(100 * time.Millisecond)
		}
		s.sleep(20 * time.Second)
		if n := len(m.all()) - 1; n < 2 || n > 5 {
			s.Errorf("300 votes within 30 s led to %d edits", n)
		}
		if got := m.now().(bot.Ballot).Progress; !strings.HasPrefix(got.String(), "300 voted") {
			s.Errorf("the last count is %q", got)
		}
		s.tap(m.Ref, "late", bot.Left, true)
		s.press(starter, "1/close")
		s.sleep(time.Minute)
		if _, ok := m.now().(bot.Reveal); !ok {
			s.Errorf("after the reveal it was edited into %T", m.now())
		}
	})
}

// While a chat has more urgent edits to make, counts wait, and a new closing
// time does not; what waited is shown when there is room again.
func TestCountsWaitForOtherEdits(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start(`start kestrel nova prompt="Hello?" until=2h`)
		m := s.room.called(s.T, "1.1/ballot")
		s.room.now(func(c *room) { c.busy = true })
		s.tap(m.Ref, "bo", bot.Left, true)
		s.sleep(time.Minute)
		if n := len(m.all()) - 1; n != 0 {
			s.Errorf("while counts must wait there were %d edits", n)
		}
		s.command(starter, "extend until=5h")
		s.sleep(time.Minute)
		if n := len(m.all()) - 1; n != 1 {
			s.Errorf("a new closing time led to %d edits, not one", n)
		}
		s.tap(m.Ref, "cy", bot.Left, true)
		s.sleep(time.Minute)
		s.room.now(func(c *room) { c.busy = false })
		s.sleep(time.Minute)
		if got := m.now().(bot.Ballot).Progress; !strings.HasPrefix(got.String(), "2 voted") {
			s.Errorf("when there is room again the count is %q", got)
		}
	})
}

// Where a chat wants no more counts in old messages none is edited, however many
// still vote, also after a restart; the reveal is.
func TestCountsOfOldBallotsStandStill(t *testing.T) {
	play(t, func(s *stage) { s.room.countFor = time.Hour }, func(s *stage) {
		s.start(`start kestrel nova prompt="Hello?" until=5h`)
		m := s.room.called(s.T, "1.1/ballot")
		s.sleep(50 * time.Minute)
		s.tap(m.Ref, "bo", bot.Left, true)
		s.sleep(time.Minute)
		if got := m.now().(bot.Ballot).Progress; !strings.HasPrefix(got.String(), "1 voted") {
			s.Errorf("within the hour the count is %q", got)
		}
		s.sleep(10 * time.Minute)
		before := len(m.all())
		for v := range 6 {
			if v == 3 {
				s.stop()
				s.begin()
			}
			s.tap(m.Ref, fmt.Sprint("voter", v), bot.Left, true)
			s.sleep(time.Minute)
		}
		if edits := len(m.all()) - before; edits != 0 {
			s.Errorf("after the first hour six votes led to %d edits of the ballot", edits)
		}
		s.press(starter, "1/close")
		s.wait()
		if r, ok := m.now().(bot.Reveal); !ok || r.Votes != 7 {
			s.Errorf("in the end the ballot says %+v; want the reveal of seven votes", m.now())
		}
	})
}

// People are quicker than databases: an emoji that is there before the ballot's
// message is known counts from the start.
func TestQuickerThanTheDatabase(t *testing.T) {
	play(t, func(s *stage) {
		s.opt.Step = func(step string) {
			if step == "said 1.1/ballot" {
				s.room.stand(s.room.all()[0].Ref, "quick", bot.Left, true)
			}
		}
	}, func(s *stage) {
		s.start(`start kestrel nova prompt="Hello?" until=2h`)
		votes, err := s.store.Votes(s.Context(), bot.TastingID{Workspace: team, N: 1}.Round(1))
		if err != nil || len(votes) != 1 || votes[0].Pick() == bot.None {
			s.Errorf("votes: %+v, %v", votes, err)
		}
	})
}

// An emoji found by reading is older than any tap that is heard, whatever the
// platform's clock says.
func TestFoundEmojiAreOlder(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start(`start kestrel nova prompt="Hello?" until=2h`)
		ref := s.room.called(s.T, "1.1/ballot").Ref
		s.room.stand(ref, "bo", bot.Left, true)
		if err := s.bot.Resync(s.Context(), team); err != nil {
			s.Fatal(err)
		}
		s.room.stand(ref, "bo", bot.Right, true)
		slow := bot.Tap{Ref: ref, User: "bo", Choice: bot.Right, On: true, At: time.Now().Add(-10 * time.Second)}
		if err := s.bot.React(s.Context(), slow); err != nil {
			s.Fatal(err)
		}
		v, err := s.store.Vote(s.Context(), id.Round(1), bot.Voter{Workspace: team, User: "bo"})
		if want := bot.Right.Pick(s.tasting(id).Rounds[0].Flip); err != nil || v.Pick() != want {
			s.Errorf("the vote is %v, %v; want the tap that came later, %v", v.Pick(), err, want)
		}
	})
}

// Where people have one emoji each, a change of mind is one write, and whoever
// taps in vain is told why.
func TestOnlyOneEmoji(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start(`start kestrel nova prompt="Hello?" until=2h`)
		ref := s.room.called(s.T, "1.1/ballot").Ref
		tap := func(user string, c bot.Choice, on bool) error {
			return s.bot.React(s.Context(), bot.Tap{Ref: ref, User: user, Choice: c, On: on, Only: true})
		}
		row := func() (on []bot.Pick) {
			v, err := s.store.Vote(s.Context(), id.Round(1), bot.Voter{Workspace: team, User: "bo"})
			if err != nil {
				s.Fatal(err)
			}
			for i, m := range v.Marks {
				if m.On {
					on = append(on, bot.Pick(i+1))
				}
			}
			return on
		}
		s.tap(ref, "bo", bot.Awful, true) // heard without Only
		for _, c := range []bot.Choice{bot.Left, bot.Right, bot.Right, bot.Equal, bot.Left} {
			if err := tap("bo", c, true); err != nil {
				s.Fatal(err)
			}
			if want := c.Pick(s.tasting(id).Rounds[0].Flip); !slices.Equal(row(), []bot.Pick{want}) {
				s.Errorf("after %s the row has %v on, not %v alone", c, row(), want)
			}
		}
		if err := tap("bo", bot.Left, false); err != nil || len(row()) > 0 {
			s.Errorf("after it was taken back (%v) the row has %v on", err, row())
		}
		if err := tap("bo", "heart", true); err == nil {
			s.Error("a heart was kept")
		}
		s.press(starter, "1/close")
		s.wait()
		for _, on := range []bool{true, false} {
			if err := tap("bo", bot.Right, on); err == nil || err.Error() != "Voting has ended." {
				s.Errorf("after closing a tap (on %v) is answered %v", on, err)
			}
		}
		ref.Message = "elsewhere"
		if err := tap("bo", bot.Right, true); err == nil || err.Error() != "That ballot is not here any more. Reload the page." {
			s.Errorf("a tap on no ballot is answered %v", err)
		}
	})
}

// Whoever pasted the texts is told that their tap does not count.
func TestOnlyOneEmojiOfWhoKnows(t *testing.T) {
	play(t, nil, func(s *stage) {
		ask := s.notice(s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: "compare",
			Values: map[string]string{"prompt": "Greet me.", "first": "Come in.", "second": "Do come in."}}))
		s.press(starter, ask.Buttons[0].ID)
		s.wait()
		ref := s.room.called(s.T, "1.1/ballot").Ref
		err := s.bot.React(s.Context(), bot.Tap{Ref: ref, User: starter, Choice: bot.Left, On: true, Only: true})
		if _, told := errors.AsType[bot.UserError](err); !told {
			s.Errorf("the tap of whoever knows the texts is answered %v", err)
		}
	})
}

// Of two presses whose turns come in the wrong order, that which was made last
// counts; so does one that takes a vote back.
func TestPressesInTheWrongOrder(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start(`start kestrel nova pack=fruit rounds=2 ballot=private until=2h`)
		now := time.Now()
		for _, x := range []struct {
			button string
			made   time.Duration
			want   bot.Choice
		}{{"right", 2, bot.Right}, {"left", 1, bot.Right}, {"tie", 3, bot.Equal}, {"clear", 5, ""}, {"bad", 4, ""}, {"left", 6, bot.Left}} {
			s.bot.Press(s.Context(), bot.Press{At: lounge, User: "ana", Button: id.Round(1).String() + "/" + x.button, Made: now.Add(x.made * time.Second)})
			v, err := s.store.Vote(s.Context(), id.Round(1), bot.Voter{Workspace: id.Workspace, User: "ana"})
			if err != nil {
				s.Fatal(err)
			}
			if got := v.Pick().Choice(s.tasting(id).FlipFor(1, "ana")); got != x.want {
				s.Errorf("after %q, made in second %d, the vote is %q, not %q", x.button, x.made, got, x.want)
			}
		}
	})
}

// Promise 6: people see a ballot before it is noted where it stands. What they tap then
// is not kept, and so not acknowledged, where it comes again; nor is it when the bot
// died in between. Once the note is there it is kept. An emoji on another post of ours
// waits only while ballots are posted, and not at all if it stood before they were.
func TestEarlyEmojiAreNotAcknowledged(t *testing.T) {
	for _, dies := range []bool{false, true} {
		var early bot.Tap
		play(t, func(s *stage) {
			s.opt.Step = func(step string) {
				if step != "said 1.2/ballot" {
					return
				}
				early = bot.Tap{Ref: s.room.called(s.T, "1.2/ballot").Ref, User: "bo", Choice: bot.Left, On: true, Again: true, At: time.Now()}
				if err := s.bot.React(s.Context(), early); !errors.Is(err, bot.ErrEarly) {
					s.Errorf("an emoji on a ballot that is being posted is answered %v, and nothing is kept of it", err)
				}
				other := early
				other.Ref.Message, other.Said = "none of ours", time.Now().Add(-time.Hour)
				if err := s.bot.React(s.Context(), other); err != nil {
					s.Errorf("an emoji on a post that is an hour old waits for ballots that are being posted: %v", err)
				}
				if other.Said = time.Now().Add(-5 * time.Minute); !errors.Is(s.bot.React(s.Context(), other), bot.ErrEarly) {
					s.Error("one on a post that a clock which is off may call older than it is does not wait")
				}
				if dies {
					runtime.Goexit() // as if the process were dead
				}
			}
		}, func(s *stage) {
			id := s.start("start kestrel nova pack=fruit rounds=2 until=5h")
			if dies {
				if err := s.bot.React(s.Context(), early); !errors.Is(err, bot.ErrEarly) {
					s.Errorf("after the bot died on it, an emoji is answered %v", err)
				}
				s.stop()
				s.opt.Step = nil
				s.begin()
				s.wait()
			}
			if err := s.bot.React(s.Context(), early); err != nil {
				s.Errorf("when the same emoji comes again it is answered %v", err)
			}
			if v, err := s.store.Vote(s.Context(), id.Round(2), bot.Voter{Workspace: team, User: "bo"}); err != nil || v.Pick() == bot.None {
				s.Errorf("what was acknowledged is not kept: %+v, %v", v, err)
			}
			head := early
			head.Ref = s.room.called(s.T, "1/head").Ref
			if err := s.bot.React(s.Context(), head); err != nil {
				s.Errorf("an emoji on the head is answered %v", err)
			}
		})
	}
}

// The same of the later rounds of a schedule's block.
func TestEarlyEmojiOnABlock(t *testing.T) {
	seen := 0
	play(t, func(s *stage) {
		bossy(s)
		s.opt.Step = func(step string) {
			if step != "said 1.2/ballot" {
				return
			}
			seen++
			tap := bot.Tap{Ref: s.room.called(s.T, "1.2/ballot").Ref, User: "bo", Choice: bot.Left, On: true, Again: true, At: time.Now()}
			if err := s.bot.React(s.Context(), tap); !errors.Is(err, bot.ErrEarly) {
				s.Errorf("an emoji on a block's second round, which is being posted, is answered %v", err)
			}
			if tap.Said = time.Now().Add(-time.Hour); s.bot.React(s.Context(), tap) != nil {
				s.Error("an emoji on a post from between a block's rounds waits for its second round")
			}
			tap.Said = time.Time{}
			tap.Ref = s.room.called(s.T, "1.1/ballot").Ref
			if err := s.bot.React(s.Context(), tap); err != nil {
				s.Errorf("one on its first, which stands, is answered %v", err)
			}
		}
	}, func(s *stage) {
		s.scheduled("schedule daily 10:00 start kestrel nova pack=fruit rounds=1 block=3")
		s.sleep(48 * time.Hour)
		tap := bot.Tap{Ref: bot.Ref{Place: lounge, Message: "none of ours"}, User: "bo", Choice: bot.Left, On: true, Again: true, At: time.Now()}
		if err := s.bot.React(s.Context(), tap); err != nil {
			s.Errorf("while a block rests, an emoji on no ballot is answered %v", err)
		}
	})
	if seen != 1 {
		t.Errorf("the second round was said %d times", seen)
	}
}

// Emoji that were read again and again while no event of them came are as little heard
// as at first: of two that stand none came last, and a vote is as old as the closing.
func TestReadAgainIsNotHeard(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start(`start kestrel nova prompt="Hello?" until=2h`)
		m := s.room.called(s.T, "1.1/ballot")
		read := func() {
			if err := s.bot.Resync(s.Context(), team); err != nil {
				s.Error(err)
			}
		}
		for range 3 {
			for _, on := range []bool{true, false} {
				s.room.stand(m.Ref, "both", bot.Left, on)
				s.room.stand(m.Ref, "one", bot.Right, on)
				read()
			}
		}
		s.room.stand(m.Ref, "one", bot.Right, true)
		s.room.stand(m.Ref, "both", bot.Left, true)
		s.room.stand(m.Ref, "both", bot.Right, true)
		read()
		s.press(starter, "1/close")
		s.wait()
		if a := s.announcement(id); a.Base.String() != "1 vote, 1 person, 1 prompt" {
			s.Errorf("announced: %q; want the vote of whoever has one emoji, and none of whoever has two", a.Base)
		}
		votes, err := s.store.Votes(s.Context(), id.Round(1))
		if err != nil {
			s.Fatal(err)
		}
		for _, v := range votes {
			if v.Pick() != bot.None && !v.Newest().Equal(s.tasting(id).ClosedAt) {
				s.Errorf("the vote of %s, of which no event came, is of %v; voting was closed at %v", v.Voter.User, v.Newest(), s.tasting(id).ClosedAt)
			}
		}
	})
}
