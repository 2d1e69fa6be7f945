package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
)

// A drowsy room is one in which everything goes to sleep within an hour.
type drowsy struct {
	*room
	since time.Time
	mu    sync.Mutex
	notes []string // when it was roused, and what was said
	until time.Time
	fails bool
	takes time.Duration
}

func (c *drowsy) note(what string) {
	c.notes = append(c.notes, fmt.Sprintf("%v %s", time.Since(c.since).Round(time.Minute), what))
}

func (c *drowsy) Post(ctx context.Context, at bot.Place, key bot.PostKey, since time.Time, p bot.Post) (bot.Ref, error) {
	c.mu.Lock()
	c.note(key.String())
	c.mu.Unlock()
	return c.room.Post(ctx, at, key, since, p)
}

func (c *drowsy) Sleeps(context.Context, bot.Place, bool) (time.Duration, error) {
	return time.Hour, nil
}

func (c *drowsy) Rouse(_ context.Context, _ bot.Place, until time.Time) (time.Time, error) {
	time.Sleep(c.takes)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.until = until
	if c.fails {
		c.note("not roused")
		return time.Time{}, errCut
	}
	c.note("roused")
	return time.Now().Add(time.Hour), nil
}

func (c *drowsy) failing(fails bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fails = fails
}

func (c *drowsy) noted() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.notes)
}

// drowse plays a story in a drowsy room.
func drowse(t *testing.T, story func(*stage, *drowsy)) {
	t.Helper()
	var c *drowsy
	play(t, func(s *stage) {
		c = &drowsy{room: s.room, since: time.Now()}
		s.chat = c
	}, func(s *stage) { story(s, c) })
}

// What goes to sleep is roused when voting begins, as often as the chat wants
// it, just before the nudge and shortly before the end; never after that.
func TestRoused(t *testing.T) {
	drowse(t, func(s *stage, c *drowsy) {
		id := s.start(`start kestrel nova prompt="Hello?" until=5h invite="@bo, @cy, @di"`)
		ballot := s.room.called(s.T, "1.1/ballot").Ref
		for _, user := range []string{"ed", "fi", "gil", "hal", "ivy"} {
			s.tap(ballot, user, bot.Left, true)
		}
		s.sleep(8 * time.Hour)
		if got := s.tasting(id).State; got != bot.Revealed {
			s.Errorf("it is %v", got)
		}
		if diff := cmp.Diff([]string{
			"0s 1.1/ballot", "0s roused", "1h0m0s roused", "2h0m0s roused", "3h0m0s roused",
			"3h45m0s roused", "3h45m0s 1/nudge", "4h45m0s roused", "5h0m0s 1/announcement",
		}, c.noted()); diff != "" {
			s.Errorf("what was not as it should be (-want +got):\n%s", diff)
		}
	})
}

// A room that cannot be roused is tried again, over a restart too; neither the
// nudge nor the end waits for it.
func TestRouseFails(t *testing.T) {
	drowse(t, func(s *stage, c *drowsy) {
		c.failing(true)
		id := s.start(`start kestrel nova prompt="Hello?" until=1h invite="@bo, @cy, @di"`)
		ballot := s.room.called(s.T, "1.1/ballot").Ref
		for _, user := range []string{"ed", "fi", "gil", "hal", "ivy"} {
			s.tap(ballot, user, bot.Left, true)
		}
		s.sleep(5 * time.Minute)
		s.stop()
		s.begin()
		s.sleep(16 * time.Minute)
		c.failing(false)
		s.sleep(12 * time.Minute)
		c.failing(true)
		s.sleep(time.Hour)
		x := s.tasting(id)
		if x.State != bot.Revealed || x.ClosedAt.Sub(x.Closes) > 2*time.Second {
			s.Errorf("it is %v, and closed at %v, not at %v", x.State, x.ClosedAt, x.Closes)
		}
		if diff := cmp.Diff([]string{
			"0s 1.1/ballot", "0s not roused", "10m0s not roused", "20m0s not roused", "30m0s roused",
			"45m0s not roused", "45m0s 1/nudge", "55m0s not roused", "1h0m0s 1/announcement",
		}, c.noted()); diff != "" {
			s.Errorf("what was not as it should be (-want +got):\n%s", diff)
		}
	})
}

// Where voting goes on for longer, what sleeps is kept awake for longer; and
// whoever starts a tasting hears of it only if it would sleep before the end.
func TestRousedForLonger(t *testing.T) {
	drowse(t, func(s *stage, c *drowsy) {
		const told = "The thread goes to sleep after 60 minutes without a message, before voting closes; it is kept awake until then, so that people can vote."
		for until, want := range map[string]bool{"30m": false, "2h": true} {
			if n := s.notice(s.command(starter, `start kestrel nova prompt="Hello?" until=`+until)); strings.Contains(n.Text.String(), told) != want {
				s.Errorf("of a tasting of %s the starter is told: %s", until, n.Text)
			}
		}
		id := s.start(`start kestrel nova prompt="Hello?" until=30m`)
		s.command(starter, fmt.Sprintf("extend %v until=26h", id))
		s.wait()
		if got, want := c.until, s.tasting(id).Closes.Add(time.Hour); !got.Equal(want) || time.Until(want) < 26*time.Hour {
			s.Errorf("it is kept awake until %v, not %v", got, want)
		}
	})
}

// A new closing time that is set while something is being roused is shown, and
// counts for how long it stays awake.
func TestExtendedWhileRousing(t *testing.T) {
	drowse(t, func(s *stage, c *drowsy) {
		c.takes = 10 * time.Second
		id := s.start(`start kestrel nova prompt="Hello?" until=2h`)
		s.command(starter, fmt.Sprintf("extend %v until=26h", id))
		s.sleep(30 * time.Second)
		x := s.tasting(id)
		if got := c.until; x.Stale || !got.Equal(x.Closes.Add(time.Hour)) {
			s.Errorf("half a minute later the posts show an old time is %t, and it is kept awake until %v, not an hour after %v", x.Stale, got, x.Closes)
		}
	})
}
