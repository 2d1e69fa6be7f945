package discord_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/discord"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
)

// A shelf keeps sessions as a database does, until it is told to take no more, as
// one does of a replica that was killed.
type shelf struct {
	mu   sync.Mutex
	kept map[string][]byte // by name
	at   []time.Time
	dead bool
}

func newShelf() *shelf { return &shelf{kept: make(map[string][]byte)} }

func (s *shelf) Session(_ context.Context, name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[name], nil
}

func (s *shelf) KeepSession(_ context.Context, name string, kept []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead {
		return errors.New("killed")
	}
	s.kept[name], s.at = kept, append(s.at, time.Now())
	return nil
}

// Whoever takes over goes on with the session of before: what people did in between
// is heard, and no session is asked for. After one that was drained it is heard once;
// after one that was killed what it may have answered is not answered again. If the
// session is refused another is begun.
func TestTakesOverTheSession(t *testing.T) {
	for name, tt := range map[string]struct {
		killed, refused bool
		sessions        int
		help            int // how often what was typed in between is answered
	}{
		"drained":             {false, false, 1, 1},
		"killed":              {true, false, 1, 0},
		"drained and refused": {false, true, 2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newPiped(t, slogTo(&adaptertest.Logs{}))
				on := newShelf()
				with := func(o *discord.Options) { o.Sessions = on }
				first, second := &recorder{}, &recorder{}
				stop := adaptertest.Start(t, f.chat(t, with), first)
				time.Sleep(time.Minute)
				f.DispatchReaction(tasteID, "5", "11", "🤝", true, false)
				synctest.Wait()
				if !first.heardFrom("11") {
					t.Fatal("the first does not hear people")
				}
				if tt.killed {
					on.mu.Lock()
					on.dead = true
					on.mu.Unlock()
				}
				time.Sleep(3 * time.Second)
				stop()
				on.mu.Lock()
				on.dead = false
				for i := range on.at[:len(on.at)-1] {
					if gap := on.at[i+1].Sub(on.at[i]); gap < time.Second && i+2 < len(on.at) {
						t.Errorf("the session was kept twice within %v", gap)
					}
				}
				on.mu.Unlock()

				f.DispatchReaction(tasteID, "5", "12", "👎", true, false)
				f.asksForHelp()
				if tt.refused {
					f.Plan(discordfake.OnResume, 1, discordfake.Trouble{Op: 9})
				}
				c := f.chat(t, with)
				adaptertest.Start(t, c, second)
				time.Sleep(time.Minute)
				f.hears(t, second, c.Ready)
				if got := f.Asked(); got != tt.sessions {
					t.Errorf("%d sessions were asked for, not %d", got, tt.sessions)
				}
				if n := f.Counted().Resumes; n != 1 {
					t.Errorf("the session was resumed %d times", n)
				}
				if !tt.refused && !second.heardFrom("12") {
					t.Error("who tapped in between is not heard")
				}
				if second.rereads() == 0 {
					t.Error("the ballots were not read again")
				}
				if second.heardFrom("11") && !tt.killed {
					t.Error("what was done before is done again")
				}
				if n := second.answered(); n != tt.help {
					t.Errorf("what was typed in between is answered %d times, not %d", n, tt.help)
				}
				f.keepsRules(t)
			})
		})
	}
}

// asksForHelp has somebody type help, and waits for no answer.
func (f *piped) asksForHelp() {
	f.Dispatch("INTERACTION_CREATE", map[string]any{
		"id": f.NewID(), "type": 2, "token": "t", "guild_id": guildID, "channel_id": tasteID, "application_id": botID,
		"member": map[string]any{"user": map[string]any{"id": "13"}}, "data": map[string]any{"name": "tastetest", "options": []any{map[string]any{"name": "help", "type": 1}}},
	})
}

// What is done by one that took over from a drained one, and is killed in its first
// second, is not done again by the next.
func TestKilledInItsFirstSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, slogTo(&adaptertest.Logs{}))
		on := newShelf()
		with := func(o *discord.Options) { o.Sessions = on }
		drained, killed, next := &recorder{}, &recorder{}, &recorder{}
		stop := adaptertest.Start(t, f.chat(t, with), drained)
		time.Sleep(time.Minute)
		stop()
		stop = adaptertest.Start(t, f.chat(t, with), killed)
		time.Sleep(500 * time.Millisecond)
		f.asksForHelp()
		synctest.Wait()
		on.mu.Lock()
		on.dead = true
		on.mu.Unlock()
		stop()
		on.mu.Lock()
		on.dead = false
		on.mu.Unlock()
		adaptertest.Start(t, f.chat(t, with), next)
		time.Sleep(time.Minute)
		if a, b := killed.answered(), next.answered(); a != 1 || b != 0 {
			t.Errorf("help is answered %d times by the one that is killed, and %d times by the next", a, b)
		}
	})
}

func (h *recorder) answered() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.heard)
}

// What was kept and cannot be read, as of another version, is no session.
func TestUnreadableSession(t *testing.T) {
	for _, kept := range []string{"{", `{"session": 1}`, `{"session": "s"}`, "null"} {
		synctest.Test(t, func(t *testing.T) {
			f := newPiped(t, slogTo(&adaptertest.Logs{}))
			h := &recorder{}
			on := newShelf()
			on.kept["discord"] = []byte(kept)
			c := f.chat(t, func(o *discord.Options) { o.Sessions = on })
			adaptertest.Start(t, c, h)
			time.Sleep(time.Minute)
			f.hears(t, h, c.Ready)
			if f.Asked() != 1 || f.Counted().Resumes != 0 || !json.Valid(on.kept["discord"]) {
				t.Errorf("after %s: %d sessions, %d resumed, then kept %s", kept, f.Asked(), f.Counted().Resumes, on.kept["discord"])
			}
		})
	}
}
