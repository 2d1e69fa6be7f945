package llm

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Settings are one model's entry in the configuration.
type Settings struct {
	Name    string   `yaml:"name"`    // what people type, and read in reveals
	Aliases []string `yaml:"aliases"` // other names by which an answer would give it away

	BaseURL string `yaml:"base_url"` // up to and without /chat/completions
	Key     string `yaml:"-"`        // empty: none is sent
	Model   string `yaml:"model"`    // the provider's id

	MaxTokensField  TokensField    `yaml:"max_tokens_field"` // default: max_tokens
	MaxTokens       int            `yaml:"max_tokens"`       // thinking included; 0: the prompt's, else 2048
	Temperature     *float64       `yaml:"temperature"`      // nil: none is sent
	ReasoningEffort string         `yaml:"reasoning_effort"` // empty: none is sent
	System          SystemMode     `yaml:"system"`           // default: system
	SystemText      string         `yaml:"system_text"`      // its own system prompt
	Stream          bool           `yaml:"stream"`           // ask for a stream, of servers that answer in no other way
	ExtraBody       map[string]any `yaml:"extra_body"`       // more fields of the request

	Headers map[string]string `yaml:"headers"`
	Timeout time.Duration     `yaml:"timeout"` // for one answer with all its retries; default: 2m
	Price   *Price            `yaml:"price"`   // nil: unknown
}

// A TokensField is the request's field for the cap on an answer.
type TokensField string

const (
	MaxTokens           TokensField = "max_tokens"
	MaxCompletionTokens TokensField = "max_completion_tokens"
	NoMaxTokens         TokensField = "none" // no cap is sent
)

// A SystemMode says how a model is told its system prompt.
type SystemMode string

const (
	System    SystemMode = "system"    // as a message of role system
	Developer SystemMode = "developer" // as a message of role developer
	Merge     SystemMode = "merge"     // in front of the prompt
	NoSystem  SystemMode = "none"      // as merge, but without NeutralSystem
)

// NeutralSystem is the system prompt of models that have none of their own,
// for prompts that have none either.
const NeutralSystem = "Answer the request directly. Do not say who or what you are."

const (
	defaultMaxTokens = 2048
	defaultTimeout   = 2 * time.Minute
)

var headerName = regexp.MustCompile(`^[A-Za-z0-9-]+$`)

// reserved are the fields of a request that ExtraBody cannot set.
var reserved = []string{"model", "messages", "stream", "n", "max_tokens", "max_completion_tokens", "temperature", "reasoning_effort"}

// complete returns s with its defaults filled in, or what is wrong with it in a
// sentence for whoever wrote the configuration. It is long because each wrong
// setting has a sentence that says what to write instead.
func (s Settings) complete() (Settings, error) {
	s.MaxTokensField = cmp.Or(s.MaxTokensField, MaxTokens)
	s.System = cmp.Or(s.System, System)
	s.Timeout = cmp.Or(s.Timeout, defaultTimeout)
	s.Key = strings.TrimSpace(s.Key)
	s.BaseURL = strings.TrimRight(strings.TrimSpace(s.BaseURL), "/")
	s.SystemText = strings.TrimSpace(s.SystemText)

	u, err := url.Parse(s.BaseURL)
	switch {
	case s.Name == "":
		return s, fmt.Errorf("a model needs a name: name: kestrel")
	case s.Model == "":
		return s, s.errorf("needs the provider's id: model: gpt-6-luna")
	case s.BaseURL == "":
		return s, s.errorf("needs an address: base_url: https://api.openai.com/v1")
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return s, s.errorf("has a base_url that is no address on the web: write it whole, as https://api.openai.com/v1")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return s, s.errorf("has a base_url with more than an address: keys belong in api_key_env, and nothing follows the path")
	case strings.HasSuffix(u.Path, "/chat/completions"):
		return s, s.errorf("has a base_url that goes too far: leave out /chat/completions")
	case strings.ContainsFunc(s.Key, unicode.IsControl):
		return s, s.errorf("has a key with a line break in it")
	case !slices.Contains([]TokensField{MaxTokens, MaxCompletionTokens, NoMaxTokens}, s.MaxTokensField):
		return s, s.errorf("has max_tokens_field: %s; it can be max_tokens, max_completion_tokens or none", s.MaxTokensField)
	case !slices.Contains([]SystemMode{System, Developer, Merge, NoSystem}, s.System):
		return s, s.errorf("has system: %s; it can be system, developer, merge or none (its text goes into system_text)", s.System)
	case s.MaxTokens < 0 || s.MaxTokens > maxTokens:
		return s, s.errorf("has max_tokens: %d; it can be 1 to %d", s.MaxTokens, maxTokens)
	case s.Temperature != nil && !(*s.Temperature >= 0 && *s.Temperature <= 2):
		return s, s.errorf("has temperature: %v; it can be 0 to 2, and most reasoning models take none", *s.Temperature)
	case s.Timeout < time.Second || s.Timeout > time.Hour:
		return s, s.errorf("has timeout: %v; it can be 1s to 1h", s.Timeout)
	}
	for _, field := range reserved {
		if _, ok := s.ExtraBody[field]; ok {
			return s, s.errorf("has %s in extra_body; it is set elsewhere", field)
		}
	}
	if _, err := json.Marshal(s.ExtraBody); err != nil {
		return s, s.errorf("has an extra_body that is no JSON: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Headers)) {
		if !headerName.MatchString(name) || strings.ContainsAny(s.Headers[name], "\r\n\x00") {
			return s, s.errorf("has a header %q that cannot be sent", name)
		}
	}
	return s, nil
}

func (s Settings) errorf(format string, args ...any) error {
	return fmt.Errorf("model %s "+format, append([]any{s.Name}, args...)...)
}

// card returns all settings that may change an answer, without secrets.
func (s Settings) card() map[string]string {
	m := map[string]string{
		"base_url":         s.BaseURL,
		"model":            s.Model,
		"max_tokens_field": string(s.MaxTokensField),
		"system":           string(s.System),
	}
	if s.MaxTokens > 0 {
		m["max_tokens"] = fmt.Sprint(s.MaxTokens)
	}
	if s.Temperature != nil {
		m["temperature"] = fmt.Sprint(*s.Temperature)
	}
	if s.ReasoningEffort != "" {
		m["reasoning_effort"] = s.ReasoningEffort
	}
	if s.Stream {
		m["stream"] = "true"
	}
	if s.SystemText == "" && s.System != NoSystem {
		m["neutral_system"] = NeutralSystem
	}
	if len(s.ExtraBody) > 0 {
		b, _ := json.Marshal(withoutSecrets(s.ExtraBody)) // complete has done it before
		m["extra_body"] = string(b)
	}
	for name, value := range s.Headers {
		if secret(name, value) {
			value = hidden
		}
		m["header "+strings.ToLower(name)] = value
	}
	return m
}
