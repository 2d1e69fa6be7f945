package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// Two channels of a Slack workspace, in each of which one test was revealed, beside
// the page's own.
var (
	sales   = bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T1"}, Channel: "CSALES"}
	support = bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T1"}, Channel: "CSUPPORT"}
)

// channels are a core that revealed a test in each of them.
func channels() *memory {
	m := newMemory()
	for at, title := range map[bot.Place]string{sales: "Salesresult", support: "Supportresult", channel: "Pageresult"} {
		a := samples.Announcement
		a.Title = bot.Literal(title)
		m.put(at, bot.PostKey{Tasting: tasting(12), What: "announcement"}, a)
	}
	return m
}

var pageKey = []byte("0123456789abcdef0123456789abcdef")

// linkTo is the path of a link to a place's results.
func linkTo(t *testing.T, key []byte, at bot.Place) string {
	t.Helper()
	l := web.Linker{Base: "https://taste.example/", Key: func(context.Context) ([]byte, error) { return key, nil }}
	link, err := l.Results(t.Context(), at)
	path, ours := strings.CutPrefix(link, "https://taste.example")
	if err != nil || !ours {
		t.Fatalf("the link is %q (%v)", link, err)
	}
	return path
}

// opened follows a link to the results, and returns their path.
func opened(t *testing.T, p *person, link string) (path string) {
	t.Helper()
	r, err := p.client.Get(p.url + link)
	if err != nil {
		t.Fatal(err)
	}
	status, body := p.read(r)
	if r.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("the step from a link tells the next page the key: Referrer-Policy %q", r.Header.Get("Referrer-Policy"))
	}
	_, rest, found := strings.Cut(body, `content="0; url=`)
	path, _, _ = strings.Cut(rest, `"`)
	if status != http.StatusOK || !found || strings.Contains(path, "key") || strings.Contains(body, "result of") {
		t.Fatalf("a link is answered %d:\n%s", status, body)
	}
	return path
}

// A link opens the results of its channel, and nothing else, in the browser that it was
// opened in: not the page's, nor another channel's. After a restart both hold on.
func TestLinkToResults(t *testing.T) {
	_, url := serve(t, channels(), channels(), web.Options{Key: pageKey, Secret: "hops-and-malt"})
	ada := newPerson(t, url)
	path := opened(t, ada, linkTo(t, pageKey, sales))
	if page := ada.get(path); !strings.Contains(page, "Salesresult") || strings.Contains(page, "Supportresult") || strings.Contains(page, "Pageresult") || strings.Contains(page, `href="/"`) {
		t.Errorf("the link shows:\n%s", page)
	}
	if page := ada.get(path + "/12"); !strings.Contains(page, "Salesresult") || !strings.Contains(page, `href="`+path+`"`) {
		t.Errorf("the test’s own page is:\n%s", page)
	}
	other := opened(t, newPerson(t, url), linkTo(t, pageKey, support))
	for what, at := range map[string]string{"another channel": other, "another channel’s test": other + "/12", "the page": "/results", "the page’s test": "/results/12", "the page’s files": "/results/votes.csv"} {
		if page := ada.get(at); strings.Contains(page, "result") && strings.Contains(page, "Salesresult") || strings.Contains(page, "Supportresult") || strings.Contains(page, "Pageresult") {
			t.Errorf("with a link to one channel %s is shown:\n%s", what, page)
		}
	}
	bob := newPerson(t, url)
	bob.post("/enter", "secret", "hops-and-malt")
	if page := bob.get("/results"); !strings.Contains(page, "Pageresult") {
		t.Errorf("the secret does not open the page’s own results:\n%s", page)
	}
	for _, at := range []string{path, path + "/12", other, path + "/votes.csv"} {
		page := bob.get(at)
		if !strings.Contains(page, "These results are for people of one channel. In it, press “Open results” under a reveal.") || strings.Contains(page, "Salesresult") {
			t.Errorf("with the page’s secret %s is:\n%s", at, page)
		}
	}

	_, again := serve(t, channels(), channels(), web.Options{Key: pageKey, Secret: "hops-and-malt"}) // as after a restart, or on a replica
	if page := newPerson(t, again).get(opened(t, newPerson(t, again), linkTo(t, pageKey, sales))); strings.Contains(page, "Salesresult") {
		t.Error("a link that somebody else opened lets in whoever has the address")
	}
	cy := newPerson(t, again)
	if page := cy.get(opened(t, cy, linkTo(t, pageKey, sales))); !strings.Contains(page, "Salesresult") {
		t.Errorf("after a restart the link shows:\n%s", page)
	}
}

