package slack_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
)

// The forms of the core as modals: alone, start and compare open one; what is
// wrong is said in it, and the rest goes on in it too.
func TestForms(t *testing.T) {
	s := newStage(t, newWorld(t, logger(t), false))
	ada := s.admin()
	if shown := s.Slack.Command(ada, "CT1", "start"); !strings.Contains(shown, "New taste test") || !strings.Contains(shown, "kestrel") {
		t.Fatalf("start alone shows:\n%s", shown)
	}
	if shown := s.Slack.Submit(ada, map[string]string{"rounds": "99"}, nil); !strings.HasPrefix(shown, "rounds: ") || !strings.Contains(shown, "1 to 20 prompts") {
		t.Errorf("99 rounds:\n%s", shown)
	}
	for field, value := range map[string]string{"until": "yesterday at noon", "system": strings.Repeat("word ", 599), "extras": "on", "second": "kestrel"} {
		prompts := "Say one."
		if field == "system" {
			prompts = strings.Repeat("\n\nSay it.", 30)
		}
		want := field
		if field == "system" {
			want = "rounds" // thirty prompts are too many; where to say how many are meant
		}
		if shown := s.Slack.Submit(ada, map[string]string{field: value, "prompts": prompts}, nil); !strings.HasPrefix(shown, want+": ") {
			t.Errorf("%s=%.20s is answered with:\n%s\nnot below that field", field, value, shown)
		}
	}
	shown := s.Slack.Submit(ada, map[string]string{"prompts": "Say one.\n\nSay two.", "until": "2h"}, nil)
	if !strings.Contains(shown, "Start this taste test?") || !strings.Contains(shown, "2 prompts") {
		t.Fatalf("the form is answered with:\n%s", shown)
	}
	s.Slack.Press(ada, "CT1", "", button(t, shown, "/go]"))
	adaptertest.Eventually(t, "two ballots stand", func() bool { return len(s.ballots()) == 2 })
	adaptertest.Eventually(t, "the modal says that they are posted", func() bool { return strings.Contains(s.Slack.Private(ada), "2 of 2 ready") })

	s.CloseModal(ada)
	if shown := s.Slack.Command(ada, "CT1", "compare"); !strings.Contains(shown, "Compare two texts") {
		t.Fatalf("compare shows:\n%s", shown)
	}
	same := map[string]string{"prompt": "Which?", "first": "The same.", "second": "The same."}
	if shown := s.Slack.Submit(ada, same, nil); !strings.HasPrefix(shown, "second: ") || !strings.Contains(shown, "two different ones") {
		t.Errorf("twice the same text:\n%s", shown)
	}
	same["second"] = strings.Repeat("字", 3000)
	if shown := s.Slack.Submit(ada, same, nil); !strings.Contains(shown, "Start this taste test?") {
		t.Errorf("two texts:\n%s", shown)
	}
}

// The emoji of those whose votes do not count stand in the count only until
// they were looked up.
func TestGuestsAreTakenOut(t *testing.T) {
	t.Parallel()
	s := newStage(t, newWorld(t, logger(t), false))
	ada := s.admin()
	s.Command(t, ada, "start kestrel nova pack=fruit rounds=1 until=2h")
	s.Slack.Press(ada, "CT1", "", "d1/go")
	adaptertest.Eventually(t, "voting is open", func() bool { return s.state() == bot.Open && len(s.ballots()) == 1 })
	ref := s.ballots()[0]
	for _, kind := range []string{"guest", "bot", "away", ""} {
		user := s.AddUser(userOf(kind, "U"+kind+"1"))
		if err := s.Slack.Tap(user, "CT1", ref.Message, "a", true); err != nil {
			t.Fatal(err)
		}
	}
	voters := func() (users []string) {
		votes, err := s.store.Votes(t.Context(), bot.TastingID{Workspace: s.Place().Workspace, N: 1}.Round(1))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range votes {
			if v.Pick() != bot.None {
				users = append(users, v.Voter.User)
			}
		}
		return users
	}
	adaptertest.Eventually(t, "the member alone counts", func() bool { return slices.Equal(voters(), []string{"U1"}) })
	if err := s.Again(); err != nil {
		t.Fatal(err)
	}
	if got := voters(); !slices.Equal(got, []string{"U1"}) {
		t.Errorf("after all was delivered again these count: %q", got)
	}
}

