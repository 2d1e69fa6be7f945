package llm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// Every way in which providers answer well.
func TestWriteAnswers(t *testing.T) {
	const stop = `"finish_reason":"stop"`
	tokens := `"usage":{"prompt_tokens":30,"completion_tokens":10,"total_tokens":40}`
	known := bot.Cost{Pico: 30*3_000_000 + 10*15_000_000, Known: true}
	for _, tt := range []struct {
		name, body string
		want       bot.Answer
	}{
		{"plain", `{"model":"m-2025","choices":[{"message":{"content":"Sorry."},` + stop + `}],` + tokens + `}`,
			bot.Answer{Raw: "Sorry.", Finish: "stop", Model: "m-2025", Input: 30, Output: 10, Cost: known}},
		{"content parts", `{"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"plan"}]},{"type":"reasoning","text":"plan"},{"type":"text","text":"Sor"},{"type":"text","text":"ry."}]},` + stop + `}],` + tokens + `}`,
			bot.Answer{Raw: "Sorry.", Finish: "stop", Input: 30, Output: 10, Cost: known}},
		{"a token that its server left", `{"choices":[{"message":{"content":"Sorry.<|im_end|>"},` + stop + `}],` + tokens + `}`,
			bot.Answer{Raw: "Sorry.<|im_end|>", Finish: "stop", Input: 30, Output: 10, Cost: known}},
		{"Harmony that its server left", `{"choices":[{"message":{"content":"<|channel|>analysis<|message|>plan<|end|><|start|>assistant<|channel|>final<|message|>Sorry."},` + stop + `}],` + tokens + `}`,
			bot.Answer{Raw: "<|channel|>analysis<|message|>plan<|end|><|start|>assistant<|channel|>final<|message|>Sorry.", Finish: "stop", Input: 30, Output: 10, Cost: known}},
		{"reasoning_content", `{"choices":[{"message":{"content":"Sorry.","reasoning_content":"I am alpha"},` + stop + `}],` + tokens + `}`,
			bot.Answer{Raw: "Sorry.", Finish: "stop", Input: 30, Output: 10, Cost: known}},
		{"reasoning", `{"choices":[{"message":{"content":"Sorry.","reasoning":"I am alpha"},` + stop + `}],` + tokens + `}`,
			bot.Answer{Raw: "Sorry.", Finish: "stop", Input: 30, Output: 10, Cost: known}},
		{"content filter", `{"choices":[{"message":{"content":""},"finish_reason":"content_filter"}],` + tokens + `}`,
			bot.Answer{Finish: "content_filter", Input: 30, Output: 10, Cost: known}},
		{"Gemini's filter", `{"choices":[{"message":{},"finish_reason":"SAFETY"}],` + tokens + `}`,
			bot.Answer{Finish: "content_filter", Input: 30, Output: 10, Cost: known}},
		{"refusal", `{"choices":[{"message":{"content":null,"refusal":"I can't."},` + stop + `}],` + tokens + `}`,
			bot.Answer{Finish: "refusal", Input: 30, Output: 10, Cost: known}},
		{"no usage", `{"choices":[{"message":{"content":"Sorry."},` + stop + `}]}`,
			bot.Answer{Raw: "Sorry.", Finish: "stop"}},
		{"thinking only in the total", `{"choices":[{"message":{"content":"Sorry."},` + stop + `}],"usage":{"prompt_tokens":30,"completion_tokens":10,"total_tokens":540}}`,
			bot.Answer{Raw: "Sorry.", Finish: "stop", Input: 30, Output: 510, Cost: bot.Cost{Pico: 30*3_000_000 + 510*15_000_000, Known: true}}},
		{"the provider's own cost", `{"choices":[{"message":{"content":"Sorry."},` + stop + `}],"usage":{"prompt_tokens":30,"completion_tokens":10,"total_tokens":40,"cost":1.23e-05}}`,
			bot.Answer{Raw: "Sorry.", Finish: "stop", Input: 30, Output: 10, Cost: bot.Cost{Pico: 12_300_000, Known: true}}},
		{"200 KB", `{"choices":[{"message":{"content":"` + strings.Repeat("x", 200<<10) + `"},` + stop + `}],` + tokens + `}`,
			bot.Answer{Raw: strings.Repeat("x", 200<<10), Finish: "stop", Input: 30, Output: 10, Cost: known}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t, says(200, tt.body))
			m := testModel(t, p.URL, nil)
			got, err := m.Write(t.Context(), cake)
			if err != nil {
				t.Fatal(err)
			}
			if shown := text.Clean(got.Raw); got.Finish == "stop" && len(shown) < 1000 && shown != "Sorry." {
				t.Errorf("voters would see %q", shown)
			}
			if got.Latency <= 0 {
				t.Error("no latency")
			}
			tt.want.Attempts, got.Latency = 1, 0
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Every way in which providers fail.
func TestWriteFails(t *testing.T) {
	free := bot.Cost{Known: true}
	for _, tt := range []struct {
		name     string
		respond  http.HandlerFunc
		public   string
		attempts int
		cost     bot.Cost
	}{
		// What asking again would not change.
		{"400", says(400, `{"error":{"message":"Bad request","type":"invalid_request_error"}}`), "answered 400 (it did not accept the request)", 1, free},
		{"401", says(401, `{"error":{"message":"Incorrect API key provided: sk-test-51HxQz*****cret. You can find"}}`), "answered 401 (its key was not accepted)", 1, free},
		{"401 with the whole key", says(401, `{"error":"no such key: `+testKey+`"}`), "answered 401 (its key was not accepted)", 1, free},
		{"402", says(402, `{"error":{"message":"Insufficient Balance"}}`), "answered 402 (its account has no credit)", 1, free},
		{"403", says(403, `{"code":"denied","error":"no access to m-1"}`), "answered 403 (its key may not use this model)", 1, free},
		{"404", says(404, `{"error":{"message":"The model m-1 does not exist"}}`), "answered 404 (there is no such model or address)", 1, free},
		{"422", says(422, `{"detail":[{"loc":["body","max_completion_tokens"]}]}`), "answered 422 (it did not accept the request)", 1, free},
		{"429 for good", says(429, `{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}`), "answered 429 (its account has no credit)", 1, free},
		{"a filter", says(400, `{"error":{"message":"filtered","code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}}`), "answered 400 (a filter stopped the prompt)", 1, free},
		{"redirect", says(302, "", "Location", "https://example.com/login"), "answered 302 (its address has moved)", 1, free},
		{"HTML", says(200, "<!doctype html><title>Welcome</title>", "Content-Type", "text/html"), "answered with a web page", 1, bot.Cost{}},
		{"an error within a 200", says(200, `{"error":{"message":"no"}}`), "answered with an error", 1, bot.Cost{}},
		{"a status within a 200", says(200, `{"error":{"message":"no","code":403}}`), "answered 403 (its key may not use this model)", 1, bot.Cost{}},
		{"other JSON", says(200, `{"choices":"none"}`), "answered something unreadable", 1, bot.Cost{}},
		{"300 KB", says(200, `{"choices":[{"message":{"content":"`+strings.Repeat("x", 300<<10)+`"}}]}`), "answered more than 256 KB", 1, bot.Cost{}},
		{"17 MB", says(200, `{"choices":[{"message":{"content":"`+strings.Repeat("x", 17<<20)+`"}}]}`), "answered more than 16 MB", 1, bot.Cost{}},

		// What passes, mostly.
		{"429", says(429, `{"error":{"message":"Rate limit reached for m-1"}}`), "answered 429 (too many requests)", maxAttempts, free},
		{"Gemini's 429", says(429, `[{"error":{"code":429,"message":"Resource exhausted","status":"RESOURCE_EXHAUSTED"}}]`), "answered 429 (too many requests)", maxAttempts, free},
		{"500", says(500, `{"error":{"message":"The server had an error"}}`), "answered 500 (a fault of its server)", maxAttempts, free},
		{"502 with HTML", says(502, `<html>Bad gateway</html>`), "answered 502 (its provider could not reach it)", maxAttempts, free},
		{"503", says(503, `{"error":{"message":"Loading model"}}`), "answered 503 (it is not available now)", maxAttempts, free},
		{"529", says(529, `{"error":{"type":"overloaded_error","message":"Overloaded"}}`), "answered 529 (it is overloaded)", maxAttempts, free},
		{"overloaded within a 200", says(200, `{"error":{"message":"Overloaded, try again"}}`), "answered with an error (it is overloaded)", maxPaid, bot.Cost{}},
		{"a list of errors within a 200", says(200, `[{"error":{"code":503,"status":"UNAVAILABLE"}}]`), "answered 503 (it is not available now)", maxPaid, bot.Cost{}},
		{"an error within a choice", says(200, `{"choices":[{"error":{"code":502,"message":"Upstream"},"message":{"content":"Sor"}}]}`), "answered 502 (its provider could not reach it)", maxPaid, bot.Cost{}},
		{"malformed JSON", says(200, `{malformed json: <<<`), "answered something unreadable", maxPaid, bot.Cost{}},
		{"cut JSON", says(200, `{"choices":[{"message":{"content":"Sor`), "answered something unreadable", maxPaid, bot.Cost{}},
		{"not UTF-8", says(200, "{\"choices\":[{\"message\":{\"content\":\"caf\xe9\"},\"finish_reason\":\"stop\"}]}"), "answered something unreadable", maxPaid, bot.Cost{}},
		{"a cut body", says(200, `{"choices":[`, "Content-Length", "500"), "broke off its answer", maxPaid, bot.Cost{}},
		{"empty", says(200, ""), "answered with nothing", maxPaid, bot.Cost{}},
		{"no choices", says(200, `{"choices":[]}`), "answered with nothing", maxPaid, bot.Cost{}},
		{"null", says(200, `null`), "answered with nothing", maxPaid, bot.Cost{}},
		{"hangs up", hangsUp, "broke off the connection", maxPaid, bot.Cost{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t, tt.respond)
			m := testModel(t, p.URL, nil)
			_, err := m.Write(t.Context(), cake)
			var refusal *bot.Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("got %v, want a refusal", err)
			}
			if refusal.Public.String() != tt.public {
				t.Errorf("public: %q, want %q", refusal.Public, tt.public)
			}
			if len(p.seen()) != tt.attempts {
				t.Errorf("asked %d times, want %d", len(p.seen()), tt.attempts)
			}
			if !sameCost(refusal.Cost, tt.cost) {
				t.Errorf("cost %v, want %v", refusal.Cost, tt.cost)
			}
			if strings.Contains(refusal.Public.String(), "m-1") {
				t.Error("the public text has the model's id")
			}
			hasNoKey(t, "the error", err.Error())
		})
	}
}

