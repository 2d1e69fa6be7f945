package discord_test

import (
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/discord"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/bolt"
)

// sharded is a Discord that wants so many shards, with a server on each.
func sharded(t testing.TB, logs *adaptertest.Logs, shards int) *piped {
	f := newPiped(t, slogTo(logs))
	f.wants(shards)
	for n := 1; n < shards; n++ {
		f.Found(guildOn(n), channelOn(n))
	}
	return f
}

// wants has the gateway ask for so many shards, and refuse fewer.
func (f *piped) wants(shards int) {
	f.changed(func() { f.Gateway.Shards, f.Gateway.Needs = shards, shards })
}

func guildOn(shard int) string {
	if shard == 0 {
		return guildID
	}
	return strconv.Itoa(shard<<22 + 200)
}

func channelOn(shard int) string {
	if shard == 0 {
		return tasteID
	}
	return strconv.Itoa(shard<<22 + 300)
}

// taps has somebody tap on a shard's server, and returns who.
func (f *piped) taps(shard int) string {
	user := f.Join("somebody")
	f.DispatchReaction(channelOn(shard), "5", user, "👎", true, false)
	synctest.Wait()
	return user
}

// hearsAll tells whether people on the servers of all shards are heard, once each.
func (f *piped) hearsAll(t *testing.T, h *recorder, c *discord.Chat, shards int) {
	t.Helper()
	synctest.Wait()
	if err := c.Ready(); err != nil {
		t.Errorf("it is not ready: %v", err)
	}
	for n := range shards {
		user := f.taps(n)
		heard := slices.DeleteFunc(h.tapped(), func(x bot.Tap) bool { return x.User != user })
		if len(heard) != 1 || heard[0].Ref.ID != guildOn(n) {
			t.Errorf("of somebody on a server of shard %d is heard: %v", n, heard)
		}
	}
}

// stands are the shards that are listened to, in order.
func (f *piped) stands() []string {
	var all []string
	for _, s := range f.Listening() {
		all = append(all, fmt.Sprintf("%d of %d", s[0], s[1]))
	}
	slices.Sort(all)
	return all
}

// Where the gateway asks for several shards, votes and commands of every server
// arrive, and so do direct messages; each is heard once, and each shard begins one
// session. Who has one shard names none.
func TestShards(t *testing.T) {
	for _, shards := range []int{1, 2, 5} {
		t.Run(fmt.Sprint(shards), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := sharded(t, &adaptertest.Logs{}, shards)
				h := &recorder{reply: bot.Reply{Post: bot.Notice{Text: bot.Literal("Yes.")}}}
				c := f.chat(t)
				adaptertest.Start(t, c, h)
				time.Sleep(time.Minute)
				f.hearsAll(t, h, c, shards)
				for n := range shards {
					f.Interact(t, channelOn(n), f.Join("somebody"), 2, f.SlashData("help", nil), nil)
					if h.heard[n].At.ID != guildOn(n) {
						t.Errorf("a command on a server of shard %d came from %v", n, h.heard[n].At)
					}
				}
				if len(h.heard) != shards || len(h.resyncs) != shards {
					t.Errorf("%d commands are heard and %d servers are read, not %d", len(h.heard), len(h.resyncs), shards)
				}
				user := f.Join("somebody")
				f.changed(func() { f.Channels["9"+user] = discordfake.Channel{ID: "9" + user, Type: 1, To: user} })
				f.Write("9"+user, user, "hello?", nil)
				time.Sleep(time.Second)
				if said := f.Said.Private(user); len(said) != 1 {
					t.Errorf("a direct message is answered %d times", len(said))
				}
				f.Mu.Lock()
				defer f.Mu.Unlock()
				var want [][]int
				for n := range shards {
					want = append(want, []int{n, shards})
				}
				if shards == 1 {
					want = [][]int{nil}
				}
				if !reflect.DeepEqual(f.Gateway.Parts, want) {
					t.Errorf("sessions were begun for the shards %v, not %v", f.Gateway.Parts, want)
				}
			})
		})
	}
}

