package slack_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/slack"
	"github.com/tastetest/tastetest/adapters/slack/slackfake"
)

func fault(body string) fakechat.Fault { return fakechat.Fault{Status: 200, Body: body} }

// What Slack did not sign, or signed too long ago, or what was taken already,
// is refused, and its body is not logged.
func TestForgedRequests(t *testing.T) {
	var logged bytes.Buffer
	w := newWorld(t, slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})), true)
	h := newPlayer()
	stop := run(t, w, h)
	const body = `{"type":"event_callback","team_id":"T1","event":{"type":"reaction_added","user":"U1","reaction":"a","item":{"type":"message","channel":"CT1","ts":"1.1"},"event_ts":"1.1"},"note":"a body of its own"}`
	send := func(sign func(*http.Request)) (int, string) {
		t.Helper()
		req, err := http.NewRequest("POST", w.team.URL, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		sign(req)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		said, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(said)
	}
	good := func(at time.Time) func(*http.Request) {
		return func(r *http.Request) { slackfake.Sign(r, w.team.Secret, []byte(body), at) }
	}
	now := time.Now()
	for _, tt := range []struct {
		name string
		sign func(*http.Request)
		want int
	}{
		{"unsigned", func(*http.Request) {}, 401},
		{"signed with another secret", func(r *http.Request) { slackfake.Sign(r, "guessed", []byte(body), now) }, 401},
		{"signed for another body", func(r *http.Request) { slackfake.Sign(r, w.team.Secret, []byte("{}"), now) }, 401},
		{"signed six minutes ago", good(now.Add(-6 * time.Minute)), 401},
		{"signed in six minutes", good(now.Add(6 * time.Minute)), 401},
		{"signed now", good(now), 200},
		{"the same again", good(now), 401},
		{"a retry, signed anew", good(now.Add(time.Second)), 200},
	} {
		if status, said := send(tt.sign); status != tt.want || strings.Contains(said, "own") {
			t.Errorf("%s: answered %d %q, not %d", tt.name, status, said, tt.want)
		}
	}
	if n := len(h.heard()); n != 2 {
		t.Errorf("%d votes were heard, not 2", n)
	}
	stop()
	if strings.Contains(logged.String(), "a body of its own") || strings.Contains(logged.String(), w.team.Secret) {
		t.Errorf("logged:\n%s", logged.String())
	}
}

// A slow body is one of which so many bytes come, and nothing more until it is given up.
type slow struct {
	left  int
	waits *atomic.Int32 // for the rest
	given chan struct{}
}

func (s *slow) Read(b []byte) (int, error) {
	if s.left > 0 {
		n := min(s.left, len(b))
		s.left -= n
		return n, nil
	}
	s.waits.Add(1)
	<-s.given
	return 0, io.ErrUnexpectedEOF
}

