package prompts

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// A chat is a prompt as APIs take it: messages, of roles.
type chat []turn

type turn struct {
	Role    string  `json:"role"`
	Content content `json:"content"`
}

// A content is a text in one piece, or in several.
type content string

func (c *content) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, (*string)(c)) == nil {
		return nil
	}
	var parts []struct{ Type, Text string }
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	var said []string
	for _, p := range parts {
		switch {
		case p.Text != "":
			said = append(said, p.Text)
		case p.Type != "":
			said = append(said, "["+strings.TrimSuffix(p.Type, "_url")+"]") // a picture, which nobody is shown
		}
	}
	*c = content(strings.Join(said, "\n"))
	return nil
}

// chatOf returns the chat that a JSON value is, if it is one.
func chatOf(value json.RawMessage) (chat, bool) {
	var c chat
	if json.Unmarshal(value, &c) != nil || len(c) == 0 {
		return nil, false
	}
	for _, t := range c {
		if t.Role == "" {
			return nil, false
		}
	}
	return c, true
}

// chatIn returns the chat that is written in a text, as JSON or as YAML.
func chatIn(said string) (chat, bool) {
	if c, ok := chatOf(json.RawMessage(said)); ok {
		return c, true
	}
	if said = strings.TrimSpace(said); !strings.HasPrefix(said, "- role:") {
		return nil, false
	}
	value, err := yamlToJSON(said)
	if err != nil {
		return nil, false
	}
	return chatOf(value)
}

// prompt is what people read: one message, with the system text apart. Of a
// longer chat it is who said what.
func (c chat) prompt() bot.Prompt {
	var system []string
	var rest chat
	for _, t := range c {
		if t.Role == "system" || t.Role == "developer" {
			system = append(system, strings.TrimSpace(string(t.Content)))
		} else {
			rest = append(rest, t)
		}
	}
	p := bot.Prompt{System: strings.Join(system, "\n\n")}
	if len(rest) == 1 {
		p.Text = strings.TrimSpace(string(rest[0].Content))
		return p
	}
	var said []string
	for _, t := range rest {
		said = append(said, fmt.Sprintf("%s%s: %s", strings.ToUpper(t.Role[:1]), t.Role[1:], strings.TrimSpace(string(t.Content))))
	}
	p.Text = strings.Join(said, "\n\n")
	return p
}

// answered reports whether the chat ends with an answer.
func (c chat) answered() bool { return c[len(c)-1].Role == "assistant" }
