package web_test

import (
	"fmt"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

// The end of a tasting is drawn where its text can be read, and told by bars on
// a phone.
func TestTheVotesAreDrawn(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	h := openHouse(t)
	ada := joined(t, h.url, "Ada")
	ada.post("/command", "text", "/tastetest start invented-wren invented-heron rounds=5 until=2h")
	id := bot.TastingID{Workspace: h.chat.Place().Workspace, N: 1}
	ada.post("/press", "button", "d1/go")
	var test bot.Tasting
	adaptertest.Eventually(t, "it is open", func() (open bool) {
		var err error
		test, err = h.store.Tasting(t.Context(), id)
		return err == nil && test.State == bot.Open
	})
	picks := []bot.Pick{bot.Second, bot.First, bot.Second, bot.Tie, bot.Second, bot.First, bot.Second, bot.Second, bot.Bad, bot.First, bot.Second}
	for voter := range 9 {
		p := joined(t, h.url, fmt.Sprint("Taster ", voter+1))
		for n := 1; n <= 5; n++ {
			choice := map[bot.Pick]bot.Choice{bot.First: bot.Left, bot.Second: bot.Right, bot.Tie: bot.Equal, bot.Bad: bot.Awful}[picks[(3*voter+n*n)%len(picks)]]
			if test.Rounds[n-1].Flip {
				choice = map[bot.Choice]bot.Choice{bot.Left: bot.Right, bot.Right: bot.Left}[choice]
			}
			if choice != "" {
				p.post("/tap", "channel", h.chat.Place().Channel+"/1/head", "message", fmt.Sprintf("1.%d/ballot", n), "tap", "on:"+string(choice))
			}
		}
	}
	reads := visit(t, browser, h.url, phone)
	reads.join("Early")
	reads.click("#m-1-1-ballot .tap")
	reads.until("document.querySelector('#m-1-1-ballot .tap[aria-pressed=true]')")
	if _, o := ada.post("/press", "button", "1/close"); o.Await != "m-1-announcement" {
		t.Errorf("whoever closes it is brought to %q, not to its reveal", o.Await)
	}
	reads.until("document.querySelector('.announcement .voted')?.innerText.startsWith('You picked invented-')")
	reads.fits()
	reads.click(".announcement .boss > summary")
	reads.until("document.querySelector('.announcement .boss').open && document.querySelector('.announcement .boss pre').innerText.split('\\n').length == 4")
	reads.click("#m-1-head .next a")
	reads.until("location.hash == '' && document.querySelector('#m-1-head .outcome').innerText.length > 0")

	for width, drawn := range map[int64]bool{desk: true, phone: false} {
		page := visit(t, browser, h.url, width)
		page.join(fmt.Sprint("Reader ", width))
		page.until("document.querySelector('.announcement')")
		page.until(fmt.Sprintf("document.querySelector('.announcement > .chart').checkVisibility() == %v && document.querySelector('.announcement > .bars').checkVisibility() == %v", drawn, !drawn))
		page.until("(() => { const card = document.querySelector('.announcement'), shown = [...card.querySelectorAll(':scope > :is(.chart, .bars)')].find(e => e.checkVisibility()); return shown.getBoundingClientRect().width / (card.clientWidth - 2 * parseFloat(getComputedStyle(card).paddingLeft)) > 0.97; })()") // it fills its card
		page.fits()
	}
}
