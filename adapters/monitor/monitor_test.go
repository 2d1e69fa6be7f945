package monitor_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/monitor"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/bolt"
)

// ask asks a handler as somebody at an address would.
func ask(h http.Handler, path, from, host string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://"+host+path, nil)
	r.RemoteAddr = from
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const here, elsewhere = "127.0.0.1:5000", "203.0.113.9:5000"

func sources(t *testing.T, ended map[string]monitor.Model, wrong error) monitor.Sources {
	s, err := bolt.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return monitor.Sources{
		Alive: s.Healthy, Late: s.Late, Waiting: s.Waiting, Version: "v1",
		Admits: func(_ *http.Request, key string) bool { return key == "k3y" },
		Parts:  []monitor.Part{{Name: "slack", Check: func(context.Context) error { return wrong }}, monitor.LateJobs(s.Late)},
		Ended:  func(context.Context) (map[string]monitor.Model, error) { return ended, nil },
	}
}

// Numbers are told on this machine alone, not through a proxy on it nor to a page of
// another site, and to whoever has the key.
func TestWhoReadsMetrics(t *testing.T) {
	h := monitor.New().Handler(slog.New(slog.DiscardHandler), sources(t, nil, nil), http.NotFoundHandler())
	for _, tt := range []struct {
		name, from, host string
		headers          []string
		want             int
	}{
		{"this machine", here, "localhost:8080", nil, 200},
		{"this machine by IPv6", "[::1]:5000", "[::1]:8080", nil, 200},
		{"another machine", elsewhere, "taste.example.com", nil, 403},
		{"another machine that calls this one localhost", elsewhere, "localhost:8080", nil, 403},
		{"a proxy on this machine", here, "localhost:8080", []string{"X-Forwarded-For", "203.0.113.9"}, 403},
		{"a proxy that says nothing", here, "taste.example.com", nil, 403},
		{"a page of another site", here, "localhost:8080", []string{"Origin", "https://evil.example"}, 403},
		{"the key", elsewhere, "taste.example.com", []string{"Authorization", "Bearer k3y"}, 200},
		{"a wrong key", elsewhere, "taste.example.com", []string{"Authorization", "Bearer key"}, 403},
		{"a wrong key here", here, "localhost", []string{"Authorization", "Bearer key"}, 403},
	} {
		w := ask(h, "/metrics", tt.from, tt.host, tt.headers...)
		if told := strings.Contains(w.Body.String(), "tastetest_up"); w.Code != tt.want || told != (tt.want == 200) {
			t.Errorf("%s is answered %d: %q", tt.name, w.Code, w.Body)
		}
	}
	old := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080/metrics", nil)
	old.RemoteAddr, old.Proto, old.ProtoMajor, old.ProtoMinor = here, "HTTP/1.0", 1, 0
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, old); w.Code != 403 {
		t.Errorf("nginx as it is without settings of its own is answered %d: %q", w.Code, w.Body)
	}
	shared := sources(t, nil, nil)
	shared.Shared = true
	h = monitor.New().Handler(slog.New(slog.DiscardHandler), shared, http.NotFoundHandler())
	if w := ask(h, "/metrics", here, "localhost:8080"); w.Code != 403 || !strings.Contains(w.Body.String(), "web.url") {
		t.Errorf("a proxy on this machine that speaks HTTP/1.1 and says nothing of whom it asks for, before a page that is for others, is answered %d: %q", w.Code, w.Body)
	}
	if w := ask(h, "/metrics", here, "localhost:8080", "Authorization", "Bearer k3y"); w.Code != 200 {
		t.Errorf("the key is answered %d there", w.Code)
	}
	none := sources(t, nil, nil)
	none.Admits = nil
	if w := ask(monitor.New().Handler(slog.New(slog.DiscardHandler), none, http.NotFoundHandler()), "/metrics", elsewhere, "x", "Authorization", "Bearer "); w.Code != 403 {
		t.Errorf("without a key an empty one opens it: %d", w.Code)
	}
}

// A part that is not well makes the bot not ready; why, is not for everybody. It is
// alive all the same.
func TestReady(t *testing.T) {
	h := monitor.New().Handler(slog.New(slog.DiscardHandler), sources(t, nil, errors.New("token xoxb-1 is refused")), http.NotFoundHandler())
	if w := ask(h, "/readyz", elsewhere, "taste.example.com"); w.Code != 503 || !strings.Contains(w.Body.String(), `{"part":"slack","ok":false}`) || !strings.Contains(w.Body.String(), `{"part":"jobs","ok":true}`) {
		t.Errorf("strangers are answered %d: %s", w.Code, w.Body)
	}
	if w := ask(h, "/readyz", here, "localhost"); !strings.Contains(w.Body.String(), "is refused") {
		t.Errorf("on this machine it is answered %s", w.Body)
	}
	if w := ask(h, "/healthz", elsewhere, "taste.example.com"); w.Code != 200 {
		t.Errorf("is it alive: %d", w.Code)
	}
	well := monitor.New().Handler(slog.New(slog.DiscardHandler), sources(t, nil, nil), http.NotFoundHandler())
	if w := ask(well, "/readyz", elsewhere, "taste.example.com"); w.Code != 200 {
		t.Errorf("with all parts well: %d %s", w.Code, w.Body)
	}
}

