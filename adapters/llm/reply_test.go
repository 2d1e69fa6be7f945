package llm

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
)

// No answer is lost over a field that nobody needs, whatever its type.
func TestOddReplies(t *testing.T) {
	known := bot.Cost{Pico: 30*3_000_000 + 10*15_000_000, Known: true}
	const (
		choices = `"choices":[{"index":0,"message":{"role":"assistant","content":"Sorry."},"finish_reason":"stop"}]`
		tokens  = `"usage":{"prompt_tokens":30,"completion_tokens":10,"total_tokens":40}`
	)
	counted := bot.Answer{Raw: "Sorry.", Finish: "stop", Input: 30, Output: 10, Cost: known}
	uncounted := bot.Answer{Raw: "Sorry.", Finish: "stop"}
	for _, tt := range []struct {
		name, body string
		want       bot.Answer
	}{
		{"created a float", `{"created":1732800000.25,` + choices + `,` + tokens + `}`, counted},
		{"created a date", `{"created":"2026/01/02 03:04:05","model":null,` + choices + `,` + tokens + `}`, counted},
		{"id a number", `{"id":17,"object":null,"system_fingerprint":3,"service_tier":{},` + choices + `,` + tokens + `}`, counted},
		{"model an object", `{"model":{"name":"m-2025"},` + choices + `,` + tokens + `}`, counted},
		{"index a string", `{"choices":[{"index":"0","message":{"role":0,"content":"Sorry.","tool_calls":"none","annotations":{}},"logprobs":[],"finish_reason":"stop"}],` + tokens + `}`, counted},
		{"no finish", `{"choices":[{"message":{"content":"Sorry."},"finish_reason":null}],` + tokens + `}`, bot.Answer{Raw: "Sorry.", Input: 30, Output: 10, Cost: known}},
		{"finish a number", `{"choices":[{"message":{"content":"Sorry."},"finish_reason":1}],` + tokens + `}`, bot.Answer{Raw: "Sorry.", Input: 30, Output: 10, Cost: known}},
		{"refusal a boolean", `{"choices":[{"message":{"content":"Sorry.","refusal":false},"finish_reason":"stop"}],` + tokens + `}`, counted},
		{"no error", `{"error":null,` + choices + `,` + tokens + `}`, counted},
		{"error false", `{"error":false,"message":"ok",` + choices + `,` + tokens + `}`, counted},
		{"filter results in a shape of their own", `{"prompt_filter_results":{"hate":"safe"},` + choices + `,` + tokens + `}`, counted},
		{"a byte order mark", "\uFEFF" + `{` + choices + `,` + tokens + `}`, counted},
		{"empty lines first, as DeepSeek sends them", "\n\n\n" + `{` + choices + `,` + tokens + `}`, counted},
		{"parts as strings", `{"choices":[{"message":{"content":["Sor","ry."]},"finish_reason":"stop"}],` + tokens + `}`, counted},
		{"one part", `{"choices":[{"message":{"content":{"type":"text","text":"Sorry."}},"finish_reason":"stop"}],` + tokens + `}`, counted},
		{"tokens as floats", `{` + choices + `,"usage":{"prompt_tokens":30.0,"completion_tokens":1e1,"total_tokens":40,"prompt_tokens_details":null}}`, counted},
		{"details in a shape of their own", `{` + choices + `,"usage":{"prompt_tokens_details":[],"completion_tokens_details":7,"prompt_tokens":30,"completion_tokens":10,"cost":null}}`, counted},

		{"usage in strings", `{` + choices + `,"usage":{"prompt_tokens":"30","completion_tokens":"10","total_tokens":"40"}}`, uncounted},
		{"usage half in strings", `{` + choices + `,"usage":{"prompt_tokens":"30","completion_tokens":10,"total_tokens":40}}`, uncounted},
		{"usage a list", `{` + choices + `,"usage":[30,10]}`, uncounted},
		{"usage null", `{` + choices + `,"usage":null}`, uncounted},
		{"half a token", `{` + choices + `,"usage":{"prompt_tokens":30.5,"completion_tokens":10}}`, uncounted},
		{"usage in strings, and the cost", `{` + choices + `,"usage":{"prompt_tokens":"30","completion_tokens":"10","cost":"0.0123"}}`,
			bot.Answer{Raw: "Sorry.", Finish: "stop", Cost: bot.Cost{Pico: 12_300_000_000, Known: true}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t, says(200, tt.body))
			got, err := testModel(t, p.URL, nil).Write(t.Context(), cake)
			if err != nil {
				t.Fatalf("the answer is lost: %v", err)
			}
			tt.want.Attempts, got.Latency = 1, 0
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// events returns a response that is a stream, though none was asked for.
func events(lines ...string) http.HandlerFunc {
	return says(200, strings.Join(lines, ""), "Content-Type", "text/event-stream; charset=utf-8")
}

// Servers that answer in a stream are read at the first attempt.
func TestStreams(t *testing.T) {
	const (
		first  = `data: {"id":"x","created":1.5,"model":"m-2025","choices":[{"delta":{"role":"assistant","content":"Sor"},"finish_reason":null}]}` + "\n\n"
		last   = `data: {"choices":[{"delta":{"content":"ry."},"finish_reason":"stop"}]}` + "\n\n"
		tokens = `data: {"choices":[],"usage":{"prompt_tokens":30,"completion_tokens":10,"total_tokens":40}}` + "\n\n"
		done   = "data: [DONE]\n\n"
	)
	known := bot.Cost{Pico: 30*3_000_000 + 10*15_000_000, Known: true}
	uncounted := bot.Answer{Raw: "Sorry.", Finish: "stop", Model: "m-2025"}
	counted := bot.Answer{Raw: "Sorry.", Finish: "stop", Model: "m-2025", Input: 30, Output: 10, Cost: known}
	for _, tt := range []struct {
		name    string
		respond http.HandlerFunc
		want    bot.Answer
	}{
		{"plain", events(first, last, done), uncounted},
		{"with usage", events(first, last, tokens, done), counted},
		{"usage in every chunk", events(
			`data: {"model":"m-2025","choices":[{"delta":{"content":"Sorry."},"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":2,"total_tokens":32}}`+"\n\n", tokens, done), counted},
		{"without its end, but finished", events(first, last), uncounted},
		{"without a last blank line", events(first, strings.TrimSpace(last)), uncounted},
		{"CRLF, comments, names and numbers of events", events(": PROCESSING\r\n\r\n", "event: message\r\nid: 1\r\nretry: 10\r\n", strings.ReplaceAll(first+last+done, "\n", "\r\n")), uncounted},
		{"no blank after the colon", events(strings.ReplaceAll(first+last+done, "data: ", "data:")), uncounted},
		{"over several lines", events("data: {\"model\":\"m-2025\",\ndata: \"choices\":[{\"delta\":{\"content\":\"Sorry.\"},\ndata: \"finish_reason\":\"stop\"}]}\n\n", done), uncounted},
		{"a whole completion as its only event", events(`data: {"model":"m-2025","choices":[{"message":{"content":"Sorry."},"finish_reason":"stop"}]}` + "\n\n"), uncounted},
		{"thinking first", events(`data: {"model":"m-2025","choices":[{"delta":{"content":null,"reasoning_content":"I am alpha"}}]}`+"\n\n", first, last, done), uncounted},
		{"said to be JSON", says(200, first+last+done), uncounted},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t, tt.respond)
			got, err := testModel(t, p.URL, nil).Write(t.Context(), cake)
			if err != nil {
				t.Fatalf("after %d attempts: %v", len(p.seen()), err)
			}
			tt.want.Attempts, got.Latency = 1, 0
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}

	for _, tt := range []struct {
		name     string
		respond  http.HandlerFunc
		public   string
		attempts int
	}{
		{"broken off", events(first), "broke off its answer", maxPaid},
		{"nothing but its end", events(done), "answered with nothing", maxPaid},
		{"an error in it", events(first, `data: {"error":{"message":"upstream","code":502},"choices":[{"delta":{"content":""},"finish_reason":"error"}]}`+"\n\n", done),
			"answered 502 (its provider could not reach it)", maxPaid},
		{"a refusal in it", events("event: error\n", `data: {"error":{"message":"invalid api key"}}`+"\n\n"), "answered with an error (its key was not accepted)", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t, tt.respond)
			_, err := testModel(t, p.URL, nil).Write(t.Context(), cake)
			var refusal *bot.Refusal
			if !errors.As(err, &refusal) || refusal.Public.String() != tt.public || len(p.seen()) != tt.attempts {
				t.Errorf("asked %d times, got %v; want %d times, %q", len(p.seen()), err, tt.attempts, tt.public)
			}
		})
	}
}
