package prompts

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/tastetest/tastetest/bot"
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
	text, err := plainText(data)
	if err != nil {
		return bot.Sheet{}, err
	}
	rows, err := reader(name, text)(text)
	if err != nil {
		return bot.Sheet{}, err
	}
	return sheet(rows)
}

func reader(name, text string) func(string) ([]row, error) {
	switch {
	case isPromptfoo(text):
		return readPromptfoo
	case isJSON(text):
		return readJSONL
	case isPack(text):
		return readPack
	case isCSV(text):
		return readCSV
	}
	if typo := typoInHeader(text); typo != nil {
		return func(string) ([]row, error) { return nil, typo }
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".tsv":
		return readCSV
	case ".jsonl", ".ndjson", ".json":
		return readJSONL
	case ".yaml", ".yml":
		return readPack
	}
	return readText
}

// plainText checks that data is text of a fair size, and returns it without a
// byte order mark and with plain line ends.
func plainText(data []byte) (string, error) {
	switch {
	case len(data) > maxFile:
		return "", bot.UserError("That is more than 1 MB. Send at most 200 prompts, in a file of up to 1 MB.")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return "", bot.UserError("That is a workbook or an archive, not text. Save the sheet as “CSV UTF-8” and send that file.")
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return "", bot.UserError("That text is UTF-16. Save it as UTF-8 (in a spreadsheet: “CSV UTF-8”) and send it again.")
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	for line, n := data, 1; len(line) > 0; n++ {
		var this []byte
		this, line, _ = bytes.Cut(line, []byte("\n"))
		if !utf8.Valid(this) {
			return "", userErrorf("Line %d is not UTF-8 text. Save the file as UTF-8 (in a spreadsheet: “CSV UTF-8”) and send it again.", n)
		}
		if bytes.IndexByte(this, 0) >= 0 {
			return "", bot.UserError("That is not a text file. Send CSV, JSONL, YAML or plain text.")
		}
	}
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	return strings.ReplaceAll(text, "\r", "\n"), nil
}

func userErrorf(format string, args ...any) bot.UserError {
	return bot.UserError(fmt.Sprintf(format, args...))
}

// fault is a UserError about one place of what was sent: "Line 3: …".
func fault(where, format string, args ...any) bot.UserError {
	s := strings.ToUpper(where[:1]) + where[1:] + ": " + fmt.Sprintf(format, args...)
	if !strings.HasSuffix(s, "?") {
		s += "."
	}
	return bot.UserError(s)
}
