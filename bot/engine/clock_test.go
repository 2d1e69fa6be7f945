package engine_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// While the bot was down its machine's clock was set back by hours. A tap after
// the restart is newer than one before it all the same, and what is due comes.
func TestClockSetBackOverARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	var chat *room
	id := bot.TastingID{Workspace: team, N: 1}
	play(t, func(s *stage) { s.path, chat = path, s.room }, func(s *stage) {
		s.sleep(6 * time.Hour)
		s.start(`start kestrel nova prompt="Hello?" until=2h`)
		ref := s.room.called(s.T, "1.1/ballot").Ref
		s.tap(ref, "bo", s.choiceOf(id.Round(1), bot.First), true)
		s.tap(ref, "cy", s.choiceOf(id.Round(1), bot.First), true)
	})
	// Each bubble begins at the same instant, so this one is six hours back.
	play(t, func(s *stage) { s.path, s.room = path, chat }, func(s *stage) {
		m := s.room.called(s.T, "1.1/ballot")
		s.tap(m.Ref, "bo", s.choiceOf(id.Round(1), bot.Second), true) // the first emoji still stands
		s.tap(m.Ref, "cy", s.choiceOf(id.Round(1), bot.First), false)
		for user, want := range map[string]bot.Pick{"bo": bot.Second, "cy": bot.None} {
			v, err := s.store.Vote(s.Context(), id.Round(1), bot.Voter{Workspace: team, User: user})
			if err != nil || v.Pick() != want {
				s.Errorf("%s changed their mind after the restart; the vote is %d, %v, want %d", user, v.Pick(), err, want)
			}
		}
		s.press(starter, "1/close")
		s.wait()
		if r, ok := m.now().(bot.Reveal); !ok || r.Summary.String() != "kestrel 0 · nova 1 · equal 0 · both bad 0" {
			s.Errorf("the reveal says %+v; want one vote, for nova", m.now())
		}
	})
}
