package discordfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

func (f *Discord) listCommands(r *http.Request) (any, *refusal) {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	if cs, ok := f.Commands[r.URL.Path]; ok {
		if r.URL.Query().Get("with_localizations") == "true" {
			return cs, nil
		}
		return inEnglish(cs), nil
	}
	return []string{}, nil
}

// inEnglish are commands as Discord lists them to whoever does not ask for other
// languages.
func inEnglish(cs json.RawMessage) any {
	var all any
	if json.Unmarshal(cs, &all) != nil {
		return cs
	}
	var strip func(any)
	strip = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				strip(x)
			}
		case map[string]any:
			delete(v, "name_localizations")
			delete(v, "description_localizations")
			for _, x := range v {
				strip(x)
			}
		}
	}
	strip(all)
	return all
}

// setCommands keeps the commands and adds what Discord adds to them.
func (f *Discord) setCommands(r *http.Request) (any, *refusal) {
	var cs []map[string]any
	if json.NewDecoder(r.Body).Decode(&cs) != nil {
		return nil, &refusal{400, 50035, "Invalid Form Body"}
	}
	for _, c := range cs {
		if no := checkCommand(c); no != "" {
			return nil, &refusal{400, 50035, "Invalid Form Body: " + no}
		}
		if n := commandSize(c); n > 8000 {
			return nil, &refusal{400, 50035, fmt.Sprintf("Invalid Form Body: a command of %d characters", n)}
		}
		c["id"], c["version"], c["application_id"], c["nsfw"] = f.NewID(), "1", BotID, false
		if r.PathValue("g") != "" { // Discord keeps these of commands for all servers alone
			c["contexts"], c["integration_types"] = nil, nil
		}
		if c["integration_types"] == nil { // the application's own: it can be installed both ways
			c["integration_types"] = []int{0, 1}
		}
	}
	f.Mu.Lock()
	defer f.Mu.Unlock()
	f.Commands[r.URL.Path] = encode(cs)
	return cs, nil
}

// commandSize is how much Discord counts: names, descriptions and values.
func commandSize(c map[string]any) int {
	n := 0
	for _, key := range []string{"name", "description", "value"} {
		text, _ := c[key].(string)
		n += units(text)
	}
	for _, key := range []string{"options", "choices"} {
		all, _ := c[key].([]any)
		for _, o := range all {
			n += commandSize(o.(map[string]any))
		}
	}
	return n
}

func checkCommand(c map[string]any) string {
	name, _ := c["name"].(string)
	description, _ := c["description"].(string)
	options, _ := c["options"].([]any)
	choices, _ := c["choices"].([]any)
	switch {
	case name == "" || units(name) > 32 || name != strings.ToLower(name):
		return "name " + name
	case description == "" || units(description) > 100:
		return "description of " + name
	case len(options) > 25 || len(choices) > 25:
		return "too many options of " + name
	case strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "":
		return "name " + name
	case len(choices) > 0 && c["autocomplete"] == true:
		return "choices and autocomplete of " + name
	}
	for _, o := range choices {
		choice := o.(map[string]any)
		name, _ := choice["name"].(string)
		value, _ := choice["value"].(string)
		if name == "" || units(name) > 100 || value == "" || units(value) > 100 {
			return "choice " + name
		}
	}
	for _, o := range options {
		if no := checkCommand(o.(map[string]any)); no != "" {
			return no
		}
	}
	return ""
}
