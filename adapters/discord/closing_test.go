package discord_test

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// revoke has Discord refuse the token, or take it again.
func (s *stage) revoke(revoked bool) {
	s.fake.Mu.Lock()
	defer s.fake.Mu.Unlock()
	s.Revoked = revoked
}

// What is lost when voting closes may come back: half of twelve votes stand on
// the ballot and were never heard, and all twelve count, also after a restart.
func TestLostAtClosing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name       string
		lose, mend func(*stage)
		restart    bool
	}{
		{"the token is refused", func(s *stage) { s.revoke(true) }, func(s *stage) { s.revoke(false) }, false},
		{"the channel is hidden", func(s *stage) { s.refuse(50001) }, func(s *stage) { s.refuse(0) }, false},
		{"permissions are taken away", func(s *stage) { s.refuse(50013) }, func(s *stage) { s.refuse(0) }, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := stageInBubble(t, t.Output())
				m := s.opened()
				for i := range 11 {
					user := s.Join(fmt.Sprint("P", i))
					if i >= 5 {
						s.Said.React(m.Channel, m.ID, user, "🅰️", true) // and nobody tells
					} else {
						s.tap(m.Channel, m.ID, user, "🅰️", true)
					}
				}
				adaptertest.Eventually(t, "six votes are kept", func() bool {
					vs, err := s.store.Votes(t.Context(), tasting(1).Round(1))
					return err == nil && len(vs) == 6
				})
				tried := s.inChannel()
				tt.lose(s)
				s.bot.Press(t.Context(), bot.Press{At: taste, User: s.boss, Button: "1/close"})
				state := func() bot.State {
					x, err := s.store.Tasting(t.Context(), tasting(1))
					if err != nil {
						t.Fatal(err)
					}
					return x.State
				}
				adaptertest.Eventually(t, "the ballot is tried twice, or given up", func() bool { return s.inChannel() >= tried+2 || state() > bot.Closing })
				if tt.restart {
					s.stop()
					s.begin()
				}
				tt.mend(s)
				adaptertest.Eventually(t, "the tasting is over", func() bool { return state().Over() })
				counted := 0
				if ms := s.posts()["1/announcement"]; len(ms) > 0 {
					if said := regexp.MustCompile(`(\d+) votes?, \d+ pe`).FindSubmatch(ms[0].Payload); said != nil {
						fmt.Sscan(string(said[1]), &counted)
					}
				}
				t.Logf("%s at closing, and given back: %d of 12 votes that stand are counted", tt.name, counted)
				if counted != 12 || state() != bot.Revealed {
					t.Errorf("the tasting is %v, and counts %d of 12 votes", state(), counted)
				}
			})
		})
	}
}

// idIn is the id that an apology names.
var idIn = regexp.MustCompile(`\(id ([0-9a-f]{8})`)

// lock archives the thread of the first tasting's head, as a moderator does who
// wants nobody to write in it any more.
func (s *stage) lock() {
	head := s.posts()["1/head"][0]
	s.fake.Mu.Lock()
	defer s.fake.Mu.Unlock()
	c := s.Channels[head.ID]
	c.Archived, c.Locked = true, true
	s.Channels[head.ID] = c
}

