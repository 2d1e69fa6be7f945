package slack_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/bot"
)

func key(round int, what string) bot.PostKey {
	return bot.PostKey{Tasting: twelve, Round: round, What: what}
}

// Refused as one too many: the post waits, and stands once. Anything else is
// told to the core, which comes again with the time of the first attempt.
func TestPostFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		method string
		fault  fakechat.Fault
		tries  int // of the core
	}{
		{"429 with Retry-After", "chat.postMessage", fakechat.Fault{Status: 429, Header: map[string]string{"Retry-After": "1"}}, 1},
		{"429 without", "chat.postMessage", fakechat.Fault{Status: 429}, 1},
		{"ratelimited in a body", "chat.postMessage", fakechat.Fault{Status: 200, Body: `{"ok":false,"error":"ratelimited"}`}, 1},
		{"429 at an emoji", "reactions.add", fakechat.Fault{Status: 429, Header: map[string]string{"Retry-After": "1"}}, 1},
		{"a lost response", "chat.postMessage", fakechat.Fault{Lose: true}, 2},
		{"a server's error", "chat.postMessage", fakechat.Fault{Status: 502}, 2},
		{"a lost response to an emoji", "reactions.add", fakechat.Fault{Lose: true}, 1},
		{"a server's error at an emoji", "reactions.add", fakechat.Fault{Status: 503}, 1},
		{"history fails at first", "conversations.history", fakechat.Fault{Status: 500}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := worldInBubble(t, logger(t))
				run(t, w, newPlayer())
				w.Fail(tt.method, 1, tt.fault)
				began, since := time.Now(), time.Time{}
				var ref bot.Ref
				tries := 0
				for {
					var err error
					tries++
					if ref, err = w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), since, samples.Ballot); err == nil {
						break
					}
					if tries == 5 {
						t.Fatalf("after %d tries: %v", tries, err)
					}
					since = began
				}
				if tries != tt.tries {
					t.Errorf("it took %d tries of the core, not %d", tries, tt.tries)
				}
				w.oneBallot(t, ref)
			})
		})
	}
}

// Who slept while it waited for its turn to post does not post after that: another has
// done so perhaps, and would not look again. Once it may act it looks, and posts.
func TestSleptBeforeAPost(t *testing.T) {
	w := newWorld(t, logger(t), false)
	run(t, w, newPlayer())
	began := time.Now()
	w.slept.Store(true)
	if _, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot); !errors.Is(err, errSlept) {
		t.Errorf("a post of a bot that slept ends with %v; want %v", err, errSlept)
	}
	if all := w.Memory.Messages("CT1"); len(all) != 0 {
		t.Errorf("%d messages stand there all the same", len(all))
	}
	w.slept.Store(false)
	ref, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), began, samples.Ballot)
	if err != nil {
		t.Fatal(err)
	}
	w.oneBallot(t, ref)
}

// Who is told to stop waits for nothing: not until Slack takes more calls, and not between
// two emoji. What is missing is put there by whoever comes next.
func TestToldToStopWhileItWaits(t *testing.T) {
	t.Parallel()
	for method, do := range map[string]func(ctx context.Context, w *world, ref bot.Ref) error{
		"chat.postMessage": func(ctx context.Context, w *world, _ bot.Ref) error {
			_, err := w.chat.Post(ctx, w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot)
			return err
		},
		"reactions.add": func(ctx context.Context, w *world, _ bot.Ref) error {
			_, err := w.chat.Post(ctx, w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot)
			return err
		},
		"chat.update": func(ctx context.Context, w *world, ref bot.Ref) error { return w.chat.Edit(ctx, ref, samples.Ballot) },
		"reactions.get": func(ctx context.Context, w *world, ref bot.Ref) error {
			_, err := w.chat.Reactions(ctx, ref)
			return err
		},
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := worldInBubble(t, logger(t))
				run(t, w, newPlayer())
				began := time.Now()
				var ref bot.Ref
				if method == "chat.update" || method == "reactions.get" {
					var err error
					if ref, err = w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot); err != nil {
						t.Fatal(err)
					}
				}
				w.Fail(method, 1, fakechat.Fault{Status: 429, Header: map[string]string{"Retry-After": "30"}})
				ctx, stop := context.WithCancel(t.Context())
				var told time.Time
				time.AfterFunc(5*time.Second, func() { told = time.Now(); stop() })
				err := do(bot.Whole(ctx), w, ref)
				if took := time.Since(told); err == nil || told.IsZero() || took > time.Second {
					t.Errorf("Slack asks to wait for half a minute; told to stop meanwhile it ends %v later, with %v", took, err)
				}
				if ref, err = w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), began, samples.Ballot); err != nil {
					t.Fatal(err)
				}
				w.oneBallot(t, ref)
			})
		})
	}
}

