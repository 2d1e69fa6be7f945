package main

import (
	"regexp"
	"strings"

	"github.com/tastetest/tastetest/adapters/llm"
)

// modelSettings are one entry under models: an LLM behind an API, or answers
// from a file. Nothing is guessed from a name.
type modelSettings struct {
	llm.Settings `yaml:",inline"`
	APIKeyEnv    string            `yaml:"api_key_env"`
	APIKeyFile   string            `yaml:"api_key_file"`
	HeadersEnv   map[string]string `yaml:"headers_env"` // header → variable

	File string `yaml:"file"`
}

func (m modelSettings) apiKey() secret {
	return secret{"models." + m.Name + ".api_key", m.APIKeyEnv, m.APIKeyFile}
}

var (
	modelName  = regexp.MustCompile(`^[\pL\pN][\pL\pN._+-]{0,39}$`)
	secretName = regexp.MustCompile(`(?i)(^|[-_])(authorization|key|token|secret|password|cookie)([-_]|$)|apikey`)
	wrongValue = regexp.MustCompile(`has (\w+): [^;]*;`)
)

// check returns what is wrong, and under which key: ".file". What an API needs
// is for package llm to say.
func (m modelSettings) check() (key, problem string) {
	switch {
	case m.Name == "":
		return "", "give this model a name: what people type, as kestrel"
	case !modelName.MatchString(m.Name):
		return ".name", "a name is one word of letters, digits and . _ + -, at most 40"
	case m.File != "" && m.BaseURL != "":
		return ".file", "a model has either base_url or file, not both"
	case m.File == "" && m.BaseURL == "":
		return "", "say where this model is: base_url for an API, or file for answers that you have already"
	case !m.priceDated():
		return ".price.as_of", "write the day on which you read the price as 2025-03-01"
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
	if m.File != "" {
		return "", ""
	}
	if _, err := llm.New(m.Settings); err != nil {
		return keyIn(err.Error()), wrongValue.ReplaceAllString(err.Error(), "has a wrong $1;")
	}
	return "", ""
}