// What Discord will never take ends soon, in words: the starter is told, with
// an id that is in the log, and what stands already says that it is over.
func TestRefusedWhilePosting(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		code   string
		says   string       // by Discord, in the log
		refuse func(*stage) // when the first ballot stands
	}{
		{"too long", "50035", "(code 50035: Invalid Form Body): embeds: Embed size exceeds maximum size of 1500", func(s *stage) { s.fake.Mu.Lock(); s.Embedded = 1500; s.fake.Mu.Unlock() }},
		{"the thread is locked and archived", "50083", "Thread is archived", func(s *stage) { s.lock() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				logged := &adaptertest.Logs{}
				s := stageInBubble(t, io.MultiWriter(t.Output(), logged))
				s.stop()
				var began time.Time
				s.step = func(name string) {
					if name == "posted 1.1/ballot" {
						tt.refuse(s)
						began = time.Now()
					}
				}
				s.begin()
				file := s.Upload([]byte("prompt\nHi\n" + strings.Repeat("long ", 200) + "\n"))
				s.start(str("model", "kestrel"), str("against", "nova"), discordfake.Input{Name: "file", Type: 11, Value: file})
				var id string
				adaptertest.Eventually(t, "the starter is told, with an id", func() bool {
					for _, m := range s.Said.Private(s.boss) {
						if found := idIn.FindSubmatch(m.Payload); found != nil {
							id = string(found[1])
						}
					}
					return id != ""
				})
				t.Logf("%s: %.0f s from the refusal to words", tt.name, time.Since(began).Seconds())
				if !strings.Contains(logged.String(), "id="+id) || !strings.Contains(logged.String(), tt.code) || !strings.Contains(logged.String(), tt.says) {
					t.Errorf("the log has not the id %s with %s and %q", id, tt.code, tt.says)
				}
				s.state(1, bot.Failed)
				s.says("1/head", "ended without a reveal")
				if tt.code != "50083" { // there nothing can be edited either
					s.says("1.1/ballot", "ended without a reveal")
				}
				before := len(s.Calls.Journal(""))
				time.Sleep(time.Minute)
				if more := len(s.Calls.Journal("")) - before; more != 0 {
					t.Errorf("afterwards %d more calls are made", more)
				}
			})
		})
	}
}

// Ballots in a thread that was locked cannot be edited: the announcement stands
// in the channel all the same, and the starter is told.
func TestLockedThreadAtTheReveal(t *testing.T) {
	t.Parallel()
	s := newStage(t, t.Output())
	s.start(str("model", "kestrel"), str("against", "nova"), discordfake.Input{Name: "file", Type: 11, Value: s.Upload([]byte("prompt\nHi\nBye\n"))})
	s.state(1, bot.Open)
	m, ann := s.post("1.2/ballot"), s.Join("Ann")
	s.tap(m.Channel, m.ID, ann, "🅰️", true)
	s.lock()
	s.closeIt(s.post("1/head"), 1)
	began := time.Now()
	s.says("1/announcement", "1 vote, 1 person")
	s.state(1, bot.Revealed)
	t.Logf("the thread is locked: revealed after %.0f s", time.Since(began).Seconds())
	adaptertest.Eventually(t, "the starter is told", func() bool {
		for _, m := range s.Said.Private(s.boss) {
			if idIn.Match(m.Payload) && strings.Contains(string(m.Payload), "results") {
				return true
			}
		}
		return false
	})
}

// A first post asks nothing of Discord but to be posted, however long it is.
// A second attempt looks for the first: where that is refused, it is made all
// the same; where it only fails, and the first is so old that Discord would not
// know it again by its nonce, it waits, so that nothing stands twice.
func TestPostWithoutReading(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	c := f.chat(t)
	c.Hurry()
	unread := func(status, code int) {
		f.Calls.Heal()
		for _, route := range append(reads[:4:4], "GET /users/@me") {
			f.Calls.Fail(route, 100, refused(status, code))
		}
	}
	unread(403, 50013)
	long := samples.Ballot
	long.Left, long.Right = bot.Verbatim(strings.Repeat("left ", 1000)), bot.Verbatim(strings.Repeat("right ", 1000))
	if _, err := c.Post(t.Context(), taste, ballotKey, time.Time{}, long); err != nil {
		t.Errorf("a first post: %v", err)
	}
	key := bot.PostKey{Tasting: tasting(12), Round: 2, What: "ballot"}
	if _, err := c.Post(t.Context(), taste, key, time.Now().Add(-time.Hour), samples.Ballot); err != nil {
		t.Errorf("a second attempt, where messages may not be read: %v", err)
	}
	unread(503, 0)
	key.Round = 3
	if _, err := c.Post(t.Context(), taste, key, time.Now(), samples.Ballot); err != nil {
		t.Errorf("a second attempt at once, which Discord knows by its nonce: %v", err)
	}
	key.Round = 4
	n := len(f.Said.Messages(tasteID))
	if _, err := c.Post(t.Context(), taste, key, time.Now().Add(-time.Hour), samples.Ballot); err == nil || errors.Is(err, bot.ErrLost) {
		t.Errorf("a second attempt that cannot look for the first just now: %v", err)
	}
	if got := len(f.Said.Messages(tasteID)); got != n {
		t.Errorf("it was posted unseen whether it stands already: %d messages, not %d", got, n)
	}
}
