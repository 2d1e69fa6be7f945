package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/tastetest/tastetest/bot/text"
)

// exampleParts are what of the example can be had by itself, by the first word of
// its paragraph there.
var exampleParts = []string{
	"slack", "discord", "notify",
	"openai", "anthropic", "deepseek", "xai", "gemini", "openrouter", "qwen", "ollama", "answers", "briefings",
}

// setting is one that stands in the example as it is.
var setting = regexp.MustCompile(`(?m)^ *[a-z_]+:`)

// commented is a setting that stands in the example as a comment.
var commented = regexp.MustCompile(`(?m)^( *)# ( *(?:- |# )?([a-z_]+):.*)$`)

// exampleFor is the least that works with the asked parts: these, taken in where they
// are comments, and what is set anyway. What could be set besides is left to the whole
// example, to which the last line leads. A part that there is not is a usageError.
func exampleFor(asked []string) (string, error) {
	wanted := make(map[string]bool)
	for _, name := range asked {
		name = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(exampleParts, name) {
			return "", usageError(unknownPart(name))
		}
		wanted[name] = true
	}
	var kept []string
	for i, paragraph := range strings.Split(strings.TrimSpace(example), "\n\n") {
		part := partOf(paragraph)
		switch {
		case part == "" && (i == 0 || setting.MatchString(paragraph)):
			kept = append(kept, paragraph)
		case wanted[part]:
			kept = append(kept, commented.ReplaceAllString(paragraph, "$1$2"))
		}
	}
	kept = append(kept, "# Everything else that can be set: tastetest config --example")
	said := strings.Join(kept, "\n\n") + "\n"
	if wanted["notify"] { // what robots say leads to it
		said = strings.Replace(said, "  # url: ", "  url: ", 1)
	}
	return said, nil
}

// partOf names the part that a paragraph of the example is, "" if it is none.
func partOf(paragraph string) string {
	first, _, _ := strings.Cut(strings.TrimLeft(paragraph, "# "), " ")
	name := strings.ToLower(strings.TrimRightFunc(first, unicode.IsPunct))
	if slices.Contains(exampleParts, name) {
		return name
	}
	return ""
}

func unknownPart(name string) string {
	if near := text.Nearest(name, exampleParts); near != "" {
		return fmt.Sprintf("the example has no part %s; did you mean --for %s?", name, near)
	}
	return fmt.Sprintf("the example has no part %s; write --for with some of: %s", name, strings.Join(exampleParts, ","))
}
