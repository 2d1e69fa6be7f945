package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tastetest/tastetest/bot"
)

// A room has one ballot and one private tasting of three rounds, and
// remembers what it was told.
type room struct {
	bot.Reader // of which the crowd uses View alone
	mu         sync.Mutex
	begun      time.Time
	ballot     bot.Ballot
	heard      []string
	taps       map[string][]string // by user
	seats      map[string]int      // by user: the round they are at
}

func (r *room) View(context.Context, bot.Place, bot.Voter) ([]bot.Shown, error) {
	w := bot.TastingID{Workspace: here, N: 2}
	return []bot.Shown{
		{Posted: bot.Posted{Key: bot.PostKey{Tasting: w, Round: 1, What: "ballot"}}, Post: r.ballot},
		{Posted: bot.Posted{Key: bot.PostKey{Tasting: w, What: "head"}}, Post: bot.Head{Tasting: w, Main: &bot.Button{ID: "2/taste"}}},
	}, nil
}

func (r *room) hear(user, what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.heard = append(r.heard, fmt.Sprintf("%v %s %s", time.Since(r.begun).Round(time.Millisecond), user, what))
}

func (r *room) tap(_ context.Context, _ bot.Ref, user string, c bot.Choice, on bool) error {
	r.hear(user, fmt.Sprint(c, on))
	r.mu.Lock()
	defer r.mu.Unlock()
	if on {
		r.taps[user] = append(r.taps[user], string(c))
	} else {
		r.taps[user] = slices.DeleteFunc(r.taps[user], func(s string) bool { return s == string(c) })
	}
	return nil
}

func (r *room) press(_ context.Context, p bot.Press) bot.Reply {
	r.hear(p.User, p.Button)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seats[p.User]++
	n := r.seats[p.User]
	if n > 3 {
		return bot.Reply{Post: bot.Seat{}}
	}
	seat := bot.Seat{Round: bot.TastingID{Workspace: here, N: 2}.Round(n), Left: "Short.", Right: "Long, like a river, and winding.", Position: n, Of: 3}
	for _, c := range bot.Choices {
		seat.Buttons = append(seat.Buttons, bot.Button{ID: fmt.Sprintf("2.%d/%s", n, c.Choice)})
	}
	return bot.Reply{Post: seat}
}

// spend lets a crowd of n spend a minute in a new room.
func spend(t *testing.T, n int) (r *room) {
	synctest.Test(t, func(t *testing.T) {
		r = &room{begun: time.Now(), taps: make(map[string][]string), seats: make(map[string]int)}
		r.ballot = bot.Ballot{Left: "A plain answer.", Right: "An answer like a feather, light, and gone!"}
		c := newCrowd(slog.New(slog.DiscardHandler), n, bot.Place{Workspace: here, Channel: "room"}, r, r.tap, r.press)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := c.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	return r
}

func TestACrowdVotesAsPeopleWould(t *testing.T) {
	r := spend(t, 20)
	if len(r.taps) < 14 || len(r.taps) == 20 {
		t.Errorf("%d of 20 voted by emoji; most do, not all", len(r.taps))
	}
	choices := make(map[string]bool)
	for user, standing := range r.taps {
		if !simulated(user) {
			t.Errorf("%s is not marked as simulated", user)
		}
		if len(standing) != 1 {
			t.Errorf("%s left %v standing; one emoji was meant", user, standing)
			continue
		}
		choices[standing[0]] = true
	}
	if len(choices) < 2 {
		t.Errorf("all of them voted %v: tastes differ", choices)
	}
	finished := 0
	for _, n := range r.seats {
		if n == 4 {
			finished++
		}
	}
	if finished < 12 {
		t.Errorf("%d of 20 went through the private ballot", finished)
	}
	if !slices.ContainsFunc(r.heard, func(s string) bool { return strings.HasSuffix(s, "false") }) {
		t.Error("nobody changed their mind")
	}
	if len(spend(t, 0).heard) > 0 {
		t.Error("a crowd of nobody voted")
	}
}

func TestACrowdIsTheSameEveryTime(t *testing.T) {
	a, b := spend(t, 8).heard, spend(t, 8).heard
	slices.Sort(a)
	slices.Sort(b)
	if d := cmp.Diff(a, b); d != "" {
		t.Errorf("two crowds did different things (-first +second):\n%s", d)
	}
}

// Nobody can take a name that would pass for one of the crowd.
func TestNobodyIsSimulatedByName(t *testing.T) {
	for _, user := range []string{"Robin", "Robin·abc123", "sim-1·abc123", "·simple"} {
		if simulated(user) {
			t.Errorf("%s counts as simulated", user)
		}
	}
}