// Somebody becomes known as a guest while an emoji of theirs is on its way to
// the disk: it is taken back too.
func TestGuestsAreTakenOutAlsoWhenFoundOutMeanwhile(t *testing.T) {
	w, h, ref, _ := posted(t, false)
	h.mu.Lock()
	h.hold = make(chan struct{})
	h.mu.Unlock()
	guest := w.AddUser(userOf("guest", "UGUEST"))
	tapped := make(chan error, 1)
	go func() { tapped <- w.Slack.Tap(guest, "CT1", ref.Message, "a", true) }()
	adaptertest.Eventually(t, "the emoji is on its way", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.waiting > 0
	})
	if shown := w.Slack.Command(guest, "CT1", "status"); !strings.Contains(shown, "allow_guests") {
		t.Fatalf("a guest's command is answered with:\n%s", shown)
	}
	close(h.hold)
	if err := <-tapped; err != nil {
		t.Fatal(err)
	}
	adaptertest.Eventually(t, "the emoji is taken back", func() bool {
		taps := h.heard()
		return len(taps) == 2 && taps[0].On && !taps[1].On && taps[0].At.Equal(taps[1].At)
	})
}

// A ballot was deleted: its round counts what was heard, and is revealed in a
// new post.
func TestDeletedBallot(t *testing.T) {
	t.Parallel()
	s := newStage(t, newWorld(t, logger(t), false))
	ada := s.admin()
	s.Command(t, ada, "start kestrel nova pack=fruit rounds=3 until=2h")
	s.Slack.Press(ada, "CT1", "", "d1/go")
	adaptertest.Eventually(t, "voting is open", func() bool { return s.state() == bot.Open })
	refs := s.ballots()
	for _, ref := range refs {
		if err := s.Slack.Tap(ada, "CT1", ref.Message, "a", true); err != nil {
			t.Fatal(err)
		}
	}
	head := s.Memory.Messages("CT1")[0].ID
	s.Remove("CT1", refs[1].Message)
	s.Command(t, ada, "close 1")
	s.Slack.Press(ada, "CT1", "", "1/close")
	adaptertest.Eventually(t, "it is revealed", s.settled)
	all := s.shownIn("CT1/" + head)
	if len(all) != 4 {
		t.Errorf("%d messages stand in the thread, not two ballots, a new reveal and the announcement", len(all))
	}
	if text := strings.Join(all, "\n"); strings.Count(text, "The ballot was deleted") != 1 || !strings.Contains(text, "3 votes, 1 person, 3 prompts") {
		t.Errorf("in the thread stands:\n%s", text)
	}
}

// A private channel is shared with another organisation and has another ID from
// then on: votes there count as before, and the reveal comes there, also after a
// restart.
func TestChannelHasAnotherID(t *testing.T) {
	t.Parallel()
	s := newStage(t, newWorld(t, logger(t), false))
	ada := s.admin()
	s.Command(t, ada, "start kestrel nova pack=fruit rounds=2 until=2h")
	s.Slack.Press(ada, "CT1", "", "d1/go")
	adaptertest.Eventually(t, "voting is open", func() bool { return s.state() == bot.Open })
	before, after := s.AddUser(userOf("", "UB")), s.AddUser(userOf("", "UA"))
	for _, ref := range s.ballots() {
		if err := s.Slack.Tap(before, "CT1", ref.Message, "a", true); err != nil {
			t.Fatal(err)
		}
	}
	ballots := s.ballots()
	if err := s.ChangeID("CT1", "CNEW"); err != nil {
		t.Fatal(err)
	}
	for i, ref := range ballots {
		if i == 1 {
			s.restart()
		}
		if err := s.Slack.Tap(after, "CNEW", ref.Message, "b", true); err != nil {
			t.Fatal(err)
		}
	}
	for n := 1; n <= 2; n++ {
		votes, err := s.store.Votes(t.Context(), bot.TastingID{Workspace: s.Place().Workspace, N: 1}.Round(n))
		if err != nil || len(votes) != 2 {
			t.Errorf("round %d has %d votes, %v; want one from before and one from after", n, len(votes), err)
		}
	}
	s.CloseModal(ada)
	s.Slack.Command(ada, "CNEW", "close")
	s.Slack.Press(ada, "CNEW", "", "1/close")
	adaptertest.Eventually(t, "it is revealed", s.settled)
	if text := strings.Join(s.shownIn("CNEW/"+s.Memory.Messages("CNEW")[0].ID), "\n"); s.state() != bot.Revealed || !strings.Contains(text, "4 votes, 2 people, 2 prompts") {
		t.Errorf("it is %v; in the channel's thread stands:\n%s", s.state(), text)
	}
}

