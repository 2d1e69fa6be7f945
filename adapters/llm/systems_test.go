package llm

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// systems2025 are entries as the example configuration had them for what was served in
// March 2025: their rules are known.
func systems2025(t *testing.T) map[string]Settings {
	t.Helper()
	entries, err := os.ReadFile("testdata/systems2025.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Models []Settings `yaml:"models"`
	}
	if err := yaml.Unmarshal(entries, &file); err != nil {
		t.Fatal(err)
	}
	models := make(map[string]Settings)
	for _, m := range file.Models {
		models[m.Name] = m
	}
	return models
}

// A rule is something that a provider refuses: with a status and a body. Status
// 0: not this request.
type rule func(body map[string]any) (status int, refusal string)

// openAI writes a refusal as OpenAI, Anthropic and DeepSeek do.
func openAI(message, param, code string) string {
	b, _ := json.Marshal(map[string]any{"error": map[string]any{"message": message, "type": "invalid_request_error", "param": param, "code": code}})
	return string(b)
}

// refuses a field, whatever its value.
func refuses(field, refusal string) rule {
	return func(body map[string]any) (int, string) {
		if _, sent := body[field]; sent {
			return 400, refusal
		}
		return 0, ""
	}
}

// capped refuses a cap over most; %v in the message is the cap.
func capped(most float64, message string) rule {
	return func(body map[string]any) (int, string) {
		for _, field := range []string{"max_tokens", "max_completion_tokens"} {
			if n, _ := body[field].(float64); n > most {
				return 400, openAI(fmt.Sprintf(message, n), field, "invalid_value")
			}
		}
		return 0, ""
	}
}

// known refuses every model but one.
func known(id string) rule {
	return func(body map[string]any) (int, string) {
		if body["model"] != id {
			return 404, openAI("The model `"+fmt.Sprint(body["model"])+"` does not exist or you do not have access to it.", "", "model_not_found")
		}
		return 0, ""
	}
}

var (
	noMaxTokens = refuses("max_tokens", openAI("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_tokens", "unsupported_parameter"))
	noEffort    = refuses("reasoning_effort", openAI("Unrecognized request argument supplied: reasoning_effort", "", ""))

	// Early o1 and o1-mini.
	noSystemRole rule = func(body map[string]any) (int, string) {
		for i, m := range body["messages"].([]any) {
			if m.(map[string]any)["role"] == "system" {
				return 400, openAI(fmt.Sprintf("Unsupported value: 'messages[%d].role' does not support 'system' with this model.", i), fmt.Sprintf("messages[%d].role", i), "unsupported_value")
			}
		}
		return 0, ""
	}
	temperatureOne rule = func(body map[string]any) (int, string) {
		if v, sent := body["temperature"]; sent && v != 1. {
			return 400, openAI(fmt.Sprintf("Unsupported value: 'temperature' does not support %v with this model. Only the default (1) value is supported.", v), "temperature", "unsupported_value")
		}
		return 0, ""
	}
	noTemperature = refuses("temperature", openAI("Unsupported parameter: 'temperature' is not supported with this model.", "temperature", "unsupported_parameter"))
)

// standIn is a provider's server: it has that provider's refusals, then replies.
func standIn(t *testing.T, rules []rule, reply string) *provider {
	var p *provider
	p = newProvider(t, func(w http.ResponseWriter, r *http.Request) {
		body := p.seen()[len(p.seen())-1].body
		if r.URL.Path != "/chat/completions" || r.Header.Get("Authorization") != "Bearer "+testKey {
			says(401, openAI("Incorrect API key provided.", "", "invalid_api_key"))(w, r)
			return
		}
		for _, refuse := range rules {
			if status, refusal := refuse(body); status != 0 {
				says(status, refusal)(w, r)
				return
			}
		}
		says(200, reply)(w, r)
	})
	return p
}

