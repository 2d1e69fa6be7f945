package prompts

import (
	"errors"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// isPack reports whether text sets a pack's fields: it starts with one, or
// "prompts:" stands alone on a line.
func isPack(text string) bool {
	first := true
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\n")
		if line == "" || line == "---" || strings.HasPrefix(line, "#") {
			continue
		}
		if line == "prompts:" || first && (strings.HasPrefix(line, "version:") || strings.HasPrefix(line, "pack:") || strings.HasPrefix(line, "prompts:")) {
			return true
		}
		first = false
	}
	return false
}

// isYAMLList reports whether text starts with an item of a list.
func isYAMLList(text string) bool {
	for line := range strings.Lines(text) {
		if isBlank(line) || strings.HasPrefix(line, "#") {
			continue
		}
		return strings.HasPrefix(line, "- ")
	}
	return false
}

// readPack takes the prompts of a pack; the rest of it may be missing.
func readPack(text string) ([]row, error) {
	if tooDeep(text) == 0 && tooMuch(text) {
		return nil, bot.UserError(bot.Say("The pack has more lines, brackets and commas than {n} prompts can have. Send fewer.", bot.Count(maxRows)))
	}
	above := 0
	if isYAMLList(text) { // of prompts, without the line above them
		text, above = "prompts:\n"+text, 1
	}
	p, lines, err := decode([]byte(text))
	if err != nil {
		if at, ok := errors.AsType[*yamlError](err); ok {
			where := bot.Say("Line {line}, column {column}", number(at.line-above), number(at.column))
			if at.asks {
				return nil, bot.UserError(bot.Say("{where}: {what}", where, at.says))
			}
			return nil, fault(where, at.says)
		}
		return nil, bot.UserError(bot.Say("The pack cannot be read: {why}.", bot.Verbatim(err.Error())))
	}
	var rows []row
	for i, q := range p.Prompts {
		if !q.Disabled {
			q.ID = ""
			rows = append(rows, row{where: lineName(lines[i] - above), prompt: q})
		}
	}
	return rows, nil
}
