package discord_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/discord"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

const hour = 60 // minutes of a thread

// nap is a thread that somebody opened, and that sleeps after so many minutes.
func (f *fake) nap(minutes int) bot.Place {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	c := discordfake.Channel{ID: "400", Guild: guildID, Parent: tasteID, Type: threadType, Name: "what to eat"}
	c.Owner, c.Minutes, c.Active = "1", minutes, time.Now()
	f.Channels[c.ID] = c
	return bot.Place{Workspace: workspace, Channel: tasteID + "/400"}
}

// moderates gives the bot Manage Threads.
func (f *fake) moderates() {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	f.Guilds[guildID].Roles["778"] = discordfake.ManageThreads
	f.Guilds[guildID].Member[botID] = []string{"778"}
}

// lockAll locks every thread.
func (f *fake) lockAll() {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	for id, c := range f.Channels {
		c.Locked = true
		f.Channels[id] = c
	}
}

// Whoever rouses a thread whenever Discord's adapter asks for it keeps it awake:
// all the time where the bot may change it, else but for some minutes each time
// that it has gone to sleep. Nothing is said in it.
func TestRouse(t *testing.T) {
	const days = 24 * time.Hour
	own := func(t *testing.T, f *piped, c *discord.Chat) bot.Place {
		ref, err := c.Post(t.Context(), taste, ballotKey, time.Time{}, samples.Ballot)
		if err != nil {
			t.Fatal(err)
		}
		at, err := c.Thread(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	theirs := func(_ *testing.T, f *piped, _ *discord.Chat) bot.Place { return f.nap(hour) }
	for _, tt := range []struct {
		name   string
		at     func(*testing.T, *piped, *discord.Chat) bot.Place
		before func(*fake)
		lasts  time.Duration
		calls  int           // to be made, at most
		asleep time.Duration // at a time, at most
	}{
		{"the bot's own, for three days", own, nil, 3 * days, 1, 0},
		{"the bot's own, for thirty days", own, nil, 30 * days, 20, 0},
		{"somebody's, where the bot may manage threads", theirs, (*fake).moderates, 3 * days, 2, 0},
		{"somebody's, where the bot may manage threads, for thirty days", theirs, (*fake).moderates, 30 * days, 21, 0},
		{"somebody's", theirs, nil, 3 * days, 3 * 72, 2 * time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newPiped(t, logger(t))
				if tt.before != nil {
					tt.before(f.fake)
				}
				c := f.chat(t)
				at := tt.at(t, f, c)
				id := at.Channel[len(tasteID)+1:]
				said, calls := len(f.Said.Messages(id)), len(f.Calls.Journal(""))
				until := time.Now().Add(tt.lasts)
				var slept, longest time.Duration
				for again := time.Now(); time.Now().Before(until); time.Sleep(time.Minute) {
					if f.Asleep(id) {
						slept += time.Minute
					} else {
						slept = 0
					}
					longest = max(longest, slept)
					if again.IsZero() || time.Now().Before(again) {
						continue
					}
					var err error
					if again, err = c.Rouse(t.Context(), at, until); err != nil {
						t.Fatal(err)
					}
				}
				if longest > tt.asleep {
					t.Errorf("it slept for %v, not at most %v", longest, tt.asleep)
				}
				if n := len(f.Calls.Journal("")) - calls; n > tt.calls {
					t.Errorf("that took %d calls, not at most %d", n, tt.calls)
				}
				if n := len(f.Said.Messages(id)) - said; n != 0 {
					t.Errorf("%d messages were said to keep it awake", n)
				}
			})
		})
	}
}

// A thread that is locked and asleep is a moderator's to wake.
func TestRouseLocked(t *testing.T) {
	for moderates, want := range map[bool]error{true: nil, false: bot.ErrLost} {
		synctest.Test(t, func(t *testing.T) {
			f := newPiped(t, logger(t))
			if moderates {
				f.moderates()
			}
			c, at := f.chat(t), f.nap(hour)
			f.lockAll()
			time.Sleep(2 * time.Hour)
			if _, err := c.Rouse(t.Context(), at, time.Now().Add(time.Hour)); !errors.Is(err, want) {
				t.Errorf("where the bot moderates is %t: %v, not %v", moderates, err, want)
			}
			if asleep := f.Asleep("400"); asleep == moderates {
				t.Errorf("where the bot moderates is %t: it sleeps is %t", moderates, asleep)
			}
		})
	}
}

// Which places go to sleep, and after how long without a message.
func TestSleeps(t *testing.T) {
	f := newFake(t, logger(t))
	c, thread := f.chat(t), f.nap(hour)
	f.Channels["350"] = discordfake.Channel{ID: "350", Guild: guildID, Type: voiceType}
	voice := taste
	voice.Channel = "350"
	for _, tt := range []struct {
		name  string
		at    bot.Place
		below bool
		want  time.Duration
	}{
		{"a channel", taste, false, 0},
		{"the thread of a message in a channel", taste, true, 7 * 24 * time.Hour},
		{"a thread", thread, false, time.Hour},
		{"what would stand below a message in a thread", thread, true, time.Hour},
		{"below a message in a voice channel", voice, true, 0},
	} {
		if got, err := c.Sleeps(t.Context(), tt.at, tt.below); got != tt.want || err != nil {
			t.Errorf("%s: %v, %v; not %v", tt.name, got, err, tt.want)
		}
	}
}
