package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// Results of a place are what was revealed there: nothing of another channel, nothing
// that is open or was cancelled, and of what was, all.
func TestResultsOfAPlace(t *testing.T) {
	elsewhere := bot.Place{Workspace: team, Channel: "attic"}
	play(t, nil, func(s *stage) {
		s.hold("start kestrel nova pack=fruit rounds=6 until=5d", 5, always(1, 1, 2, 1, 1, 4))
		s.hold("start kestrel nova pack=fruit rounds=6 until=5d", 5, always(1, 2, 1, 1, 3, 1))
		open := s.start("start kestrel nova pack=fruit rounds=2 until=5d")
		res, err := s.bot.Results(s.Context(), lounge, bot.Filter{}, 0)
		if err != nil {
			s.Fatal(err)
		}
		if res.All != 2 || len(res.Tastings) != 2 || res.Tastings[0].Tasting.N != 2 || len(res.Tastings[0].Rounds) != 0 || !strings.HasPrefix(res.Standings.Base.String(), "60 votes, 12 rounds") {
			s.Errorf("%d tastings, of which a page has %d, and standings of %q", res.All, len(res.Tastings), res.Standings.Base)
		}
		if next, err := s.bot.Results(s.Context(), lounge, bot.Filter{}, 1); err != nil || next.All != 2 || len(next.Tastings) != 1 || next.Tastings[0].Tasting.N != 1 {
			s.Errorf("after the newest comes %+v (%v)", next.Tastings, err)
		}
		one, err := s.bot.Result(s.Context(), lounge, 1)
		if err != nil || len(one.Rounds) != 6 || one.Rounds[0].Prompt == "" || len(one.Rounds[0].Bars) != 4 {
			s.Errorf("the first has %d rounds (%v)", len(one.Rounds), err)
		}
		if got := fmt.Sprint(one.Announcement.Title); got != fmt.Sprint(s.announcement(one.Tasting).Title) {
			s.Errorf("results call it %q, and its reveal does not", got)
		}
		for n, why := range map[uint64]string{open.N: "open", 99: "not there"} {
			if _, err := s.bot.Result(s.Context(), lounge, n); !errors.Is(err, bot.ErrNotFound) {
				s.Errorf("the result of one that is %s: %v", why, err)
			}
		}
		if there, err := s.bot.Results(s.Context(), elsewhere, bot.Filter{}, 0); err != nil || there.All != 0 || len(there.Standings.Rows) != 0 || len(there.Offers.Models) != 0 {
			s.Errorf("in another channel are %+v (%v)", there, err)
		}
		if _, err := s.bot.Result(s.Context(), elsewhere, 1); !errors.Is(err, bot.ErrNotFound) {
			s.Errorf("another channel is told of the first: %v", err)
		}
		s.press(starter, open.String()+"/cancel")
		s.wait()
		if res, err := s.bot.Results(s.Context(), lounge, bot.Filter{}, 0); err != nil || res.All != 2 {
			s.Errorf("after a cancellation there are %d (%v)", res.All, err)
		}
	})
}

// A press under a reveal answers one person with a link to the results of that place,
// and nobody who is elsewhere.
func TestOpenResults(t *testing.T) {
	play(t, func(s *stage) {
		s.opt.ResultsLink = func(_ context.Context, at bot.Place) (string, error) {
			return "https://taste.example/" + at.Channel, nil
		}
	}, func(s *stage) {
		id := s.hold("start kestrel nova pack=fruit rounds=5 until=5d", 5, always(1, 1, 2, 1, 1))
		has := func(b bot.Button) bool { return b.ID == id.String()+"/open" && b.URL == "" }
		if a := s.announcement(id); !slices.ContainsFunc(a.Buttons, has) {
			s.Errorf("the reveal does not offer to open results: %v", a.Buttons)
		}
		n := s.notice(s.press("bo", id.String()+"/open"))
		if len(n.Buttons) != 1 || n.Buttons[0].URL != "https://taste.example/lounge" {
			s.Fatalf("the answer is %+v", n)
		}
		if r := s.press("bo", n.Buttons[0].ID); r.Post != nil || r.Form != nil {
			s.Errorf("following the link is answered %+v", r.Post)
		}
		at := bot.Place{Workspace: team, Channel: "attic"}
		if n := s.notice(s.bot.Press(s.Context(), bot.Press{At: at, User: "bo", Button: id.String() + "/open"})); !n.Error || len(n.Buttons) != 0 {
			s.Errorf("from another channel it is answered %+v", n)
		}
	})
	play(t, nil, func(s *stage) {
		id := s.hold("start kestrel nova pack=fruit rounds=5 until=5d", 5, always(1, 1, 2, 1, 1))
		if a := s.announcement(id); slices.ContainsFunc(a.Buttons, func(b bot.Button) bool { return b.ID == id.String()+"/open" }) {
			s.Errorf("without a page the reveal offers to open it: %v", a.Buttons)
		}
		if n := s.notice(s.press("bo", id.String()+"/open")); !n.Error || len(n.Buttons) != 0 {
			s.Errorf("without a page it is answered %+v", n)
		}
	})
}
