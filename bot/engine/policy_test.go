package engine_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
)

// Who may do what. A failed look-up refuses.
func TestWhoMay(t *testing.T) {
	play(t, func(s *stage) {
		s.room.admins = []string{"boss"}
		s.room.groups = map[string][]string{"cook": {"kitchen", "bakers"}, "stranger": {"room:bakers", "bak"}}
		s.opt.Policy = engine.Policy{Starters: []string{"room:" + starter, "room:@bakers"}, Admins: []string{"room:named", "slack:other"}}
	}, func(s *stage) {
		s.start("start kestrel nova pack=fruit rounds=2 until=2h")
		for _, tt := range []struct {
			user         string
			starts, ends bool
		}{
			{starter, true, true}, {"boss", true, true}, {"named", true, true}, {"cook", true, false},
			{"stranger", false, false}, {"other", false, false}, {"unlucky", false, false},
		} {
			for text, may := range map[string]bool{"start": tt.starts, "compare": tt.starts, "close": tt.ends, "cancel": tt.ends, "status": true, "packs": true, "help": true} {
				reply := s.command(tt.user, text)
				n, _ := reply.Post.(bot.Notice)
				if refused := n.Error; refused == may {
					s.Errorf("%s types %q: %+v; may: %v", tt.user, text, n, may)
				}
			}
			if said := s.notice(s.command(tt.user, "status")).Text; strings.Contains(said.String(), "/tastetest close 1") != tt.ends || !strings.Contains(said.String(), "It may cost at most $") {
				s.Errorf("%s is told how it stands: %q; may end it: %v", tt.user, said, tt.ends)
			}
			form := s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: tt.user, Form: "start", Values: map[string]string{"first": "kestrel", "second": "nova", "pack": "fruit", "rounds": "1"}})
			if n := s.notice(form); n.Error == tt.starts {
				s.Errorf("%s sends the form: %+v; may: %v", tt.user, n, tt.starts)
			}
		}
		for _, button := range []string{"1/close", "1/cancel", "1/extend"} {
			if n := s.notice(s.press("stranger", button)); !n.Error {
				s.Errorf("a stranger presses %s: %+v", button, n)
			}
		}
		if got := s.tasting(bot.TastingID{Workspace: team, N: 1}).State; got != bot.Open {
			s.Errorf("the tasting is %v", got)
		}
	})
}

// Nothing crosses from one workspace to another, though IDs are the same.
func TestWorkspacesApart(t *testing.T) {
	play(t, func(s *stage) { s.opt.Policy.Everyone = true }, func(s *stage) {
		s.start(`start kestrel nova prompt="Hello?" until=2h`)
		there := bot.Place{Workspace: bot.Workspace{Platform: "room", ID: "T2"}, Channel: "lounge"}
		for _, text := range []string{"status 1", "status", "close 1", "results 1", "cancel 1"} {
			n := s.bot.Command(s.Context(), bot.Command{At: there, User: starter, Text: text}).Post.(bot.Notice)
			if !n.Error {
				s.Errorf("%q from another workspace: %+v", text, n)
			}
		}
		for _, button := range []string{"1/close", "1/status", "1.1/left", "1/taste"} {
			n := s.bot.Press(s.Context(), bot.Press{At: there, User: starter, Button: button}).Post.(bot.Notice)
			if !n.Error {
				s.Errorf("%s pressed in another workspace: %+v", button, n)
			}
		}
		if shown, err := s.bot.View(s.Context(), there, bot.Voter{}); err != nil || len(shown) != 0 {
			s.Errorf("another workspace sees %v, %v", shown, err)
		}
		namesake := bot.Voter{Workspace: there.Workspace, User: starter}
		if shown, err := s.bot.View(s.Context(), lounge, namesake); err != nil || len(shown) != 1 || len(shown[0].Post.(bot.Ballot).Menu) != 2 {
			s.Errorf("somebody of another workspace who is called as the starter is offered more than a reminder and the status: %s, %v", asText(shown), err)
		}
	})
}

// Nobody but the starter says yes to a draft.
func TestDraftIsTheStarters(t *testing.T) {
	play(t, func(s *stage) { s.opt.Policy.Everyone = true }, func(s *stage) {
		ask := s.notice(s.command("ana", `start kestrel nova prompt="Hello?" until=2h`))
		if n := s.notice(s.press("bo", ask.Buttons[0].ID)); !n.Error {
			s.Errorf("somebody else's yes: %+v", n)
		}
		if n := s.notice(s.press("ana", ask.Buttons[1].ID)); !strings.HasPrefix(n.Text.String(), "Dropped") {
			s.Errorf("the starter's no: %+v", n)
		}
		if n := s.notice(s.press("ana", ask.Buttons[0].ID)); !n.Error {
			s.Errorf("yes after no: %+v", n)
		}
		s.wait()
		old := s.notice(s.command("ana", `start kestrel nova prompt="Hello?" until=2h`))
		s.sleep(2 * time.Hour)
		if n := s.notice(s.press("ana", old.Buttons[0].ID)); !n.Error {
			s.Errorf("yes after two hours: %+v", n)
		}
		s.wait()
		if keys := s.room.keys(); len(keys) != 0 {
			s.Errorf("posts: %v", keys)
		}
	})
}

