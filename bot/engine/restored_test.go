package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// bringBack stops the bot and puts a copy of its store in that one's place.
func (s *stage) bringBack(copied string) {
	s.Helper()
	s.stop()
	if err := os.Rename(copied, s.path); err != nil {
		s.Fatal(err)
	}
	s.begin()
}

// copyStore copies the store as it is now.
func (s *stage) copyStore() (path string) {
	s.Helper()
	path = filepath.Join(s.TempDir(), "copy")
	if err := s.store.Snapshot(s.Context(), path); err != nil {
		s.Fatal(err)
	}
	return path
}

// A store that is brought back from a copy carries on: what is in flight is read again
// from the chat, what was said since is found and not said twice, and no new tasting
// gets a number that was given since.
func TestStoreBroughtBack(t *testing.T) {
	t.Parallel()
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=3 until=3h")
		first := s.room.called(s.T, "1.1/ballot")
		s.tap(first.Ref, "bo", s.choiceOf(id.Round(1), bot.First), true)
		copied := s.copyStore()
		s.sleep(time.Minute)
		for _, user := range []string{"cy", "di", "eve", "fay"} {
			s.tap(first.Ref, user, s.choiceOf(id.Round(1), bot.First), true)
		}
		s.start(`start kestrel nova prompt="Since the copy?" until=9h`)
		s.press(starter, "1/close")
		s.sleep(time.Minute)
		keys, told := s.room.keys(), s.announcement(id)
		if !slices.Contains(keys, "1/announcement") || told.Base.String() != "5 votes, 5 people, 1 prompt" {
			s.Fatalf("before the copy is brought back: %v, %q", keys, told.Base)
		}

		s.bringBack(copied)
		if got := s.tasting(id); got.State != bot.Open {
			s.Fatalf("in the copy it is %v, not open; this test has tested nothing", got.State)
		}
		if err := s.bot.Resync(s.Context(), team); err != nil { // as chats do when they connect
			s.Fatal(err)
		}
		s.sleep(12 * time.Hour)
		got := s.tasting(id)
		if now := s.room.keys(); !slices.Equal(now, keys) {
			s.Errorf("brought back, it has said %v, and had said %v", now, keys)
		}
		if n := got.Rounds[0].Counts.Tally().N(); got.State != bot.Revealed || n != 5 {
			s.Errorf("brought back, it is %v with %d votes; want the five that stand in the chat", got.State, n)
		}
		if next := s.start(`start kestrel nova prompt="After it?" until=2h`); next.N <= 2 {
			s.Errorf("the next tasting is number %d, which stands in the chat already", next.N)
		}
	})
}

// Ballots of a tasting that was not drawn when the copy was made may stand in the chat
// with sides that nobody knows any more: it is not asked again.
func TestBroughtBackBeforeTheSidesWereDrawn(t *testing.T) {
	t.Parallel()
	play(t, func(s *stage) { s.opt.Hold = time.Minute; s.models[0].speed = time.Second }, func(s *stage) {
		ask := s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=2 until=3h"))
		draft := s.copyStore()
		s.press(starter, ask.Buttons[0].ID)
		s.sleep(10 * time.Second)
		id := bot.TastingID{Workspace: team, N: 1}
		if got := s.tasting(id); got.State != bot.Asking {
			s.Fatalf("it is %v; this test looks at one that is asked", got.State)
		}
		asking := s.copyStore()
		s.sleep(5 * time.Minute)
		keys := s.room.keys()

		s.bringBack(asking)
		s.sleep(10 * time.Minute)
		if got := s.tasting(id); got.State != bot.Failed || !strings.Contains(got.Why().String(), "before the ballots were posted") {
			s.Errorf("brought back while it was asked it is %v: %q", got.State, got.Why())
		}
		s.bringBack(draft)
		if n := s.notice(s.press(starter, ask.Buttons[0].ID)); !n.Error || !strings.Contains(n.Text.String(), "Start it again") {
			s.Errorf("yes to a draft of before is answered %q", n.Text)
		}
		if now := s.room.keys(); !slices.Equal(now, keys) {
			s.Errorf("posts are %v, and were %v", now, keys)
		}
	})
}

