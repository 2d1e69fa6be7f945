package slack_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
)

// What is lost when voting closes may come back: half of twelve votes stand on
// the ballot and were never heard, and all twelve count.
func TestLostAtClosing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name       string
		lose, mend func(*stage)
	}{
		{"the token is refused",
			func(s *stage) { s.Change(func() { s.team.Revoked = true }) },
			func(s *stage) { s.Change(func() { s.team.Revoked = false }) }},
		{"a scope is taken away",
			func(s *stage) { s.Change(func() { s.team.Lacks = "reactions:read" }) },
			func(s *stage) { s.Change(func() { s.team.Lacks = "" }) }},
		{"the bot is taken out of the channel",
			func(s *stage) {
				s.AddRoom(slackfake.Room{ID: "CT1", Team: "T1", Absent: true})
				s.news("member_left_channel")
			},
			func(s *stage) { s.AddRoom(slackfake.Room{ID: "CT1", Team: "T1"}) }},
		{"the channel is archived",
			func(s *stage) {
				s.AddRoom(slackfake.Room{ID: "CT1", Team: "T1", Broken: "is_archived"})
				s.news("channel_archive")
			},
			func(s *stage) { s.AddRoom(slackfake.Room{ID: "CT1", Team: "T1"}) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, worldInBubble(t, logger(t)))
				ada := s.admin()
				s.Command(t, ada, `start kestrel nova prompt="Hi" until=2h`)
				s.Slack.Press(ada, "CT1", "", "d1/go")
				adaptertest.Eventually(t, "voting is open", func() bool { return s.state() == bot.Open })
				ballot := s.ballots()[0]
				for i := range 12 {
					user := s.AddUser(slackfake.User{ID: fmt.Sprint("UP", i), Name: "P", Team: "T1"})
					if i >= 6 {
						s.React("CT1", ballot.Message, user, "a", true) // and nobody tells
					} else if err := s.Slack.Tap(user, "CT1", ballot.Message, "a", true); err != nil {
						t.Fatal(err)
					}
				}
				tried := len(s.Journal("reactions.get"))
				closing := func() { s.bot.Press(t.Context(), bot.Press{At: s.Place(), User: ada, Button: "1/close"}) }
				if strings.HasPrefix(tt.name, "the token") || strings.HasPrefix(tt.name, "a scope") {
					tt.lose(s)
					closing()
				} else { // news of it comes when voting is over
					s.Change(func() { s.team.Revoked = true })
					closing()
					tt.lose(s)
					s.Change(func() { s.team.Revoked = false })
				}
				adaptertest.Eventually(t, "the ballot is tried twice, or given up", func() bool {
					return len(s.Journal("reactions.get")) >= tried+2 || s.state() > bot.Closing
				})
				tt.mend(s)
				adaptertest.Eventually(t, "the tasting is over", func() bool { return s.state().Over() })
				counted := 0
				text := strings.Join(append(s.shownIn("CT1/"+ballot.Message), s.shownIn("CT1")...), "\n")
				if m := regexp.MustCompile(`(\d+) votes?, \d+ pe`).FindStringSubmatch(text); m != nil {
					fmt.Sscan(m[1], &counted)
				}
				t.Logf("%s at closing, and given back: %d of 12 votes that stand are counted", tt.name, counted)
				if counted != 12 || s.state() != bot.Revealed {
					t.Errorf("the tasting is %v, and counts %d of 12 votes", s.state(), counted)
				}
			})
		})
	}
}

// news delivers an event about the channel and the bot.
func (s *stage) news(kind string) {
	s.t.Helper()
	event := map[string]any{"type": kind, "channel": "CT1", "user": s.team.Bot}
	if err := s.Event("T1", event); err != nil {
		s.t.Errorf("%s: %v", kind, err)
	}
}

// idIn is the id that an apology names.
var idIn = regexp.MustCompile(`\(id ([0-9a-f]{8})`)

