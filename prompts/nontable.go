package prompts

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// tableOfNothing returns a UserError about a table without a column of prompts,
// of which every row would else be taken for a prompt; nil about prose. A table
// has lines of as many cells as its first, which holds short names.
func tableOfNothing(said string) error {
	lines := strings.Split(strings.Trim(said, "\n"), "\n")
	header := text.Narrow(lines[0])
	comma := text.Separator(header)
	names := cellsOf(header, comma)
	if isPromptfooTable(names) {
		return promptfooTable
	}
	if len(lines) < 2 || len(names) < 2 || slices.ContainsFunc(names, isSentence) {
		return nil
	}
	keys, rows, err := text.Table(strings.NewReader(said))
	if err != nil {
		return nil
	}
	all, err := rows.ReadAll()
	if err != nil {
		return nil
	}
	for _, cells := range all {
		if len(cells) != len(keys) {
			return nil
		}
	}
	where := lineName(1 + strings.Count(said[:strings.Index(said, lines[0])], "\n"))
	for _, k := range keys {
		for _, right := range []string{"prompt", "text"} {
			if slip(k, right) {
				return fault(where, bot.Say("there is {typed}, but no column “prompt”; write {right} instead of {typed}", called(k), called(right)))
			}
		}
		if asksSomething(k) {
			return fault(where, bot.Say("there is {typed}, but no column “prompt”; write “prompt” instead of {typed}", called(k)))
		}
	}
	listed := strings.Contains(lines[0], ", ") || strings.Contains(lines[0], "，") || strings.Contains(lines[0], "; ")
	if comma == '\t' || comma == '|' || len(keys) > 2 && !listed && !slices.Contains(lines, "") {
		return fault(where, bot.Say("this is a table without a column “prompt”; call the column of prompts so, and {example}", example()))
	}
	return nil
}

func cellsOf(line string, comma rune) []string {
	cells := strings.Split(line, string(comma))
	for i := range cells {
		cells[i] = strings.Trim(strings.TrimSpace(cells[i]), `"`)
	}
	return cells
}

// isSentence reports whether a cell is none that a header has.
func isSentence(cell string) bool {
	return cell == "" || len(strings.Fields(cell)) > 3 || utf8.RuneCountInString(cell) > 60 || strings.ContainsAny(cell, "?!。？！") ||
		strings.HasSuffix(cell, ".") || strings.HasSuffix(cell, ":")
}

// asksSomething reports whether a column's name says that prompts stand in it,
// in another word than ours.
func asksSomething(name string) bool {
	return slices.Contains([]string{"question", "questions", "input", "inputs", "query", "queries", "instructions", "user_prompt", "user prompt", "message",
		"提示词", "提示", "问题", "题目", "输入", "指令"}, strings.ToLower(name))
}

// slip reports whether somebody who typed word may have meant right.
func slip(word, right string) bool {
	return !strings.EqualFold(word, right) && utf8.RuneCountInString(word) >= len(right)-1 && !strings.ContainsFunc(word, unicode.IsDigit) &&
		text.Nearest(word, []string{right}) != ""
}