// Shards begin in order, as many at once as Discord allows, one in five seconds of
// those that share a pace; so many that an hour's sessions would not do for them as
// well. All are counted in the store.
func TestShardsArePaced(t *testing.T) {
	for _, tt := range []struct {
		shards, atOnce int
		took           time.Duration
	}{{6, 1, 25 * time.Second}, {6, 2, 10 * time.Second}, {5, 3, 5 * time.Second}, {3, 16, 0}, {40, 1, 195 * time.Second}} {
		t.Run(fmt.Sprint(tt.shards, " shards, at once ", tt.atOnce), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := sharded(t, &adaptertest.Logs{}, tt.shards)
				f.Gateway.Left.At = tt.atOnce
				store, err := bolt.OpenUnsynced(t.Context(), f.log, filepath.Join(t.TempDir(), "db"))
				if err != nil {
					t.Fatal(err)
				}
				h := &recorder{}
				c := f.chat(t, func(o *discord.Options) { o.Starts = store })
				stop := adaptertest.Start(t, c, h)
				time.Sleep(tt.took * 6 / 5)
				time.Sleep(time.Second)
				f.hearsAll(t, h, c, tt.shards)
				n, err := store.Reserved(t.Context(), "discord/identify/"+time.Now().UTC().Format("2006-01-02T15"))
				if err != nil || n != int64(tt.shards) {
					t.Errorf("%d sessions are counted: %v", n, err)
				}
				stop()
				store.Close()
				if got, want := len(f.Calls.Journal("GET /gateway/bot")), (tt.shards+tt.atOnce-1)/tt.atOnce; got != want {
					t.Errorf("Discord was asked %d times how many it grants, not once for each of %d rounds", got, want)
				}
				f.Mu.Lock()
				defer f.Mu.Unlock()
				if len(f.Gateway.Began) != tt.shards {
					t.Fatalf("%d sessions were begun", len(f.Gateway.Began))
				}
				for i, part := range f.Gateway.Parts {
					if round := i / tt.atOnce; part[0]/tt.atOnce != round {
						t.Errorf("in its round %d began shard %d", round, part[0])
					}
				}
				if first, last := f.Gateway.Began[0], f.Gateway.Began[tt.shards-1]; last.Sub(first) < tt.took {
					t.Errorf("all began within %v", last.Sub(first))
				}
			})
		})
	}
}

// What happens to one shard's connection is nothing to the others. It is said
// which one is away, and what people did there in between is heard.
func TestOneShardIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := sharded(t, &adaptertest.Logs{}, 3)
		h := &recorder{}
		c := f.chat(t)
		adaptertest.Start(t, c, h)
		time.Sleep(time.Minute)
		f.hearsAll(t, h, c, 3)
		read := h.rereads()
		f.Plan(discordfake.OnResume, -1, discordfake.Trouble{Code: 4000})
		f.Upset(discordfake.Trouble{Code: 4000}, 1)
		time.Sleep(3 * time.Second)
		if err := c.Ready(); err == nil || !strings.Contains(err.Error(), "of the 3 shards of Discord's gateway these are not connected: 1 ") {
			t.Errorf("while shard 1 is away it says: %v", err)
		}
		missed := f.taps(1)
		for _, n := range []int{0, 2} {
			if !h.heardFrom(f.taps(n)) {
				t.Errorf("while shard 1 is away nobody is heard on a server of shard %d", n)
			}
		}
		if h.heardFrom(missed) {
			t.Error("who is not connected hears")
		}
		f.Plan(discordfake.OnResume, 0, discordfake.Trouble{})
		time.Sleep(30 * time.Second)
		f.hearsAll(t, h, c, 3)
		if !h.heardFrom(missed) {
			t.Error("what was said while shard 1 was away is not heard")
		}
		h.read(func() {
			if again := h.resyncs[read:]; len(again) != 1 || again[0].ID != guildOn(1) {
				t.Errorf("read again was %v", again)
			}
		})
		if f.Asked() != 3 {
			t.Errorf("%d sessions were asked for", f.Asked())
		}
	})
}

// Whoever takes over goes on with every shard's session, whether the one before
// was drained or killed, and also where Discord does not say how many it wants.
func TestTakesOverAllShards(t *testing.T) {
	for name, tt := range map[string]struct{ killed, silent bool }{"drained": {}, "killed": {killed: true}, "drained, and Discord does not say how many": {silent: true}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := sharded(t, &adaptertest.Logs{}, 2)
				on := newShelf()
				with := func(o *discord.Options) { o.Sessions = on }
				stop := adaptertest.Start(t, f.chat(t, with), &recorder{})
				time.Sleep(time.Minute)
				on.changed(func() { on.dead = tt.killed })
				stop()
				on.changed(func() { on.dead = false })
				missed := []string{f.taps(0), f.taps(1)}
				if tt.silent {
					f.Calls.Fail("GET /gateway/bot", 100, fakechat.Fault{Status: 503})
				}
				h := &recorder{}
				c := f.chat(t, with)
				adaptertest.Start(t, c, h)
				time.Sleep(3 * time.Second)
				f.hearsAll(t, h, c, 2)
				for n, user := range missed {
					if !h.heardFrom(user) {
						t.Errorf("who tapped on a server of shard %d in between is not heard", n)
					}
				}
				if f.Asked() != 2 || f.Counted().Resumes != 2 {
					t.Errorf("%d sessions were begun, %d resumed", f.Asked(), f.Counted().Resumes)
				}
			})
		})
	}
}

