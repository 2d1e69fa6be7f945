package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// A seat is played with the keys that it shows; on a phone, where it shows none,
// all its buttons stand in one line. When the tasting ends it says so by itself.
func TestSeat(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a browser")
	}
	t.Parallel()
	browser := chromium(t)
	h := openHouse(t)
	ada := visit(t, browser, h.url, desk)
	ada.join("Ada")
	ada.typeIn("#say", "/tastetest start rounds=3 ballot=private")
	ada.keys(kb.Enter)
	ada.sees("Start this taste test?")
	ada.click(".private .primary")
	ada.click(".head .primary")
	ada.at("1 of 3")
	if got := ada.string("[...document.querySelectorAll('#sheet kbd')].filter(k => k.checkVisibility()).map(k => k.innerText).join(' ')"); got != "1 2 3 4 s" {
		t.Errorf("at a desk the keys that are shown are %q", got)
	}
	ada.keys("s")
	ada.at("2 of 3")
	ada.keys(kb.ArrowRight)
	ada.at("3 of 3")
	ada.keys(kb.ArrowLeft)
	ada.at("2 of 3")
	ada.keys("1")
	ada.at("3 of 3")

	bob := visit(t, browser, h.url, phone)
	bob.join("Bob")
	bob.click(".head .primary")
	bob.at("1 of 3")
	bob.keys("2")
	bob.at("2 of 3")
	bob.press("Back") // where a vote can be taken back too
	bob.at("1 of 3")
	const buttons = "[...document.querySelectorAll('#sheet .seatfoot button')].filter(b => b.checkVisibility())"
	if got := bob.string("String(" + buttons + ".length) + ' in ' + new Set(" + buttons + ".map(b => { const r = b.getBoundingClientRect(); return Math.round((r.top + r.bottom) / 8); })).size"); got != "6 in 1" {
		t.Errorf("on a phone there are %s lines of buttons", got)
	}
	if got := bob.string("String([...document.querySelectorAll('#sheet kbd')].some(k => k.checkVisibility()))"); got != "false" {
		t.Error("a phone is shown keys")
	}
	bob.fits()

	ada.click("#sheet .x")
	ada.until("!document.querySelector('#sheet').open")
	ada.closeFromMenu()
	bob.until("document.querySelector('#sheet .isover')?.checkVisibility()")
	if n := bob.count("#sheet .choices:not([hidden])"); n != 0 {
		t.Error("the tasting is over, and its seat still takes votes")
	}
	bob.press("Done")
	bob.until("!document.querySelector('#sheet').open")
	bob.sees("Per 1,000 answers")
}

// Whoever has voted on a ballot is brought to the next that they have not voted on.
func TestOnToTheNextBallot(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a browser")
	}
	t.Parallel()
	browser := chromium(t)
	h := openHouse(t)
	ada := visit(t, browser, h.url, desk)
	ada.join("Ada")
	ada.typeIn("#say", "/tastetest start rounds=3")
	ada.keys(kb.Enter)
	ada.sees("Start this taste test?")
	ada.click(".private .primary")
	ada.until("document.querySelectorAll('.round form.taps').length == 3")
	second := ada.string("document.querySelectorAll('.round')[1].id")
	ada.do("vote", chromedp.Click(chromedp.CSS(".round .tap[value='on:left']"), chromedp.NodeVisible))
	ada.until("document.querySelector('#" + second + "').open && document.activeElement.closest('.round')?.id == '" + second + "'")
	ada.until("(() => { const r = document.querySelector('#" + second + "').getBoundingClientRect(); return r.top >= 0 && r.top < innerHeight / 2 })()")
	if got := ada.text(".thread > summary"); !strings.Contains(got, "you voted in 1") {
		t.Errorf("she has voted once: %q", got)
	}

	// Who is about to tap something else by then is not brought away from it.
	ada.click("#" + second + " .tap[value='on:right']")
	ada.pointAt("#" + second + " .menu summary")
	ada.until("document.querySelector('#" + second + " .tap[aria-pressed=true]') && document.querySelector('#" + second + " .taps:not([data-busy])')")
	where := "String(document.querySelector('#" + second + " .menu summary').getBoundingClientRect().top)"
	at := ada.string(where)
	ada.run("setTimeout(() => { window.past = true; }, 1500)") // comes after what the vote may have set
	ada.until("window.past")
	if got := ada.string(where); got != at {
		t.Errorf("what she points at was at %s and is at %s", at, got)
	}
}

// Whoever has given a name goes on where they were going: to the button that they
// pressed, or to the first ballot. A phone's keyboard stays away.
func TestANameLeadsToTheBallot(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a browser")
	}
	t.Parallel()
	browser := chromium(t)
	h := openHouse(t)
	h.start(joined(t, h.url, "Ada"), "rounds=2 pack=demo until=2h")
	for _, width := range []int64{desk, phone} {
		reads := visit(t, browser, h.url, width)
		reads.join(fmt.Sprint("Reader ", width))
		reads.until("document.activeElement.matches('#m-1-1-ballot .taps')")
		reads.until("(() => { const top = document.querySelector('#m-1-head').getBoundingClientRect().top; return top >= 0 && top < innerHeight / 2; })()")

		votes := visit(t, browser, h.url, width)
		votes.click("#join [data-close]")
		votes.click("#m-1-2-ballot summary")
		votes.click("#m-1-2-ballot .tap[value='on:right']")
		votes.join(fmt.Sprint("Voter ", width))
		votes.until("document.activeElement.matches('#m-1-2-ballot .tap[aria-pressed=true][value$=right]')")
		if votes.string("String(document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', repeat: true, bubbles: true, cancelable: true })))") != "false" {
			t.Error("an Enter that is held down presses the button that the focus has come to")
		}
	}
}

// What a seat's starter may do beside voting has no key, and is asked before it is done.
func TestTakingOutIsAsked(t *testing.T) {
	m := newMemory()
	seat := samples.Seat
	seat.Nav = append(slices.Clone(seat.Nav), bot.Button{ID: "12.3/out", Label: bot.Literal("Take it out"), Danger: true, Confirm: bot.Literal("Take this round out?")})
	m.press = func(bot.Press) bot.Reply { return bot.Reply{Post: seat} }
	_, url := serve(t, m, m, web.Options{})
	_, o := joined(t, url, "Ada").post("/press", "button", "12/taste")
	form := between(o.Dialog, `name="button" value="12.3/out"`, "</form>")
	if !strings.Contains(form, `name="confirm" value="Take this round out?"`) || !strings.Contains(form, `data-keys=""`) {
		t.Errorf("it is not asked, or a key does it: %s", form)
	}
}
