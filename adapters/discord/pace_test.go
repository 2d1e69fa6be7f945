package discord_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/discord"
	"github.com/tastetest/tastetest/bot"
)

// Discord takes five edits of a channel in five seconds. However many come at once, none is
// sent too early, and none is refused.
func TestEditsKeepToDiscordsPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		c := f.chat(t)
		ref := ballotOn(t, c)
		began := time.Now()
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				if err := c.Edit(t.Context(), ref, samples.Ballot); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n, took := len(f.Calls.Journal(editRoute)), time.Since(began).Round(time.Second); n != 12 || took != 10*time.Second {
			t.Errorf("12 edits of one channel take %d requests and %v, and five go in each five seconds", n, took)
		}
	})
}

// Whoever is told to stop waits for nothing: not until Discord takes more of a channel,
// which it says beforehand, and not where it refused a request for so long. What is
// missing is done by whoever comes next, once.
func TestToldToStopWhileDiscordTakesNoMore(t *testing.T) {
	t.Parallel()
	tooFast := fakechat.Fault{Status: 429, Header: map[string]string{"Content-Type": "application/json", "X-RateLimit-Reset-After": "30", "X-RateLimit-Remaining": "0"},
		Body: `{"message":"You are being rate limited.","retry_after":30.0,"global":false}`}
	full := map[string]func(t *testing.T, f *piped, c *discord.Chat, route string){
		"it said so": func(t *testing.T, f *piped, c *discord.Chat, route string) {
			for i := range 5 {
				switch route {
				case createRoute:
					if _, err := c.Post(t.Context(), taste, bot.PostKey{Tasting: tasting(13), Round: i + 1, What: "ballot"}, time.Time{}, samples.Head); err != nil {
						t.Fatal(err)
					}
				case editRoute:
					if err := c.Edit(t.Context(), bot.Ref{Place: taste, Message: f.Said.Messages(tasteID)[0].ID}, samples.Ballot); err != nil {
						t.Fatal(err)
					}
				}
			}
		},
		"it refused one": func(_ *testing.T, f *piped, _ *discord.Chat, route string) { f.Calls.Fail(route, 1, tooFast) },
	}
	for route, do := range map[string]func(ctx context.Context, c *discord.Chat, ref bot.Ref, since time.Time) error{
		createRoute: func(ctx context.Context, c *discord.Chat, _ bot.Ref, since time.Time) error {
			_, err := c.Post(ctx, taste, ballotKey, since, samples.Ballot)
			return err
		},
		emojiRoute: func(ctx context.Context, c *discord.Chat, _ bot.Ref, since time.Time) error {
			_, err := c.Post(ctx, taste, ballotKey, since, samples.Ballot)
			return err
		},
		editRoute: func(ctx context.Context, c *discord.Chat, ref bot.Ref, _ time.Time) error {
			return c.Edit(ctx, ref, samples.Ballot)
		},
		"GET /channels/{c}/messages/{m}": func(ctx context.Context, c *discord.Chat, ref bot.Ref, _ time.Time) error {
			_, err := c.Reactions(ctx, ref)
			return err
		},
	} {
		for how, fill := range full {
			if how == "it said so" && route != createRoute && route != editRoute {
				continue
			}
			t.Run(route+"/"+how, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newPiped(t, logger(t))
					c := f.chat(t)
					ref := ballotOn(t, c)
					time.Sleep(time.Minute)
					fill(t, f, c, route)
					began, sent := time.Now(), len(f.Calls.Journal(route))
					ctx, stop := context.WithCancel(t.Context())
					var told time.Time
					time.AfterFunc(time.Second, func() { told = time.Now(); stop() })
					err := do(bot.Whole(ctx), c, ref, time.Time{})
					if took := time.Since(told); !errors.Is(err, context.Canceled) || told.IsZero() || took > 100*time.Millisecond {
						t.Errorf("told to stop while it waits it ends %v later, with %v", took, err)
					}
					if n := len(f.Calls.Journal(route)) - sent; n > 1 {
						t.Errorf("meanwhile it sent %d requests", n)
					}
					if err := do(t.Context(), f.chat(t), ref, began); err != nil {
						t.Fatal(err)
					}
					marks := make(map[string]int)
					for _, m := range f.Said.Messages(tasteID) {
						if marks[mark(m)]++; marks[mark(m)] > 1 {
							t.Errorf("%s stands twice", mark(m))
						}
						if mark(m) == ballotKey.String() && len(m.Emoji) != 4 {
							t.Errorf("the ballot has %d emoji", len(m.Emoji))
						}
					}
				})
			})
		}
	}
}

// ballotOn posts a ballot for which there is no other.
func ballotOn(t *testing.T, c *discord.Chat) bot.Ref {
	t.Helper()
	ref, err := c.Post(t.Context(), taste, bot.PostKey{Tasting: tasting(11), Round: 1, What: "ballot"}, time.Time{}, samples.Ballot)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// A direct message is nowhere to be found, and is not said again: it is waited for, also
// by whoever is told to stop.
func TestToldToStopADirectMessageIsStillSaid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		c := f.chat(t)
		to := bot.Voter{Workspace: workspace, User: f.Join("Ada")}
		tell := func(ctx context.Context) error {
			return c.Tell(ctx, to, bot.Notice{Text: bot.Literal("Hello.")})
		}
		for range 5 {
			if err := tell(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		if err := tell(bot.Whole(ctx)); err != nil {
			t.Error(err)
		}
		if n := len(f.Calls.Journal(createRoute)); n != 6 {
			t.Errorf("six direct messages took %d requests", n)
		}
	})
}

// For what Discord wants longer than a minute nobody waits, and nobody asks again before
// it is over.
func TestToldToWaitForHours(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		c := f.chat(t)
		ref := ballotOn(t, c)
		f.Calls.Fail(editRoute, 1, fakechat.Fault{Status: 429, Header: map[string]string{"Content-Type": "application/json", "X-RateLimit-Reset-After": "7200", "X-RateLimit-Remaining": "0"},
			Body: `{"message":"You are being rate limited.","retry_after":7200.0,"global":false}`})
		began := time.Now()
		for range 3 {
			if err := c.Edit(t.Context(), ref, samples.Ballot); err == nil || time.Since(began) > time.Second {
				t.Errorf("told to wait for two hours it comes back after %v, with %v", time.Since(began), err)
			}
		}
		if n := len(f.Calls.Journal(editRoute)); n != 1 {
			t.Errorf("it asked %d times within the two hours", n)
		}
		time.Sleep(2 * time.Hour)
		if err := c.Edit(t.Context(), ref, samples.Ballot); err != nil {
			t.Errorf("after two hours: %v", err)
		}
	})
}
