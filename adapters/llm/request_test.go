package llm

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
)

func number(f float64) *float64 { return &f }

// What is sent is what the settings say, whatever the model is called.
func TestRequest(t *testing.T) {
	message := func(role, content string) map[string]any { return map[string]any{"role": role, "content": content} }
	user := message("user", cake.Text)
	neutral := message("system", NeutralSystem)
	system := cake
	system.System = "Be brief."
	system.MaxTokens = 300
	for _, tt := range []struct {
		name   string
		set    func(*Settings)
		prompt bot.Prompt
		want   map[string]any
	}{
		{"defaults", func(*Settings) {}, cake,
			map[string]any{"model": "m-1", "max_tokens": 2048., "messages": []any{neutral, user}}},
		{"the prompt's system and cap", func(*Settings) {}, system,
			map[string]any{"model": "m-1", "max_tokens": 300., "messages": []any{message("system", "Be brief."), user}}},
		{"its own system and cap", func(s *Settings) { s.SystemText, s.MaxTokens = "You are kind.", 9000 }, system,
			map[string]any{"model": "m-1", "max_tokens": 9000., "messages": []any{message("system", "You are kind.\n\nBe brief."), user}}},
		{"a reasoner", func(s *Settings) {
			s.Model, s.MaxTokensField, s.System, s.ReasoningEffort = "o3-mini", MaxCompletionTokens, Developer, "low"
		}, cake, map[string]any{"model": "o3-mini", "max_completion_tokens": 2048., "reasoning_effort": "low", "messages": []any{message("developer", NeutralSystem), user}}},
		{"merged", func(s *Settings) { s.System, s.MaxTokensField = Merge, NoMaxTokens }, system,
			map[string]any{"model": "m-1", "messages": []any{message("user", "Be brief.\n\n"+cake.Text)}}},
		{"merged neutral", func(s *Settings) { s.System, s.MaxTokensField = Merge, NoMaxTokens }, cake,
			map[string]any{"model": "m-1", "messages": []any{message("user", NeutralSystem+"\n\n"+cake.Text)}}},
		{"no system", func(s *Settings) { s.System, s.MaxTokensField = NoSystem, NoMaxTokens }, cake,
			map[string]any{"model": "m-1", "messages": []any{user}}},
		{"no system but the prompt's", func(s *Settings) { s.System, s.MaxTokensField = NoSystem, NoMaxTokens }, system,
			map[string]any{"model": "m-1", "messages": []any{message("user", "Be brief.\n\n"+cake.Text)}}},
		{"temperature 0 is sent", func(s *Settings) { s.Temperature = number(0) }, cake,
			map[string]any{"model": "m-1", "max_tokens": 2048., "temperature": 0., "messages": []any{neutral, user}}},
		{"a name that go-openai would refuse to send this with", func(s *Settings) { s.Model, s.Temperature = "gpt-5-chat-latest", number(0.7) }, cake,
			map[string]any{"model": "gpt-5-chat-latest", "max_tokens": 2048., "temperature": 0.7, "messages": []any{neutral, user}}},
		{"a deployment that is called like a reasoner", func(s *Settings) { s.Model, s.Temperature = "o1-of-our-own", number(0.7) }, cake,
			map[string]any{"model": "o1-of-our-own", "max_tokens": 2048., "temperature": 0.7, "messages": []any{neutral, user}}},
		{"more fields", func(s *Settings) {
			s.ExtraBody = map[string]any{"top_k": 40, "thinking": map[string]any{"type": "disabled"}}
		}, cake,
			map[string]any{"model": "m-1", "max_tokens": 2048., "top_k": 40., "thinking": map[string]any{"type": "disabled"}, "messages": []any{neutral, user}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t, answers("Sorry."))
			m := testModel(t, p.URL+"/v1", tt.set)
			if _, err := m.Write(t.Context(), tt.prompt); err != nil {
				t.Fatal(err)
			}
			tt.want["stream"] = false
			if diff := cmp.Diff(tt.want, p.seen()[0].body); diff != "" {
				t.Error(diff)
			}
			if p.seen()[0].path != "/v1/chat/completions" {
				t.Errorf("asked %s", p.seen()[0].path)
			}
		})
	}
}