// A bot that is stopped every two seconds, and puts an emoji a second, puts all four.
func TestStoppedAgainAndAgainWhileItSeeds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := worldInBubble(t, logger(t))
		w.seedEvery = time.Second
		w.chat = w.start(t)
		run(t, w, newPlayer())
		began := time.Now()
		for lives := 1; ; lives++ {
			ctx, stop := context.WithTimeout(t.Context(), 1500*time.Millisecond)
			ref, err := w.chat.Post(bot.Whole(ctx), w.Place(), key(1, "ballot"), began, samples.Ballot)
			stop()
			if err == nil {
				w.oneBallot(t, ref)
				return
			}
			if lives == 5 {
				t.Fatalf("five times it had the time for two emoji, and the last one is missing still: %v", err)
			}
		}
	})
}

// oneBallot checks that one ballot stands in the channel, with its four emoji
// in their order.
func (w *world) oneBallot(t *testing.T, ref bot.Ref) {
	t.Helper()
	if all := w.Memory.Messages("CT1"); len(all) != 1 || all[0].ID != ref.Message {
		t.Fatalf("%d messages stand there, not one", len(all))
	}
	m, _ := w.Message("CT1", ref.Message)
	var names []string
	for _, e := range m.Emoji {
		names = append(names, e.Name)
	}
	if !slices.Equal(names, []string{"a", "b", "handshake", "-1"}) {
		t.Errorf("below it stand %q", names)
	}
}

// A long ballot is complete when each of its parts stands, whichever of them
// the first attempt left, and on however many pages of history they are.
func TestPostCompletesWhatIsMissing(t *testing.T) {
	for lost := 1; lost <= 3; lost++ {
		w := newWorld(t, logger(t), false)
		run(t, w, newPlayer())
		began := time.Now()
		for range 5 { // others talk too
			if _, err := w.chat.Post(t.Context(), w.Place(), bot.PostKey{What: "joined"}, time.Time{}, bot.Notice{Text: bot.Literal("Hello.")}); err != nil {
				t.Fatal(err)
			}
		}
		w.Fail("chat.postMessage", lost-1, fakechat.Fault{})
		w.Fail("chat.postMessage", 1, fakechat.Fault{Lose: true})
		if _, err := w.chat.Post(t.Context(), w.Place(), key(3, "ballot"), time.Time{}, lengthy); err == nil {
			t.Fatalf("lost response %d: no error", lost)
		}
		var refs []bot.Ref
		for range 2 {
			ref, err := w.chat.Post(t.Context(), w.Place(), key(3, "ballot"), began, lengthy)
			if err != nil {
				t.Fatal(err)
			}
			refs = append(refs, ref)
		}
		if n, parts := len(w.Memory.Messages("CT1"))-5, len(w.payloads("CT1/"+refs[0].Message)); n != 1 || parts != 2 || refs[0] != refs[1] {
			t.Errorf("lost response %d: %d ballots and %d parts stand, not 1 and 2", lost, n, parts)
		}
	}
}

// What others wrote is not taken for ours, whatever its metadata says; nor is
// the message on which a thread hangs for one in it.
func TestOthersMessages(t *testing.T) {
	w := newWorld(t, logger(t), false)
	run(t, w, newPlayer())
	began := time.Now()
	head, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot)
	if err != nil {
		t.Fatal(err)
	}
	m, _ := w.Message("CT1", head.Message)
	w.Put(fakechat.Message{Channel: "CT1", ID: "1.000001", Author: "UOTHER", Payload: []byte(strings.ReplaceAll(string(m.Payload), "12.1/ballot", "12.2/ballot"))})
	ref, err := w.chat.Post(t.Context(), w.Place(), key(2, "ballot"), time.Unix(1, 0), samples.Ballot)
	if m, _ := w.Message("CT1", ref.Message); err != nil || m.Author != w.team.Bot {
		t.Errorf("another app's message was taken for ours: %+v, %v", ref, err)
	}
	at, _ := w.chat.Thread(t.Context(), head)
	if ref, err := w.chat.Post(t.Context(), at, key(1, "ballot"), began, samples.Ballot); err != nil || ref == head {
		t.Errorf("the message above a thread was taken for one in it: %+v, %v", ref, err)
	}
}

// In a thread the parts follow in the same thread.
func TestLongBallotInThread(t *testing.T) {
	w := newWorld(t, logger(t), false)
	run(t, w, newPlayer())
	head, err := w.chat.Post(t.Context(), w.Place(), key(0, "head"), time.Time{}, bot.Head{Tasting: twelve, Question: bot.Literal("Which?")})
	if err != nil {
		t.Fatal(err)
	}
	at, _ := w.chat.Thread(t.Context(), head)
	for range 2 {
		if _, err := w.chat.Post(t.Context(), at, key(3, "ballot"), time.Now(), lengthy); err != nil {
			t.Fatal(err)
		}
	}
	if in, out := w.Messages(t, at), w.Messages(t, w.Place()); in != 3 || out != 1 {
		t.Errorf("%d messages stand in the thread and %d in the channel, not 3 and 1", in, out)
	}
}

