package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// A reply is what is needed of a chat completion, read in a way of our own:
// go-openai's types are too strict for the world. To it an answer is lost over a
// created that is a float, an id that is a number or a usage in strings, which
// nobody needs. Here what has another type than it should counts as missing.
type reply struct {
	Model   plain    `json:"model"`
	Choices []choice `json:"choices"`
	Usage   usage    `json:"usage"`
}

type choice struct {
	Message message `json:"message"`
	Delta   message `json:"delta"` // of a stream
	Finish  plain   `json:"finish_reason"`
}

type message struct {
	Content   content `json:"content"`
	Refusal   plain   `json:"refusal"`
	Reasoning content `json:"reasoning"`         // vLLM, OpenRouter
	Thinking  content `json:"reasoning_content"` // DeepSeek and most
}

func (m *message) add(n message) {
	m.Content += n.Content
	m.Refusal += n.Refusal
	m.Reasoning += n.Reasoning
	m.Thinking += n.Thinking
}

// readReply puts a completion together from its documents: one, or the chunks
// of a stream. It has one choice, or none.
func readReply(documents [][]byte) (reply, error) {
	var (
		whole reply
		one   choice
		found bool
		odd   error
	)
	for _, d := range documents {
		var part reply
		err := json.Unmarshal(d, &part)
		if other, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			odd = other // the rest was read
		} else if err != nil {
			return reply{}, err
		}
		if part.Model != "" {
			whole.Model = part.Model
		}
		if part.Usage != (usage{}) {
			whole.Usage = part.Usage // a stream's last is the sum
		}
		for _, c := range part.Choices[:min(1, len(part.Choices))] {
			found = true
			one.Message.add(c.Message)
			one.Message.add(c.Delta)
			if c.Finish != "" {
				one.Finish = c.Finish
			}
		}
	}
	if found {
		whole.Choices = []choice{one}
		return whole, nil
	}
	return whole, odd
}

// thought reports whether c has thinking beside its text, or in it.
func (c choice) thought() bool {
	m := c.Message
	return strings.TrimSpace(string(m.Content+m.Reasoning+m.Thinking)) != ""
}

// finish returns why an answer ended, in OpenAI's words: "stop", "length",
// "content_filter", "refusal", or what the provider said.
func (c choice) finish() string {
	if c.Message.Refusal != "" {
		return "refusal"
	}
	switch f := strings.ToLower(string(c.Finish)); f {
	case "end_turn", "eos":
		return "stop"
	case "max_tokens", "model_length":
		return "length"
	case "safety", "recitation", "prohibited_content", "blocklist", "spii":
		return "content_filter"
	default:
		return f
	}
}

// A plain is a string, or "" for anything else.
type plain string

// UnmarshalJSON never fails.
func (p *plain) UnmarshalJSON(b []byte) error {
	var s string
	_ = json.Unmarshal(b, &s) // else it stays empty
	*p = plain(s)
	return nil
}

// content is text: a string, or parts, of which those of thinking (Mistral's)
// are left out.
type content string

// UnmarshalJSON never fails.
func (c *content) UnmarshalJSON(b []byte) error {
	var parts []json.RawMessage
	if json.Unmarshal(b, &parts) != nil {
		parts = []json.RawMessage{b}
	}
	*c = ""
	for _, p := range parts {
		if bytes.HasPrefix(p, []byte(`"`)) {
			var s plain
			_ = s.UnmarshalJSON(p)
			*c += content(s)
			continue
		}
		var part struct {
			Type plain `json:"type"`
			Text plain `json:"text"`
		}
		_ = json.Unmarshal(p, &part) // what is no part has no text
		switch part.Type {
		case "", "text", "output_text":
			*c += content(part.Text)
		}
	}
	return nil
}
