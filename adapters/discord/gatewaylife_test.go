package discord_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// whatever are all ways in which a gateway can leave off: said, closed, silent.
func whatever() map[string]discordfake.Trouble {
	all := map[string]discordfake.Trouble{
		"RECONNECT":                    {Op: 7},
		"INVALID_SESSION":              {Op: 9},
		"INVALID_SESSION, may resume":  {Op: 9, Resumable: true},
		"a silence":                    {Stall: true},
		"a silence but for heartbeats": {},
	}
	for _, code := range []int{1000, 1001, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009} {
		all[fmt.Sprintf("close code %d", code)] = discordfake.Trouble{Code: code}
	}
	return all
}

// Whatever the gateway says or leaves unsaid while a connection begins, the bot
// is on the air as soon as the gateway is itself again.
func TestTroubleAtTheStart(t *testing.T) {
	for where, m := range map[string]discordfake.Moment{"before HELLO": discordfake.BeforeHello, "in place of HELLO": discordfake.InsteadOfHello, "in place of READY": discordfake.OnIdentify} {
		for what, x := range whatever() {
			t.Run(what+" "+where, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					f := newPiped(t, logger(t))
					f.Plan(m, 3, x)
					h := &recorder{}
					c := f.chat(t)
					adaptertest.Start(t, c, h)
					time.Sleep(4 * time.Minute)
					f.hears(t, h, c.Ready)
					f.keepsRules(t)
				})
			})
		}
	}
}

// Whatever happens to a connection that stands, it is resumed, or where that
// cannot be begun anew; then people are heard and the ballots are read.
func TestTroubleAfterReady(t *testing.T) {
	anew := []string{"INVALID_SESSION", "close code 4007", "close code 4009"}
	for what, x := range whatever() {
		if x == (discordfake.Trouble{}) {
			continue // a server without people
		}
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newPiped(t, logger(t))
				h := &recorder{}
				c := f.chat(t)
				adaptertest.Start(t, c, h)
				time.Sleep(10 * time.Minute)
				f.hears(t, h, c.Ready)
				read := h.rereads()

				f.Upset(x)
				f.DispatchReaction(tasteID, "5", "12", "👎", true, false) // perhaps nobody listens
				time.Sleep(4 * time.Minute)
				f.hears(t, h, c.Ready)
				f.keepsRules(t)
				if h.rereads() == read {
					t.Error("the ballots were not read again")
				}
				sessions, want := f.Asked(), 1
				if slices.Contains(anew, what) {
					want = 2
				} else if !h.heardFrom("12") {
					t.Error("a tap that was said while nobody listened was not replayed")
				}
				if sessions != want || f.Counted().Resumes != 2-want {
					t.Errorf("it began %d sessions and resumed %d times, and should begin %d", sessions, f.Counted().Resumes, want)
				}
			})
		})
	}
}

// However resuming is refused, once or for ever, the bot is back on the air:
// it resumes again where that may help, and else begins a new session.
func TestTroubleAtTheResume(t *testing.T) {
	anew := []string{"INVALID_SESSION", "close code 4007", "close code 4009", "a silence", "a silence but for heartbeats"}
	for what, x := range whatever() {
		for _, times := range []int{1, -1} {
			t.Run(fmt.Sprint(what, ", times ", times), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					f := newPiped(t, logger(t))
					h := &recorder{}
					c := f.chat(t)
					adaptertest.Start(t, c, h)
					time.Sleep(10 * time.Minute)
					read := h.rereads()
					f.Plan(discordfake.OnResume, times, x)
					f.Lines.Cut()
					synctest.Wait()
					if c.Ready() == nil {
						t.Error("it is ready without a connection")
					}
					time.Sleep(6 * time.Minute)
					f.hears(t, h, c.Ready)
					f.keepsRules(t)
					if h.rereads() == read {
						t.Error("the ballots were not read again")
					}
					want := 1
					if times < 0 || slices.Contains(anew, what) {
						want = 2
					}
					if f.Asked() != want {
						t.Errorf("it began %d sessions, not %d, and resumed %d times", f.Asked(), want, f.Counted().Resumes)
					}
					if slices.Contains(anew, what) && f.Counted().Resumes != 1 {
						t.Errorf("it resumed %d times what cannot be resumed", f.Counted().Resumes)
					}
				})
			})
		}
	}
}

// Asked for a heartbeat it sends one at once, and goes on.
func TestHeartbeatOnDemand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		h := &recorder{}
		c := f.chat(t)
		adaptertest.Start(t, c, h)
		time.Sleep(10*time.Minute + time.Second)
		synctest.Wait()
		before := len(f.Counted().Beats)
		f.Upset(discordfake.Trouble{Op: 1})
		synctest.Wait()
		if n := len(f.Counted().Beats) - before; n != 1 {
			t.Errorf("it sent %d heartbeats at once", n)
		}
		if before != 14 && before != 15 { // one every 41.25 s, the first anywhere in that
			t.Errorf("%d heartbeats in ten minutes", before)
		}
		if last := f.Counted().Beats[len(f.Counted().Beats)-1]; last != 2. { // READY, GUILD_CREATE
			t.Errorf("it says that it heard %v last", last)
		}
		time.Sleep(5 * time.Minute)
		f.hears(t, h, c.Ready)
		if f.Counted().Opened != 1 {
			t.Errorf("it connected %d times", f.Counted().Opened)
		}
	})
}

