package discord_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/discord"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

func (h *recorder) rereads() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.resyncs)
}

// What Discord refuses for good at the start ends Run with what to do. In the
// middle of things it is said once, and the other chats go on; nothing loops.
func TestRefusedForGood(t *testing.T) {
	for _, tt := range []struct {
		name    string
		refuse  int
		token   string
		running bool // it was connected before
		want    string
	}{
		{"the token, by the gateway", 4004, token, false, "Reset Token"},
		{"the token, while it runs", 4004, token, true, "Reset Token"},
		{"another token", 0, "wrong", false, "Reset Token"},
		{"the intents", 4014, token, false, "the intents are refused (4014)"},
		{"a shard", 4010, token, false, "refuses this connection for good (4010"},
		{"no sharding", 4011, token, false, "refuses this connection for good (4011"},
		{"the version", 4012, token, false, "refuses this connection for good (4012"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				logged := &adaptertest.Logs{}
				f := newPiped(t, slogTo(logged))
				c := f.chat(t, func(o *discord.Options) { o.Token = tt.token })
				refuse := func() {
					f.Plan(discordfake.OnIdentify, -1, discordfake.Trouble{Code: tt.refuse})
					f.Plan(discordfake.OnResume, -1, discordfake.Trouble{Code: tt.refuse})
				}
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				if !tt.running && tt.refuse != 0 {
					refuse()
				}
				ended := make(chan error, 1)
				go func() { ended <- c.Run(ctx, &recorder{}) }()
				if tt.running {
					time.Sleep(time.Minute)
					if err := c.Ready(); err != nil {
						t.Fatal(err)
					}
					refuse()
					f.Lines.Cut()
					time.Sleep(time.Hour)
					if !strings.Contains(logged.String(), tt.want) {
						t.Errorf("it does not say %q:\n%s", tt.want, logged)
					}
					stop()
				}
				time.Sleep(15 * time.Second)
				synctest.Wait()
				select {
				case err := <-ended:
					if tt.running {
						if err != nil || strings.Count(logged.String(), "level=ERROR") != 1 {
							t.Errorf("Run ends with %v; it logged:\n%s", err, logged)
						}
					} else if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), tt.token) {
						t.Errorf("Run ends with %v", err)
					}
				default:
					t.Error("Run goes on")
				}
				if c.Ready() == nil {
					t.Error("it is ready")
				}
				if text := logged.String(); !tt.running && strings.Contains(text, "level=ERROR") || strings.Contains(text, "level=WARN") || strings.Contains(text, tt.token) {
					t.Errorf("besides, it logged:\n%s", text)
				}
				want := 1
				if tt.running {
					want = 2
				}
				if f.Counted().Opened > want {
					t.Errorf("it connected %d times", f.Counted().Opened)
				}
			})
		})
	}
}

// A person's taps are passed on in the order in which they were told, also if
// many people tap at once.
func TestTapsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	h := &recorder{}
	adaptertest.Start(t, f.chat(t), h)
	f.Connected(t)
	users := []string{"11", "12", "13", "14", "15"}
	const turns, wave = 200, 20 // fewer in a wave than may wait, or the ballots would be read instead
	for i := range turns {
		for _, u := range users {
			f.DispatchReaction(tasteID, "5", u, "🤝", i%2 == 0, false)
		}
		if (i+1)%wave == 0 {
			adaptertest.Eventually(t, "all are heard", func() bool { return len(h.tapped()) == (i+1)*len(users) })
		}
	}
	next := make(map[string]bool)
	for _, x := range h.tapped() {
		if x.On == next[x.User] {
			t.Fatalf("%s’s taps came out of order", x.User)
		}
		next[x.User] = x.On
	}
}

// Emoji of bots, its own among them, and emoji that mean nothing here are not
// passed on.
func TestTapsOfNobody(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	h := &recorder{}
	adaptertest.Start(t, f.chat(t), h)
	f.Connected(t)
	robot := f.Join("robot")
	f.Mu.Lock()
	f.Users[robot] = discordfake.Person{ID: robot, Bot: true}
	f.Mu.Unlock()
	f.DispatchReaction(tasteID, "5", robot, "🤝", true, false)
	f.DispatchReaction(tasteID, "5", botID, "🤝", true, false)
	f.DispatchReaction(tasteID, "5", botID, "🤝", false, false)
	f.DispatchReaction(tasteID, "5", "11", "🍰", true, false)
	f.DispatchReaction(tasteID, "5", "11", "🤝", true, false)
	adaptertest.Eventually(t, "a tap is heard", func() bool { return len(h.tapped()) > 0 })
	if taps := h.tapped(); len(taps) != 1 || taps[0].User != "11" || taps[0].Choice != bot.Equal {
		t.Errorf("heard %+v", taps)
	}
}