// The key goes to the provider, and to nobody whom it points to.
func TestWriteDoesNotFollowRedirects(t *testing.T) {
	other := newProvider(t, answers("gotcha"))
	p := newProvider(t, says(307, "", "Location", other.URL+"/chat/completions"))
	m := testModel(t, p.URL, nil)
	if _, err := m.Write(t.Context(), cake); err == nil {
		t.Error("no error")
	}
	if len(other.seen()) > 0 {
		t.Errorf("the other server was asked: %v", other.seen())
	}
	if got := p.seen()[0].header.Get("Authorization"); got != "Bearer "+testKey {
		t.Errorf("Authorization: %q", got)
	}
}

func TestWriteUnreachable(t *testing.T) {
	p := newProvider(t, answers(""))
	p.Close()
	m := testModel(t, p.URL, nil)
	_, err := m.Write(t.Context(), cake)
	var refusal *bot.Refusal
	if !errors.As(err, &refusal) || refusal.Public.String() != "could not be reached (nothing listens at its address; look whether it runs, and at base_url)" || refusal.Cost != (bot.Cost{Known: true}) {
		t.Errorf("got %v, cost %v", err, refusal.Cost)
	}
	if want := fmt.Sprintf("%d attempts", maxAttempts); err != nil && !strings.Contains(err.Error(), want) {
		t.Errorf("the error is without %q: %v", want, err)
	}
}

