package web_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// A wire leads to a page and can be cut and mended.
type wire struct {
	t      *testing.T
	to, at string

	mu    sync.Mutex
	ln    net.Listener
	conns []net.Conn
}

// newWire returns the wire's own address of the page at url.
func newWire(t *testing.T, url string) (*wire, string) {
	w := &wire{t: t, to: strings.TrimPrefix(url, "http://"), at: "127.0.0.1:0"}
	w.mend()
	t.Cleanup(w.cut)
	return w, "http://" + w.at
}

func (w *wire) mend() {
	ln, err := net.Listen("tcp", w.at)
	if err != nil {
		w.t.Fatal(err)
	}
	w.ln, w.at = ln, ln.Addr().String()
	go func() {
		for {
			near, err := ln.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", w.to)
			if err != nil {
				near.Close()
				continue
			}
			w.mu.Lock()
			w.conns = append(w.conns, near, far)
			w.mu.Unlock()
			go io.Copy(far, near)
			go io.Copy(near, far)
		}
	}()
}

func (w *wire) cut() {
	w.ln.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conns {
		c.Close()
	}
	w.conns = nil
}

// While the bot is out of reach the page says so, on a phone too, and no longer
// than that.
func TestOutOfReach(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	m := newMemory()
	m.press = func(bot.Press) bot.Reply { return bot.Reply{Post: samples.Seat} }
	m.put(channel, bot.PostKey{Tasting: tasting(12), What: "head"}, samples.Head)
	_, url := serve(t, m, m, web.Options{Title: "Tastetest demo"})
	w, url := newWire(t, url)
	ada := visit(t, browser, url, phone)
	ada.join("Ada Lovelace of Ockham Park")
	ada.click(".head .primary")
	ada.until("document.querySelector('#sheet').open")

	w.cut()
	ada.keys("1")
	ada.until("document.querySelector('#sheet .problem:not([hidden])')?.innerText.includes('did not reach')")
	ada.until("document.documentElement.hasAttribute('data-offline')")
	ada.fits()
	for what, holds := range map[string]string{
		"the name of the page is not broken in a word": "document.querySelector('.brand').getBoundingClientRect().height < 30",
		"the banner is one line":                       "document.querySelector('.offline').getBoundingClientRect().height < 30",
	} {
		if ada.string("String("+holds+")") != "true" {
			t.Errorf("it is not so that %s", what)
		}
	}

	w.mend()
	ada.until("!document.documentElement.hasAttribute('data-offline')")
	ada.until("!document.querySelector('#sheet .problem:not([hidden])')")
	ada.keys("1")
	ada.until("!document.querySelector('#sheet .problem:not([hidden])')")
}

// Where a stream of news is refused, as by a proxy or because too many are open, a page
// asks by itself.
func TestNewsWithoutAStream(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	m := newMemory()
	_, at := serve(t, m, m, web.Options{})
	page, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	var refused atomic.Int32
	on := httputil.NewSingleHostReverseProxy(page)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/events" {
			refused.Add(1)
			http.Error(w, "no streams here", http.StatusTooManyRequests)
			return
		}
		on.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	ada := visit(t, browser, proxy.URL, desk)
	ada.join("Ada")
	ada.until("source === null && !looking") // refused, and its first look is over
	m.put(channel, bot.PostKey{Tasting: tasting(12), What: "head"}, samples.Head)
	ada.until("document.querySelector('#m-12-head')")
	if refused.Load() < 2 {
		t.Errorf("a stream was asked for %d times; this test looks at a page that goes on asking", refused.Load())
	}
}

// The box for the name takes as many characters as the server.
func TestNameBox(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	ada := visit(t, browser, url, desk)
	ada.until("document.querySelector('#join')?.open")
	ada.typeIn("#join input[name=name]", strings.Repeat("n", 40))
	if got := ada.value("#join input"); got != strings.Repeat("n", 32) {
		t.Errorf("of 40 letters the box has %d", len(got))
	}
	ada.run("document.querySelector('#join input').value = ''")
	name := strings.Repeat("नि", 32) // 64 code points, 32 as people see them
	ada.typeIn("#join input[name=name]", name)
	if got := ada.value("#join input"); got != name {
		t.Errorf("of %q the box has %q", name, got)
	}
	ada.keys(kb.Enter)
	ada.until("document.querySelector('.me')?.innerText.includes('नि')")
}
