package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// Each part can be had by itself, works as it stands, brings what it is called, and
// nothing that somebody who asked for that part would have to read first.
func TestExampleForEachPart(t *testing.T) {
	for _, part := range exampleParts {
		said, err := exampleFor([]string{part})
		if err != nil {
			t.Fatal(err)
		}
		s, err := readSettings(write(t, said))
		if err != nil {
			t.Errorf("the example for %s cannot be read: %v", part, err)
			continue
		}
		if brings := len(s.Models) > 0 || s.Slack.configured() || s.Discord.configured() || len(s.Notify) > 0; !brings {
			t.Errorf("the example for %s has neither a chat nor a model:\n%s", part, said)
		}
		paragraphs := strings.Split(strings.TrimSpace(said), "\n\n")
		for i, p := range paragraphs {
			if unset := !setting.MatchString(p) && !strings.Contains(p, "\n  - "); unset && i > 0 && i < len(paragraphs)-1 {
				t.Errorf("the example for %s has a paragraph that sets nothing:\n%s", part, p)
			}
		}
		for _, other := range exampleParts {
			if other != part && strings.Contains(strings.ToLower(said), "\n  # "+other+".") {
				t.Errorf("the example for %s has a part on %s", part, other)
			}
		}
	}
}

// Nobody who starts from the example is warned of its prices, or given a model that its
// provider is said to have withdrawn. When this fails: read the providers' lists.
func TestExampleIsOfThisYear(t *testing.T) {
	s, err := readSettings(write(t, example))
	if err != nil {
		t.Fatal(err)
	}
	written := time.Date(2026, time.November, 29, 0, 0, 0, 0, time.UTC)
	if old := s.oldPrices(written); len(old) > 0 {
		t.Errorf("prices of the example were old when it was written: %v", old)
	}
	for _, m := range s.Models {
		if m.Price != nil && m.Price.Output > 0 && m.Price.AsOf == "" {
			t.Errorf("the price of %s does not say of which day it is", m.Name)
		}
	}
	if strings.Contains(example, "No longer served") {
		t.Error("the example has models that are no longer served")
	}
}

// Whoever asks for all parts gets all models, and every model belongs to a part.
func TestExampleForAllParts(t *testing.T) {
	whole, err := readSettings(write(t, example))
	if err != nil {
		t.Fatal(err)
	}
	said, err := exampleFor(exampleParts)
	if err != nil {
		t.Fatal(err)
	}
	all, err := readSettings(write(t, said))
	if err != nil {
		t.Fatal(err)
	}
	names := func(s settings) (n []string) {
		for _, m := range s.Models {
			n = append(n, m.Name)
		}
		return n
	}
	if want := append(names(whole), "our-assistant", "brief", "warm"); !slices.Equal(names(all), want) {
		t.Errorf("all parts have the models %v, not %v", names(all), want)
	}
	none, err := exampleFor([]string{"slack"})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := readSettings(write(t, none)); err != nil || len(s.Models) > 0 {
		t.Errorf("a part that is a chat brings the models %v (%v); each belongs to a part of its own", names(s), err)
	}
}
