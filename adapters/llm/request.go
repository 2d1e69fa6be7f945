package llm

import (
	"cmp"
	"maps"
	"strings"

	"github.com/sashabaranov/go-openai"

	"github.com/tastetest/tastetest/bot"
)

// fields are what a request has besides model and messages.
func (m *Model) fields(p bot.Prompt) map[string]any {
	f := make(map[string]any)
	maps.Copy(f, m.s.ExtraBody)
	if m.s.MaxTokensField != NoMaxTokens {
		f[string(m.s.MaxTokensField)] = cmp.Or(m.s.MaxTokens, p.MaxTokens, defaultMaxTokens)
	}
	if m.s.Temperature != nil {
		f["temperature"] = *m.s.Temperature
	}
	if m.s.ReasoningEffort != "" {
		f["reasoning_effort"] = m.s.ReasoningEffort
	}
	return f
}

// messages are the model's own system text, then the prompt's; the neutral one
// if there is neither.
func (m *Model) messages(p bot.Prompt) []openai.ChatCompletionMessage {
	system := strings.TrimSpace(m.s.SystemText + "\n\n" + p.System)
	if system == "" && m.s.System != NoSystem {
		system = NeutralSystem
	}
	user := openai.ChatCompletionMessage{Role: openai.ChatMessageRoleUser, Content: p.Text}
	switch {
	case system == "":
		return []openai.ChatCompletionMessage{user}
	case m.s.System == Merge, m.s.System == NoSystem:
		user.Content = system + "\n\n" + p.Text
		return []openai.ChatCompletionMessage{user}
	}
	return []openai.ChatCompletionMessage{{Role: string(m.s.System), Content: system}, user}
}

// answered returns what a message says, without thinking.
func answered(msg openai.ChatCompletionMessage) string {
	s := msg.Content
	for _, part := range msg.MultiContent { // Mistral's thinkers
		if part.Type == openai.ChatMessagePartTypeText {
			s += part.Text
		}
	}
	return s
}

// finish returns why an answer ended, in OpenAI's words: "stop", "length",
// "content_filter", "refusal", or what the provider said.
func finish(c openai.ChatCompletionChoice) string {
	if c.Message.Refusal != "" {
		return "refusal"
	}
	switch f := strings.ToLower(string(c.FinishReason)); f {
	case "end_turn", "eos":
		return "stop"
	case "max_tokens":
		return "length"
	case "safety", "recitation", "prohibited_content", "blocklist", "spii":
		return "content_filter"
	default:
		return f
	}
}
