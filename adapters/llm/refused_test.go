package llm

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// What a refusal means is said in words that may be shown, and its provider's
// own are there for the log.
func TestRefused(t *testing.T) {
	warm := func(s *Settings) { s.Temperature = number(0.7) }
	for _, tt := range []struct {
		name   string
		set    func(*Settings)
		status int
		body   string
		public string // behind the status
		log    string
	}{
		{"Gemini: the key", nil, 400, `[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}]`,
			"its key was not accepted", "API key not valid"},
		{"Gemini: an old key", nil, 400, `[{"error":{"code":400,"message":"API key expired. Please renew the API key."}}]`, "its key was not accepted", "expired"},
		{"Gemini: a leaked key", nil, 403, `[{"error":{"code":403,"message":"Your API key was reported as leaked.","status":"PERMISSION_DENIED"}}]`, "its key was not accepted", "leaked"},
		{"Alibaba: the key", nil, 400, `{"code":"InvalidApiKey","message":"Invalid API-key provided.","request_id":"1"}`, "its key was not accepted", "Invalid API-key"},
		{"Anthropic: credit", nil, 400, `{"error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}`, "its account has no credit", "credit balance"},
		{"OpenAI: max_tokens", nil, 400, `{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}`,
			"it does not take max_tokens; write max_tokens_field: max_completion_tokens", "Use 'max_completion_tokens' instead"},
		{"Mistral: max_completion_tokens", func(s *Settings) { s.MaxTokensField = MaxCompletionTokens }, 422,
			`{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted","input":2048}]},"type":"invalid_request_error"}`,
			"it does not take max_completion_tokens; write max_tokens_field: max_tokens", "Extra inputs are not permitted"},
		{"Mistral: a message in a list", nil, 422, `{"object":"error","message":[{"msg":"Field required","loc":["body","seed"],"input":{"max_tokens":2048,"temperature":0.7}}]}`, "it did not accept the request", "Field required"},
		{"FastAPI: what we sent, repeated", warm, 422, `{"detail":[{"loc":["body","seed"],"msg":"Field required","input":{"messages":[{"content":"The temperature fell, and the API key is missing."}]}}]}`, "it did not accept the request", "Field required"},
		{"FastAPI", nil, 422, `{"detail":[{"loc":["body","max_tokens"],"msg":"extra fields not permitted","type":"value_error.extra"}]}`,
			"it does not take max_tokens; write max_tokens_field: max_completion_tokens", "extra fields not permitted"},
		{"FastAPI: one sentence", nil, 400, `{"detail":"The model is not ready."}`, "it did not accept the request", "The model is not ready."},
		{"plain text", nil, 400, "no such\r\n  thing", "it did not accept the request", "status 400: no such thing"},
		{"OpenAI: temperature", warm, 400, `{"error":{"message":"Unsupported value: 'temperature' does not support 0.7 with this model. Only the default (1) value is supported.","param":"temperature","code":"unsupported_value"}}`,
			"it does not take temperature 0.7; take out temperature", "Only the default (1)"},
		{"temperature that was not sent", nil, 400, `{"error":{"message":"temperature"}}`, "it did not accept the request", "temperature"},
		{"Ollama: thinking", func(s *Settings) { s.ReasoningEffort = "low" }, 400, `{"error":{"message":"\"llama3.2\" does not support thinking"}}`,
			"it does not take reasoning_effort low; take out reasoning_effort", "does not support thinking"},
		{"a field of our own", func(s *Settings) { s.ExtraBody = map[string]any{"top_k": 40} }, 400, `{"error":{"message":"Unrecognized request argument supplied: top_k"}}`,
			"it does not take top_k; take top_k out of extra_body", "Unrecognized"},
		{"o1-mini: the role", nil, 400, `{"error":{"message":"Unsupported value: 'messages[0].role' does not support 'system' with this model.","param":"messages[0].role"}}`,
			"it takes no message of role system; write system: developer or system: merge", "messages[0].role"},
		{"Gemma: the role", func(s *Settings) { s.System = Developer }, 400, `[{"error":{"code":400,"message":"Developer instruction is not enabled for models/gemma-3"}}]`,
			"it takes no message of role developer; write system: system or system: merge", "not enabled"},
		{"OpenAI: too long", nil, 400, `{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens. Please reduce the length of the messages.","code":"context_length_exceeded"}}`,
			"the prompt is too long for it", "9000 tokens"},
		{"vLLM: too long together", nil, 400, `{"object":"error","message":"This model's maximum context length is 2048 tokens. However, you requested 2148 tokens (100 in the messages, 2048 in the completion). Please reduce the length of the messages or completion.","code":400}`,
			"the prompt and max_tokens together are too long for it; lower max_tokens", "2148 tokens"},
		{"DeepSeek: the cap", func(s *Settings) { s.MaxTokens = 100_000 }, 400, `{"error":{"message":"Invalid max_tokens value, the valid range of max_tokens is [1, 8192]"}}`,
			"max_tokens of 100000 is too large for it; lower max_tokens", "[1, 8192]"},
		{"o1: the cap was thought away", func(s *Settings) { s.MaxTokensField = MaxCompletionTokens }, 400, `{"error":{"message":"Could not finish the message because max_tokens or model output limit was reached. Please try again with higher max_tokens."}}`,
			"thinking used up the cap of 2048 tokens; raise max_tokens in its entry", "Could not finish"},
		{"Alibaba: only streams", nil, 400, `{"error":{"message":"This model only support stream mode, please enable the stream parameter to access the model."}}`,
			"it answers only as a stream; write stream: true", "stream mode"},
		{"DeepSeek: no model", nil, 400, `{"error":{"message":"Model Not Exist"}}`, "there is no such model or address", "Model Not Exist"},
		{"OpenRouter: no model", nil, 400, `{"error":{"message":"m-1 is not a valid model ID","code":400}}`, "there is no such model or address", "not a valid model ID"},
		{"Groq: gone", nil, 400, `{"error":{"message":"The model m-1 has been decommissioned and is no longer supported.","code":"model_decommissioned"}}`, "it is no longer served", "decommissioned"},
		{"OpenAI: gone", nil, 404, `{"error":{"message":"The model m-1 has been deprecated, learn more here","code":"model_not_found"}}`, "it is no longer served", "deprecated"},
		{"with the key in it", nil, 400, `{"error":{"message":"bad header Bearer ` + testKey + `"}}`, "it did not accept the request", "bad header (hidden)"},
		{"very long", nil, 400, `{"error":{"message":"` + strings.Repeat("no ", 9000) + `"}}`, "it did not accept the request", "no no no"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t, says(tt.status, tt.body))
			_, err := testModel(t, p.URL, tt.set).Write(t.Context(), cake)
			var refusal *bot.Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("got %v, want a refusal", err)
			}
			if !strings.HasSuffix(refusal.Public.String(), " ("+tt.public+")") {
				t.Errorf("public: %q, want %q", refusal.Public, tt.public)
			}
			if !strings.Contains(refusal.Err.Error(), tt.log) || len(refusal.Err.Error()) > 600 {
				t.Errorf("the log gets %q, want the provider’s words: %q", refusal.Err, tt.log)
			}
			if strings.Contains(refusal.Public.String(), "m-1") {
				t.Error("the public text has the model's id")
			}
			hasNoKey(t, "the error", err.Error())
			if len(p.seen()) != 1 {
				t.Errorf("asked %d times", len(p.seen()))
			}
		})
	}
}

