package say

import (
	"encoding/json"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// read is a tasting as a store has kept it.
func read(t *testing.T, kept string) bot.Tasting {
	t.Helper()
	var x bot.Tasting
	if err := json.Unmarshal([]byte(kept), &x); err != nil {
		t.Fatal(err)
	}
	return x
}

// What was stored under a wording that has changed since is said in that of today,
// in either language, with what it was stored with.
func TestStoredUnderAnEarlierWording(t *testing.T) {
	kept := read(t, `{"Reason": {"say": "Too few spoke, {n|answer|answers} by {model}.", "args": [{"n": 1}, {"text": "nova"}]}}`)
	now := renamings{"Too few spoke, {n|answer|answers} by {model}.": "There are {n|answer|answers} of {model}."}
	chineseChats["There are {n|answer|answers} of {model}."] = "{model} 有 {n} 份回答。"
	t.Cleanup(func() { delete(chineseChats, "There are {n|answer|answers} of {model}.") })
	for lang, want := range map[bot.Lang]string{bot.En: "There are 1 answer of nova.", bot.Zh: "nova 有 1 份回答。"} {
		w := Words{Voice: bot.Voice{Lang: lang}, renamed: now}.For(bot.Notice{Text: kept.Why()})
		if got := w.Text(kept.Why()); got != want {
			t.Errorf("in %s it says %q; want %q", lang, got, want)
		}
	}
	again, err := json.Marshal(kept.Reason)
	if err != nil || string(again) != `{"say":"Too few spoke, {n|answer|answers} by {model}.","args":[{"n":1},{"text":"nova"}]}` {
		t.Errorf("it is stored again as %s, %v", again, err)
	}
}

// One that was stored by this program is said in either language.
func TestStoredIsSaidInEitherLanguage(t *testing.T) {
	why := bot.Stored(bot.Prose(bot.Say("Voting has ended."), bot.Say("There is no taste test {id} here. {results} shows the newest.", bot.TastingID{N: 7}, bot.Usage{Command: "results"})))
	doc, err := json.Marshal(bot.Tasting{Reason: why})
	if err != nil {
		t.Fatal(err)
	}
	kept := read(t, string(doc))
	for lang, want := range map[bot.Lang]string{
		bot.En: "Voting has ended. There is no taste test 7 here. /tastetest results shows the newest.",
		bot.Zh: "投票已经结束。这里没有第 7 场盲测。输入 /tastetest 结果 查看最近一场。",
	} {
		if got := (Words{Voice: bot.Voice{Lang: lang}}).Text(kept.Why()); got != want {
			t.Errorf("in %s it says %q; want %q", lang, got, want)
		}
	}
}

// A store from before sentences had keys has text: it is shown as it was.
func TestNotesFromBefore(t *testing.T) {
	kept := read(t, `{"Note": "Too few rounds are left: 1 of 3.", "Rounds": [{"Kind": "plain", "Void": "kestrel answered 401 {n|vote|votes}"}]}`)
	for _, lang := range []bot.Lang{bot.En, bot.Zh} {
		w := Words{Voice: bot.Voice{Lang: lang}}
		if got := w.Text(kept.Why()); got != "Too few rounds are left: 1 of 3." {
			t.Errorf("in %s why it failed is %q", lang, got)
		}
		if got := w.Text(kept.Rounds[0].WhyVoid()); got != "kestrel answered 401 {n|vote|votes}" {
			t.Errorf("in %s why a round is void is %q", lang, got)
		}
	}
}