// A tap that could not be kept, also because something panicked, has the
// ballots read again; others are not held up.
func TestTapsThatFail(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		h := &recorder{react: func(x bot.Tap) error {
			switch x.User {
			case "11":
				panic("a bug")
			case "12":
				return errors.New("the disk is full")
			}
			return nil
		}}
		c := f.chat(t)
		adaptertest.Start(t, c, h)
		adaptertest.Eventually(t, "the ballots are read after READY", func() bool { return h.rereads() == 1 })
		for i, u := range []string{"11", "12"} {
			f.DispatchReaction(tasteID, "5", u, "🤝", true, false)
			adaptertest.Eventually(t, "the ballots are read because of "+u, func() bool { return h.rereads() == i+2 })
		}
		f.DispatchReaction(tasteID, "5", "13", "🤝", true, false)
		adaptertest.Eventually(t, "others are heard", func() bool { return len(h.tapped()) == 1 })
	})
}

// A reading that fails is tried again; one of a lost place is not.
func TestRereadingIsTriedAgain(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	tries := 0
	h := &recorder{resync: func(bot.Workspace) error {
		if tries++; tries == 1 {
			return errors.New("Discord is away")
		}
		return bot.ErrLost
	}}
	c := f.chat(t)
	c.Hurry()
	adaptertest.Start(t, c, h)
	adaptertest.Eventually(t, "it is tried again", func() bool { return h.rereads() == 2 })
}

// Discord says once that the bot was removed from a server. What cannot be
// deleted then is deleted later, unless the bot is back.
func TestLeavingIsTriedAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		failures int
		back     bool
		want     int
	}{"the disk is full for a while": {5, false, 6}, "it is back meanwhile": {1 << 20, true, 2}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newPiped(t, slogTo(&adaptertest.Logs{}))
				h := &recorder{}
				h.leave = func() error {
					if len(h.left) <= tt.failures {
						return errors.New("the disk is full")
					}
					return nil
				}
				adaptertest.Start(t, f.chat(t), h)
				f.Connected(t)
				f.Dispatch("GUILD_CREATE", map[string]any{"id": "201", "channels": []any{}})
				synctest.Wait()
				f.Dispatch("GUILD_DELETE", map[string]any{"id": "201"})
				time.Sleep(1600 * time.Millisecond) // the second attempt, and before the third
				if tt.back {
					f.Dispatch("GUILD_CREATE", map[string]any{"id": "201", "channels": []any{}})
				}
				time.Sleep(time.Hour)
				synctest.Wait()
				h.read(func() {
					if len(h.left) != tt.want {
						t.Errorf("leaving was tried %d times, not %d", len(h.left), tt.want)
					}
				})
			})
		})
	}
}