// A server that answers only in streams is asked for one, and for its usage.
func TestRequestOfAStream(t *testing.T) {
	p := newProvider(t, events(`data: {"choices":[{"delta":{"content":"Sorry."},"finish_reason":"stop"}]}`+"\n\n"))
	m := testModel(t, p.URL, func(s *Settings) { s.Stream = true })
	if a, err := m.Write(t.Context(), cake); err != nil || a.Raw != "Sorry." {
		t.Errorf("got %+v, %v", a, err)
	}
	body := p.seen()[0].body
	if diff := cmp.Diff([]any{true, map[string]any{"include_usage": true}}, []any{body["stream"], body["stream_options"]}); diff != "" {
		t.Error(diff)
	}
	if m.Card().Settings["stream"] != "true" {
		t.Error("the card does not say that it streams")
	}
}

func TestHeaders(t *testing.T) {
	p := newProvider(t, answers("Sorry."))
	m := testModel(t, p.URL, func(s *Settings) {
		s.Key = ""
		s.Headers = map[string]string{"X-Title": "Tastetest", "api-key": "abc"}
	})
	if _, err := m.Write(t.Context(), cake); err != nil {
		t.Fatal(err)
	}
	h := p.seen()[0].header
	if h.Get("X-Title") != "Tastetest" || h.Get("Api-Key") != "abc" {
		t.Errorf("headers: %v", h)
	}
	if _, sent := h["Authorization"]; sent {
		t.Error("an empty key was sent")
	}
}

// reasoner refuses what o1 refuses.
func reasoner(t *testing.T) *provider {
	var p *provider
	p = newProvider(t, func(w http.ResponseWriter, r *http.Request) {
		body := p.seen()[len(p.seen())-1].body
		refuse := func(why string) {
			w.WriteHeader(400)
			_, _ = io.WriteString(w, `{"error":{"message":"`+why+`","type":"invalid_request_error","code":"unsupported_value"}}`)
		}
		messages, _ := body["messages"].([]any)
		first, _ := messages[0].(map[string]any)
		switch {
		case body["max_tokens"] != nil:
			refuse("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.")
		case body["temperature"] != nil && body["temperature"] != 1.:
			refuse("Unsupported value: 'temperature' does not support 0.7 with this model. Only the default (1) value is supported.")
		case first["role"] == "system":
			refuse("Unsupported value: 'messages[0].role' does not support 'system' with this model.")
		default:
			answers("Sorry.")(w, r)
		}
	})
	return p
}

// With settings that a reasoner refuses there is a refusal at once, and with
// the right ones an answer.
func TestReasoner(t *testing.T) {
	right := func(s *Settings) {
		s.Model, s.MaxTokensField, s.System = "o1", MaxCompletionTokens, Developer
	}
	for _, tt := range []struct {
		name, why string
		spoil     func(*Settings)
	}{
		{"right", "", func(*Settings) {}},
		{"temperature 1", "", func(s *Settings) { s.Temperature = number(1) }},
		{"max_tokens", "max_completion_tokens", func(s *Settings) { s.MaxTokensField = MaxTokens }},
		{"temperature", "temperature", func(s *Settings) { s.Temperature = number(0.7) }},
		{"system", "messages[0].role", func(s *Settings) { s.System = System }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := reasoner(t)
			m := testModel(t, p.URL, func(s *Settings) { right(s); tt.spoil(s) })
			_, err := m.Write(t.Context(), cake)
			var refusal *bot.Refusal
			switch {
			case tt.why == "":
				if err != nil {
					t.Error(err)
				}
			case !errors.As(err, &refusal) || !strings.Contains(refusal.Public.String(), "400"):
				t.Errorf("got %v, want a 400", err)
			case !strings.Contains(err.Error(), tt.why):
				t.Errorf("the log does not say why: %v", err)
			}
			if len(p.seen()) != 1 {
				t.Errorf("asked %d times", len(p.seen()))
			}
		})
	}
}

// go-openai knows models that have no chat completions; asking again is no use.
func TestModelThatCannotChat(t *testing.T) {
	p := newProvider(t, answers("Sorry."))
	m := testModel(t, p.URL, func(s *Settings) { s.Model = "code-davinci-002" })
	_, err := m.Write(t.Context(), cake)
	var refusal *bot.Refusal
	if !errors.As(err, &refusal) || refusal.Public.String() != "could not be asked with these settings" || refusal.Cost != (bot.Cost{Known: true}) {
		t.Errorf("got %v", err)
	}
	if len(p.seen()) > 0 {
		t.Errorf("asked %d times", len(p.seen()))
	}
}
