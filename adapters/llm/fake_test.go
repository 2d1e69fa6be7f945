package llm

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

const testKey = "sk-test-51HxQzYvT9secretsecret"

// A provider is a server that answers with what is given to it, one response a
// request (the last one again and again), and remembers what it was asked.
type provider struct {
	*httptest.Server
	mu        sync.Mutex
	responses []http.HandlerFunc
	asked     []asked
}

// seen returns what p was asked so far.
func (p *provider) seen() []asked {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

type asked struct {
	path   string
	header http.Header
	body   map[string]any
}

func newProvider(t *testing.T, responses ...http.HandlerFunc) *provider {
	p := &provider{responses: responses}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Errorf("the request is no JSON: %v", err)
		}
		p.mu.Lock()
		p.asked = append(p.asked, asked{r.URL.Path, r.Header, body})
		respond := p.responses[min(len(p.asked), len(p.responses))-1]
		p.mu.Unlock()
		respond(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

// says returns a response with a status and a body.
func says(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// answers returns a good response.
func answers(text string) http.HandlerFunc {
	return says(200, fmt.Sprintf(`{"model":"m-2025","choices":[{"message":{"role":"assistant","content":%q},"finish_reason":"stop"}],
		"usage":{"prompt_tokens":30,"completion_tokens":10,"total_tokens":40}}`, text))
}

// hangsUp breaks the connection without a response.
func hangsUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// testModel returns a model at url that hardly pauses between attempts.
func testModel(t *testing.T, url string, change func(*Settings)) *Model {
	t.Helper()
	s := Settings{Name: "kestrel", BaseURL: url, Key: testKey, Model: "m-1", Timeout: 20 * time.Second,
		Price: &Price{Input: 3_000_000, Output: 15_000_000}}
	if change != nil {
		change(&s)
	}
	m, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	m.pause = time.Millisecond
	return m
}

var cake = bot.Prompt{Text: "A birthday cake came a day late."}

// hasNoKey fails if a text has the key or a part of it.
func hasNoKey(t *testing.T, where, text string) {
	t.Helper()
	for _, part := range []string{testKey, testKey[:12], "51HxQz", "secret"} {
		if strings.Contains(text, part) {
			t.Errorf("%s has %q of the key: %s", where, part, text)
		}
	}
}

// sameCost reports whether a and b are equal, or both unknown.
func sameCost(a, b bot.Cost) bool { return a == b || !a.Known && !b.Known }
