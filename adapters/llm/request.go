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
	if m.s.Stream {
		f["stream"] = true
		f["stream_options"] = map[string]any{"include_usage": true}
	}
	maps.Copy(f, m.s.ExtraBody)
	if m.s.MaxTokensField != NoMaxTokens {
		f[string(m.s.MaxTokensField)] = m.cap(p)
	}
	if m.s.Temperature != nil {
		f["temperature"] = *m.s.Temperature
	}
	if m.s.ReasoningEffort != "" {
		f["reasoning_effort"] = m.s.ReasoningEffort
	}
	return f
}

// cap returns the cap on an answer to p, thinking included; 0: none is sent.
func (m *Model) cap(p bot.Prompt) int {
	if m.s.MaxTokensField == NoMaxTokens {
		return 0
	}
	return cmp.Or(m.s.MaxTokens, p.MaxTokens, defaultMaxTokens)
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
