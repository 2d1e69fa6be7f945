package web_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// Whoever changes their mind while a tap is still under way ends with the last
// one, on a ballot and in the seat of a private one.
func TestQuickTaps(t *testing.T) {
	browser := chromium(t)
	m := newMemory()
	var taps, presses atomic.Int32
	overtaken := func(n *atomic.Int32) { // the first one waits for others to overtake it
		if n.Add(1) > 1 {
			return
		}
		for deadline := time.Now().Add(time.Second); n.Load() < 3 && time.Now().Before(deadline); {
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(100 * time.Millisecond)
	}
	m.react = func(bot.Tap) { overtaken(&taps) }
	heard := func(all func() bool) {
		for deadline := time.Now().Add(10 * time.Second); !all() && time.Now().Before(deadline); {
			time.Sleep(10 * time.Millisecond)
		}
	}
	var last atomic.Value
	m.press = func(p bot.Press) bot.Reply {
		if strings.HasPrefix(p.Button, "12.3/") {
			overtaken(&presses)
			last.Store(p.Button)
		}
		return bot.Reply{Post: samples.Seat}
	}
	m.put(channel, bot.PostKey{Tasting: tasting(12), What: "head"}, samples.Head)
	ref := m.put(channel, bot.PostKey{Tasting: tasting(13), Round: 1, What: "ballot"}, samples.Ballot)
	_, url := serve(t, m, m, web.Options{})
	ada := visit(t, browser, url, desk)
	ada.join("Ada")

	ada.until("document.querySelector('.taps')")
	ada.run("for (const c of ['left', 'right', 'tie']) document.querySelector(`.tap[value='on:${c}']`).click()")
	heard(func() bool { return len(m.taps()) == 3 })
	if got := m.taps(); len(got) != 3 || got[2].Choice != bot.Equal || got[2].Ref != ref {
		t.Fatalf("A, B and equal were tapped quickly, and heard was %+v", got)
	}
	ada.until("document.querySelector(\".tap[value='off:tie'][aria-pressed=true]\")")

	ada.click(".head .primary")
	ada.until("document.querySelector('#sheet').open")
	ada.run("for (const k of [1, 2, 3]) document.querySelector(`#sheet [data-keys='${k}']`).click()")
	heard(func() bool { return presses.Load() == 3 && last.Load() == "12.3/tie" })
	if got := last.Load(); got != "12.3/tie" || presses.Load() != 3 {
		t.Errorf("in the seat A, B and equal were tapped quickly, and the last that was heard of %d was %v", presses.Load(), got)
	}
}

// Whoever double-clicks votes once: the second click falls on the next prompt,
// which has not been read.
func TestDoubleClick(t *testing.T) {
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
	ada.click("#sheet .tap[data-keys='1']")
	ada.at("2 of 3")
	ada.do("click a second time", chromedp.DoubleClick(chromedp.CSS("#sheet .tap[data-keys='1']"), chromedp.NodeVisible))
	ada.press("Back")
	ada.at("1 of 3")
	ada.click("#sheet .tap[data-keys='2']")
	ada.at("2 of 3")
	ada.until("!document.querySelector('#sheet .tap[aria-pressed=true]')")
}
