package slack_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
)

// In each language a ballot and a seat with the sides exchanged differ by the two
// texts, and by nothing else that is sent: not in a block, not in metadata.
func TestBlindInEachLanguage(t *testing.T) {
	t.Parallel()
	const one, two = "Zephyr writes one way.", "Quince has quite another manner of putting things."
	exchanged := strings.NewReplacer(one, two, two, one)
	for lang, better := range map[bot.Lang]string{bot.En: "better", bot.Zh: "更好"} {
		voice := bot.Voice{Lang: lang}
		sent := func(left, right bot.Verbatim) (all []string) {
			w := newWorld(t, logger(t), false)
			h := newPlayer()
			run(t, w, h)
			ann := w.Join(t, "Ann")
			b, s := samples.Ballot, samples.Seat
			b.Left, b.Right, s.Left, s.Right, s.Mine = left, right, left, right, ""
			ref, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), time.Time{}, bot.Speak(b, voice))
			if err != nil {
				t.Fatal(err)
			}
			m, _ := w.Message("CT1", ref.Message)
			h.answer(bot.Reply{Post: bot.Speak(s, voice)})
			w.Slack.Press(ann, "CT1", "", "12/taste")
			return []string{string(m.Payload), string(w.View(ann))}
		}
		for i, before := range sent(one, two) {
			if !strings.Contains(before, one) || !strings.Contains(before, better) {
				t.Errorf("in %s neither the answers nor %q stand in:\n%s", lang, better, before)
			}
			after := exchanged.Replace(sent(two, one)[i])
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("in %s what is sent differs by more than the texts:\n%s", lang, diff)
			}
		}
	}
}
