package prompts

import (
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// readText splits prose: at lines of dashes if there are any, else at blank
// lines, else at every line.
func readText(text string) ([]row, error) {
	body := strings.Split(strings.TrimSpace(text), "\n")
	separates := isRule
	if !slices.ContainsFunc(body, isRule) {
		separates = isBlank
	}
	single := !slices.ContainsFunc(body, separates) // a prompt a line

	var rows []row
	lines := strings.Split(text, "\n")
	start := -1 // of the prompt that is being read
	flush := func(end int) {
		if start >= 0 {
			rows = append(rows, row{where: lineName(start + 1), prompt: bot.Prompt{Text: strings.TrimSpace(strings.Join(lines[start:end], "\n"))}})
			start = -1
		}
	}
	for i, line := range lines {
		if single || separates(line) {
			flush(i)
		}
		if start < 0 && !separates(line) && !isBlank(line) {
			start = i
		}
	}
	flush(len(lines))
	return rows, nil
}

func isBlank(line string) bool { return strings.TrimSpace(line) == "" }

// isRule reports whether a line of nothing but dashes separates prompts.
func isRule(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= 3 && strings.Trim(line, "-") == ""
}
