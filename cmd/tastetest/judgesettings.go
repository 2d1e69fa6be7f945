package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/prompts"
)

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