// The channel is lost while a tasting is open, with or without news of it: the
// tasting ends, its starter is told once, and nothing is tried for ever.
func TestLostChannel(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*stage){
		"archived": func(s *stage) {
			s.AddRoom(slackfake.Room{ID: "CT1", Team: "T1", Broken: "is_archived"})
			if err := s.Event("T1", map[string]any{"type": "channel_archive", "channel": "CT1"}); err != nil {
				t.Errorf("channel_archive: %v", err)
			}
		},
		"removed": func(s *stage) {
			s.AddRoom(slackfake.Room{ID: "CT1", Team: "T1", Absent: true})
			if err := s.Event("T1", map[string]any{"type": "channel_left", "channel": "CT1"}); err != nil {
				t.Errorf("channel_left: %v", err)
			}
		},
		"removed, and nobody said so": func(s *stage) {
			s.AddRoom(slackfake.Room{ID: "CT1", Team: "T1", Absent: true})
			s.bot.Press(s.t.Context(), bot.Press{At: s.Place(), User: "UADMIN", Button: "1/close"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, worldInBubble(t, logger(t)))
				s.wait = time.Millisecond
				s.restart()
				ada := s.admin()
				s.Command(t, ada, "start kestrel nova pack=fruit rounds=2 until=2h")
				s.Slack.Press(ada, "CT1", "", "d1/go")
				adaptertest.Eventually(t, "voting is open", func() bool { return s.state() == bot.Open })
				told := len(s.Memory.Messages("D" + ada))
				lose(s)
				adaptertest.Eventually(t, "the tasting ends", func() bool { return s.state() == bot.Failed })
				adaptertest.Eventually(t, "the starter is told", func() bool { return len(s.Memory.Messages("D"+ada)) == told+1 })
				calls := len(s.Journal("chat.update")) + len(s.Journal("chat.postMessage"))
				s.restart()
				adaptertest.Eventually(t, "the bot is back", func() bool { return s.chat.Ready() == nil })
				if more := len(s.Journal("chat.update")) + len(s.Journal("chat.postMessage")) - calls; more != 0 {
					t.Errorf("after a restart %d more calls were made", more)
				}
			})
		})
	}
}

// The app may not do what a ballot needs: the tasting ends, and its starter is
// told which scope is missing.
func TestMissingScope(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, worldInBubble(t, logger(t)))
		ada := s.admin()
		s.Change(func() { s.team.Lacks = "reactions:write" })
		s.Command(t, ada, "start kestrel nova pack=fruit rounds=2 until=2h")
		s.Slack.Press(ada, "CT1", "", "d1/go")
		adaptertest.Eventually(t, "the tasting ends", func() bool { return s.state() == bot.Failed })
		adaptertest.Eventually(t, "the starter is told", func() bool {
			return strings.Contains(strings.Join(s.shownIn("D"+ada), "\n"), "lacks the scope reactions:write")
		})
	})
}

// The app is removed: nothing of the workspace stays.
func TestAppRemoved(t *testing.T) {
	s := newStage(t, newWorld(t, logger(t), false))
	ada := s.admin()
	s.Command(t, ada, "start kestrel nova pack=fruit rounds=2 until=2h")
	s.Slack.Press(ada, "CT1", "", "d1/go")
	adaptertest.Eventually(t, "voting is open", func() bool { return s.state() == bot.Open })
	if err := s.Event("T1", map[string]any{"type": "app_uninstalled"}); err != nil {
		t.Fatal(err)
	}
	if ts, err := s.store.Tastings(t.Context(), s.Place().Workspace, bot.Query{}); err != nil || len(ts) != 0 {
		t.Errorf("after the app was removed there are %d tastings, %v", len(ts), err)
	}
	if shown := fmt.Sprint(s.chat.Ready()); !strings.Contains(shown, "removed") {
		t.Errorf("the chat says %s", shown)
	}
}