// What Slack will never take ends soon, in words: the starter is told, with an
// id that is in the log, and what stands already says that it is over.
func TestRefusedWhilePosting(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		code   string
		refuse func(*slackfake.Team)
		long   bool // the last prompt
		stand  int  // ballots
	}{
		{"invalid_blocks", func(x *slackfake.Team) { x.Bars = "rich_text" }, false, 0},
		{"msg_blocks_too_long", func(x *slackfake.Team) { x.MostText = 5000 }, true, 2},
	} {
		t.Run(tt.code, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				logged := &adaptertest.Logs{}
				w := worldInBubble(t, slog.New(slog.NewTextHandler(io.MultiWriter(t.Output(), logged), nil)))
				s := newStage(t, w)
				ada := s.admin()
				s.Change(func() { s.Lenient = true; tt.refuse(s.team) })
				s.Slack.Command(ada, "CT1", "start")
				prompts := "One.\n\nTwo.\n\nThree."
				if tt.long {
					prompts = "One.\n\nTwo.\n\n" + strings.Repeat("three ", 450)
				}
				shown := s.Slack.Submit(ada, map[string]string{"prompts": prompts, "until": "2h"}, nil)
				began := time.Now()
				s.Slack.Press(ada, "CT1", "", button(t, shown, "/go]"))
				var id string
				adaptertest.Eventually(t, "the starter is told, with an id", func() bool {
					m := idIn.FindStringSubmatch(strings.Join(s.shownIn("D"+ada), "\n"))
					if m != nil {
						id = m[1]
					}
					return m != nil
				})
				t.Logf("%s: %.0f s from the refusal to words", tt.code, time.Since(began).Seconds())
				if !strings.Contains(logged.String(), "id="+id) || !strings.Contains(logged.String(), tt.code) {
					t.Errorf("the log has not the id %s with %s", id, tt.code)
				}
				if s.state() != bot.Failed || len(s.ballots()) != tt.stand {
					t.Errorf("it is %v, and %d ballots stand", s.state(), len(s.ballots()))
				}
				var stands []string
				for _, m := range s.Memory.Messages("CT1") {
					stands = append(append(stands, slackfake.Show(m.Payload)), s.shownIn("CT1/"+m.ID)...)
				}
				for _, shown := range stands {
					if !strings.Contains(shown, "ended without a reveal") {
						t.Errorf("there stands as before:\n%s", shown)
					}
				}
				calls := len(s.Journal(""))
				time.Sleep(time.Minute)
				if more := len(s.Journal("")) - calls; more != 0 {
					t.Errorf("afterwards %d more calls are made", more)
				}
			})
		})
	}
}

// A reveal that Slack does not take is said in plain words; what it takes not
// even then holds nothing up, and the starter is told.
func TestRefusedReveal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		refuse func(*stage)
		plain  bool
	}{
		{"rich text", func(s *stage) { s.Change(func() { s.Lenient, s.team.Bars = true, "rich_text" }) }, true},
		{"everything", func(s *stage) { s.AddRoom(slackfake.Room{ID: "CT1", Team: "T1", Mute: "msg_too_long"}) }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, worldInBubble(t, logger(t)))
				ada := s.admin()
				s.Command(t, ada, `start kestrel nova prompt="Hi" until=2h`)
				s.Slack.Press(ada, "CT1", "", "d1/go")
				adaptertest.Eventually(t, "voting is open", func() bool { return s.state() == bot.Open })
				ballot := s.ballots()[0]
				if err := s.Slack.Tap(ada, "CT1", ballot.Message, "a", true); err != nil {
					t.Fatal(err)
				}
				tt.refuse(s)
				began := time.Now()
				s.bot.Press(t.Context(), bot.Press{At: s.Place(), User: ada, Button: "1/close"})
				adaptertest.Eventually(t, "it is revealed", s.settled)
				t.Logf("%s is refused: revealed after %.0f s", tt.name, time.Since(began).Seconds())
				all := strings.Join(append(s.shownIn("CT1"), s.shownIn("CT1/"+ballot.Message)...), "\n")
				if plain := strings.Contains(all, "1 vote, 1 person") && strings.Contains(s.Seen(t, ballot, ada), "kestrel"); plain != tt.plain {
					t.Errorf("in the channel stands:\n%s", all)
				}
				s.Change(func() { s.team.Bars = "" })
				told := func() bool { return idIn.MatchString(strings.Join(s.shownIn("D"+ada), "\n")) }
				if !tt.plain {
					adaptertest.Eventually(t, "the starter is told with an id", told)
				} else if told() {
					t.Error("the starter is told with an id, though all was shown in plain words")
				}
				if shown := s.Slack.Command(ada, "CT1", "results 1"); !strings.Contains(shown, "1 vote, 1 person") {
					t.Errorf("results say:\n%s", shown)
				}
			})
		})
	}
}

// A first post asks nothing of Slack but to be posted. Where history may not
// be read, a second attempt is made without it; where reading only fails, it
// waits for the search, so that nothing stands twice.
func TestPostWithoutReading(t *testing.T) {
	w := newWorld(t, logger(t), false)
	run(t, w, newPlayer())
	refuse := func(code string) {
		for _, m := range []string{"conversations.history", "conversations.replies", "reactions.get", "conversations.info"} {
			w.Fail(m, 20, fault(`{"ok":false,"error":"`+code+`"}`))
		}
	}
	refuse("not_allowed_token_type")
	if _, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot); err != nil {
		t.Errorf("a first post: %v", err)
	}
	if _, err := w.chat.Post(t.Context(), w.Place(), key(2, "ballot"), time.Now(), samples.Ballot); err != nil {
		t.Errorf("a second attempt, where history may not be read: %v", err)
	}
	w.Heal()
	began, n := time.Now(), len(w.Memory.Messages("CT1"))
	refuse("internal_error")
	if _, err := w.chat.Post(t.Context(), w.Place(), key(3, "ballot"), began, samples.Ballot); err == nil || errors.Is(err, bot.ErrLost) {
		t.Errorf("a second attempt that cannot look for the first just now: %v", err)
	}
	if got := len(w.Memory.Messages("CT1")); got != n {
		t.Errorf("it was posted unseen whether it stands already: %d messages, not %d", got, n)
	}
}