// forget-me drops votes in open rounds and keeps the person out until closing;
// in revealed ones a random name takes their place and counts stay.
func TestForgetMe(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start(`start kestrel nova prompt="One?" until=2h`)
		old := s.room.called(s.T, "1.1/ballot").Ref
		s.tap(old, "bo", bot.Left, true)
		s.press(starter, "1/close")
		s.wait()
		s.start(`start kestrel nova prompt="Two?" until=2h`)
		open := s.room.called(s.T, "2.1/ballot").Ref
		s.tap(open, "bo", bot.Left, true)
		s.tap(open, "cy", bot.Left, true)

		ask := s.notice(s.command("bo", "forget-me"))
		done := s.notice(s.press("bo", ask.Buttons[0].ID))
		if !strings.Contains(done.Text.String(), "2.1") {
			s.Errorf("not asked to take the emoji away from 2.1: %q", done.Text)
		}
		s.press(starter, "2/close")
		s.wait()
		for n, want := range map[uint64]string{1: "1 vote, 1 person, 1 prompt", 2: "1 vote, 1 person, 1 prompt"} {
			id := bot.TastingID{Workspace: team, N: n}
			if a := s.announcement(id); a.Base.String() != want {
				s.Errorf("tasting %d: %q, want %q", n, a.Base, want)
			}
			votes, err := s.store.Votes(s.Context(), id.Round(1))
			if err != nil || len(votes) != 1 || votes[0].Voter.User == "bo" {
				s.Errorf("tasting %d: votes %+v, %v", n, votes, err)
			}
		}
	})
}

// What was found out of votes is kept, as it never changes. When somebody is
// forgotten it is dropped with their name in it, and found out anew.
func TestForgottenNameLeavesTheMemory(t *testing.T) {
	var reads atomic.Int32
	play(t, func(s *stage) {
		s.wrap = func(store bot.Store) bot.Store { return votesRead{store, &reads} }
	}, func(s *stage) {
		s.start(`start kestrel nova prompt="One?" until=2h`)
		s.tap(s.room.called(s.T, "1.1/ballot").Ref, "bo", bot.Left, true)
		s.press(starter, "1/close")
		s.wait()
		results := func() (votesRead int32) {
			before := reads.Load()
			if a, ok := s.command("cy", "results 1").Post.(bot.Announcement); !ok || a.Base.String() != "1 vote, 1 person, 1 prompt" {
				s.Errorf("the results are %+v", a)
			}
			return reads.Load() - before
		}
		if n := results(); n != 0 {
			s.Errorf("results that are known already are found out again: %d reads of votes", n)
		}
		s.press("bo", "forget-me")
		if n := results(); n == 0 {
			s.Error("after forget-me the results still rest on rows with the old name, which are in memory")
		}
	})
}

// With very many votes going through them takes long. So what they show and how many have
// tasted is found in one go, before anybody can look, and nobody who looks waits for it.
func TestVotesThatAreSealedAreReadOnce(t *testing.T) {
	var reads atomic.Int32
	play(t, func(s *stage) {
		s.wrap = func(store bot.Store) bot.Store { return votesRead{store, &reads} }
	}, func(s *stage) {
		s.start("start kestrel nova pack=fruit rounds=2 ballot=private until=2h invite=@bo,@cy")
		s.press("bo", "1.1/left")
		s.press("bo", "1.2/right")
		s.press("di", "1.2/left")
		s.wait()
		before := reads.Load()
		s.press(starter, "1/close")
		s.wait()
		shown, err := s.bot.View(s.Context(), lounge, bot.Voter{Workspace: team, User: "bo"})
		if err != nil || len(shown) != 2 {
			s.Fatalf("after the reveal the page has %+v, %v; want the head and the announcement", shown, err)
		}
		if said := shown[0].Post.(bot.Head).Progress.String(); !strings.Contains(said, "1 of 2 invited has tasted, and 1 more") {
			s.Errorf("the head says %q; want the two who have tasted, one of whom was invited", said)
		}
		if n := reads.Load() - before; n != 1 {
			s.Errorf("for the reveal, and for whoever looks at it, votes are read %d times; want once", n)
		}
	})
}

// votesRead is a store that counts how often it is asked for a round's votes.
type votesRead struct {
	bot.Store
	n *atomic.Int32
}

func (s votesRead) Votes(ctx context.Context, id bot.RoundID) ([]bot.Vote, error) {
	s.n.Add(1)
	return s.Store.Votes(ctx, id)
}