// The announcement stands in the thread and is sent to the channel too.
func TestAnnouncementIsBroadcast(t *testing.T) {
	w := newWorld(t, logger(t), false)
	run(t, w, newPlayer())
	head, err := w.chat.Post(t.Context(), w.Place(), key(0, "head"), time.Time{}, samples.Head)
	if err != nil {
		t.Fatal(err)
	}
	a := samples.Announcement
	a.Under = head
	began := time.Now()
	first, err := w.chat.Post(t.Context(), w.Place(), key(0, "announcement"), time.Time{}, a)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := w.chat.Post(t.Context(), w.Place(), key(0, "announcement"), began, a); err != nil || again != first {
		t.Errorf("posted again it is %+v, %v; not %+v", again, err, first)
	}
	said := w.Journal("chat.postMessage")
	if last := string(said[len(said)-1].Body); !strings.Contains(last, "reply_broadcast=true") || !strings.Contains(last, "thread_ts="+head.Message) {
		t.Errorf("the announcement was sent as %.300s", last)
	}
}

// The message on which a thread hung was deleted: what belongs in the thread
// is said in the channel, once.
func TestThreadIsGone(t *testing.T) {
	w := newWorld(t, logger(t), false)
	run(t, w, newPlayer())
	head, err := w.chat.Post(t.Context(), w.Place(), key(0, "head"), time.Time{}, samples.Head)
	if err != nil {
		t.Fatal(err)
	}
	at, _ := w.chat.Thread(t.Context(), head)
	w.Delete(t, head)
	began := time.Now()
	w.Fail("chat.postMessage", 1, fakechat.Fault{})
	w.Fail("chat.postMessage", 1, fakechat.Fault{Lose: true})
	if _, err := w.chat.Post(t.Context(), at, key(1, "reveal"), time.Time{}, samples.Reveal); err == nil {
		t.Fatal("the lost response is no error")
	}
	for range 2 {
		if _, err := w.chat.Post(t.Context(), at, key(1, "reveal"), began, samples.Reveal); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(w.Memory.Messages("CT1")); n != 1 {
		t.Errorf("%d messages stand in the channel, not 1", n)
	}
}

func TestErrors(t *testing.T) {
	w := newWorld(t, logger(t), false)
	run(t, w, newPlayer())
	ref, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		code string
		want error
	}{
		{"message_not_found", bot.ErrGone}, {"is_archived", bot.ErrLost}, {"not_in_channel", bot.ErrLost},
		{"channel_not_found", bot.ErrLost}, {"token_revoked", bot.ErrLost}, {"account_inactive", bot.ErrLost},
		{"restricted_action_read_only_channel", bot.ErrLost}, // an admin made it so
		{"invalid_auth", bot.ErrLost}, {"invalid_blocks", bot.ErrRefused}, {"msg_too_long", bot.ErrRefused},
		{"msg_blocks_too_long", bot.ErrRefused}, {"invalid_arguments", bot.ErrRefused}, {"some_new_refusal", bot.ErrRefused},
	} {
		body := `{"ok":false,"error":"` + tt.code + `"}`
		w.Fail("chat.update", 1, fakechat.Fault{Status: 200, Body: body})
		w.Fail("reactions.get", 1, fakechat.Fault{Status: 200, Body: body})
		if err := w.chat.Edit(t.Context(), ref, samples.Ballot); !errors.Is(err, tt.want) {
			t.Errorf("edit, %s: %v", tt.code, err)
		}
		if _, err := w.chat.Reactions(t.Context(), ref); !errors.Is(err, tt.want) {
			t.Errorf("reactions, %s: %v", tt.code, err)
		}
		if tt.want != bot.ErrGone {
			w.Fail("chat.postMessage", 1, fakechat.Fault{Status: 200, Body: body})
			if _, err := w.chat.Post(t.Context(), w.Place(), key(2, "ballot"), time.Time{}, samples.Ballot); !errors.Is(err, tt.want) {
				t.Errorf("post, %s: %v", tt.code, err)
			}
		}
	}
	w.Fail("chat.update", 1, fault(`{"ok":false,"error":"internal_error"}`))
	if err := w.chat.Edit(t.Context(), ref, samples.Ballot); err == nil || errors.Is(err, bot.ErrRefused) || errors.Is(err, bot.ErrLost) {
		t.Errorf("an outage: %v, want an error that passes", err)
	}
	w.Change(func() { w.team.Lacks = "reactions:read" })
	_, err = w.chat.Reactions(t.Context(), ref)
	if e, ok := errors.AsType[bot.UserError](err); !ok || !strings.Contains(e.Error(), "reactions:read") {
		t.Errorf("without a scope: %v, want a sentence that names it", err)
	}
	w.Change(func() { w.team.Lacks = "channels:history" })
	if _, err := w.chat.Post(t.Context(), w.Place(), key(4, "ballot"), time.Now(), samples.Ballot); err != nil {
		t.Errorf("without the scope for history: %v", err)
	}
}

