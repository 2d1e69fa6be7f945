package slack_test

import (
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
)

// write writes a message and waits for its acknowledgement.
func (s *stage) write(user, channel, thread, text string) (ts string) {
	s.t.Helper()
	ts, err := s.Write(user, channel, thread, text)
	if err != nil {
		s.t.Fatalf("%q in %s: %v", text, channel, err)
	}
	return ts
}

// answers are what the bot says to a user alone.
func (s *stage) answers(user string) (all []fakechat.Message) {
	for _, m := range append(s.Memory.Private(user), s.Memory.Messages("D"+user)...) {
		if m.Author == s.team.Bot {
			all = append(all, m)
		}
	}
	return all
}

// Who mentions the bot, or writes to it, is answered once, there and alone, with
// what may be meant, in the place's language, to be tapped. What they wrote is
// neither in the log nor in the store.
func TestPlainWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ lang, said, wants, says, hello string }{
		{"en", "how do I cancel this, zanzibar?", "type/cancel", "I only understand commands.", "hello"},
		{"zh", "怎么取消这场 zanzibar？", "type/cancel", "我只看得懂命令。", "你好"},
	} {
		t.Run(tt.lang, func(t *testing.T) {
			t.Parallel()
			var logs adaptertest.Logs
			s := newStage(t, newWorld(t, slog.New(slog.NewTextHandler(&logs, &slog.HandlerOptions{Level: slog.LevelDebug})), false))
			s.Slack.Command(s.admin(), "CT1", "settings language="+tt.lang)
			ann := s.Join(t, "Ann")
			at := "<@" + s.team.Bot + "> "

			said := s.write(ann, "CT1", "", at+tt.said)
			adaptertest.Eventually(t, "a mention is answered", func() bool { return len(s.answers(ann)) == 1 })
			m := s.answers(ann)[0]
			if got := string(m.Payload); m.Channel != "CT1" || m.Only != ann || !strings.Contains(got, tt.wants+`"`) || !strings.Contains(got, tt.says) {
				t.Errorf("in %s, to %q: %s", m.Channel, m.Only, got)
			}
			s.write(ann, "CT1", said, at+tt.said)
			adaptertest.Eventually(t, "a mention in a thread is answered", func() bool { return len(s.answers(ann)) == 2 })
			if m := s.answers(ann)[1]; m.Channel != "CT1/"+said {
				t.Errorf("what was said in a thread is answered in %s", m.Channel)
			}
			s.write(ann, "D"+ann, "", tt.hello)
			adaptertest.Eventually(t, "a direct message is answered", func() bool { return len(s.answers(ann)) == 3 })
			direct := s.answers(ann)[2]
			if !strings.Contains(string(direct.Payload), "type/start") {
				t.Errorf("it says %s", direct.Payload)
			}

			// None of these is for us.
			robot := s.AddUser(slackfake.User{Name: "robot", Team: "T1", Bot: true})
			s.write(robot, "CT1", "", at+"start")
			s.write(ann, "CT1", "", "no mention of anybody")
			for _, e := range []map[string]any{
				{"type": "message", "channel_type": "im", "subtype": "message_changed", "channel": "D" + ann, "ts": "1.2"},
				{"type": "message", "channel_type": "im", "subtype": "message_deleted", "user": ann, "channel": "D" + ann, "ts": "1.3"},
				{"type": "message", "channel_type": "channel", "user": ann, "text": at, "channel": "CT1", "ts": "1.4"},
				{"type": "app_mention", "user": ann, "text": at + "edited", "channel": "CT1", "ts": said, "edited": map[string]any{"user": ann}},
				{"type": "app_mention", "user": robot, "text": at + "start", "channel": "CT1", "ts": "1.5"}, // a bot, though nothing says so
			} {
				if err := s.Event("T1", e); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Again(); err != nil { // all of it, once more
				t.Fatal(err)
			}
			s.write(ann, "D"+ann, "", tt.hello) // after all of these
			adaptertest.Eventually(t, "the next word is answered", func() bool { return len(s.answers(ann)) >= 4 })
			time.Sleep(50 * time.Millisecond)
			if n := len(s.answers(ann)); n != 4 || len(s.answers(robot)) > 0 {
				t.Errorf("four messages have %d answers; a bot has %d", n, len(s.answers(robot)))
			}

			if shown := s.Slack.Press(ann, "D"+ann, direct.ID, "type/start"); !strings.Contains(shown, "channel") && !strings.Contains(shown, "频道") {
				t.Errorf("a start that is tapped in a direct message shows %s", shown)
			}
			s.stop()
			kept, err := os.ReadFile(s.path)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(logs.String(), "zanzibar") || strings.Contains(string(kept), "zanzibar") {
				t.Errorf("what somebody wrote stands in the log (%v) or in the store (%v)", strings.Contains(logs.String(), "zanzibar"), strings.Contains(string(kept), "zanzibar"))
			}
		})
	}
}

// A start that is tapped is refused as early as one that is typed, where nothing
// could be posted, in either language's name.
func TestTappedStartWhereNothingCanBePosted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, logger(t), false)
	h := newPlayer()
	h.answer(bot.Reply{Post: bot.Notice{Text: bot.Say("Done.")}})
	run(t, w, h)
	ann := w.Join(t, "Ann")
	w.AddRoom(slackfake.Room{ID: "CT1", Team: "T1", Absent: true})
	for _, id := range []string{"type/start kestrel nova", "type/开始 kestrel nova"} {
		if shown := w.Slack.Press(ann, "CT1", "1.1", id); !strings.Contains(shown, "/invite @tastetest") {
			t.Errorf("%s shows %q", id, shown)
		}
	}
	w.Slack.Press(ann, "CT1", "1.1", "type/help")
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.said) != 1 || h.said[0] != "type/help" {
		t.Errorf("the core heard %q; of three taps only the one for help can be answered there", h.said)
	}
}

// A workspace that did not grant the two scopes goes on without: nobody is heard,
// and commands are answered.
func TestWithoutTheScopesForPlainWords(t *testing.T) {
	t.Parallel()
	for _, scope := range []string{"app_mentions:read", "im:history"} {
		w := newWorld(t, logger(t), false)
		w.team.Lacks = scope
		h := newPlayer()
		h.answer(bot.Reply{Post: bot.Notice{Text: bot.Say("Done.")}})
		run(t, w, h)
		ann := w.Join(t, "Ann")
		for _, f := range w.chat.Check(t.Context(), false) {
			if strings.HasSuffix(f.What, "scopes") && (!f.OK || !strings.Contains(f.Say, scope)) {
				t.Errorf("without %s the check says %v %q", scope, f.OK, f.Say)
			}
		}
		where := map[string]string{"app_mentions:read": "CT1", "im:history": "D" + ann}[scope]
		if _, err := w.Write(ann, where, "", "<@"+w.team.Bot+"> hello"); err != nil {
			t.Error(err)
		}
		w.Slack.Command(ann, "CT1", "help")
		if got := h.last(); got.Talk || got.Text != "help" {
			t.Errorf("without %s the core heard %+v", scope, got)
		}
	}
}
