package prompts

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot"
)

// The most that [Library.Read] takes.
const (
	maxFile   = 1 << 20 // bytes
	maxRows   = 200     // prompts
	maxPrompt = 4000    // characters as people see them; system texts too
	maxAnswer = 100_000 // bytes
)

// Read implements [bot.Library]. The text tells what it is; the name decides
// where the text could be several things.
func (*Library) Read(name string, data []byte) (bot.Sheet, error) {
	text, err := plainText(data)
	if err != nil {
		return bot.Sheet{}, err
	}
	var rows []row
	switch detect(name, text) {
	case formatCSV:
		rows, err = readCSV(text)
	case formatJSONL:
		rows, err = readJSONL(text)
	case formatPromptfoo:
		rows, err = readPromptfoo(text)
	case formatPack:
		return readPack(text)
	default:
		rows = readText(text)
	}
	if err != nil {
		return bot.Sheet{}, err
	}
	return sheet(rows)
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

type format int

const (
	formatText format = iota
	formatCSV
	formatJSONL
	formatPromptfoo
	formatPack
)

func detect(name, text string) format {
	head := strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(head, "{") && isPromptfoo(head):
		return formatPromptfoo
	case isJSONL(head):
		return formatJSONL
	case isPack(text):
		return formatPack
	case isCSV(text):
		return formatCSV
	}
	// It looks like nothing but prose: the name says what it should have been,
	// and the error then says what is missing.
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".tsv":
		return formatCSV
	case ".jsonl", ".ndjson", ".json":
		return formatJSONL
	case ".yaml", ".yml":
		return formatPack
	}
	return formatText
}

// readText splits prose: at lines of dashes if there are any, else at blank
// lines, else at every line.
func readText(text string) []row {
	lines := strings.Split(text, "\n")
	dashed, blank := false, false
	for _, l := range strings.Split(strings.TrimSpace(text), "\n") {
		l = strings.TrimSpace(l)
		dashed = dashed || isRule(l)
		blank = blank || l == ""
	}
	var rows []row
	var part []string
	start := 1
	flush := func() {
		if p := strings.TrimSpace(strings.Join(part, "\n")); p != "" {
			rows = append(rows, row{where: fmt.Sprintf("line %d", start), prompt: bot.Prompt{Text: p}})
		}
		part = nil
	}
	for i, l := range lines {
		trimmed := strings.TrimSpace(l)
		switch {
		case dashed && isRule(trimmed), !dashed && blank && trimmed == "":
			flush()
			continue
		case !dashed && !blank:
			flush()
		}
		if len(part) == 0 {
			if trimmed == "" {
				continue
			}
			start = i + 1
		}
		part = append(part, strings.TrimRight(l, " \t"))
	}
	flush()
	return rows
}

// isRule reports whether a line separates prompts.
func isRule(line string) bool { return len(line) >= 3 && strings.Trim(line, "-") == "" }

// readPack takes the prompts of a pack; the rest of it may be missing.
func readPack(text string) (bot.Sheet, error) {
	p, err := decode([]byte(text))
	if err != nil {
		return bot.Sheet{}, userErrorf("The pack has a fault at %v", err)
	}
	var rows []row
	for i, q := range p.Prompts {
		if !q.Disabled {
			q.ID = ""
			rows = append(rows, row{where: fmt.Sprintf("prompt %d", i+1), prompt: q})
		}
	}
	return sheet(rows)
}

// checkPrompt returns what is wrong with a prompt of a sheet.
func checkPrompt(where string, p bot.Prompt) error {
	switch {
	case strings.TrimSpace(p.Text) == "":
		return userErrorf("%s has no prompt. Write one, or delete the line.", upper(where))
	case uniseg.GraphemeClusterCount(p.Text) > maxPrompt:
		return userErrorf("The prompt on %s is longer than 4,000 characters. Shorten it.", where)
	case uniseg.GraphemeClusterCount(p.System) > maxPrompt:
		return userErrorf("The system text on %s is longer than 4,000 characters. Shorten it.", where)
	}
	return nil
}

func userErrorf(format string, args ...any) bot.UserError {
	return bot.UserError(fmt.Sprintf(format, args...))
}

// upper makes a place the start of a sentence: "line 3" → "Line 3".
func upper(where string) string { return strings.ToUpper(where[:1]) + where[1:] }

// isPack reports whether a line at the margin sets one of a pack's fields.
func isPack(text string) bool {
	for line := range strings.Lines(text) {
		key, _, ok := strings.Cut(line, ":")
		if ok && (key == "prompts" || key == "pack") {
			return true
		}
	}
	return false
}
