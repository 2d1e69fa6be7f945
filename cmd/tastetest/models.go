package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// open reads the model's key or its answers, and returns it ready to be asked.
func (m modelSettings) open() (bot.Model, error) {
	if m.File != "" {
		answers, err := m.answers()
		if err != nil {
			return nil, err
		}
		return llm.FromFile(m.Name, answers), nil
	}
	s := m.Settings
	var err error
	if s.Key, err = m.apiKey().read(); err != nil {
		return nil, err
	}
	s.Headers = maps.Clone(s.Headers)
	for header, variable := range m.HeadersEnv {
		value, err := secret{"models." + m.Name + ".headers", variable, ""}.read()
		if err != nil {
			return nil, err
		}
		if s.Headers == nil {
			s.Headers = make(map[string]string)
		}
		s.Headers[header] = value
	}
	return llm.New(s)
}

// answers reads the model's answers from its file. Errors are a sentence.
func (m modelSettings) answers() (map[string]string, error) {
	said, err := os.ReadFile(m.File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("model %s: there is no file %s", m.Name, m.File)
	}
	if err != nil {
		return nil, fmt.Errorf("read the answers of %s: %w", m.Name, err)
	}
	all, err := llm.ReadAnswers(m.File, said)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", m.Name, err)
	}
	wanted := cmp.Or(m.Model, m.Name)
	answers, err := all.Of(wanted)
	if err == nil {
		return answers, nil
	}
	names := slices.DeleteFunc(sortedKeys(all), func(n string) bool { return n == "" })
	if near := text.Nearest(wanted, names); near != "" {
		return nil, fmt.Errorf("model %s: %s has no answers of %s; did you mean %s? Write model: %s below file", m.Name, m.File, wanted, near, near)
	}
	return nil, fmt.Errorf("model %s: %s has no answers of %s; write below file which model's to take, one of: %s", m.Name, m.File, wanted, strings.Join(names, ", "))
}
