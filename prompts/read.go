package prompts

import (
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// The most that [Library.Read] takes.
const (
	maxFile   = 1 << 20 // bytes
	maxRows   = 200     // prompts
	maxPrompt = 4000    // characters as people see them; system texts too
	maxAnswer = 100_000 // bytes
)

// Read implements [bot.Library]. What the text looks like decides how it is
// read; where it looks like prose, the file's name does.
func (*Library) Read(name string, data []byte) (bot.Sheet, error) {
	if len(data) > maxFile {
		return bot.Sheet{}, bot.UserError(bot.Say("That is more than 1 MB. Send at most 200 prompts, in a file of up to 1 MB."))
	}
	said, err := text.Plain(data)
	if err != nil {
		return bot.Sheet{}, unread(err)
	}
	rows, err := reader(name, said)(said)
	if err != nil {
		return bot.Sheet{}, err
	}
	return sheet(rows)
}

func reader(name, text string) func(string) ([]row, error) {
	switch {
	case isPromptfooConfig(text):
		return refuse(promptfooConfig)
	case isPromptfoo(text):
		return readPromptfoo
	case isJSON(text) && fromPromptfooLines(text) != "":
		return func(text string) ([]row, error) { return readPromptfoo(fromPromptfooLines(text)) }
	case isPromptfooYAML(text):
		return readPromptfooYAML
	case isJSON(text):
		return readJSONL
	case isPack(text):
		return readPack
	case isMarkdown(text):
		return readMarkdown
	case isCSV(text):
		return readCSV
	}
	if err := tableOfNothing(text); err != nil {
		return refuse(err)
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".html", ".htm", ".xml":
		return refuse(bot.UserError(bot.Say("A web page is not understood; save the table in it as CSV, or send the prompts as plain text.")))
	case ".csv", ".tsv":
		return readCSV
	case ".jsonl", ".ndjson", ".json":
		return readJSONL
	case ".yaml", ".yml":
		return readPack
	}
	return readText
}

func refuse(err error) func(string) ([]row, error) {
	return func(string) ([]row, error) { return nil, err }
}

// fault is a UserError about one place of what was sent: "Line 3: …". what is a
// clause, without a full stop.
func fault(where, what bot.Sentence) bot.UserError {
	return bot.UserError(bot.Say("{where}: {what}.", where, what))
}

// lineName names a line for [fault].
func lineName(n int) bot.Sentence { return bot.Say("Line {n}", number(n)) }

// number is a number that names something: 1234, not 1,234.
func number(n int) bot.Verbatim { return bot.Verbatim(strconv.Itoa(n)) }

// called is a name that somebody gave a column, a key or a model.
func called(name string) bot.Sentence { return bot.Say(`"{name}"`, bot.Verbatim(text.Clip(name))) }

// quoted lists names for a sentence: "a", "b" and 3 more.
func quoted(names []string) bot.List {
	var l bot.List
	for _, n := range names {
		l.Of = append(l.Of, called(n))
	}
	return l.Upto(5)
}