// What is no link of ours, or holds no more, is refused in one sentence, and told
// nothing.
func TestWrongLinks(t *testing.T) {
	_, url := serve(t, channels(), channels(), web.Options{Key: pageKey, Secret: "hops-and-malt"})
	good := strings.TrimPrefix(linkTo(t, pageKey, sales), "/at/open?key=")
	const not, over = "That link is not one of this page’s.", "That link held for ten minutes, and they are over."
	soon, past := time.Now().Add(time.Minute), time.Now().Add(-time.Second)
	for _, tt := range []struct{ name, key, says string }{
		{"nothing", "", not},
		{"no pass", "abc", not},
		{"another signature", good[:len(good)-2] + "xx", not},
		{"another place", "W10" + good, not},
		{"another page’s", web.LinkUntil([]byte("another key, of thirty-two bytes"), sales, soon, false), not},
		{"a browser’s pass", web.LinkUntil(pageKey, sales, soon, true), not},
		{"an old one", web.LinkUntil(pageKey, sales, past, false), over},
	} {
		p := newPerson(t, url)
		r, err := p.client.Get(url + "/at/open?key=" + tt.key)
		if err != nil {
			t.Fatal(err)
		}
		if status, body := p.read(r); status != http.StatusForbidden || !strings.Contains(body, tt.says) || strings.Contains(body, "CSALES") || len(r.Cookies()) > 0 {
			t.Errorf("%s is answered %d with %d cookies:\n%s", tt.name, status, len(r.Cookies()), body)
		}
	}
	// The cookie, too, ends; and a link's pass is none.
	at := opened(t, newPerson(t, url), "/at/open?key="+good)
	name := func() string {
		p := newPerson(t, url)
		r, err := p.client.Get(url + "/at/open?key=" + good)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		return r.Cookies()[0].Name
	}()
	for what, value := range map[string]string{"an old cookie": web.LinkUntil(pageKey, sales, past, true), "a link as a cookie": good, "a cookie of another place": web.LinkUntil(pageKey, support, soon, true)} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", url+at, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.AddCookie(&http.Cookie{Name: name, Value: value})
		p := newPerson(t, url)
		r, err := p.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if status, body := p.read(r); status != http.StatusUnauthorized || strings.Contains(body, "Salesresult") {
			t.Errorf("%s is answered %d", what, status)
		}
	}
}

// Whoever is sent the address of a view, and a program that makes a preview of it, are
// told what the bot is called and nothing else; a person with the secret then sees it.
func TestSentAddresses(t *testing.T) {
	_, url := serve(t, channels(), channels(), web.Options{Key: pageKey, Secret: "hops-and-malt", Title: "Our taste"})
	at := opened(t, newPerson(t, url), linkTo(t, pageKey, sales))
	for _, path := range []string{"/results?model=nova", "/results/12", at + "?model=nova", at + "/12"} {
		for _, site := range []string{"", "cross-site"} {
			req, err := http.NewRequestWithContext(t.Context(), "GET", url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Sec-Fetch-Site", site)
			p := newPerson(t, url)
			r, err := p.client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			status, body := p.read(r)
			if !strings.Contains(body, "<title>Our taste</title>") || strings.Contains(body, "result ") || strings.Contains(body, "Salesresult") || strings.Contains(body, "#tasting") || strings.Contains(body, "nova</") {
				t.Errorf("%s from %q is answered %d:\n%s", path, site, status, body)
			}
			if site != "" && !strings.Contains(body, `content="0; url=`+path+`"`) {
				t.Errorf("a link to %s elsewhere does not lead on:\n%s", path, body)
			}
		}
	}
	p := newPerson(t, url)
	r, err := p.client.PostForm(url+"/enter", map[string][]string{"secret": {"hops-and-malt"}, "to": {"/results?model=nova"}})
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if to := r.Header.Get("Location"); to != "/results?model=nova" {
		t.Errorf("after the secret one is at %q", to)
	}
	for _, to := range []string{"https://evil.example/results", "//evil.example/results", "/\\evil.example", "/press", "/resultsx"} {
		r, err := newPerson(t, url).client.PostForm(url+"/enter", map[string][]string{"secret": {"hops-and-malt"}, "to": {to}})
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if got := r.Header.Get("Location"); got != "/" {
			t.Errorf("the gate leads to %q, as was asked", got)
		}
	}
}

// A page that is this machine's alone can still be where other chats' results are read,
// behind a proxy under its own name: by links, and by nothing else.
func TestLinksToAPageOfThisMachine(t *testing.T) {
	_, url := serve(t, channels(), channels(), web.Options{Key: pageKey})
	get := func(p *person, path string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), "GET", url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = "taste.example"
		r, err := p.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		return p.read(r)
	}
	ada := newPerson(t, url)
	if status, body := get(ada, linkTo(t, pageKey, sales)); status != http.StatusOK {
		t.Fatalf("answered %d: %s", status, body)
	}
	at := opened(t, ada, linkTo(t, pageKey, sales))
	for path, want := range map[string]int{at: 200, "/static/results.css": 200, "/": 403, "/results": 403, "/results/12": 403, "/channel": 403} {
		if status, body := get(ada, path); status != want || want == 403 && strings.Contains(body, "Pageresult") {
			t.Errorf("%s under the proxy’s name is answered %d, want %d", path, status, want)
		}
	}
}

// In two browsers: the one that opened the link reads and narrows down; the other, which
// was sent the address, is told where to ask.
func TestLinkInBrowsers(t *testing.T) {
	if testing.Short() {
		t.Skip("browsers take their time")
	}
	browser := chromium(t)
	_, url := serve(t, channels(), channels(), web.Options{Key: pageKey, Secret: "hops-and-malt"})
	ada := visit(t, browser, url+linkTo(t, pageKey, sales), phone)
	ada.sees("Salesresult")
	ada.until("!location.href.includes('key') && location.pathname.startsWith('/at/')")
	ada.fits()
	ada.click("article a")
	ada.sees("Salesresult")
	bob := visit(t, browser, ada.string("location.href"), desk)
	bob.sees("These results are for people of one channel.")
	if got := bob.text("body"); strings.Contains(got, "Salesresult") {
		t.Errorf("who was sent the address sees %q", got)
	}
}
