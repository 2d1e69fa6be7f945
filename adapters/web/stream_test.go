package web_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// stream opens a stream of news from an address, and returns what it is answered.
func (p *person) stream(from string) *http.Response {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.url+"/events", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("X-Forwarded-For", from)
	a, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	return a
}

// One person, and one address, have only so many streams. Whoever has more is told so,
// loses nothing by it, and may have another when one has ended.
func TestStreamsAreBounded(t *testing.T) {
	m := newMemory()
	c, url := serve(t, m, m, web.Options{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	m.put(channel, bot.PostKey{Tasting: tasting(12), What: bot.HeadPost}, samples.Head)
	refused := func(a *http.Response) bool {
		t.Helper()
		if a.StatusCode == http.StatusOK {
			t.Cleanup(func() { a.Body.Close() })
			return false
		}
		defer a.Body.Close()
		said, err := io.ReadAll(a.Body)
		if err != nil || a.StatusCode != http.StatusTooManyRequests || !strings.Contains(string(said), "asks for news every now and then") || a.Header.Get("Retry-After") == "" {
			t.Fatalf("one stream too many is answered %s: %s %v", a.Status, said, err)
		}
		return true
	}
	ada, bob := joined(t, url, "Ada"), joined(t, url, "Bob")
	first := ada.stream("192.0.2.1")
	n := 1
	for !refused(ada.stream(fmt.Sprint("192.0.2.", n+1))) {
		if n++; n > 100 {
			t.Fatal("one person has a hundred streams")
		}
	}
	if n < 6 {
		t.Errorf("one person has %d streams; a browser has six", n)
	}
	if page := ada.get("/channel"); !strings.Contains(page, "m-12-head") {
		t.Error("who has no stream is shown no page")
	}
	if refused(bob.stream("192.0.2.1")) {
		t.Error("another has none, since Ada has many")
	}
	first.Body.Close()
	adaptertest.Eventually(t, "one of them has ended", func() bool { return c.OpenPages() == n })
	if refused(ada.stream("192.0.2.1")) {
		t.Error("one has ended, and there is no other in its place")
	}

	stranger := newPerson(t, url)
	all := 0
	for !refused(stranger.stream("198.51.100.7")) {
		if all++; all > 400 {
			t.Fatal("one address has four hundred streams")
		}
	}
	if all < 100 {
		t.Errorf("an office of %d people is full", all)
	}
	if refused(bob.stream("203.0.113.9")) {
		t.Error("another address has none, since one has many")
	}
}

// Pages that never close and never read are let go: no goroutine and no descriptor
// stays behind, and others vote meanwhile. TASTETEST_PAGES=10000 opens so many.
func TestPagesThatNeverReadAreLetGo(t *testing.T) {
	pages := adaptertest.Rounds("TASTETEST_PAGES", testing.Short(), 20, 60)
	ln := listening(t)
	m := newMemory()
	c, err := web.New(logger(t), ln.Addr(), m, web.Options{Key: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	c.Hurry(300*time.Millisecond, 300*time.Millisecond)
	adaptertest.Serve(t, ln, c.Handler())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go c.Run(ctx, m)
	url := "http://" + ln.Addr().String()
	long := samples.Ballot
	long.Prompt = bot.Verbatim(strings.Repeat("A long prompt. ", 20_000))
	ballot := m.put(channel, bot.PostKey{Tasting: tasting(12), Round: 1, What: bot.BallotPost}, long)
	ada := joined(t, url, "Ada")

	was := adaptertest.Swept()
	t.Logf("before: %v", was)
	for left := pages; left > 0; left -= 20 {
		var conns []net.Conn
		for i := range min(left, 20) {
			conn, err := net.Dial("tcp", ln.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			conns = append(conns, conn)
			ask := "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"
			if i == 0 { // more than the kernel keeps for one who does not read
				conn.(*net.TCPConn).SetReadBuffer(4096)
				ask = strings.Repeat("GET /channel HTTP/1.1\r\nHost: localhost\r\n\r\n", 30)
			}
			if _, err := io.WriteString(conn, ask); err != nil {
				t.Fatal(err)
			}
		}
		if status, o := ada.post("/tap", "channel", ballot.Channel, "message", ballot.Message, "tap", "on:left"); status != http.StatusOK {
			t.Fatalf("while nobody reads a tap is answered %d %s", status, o.Error)
		}
		deadline := time.Now().Add(20 * time.Second)
		for {
			now := adaptertest.Now()
			now.Descriptors -= len(conns) // ours
			if c.OpenPages() == 0 && !now.Beyond(was, 2) {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("of %d pages that read nothing %d are open; without our own connections there are %v, and were %v", len(conns), c.OpenPages(), now, was)
			}
			time.Sleep(20 * time.Millisecond)
		}
		for _, conn := range conns {
			conn.Close()
		}
		if done := pages - left + 20; done == pages/2/20*20 || done >= pages {
			t.Logf("after %d pages: %v", min(done, pages), adaptertest.Swept())
		}
	}
}

// However often something changes, a page is told to look only now and then; what is
// for its user alone, at once.
func TestPagesAreToldInTurn(t *testing.T) {
	m := newMemory()
	c, url := serve(t, m, m, web.Options{})
	ada := joined(t, url, "Ada")
	news := ada.stream("")
	defer news.Body.Close()
	told := make(chan struct{}, 1000)
	go func() {
		for lines := bufio.NewScanner(news.Body); lines.Scan(); {
			if lines.Text() == "event: changed" {
				told <- struct{}{}
			}
		}
	}()
	<-told // what was before it was open
	began := time.Now()
	for range 300 {
		if _, err := c.Post(t.Context(), channel, bot.PostKey{Tasting: tasting(12), What: bot.HeadPost}, time.Time{}, samples.Head); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	<-told
	// It rests at least an eighth of a second after each.
	if n, most := 1+len(told), 2+int(time.Since(began)/(125*time.Millisecond)); n > most {
		t.Errorf("of 300 changes in %v it was told %d times, and not at most %d", time.Since(began), n, most)
	}
	for len(told) > 0 {
		<-told
	}
	if err := c.Tell(t.Context(), bot.Voter{Workspace: workspace, User: ada.user()}, help); err != nil {
		t.Fatal(err)
	}
	select {
	case <-told:
	case <-time.After(10 * time.Second):
		t.Error("what is for Ada alone is told to nobody")
	}
}
