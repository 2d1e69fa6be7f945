package engine

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A crowdedStore has more votes than are counted at once, and takes a while to read them.
type crowdedStore struct{ bot.Store }

const crowdTakes = countWait / 2

func (crowdedStore) EachVote(_ context.Context, id bot.RoundID, f func(bot.Vote) error) error {
	time.Sleep(crowdTakes)
	for n := range countAtOnce + 1 {
		v := bot.Vote{Round: id.TastingID.Round(1), Voter: bot.Voter{Workspace: id.Workspace, User: fmt.Sprint(n)}}
		v.Marks[0] = bot.Mark{On: true, At: time.Unix(1, 0)}
		if err := f(v); err != nil {
			return err
		}
	}
	return nil
}

// A head that was composed while those who have tasted were counted for the first time
// says nothing of them: it is edited once they are counted, however quick that was.
func TestAHeadThatCameTooEarlyForTheCountIsEdited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(slog.New(slog.DiscardHandler), crowdedStore{}, Options{})
		of := bot.Tasting{ID: bot.TastingID{N: 1}, State: bot.Open, Rounds: make([]bot.Round, 1)}
		go b.seenTurnout(t.Context(), of)
		time.Sleep(crowdTakes * 3 / 2) // it is being counted
		if n, err := b.seenTurnout(t.Context(), of); err != nil || !n.Unknown {
			t.Fatalf("in the middle of the count %+v have tasted, %v", n, err)
		}
		time.Sleep(2 * countWait)
		if n, err := b.seenTurnout(t.Context(), of); err != nil || n.All != countAtOnce+1 {
			t.Errorf("after the count %+v have tasted, %v", n, err)
		}
		every := func(bot.RoundID, time.Duration) time.Duration { return time.Second }
		if due := b.late.take(time.Now(), every)[of.ID]; len(due) != 1 || due[0].Round != 0 {
			t.Errorf("counts that are to be shown are those of %v, want the head's", due)
		}
	})
}
