package prompts

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

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
		return bot.Sheet{}, sentence(err.Error())
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

// sentence makes a UserError of what says what is wrong: "this is UTF-16; …".
func sentence(says string) bot.UserError {
	first, size := utf8.DecodeRuneInString(says)
	return bot.UserError(bot.Say("{first}{x}.", bot.Verbatim(string(unicode.ToUpper(first))), bot.Verbatim(says[size:])))
}

func userErrorf(format string, args ...any) bot.UserError {
	return bot.UserError(bot.Say("{format}", bot.Verbatim(fmt.Sprintf(format, args...))))
}

// fault is a UserError about one place of what was sent: "Line 3: …".
func fault(where, format string, args ...any) bot.UserError {
	s := sentence(where + ": " + fmt.Sprintf(format, args...))
	if said := s.Error(); strings.HasSuffix(said, "?.") {
		return bot.UserError(bot.Literal(said[:len(said)-1]))
	}
	return s
}