// The cost is the sum of all attempts, unknown if one may have been billed. No
// log tells that there was more than one.
func TestWriteAgain(t *testing.T) {
	one := bot.Cost{Pico: 30*3_000_000 + 10*15_000_000, Known: true}
	for _, tt := range []struct {
		name  string
		first http.HandlerFunc
		want  bot.Cost
	}{
		{"after 529", says(529, "{}"), one},
		{"after a hang-up", hangsUp, bot.Cost{}},
		{"after an answer that finished with an error", says(200, `{"choices":[{"message":{"content":"Sor"},"finish_reason":"error"}],"usage":{"prompt_tokens":30,"completion_tokens":10}}`),
			one.Add(one)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t, tt.first, answers("Sorry."))
			m := testModel(t, p.URL, nil)
			var log bytes.Buffer
			defer slog.SetDefault(slog.Default())
			slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
			got, err := m.Write(t.Context(), cake)
			if log.Len() > 0 {
				t.Errorf("of an answer that came a log says how:\n%s", &log)
			}
			if err != nil || got.Raw != "Sorry." || got.Attempts != 2 || !sameCost(got.Cost, tt.want) {
				t.Errorf("got %+v, %v; want cost %v", got, err, tt.want)
			}
		})
	}
}

// transport is a network in the process: bubble time stands still on sockets.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// inBubble runs test in virtual time on a model whose n-th attempt (from 1)
// gets what respond says. At are the times of the attempts.
func inBubble(t *testing.T, timeout time.Duration, respond func(ctx context.Context, n int) (*http.Response, error), test func(t *testing.T, m *Model, at *[]time.Duration)) {
	synctest.Test(t, func(t *testing.T) {
		m, err := New(Settings{Name: "kestrel", BaseURL: "https://example.com/v1", Model: "m-1", Timeout: timeout})
		if err != nil {
			t.Fatal(err)
		}
		var at []time.Duration
		start := time.Now()
		m.base = transport(func(r *http.Request) (*http.Response, error) {
			at = append(at, time.Since(start))
			return respond(r.Context(), len(at))
		})
		test(t, m, &at)
	})
}