func (s votesRead) EachVote(ctx context.Context, id bot.RoundID, f func(bot.Vote) error) error {
	s.n.Add(1)
	return s.Store.EachVote(ctx, id, f)
}

// On a page of one's own the menu offers only what one may do.
func TestMenuFitsItsViewer(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start("start kestrel nova pack=fruit rounds=2 ballot=private until=2h")
		for user, want := range map[string]int{starter: 6, "stranger": 2} {
			shown, err := s.bot.View(s.Context(), lounge, bot.Voter{Workspace: team, User: user})
			if err != nil || len(shown) != 1 || len(shown[0].Post.(bot.Head).Menu) != want {
				s.Errorf("%s sees %+v, %v; want a menu of %d", user, shown, err, want)
			}
		}
		s.press("bo", "1.1/left")
		shown, err := s.bot.View(s.Context(), lounge, bot.Voter{Workspace: team, User: "bo"})
		if err != nil || shown[0].Post.(bot.Head).Main.Label.String() != "Continue (1 of 2)" {
			s.Errorf("after one round the button is %+v, %v", shown[0].Post.(bot.Head).Main, err)
		}
	})
}

// What a channel tastes is not read from another, but by its starter and admins.
func TestChannelsApart(t *testing.T) {
	play(t, func(s *stage) { s.room.admins = []string{"boss"} }, func(s *stage) {
		s.start(`start kestrel nova prompt="Hello?" until=2h`)
		s.press(starter, "1/close")
		s.wait()
		there := bot.Place{Workspace: team, Channel: "attic"}
		for user, may := range map[string]bool{"stranger": false, starter: true, "boss": true} {
			for _, text := range []string{"results 1", "status 1"} {
				_, refused := s.bot.Command(s.Context(), bot.Command{At: there, User: user, Text: text}).Post.(bot.Notice)
				if refused == may {
					s.Errorf("%s types %q in another channel; refused: %v", user, text, refused)
				}
			}
		}
		thread := bot.Place{Workspace: team, Channel: "lounge/1"}
		if n, refused := s.bot.Command(s.Context(), bot.Command{At: thread, User: "stranger", Text: "results 1"}).Post.(bot.Notice); refused {
			s.Errorf("in the channel's own thread: %+v", n)
		}
	})
}

// What was started in a thread, which may be private, is not read from its
// channel or from another thread, nor ended there.
func TestThreadsApart(t *testing.T) {
	play(t, func(s *stage) { s.room.admins = []string{"boss"} }, func(s *stage) {
		in := func(channel string) bot.Place { return bot.Place{Workspace: team, Channel: channel} }
		for n, thread := range []string{"lounge/7", "lounge/8"} {
			number := fmt.Sprint(n + 1)
			ask := s.notice(s.bot.Command(s.Context(), bot.Command{At: in(thread), User: starter, Text: `start kestrel nova prompt="Hello?" until=2h`}))
			s.bot.Press(s.Context(), bot.Press{At: in(thread), User: starter, Button: ask.Buttons[0].ID})
			s.wait()
			s.press(starter, number+"/close")
			s.wait()
			for channel, may := range map[string]bool{thread: true, "lounge": false, "lounge/9": false} {
				for _, text := range []string{"results", "results " + number} {
					_, read := s.bot.Command(s.Context(), bot.Command{At: in(channel), User: "stranger", Text: text}).Post.(bot.Announcement)
					if read != may {
						s.Errorf("a stranger types %q in %s about a tasting in %s; it is told: %v", text, channel, thread, read)
					}
				}
				if n := len(s.bot.Suggest(s.Context(), bot.Command{At: in(channel), User: "stranger", Text: "results "})); n > 0 != may {
					s.Errorf("in %s %d tastings are suggested", channel, n)
				}
			}
		}
	})
}

// Who may start is asked again when the starter says yes.
func TestNoLongerAStarter(t *testing.T) {
	play(t, func(s *stage) { s.room.admins = []string{"boss"} }, func(s *stage) {
		ask := s.notice(s.command("boss", `start kestrel nova prompt="Hello?" until=2h`))
		s.room.now(func(c *room) { c.admins = nil })
		if n := s.notice(s.press("boss", ask.Buttons[0].ID)); !n.Error {
			s.Errorf("somebody who is no admin any more starts: %+v", n)
		}
	})
}

// Whoever was forgotten is told that a vote is not kept.
func TestForgottenVoteIsNotTaken(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start("start kestrel nova pack=fruit rounds=2 ballot=private until=2h")
		s.press("bo", "1.1/left")
		s.press("bo", "forget-me")
		if n := s.notice(s.press("bo", "1.1/left")); !n.Error || !strings.Contains(n.Text.String(), "not kept") {
			s.Errorf("a vote after forget-me is answered with %+v", n)
		}
	})
}
