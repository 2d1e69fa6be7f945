package main

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// modelSettings are one entry under models. Nothing is guessed from a name.
type modelSettings struct {
	Name string `yaml:"name"`

	// Behind an API.
	BaseURL         string            `yaml:"base_url"`
	APIKeyEnv       string            `yaml:"api_key_env"`
	APIKeyFile      string            `yaml:"api_key_file"`
	Model           string            `yaml:"model"`
	MaxTokens       int               `yaml:"max_tokens"`
	MaxTokensField  string            `yaml:"max_tokens_field"`
	Temperature     *float64          `yaml:"temperature"`
	ReasoningEffort string            `yaml:"reasoning_effort"`
	System          string            `yaml:"system"`
	SystemText      string            `yaml:"system_text"`
	ExtraBody       map[string]any    `yaml:"extra_body"` // as the provider documents it
	Headers         map[string]string `yaml:"headers"`
	HeadersEnv      map[string]string `yaml:"headers_env"`
	Timeout         span              `yaml:"timeout"`
	Price           *priceSettings    `yaml:"price"`
	Aliases         []string          `yaml:"aliases"`

	// From a file.
	File string `yaml:"file"`
}

// A span is a time limit; in the file, 90s or 5m.
type span time.Duration

// UnmarshalYAML reads a span of at most an hour.
func (s *span) UnmarshalYAML(n ast.Node) error {
	d, err := time.ParseDuration(n.GetToken().Value)
	if err != nil || d <= 0 || d > time.Hour {
		return &yaml.SyntaxError{Message: "write a time as 90s or 5m, at most 1h", Token: n.GetToken()}
	}
	*s = span(d)
	return nil
}

type priceSettings struct {
	Input       rate   `yaml:"input"`
	Output      rate   `yaml:"output"`
	CachedInput *rate  `yaml:"cached_input"`
	AsOf        string `yaml:"as_of"`
}

func (m modelSettings) apiKey() secret {
	return secret{"models." + m.Name + ".api_key", m.APIKeyEnv, m.APIKeyFile}
}

var (
	modelName  = regexp.MustCompile(`^[\pL\pN][\pL\pN._+-]{0,39}$`)
	secretName = regexp.MustCompile(`(?i)(^|[-_])(authorization|key|token|secret|password|cookie)([-_]|$)|apikey`)
	date       = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
)

// check returns what is wrong, and under which key: ".base_url".
func (m modelSettings) check() (key, problem string) {
	oneOf := func(v string, words ...string) bool { return v == "" || slices.Contains(words, v) }
	u, err := url.Parse(m.BaseURL)
	switch {
	case m.Name == "":
		return "", "give this model a name: what people type, as kestrel"
	case !modelName.MatchString(m.Name):
		return ".name", "a name is one word of letters, digits and . _ + -, at most 40"
	case m.File != "" && m.BaseURL != "":
		return ".file", "a model has either base_url or file, not both"
	case m.File != "":
		return "", ""
	case m.BaseURL == "":
		return "", "say where this model is: base_url for an API, or file for answers that you have already"
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return ".base_url", "write an address as https://api.example.com/v1"
	case u.User != nil || u.RawQuery != "":
		return ".base_url", "leave name, password and ?… out of the address; the key goes into api_key_env"
	case m.Model == "":
		return "", "say which model to ask for, as the provider calls it: model"
	case !oneOf(m.MaxTokensField, "max_tokens", "max_completion_tokens", "none"):
		return ".max_tokens_field", "write max_tokens, max_completion_tokens or none"
	case !oneOf(m.System, "system", "developer", "merge", "none"):
		return ".system", "write system, developer, merge or none; a text goes into system_text"
	case m.MaxTokens < 0 || m.MaxTokens > 1_000_000:
		return ".max_tokens", "write a number of tokens, as 1000"
	case m.Temperature != nil && (*m.Temperature < 0 || *m.Temperature > 2):
		return ".temperature", "a temperature is from 0 to 2; leave it out for the provider's own"
	case m.Price != nil && m.Price.AsOf != "" && !date.MatchString(m.Price.AsOf):
		return ".price.as_of", "write the date of the price as 2025-03-01"
	}
	if p := checkSecret(m.APIKeyEnv, m.APIKeyFile); p != "" {
		return ".api_key_env", p
	}
	for _, h := range sortedKeys(m.Headers) {
		if secretName.MatchString(h) {
			return ".headers", "a secret does not belong in this file; move the header to headers_env and give the name of a variable as its value"
		}
	}
	for _, h := range sortedKeys(m.HeadersEnv) {
		if p := checkSecret(m.HeadersEnv[h], ""); p != "" {
			return ".headers_env", p
		}
	}
	for _, k := range sortedKeys(m.ExtraBody) {
		if secretName.MatchString(k) && !strings.Contains(k, "tokens") {
			return ".extra_body", "a secret does not belong in this file; use api_key_env or headers_env"
		}
	}
	return "", ""
}
