package prompts

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tastetest/tastetest/bot/text"
)

// A trace is what somebody asked a model once, as a log has it.
type trace struct {
	line   int
	asked  string
	system string
	users  []string // by name, address or number
}

// mostLine is how many bytes a line of traces may have.
const mostLine = 16 << 20

// readTraces reads an object a line: {"prompt": …}, {"messages": [{"role", "content"}]},
// or a span with the attributes gen_ai.system_instructions and gen_ai.input.messages of
// OpenTelemetry's semantic conventions 1.37.0, as a map or as OTLP writes it. A line
// that has none of them is counted as skipped; one that is no JSON is an error.
func readTraces(in io.Reader) (traces []trace, skipped int, err error) {
	lines := bufio.NewScanner(text.NewReader(in))
	lines.Buffer(nil, mostLine)
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(line, &fields); err != nil {
			return nil, 0, fmt.Errorf("line %d is not an object like {\"prompt\": \"…\"}", n)
		}
		t := trace{line: n}
		attributes := fields
		if nested, ok := fields["attributes"]; ok {
			attributes = spanAttributes(nested)
		}
		switch {
		case fields["prompt"] != nil:
			t.asked, t.system = plainText(fields["prompt"]), plainText(fields["system"])
		case fields["messages"] != nil:
			t.listen(fields["messages"])
		case attributes["gen_ai.input.messages"] != nil:
			t.listen(attributes["gen_ai.input.messages"])
			if s := joinedParts(attributes["gen_ai.system_instructions"]); s != "" {
				t.system = s
			}
		}
		for _, all := range []map[string]json.RawMessage{fields, attributes} {
			for _, key := range []string{"user", "user_id", "user_name", "username", "user_email", "name", "email", "customer", "author",
				"user.id", "user.name", "user.full_name", "user.email", "enduser.id"} {
				t.users = append(t.users, namesIn(all[key])...)
			}
		}
		if t.asked = strings.TrimSpace(t.asked); t.asked == "" {
			skipped++
		} else {
			traces = append(traces, t)
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return nil, 0, fmt.Errorf("a line has more than %d MB; an object a line is read", mostLine>>20)
	}
	return traces, skipped, lines.Err()
}

// listen takes the only message of a user from a conversation, and its system text.
func (t *trace) listen(raw json.RawMessage) {
	var said []struct {
		Role    string          `json:"role"`
		Name    string          `json:"name"`
		Content json.RawMessage `json:"content"`
		Parts   json.RawMessage `json:"parts"`
	}
	if json.Unmarshal(unquotedJSON(raw), &said) != nil {
		return
	}
	for _, m := range said {
		words := joinedParts(m.Content)
		if words == "" {
			words = joinedParts(m.Parts)
		}
		switch m.Role {
		case "system", "developer":
			t.system = words
		case "user":
			if t.asked == "" { // what comes later leans on what came before
				t.asked = words
			}
		}
		if m.Name != "" {
			t.users = append(t.users, m.Name)
		}
	}
}

// spanAttributes reads a map of attributes, or OTLP's list of keys and values.
func spanAttributes(raw json.RawMessage) map[string]json.RawMessage {
	var flat map[string]json.RawMessage
	if json.Unmarshal(raw, &flat) == nil {
		return flat
	}
	var list []struct {
		Key   string `json:"key"`
		Value struct {
			String *string `json:"stringValue"`
		} `json:"value"`
	}
	flat = make(map[string]json.RawMessage)
	if json.Unmarshal(raw, &list) == nil {
		for _, a := range list {
			if a.Value.String != nil {
				flat[a.Key], _ = json.Marshal(*a.Value.String) // a string always can
			}
		}
	}
	return flat
}

// unquotedJSON is the JSON in a string, or raw if it is none.
func unquotedJSON(raw json.RawMessage) json.RawMessage {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return json.RawMessage(s)
	}
	return raw
}

// plainText is a string, or nothing.
func plainText(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s) // anything else is no text
	return s
}

// joinedParts is a text, or the texts of parts: {"type": "text", "text" or "content"}.
func joinedParts(raw json.RawMessage) string {
	var parts []struct {
		Type    string `json:"type"`
		Text    string `json:"text"`
		Content string `json:"content"`
	}
	if json.Unmarshal(unquotedJSON(raw), &parts) == nil {
		var said []string
		for _, p := range parts {
			if p.Type == "text" {
				said = append(said, p.Text+p.Content)
			}
		}
		return strings.Join(said, "\n")
	}
	return plainText(raw)
}

// namesIn are a user's names: a text, or the texts of an object.
func namesIn(raw json.RawMessage) []string {
	if s := plainText(raw); s != "" {
		return []string{s}
	}
	var fields map[string]json.RawMessage
	var names []string
	if json.Unmarshal(raw, &fields) == nil {
		for _, key := range []string{"id", "name", "full_name", "first_name", "last_name", "email", "username"} {
			if s := plainText(fields[key]); s != "" {
				names = append(names, s)
			}
		}
	}
	return names
}
