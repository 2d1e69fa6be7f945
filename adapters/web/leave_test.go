package web_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
)

// Pages leave at every moment: the connection is cut within a request or right
// after it. What was read whole is kept whole, what was not changes nothing;
// and nobody's row ever holds half a change of mind.
func TestPagesThatLeave(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ballot  string
		request func(choice bot.Choice, on bool) (path string, pairs []string)
	}{
		{"reaction", func(c bot.Choice, on bool) (string, []string) {
			turn := map[bool]string{true: "on:", false: "off:"}[on]
			return "/tap", []string{"channel", "tasting", "message", "1.1/ballot", "tap", turn + string(c)}
		}},
		{"private", func(c bot.Choice, on bool) (string, []string) {
			if !on {
				c = "clear"
			}
			return "/press", []string{"button", "1.1/" + string(c)}
		}},
	} {
		t.Run(tt.ballot, func(t *testing.T) {
			ln := &counting{t: t}
			h := openHouseOn(t, ln.listen(), engine.Policy{Everyone: true})
			ada := joined(t, h.url, "Ada")
			h.start(ada, "rounds=1 until=2h ballot="+tt.ballot)
			say := func(c bot.Choice, on bool) (int, outcome) {
				path, pairs := tt.request(c, on)
				return ada.post(path, pairs...)
			}
			row := func() bot.Vote {
				t.Helper()
				ln.quiet()
				v, err := h.store.Vote(t.Context(), tasting(1).Round(1), bot.Voter{Workspace: workspace, User: ada.user()})
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			marks := make(map[bot.Choice][4]bool) // what a row is by what was tapped; none for ""
			for _, c := range bot.Choices {
				if status, o := say(c.Choice, true); status != http.StatusOK {
					t.Fatalf("%s is answered %d %s", c.Choice, status, o.Error)
				}
				marks[c.Choice] = standing(row())
			}
			random := rand.New(rand.NewPCG(8, 2))
			kept := 0
			for trial := range 150 {
				before := bot.Choices[random.IntN(4)].Choice
				if status, o := say(before, true); status != http.StatusOK {
					t.Fatalf("%s is answered %d %s", before, status, o.Error)
				}
				if got := standing(row()); got != marks[before] {
					t.Fatalf("trial %d: %s was acknowledged, and the row is %v, not %v", trial, before, got, marks[before])
				}
				next, on := bot.Choices[random.IntN(4)].Choice, random.IntN(3) > 0
				path, pairs := tt.request(next, on)
				whole := ada.leave(path, pairs, random)
				want := before
				if whole {
					kept++
					if want = next; !on {
						want = ""
					}
				}
				if got := standing(row()); got != marks[want] {
					t.Errorf("trial %d: after %s was acknowledged a page said %s (on %v) and left (said it whole: %v); the row is %v, not %v", trial, before, next, on, whole, got, marks[want])
				}
			}
			if kept < 30 || kept > 120 {
				t.Errorf("%d of 150 requests were said whole; the test wants both kinds", kept)
			}
		})
	}
}

// What comes too late is never answered as if it were kept, and the page is
// told so in words.
func TestVotesAfterClosing(t *testing.T) {
	h := openHouse(t)
	ada := joined(t, h.url, "Ada")
	h.start(ada, "rounds=1 until=2h ballot=reaction")
	if status, o := ada.post("/press", "button", "1/close"); status != http.StatusOK {
		t.Fatalf("it is not closed: %d %s", status, ada.shown(o))
	}
	h.until(1, bot.Revealed)
	for _, tap := range []string{"on:left", "off:left"} {
		status, o := ada.post("/tap", "channel", "tasting", "message", "1.1/ballot", "tap", tap)
		if status != http.StatusConflict || o.Error != "Voting has ended." {
			t.Errorf("%s after closing is answered %d %q", tap, status, o.Error)
		}
	}
	if status, o := ada.post("/tap", "channel", "tasting", "message", "99.1/ballot", "tap", "on:left"); status != http.StatusConflict || !strings.Contains(o.Error, "not here any more") {
		t.Errorf("a tap on what is not there is answered %d %q", status, o.Error)
	}

	h.start(ada, "rounds=1 until=2h ballot=private")
	if status, o := ada.post("/press", "button", "2/close"); status != http.StatusOK {
		t.Fatalf("it is not closed: %d %s", status, ada.shown(o))
	}
	h.until(2, bot.Revealed)
	for _, button := range []string{"2.1/left", "2.1/clear"} {
		for _, in := range []string{"", "dialog"} {
			status, o := ada.post("/press", "button", button, "in", in)
			if status < 300 || !strings.Contains(ada.shown(o), "Voting in taste test 2 is over") {
				t.Errorf("%s after closing is answered %d %q", button, status, ada.shown(o))
			}
		}
	}
}

