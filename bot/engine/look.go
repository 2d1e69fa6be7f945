package engine

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/stats"
)

// lookEvery is how often it is seen whether another wave of votes is complete.
const lookEvery = time.Minute

// errCame says that votes came while the bot looked at those before.
var errCame = errors.New("votes came meanwhile")

// look looks at the votes of an open tasting if another wave of them is complete,
// and ends voting if they show something: then the verdict of the reveal is that
// of this look. It returns when to come again; zero: never.
//
// That it looked, and what it saw, goes nowhere: no post, no log, no step of
// anybody depends on it until voting is over. It comes by the clock, not by
// votes, and is done by one replica at a time.
func (b *Bot) look(ctx context.Context, id bot.TastingID) (again time.Time, err error) {
	ctx = bot.Whole(ctx) // a look that has begun is finished
	for {
		t, err := b.store.Tasting(ctx, id)
		switch {
		case errors.Is(err, bot.ErrNotFound): // deleted
			return time.Time{}, nil
		case err != nil:
			return time.Time{}, fmt.Errorf("read tasting %v: %w", id, err)
		case t.State > bot.Open || t.Deal.Looked >= t.Deal.Looks-1:
			return time.Time{}, nil
		}
		err = b.lookAt(ctx, t)
		switch {
		case err == nil:
			return time.Now().Add(lookEvery), nil
		case errors.Is(err, errCame), errors.Is(err, bot.ErrMoved): // it may have ended
			continue
		}
		return time.Time{}, err
	}
}

// lookAt looks at the votes of t, if a wave of them is complete that was not
// looked at yet. errCame: something is shown, but not of all votes by now.
func (b *Bot) lookAt(ctx context.Context, t bot.Tasting) error {
	if t.State != bot.Open {
		return nil
	}
	var votes compose.Ballots
	var seen seenRows
	counts := compose.Counting(t)
	err := b.eachVote(ctx, t, func(v bot.Vote) error {
		seen.add(v)
		if counts(v) {
			votes.Add(v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	wave := waves(t, votes.N())
	if wave <= t.Deal.Looked {
		return nil
	}
	shown := compose.Look(t, &votes, wave).Verdict != stats.NotEnough
	b.opt.Step("looked")
	now := time.Now()
	err = b.store.Review(ctx, t.ID, bot.Open, func(t *bot.Tasting, rows bot.Rows) error {
		if t.Deal.Looked >= wave {
			return bot.ErrMoved
		}
		if shown && !seen.same(*t, rows) {
			return errCame
		}
		t.Deal.Looked = wave
		if shown {
			t.Deal.Shown = true
			t.State, t.ClosedAt, t.Wake = bot.Closing, now, now
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep a look at the votes of tasting %v: %w", t.ID, err)
	}
	b.opt.Step("noted a look")
	b.nudgeRun()
	return nil
}

// waves is how many waves of so many votes are complete, without the last.
func waves(t bot.Tasting, votes int) int {
	if t.Deal.Most == 0 {
		return 0
	}
	return min(votes*t.Deal.Looks/t.Deal.Most, t.Deal.Looks-1)
}

// eachVote calls f on the rows of a tasting's live rounds, by round and user.
func (b *Bot) eachVote(ctx context.Context, t bot.Tasting, f func(bot.Vote) error) error {
	live := make(map[int]bool)
	for _, n := range t.Live() {
		live[n] = true
	}
	err := b.store.EachVote(ctx, t.ID.Round(0), func(v bot.Vote) error {
		if !live[v.Round.Round] {
			return nil
		}
		return f(v)
	})
	if err != nil {
		return fmt.Errorf("votes of tasting %v: %w", t.ID, err)
	}
	return nil
}

// seenRows tell whether the rows of a tasting's live rounds are others than they were.
type seenRows struct {
	rows int
	hash maphash.Hash
}

// add adds a row; they come by round and user.
func (s *seenRows) add(v bot.Vote) {
	s.rows++
	b := binary.BigEndian.AppendUint32(make([]byte, 0, 64), uint32(v.Round.Round))
	for _, m := range v.Marks {
		b = binary.BigEndian.AppendUint64(append(b, byte(stats.Bit(m.On))), uint64(m.At.UnixNano()))
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(v.Voter.User)))
	s.hash.Write(b)
	s.hash.WriteString(v.Voter.User)
}

// same reports whether rows, of all rounds, are those that were added.
func (s *seenRows) same(t bot.Tasting, rows bot.Rows) bool {
	var now seenRows
	now.hash.SetSeed(s.hash.Seed())
	for v := range rows {
		if t.Rounds[v.Round.Round-1].Live() {
			now.add(v)
		}
	}
	return now.rows == s.rows && now.hash.Sum64() == s.hash.Sum64()
}
