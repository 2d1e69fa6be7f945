package engine_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A slow room takes its time over edits, and over the question whose votes
// count.
type slow struct {
	*room
	edits, elects atomic.Int64 // how long they take
}

func (c *slow) Edit(ctx context.Context, ref bot.Ref, p bot.Post) error {
	time.Sleep(time.Duration(c.edits.Load()))
	return c.room.Edit(ctx, ref, p)
}

func (c *slow) Elects(ctx context.Context, at bot.Place, user string, e bot.Electorate, since time.Time) (bool, error) {
	time.Sleep(time.Duration(c.elects.Load()))
	return c.room.Elects(ctx, at, user, e, since)
}

func (c *slow) Post(ctx context.Context, at bot.Place, key bot.PostKey, since time.Time, p bot.Post) (bot.Ref, error) {
	ref, err := c.room.Post(ctx, at, key, since, p)
	if key.What == bot.HeadPost {
		time.Sleep(5 * time.Second)
	}
	return ref, err
}

// Whoever extends a tasting while the closing time before is still being shown
// sees theirs shown as well.
func TestExtendedWhileTheOldTimeIsShown(t *testing.T) {
	var c *slow
	play(t, func(s *stage) { c = &slow{room: s.room}; s.chat = c }, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=3 until=2h")
		s.sleep(10 * time.Second)
		c.edits.Store(int64(5 * time.Second))
		s.command(starter, "extend until=4h")
		s.sleep(7 * time.Second) // the head and a ballot say so
		s.command(starter, "extend until=8h")
		s.sleep(2 * time.Minute)
		want := s.tasting(id).Closes.UTC().Format("15:04")
		for _, key := range []string{"1/head", "1.1/ballot", "1.2/ballot", "1.3/ballot"} {
			if said := asText(s.room.called(s.T, key).now()); !strings.Contains(said, want) {
				s.Errorf("it closes at %s, and %s says %s", want, key, said)
			}
		}
	})
}

// Whoever begins to taste at the moment in which voting opens is counted apart
// like anybody else whose vote does not count.
func TestAdmittedWhileItOpens(t *testing.T) {
	var c *slow
	play(t, func(s *stage) { c = &slow{room: s.room}; s.chat = c }, func(s *stage) {
		id := s.start(`start kestrel nova pack=fruit rounds=2 ballot=private voters="@cooks" until=2h`)
		if got := s.tasting(id).State; got != bot.Posting {
			s.Fatalf("its head is being posted, and it is %v", got)
		}
		c.elects.Store(int64(10 * time.Second))
		seat, ok := s.press("eve", "1/taste").Post.(bot.Seat)
		if got := s.tasting(id); got.State != bot.Open || len(got.Outside) != 1 {
			s.Errorf("it is %v, and apart are %v", got.State, got.Outside)
		}
		if !ok || !strings.Contains(seat.Note.String(), "counted apart") {
			s.Errorf("who is no cook is told %q", seat.Note)
		}
	})
}

// between does something once, just before the bot reads a round's votes.
type between struct {
	bot.Store
	do *atomic.Pointer[func()]
}

func (b between) EachVote(ctx context.Context, id bot.RoundID, f func(bot.Vote) error) error {
	if do := b.do.Swap(nil); do != nil {
		(*do)()
	}
	return b.Store.EachVote(ctx, id, f)
}

// Whoever was told that a tasting goes on for longer is not overtaken by its
// end, nor by an extension that is shorter.
func TestExtendedAtTheEnd(t *testing.T) {
	for _, voters := range []int{0, 5} {
		var do atomic.Pointer[func()]
		play(t, func(s *stage) { s.wrap = func(st bot.Store) bot.Store { return between{st, &do} } }, func(s *stage) {
			id := s.start(`start kestrel nova prompt="Hello?" until=2h`)
			m := s.room.called(s.T, "1.1/ballot")
			for _, user := range []string{"bo", "cy", "di", "eve", "flo"}[:voters] {
				s.tap(m.Ref, user, bot.Left, true)
			}
			s.sleep(time.Until(s.tasting(id).Closes) - time.Minute)
			var said string
			extend := func() { said = s.notice(s.command(starter, "extend until=8h")).Text.String() }
			do.Store(&extend)
			s.sleep(2 * time.Minute)
			if do.Load() != nil {
				s.Fatal("nobody read votes at the end")
			}
			if got := s.tasting(id); !strings.Contains(said, "now closes") || got.State != bot.Open || time.Until(got.Closes) < 7*time.Hour {
				s.Errorf("with %d voters the starter is told %q, and it is %v and closes in %v", voters, said, got.State, time.Until(got.Closes))
			}
		})
	}
}

// A cancelled tasting's posts say so in the end, also where the chat takes only
// so many edits of old messages, and over a restart.
func TestOldPostsOfACancelledTasting(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=4 until=2h")
		s.room.now(func(c *room) { c.old, c.edits = true, 2 })
		s.press(starter, "1/cancel")
		s.sleep(time.Minute)
		s.stop()
		s.begin()
		for range 4 {
			s.room.now(func(c *room) { c.edits = 1 })
			s.sleep(21 * time.Minute)
		}
		for _, m := range s.room.all() {
			if said := asText(m.now()); !strings.Contains(said, "it will not be revealed") && !strings.Contains(said, "cancelled") {
				s.Errorf("%s still says %s", m.Key, said)
			}
		}
		if got := s.tasting(id); !got.Settled() {
			s.Errorf("it is %v and not settled", got.State)
		}
	})
}