// What is not signed is not read. Of what may be, large bodies are few in memory at
// once, however many strangers send them, and votes are heard beside them; so is a large
// form of Slack's, as long as they only promise much.
func TestBodiesOfStrangersAreNotRead(t *testing.T) {
	w := newWorld(t, slog.New(slog.DiscardHandler), true)
	h := newPlayer()
	run(t, w, h)
	send := func(body *slow, sign func(*http.Request)) int {
		req := httptest.NewRequest("POST", "/slack/events", body)
		req.ContentLength = 4 << 20
		sign(req)
		said := httptest.NewRecorder()
		w.chat.Handler().ServeHTTP(said, req)
		return said.Code
	}
	votes := 0
	vote := func(beside, note string) {
		t.Helper()
		votes++
		said := fmt.Sprintf(`{"type":"event_callback","team_id":"T1","event":{"type":"reaction_added","user":"U1","reaction":"a","item":{"type":"message","channel":"CT1","ts":"1.1"},"event_ts":"1.%d"},"note":%q}`, votes, note)
		req := httptest.NewRequest("POST", "/slack/events", strings.NewReader(said))
		req.Header.Set("Content-Type", "application/json")
		slackfake.Sign(req, w.team.Secret, []byte(said), time.Now())
		got := httptest.NewRecorder()
		if w.chat.Handler().ServeHTTP(got, req); got.Code != 200 || len(h.heard()) != votes {
			t.Errorf("%d bytes beside %s are answered %d %s, and %d votes were heard, want %d", len(said), beside, got.Code, got.Body, len(h.heard()), votes)
		}
	}
	var waits atomic.Int32
	ended := make(chan struct{})
	close(ended)
	if status := send(&slow{0, &waits, ended}, func(*http.Request) {}); status != 401 || waits.Load() > 0 {
		t.Errorf("what nobody signed is answered %d, and %d bodies were begun", status, waits.Load())
	}
	// sixty strangers send so many bytes each, and wait; it returns how many are not refused.
	sixty := func(bytes int) (waiting int32, end func()) {
		waits.Store(0)
		given := make(chan struct{})
		var all sync.WaitGroup
		var refused atomic.Int32
		for range 60 {
			all.Go(func() {
				if send(&slow{bytes, &waits, given}, func(r *http.Request) { slackfake.Sign(r, "guessed", nil, time.Now()) }) == http.StatusServiceUnavailable {
					refused.Add(1)
				}
			})
		}
		adaptertest.Eventually(t, "sixty large requests are read or refused", func() bool { return waits.Load()+refused.Load() == 60 })
		return waits.Load(), func() { close(given); all.Wait() }
	}
	waiting, end := sixty(1)
	if waiting != 60 {
		t.Errorf("of 60 bodies of which a byte came %d were refused", 60-waiting)
	}
	vote("large bodies of which a byte came", strings.Repeat("x", 3<<20))
	end()
	waiting, end = sixty(4<<20 - 1)
	if waiting == 0 || waiting > 4 {
		t.Errorf("of 60 bodies of 4 MB %d are read at once, not 4 at most", waiting)
	}
	vote("large bodies of which all but a byte came", "")
	end()
	vote("nothing", strings.Repeat("x", 3<<20))
}

// Whoever sends a body more slowly than Slack would wait for the answer is let go.
func TestSlowBodyIsLetGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slog.New(slog.DiscardHandler), true)
	run(t, w, newPlayer())
	page, err := url.Parse(w.team.URL)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", page.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(30 * time.Second))
	req := httptest.NewRequest("POST", page.Path, nil)
	slackfake.Sign(req, "guessed", nil, time.Now())
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: bot\r\nContent-Length: 4000000\r\n", page.Path)
	req.Header.Write(conn)
	io.WriteString(conn, "\r\nx")
	r, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: "POST"})
	if err != nil {
		t.Fatalf("a body of which a byte came is waited for: %v", err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusBadRequest {
		t.Errorf("a body of which a byte came is answered %d", r.StatusCode)
	}
}

// An app that is installed in one workspace cannot speak for another's.
func TestSignedForAnotherWorkspace(t *testing.T) {
	w := newWorld(t, logger(t), true)
	other := w.AddTeam(slackfake.Team{ID: "T2", BotToken: "xoxb-2", Secret: "another secret"})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + ln.Addr().String() + "/slack/events"
	w.Change(func() { w.team.URL, other.URL = address, address })
	w.chat, err = slack.New(w.log, slack.Options{APIURL: w.APIURL(), Workspaces: []slack.Workspace{
		{Name: "acme", BotToken: w.team.BotToken, SigningSecret: w.team.Secret}, {Name: "other", BotToken: "xoxb-2", SigningSecret: other.Secret},
	}})
	if err != nil {
		t.Fatal(err)
	}
	adaptertest.Serve(t, ln, w.chat.Handler())
	h := newPlayer()
	run(t, w, h)
	for _, team := range []string{
		`"team_id":"T1"`, `"team_id":"T2","authorizations":[{"team_id":"T1"}]`,
	} {
		body := `{"type":"event_callback",` + team + `,"event":{"type":"reaction_added","user":"U1","reaction":"a","item":{"type":"message","channel":"CT1","ts":"1.1"},"event_ts":"1.1"}}`
		for secret, want := range map[string]int{other.Secret: 401, w.team.Secret: 200} {
			req, _ := http.NewRequest("POST", address, strings.NewReader(body))
			slackfake.Sign(req, secret, []byte(body), time.Now())
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != want {
				t.Errorf("%s, signed with %q: answered %d, not %d", team, secret, resp.StatusCode, want)
			}
		}
	}
}

// A request that comes again while the first is worked on is refused too.
func TestReplayMeanwhile(t *testing.T) {
	w, h, ref, _ := posted(t, true)
	h.mu.Lock()
	h.hold = make(chan struct{})
	h.mu.Unlock()
	body := `{"type":"event_callback","team_id":"T1","event":{"type":"reaction_added","user":"U1","reaction":"a","item":{"type":"message","channel":"CT1","ts":"` + ref.Message + `"},"event_ts":"1.1"}}`
	at := time.Now()
	answers := make(chan int)
	for range 2 {
		go func() {
			req, _ := http.NewRequest("POST", w.team.URL, strings.NewReader(body))
			slackfake.Sign(req, w.team.Secret, []byte(body), at)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				answers <- 0
				return
			}
			resp.Body.Close()
			answers <- resp.StatusCode
		}()
	}
	if first := <-answers; first != 401 {
		t.Errorf("of two the first answer is %d, not 401", first)
	}
	close(h.hold)
	if second := <-answers; second != 200 {
		t.Errorf("and the other %d, not 200", second)
	}
}

