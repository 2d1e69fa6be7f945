package web_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// How each post looks, as somebody who has voted is sent it.
func TestGolden(t *testing.T) {
	looks(t, "", "en", samples)
}

// A list of terms, and a table, are no sentences: they look the same in all languages.
func TestGoldenOfTables(t *testing.T) {
	for name, p := range map[string]bot.Notice{"help": help, "plan": plan} {
		m := newMemory()
		_, url := serve(t, m, m, web.Options{})
		m.press = func(bot.Press) bot.Reply { return bot.Reply{Post: p} }
		ada := joined(t, url, "Ada")
		_, o := ada.post("/press", "button", "12/taste")
		adaptertest.Golden(t, name+".golden.html", canonical(t, timeless(ada.shown(o))))
	}
}

// The same in Chinese, of sentences that are there in it.
func TestGoldenInChinese(t *testing.T) {
	looks(t, ".zh", "zh", crowded(sentences(adaptertest.Samples(workspace))))
}

// timeless is a private notice without the time at which it was said.
func timeless(html string) string {
	return regexp.MustCompile(`(<header class="only"><p>[^<]*<time)[^>]*>[^<]*`).ReplaceAllString(html, "$1>")
}

func looks(t *testing.T, suffix, lang string, samples adaptertest.Posts) {
	headKey := bot.PostKey{Tasting: tasting(12), What: "head"}
	ballotKey := bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}
	closed := samples.Ballot
	closed.State, closed.Menu, closed.Progress = bot.Closing, nil, bot.Say("voting is over, the reveal is coming")
	few := samples.Reveal
	few.Bars = []bot.Bar{{Label: bot.Literal("kestrel"), Count: 2}, {Label: bot.Literal("nova"), Count: 1}, {Label: bot.Say("equal")}, {Label: bot.Say("both bad")}}
	ask, set, reminder := adaptertest.Reminders(workspace, bot.Verbatim("Fri 9:00"), bot.Verbatim("Fri 17:00"))
	for _, tt := range []struct {
		name   string
		key    bot.PostKey
		post   bot.Post   // in the channel
		answer *bot.Reply // or to a button
	}{
		{name: "head", key: headKey, post: samples.Head},
		{name: "ballot", key: ballotKey, post: samples.Ballot},
		{name: "ballot-closed", key: ballotKey, post: closed},
		{name: "ballot-removed", key: ballotKey, post: samples.Removed},
		{name: "reveal", key: ballotKey, post: samples.Reveal},
		{name: "reveal-few", key: ballotKey, post: few},
		{name: "announcement", key: headKey, post: samples.Announcement},
		{name: "block-first", key: ballotKey, post: adaptertest.Blocks(workspace, bot.Verbatim("Mon 10:00"))[0]},
		{name: "block-third", key: bot.PostKey{Tasting: tasting(12), Round: 3, What: "ballot"}, post: adaptertest.Blocks(workspace, bot.Verbatim("Mon 10:00"))[1]},
		{name: "schedules", answer: &bot.Reply{Post: adaptertest.Schedules(bot.Verbatim("Mon 10:00"))}},
		{name: "remind", answer: &bot.Reply{Post: ask}},
		{name: "remind-set", answer: &bot.Reply{Post: set}},
		{name: "reminder", answer: &bot.Reply{Post: reminder}},
		{name: "standings", answer: &bot.Reply{Post: samples.Standings}},
		{name: "digest", key: bot.DigestKey(workspace, samples.Digest.Until), post: samples.Digest},
		{name: "announcement-first", key: headKey, post: adaptertest.FirstAnnouncement(samples.Announcement)},
		{name: "digest-now", answer: &bot.Reply{Post: adaptertest.DigestAlone(samples.Digest)}},
		{name: "week", answer: &bot.Reply{Post: samples.Digest.Week}},
		{name: "notice", key: headKey, post: samples.Notice},
		{name: "seat", answer: &bot.Reply{Post: samples.Seat}},
		{name: "seat-done", answer: &bot.Reply{Post: samples.SeatDone}},
		{name: "form", answer: &bot.Reply{Form: &samples.Form}},
		{name: "notice-private", answer: &bot.Reply{Post: samples.Notice}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMemory()
			_, url := serve(t, m, m, web.Options{Simulated: func(u string) bool { return strings.HasSuffix(u, "·sim") }})
			ada := joined(t, url, "Ada").reads(lang)
			var got string
			if tt.answer != nil {
				m.press = func(bot.Press) bot.Reply { return *tt.answer }
				_, o := ada.post("/press", "button", "12/taste")
				got = timeless(ada.shown(o))
			} else {
				ref := m.put(channel, tt.key, tt.post)
				for _, tap := range []bot.Tap{{User: "Kim·sim", Choice: bot.Left}, {User: "Noor·abc234", Choice: bot.Right}, {User: ada.user(), Choice: bot.Left}} {
					tap.Ref, tap.On = ref, true
					m.React(t.Context(), tap)
				}
				got = article(ada.get("/channel"), "m-"+strings.NewReplacer("/", "-", ".", "-").Replace(ref.Message))
			}
			if got == "" {
				t.Fatal("it is not shown")
			}
			adaptertest.Golden(t, tt.name+suffix+".golden.html", canonical(t, got))
		})
	}
}
