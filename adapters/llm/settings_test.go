package llm

import (
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
)

func TestSettingsFromYAML(t *testing.T) {
	const text = `
name: kestrel
aliases: [claude]
base_url: https://openrouter.ai/api/v1
model: anthropic/claude-3.7-sonnet
max_tokens_field: max_completion_tokens
max_tokens: 4000
temperature: 0
reasoning_effort: low
system: developer
system_text: |
  You are kind.
extra_body:
  provider: {order: [Anthropic], allow_fallbacks: false}
headers: {X-Title: Tastetest}
timeout: 5m
price: {input: 3.00, output: "15", cached_input: 0.30, as_of: 2025-03-01}
`
	var got Settings
	if err := yaml.UnmarshalWithOptions([]byte(text), &got, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	cached := USD(300_000)
	want := Settings{
		Name: "kestrel", Aliases: []string{"claude"}, BaseURL: "https://openrouter.ai/api/v1", Model: "anthropic/claude-3.7-sonnet",
		MaxTokensField: MaxCompletionTokens, MaxTokens: 4000, Temperature: number(0), ReasoningEffort: "low",
		System: Developer, SystemText: "You are kind.\n",
		ExtraBody: map[string]any{"provider": map[string]any{"order": []any{"Anthropic"}, "allow_fallbacks": false}},
		Headers:   map[string]string{"X-Title": "Tastetest"}, Timeout: 5 * time.Minute,
		Price: &Price{Input: 3_000_000, Output: 15_000_000, CachedInput: &cached, AsOf: "2025-03-01"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPriceFromYAML(t *testing.T) {
	for text, want := range map[string]USD{"0": 0, "3": 3_000_000, "0.27": 270_000, "1e-2": 10_000, "0.0000005": 1, "10000": maxPrice} {
		var p Price
		if err := yaml.Unmarshal([]byte("input: "+text), &p); err != nil || p.Input != want {
			t.Errorf("%s: got %d, %v; want %d", text, p.Input, err, want)
		}
	}
	for _, text := range []string{"-1", "free", "10001", "$3", "1e999999999", ".nan", "0x10", "[1]"} {
		var p Price
		if err := yaml.Unmarshal([]byte("input: "+text), &p); err == nil {
			t.Errorf("%s: got %d", text, p.Input)
		}
	}
}

func TestSettingsThatAreWrong(t *testing.T) {
	good := Settings{Name: "kestrel", BaseURL: "https://api.openai.com/v1", Model: "gpt-4o"}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*Settings){
		"needs a name":                  func(s *Settings) { s.Name = "" },
		"needs the provider's id":       func(s *Settings) { s.Model = "" },
		"needs an address":              func(s *Settings) { s.BaseURL = "" },
		"write it whole, as https://":   func(s *Settings) { s.BaseURL = "api.openai.com" },
		"no address on the web":         func(s *Settings) { s.BaseURL = "ftp://example.com" },
		"api_key_env":                   func(s *Settings) { s.BaseURL = "https://user:hunter2@example.com/v1" },
		"nothing follows the path":      func(s *Settings) { s.BaseURL = "https://example.com/v1?api-version=1" },
		"a line break in it":            func(s *Settings) { s.Key = "sk-hunter2\nx" },
		"leave out /chat/completions":   func(s *Settings) { s.BaseURL = "https://example.com/v1/chat/completions" },
		"or none":                       func(s *Settings) { s.MaxTokensField = "tokens" },
		"its text goes into":            func(s *Settings) { s.System = "You are kind." },
		"max_tokens: -1":                func(s *Settings) { s.MaxTokens = -1 },
		"temperature: 2.5":              func(s *Settings) { s.Temperature = number(2.5) },
		"timeout: 1ms":                  func(s *Settings) { s.Timeout = time.Millisecond },
		"has stream in extra_body":      func(s *Settings) { s.ExtraBody = map[string]any{"stream": true} },
		"has temperature in extra_body": func(s *Settings) { s.ExtraBody = map[string]any{"temperature": 1} },
		"no JSON":                       func(s *Settings) { s.ExtraBody = map[string]any{"x": map[any]any{1: 2}} },
		`header "X Y"`:                  func(s *Settings) { s.Headers = map[string]string{"X Y": "z"} },
		`header "X"`:                    func(s *Settings) { s.Headers = map[string]string{"X": "a\r\nb"} },
	} {
		s := good
		spoil(&s)
		_, err := New(s)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want one that has %q", err, want)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error has the password: %v", err)
		}
	}
}

func TestCard(t *testing.T) {
	m := testModel(t, "https://api.openai.com/v1/", func(s *Settings) {
		s.Aliases = []string{"gpt"}
		s.Temperature = number(0.7)
		s.SystemText = "You are kind."
		s.ExtraBody = map[string]any{"top_k": 1, "auth": map[string]any{"api_key": "hunter2"}, "list": []any{"Bearer hunter2"}}
		s.Headers = map[string]string{"X-Api-Key": "hunter2", "Anthropic-Beta": "prompt-caching-2024-07-31", "X-Odd": "Zx81Zx81Zx81Zx81Zx81Zx81hunter2"}
	})
	got := m.Card()
	want := bot.Card{
		Name: "kestrel", Source: "api", System: "You are kind.", MaxTokens: defaultMaxTokens,
		Price: &bot.Price{Input: 3_000_000, Output: 15_000_000, CachedInput: 3_000_000},
		Names: []string{"kestrel", "m-1", "gpt"},
		Settings: map[string]string{
			"base_url": "https://api.openai.com/v1", "model": "m-1", "max_tokens_field": "max_tokens", "system": "system", "temperature": "0.7",
			"extra_body":       `{"auth":{"api_key":"(hidden)"},"list":["(hidden)"],"top_k":1}`,
			"header x-api-key": "(hidden)", "header anthropic-beta": "prompt-caching-2024-07-31", "header x-odd": "(hidden)",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Whatever may change an answer changes the fingerprint; the rest does not.
func TestCardFingerprint(t *testing.T) {
	card := func(change func(*Settings)) string {
		m := testModel(t, "https://api.openai.com/v1", change)
		return m.Card().Fingerprint()
	}
	plain := card(nil)
	for name, change := range map[string]func(*Settings){
		"base_url":         func(s *Settings) { s.BaseURL = "https://example.com" },
		"model":            func(s *Settings) { s.Model = "m-2" },
		"max_tokens":       func(s *Settings) { s.MaxTokens = 1 },
		"max_tokens_field": func(s *Settings) { s.MaxTokensField = NoMaxTokens },
		"temperature":      func(s *Settings) { s.Temperature = number(0) },
		"reasoning_effort": func(s *Settings) { s.ReasoningEffort = "low" },
		"system":           func(s *Settings) { s.System = Merge },
		"system_text":      func(s *Settings) { s.SystemText = "You are kind." },
		"extra_body":       func(s *Settings) { s.ExtraBody = map[string]any{"top_k": 1} },
		"headers":          func(s *Settings) { s.Headers = map[string]string{"X": "y"} },
	} {
		if card(change) == plain {
			t.Errorf("%s changes nothing", name)
		}
	}
	for name, change := range map[string]func(*Settings){
		"key":     func(s *Settings) { s.Key = "another" },
		"timeout": func(s *Settings) { s.Timeout = time.Hour },
		"price":   func(s *Settings) { s.Price = nil },
	} {
		if card(change) != plain {
			t.Errorf("%s changes something", name)
		}
	}
}
