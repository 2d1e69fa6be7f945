package discord_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// Who names the bot, or writes to it, is answered once, below the message, with
// what may be meant; an answer to a post of the bot's is none of its business.
// What somebody wrote is neither in the log nor in the store.
func TestPlainWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		lang                      bot.Lang
		said, direct, says, typed string
	}{
		{bot.En, "how do I cancel this, zanzibar?", "stop, zanzibar", "I only understand commands", "/tastetest close"},
		{bot.Zh, "怎么取消这场 zanzibar？", "停止 zanzibar", "我只看得懂命令", "/tastetest 结束"},
	} {
		t.Run(string(tt.lang), func(t *testing.T) {
			t.Parallel()
			var logs adaptertest.Logs
			s := newStage(t, &logs)
			s.stop()
			s.lang, s.open = tt.lang, true
			s.begin()
			s.Connected(t)
			ann := s.Join("Ann")
			robot := s.Join("Robot")
			s.changed(func() {
				p := s.Users[robot]
				p.Bot = true
				s.Users[robot] = p
				s.Channels["9"+ann] = discordfake.Channel{ID: "9" + ann, Type: 1, To: ann}
				s.Channels["5151"] = discordfake.Channel{ID: "5151", Type: 11, Guild: guildID, Parent: tasteID}
			})
			answers := func(channel string) (all []fakechat.Message) {
				for _, m := range append(s.Said.Messages(channel), s.Said.Private(ann)...) {
					if m.Author == botID && m.Channel == channel {
						all = append(all, m)
					}
				}
				return all
			}
			at := "<@" + botID + "> "
			said := s.Write(tasteID, ann, at+tt.said, nil)
			adaptertest.Eventually(t, "a mention is answered", func() bool { return len(answers(tasteID)) == 1 })
			m := answers(tasteID)[0]
			if got := string(m.Payload); !strings.Contains(got, tt.says) || !strings.Contains(got, `"type/cancel"`) || !strings.Contains(got, `"message_id":"`+said+`"`) {
				t.Errorf("a mention is answered with %s", got)
			}
			s.Write("5151", ann, at+tt.said, nil)
			adaptertest.Eventually(t, "a mention in a thread is answered there", func() bool { return len(answers("5151")) == 1 })
			s.Write("9"+ann, ann, tt.direct, nil)
			adaptertest.Eventually(t, "a direct message is answered", func() bool { return len(answers("9"+ann)) == 1 })
			if got := string(answers("9" + ann)[0].Payload); !strings.Contains(got, tt.typed) || strings.Contains(got, `"custom_id"`) {
				t.Errorf("a direct message is answered with %s", got)
			}

			s.Write(tasteID, robot, at+"start", nil)
			s.Write(tasteID, ann, at+"start", map[string]any{"webhook_id": "77"})
			s.Write(tasteID, ann, at, map[string]any{"type": 6}) // it was pinned
			s.Write(tasteID, ann, "no mention", nil)
			s.Write(tasteID, ann, "A is better!", map[string]any{"type": 19, "referenced_message": map[string]any{"author": botID}})
			s.Hear(said, tasteID, ann, at+tt.said, nil) // Discord says it again
			s.Write(tasteID, ann, at+tt.said, nil)
			adaptertest.Eventually(t, "the next mention is answered", func() bool { return len(answers(tasteID)) >= 2 })
			time.Sleep(50 * time.Millisecond)
			if n := len(answers(tasteID)); n != 2 {
				t.Errorf("two mentions have %d answers", n)
			}
			x := s.Press(t, tasteID, m.ID, ann, "type/cancel")
			if x.Kind != 4 || !strings.Contains(string(x.Data), `"flags":64`) {
				t.Errorf("what was meant, tapped, is answered with %v", x)
			}
			s.stop()
			kept, err := os.ReadFile(s.path)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(logs.String(), "zanzibar") || strings.Contains(string(kept), "zanzibar") {
				t.Errorf("what somebody wrote stands in the log (%v) or in the store (%v)", strings.Contains(logs.String(), "zanzibar"), strings.Contains(string(kept), "zanzibar"))
			}
			s.begin()
		})
	}
}

// A start that is tapped where nothing could be posted is refused as early as one
// that is typed.
func TestTappedStartWhereNothingCanBePosted(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	h := &recorder{}
	adaptertest.Start(t, f.chat(t), h)
	f.Connected(t)
	ann := f.Join("Ann")
	f.changed(func() {
		c := f.Channels[tasteID]
		c.May = "1024" // View Channel, and nothing else
		f.Channels[tasteID] = c
	})
	for _, id := range []string{"type/start kestrel nova", "type/开始 kestrel nova", "type/help"} {
		x := f.Interact(t, tasteID, ann, 3, map[string]any{"custom_id": id, "component_type": 2}, &fakechat.Message{Channel: tasteID, ID: f.Write(tasteID, botID, "…", nil), Payload: []byte("{}")})
		if refused := strings.Contains(string(x.Data), "I could not post here"); refused != (id != "type/help") {
			t.Errorf("%s is answered with %v", id, x)
		}
	}
	h.read(func() {
		if len(h.presses) != 1 {
			t.Errorf("the core heard %+v, not only the tap on help", h.presses)
		}
	})
}
