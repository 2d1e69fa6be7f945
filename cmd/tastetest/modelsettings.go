package main

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/prompts"
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

// priceDated reports whether the price, if it says of when it is, names a day.
func (m modelSettings) priceDated() bool {
	if m.Price == nil || m.Price.AsOf == "" {
		return true
	}
	_, err := time.Parse(time.DateOnly, m.Price.AsOf)
	return err == nil
}

// oldPrices are the models whose prices are of more than a year ago, with the
// day. Providers change their lists, and limits and costs are reckoned from what
// stands here. Of a price without a day nothing is known, and nothing said.
func (s settings) oldPrices(now time.Time) []string {
	var old []string
	for _, m := range s.Models {
		if m.Price == nil {
			continue
		}
		read, err := time.Parse(time.DateOnly, m.Price.AsOf)
		if err == nil && now.After(read.AddDate(1, 0, 0)) {
			old = append(old, fmt.Sprintf("%s (%s)", m.Name, m.Price.AsOf))
		}
	}
	return old
}

// lookUpPrices says which are old, and what to do.
const lookUpPrices = "Prices of more than a year ago: %s. Look them up in the providers' lists, and write the day into as_of."

// judgeSettings are one entry under judges: a model behind an API, by the same
// settings as one that is tasted, and what it goes by.
type judgeSettings struct {
	llm.Settings `yaml:",inline"`
	APIKeyEnv    string            `yaml:"api_key_env"`
	APIKeyFile   string            `yaml:"api_key_file"`
	HeadersEnv   map[string]string `yaml:"headers_env"` // header → variable
	Rubric       string            `yaml:"rubric"`
}

// model are the settings as those of a model that is tasted.
func (j judgeSettings) model() modelSettings {
	return modelSettings{Settings: j.Settings, APIKeyEnv: j.APIKeyEnv, APIKeyFile: j.APIKeyFile, HeadersEnv: j.HeadersEnv}
}

const mostRubric = 8000 // bytes

// checkJudges returns what is wrong with the judges, and where.
func (s settings) checkJudges() (path, problem string) {
	seen := make(map[string]bool)
	for i, j := range s.Judges {
		at := fmt.Sprintf("$.judges[%d]", i)
		if key, problem := j.model().check(); problem != "" {
			return at + key, problem
		}
		if len(j.Rubric) > mostRubric {
			return at + ".rubric", fmt.Sprintf("a rubric has at most %d bytes; this has %d", mostRubric, len(j.Rubric))
		}
		name := strings.ToLower(j.Name)
		if seen[name] {
			return at + ".name", "two judges have this name; give each one of its own"
		}
		seen[name] = true
	}
	if s.JudgeAll && len(s.Judges) == 0 {
		return "$.judge_all", "there is no judge that could read everything; name one under judges"
	}
	return "", ""
}

// openJudge makes the judge ready to be asked.
func (j judgeSettings) openJudge() (bot.Judge, error) {
	m, err := j.model().open()
	return bot.Judge{Model: m, Rubric: cmp.Or(strings.TrimSpace(j.Rubric), prompts.Rubric)}, err
}
