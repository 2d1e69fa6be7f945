package discord_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// refuse has Discord refuse the bot everything in the channel, with a code;
// 0: nothing any more.
func (s *stage) refuse(code int) {
	s.fake.Mu.Lock()
	defer s.fake.Mu.Unlock()
	c := s.Channels[tasteID]
	c.Refuses = code
	s.Channels[tasteID] = c
}

// inChannel is how many requests went to the channel and its messages.
func (s *stage) inChannel() (n int) {
	for _, c := range s.Calls.Journal("") {
		if strings.Contains(c.Path, "/channels/"+tasteID) {
			n++
		}
	}
	return n
}

// opened opens a tasting of one round with one vote.
func (s *stage) opened() fakechat.Message {
	s.t.Helper()
	s.start(str("model", "kestrel"), str("against", "nova"), str("prompt", "Hi"))
	s.state(1, bot.Open)
	m, ann := s.post("1.1/ballot"), s.Join("Ann")
	s.tap(m.Channel, m.ID, ann, "🅰️", true)
	adaptertest.Eventually(s.t, "the vote is kept", func() bool {
		vs, err := s.store.Votes(s.t.Context(), tasting(1).Round(1))
		return err == nil && len(vs) == 1
	})
	return m
}

// A place that is lost ends its tasting: its starter is told once, and nothing
// is left to do. To learn that takes few requests; the core waits longer and
// longer between them, and Discord bans an address at 10,000 that it refuses.
func TestPlaceIsLost(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		lose  func(*stage)
		heard bool // the gateway tells of it
	}{
		{"access is taken away", func(s *stage) { s.refuse(50001) }, false},
		{"permissions are taken away", func(s *stage) { s.refuse(50013) }, false},
		{"the channel is deleted unheard", func(s *stage) { s.deleteChannel() }, false},
		{"its thread is deleted unheard", func(s *stage) { s.deleteChannel() }, false},
		{"its thread is deleted", func(s *stage) {
			s.deleteChannel()
			s.Dispatch("THREAD_DELETE", map[string]any{"id": tasteID, "guild_id": guildID, "parent_id": "340", "type": threadType})
		}, true},
		{"the channel of its thread is deleted", func(s *stage) {
			s.deleteChannel()
			s.Dispatch("CHANNEL_DELETE", map[string]any{"id": "340", "guild_id": guildID, "type": textType})
		}, true},
		{"the channel is deleted", func(s *stage) {
			s.deleteChannel()
			s.Dispatch("CHANNEL_DELETE", map[string]any{"id": tasteID, "guild_id": guildID})
		}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && strings.Contains(tt.name, "thread") {
				t.Skip("a thread is lost as a channel is: run without -short")
			}
			synctest.Test(t, func(t *testing.T) {
				s := stageInBubble(t, t.Output())
				s.stop()
				s.lost = time.Nanosecond
				s.begin()
				s.fake.Mu.Lock()
				s.Channels["340"], s.Channels["341"] = discordfake.Channel{ID: "340", Guild: guildID}, discordfake.Channel{ID: "341", Guild: guildID}
				if strings.Contains(tt.name, "thread") {
					s.Channels[tasteID] = discordfake.Channel{ID: tasteID, Guild: guildID, Type: threadType, Parent: "340"}
				}
				s.fake.Mu.Unlock()
				s.opened()
				before := s.inChannel()
				tt.lose(s)
				if !tt.heard {
					x := s.Slash(t, "341", s.boss, "close", str("tasting", "1"))
					s.Press(t, "341", x.Original, s.boss, "1/close")
				}
				s.state(1, bot.Failed)
				told := func() (n int) {
					for _, m := range s.Said.Private(s.boss) {
						if strings.Contains(string(m.Payload), "Taste test 1 ended without a reveal") {
							n++
						}
					}
					return n
				}
				adaptertest.Eventually(t, "the starter is told", func() bool { return told() > 0 })
				s.stop()
				s.begin() // also not again after a start
				adaptertest.Eventually(t, "nothing is left to do", func() bool {
					t, err := s.store.Tasting(context.Background(), bot.TastingID{Workspace: workspace, N: 1})
					return err == nil && t.Settled()
				})
				if n := told(); n != 1 {
					t.Errorf("the starter is told %d times", n)
				}
				if n := s.inChannel() - before; n > 15 {
					t.Errorf("it took %d requests", n)
				}
			})
		})
	}
}

func (s *stage) deleteChannel() {
	s.fake.Mu.Lock()
	defer s.fake.Mu.Unlock()
	delete(s.Channels, tasteID)
}

// Permissions that were taken away by mistake hold the reveal up and lose
// nothing; one try asks little.
func TestPermissionsTakenAway(t *testing.T) {
	t.Parallel()
	s := newStage(t, t.Output())
	m := s.opened()
	s.refuse(50001)
	before := s.inChannel()
	s.closeIt(m, 1)
	s.state(1, bot.Closing)
	adaptertest.Eventually(t, "the ballot is asked for", func() bool { return s.inChannel() > before })
	s.stop()
	if n := s.inChannel() - before; n > 8 {
		t.Errorf("%d requests to a channel that is lost", n)
	}
	s.refuse(0)
	s.begin()
	s.state(1, bot.Revealed)
	s.says("1/announcement", "1 vote, 1 person, 1 prompt")
}

// A server that the bot was taken out of is forgotten, and asked nothing more.
func TestTakenOutOfTheServer(t *testing.T) {
	t.Parallel()
	s := newStage(t, t.Output())
	s.opened()
	s.refuse(50001)
	before := s.inChannel()
	s.Dispatch("GUILD_DELETE", map[string]any{"id": guildID})
	adaptertest.Eventually(t, "everything of it is deleted", func() bool {
		ts, err := s.store.Tastings(t.Context(), workspace, bot.Query{})
		return err == nil && len(ts) == 0
	})
	s.stop()
	if n := s.inChannel() - before; n > 2 {
		t.Errorf("%d requests to its channel", n)
	}
}