// The systems that this bot was first made to compare: each with its entry in
// the example configuration, against a stand-in that refuses what that system's
// documentation says it refuses, and replies in its shape.
func TestSystems(t *testing.T) {
	type change struct {
		what   string
		set    func(*Settings)
		public string // "": it answers
	}
	warm := func(v float64) func(*Settings) { return func(s *Settings) { s.Temperature = number(v) } }
	atMost := func(n int) func(*Settings) { return func(s *Settings) { s.MaxTokens = n } }
	effort := func(s *Settings) { s.ReasoningEffort = "low" }
	plainCap := func(s *Settings) { s.MaxTokensField = MaxTokens }
	systemRole := func(s *Settings) { s.System = System }
	newer := change{"another model", func(s *Settings) { s.Model += "-2" }, "answered 404 (there is no such model or address)"}

	const (
		gpt    = `{"id":"chatcmpl-1","object":"chat.completion","created":1741569952,"model":%q,"choices":[{"index":0,"message":{"role":"assistant","content":"Sorry.","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":10,"total_tokens":40,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},"service_tier":"default","system_fingerprint":"fp_1"}`
		tooBig = "max_tokens is too large: %v. This model supports at most 16384 completion tokens, whereas you provided more."
	)
	tooLarge := func(n int) string {
		return fmt.Sprintf("answered 400 (max_tokens of %d is too large for it; lower max_tokens)", n)
	}
	const (
		takeField       = "answered 400 (it does not take max_tokens; write max_tokens_field: max_completion_tokens)"
		takeTemperature = "answered 400 (it does not take temperature 0.7; take out temperature)"
		takeEffort      = "answered 400 (it does not take reasoning_effort low; take out reasoning_effort)"
		takeRole        = "answered 400 (it takes no message of role system; write system: developer or system: merge)"
	)
	for _, tt := range []struct {
		name    string // of its entry
		model   string
		rules   []rule
		reply   string
		output  int    // tokens billed; 30 are those of the prompt
		usd     string // by the entry's price
		changes []change
	}{
		{"gpt-4.5", "gpt-4.5-preview", []rule{noEffort, capped(16384, tooBig)}, fmt.Sprintf(gpt, "gpt-4.5-preview-2025-02-27"), 10, "0.00375",
			[]change{newer, {"temperature", warm(0.7), ""}, {"effort", effort, takeEffort}, {"cap", atMost(100_000), tooLarge(100_000)}}},
		{"gpt-4o", "gpt-4o", []rule{noEffort, capped(16384, tooBig)}, fmt.Sprintf(gpt, "gpt-4o-2024-08-06"), 10, "0.000175",
			[]change{newer, {"temperature", warm(0.7), ""}, {"effort", effort, takeEffort}, {"cap", atMost(100_000), tooLarge(100_000)}}},
		{"gpt-4", "gpt-4", []rule{noEffort, capped(8162, "This model's maximum context length is 8192 tokens. However, you requested more (30 in the messages, %v in the completion). Please reduce the length of the messages or completion.")},
			fmt.Sprintf(gpt, "gpt-4-0613"), 10, "0.0015",
			[]change{newer, {"effort", effort, takeEffort}, {"cap", atMost(8192), "answered 400 (the prompt and max_tokens together are too long for it; lower max_tokens)"}}},
		{"o1", "o1", []rule{noMaxTokens, temperatureOne, noSystemRole}, `{"id":"chatcmpl-2","object":"chat.completion","created":1741569952,"model":"o1-2024-12-17","choices":[{"index":0,"message":{"role":"assistant","content":"Sorry.","refusal":null,"annotations":[]},"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":330,"total_tokens":360,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":320}}}`, 330, "0.02025",
			[]change{newer, {"temperature", warm(0.7), takeTemperature}, {"temperature 1", warm(1), ""}, {"role", systemRole, takeRole}, {"merge", func(s *Settings) { s.System = Merge }, ""}, {"field", plainCap, takeField}}},
		{"o3-mini", "o3-mini", []rule{noMaxTokens, noTemperature}, `{"id":"chatcmpl-3","object":"chat.completion","created":1741569952,"model":"o3-mini-2025-01-31","choices":[{"index":0,"message":{"role":"assistant","content":"Sorry.","refusal":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":138,"total_tokens":168,"completion_tokens_details":{"reasoning_tokens":128}}}`, 138, "0.0006402",
			[]change{newer, {"temperature", warm(0.7), takeTemperature}, {"field", plainCap, takeField}}},
		{"deepseek-v3", "deepseek-chat", []rule{capped(8192, "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]%.0v")}, `{"id":"a","object":"chat.completion","created":1741569952,"model":"deepseek-chat","choices":[{"index":0,"message":{"role":"assistant","content":"Sorry."},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":10,"total_tokens":40,"prompt_tokens_details":{"cached_tokens":0},"prompt_cache_hit_tokens":0,"prompt_cache_miss_tokens":30},"system_fingerprint":"fp_2"}`, 10, "0.0000191",
			[]change{newer, {"temperature", warm(1.5), ""}, {"cap", atMost(20_000), tooLarge(20_000)}}},
		{"deepseek-r1", "deepseek-reasoner", nil, "\n\n\n" + `{"id":"b","object":"chat.completion","created":1741569952,"model":"deepseek-reasoner","choices":[{"index":0,"message":{"role":"assistant","content":"Sorry.","reasoning_content":"The user wants an apology. I am DeepSeek-R1."},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":210,"total_tokens":240,"completion_tokens_details":{"reasoning_tokens":200}}}`, 210, "0.0004764",
			[]change{{"a temperature without effect", warm(0.7), ""}}},
		{"claude-3.7-sonnet", "claude-3-7-sonnet-20250219", []rule{capped(64_000, "max_tokens: %v > 64000, which is the maximum allowed number of output tokens for claude-3-7-sonnet-20250219")}, `{"id":"msg_1","object":"chat.completion","created":1741569952,"model":"claude-3-7-sonnet-20250219","choices":[{"index":0,"message":{"role":"assistant","content":"Sorry."},"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":10,"total_tokens":40}}`, 10, "0.00024",
			[]change{newer, {"a temperature that is taken as 1", warm(1.5), ""}, {"cap", atMost(100_000), tooLarge(100_000)}}},
		{"grok-3", "grok-3", []rule{refuses("reasoning_effort", `{"code":"Client specified an invalid argument","error":"Model grok-3 does not support parameter reasoningEffort."}`)}, `{"id":"c","object":"chat.completion","created":1741569952,"model":"grok-3","choices":[{"index":0,"message":{"role":"assistant","content":"Sorry.","refusal":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":10,"total_tokens":40,"prompt_tokens_details":{"text_tokens":30,"audio_tokens":0,"image_tokens":0,"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0},"num_sources_used":0},"system_fingerprint":"fp_3"}`, 10, "0.00024",
			[]change{newer, {"temperature", warm(0.7), ""}, {"effort", effort, takeEffort}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			entry, ok := systems2025(t)[tt.name]
			if !ok {
				t.Fatal("there is no such entry")
			}
			rules := append([]rule{known(tt.model)}, tt.rules...)
			ask := func(set func(*Settings)) (bot.Answer, error) {
				p := standIn(t, rules, tt.reply)
				s := entry
				s.BaseURL, s.Key = p.URL, testKey
				if set != nil {
					set(&s)
				}
				m, err := New(s)
				if err != nil {
					t.Fatal(err)
				}
				a, err := m.Write(t.Context(), cake)
				if n := len(p.seen()); n != 1 {
					t.Errorf("asked %d times", n)
				}
				return a, err
			}
			a, err := ask(nil)
			if err != nil {
				t.Fatalf("its entry does not work: %v", err)
			}
			want, _ := parse(tt.usd)
			if a.Raw != "Sorry." || a.Finish != "stop" || a.Input != 30 || a.Output != tt.output || a.Cost != (usage{Cost: amount(want.FloatString(12))}).stated() {
				t.Errorf("got %+v; want it to have %d tokens and cost $%s", a, tt.output, tt.usd)
			}
			for _, c := range tt.changes {
				a, err := ask(c.set)
				var refusal *bot.Refusal
				switch {
				case c.public == "":
					if err != nil || a.Raw != "Sorry." {
						t.Errorf("with %s: got %+v, %v; want an answer", c.what, a, err)
					}
				case !errors.As(err, &refusal) || refusal.Public.String() != c.public:
					t.Errorf("with %s: got %v\nwant %q", c.what, err, c.public)
				}
			}
		})
	}
}