func (s *shelf) changed(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// Where the gateway wants another number of shards, in the middle of things or at
// the next start, all sessions are begun anew, none of the old ones stays, and
// whoever takes over goes on with the new ones.
func TestOtherNumberOfShards(t *testing.T) {
	for name, tt := range map[string]struct {
		before, after int
		running       bool
	}{
		"one becomes three":                 {1, 3, true},
		"two become three":                  {2, 3, true},
		"one becomes two at the next start": {1, 2, false},
		"three become two":                  {3, 2, false},
		"two become one":                    {2, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := sharded(t, &adaptertest.Logs{}, tt.before)
				on := newShelf()
				h := &recorder{}
				with := func(o *discord.Options) { o.Sessions = on }
				c := f.chat(t, with)
				stop := adaptertest.Start(t, c, h)
				time.Sleep(time.Minute)
				f.hearsAll(t, h, c, tt.before)
				for n := tt.before; n < tt.after; n++ {
					f.Found(guildOn(n), channelOn(n))
				}
				f.wants(tt.after)
				if tt.running {
					f.Upset(discordfake.Trouble{Op: 9}, 0)
					time.Sleep(30 * time.Second)
				} else {
					stop()
					c = f.chat(t, with)
					stop = adaptertest.Start(t, c, h)
					time.Sleep(time.Minute)
				}
				f.hearsAll(t, h, c, tt.after)
				if f.Counted().Resumes > 0 {
					t.Error("a session of other shards was resumed")
				}
				want := []string{}
				for n := range tt.after {
					want = append(want, fmt.Sprintf("%d of %d", n, tt.after))
				}
				if got := f.stands(); !slices.Equal(got, want) {
					t.Errorf("connected are the shards %q, not %q", got, want)
				}
				if n := f.Counted().Sessions - 1; tt.running && n != tt.after { // one is not valid any more
					t.Errorf("%d sessions stand, not %d", n, tt.after)
				}
				asked := f.Asked()
				stop()
				second := &recorder{}
				c = f.chat(t, with)
				adaptertest.Start(t, c, second)
				time.Sleep(3 * time.Second)
				f.hearsAll(t, second, c, tt.after)
				if f.Asked() != asked || f.Counted().Resumes != tt.after {
					t.Errorf("whoever takes over began %d sessions and resumed %d", f.Asked()-asked, f.Counted().Resumes)
				}
			})
		})
	}
}

// A shard that is refused for good does not take the others along.
func TestOneShardIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logs := &adaptertest.Logs{}
		f := sharded(t, logs, 2)
		h := &recorder{}
		c := f.chat(t)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- c.Run(ctx, h) }()
		time.Sleep(time.Minute)
		f.Plan(discordfake.OnResume, -1, discordfake.Trouble{Code: 4010})
		f.Upset(discordfake.Trouble{Code: 4000}, 1)
		time.Sleep(time.Hour)
		if !h.heardFrom(f.taps(0)) {
			t.Error("nobody is heard on the other shard")
		}
		if text := logs.String(); strings.Count(text, "level=ERROR") != 1 || !strings.Contains(text, `shard="1 of 2"`) {
			t.Errorf("it does not say once which is refused:\n%s", text)
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run ends with %v", err)
		}
	})
}

// However long every session of many shards is called invalid, the last sessions of
// those that Discord grants a day are left alone: the last one costs the token.
func TestInvalidSessionsOfShards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const shards = 32
		f := sharded(t, &adaptertest.Logs{}, shards)
		f.Gateway.Beat = 4 * time.Minute // as few as there can be: after five of silence a connection is given up
		f.Gateway.Left.Total, f.Gateway.Left.Remaining = 120, 119
		f.Plan(discordfake.OnIdentify, -1, discordfake.Trouble{Op: 9})
		h := &recorder{}
		c := f.chat(t)
		adaptertest.Start(t, c, h)
		time.Sleep(11 * time.Hour)
		f.keepsRules(t)
		f.changed(func() {
			if n := f.Gateway.Left.Remaining; n != 20 && n != 19 { // Discord may be asked while one is on its way
				t.Errorf("of a day's sessions %d are left alone, not 20", n)
			}
		})
		f.Plan(discordfake.OnIdentify, 0, discordfake.Trouble{})
		time.Sleep(2 * time.Hour)
		f.hearsAll(t, h, c, shards)
	})
}