// What happens to servers, channels and emoji at large reaches the core.
func TestLifeAround(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		h := &recorder{}
		adaptertest.Start(t, f.chat(t), h)
		adaptertest.Eventually(t, "the ballots are read after READY", func() bool { return h.rereads() == 1 })
		other := bot.Workspace{Platform: "discord", ID: "201"}

		f.Dispatch("GUILD_CREATE", map[string]any{"id": "201", "system_channel_id": "301", "channels": []any{}})
		f.Dispatch("GUILD_CREATE", map[string]any{"id": "201", "system_channel_id": "301", "channels": []any{}})
		adaptertest.Eventually(t, "hello is said", func() bool { h.mu.Lock(); defer h.mu.Unlock(); return len(h.joined) > 0 })

		f.Dispatch("MESSAGE_REACTION_REMOVE_ALL", map[string]any{"guild_id": guildID, "channel_id": tasteID, "message_id": "5"})
		adaptertest.Eventually(t, "all emoji taken away: read", func() bool { return h.rereads() == 2 })
		f.Dispatch("MESSAGE_REACTION_REMOVE_EMOJI", map[string]any{"guild_id": "201", "channel_id": "301", "message_id": "5", "emoji": map[string]any{"name": "👎"}})
		adaptertest.Eventually(t, "one emoji taken away: read", func() bool { return h.rereads() == 3 })

		f.Dispatch("CHANNEL_DELETE", map[string]any{"id": tasteID, "guild_id": guildID})
		adaptertest.Eventually(t, "a deleted channel is gone", func() bool { h.mu.Lock(); defer h.mu.Unlock(); return len(h.gone) == 1 })
		f.Dispatch("GUILD_DELETE", map[string]any{"id": "201", "unavailable": true}) // an outage
		f.Dispatch("GUILD_CREATE", map[string]any{"id": "201", "system_channel_id": "301", "channels": []any{}})
		adaptertest.Eventually(t, "a server is back: read", func() bool { return h.rereads() == 4 })
		f.Dispatch("GUILD_DELETE", map[string]any{"id": "201"})
		adaptertest.Eventually(t, "a server that the bot was removed from is left", func() bool { h.mu.Lock(); defer h.mu.Unlock(); return len(h.left) > 0 })
		h.read(func() {
			if want := []bot.Place{{Workspace: other, Channel: "301"}}; !slices.Equal(h.joined, want) {
				t.Errorf("joined %v, not %v", h.joined, want)
			}
			if want := []bot.Place{taste}; !slices.Equal(h.gone, want) {
				t.Errorf("gone: %v, not %v", h.gone, want)
			}
			if want := []bot.Workspace{other}; !slices.Equal(h.left, want) {
				t.Errorf("left: %v, not %v", h.left, want)
			}
			if h.resyncs[1] != workspace || h.resyncs[2] != other {
				t.Errorf("read again: %v", h.resyncs)
			}
		})
	})
}

// Which channels and threads there are is heard, not looked up for each tap.
func TestChannelsAreKnown(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	h := &recorder{}
	adaptertest.Start(t, f.chat(t), h)
	f.Connected(t)
	f.Dispatch("THREAD_CREATE", map[string]any{"id": "400", "parent_id": tasteID, "guild_id": guildID, "type": 11})
	f.DispatchReaction(tasteID, "5", "11", "🤝", true, false)
	f.Dispatch("MESSAGE_REACTION_ADD", map[string]any{"guild_id": guildID, "channel_id": "400", "message_id": "6", "user_id": "12", "emoji": map[string]any{"name": "🤝"}})
	adaptertest.Eventually(t, "both are heard", func() bool { return len(h.tapped()) == 2 })
	var places []string
	for _, x := range h.tapped() {
		places = append(places, x.Ref.Channel)
	}
	slices.Sort(places)
	if want := []string{tasteID, tasteID + "/400"}; !slices.Equal(places, want) {
		t.Errorf("taps came from %q, not %q", places, want)
	}
	if n := len(f.Calls.Journal("GET /channels/{c}")); n > 0 {
		t.Errorf("channels were looked up %d times", n)
	}
}

// Two servers with the same numbers in them stay apart.
func TestServersStayApart(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	f.Guilds["201"] = &discordfake.Guild{Owner: "1", Roles: map[string]int64{"201": 0}, Member: map[string][]string{}}
	f.Channels["301"] = discordfake.Channel{ID: "301", Guild: "201", Name: "elsewhere"}
	h := &recorder{reply: bot.Reply{Post: bot.Notice{Text: bot.Literal("Yes.")}}}
	adaptertest.Start(t, f.chat(t), h)
	ann := f.Join("Ann")
	f.Slash(t, tasteID, ann, "status")
	f.Slash(t, "301", ann, "status")
	f.DispatchReaction("301", "5", ann, "👎", true, false)
	adaptertest.Eventually(t, "a tap is heard", func() bool { return len(h.tapped()) == 1 })
	elsewhere := bot.Place{Workspace: bot.Workspace{Platform: "discord", ID: "201"}, Channel: "301"}
	h.read(func() {
		if h.heard[0].At != taste || h.heard[1].At != elsewhere {
			t.Errorf("the commands came from %v and %v", h.heard[0].At, h.heard[1].At)
		}
		if h.taps[0].Ref.Place != elsewhere {
			t.Errorf("the tap came from %v", h.taps[0].Ref.Place)
		}
	})
}
