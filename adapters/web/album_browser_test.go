package web_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/tastetest/tastetest/bot"
)

// Somebody on a phone starts a taste test by the form, and tastes it.
func TestStartByFormOnAPhone(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a browser")
	}
	t.Parallel()
	browser := chromium(t)
	h := openHouse(t)
	ada := visit(t, browser, h.url, phone)
	ada.join("Ada")
	ada.click(".go .new")
	ada.until("document.querySelector('#sheet .form')")
	ada.fits()
	cut := ada.string(`[...document.querySelectorAll("#sheet select")].flatMap(s => {
		const style = getComputedStyle(s), pen = document.createElement("canvas").getContext("2d");
		pen.font = style.font;
		const room = s.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
		return [...s.options].map(o => o.text).filter(text => pen.measureText(text).width > room);
	}).join("; ")`)
	if cut != "" {
		t.Errorf("a phone cuts off what can be chosen: %s", cut)
	}
	ada.fill("#field-rounds", "3")
	ada.run("document.querySelector('#field-ballot').value = 'private'")
	ada.click("#sheet .rest summary")
	ada.click("#sheet .chip") // one hour
	ada.typeIn("#field-question", "Which would you send?")
	ada.click("#sheet .formfoot .primary")
	ada.sees("Start this taste test?")
	ada.fits()
	if got := ada.text(".private"); got == "" || ada.count(".private .primary") != 1 {
		t.Errorf("before it starts the phone shows %q", got)
	}
	ada.click(".private .primary")
	ada.sees("Which would you send?")
	ada.click(".head .primary")
	ada.at("1 of 3")
	ada.fits()
	ada.click("#sheet .tap[data-keys='1']")
	ada.at("2 of 3")
}

// An album shows how the page looks to somebody with a language, a width and, if it
// is kept, in light and dark.
type album struct {
	tab
	dir, who string // dir: "" if it is only looked at whether all fits
}

// shot looks at what is shown.
func (a album) shot(name string) {
	a.t.Helper()
	a.until("document.getAnimations().every(x => x.playState == 'finished' || x.effect?.getComputedTiming().iterations == Infinity)")
	a.fits()
	if got := a.string("[...document.querySelectorAll('.top, .mine[open] .tonguelist')].map(e => e.getBoundingClientRect()).filter(r => r.left < 0 || r.right > innerWidth || r.height > innerHeight).length + ' ' + (document.querySelector('header.top .new') ? document.querySelector('header.top').offsetHeight < 80 : true)"); got != "0 true" {
		a.t.Errorf("%s, %s: the head takes two lines, or something of it stands outside of the window (%s)", name, a.who, got)
	}
	if a.dir == "" {
		return
	}
	for _, theme := range []string{"light", "dark"} {
		if _, err := chromedp.Call(a.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}}); err != nil {
			a.t.Fatal(err)
		}
		a.until("document.getAnimations().every(x => x.playState == 'finished' || x.effect?.getComputedTiming().iterations == Infinity)")
		data, err := chromedp.Run(a.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			a.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(a.dir, fmt.Sprintf("%s-%s-%s.png", name, a.who, theme)), data, 0o600); err != nil {
			a.t.Fatal(err)
		}
	}
}

