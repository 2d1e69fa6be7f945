package web_test

import (
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// How each post looks, as somebody who has voted is sent it.
func TestGolden(t *testing.T) {
	headKey := bot.PostKey{Tasting: tasting(12), What: "head"}
	ballotKey := bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}
	closed := samples.Ballot
	closed.State, closed.Menu, closed.Progress = bot.Closing, nil, bot.Literal("voting is over, the names are coming")
	few := samples.Reveal
	few.Bars = []bot.Bar{{Label: bot.Literal("kestrel"), Count: 2}, {Label: bot.Literal("nova"), Count: 1}, {Label: bot.Literal("equal")}, {Label: bot.Literal("both bad")}}
	for _, tt := range []struct {
		name   string
		key    bot.PostKey
		post   bot.Post   // in the channel
		answer *bot.Reply // or to a button
	}{
		{name: "head", key: headKey, post: samples.Head},
		{name: "ballot", key: ballotKey, post: samples.Ballot},
		{name: "ballot-closed", key: ballotKey, post: closed},
		{name: "reveal", key: ballotKey, post: samples.Reveal},
		{name: "reveal-few", key: ballotKey, post: few},
		{name: "announcement", key: headKey, post: samples.Announcement},
		{name: "standings", answer: &bot.Reply{Post: samples.Standings}},
		{name: "notice", key: headKey, post: samples.Notice},
		{name: "help", answer: &bot.Reply{Post: help}},
		{name: "plan", answer: &bot.Reply{Post: plan}},
		{name: "seat", answer: &bot.Reply{Post: samples.Seat}},
		{name: "seat-done", answer: &bot.Reply{Post: samples.SeatDone}},
		{name: "form", answer: &bot.Reply{Form: &samples.Form}},
		{name: "notice-private", answer: &bot.Reply{Post: samples.Notice}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMemory()
			_, url := serve(t, m, m, web.Options{Simulated: func(u string) bool { return strings.HasSuffix(u, "·sim") }})
			ada := joined(t, url, "Ada")
			var got string
			if tt.answer != nil {
				m.press = func(bot.Press) bot.Reply { return *tt.answer }
				_, o := ada.post("/press", "button", "12/taste")
				got = ada.shown(o)
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
			adaptertest.Golden(t, tt.name+".golden.html", got)
		})
	}
}
