package web_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// The week is read at once on a phone and at a desk: its lines fit, each step is a
// button beside its line, and what stands behind it opens. With -update the README's
// picture of it is taken anew.
func TestTheWeekIsRead(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	m.press = func(bot.Press) bot.Reply { return bot.Reply{Post: samples.Digest.Week} }
	m.put(channel, bot.DigestKey(workspace, samples.Digest.Until), samples.Digest)
	for _, width := range []int64{phone, desk} {
		page := visit(t, browser, url, width)
		page.join(fmt.Sprint("Reader ", width))
		page.until("document.querySelector('.digest')")
		page.fits()
		if n := page.count(".digest .found li"); n != 2 {
			t.Errorf("%d wide: %d tests are told of, want 2", width, n)
		}
		page.until("document.querySelectorAll('.digest .offer').length == 2 && [...document.querySelectorAll('.digest .offer')].every(o => o.querySelector('button').checkVisibility())")
		page.click(".digest .actions button")
		page.until("document.querySelectorAll('.weektest').length == 3")
		page.fits()
		if width == desk && flag.Lookup("update").Value.String() == "true" {
			page.run("window.before = true")
			page.reload()
			page.until("!window.before && document.querySelector('.digest')")
			page.photograph(".digest", "pictures/digest.png")
		}
	}
}

// photograph writes how an element looks, once it has stopped moving.
func (p tab) photograph(css, path string) {
	p.t.Helper()
	p.do("take the rest away", chromedp.Evaluate[chromedp.Void](`document.querySelectorAll(".composer, .top").forEach(e => e.hidden = true)`))
	p.until("document.getAnimations().every(a => a.playState == 'finished')")
	ctx, cancel := context.WithTimeout(p.ctx, slow)
	defer cancel()
	data, err := chromedp.Run(ctx, chromedp.Screenshot(chromedp.CSS(css)))
	if err == nil {
		err = os.WriteFile(path, data, 0o644)
	}
	if err != nil {
		p.t.Fatalf("take a picture of %s: %v", css, err)
	}
}
