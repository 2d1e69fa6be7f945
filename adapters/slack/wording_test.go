package slack_test

import (
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
)

// What the chat says by itself, without the core, is in the place's language too:
// the composer, and who may not take part.
func TestOwnWordsInThePlacesLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, logger(t), false)
	h := newPlayer()
	h.voice = bot.Voice{Lang: bot.Zh}
	run(t, w, h)
	ann := w.Join(t, "Ann")
	guest := w.AddUser(slackfake.User{Name: "Gus", Team: "T1", Guest: true})
	for _, tt := range []struct {
		what, shown string
		says        []string
	}{
		{"/tastetest alone", w.Slack.Command(ann, "CT1", ""), []string{"要我做什么？", "/tastetest 帮助", "开始、状态、结果……", "执行", "关闭"}},
		{"a guest's command", w.Slack.Command(guest, "CT1", "start"), []string{"访客不能参加。"}},
	} {
		for _, want := range tt.says {
			if !strings.Contains(tt.shown, want) {
				t.Errorf("%s is answered without %q:\n%s", tt.what, want, tt.shown)
			}
		}
	}
}