// What a schedule started since the copy was made is not started a second time; the
// next time comes as ever, and is caught up as ever.
func TestScheduleBroughtBack(t *testing.T) {
	t.Parallel()
	play(t, bossy, func(s *stage) {
		s.scheduled("schedule daily 10:00 start kestrel nova pack=fruit rounds=2")
		s.sleep(9 * time.Hour)
		copied := s.copyStore()
		s.sleep(2 * time.Hour)
		if got := s.ballots(); !slices.Equal(got, []string{"1.1", "1.2"}) {
			s.Fatalf("before the copy is brought back there are %v", got)
		}
		s.bringBack(copied)
		s.sleep(10 * time.Minute)
		if got := s.ballots(); len(got) != 2 {
			s.Errorf("brought back, it starts the same time again: %v", got)
		}
		s.sleep(24 * time.Hour)
		if got := s.ballots(); len(got) != 4 {
			s.Errorf("a day later there are %v; want those of the next day too", got)
		}
		s.away(24 * time.Hour)
		s.sleep(10 * time.Minute)
		if got := s.ballots(); len(got) != 6 {
			s.Errorf("a time that came while it was away is not caught up: %v", got)
		}
	})
}

// A workspace of which the copy knows nothing may have had tastings since: what stands
// in its chat is taken for none of the new ones.
func TestNewWorkspaceBroughtBack(t *testing.T) {
	t.Parallel()
	play(t, nil, func(s *stage) {
		copied := s.copyStore()
		s.start(`start kestrel nova prompt="Since the copy?" until=9h`)
		s.bringBack(copied)
		if id := s.start(`start kestrel nova prompt="After it?" until=9h`); id.N <= 100 {
			s.Errorf("the first tasting after it is number %d, which may stand in the chat already: %v", id.N, s.room.keys())
		}
	})
}

// Chores are done when the bot starts and when they say; one that fails is done again.
func TestChores(t *testing.T) {
	var done []time.Time
	play(t, func(s *stage) {
		s.opt.Chores = map[string]func(ctx context.Context) (time.Time, error){bot.BackupJob: func(context.Context) (time.Time, error) {
			if done = append(done, time.Now()); len(done) == 2 {
				return time.Time{}, errors.New("the disk is full")
			}
			return time.Now().Add(time.Hour), nil
		}}
	}, func(s *stage) {
		s.sleep(3*time.Hour + 30*time.Minute)
		s.stop()
		s.begin()
		s.wait()
		var after []time.Duration
		for _, at := range done {
			after = append(after, at.Sub(done[0]).Truncate(time.Minute))
		}
		if want := []time.Duration{0, time.Hour, time.Hour, 2 * time.Hour, 3 * time.Hour, 3*time.Hour + 30*time.Minute}; !slices.Equal(after, want) {
			s.Errorf("it is done after %v, want %v", after, want)
		}
	})
}

// A deaf store is out of reach while it is away.
type deaf struct {
	bot.Store
	away *bool
}

func (d deaf) Tastings(ctx context.Context, w bot.Workspace, q bot.Query) ([]bot.Tasting, error) {
	if *d.away {
		return nil, errors.New("no route to the database")
	}
	return d.Store.Tastings(ctx, w, q)
}

// While the store is away people are told so, with an id that stands in the log; other
// faults get the usual apology.
func TestStoreAway(t *testing.T) {
	away, well := true, false
	var log lockedBuffer
	play(t, func(s *stage) {
		s.log = &log
		s.wrap = func(kept bot.Store) bot.Store { return deaf{kept, &away} }
		s.opt.Healthy = func() error {
			if well {
				return nil
			}
			return errors.New("no route to the database")
		}
	}, func(s *stage) {
		n := s.notice(s.command("bo", "status"))
		said := n.Text.String()
		if !n.Error || !strings.Contains(said, "out of reach") {
			s.Fatalf("without a store people are told %q", said)
		}
		_, id, _ := strings.Cut(said, "(id ")
		if id = id[:8]; !strings.Contains(log.String(), "id="+id) || !strings.Contains(log.String(), "no route to the database") {
			s.Errorf("the log has no %s with its cause:\n%s", id, log.String())
		}
		well = true
		if said := s.notice(s.command("bo", "status")).Text.String(); !strings.Contains(said, "not your fault") {
			s.Errorf("of another fault people are told %q", said)
		}
		away = false
		if said := s.notice(s.command("bo", "status")).Text.String(); strings.Contains(said, "Sorry") {
			s.Errorf("once it is back people are told %q", said)
		}
	})
}