func response(status int, body string, header ...string) *http.Response {
	h := make(http.Header)
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

const good = `{"choices":[{"message":{"content":"Sorry."},"finish_reason":"stop"}]}`

func TestRetryAfter(t *testing.T) {
	for _, tt := range []struct {
		name, key, value string
		want             time.Duration
	}{
		{"seconds", "Retry-After", "7", 7 * time.Second},
		{"milliseconds", "Retry-After-Ms", "2500", 2500 * time.Millisecond},
		{"capped", "Retry-After", "86400", maxWait},
		{"absurd", "Retry-After", "1e300", maxWait},
		{"a date", "Retry-After", "Sat, 01 Jan 2000 00:00:09 GMT", 9 * time.Second}, // bubbles begin in 2000
	} {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, 10*time.Minute, func(_ context.Context, n int) (*http.Response, error) {
				if n == 1 {
					return response(429, "{}", tt.key, tt.value), nil
				}
				return response(200, good), nil
			}, func(t *testing.T, m *Model, at *[]time.Duration) {
				if _, err := m.Write(t.Context(), cake); err != nil {
					t.Fatal(err)
				}
				if len(*at) != 2 || (*at)[1] != tt.want {
					t.Errorf("asked at %v, want the second after %v", *at, tt.want)
				}
			})
		})
	}
}

// A wait that does not fit into the time limit is not begun.
func TestRetryAfterBeyondTheLimit(t *testing.T) {
	inBubble(t, 30*time.Second, func(context.Context, int) (*http.Response, error) {
		return response(429, "{}", "Retry-After", "40"), nil
	}, func(t *testing.T, m *Model, at *[]time.Duration) {
		start := time.Now()
		_, err := m.Write(t.Context(), cake)
		var refusal *bot.Refusal
		if !errors.As(err, &refusal) || refusal.Public.String() != "answered 429 (too many requests)" {
			t.Errorf("got %v", err)
		}
		if took := time.Since(start); took != 0 || len(*at) != 1 {
			t.Errorf("took %v, asked at %v", took, *at)
		}
	})
}

func TestPausesGrow(t *testing.T) {
	inBubble(t, time.Hour, func(context.Context, int) (*http.Response, error) {
		return response(500, "{}"), nil
	}, func(t *testing.T, m *Model, at *[]time.Duration) {
		_, _ = m.Write(t.Context(), cake)
		if len(*at) != maxAttempts {
			t.Fatalf("asked at %v", *at)
		}
		if total := (*at)[maxAttempts-1]; total < 15*time.Second || total > time.Minute {
			t.Errorf("asked at %v", *at)
		}
	})
}

// The limit is for all attempts together.
func TestTotalTimeLimit(t *testing.T) {
	inBubble(t, time.Minute, func(ctx context.Context, n int) (*http.Response, error) {
		if n == 1 {
			time.Sleep(50 * time.Second)
			return response(500, "{}"), nil
		}
		<-ctx.Done()
		return nil, ctx.Err()
	}, func(t *testing.T, m *Model, at *[]time.Duration) {
		start := time.Now()
		_, err := m.Write(t.Context(), cake)
		var refusal *bot.Refusal
		if !errors.As(err, &refusal) || refusal.Public.String() != "took longer than 1m0s" {
			t.Errorf("got %v", err)
		}
		if refusal.Cost.Known {
			t.Error("the cost of an attempt that was given up is known")
		}
		if took := time.Since(start); took != time.Minute || len(*at) != 2 {
			t.Errorf("took %v, asked at %v", took, *at)
		}
	})
}

// A process that stops is no refusal: the round is asked again later.
func TestWriteInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := newProvider(t, func(http.ResponseWriter, *http.Request) { cancel() })
	m := testModel(t, p.URL, nil)
	_, err := m.Write(ctx, cake)
	var refusal *bot.Refusal
	if !errors.Is(err, context.Canceled) || errors.As(err, &refusal) {
		t.Errorf("got %v", err)
	}
}