// A cancelled tasting whose posts can never be edited is over after a day all
// the same: its money is given back, and retention finds it.
func TestCancelledAndNeverEdited(t *testing.T) {
	if testing.Short() {
		t.Skip("a day passes: TestNothingHoldsTheRevealUp has edits that fail")
	}
	t.Parallel()
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=2 until=2h")
		s.room.now(func(c *room) { c.noEdit = true })
		s.press(starter, "1/cancel")
		s.sleep(25 * time.Hour)
		if got := s.tasting(id); !got.Settled() || got.Reserved != 0 {
			s.Errorf("it is %v, settled: %v, and %d pico-USD are held for it", got.State, got.Settled(), got.Reserved)
		}
	})
}

// What is cancelled while its ballots are being posted is posted no further.
func TestCancelledWhilePosting(t *testing.T) {
	var c *slow
	play(t, func(s *stage) { c = &slow{room: s.room}; s.chat = c }, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=8 until=2h")
		if got := s.tasting(id).State; got != bot.Posting {
			s.Fatalf("its head is being posted, and it is %v", got)
		}
		if n := s.notice(s.press(starter, "1/cancel")); n.Error {
			s.Fatalf("cancel is answered with %q", n.Text)
		}
		s.sleep(time.Minute)
		if keys := s.room.keys(); len(keys) != 1 {
			s.Errorf("only the head stood when it was cancelled, and now %v", keys)
		}
		if got := s.tasting(id); got.State != bot.Cancelled || !got.Settled() {
			s.Errorf("it is %v, settled: %v", got.State, got.Settled())
		}
	})
}

// What was refused, or lost, before an outage and once more after it has not
// been so all the time.
func TestRefusedBeforeAndAfterAnOutage(t *testing.T) {
	for name, fault := range map[string]error{"refused": bot.ErrRefused, "lost": bot.ErrLost} {
		var now atomic.Pointer[error]
		play(t, func(s *stage) {
			s.room.noPosts = func(key string) error {
				if err := now.Load(); err != nil && key == "1.2/ballot" {
					return *err
				}
				return nil
			}
			now.Store(&fault)
		}, func(s *stage) {
			id := s.start("start kestrel nova pack=fruit rounds=2 until=9h")
			now.Store(&errCut)
			s.sleep(time.Hour)
			now.Store(&fault)
			s.sleep(65 * time.Second) // one attempt, or two
			now.Store(nil)
			s.sleep(2 * time.Minute)
			if got := s.tasting(id); got.State != bot.Open {
				s.Errorf("%s: it is %v: %s", name, got.State, got.Note)
			}
		})
	}
}

// A lost channel keeps nobody from hearing that a ballot elsewhere could not be
// read: whoever asked reads again.
func TestResyncBesideALostPlace(t *testing.T) {
	var c *picky
	play(t, func(s *stage) { c = &picky{room: s.room}; s.chat = c }, func(s *stage) {
		s.start(`start kestrel nova prompt="Hello?" until=2h`)
		s.start(`start kestrel nova prompt="Hello again?" until=2h`)
		lost := s.room.called(s.T, "1.1/ballot").Ref
		c.fails.Store(&lost)
		if err := s.bot.Resync(s.Context(), team); err != nil {
			s.Errorf("with a lost place and nothing else: %v", err)
		}
		s.room.now(func(r *room) { r.unread = true })
		if err := s.bot.Resync(s.Context(), team); err == nil || errors.Is(err, bot.ErrLost) {
			s.Errorf("with a ballot that cannot be read: %v, which sounds as if it were lost", err)
		}
	})
}

// A picky room has lost the place of one message.
type picky struct {
	*room
	fails atomic.Pointer[bot.Ref]
}

func (c *picky) Reactions(ctx context.Context, ref bot.Ref) ([]bot.Tap, error) {
	if lost := c.fails.Load(); lost != nil && *lost == ref {
		return nil, bot.ErrLost
	}
	return c.room.Reactions(ctx, ref)
}

// Where edits take longer than votes come, no count waits in line twice: soon
// after the last vote all say what is so, and nothing is edited any more. If it
// hangs, two edits of a tasting wait for each other's lock, at which the bubble's
// time stands still.
func TestCountsOfASlowChat(t *testing.T) {
	var c *slow
	play(t, func(s *stage) { c = &slow{room: s.room}; s.chat = c }, func(s *stage) {
		s.start("start kestrel nova pack=fruit rounds=8 until=2h")
		s.sleep(10 * time.Second)
		c.edits.Store(int64(3 * time.Second))
		var ballots []*message
		for _, m := range s.room.all() {
			if strings.HasSuffix(m.Key, "/ballot") {
				ballots = append(ballots, m)
			}
		}
		for i := range 60 {
			for _, m := range ballots {
				s.tap(m.Ref, string(rune('a'+i%26))+"o", bot.Choices[i/26].Choice, true)
			}
			s.sleep(5 * time.Second)
		}
		edits := func() (n int) {
			for _, m := range s.room.all() {
				n += len(m.all()) - 1
			}
			return n
		}
		s.sleep(time.Minute) // nine edits, and nine more
		before := edits()
		s.sleep(5 * time.Minute)
		if late := edits() - before; late > 0 {
			s.Errorf("a minute after the last vote there were %d edits, and then %d more", before, late)
		}
		for _, m := range ballots {
			if said := m.now().(bot.Ballot).Progress; !strings.HasPrefix(said.String(), "26 voted") {
				s.Errorf("%s says %q", m.Key, said)
			}
		}
	})
}
