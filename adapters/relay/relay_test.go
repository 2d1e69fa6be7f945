package relay_test

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/relay"
)

var (
	key    = []byte("a key that replicas alone know..")
	silent = slog.New(slog.DiscardHandler)
)

// A pair is a leader and a replica that stands by, each with a page and Slack's door.
type pair struct {
	f       *relay.Forwarder
	leader  *httptest.Server
	standby *httptest.Server
	came    chan http.Request // what came to the leader's doors
}

func serve(t *testing.T, h http.Handler) *httptest.Server {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func newPair(t *testing.T, answer http.HandlerFunc) *pair {
	p := &pair{f: relay.New(silent, key), came: make(chan http.Request, 10)}
	door := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			p.came <- *r
			w.Header().Set("Door", name)
			answer(w, r)
		})
	}
	p.leader = serve(t, relay.Receive(key, 7, door("own"), map[string]http.Handler{"page": door("page"), "slack": door("slack")}))
	t.Cleanup(p.f.Close)
	p.f.Follow(relay.Leader{Replica: 7, Reach: p.leader.URL})
	p.standby = serve(t, p.f.Handler(t.Context(), "page"))
	return p
}

func ask(t *testing.T, method, url, body string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	req.Host = "tasting.example.org"
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	said, _ := io.ReadAll(resp.Body)
	return resp, string(said)
}

// What is handed on comes to the leader as it came to the replica that stands by:
// from the same client, for the same host, with what proxies wrote, and the answer
// goes back as it was given.
func TestHandedOnAsItCame(t *testing.T) {
	p := newPair(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Set-Cookie", "name=ada")
		w.WriteHeader(http.StatusTeapot)
		w.Write(body)
	})
	resp, said := ask(t, "POST", p.standby.URL+"/tap?a=%2f;b&&c", "tap=on:left",
		"Cookie", "name=ada", "X-Forwarded-For", "203.0.113.9, 10.0.0.1", "X-Forwarded-Proto", "https", "Forwarded", "for=203.0.113.9", "Origin", "https://tasting.example.org")
	if resp.StatusCode != http.StatusTeapot || said != "tap=on:left" || resp.Header.Get("Set-Cookie") != "name=ada" || resp.Header.Get("Door") != "page" {
		t.Errorf("it is answered %s %q with %v", resp.Status, said, resp.Header)
	}
	got := <-p.came
	if got.Method != "POST" || got.RequestURI != "/tap?a=%2f;b&&c" || got.Host != "tasting.example.org" {
		t.Errorf("the leader was asked %s %s of %s", got.Method, got.RequestURI, got.Host)
	}
	for name, want := range map[string]string{"X-Forwarded-For": "203.0.113.9, 10.0.0.1", "X-Forwarded-Proto": "https", "Forwarded": "for=203.0.113.9", "Cookie": "name=ada", "Tastetest-Handed-On": "", "X-Forwarded-Host": ""} {
		if said := strings.Join(got.Header[name], "|"); said != want {
			t.Errorf("the leader reads %s: %q; want %q", name, said, want)
		}
	}
}

// The leader knows a client by the address of its own connection, whichever replica
// it reached; and nobody can say to be another.
func TestClientsAddress(t *testing.T) {
	p := newPair(t, func(http.ResponseWriter, *http.Request) {})
	marked := make(chan string, 1)
	spy := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { marked <- r.Header.Get("Tastetest-Handed-On") }))
	from := http.Handler(p.f.Handler(t.Context(), "page"))
	client := func(h http.Handler, path string) (came string) {
		r := httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
		r.RemoteAddr = "198.51.100.77:4711"
		h.ServeHTTP(struct{ http.ResponseWriter }{httptest.NewRecorder()}, r)
		select {
		case r := <-p.came:
			return r.RemoteAddr
		default:
			return ""
		}
	}
	if got := client(from, "/"); got != "198.51.100.77:4711" {
		t.Errorf("the leader takes the client for %q", got)
	}
	p.f.Follow(relay.Leader{Replica: 7, Reach: spy.URL})
	client(from, "/enter")
	good := <-marked

	for what, try := range map[string][3]string{
		"made up":                 {"GET", "/enter", "page 192.0.2.1:1 " + strings.Repeat("00", 32)},
		"empty":                   {"GET", "/enter", ""},
		"with another address":    {"GET", "/enter", strings.Replace(good, "198.51.100.77", "198.51.100.78", 1)},
		"for another door":        {"GET", "/enter", strings.Replace(good, "page", "slack", 1)},
		"for another page":        {"GET", "/", good},
		"for another deed":        {"POST", "/enter", good},
		"with something after it": {"GET", "/enter", good + " x"},
	} {
		if resp, _ := ask(t, try[0], p.leader.URL+try[1], "", "Tastetest-Handed-On", try[2]); resp.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("a mark that is %s is answered %s", what, resp.Status)
		}
	}
	if n := len(p.came); n > 0 {
		t.Errorf("%d requests with a wrong mark came to a door", n)
	}
	// The same mark is good for what it was made for.
	if resp, _ := ask(t, "GET", p.leader.URL+"/enter", "", "Tastetest-Handed-On", good); resp.StatusCode != http.StatusOK || resp.Header.Get("Door") != "page" {
		t.Errorf("the mark that a replica made is answered %s at the door %q", resp.Status, resp.Header.Get("Door"))
	}
	next := serve(t, relay.Receive(key, 8, http.NotFoundHandler(), map[string]http.Handler{"page": http.NotFoundHandler()}))
	if resp, _ := ask(t, "GET", next.URL+"/enter", "", "Tastetest-Handed-On", good); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a mark for the leader of before is answered %s by the next", resp.Status)
	}
	// Without one the leader's own page answers, and a replica that stands by never hands on twice.
	if resp, _ := ask(t, "GET", p.leader.URL+"/", ""); resp.Header.Get("Door") != "own" {
		t.Errorf("without a mark it comes to the door %q", resp.Header.Get("Door"))
	}
	if resp, _ := ask(t, "GET", p.standby.URL+"/enter", "", "Tastetest-Handed-On", good); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("what was handed on already is answered %s by a replica that stands by", resp.Status)
	}
}