// Bots that connect at the same time do not beat at the same time.
func TestFirstHeartbeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		f.Gateway.Paced = false
		const bots = 10
		for range bots {
			adaptertest.Start(t, f.chat(t), &recorder{})
		}
		synctest.Wait()
		time.Sleep(f.Gateway.Beat)
		synctest.Wait()
		if len(f.Counted().Beats) < bots {
			t.Errorf("of %d bots %d sent a heartbeat in time", bots, len(f.Counted().Beats))
		}
		at := f.Counted().BeatAt
		if slices.SortFunc(at, time.Time.Compare); len(slices.Compact(at)) < bots-1 {
			t.Errorf("heartbeats came at once: %v", at)
		}
	})
}

// What went well is not held against the gateway: after a while on the air the
// bot is back at once, with its session or, if that is gone, with a new one.
func TestBackAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		h := &recorder{}
		c := f.chat(t)
		adaptertest.Start(t, c, h)
		for range 8 {
			time.Sleep(2 * time.Minute)
			f.hears(t, h, c.Ready)
			f.Lines.Cut()
			time.Sleep(1600 * time.Millisecond)
			f.hears(t, h, c.Ready)
		}
		if f.Asked() != 1 {
			t.Errorf("it began %d sessions", f.Asked())
		}
		time.Sleep(2 * time.Minute)
		f.Upset(discordfake.Trouble{Op: 9})
		time.Sleep(5 * time.Second)
		f.hears(t, h, c.Ready)
	})
}

// A session is resumed where READY says, or else where it was begun; ballots
// are read again, because a gateway may have forgotten what it said.
func TestWhereToResume(t *testing.T) {
	for _, tt := range []struct {
		name        string
		shy, counts bool
		want        string
	}{
		{"READY says where", false, false, "/gateway/ws/resume/"},
		{"READY does not say", true, false, "/gateway/ws/"},
		{"RESUMED has the number of what was said before", false, true, "/gateway/ws/resume/"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newPiped(t, logger(t))
				f.Gateway.Shy, f.Gateway.Counts, f.Gateway.Forgets = tt.shy, tt.counts, true
				h := &recorder{}
				c := f.chat(t)
				adaptertest.Start(t, c, h)
				time.Sleep(time.Minute)
				read := h.rereads()
				f.Lines.Cut()
				time.Sleep(time.Minute)
				f.hears(t, h, c.Ready)
				if want := []string{"/gateway/ws/", tt.want}; !slices.Equal(f.Counted().Dialed, want) {
					t.Errorf("it connected to %q, not %q", f.Counted().Dialed, want)
				}
				if h.rereads() == read {
					t.Error("the ballots were not read again")
				}
			})
		})
	}
}

// A gateway that cannot be reached is tried again, less and less often; when it
// is back after hours the bot is on the air within two minutes.
func TestGatewayIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		h := &recorder{}
		c := f.chat(t)
		adaptertest.Start(t, c, h)
		time.Sleep(10 * time.Minute)
		f.net.Away(true)
		f.Lines.Cut()
		time.Sleep(3 * time.Hour)
		if n := f.net.Refused(); n < 100 || n > 2000 {
			t.Errorf("it tried %d times in three hours", n)
		}
		f.net.Away(false)
		time.Sleep(2 * time.Minute)
		f.hears(t, h, c.Ready)
		if n := f.Asked(); n != 2 {
			t.Errorf("it began %d sessions", n)
		}
	})
}

// Wherever a connection stands when the bot is stopped, Run ends, and Discord
// is told, so that it shows the bot as gone.
func TestStopsAtAnyTime(t *testing.T) {
	for name, upset := range map[string]func(*piped){
		"no HELLO":        func(f *piped) { f.Plan(discordfake.InsteadOfHello, -1, discordfake.Trouble{}) },
		"no READY":        func(f *piped) { f.Plan(discordfake.OnIdentify, -1, discordfake.Trouble{}) },
		"INVALID_SESSION": func(f *piped) { f.Plan(discordfake.OnIdentify, -1, discordfake.Trouble{Op: 9}) },
		"away":            func(f *piped) { f.net.Away(true) },
		"no session left": func(f *piped) { f.Gateway.Left.Remaining = 0 },
		"on the air":      func(f *piped) {},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newPiped(t, logger(t))
				upset(f)
				stop := adaptertest.Start(t, f.chat(t), &recorder{})
				time.Sleep(7 * time.Second)
				stopping := time.Now()
				stop()
				if took := time.Since(stopping); took > time.Second {
					t.Errorf("it took %v to stop", took)
				}
				synctest.Wait()
				if n := f.Counted().Sessions; n > 0 {
					t.Error("Discord goes on showing the bot as online")
				}
			})
		})
	}
}

// hears tells whether the bot is on the air.
func (f *piped) hears(t *testing.T, h *recorder, ready func() error) {
	t.Helper()
	user := f.Join("somebody")
	f.DispatchReaction(tasteID, "5", user, "👎", true, false)
	synctest.Wait()
	if err := ready(); err != nil {
		t.Errorf("it is not ready: %v", err)
	}
	if !h.heardFrom(user) {
		t.Error("people are not heard")
	}
}

func (h *recorder) heardFrom(user string) bool {
	return slices.ContainsFunc(h.tapped(), func(x bot.Tap) bool { return x.User == user })
}

// keepsRules tells whether sessions were asked for as slowly as Discord wants it.
func (f *piped) keepsRules(t *testing.T) {
	t.Helper()
	f.Mu.Lock()
	defer f.Mu.Unlock()
	for i, at := range f.Gateway.Began {
		if i > 0 && at.Sub(f.Gateway.Began[i-1]) < 5*time.Second {
			t.Errorf("two sessions were asked for within %v", at.Sub(f.Gateway.Began[i-1]))
		}
	}
}