// What is told of an error has neither tokens nor addresses in it.
func TestErrorsKeepSecrets(t *testing.T) {
	w := newWorld(t, logger(t), false)
	run(t, w, newPlayer())
	w.Fail("chat.postMessage", 1, fakechat.Fault{Lose: true})
	_, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot)
	if err == nil || strings.Contains(err.Error(), "xoxb") || strings.Contains(err.Error(), "http") {
		t.Errorf("the error is: %v", err)
	}
}

// Slack has several names for an emoji, and skin tones; others are no votes.
func TestEmojiNames(t *testing.T) {
	w, h, ref, _ := posted(t, false)
	ann := w.Join(t, "Ann")
	for name, want := range map[string]bot.Choice{
		"a": bot.Left, "b": bot.Right, "handshake": bot.Equal, "handshake::skin-tone-2": bot.Equal,
		"-1": bot.Awful, "thumbsdown": bot.Awful, "thumbsdown::skin-tone-3": bot.Awful, "-1::skin-tone-6": bot.Awful,
		"+1": "", "thumbsup": "", "ab": "", "o2": "", "my_custom_a": "", "a-button": "", "A": "", "": "",
	} {
		h.mu.Lock()
		h.taps = nil
		h.mu.Unlock()
		if err := w.Slack.Tap(ann, "CT1", ref.Message, name, true); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		taps := h.heard()
		if want == "" && len(taps) != 0 || want != "" && (len(taps) != 1 || taps[0].Choice != want) {
			t.Errorf("%s is heard as %+v, not %q", name, taps, want)
		}
		got, err := w.chat.Reactions(t.Context(), ref)
		if want == "" && len(got) != 0 || want != "" && (len(got) != 1 || got[0].Choice != want) || err != nil {
			t.Errorf("%s is read as %+v, %v, not %q", name, got, err, want)
		}
		w.React("CT1", ref.Message, ann, name, false)
	}
}

// Votes of bots, guests and strangers are not read, whatever the skin tone of
// an emoji; and what Slack does not name in full is not taken for all.
func TestReactionsCount(t *testing.T) {
	w := newWorld(t, logger(t), false)
	h := newPlayer()
	run(t, w, h)
	ref, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot)
	if err != nil {
		t.Fatal(err)
	}
	ann := w.Join(t, "Ann")
	w.AddUser(userOf("guest", "UGUEST"))
	w.AddUser(userOf("bot", "UROBOT"))
	w.AddUser(userOf("away", "UAWAY"))
	bob := w.Join(t, "Bob")
	w.React("CT1", ref.Message, bob, "handshake::skin-tone-5", true)
	for _, user := range []string{ann, "UGUEST", "UROBOT", "UAWAY"} {
		w.React("CT1", ref.Message, user, "-1::skin-tone-3", true)
		w.React("CT1", ref.Message, user, "-1", true)
		w.React("CT1", ref.Message, user, "heart", true)
	}
	got, err := w.chat.Reactions(t.Context(), ref)
	want := []bot.Tap{{Ref: ref, User: bob, Choice: bot.Equal, On: true}, {Ref: ref, User: ann, Choice: bot.Awful, On: true}}
	slices.SortFunc(got, func(a, b bot.Tap) int { return -strings.Compare(a.User, b.User) })
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("read %+v, %v; want %+v", got, err, want)
	}
	// From now on it is known who they are.
	w.Slack.Tap("UGUEST", "CT1", ref.Message, "a", true)
	w.Slack.Tap(ann, "CT1", ref.Message, "a", true)
	if taps := h.heard(); len(taps) != 1 || taps[0].User != ann {
		t.Errorf("heard %+v, want Ann’s alone", taps)
	}
	w.Fail("reactions.get", 1, fakechat.Fault{Status: http.StatusOK, Body: `{"ok":true,"type":"message","message":{"ts":"1.1","reactions":[{"name":"a","count":3,"users":["` + ann + `"]}]}}`})
	if _, err := w.chat.Reactions(t.Context(), ref); !errors.Is(err, bot.ErrPartial) {
		t.Errorf("two of three people are not named: %v, not ErrPartial", err)
	}
}