// What comes before Slack has said who is who waits, and what comes after the
// end is answered so that Slack sends it again.
func TestRequestsAtTheEnds(t *testing.T) {
	w := newWorld(t, logger(t), true)
	body := []byte(`{"type":"event_callback","team_id":"T1","event":{"type":"reaction_added","user":"U1","reaction":"a","item":{"type":"message","channel":"CT1","ts":"1.1"},"event_ts":"1.1"}}`)
	send := func(at time.Time) int {
		req, _ := http.NewRequest("POST", w.team.URL, bytes.NewReader(body))
		slackfake.Sign(req, w.team.Secret, body, at)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	early := make(chan int, 1)
	go func() { early <- send(time.Now()) }()
	time.Sleep(10 * time.Millisecond) // else it may come after the beginning, which proves less
	h := newPlayer()
	stop := run(t, w, h)
	if status := <-early; status != 200 {
		t.Errorf("a vote before the beginning is answered %d", status)
	}
	stop()
	if status := send(time.Now().Add(time.Second)); status != 503 {
		t.Errorf("a vote after the end is answered %d", status)
	}
	if n := len(h.heard()); n != 1 {
		t.Errorf("%d votes were heard, not 1", n)
	}
}

// Slack asks for the URL once, when it is entered.
func TestChallenge(t *testing.T) {
	w := newWorld(t, logger(t), true)
	run(t, w, newPlayer())
	body := []byte(`{"type":"url_verification","challenge":"3eZbrw1aB"}`)
	req, _ := http.NewRequest("POST", w.team.URL, bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	slackfake.Sign(req, w.team.Secret, body, time.Now())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if said, _ := io.ReadAll(resp.Body); string(said) != "3eZbrw1aB" || resp.StatusCode != 200 {
		t.Errorf("answered %d %q", resp.StatusCode, said)
	}
}

// A vote that was not kept is answered with an error, and taken when it comes again.
func TestRetryOverHTTP(t *testing.T) {
	w, h, ref, _ := posted(t, true)
	ann := w.Join(t, "Ann")
	h.fail(io.ErrShortWrite)
	if err := w.Slack.Tap(ann, "CT1", ref.Message, "a", true); err == nil {
		t.Error("a vote that was not kept was acknowledged")
	}
	h.fail(nil)
	if err := w.Retry(); err != nil {
		t.Errorf("the retry: %v", err)
	}
	if len(h.heard()) != 1 {
		t.Errorf("heard %+v", h.heard())
	}
}