// Events come line by line. They end when the leader does not lead any more, though
// it may be asleep and say nothing, and when the replica is told to stop.
func TestEventsAreHandedOn(t *testing.T) {
	asleep := make(chan struct{})
	p := newPair(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, "event: changed\n")
		http.NewResponseController(w).Flush()
		<-asleep
	})
	defer close(asleep)
	stopped, stop := context.WithCancel(t.Context())
	standby := serve(t, p.f.Handler(stopped, "page"))
	listen := func() *bufio.Reader {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), "GET", standby.URL+"/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", "text/event-stream")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { resp.Body.Close() })
		lines := bufio.NewReader(resp.Body)
		if line, err := lines.ReadString('\n'); line != "event: changed\n" {
			t.Fatalf("the first line is %q, %v", line, err)
		}
		return lines
	}
	ends := func(lines *bufio.Reader, when string) {
		t.Helper()
		ended := make(chan error, 1)
		go func() { _, err := lines.ReadString('\n'); ended <- err }()
		select {
		case err := <-ended:
			if err == nil {
				t.Errorf("%s: events go on", when)
			}
		case <-time.After(30 * time.Second):
			t.Errorf("%s: events hang", when)
		}
	}
	first := listen()
	p.f.Follow(relay.Leader{})
	ends(first, "nobody leads")
	p.f.Follow(relay.Leader{Replica: 7, Reach: p.leader.URL})
	second := listen()
	stop()
	ends(second, "told to stop")
}

// While nobody leads whoever asks is told so in their language, and to ask again.
func TestNobodyLeads(t *testing.T) {
	p := newPair(t, func(http.ResponseWriter, *http.Request) {})
	if err := p.f.Reaches(t.Context()); err != nil {
		t.Errorf("the leader is there, and it says %v", err)
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for what, l := range map[string]relay.Leader{
		"nobody leads":                       {},
		"the leader says not where it is":    {Replica: 7},
		"nobody is where the leader was":     {Replica: 7, Reach: gone.URL},
		"the leader's address is no address": {Replica: 7, Reach: "::"},
	} {
		p.f.Follow(l)
		if err := p.f.Reaches(t.Context()); err == nil {
			t.Errorf("%s, and it is reached", what)
		}
		resp, said := ask(t, "GET", p.standby.URL+"/", "", "Accept-Language", "zh-CN,en;q=0.5")
		if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" || resp.Header.Get("Refresh") == "" || !strings.Contains(said, "另一台机器") {
			t.Errorf("%s: the page says %s %q with %v", what, resp.Status, said, resp.Header)
		}
		resp, said = ask(t, "POST", p.standby.URL+"/tap", "tap=on:left")
		if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Refresh") != "" || !strings.Contains(said, "nothing was done") {
			t.Errorf("%s: a vote is answered %s %q with %v", what, resp.Status, said, resp.Header)
		}
	}
}

// What a replica asks itself comes to the door that it names, and with the body that it
// sent alone: nobody else vouches for that. Where nobody answers, nothing was done.
func TestReplicaAsks(t *testing.T) {
	p := newPair(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, r.RequestURI+" "+string(body))
	})
	asks := func(to relay.Leader, door string) (int, string) {
		t.Helper()
		p.f.Follow(to)
		status, answer, err := p.f.Ask(t.Context(), door, "POST", "/socket?workspace=a%26b", []byte(`{"tap":1}`))
		if err != nil {
			t.Error(err)
		}
		return status, string(answer)
	}
	us := relay.Leader{Replica: 7, Reach: p.leader.URL}
	if status, answer := asks(us, "slack"); status != http.StatusTeapot || answer != `/socket?workspace=a%26b {"tap":1}` {
		t.Errorf("it is answered %d %q", status, answer)
	}
	if r := <-p.came; r.Header.Get("Tastetest-Handed-On") != "" {
		t.Error("the mark comes to the door")
	}
	var mark string
	spy := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { mark = r.Header.Get("Tastetest-Handed-On") }))
	asks(relay.Leader{Replica: 7, Reach: spy.URL}, "slack")
	for body, want := range map[string]int{`{"tap":2}`: http.StatusServiceUnavailable, "": http.StatusServiceUnavailable, `{"tap":1}`: http.StatusTeapot} {
		resp, _ := ask(t, "POST", p.leader.URL+"/socket?workspace=a%26b", body, "Tastetest-Handed-On", mark)
		if resp.StatusCode != want {
			t.Errorf("with the mark of another request the body %q is answered %s; want %d", body, resp.Status, want)
		}
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for what, to := range map[string]relay.Leader{"nobody leads": {}, "nobody is there": {Replica: 7, Reach: gone.URL}, "another leads there": {Replica: 8, Reach: p.leader.URL}} {
		if status, _ := asks(to, "slack"); status != http.StatusServiceUnavailable {
			t.Errorf("%s: it is answered %d", what, status)
		}
	}
	if status, _ := asks(us, "sockets"); status != http.StatusServiceUnavailable {
		t.Errorf("at a door that the leader does not have it is answered %d", status)
	}
	cut := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	p.f.Follow(relay.Leader{Replica: 7, Reach: cut.URL})
	if status, _, err := p.f.Ask(t.Context(), "slack", "POST", "/", nil); err == nil {
		t.Errorf("where the leader ends meanwhile it is answered %d, as if that were known", status)
	}
}