// A handler that keeps nothing.
type nobody struct{ bot.Handler }

func (nobody) React(context.Context, bot.Tap) error           { return nil }
func (nobody) Press(context.Context, bot.Press) bot.Reply     { return bot.Reply{} }
func (nobody) Command(context.Context, bot.Command) bot.Reply { return bot.Reply{} }

var sample = regexp.MustCompile(`^[a-z_]+(\{[a-z]+="([^"\\]|\\.)*"(,le="[^"]+")?\})? [0-9.e+-]+$`)

// What is counted stands there, in the form that Prometheus reads: each metric once,
// with its help and type before its lines, and names quoted.
func TestMetrics(t *testing.T) {
	m := monitor.New()
	h := m.Hears("slack", nobody{})
	for i := range 3 {
		h.React(t.Context(), bot.Tap{At: time.Now().Add(-time.Duration(i) * 2 * time.Second)})
	}
	h.Press(t.Context(), bot.Press{})
	h.Command(t.Context(), bot.Command{})
	m.Step("posted 7.3/ballot")
	m.Step("posted 7/head")
	m.Step("posted 7.4/ballot")
	m.Step("answered 7.4")
	text := string(m.Text(t.Context(), sources(t, map[string]monitor.Model{"a \"b\"\\\n": {Rounds: 12, Void: 3, Pico: 15e11}}, nil)))
	for _, want := range []string{
		`tastetest_up{part="slack"} 1`, `tastetest_emoji_total{platform="slack"} 3`, `tastetest_requests_total{platform="slack"} 2`,
		`tastetest_posts_total{what="ballot"} 2`, `tastetest_posts_total{what="head"} 1`, `tastetest_jobs_late 0`,
		`tastetest_revealed_rounds{model="a \"b\"\\\n"} 12`, `tastetest_revealed_void_rounds{model="a \"b\"\\\n"} 3`, `tastetest_revealed_cost_usd{model="a \"b\"\\\n"} 1.5`,
		`tastetest_event_lag_seconds_bucket{platform="slack",le="0.25"} 1`, `tastetest_event_lag_seconds_bucket{platform="slack",le="+Inf"} 3`, `tastetest_event_lag_seconds_count{platform="slack"} 3`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
	var seen []string
	family := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if help, ok := strings.CutPrefix(line, "# HELP "); ok {
			family, _, _ = strings.Cut(help, " ")
			if slices.Contains(seen, family) {
				t.Errorf("%s stands there twice", family)
			}
			seen = append(seen, family)
			continue
		}
		if !strings.HasPrefix(line, "# TYPE "+family+" ") && (!sample.MatchString(line) || !strings.HasPrefix(line, family)) {
			t.Errorf("below %s stands %q", family, line)
		}
	}
}

// Costs and voids of a tasting are in no number before it is revealed.
func TestNothingOfOpenTastings(t *testing.T) {
	s, err := bolt.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w := bot.Workspace{Platform: "slack", ID: "T1"}
	round := bot.Round{Kind: bot.Plain, Ready: true, Cost: [2]bot.Cost{{Pico: 7, Known: true}, {Pico: 5, Known: true}}}
	void := bot.Round{Kind: bot.Plain, VoidBy: 2, Void: "nova answered 401"}
	for state := bot.Asking; state <= bot.Failed; state++ {
		_, err := s.CreateTasting(t.Context(), bot.Tasting{Place: bot.Place{Workspace: w, Channel: "C1"}, State: state, Created: time.Now(),
			Models: [2]bot.Card{{Name: "kestrel"}, {Name: "nova"}}, Rounds: []bot.Round{round, void}}, make([]bot.Texts, 2))
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := monitor.Ended(t.Context(), s)
	if want := (monitor.Model{Rounds: 2, Void: 1, Pico: 5}); err != nil || got["nova"] != want || got["kestrel"].Void != 0 || got["kestrel"].Pico != 7 {
		t.Errorf("of eight tastings, one of them revealed, it tells %+v, %v; want of nova %+v", got, err, want)
	}
}
