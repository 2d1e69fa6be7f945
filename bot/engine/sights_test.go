package engine_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// However many look at a place at once, it is read once for those who came before that
// began, and once more for those who came since: nobody is shown what was before their
// own tap, and everybody their own page.
func TestLookedAtTogether(t *testing.T) {
	var reads atomic.Int32
	play(t, func(s *stage) {
		s.wrap = func(store bot.Store) bot.Store { return slowlyRead{store, &reads} }
	}, func(s *stage) {
		s.start("start kestrel nova pack=fruit rounds=1 until=2h")
		ref := s.room.called(s.T, "1.1/ballot").Ref
		reads.Store(0)
		voters := []string{"bo", "cy", "di", "ed"}
		var all sync.WaitGroup
		for i, user := range append(voters, "fay") {
			s.sleep(time.Duration(min(i, 1)) * time.Second / 10) // the first has it read, the others come meanwhile
			if user != "fay" {
				if err := s.bot.React(s.Context(), bot.Tap{Ref: ref, User: user, Choice: bot.Left, On: true, Only: true}); err != nil {
					s.Fatal(err)
				}
			}
			all.Go(func() {
				shown, err := s.bot.View(s.Context(), lounge, bot.Voter{Workspace: team, User: user})
				if err != nil || len(shown) != 1 {
					s.Errorf("%s sees %d posts: %v", user, len(shown), err)
					return
				}
				left := shown[0].Taps[0]
				switch {
				case user == "fay" && (left.Mine || len(left.Users) > 0):
					s.Errorf("fay has not voted, and sees %v", left)
				case user != "fay" && !left.Mine:
					s.Errorf("%s has voted, and sees no vote of theirs in %v", user, left)
				}
			})
		}
		all.Wait()
		if n := reads.Load(); n != 2 {
			s.Errorf("the place was read %d times for five who looked", n)
		}
	})
}

// slowlyRead is a store whose lists of tastings take a second, and are counted.
type slowlyRead struct {
	bot.Store
	n *atomic.Int32
}

func (s slowlyRead) Tastings(ctx context.Context, w bot.Workspace, q bot.Query) ([]bot.Tasting, error) {
	if q.Limit == 30 { // what a page shows
		s.n.Add(1)
		time.Sleep(time.Second)
	}
	return s.Store.Tastings(ctx, w, q)
}