// DeepSeek R1's weights are public: wherever they run, and in whatever form that
// host hands out its thinking, voters see the answer alone.
func TestThinkingOfR1Elsewhere(t *testing.T) {
	entry := systems2025(t)["deepseek-r1"]
	for name, message := range map[string]string{
		"OpenRouter":                 `{"content":"Sorry.","reasoning":"I am R1.","reasoning_details":[{"type":"reasoning.text","text":"I am R1."}]}`,
		"without a parser":           `{"content":"<think>\nI am R1.\n</think>\n\nSorry."}`,
		"begun by the template":      `{"content":"I am R1.\n</think>\n\nSorry."}`,
		"nothing thought":            `{"content":"<think>\n\n</think>\n\nSorry."}`,
		"in parts":                   `{"content":[{"type":"thinking","thinking":"I am R1."},{"type":"text","text":"Sorry."}]}`,
		"and the token of its end":   `{"content":"<think>I am R1.</think>Sorry.<｜end▁of▁sentence｜>"}`,
		"its thinking beside itself": `{"content":"\n\nSorry.","reasoning_content":"I am R1.\n"}`,
	} {
		t.Run(name, func(t *testing.T) {
			p := standIn(t, nil, `{"model":"deepseek-r1","choices":[{"message":`+message+`,"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":210,"total_tokens":240}}`)
			s := entry
			s.BaseURL, s.Key = p.URL, testKey
			m, err := New(s)
			if err != nil {
				t.Fatal(err)
			}
			a, err := m.Write(t.Context(), cake)
			if shown := text.Clean(a.Raw); err != nil || shown != "Sorry." || a.Output != 210 || strings.Contains(shown, "R1") {
				t.Errorf("voters see %q, %d tokens, %v", shown, a.Output, err)
			}
		})
	}
}