// Somebody who was forgotten while voting is open is told that a tap was not
// kept.
func TestTapsOfTheForgotten(t *testing.T) {
	h := openHouse(t)
	ada := joined(t, h.url, "Ada")
	h.start(ada, "rounds=1 until=2h ballot=reaction")
	bob := joined(t, h.url, "Bob")
	bob.post("/tap", "channel", "tasting", "message", "1.1/ballot", "tap", "on:left")
	if _, err := h.store.Forget(t.Context(), bot.Voter{Workspace: workspace, User: bob.user()}); err != nil {
		t.Fatal(err)
	}
	status, o := bob.post("/tap", "channel", "tasting", "message", "1.1/ballot", "tap", "on:right")
	if status != http.StatusConflict || !strings.Contains(o.Error, "You asked to be forgotten") {
		t.Errorf("the tap is answered %d %q", status, o.Error)
	}
}

// standing is which marks of a row are on.
func standing(v bot.Vote) (on [4]bool) {
	for i, m := range v.Marks {
		on[i] = m.On
	}
	return on
}

// start starts a tasting, and waits until it takes votes.
func (h house) start(p *person, options string) {
	p.t.Helper()
	_, o := p.post("/command", "text", "/tastetest start "+options)
	said := p.shown(o)
	_, id, found := strings.Cut(said, `value="`)
	for found && !strings.Contains(id[:strings.Index(id, `"`)], "/go") {
		_, id, found = strings.Cut(id, `value="`)
	}
	if !found {
		p.t.Fatalf("it is answered with no question whether to start:\n%s", said)
	}
	id = id[:strings.Index(id, `"`)]
	last := h.newest()
	p.post("/press", "button", id)
	h.until(last+1, bot.Open)
}

// newest is the number of the latest tasting that was started; 0: none was.
func (h house) newest() (n uint64) {
	h.t.Helper()
	ts, err := h.store.Tastings(h.t.Context(), channel.Workspace, bot.Query{})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, t := range ts {
		if !t.ID.IsDraft() {
			n = max(n, t.ID.N)
		}
	}
	return n
}

// until waits for a tasting's state.
func (h house) until(n uint64, s bot.State) {
	h.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		t, err := h.store.Tasting(h.t.Context(), tasting(n))
		if err == nil && t.State == s {
			return
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("tasting %d is %v (%v), not %v", n, t.State, err, s)
		}
	}
}

// leave begins to send a form and cuts the connection somewhere, at times when
// all was said. whole says whether it was.
func (p *person) leave(path string, pairs []string, random *rand.Rand) (whole bool) {
	p.t.Helper()
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	cookie, body, host := p.cookie("user"), v.Encode(), strings.TrimPrefix(p.url, "http://")
	said := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nCookie: %s=%s\r\nAccept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		path, host, cookie.Name, cookie.Value, len(body), body)
	n := random.IntN(2 * len(said))
	whole = n >= len(said)
	conn, err := net.Dial("tcp", host)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := conn.Write([]byte(said[:min(n, len(said))])); err != nil {
		p.t.Fatal(err)
	}
	time.Sleep(time.Duration(random.IntN(800)) * time.Microsecond)
	conn.Close()
	return whole
}

// counting is a listener that knows which of its connections are open: when
// none is, the server is done with all that was asked.
type counting struct {
	net.Listener
	t    *testing.T
	mu   sync.Mutex
	open map[string]bool // by the other end's address
}

func (l *counting) listen() net.Listener {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		l.t.Fatal(err)
	}
	l.Listener, l.open = ln, make(map[string]bool)
	return l
}

func (l *counting) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[c.RemoteAddr().String()] = true
	return counted{c, l}, nil
}

// quiet waits until no connection is open and none waits to be accepted. They
// are accepted in their order: so all are that were made before its own.
func (l *counting) quiet() {
	l.t.Helper()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		l.t.Fatal(err)
	}
	defer c.Close()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(200 * time.Microsecond) {
		l.mu.Lock()
		done := len(l.open) == 1 && l.open[c.LocalAddr().String()]
		l.mu.Unlock()
		if done {
			return
		}
		if time.Now().After(deadline) {
			l.t.Fatal("the server is not done with what was asked")
		}
	}
}

type counted struct {
	net.Conn
	of *counting
}

func (c counted) Close() error {
	c.of.mu.Lock()
	defer c.of.mu.Unlock()
	delete(c.of.open, c.RemoteAddr().String())
	return c.Conn.Close()
}