// An answer that is empty because of thinking is asked for once more; then it is
// said which setting to raise.
func TestThinkingAteTheCap(t *testing.T) {
	const raise = "answered nothing: thinking used up the cap of 2048 tokens; raise max_tokens in its entry"
	reply := func(message, finish, usage string) http.HandlerFunc {
		return says(200, `{"choices":[{"message":`+message+`,"finish_reason":`+finish+`}],"usage":{`+usage+`}}`)
	}
	all := `"prompt_tokens":9,"completion_tokens":2048,"total_tokens":2057`
	local := func(s *Settings) { s.Price = &Price{} }
	for _, tt := range []struct {
		name    string
		set     func(*Settings)
		respond http.HandlerFunc
		public  string
	}{
		{"in a field of its own", nil, reply(`{"content":"","reasoning_content":"Let me think."}`, `"length"`, all), raise},
		{"unseen", nil, reply(`{"content":null}`, `"length"`, all), raise},
		{"Gemini: no content", nil, reply(`{"role":"assistant"}`, `"length"`, `"prompt_tokens":12,"completion_tokens":0,"total_tokens":2060`), raise},
		{"Gemini: and no reason", nil, reply(`{"role":"assistant"}`, `"stop"`, `"prompt_tokens":12,"total_tokens":2060`), raise},
		{"without its end", nil, reply(`{"content":"<think>\nThe user wants rain"}`, `"length"`, all), raise},
		{"in the prompt's template", nil, reply(`{"content":"<think>"}`, `"MAX_TOKENS"`, ``), raise},
		{"on this machine", local, reply(`{"content":"<think>\nThe user wants rain"}`, `"length"`, all), raise},
		{"a cap of its own", func(s *Settings) { s.MaxTokens = 300 }, reply(`{"content":""}`, `"length"`, ``), "answered nothing: thinking used up the cap of 300 tokens; raise max_tokens in its entry"},
		{"no cap", func(s *Settings) { s.MaxTokensField = NoMaxTokens }, reply(`{"content":""}`, `"length"`, ``),
			"answered nothing: thinking used up the cap of its server; write max_tokens_field and max_tokens in its entry"},
		{"as a stream", nil, events(`data: {"choices":[{"delta":{"reasoning":"Hm"},"finish_reason":"length"}]}` + "\n\n"), raise},
		{"nothing but thinking, and the cap not reached", nil, reply(`{"content":null,"reasoning":"Let me think."}`, `"stop"`, `"prompt_tokens":9,"completion_tokens":20`), "answered nothing but its thinking"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t, tt.respond)
			_, err := testModel(t, p.URL, tt.set).Write(t.Context(), cake)
			var refusal *bot.Refusal
			if !errors.As(err, &refusal) || refusal.Public.String() != tt.public {
				t.Fatalf("got %v, want %q", err, tt.public)
			}
			if len(p.seen()) != 2 {
				t.Errorf("asked %d times, want twice", len(p.seen()))
			}
		})
	}

	t.Run("then an answer", func(t *testing.T) {
		p := newProvider(t, reply(`{"content":""}`, `"length"`, `"prompt_tokens":30,"completion_tokens":2048`), answers("Sorry."))
		got, err := testModel(t, p.URL, nil).Write(t.Context(), cake)
		want := bot.Cost{Pico: 2*30*3_000_000 + (2048+10)*15_000_000, Known: true}
		if err != nil || got.Raw != "Sorry." || got.Cost != want {
			t.Errorf("got %+v, %v; want both attempts' cost, %v", got, err, want)
		}
	})
}