// Everything that people come by in their first minutes fits its window, in both
// languages, on a phone and at a desk. With TASTETEST_ALBUM=DIR pictures of it all,
// in light and dark, are left there to be looked at.
func TestAlbum(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a browser")
	}
	t.Parallel()
	browser := chromium(t)
	dir := os.Getenv("TASTETEST_ALBUM")
	h := openHouse(t)
	h.revealed(t, 12, 6, bot.Reaction)
	host := joined(t, h.url, "Bo")
	h.start(host, "rounds=5 until=2h pack=demo")
	for voter := range 7 {
		p := joined(t, h.url, fmt.Sprint("Taster ", voter+1))
		for n := 1; n <= 5; n++ {
			p.post("/tap", "channel", "tasting/13/head", "message", fmt.Sprintf("13.%d/ballot", n), "tap", "on:"+string(bot.Choices[(voter*n)%3].Choice))
		}
	}
	host.post("/press", "button", "13/close")
	h.until(13, bot.Revealed)
	h.start(host, "rounds=3 until=50m pack=demo")
	h.start(host, "rounds=3 until=3h ballot=private pack=demo")
	for lang, widths := range map[string][]int64{"en": {phone, desk}, "zh": {phone, desk}} {
		for _, width := range widths {
			t.Run(fmt.Sprint(lang, width), func(t *testing.T) {
				a := album{visit(t, browser, h.url, width), dir, fmt.Sprintf("%s-%d", lang, width)}
				a.click("#join [data-close]")
				a.click(".tongues summary")
				a.click(".tongues button[value=" + lang + "]")
				a.until("document.documentElement.lang.startsWith('" + lang + "') && document.querySelector('#join')?.open")
				a.typeIn("#join input[name=name]", "bo")
				a.click("#join button.primary")
				a.until("document.querySelector('#join .problem:not([hidden])')")
				a.shot("01-second-bo")
				a.fill("#join input[name=name]", fmt.Sprint("Reader ", lang, width))
				a.click("#join button.primary")
				a.until("document.querySelector('#composer') && !document.querySelector('#join')")

				ballot := "#m-14-head"
				a.run("scrollTo(0, document.querySelector('" + ballot + "').getBoundingClientRect().top + scrollY - 60)")
				a.shot("02-ballot")
				a.click(ballot + " .tap[value='on:left']")
				a.until("document.querySelector('" + ballot + " .tap[aria-pressed=true]')")
				a.shot("03-voted")
				a.run("document.dispatchEvent(new Event('wheel')); scrollTo(0, document.querySelector('#m-13-announcement').getBoundingClientRect().top + scrollY - 60)") // who scrolls is not brought on to the next ballot
				a.shot("04-reveal")
				a.click("#m-13-announcement .boss > summary")
				a.run("document.querySelectorAll('#m-13-announcement > .folds > details').forEach(d => { d.open = true; }); scrollTo(0, document.querySelector('#m-13-announcement .folds').getBoundingClientRect().top + scrollY - 60)")
				a.shot("05-behind")

				a.click(".go .new")
				a.until("document.querySelector('#sheet .form')")
				a.shot("06-form")
				a.click("#sheet .rest summary")
				a.fill("#field-rounds", "99")
				a.click("#sheet .formfoot .primary")
				a.until("document.querySelector('#sheet .problem')")
				a.shot("07-mistake")
				a.click("#sheet .x")
				a.until("!document.querySelector('#sheet').open")
				a.fill("#say", "/tastetest start rounds=3 pack=demo")
				a.keys(kb.Enter)
				a.until("document.querySelector('.private .primary')")
				a.shot("08-confirm")
				a.run("document.querySelector('.private .actions button:not(.primary), .private button[value$=\"/drop\"]').click()")
				a.until("!document.querySelector('.private .primary')")

				a.click("#m-15-head .primary")
				a.until("document.querySelector('#sheet .seatfoot')")
				a.shot("09-seat")
				for range 3 {
					before := a.text("#sheet .title")
					a.keys("1")
					a.until(fmt.Sprintf("document.querySelector('#sheet .title')?.innerText != %q", before))
				}
				a.shot("10-seat-done")
				a.keys(kb.Escape)
				a.until("!document.querySelector('#sheet').open")

				a.click(".mine summary")
				a.shot("11-menu")
				a.click(".mine form[action='/me/link'] button")
				a.until("/key=/.test(document.querySelector('.private pre')?.innerText)")
				a.shot("12-link")
				other := album{visit(t, browser, "about:blank", width), dir, a.who}
				if _, err := chromedp.Call(other.ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: "a browser", AcceptLanguage: lang}); err != nil {
					t.Fatal(err)
				}
				other.do("open the link", chromedp.Navigate(a.text(".private pre")))
				other.until("document.querySelector('form[action=\"/me/as\"]') && document.documentElement.lang.startsWith('" + lang + "')")
				other.shot("13-link-opened")

				for name, path := range map[string]string{"14-results": "/results", "15-pairs": "/results#pairs", "16-tastings": "/results#tastings", "17-result": "/results/13", "18-rounds": "/results/13", "19-none": "/results?model=nobody", "20-closed": "/at/abc/results"} {
					a.do("go to "+path, chromedp.Navigate(h.url+path))
					a.until("document.readyState == 'complete' && document.querySelector('main')")
					if name == "18-rounds" {
						a.run("scrollTo(0, document.querySelector('.roundlist').getBoundingClientRect().top + scrollY - 60)")
					}
					a.shot(name)
				}
				a.do("go to the results", chromedp.Navigate(h.url+"/results"))
				if _, err := chromedp.Call(a.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
					t.Fatal(err)
				}
				a.until("document.readyState == 'complete' && !document.querySelector('.top, .wish').checkVisibility() && document.querySelector('.ranks').checkVisibility() && getComputedStyle(document.body).backgroundColor == 'rgb(255, 255, 255)'")
			})
		}
	}
}
