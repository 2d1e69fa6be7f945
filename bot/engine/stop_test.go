package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// An unhurried room takes a second for each post and each edit.
type unhurried struct{ *room }

func (c unhurried) Post(ctx context.Context, at bot.Place, key bot.PostKey, since time.Time, p bot.Post) (bot.Ref, error) {
	time.Sleep(time.Second)
	return c.room.Post(ctx, at, key, since, p)
}

func (c unhurried) Edit(ctx context.Context, ref bot.Ref, p bot.Post) error {
	time.Sleep(time.Second)
	return c.room.Edit(ctx, ref, p)
}

// Whoever is told to stop finishes the post that is under way, and no more: a supervisor
// waits ten seconds, and another replica for the lead. The next one goes on at once where
// it stopped, and nothing is said twice.
func TestToldToStopBetweenTwoPosts(t *testing.T) {
	const rounds = 12
	play(t, func(s *stage) { s.chat = unhurried{s.room} }, func(s *stage) {
		// over runs the bot in stretches of a few seconds until done holds.
		over := func(what string, done func() bool) {
			t.Helper()
			for range rounds {
				told := time.Now()
				s.stop()
				if took := time.Since(told); took > 2*time.Second {
					t.Errorf("%s: told to stop it went on for %v, and a post takes a second", what, took)
				}
				s.begin()
				s.sleep(3500 * time.Millisecond)
				if done() {
					return
				}
			}
			t.Errorf("%s: started %d times, for three posts each, it has not come to its end", what, rounds)
		}
		id := s.start(fmt.Sprintf("start kestrel nova pack=fruit rounds=%d until=2h", rounds))
		over("while ballots are posted", func() bool { return s.tasting(id).State == bot.Open })
		s.press(starter, "1/close")
		over("while reveals are shown", func() bool { return s.tasting(id).State == bot.Revealed && len(s.tasting(id).Unshown) == 0 })

		said := make(map[string]int)
		for _, m := range s.room.all() {
			said[m.Key]++
			if _, ok := m.now().(bot.Reveal); strings.HasSuffix(m.Key, "/ballot") && !ok {
				t.Errorf("%s is %T at the end, and no reveal", m.Key, m.now())
			}
		}
		for key, n := range said {
			if n != 1 {
				t.Errorf("%s was said %d times", key, n)
			}
		}
		if len(said) != rounds+2 {
			t.Errorf("%d posts stand, want a head, %d ballots and an announcement: %v", len(said), rounds, said)
		}
	})
}
