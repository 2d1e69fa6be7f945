package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"maps"
	"os"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/bot"
)

// open reads the model's key or its answers, and returns it ready to be asked.
func (m modelSettings) open(log *slog.Logger) (bot.Model, error) {
	if m.File != "" {
		text, err := os.ReadFile(m.File)
		if err != nil {
			return nil, fmt.Errorf("read the answers of %s: %w", m.Name, err)
		}
		all, err := llm.ReadAnswers(m.File, text)
		if err != nil {
			return nil, err
		}
		answers, err := all.Of(cmp.Or(m.Model, m.Name))
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
	return llm.New(log, s)
}
