package llm

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// Answers are finished answers by model and prompt.
type Answers map[string]map[string]string

// Of returns the answers of one model: those under its name in the file, or
// all if the file names no models.
func (a Answers) Of(model string) (map[string]string, error) {
	if rows, ok := a[""]; ok && len(a) == 1 {
		return rows, nil
	}
	if rows, ok := a[model]; ok {
		return rows, nil
	}
	names := slices.Sorted(maps.Keys(a))
	return nil, bot.UserError(fmt.Sprintf("The file has no answers of %s. It has answers of: %s.", model, strings.Join(names, ", ")))
}

// ReadAnswers reads CSV (or with semicolons or tabs) with the columns prompt,
// answer and, if there are several, model; or JSONL with the same fields.
// name is the file's. Errors are [bot.UserError]s that name the line.
func ReadAnswers(name string, data []byte) (Answers, error) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	name = filepath.Base(name)
	a := make(Answers)
	add := func(line int, r answerRow) error {
		prompt, model := promptKey(r.Prompt), strings.TrimSpace(r.Model)
		rows := a[model]
		if rows == nil {
			rows = make(map[string]string)
			a[model] = rows
		}
		_, twice := rows[prompt]
		switch {
		case prompt == "":
			return lineError(name, line, "has no prompt")
		case strings.TrimSpace(r.Answer) == "":
			return lineError(name, line, "has no answer")
		case twice:
			return lineError(name, line, "answers a prompt that was answered above")
		}
		rows[prompt] = r.Answer
		return nil
	}
	var err error
	if strings.HasPrefix(strings.TrimSpace(string(data)), "{") {
		err = readJSONL(name, data, add)
	} else {
		err = readCSV(name, data, add)
	}
	if err != nil {
		return nil, err
	}
	if len(a) == 0 {
		return nil, bot.UserError(name + " has no answers.")
	}
	return a, nil
}

type answerRow struct {
	Prompt string `json:"prompt"`
	Model  string `json:"model"`
	Answer string `json:"answer"`
}

func lineError(name string, line int, what string) error {
	return bot.UserError(fmt.Sprintf("%s, line %d %s.", name, line, what))
}

func readJSONL(name string, data []byte, add func(int, answerRow) error) error {
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, len(data)+1)
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		var r answerRow
		if err := json.Unmarshal(line, &r); err != nil {
			return lineError(name, n, `is not like {"prompt": "…", "model": "…", "answer": "…"}`)
		}
		if err := add(n, r); err != nil {
			return err
		}
	}
	return nil
}

func readCSV(name string, data []byte, add func(int, answerRow) error) error {
	r := csv.NewReader(bytes.NewReader(data))
	first, _, _ := strings.Cut(string(data), "\n")
	for _, comma := range ";\t" {
		if !strings.Contains(first, ",") && strings.ContainsRune(first, comma) {
			r.Comma = comma
		}
	}
	column := map[string]int{"prompt": -1, "model": -1, "answer": -1}
	head, err := r.Read()
	for i, title := range head {
		if title = strings.ToLower(strings.TrimSpace(title)); column[title] == -1 {
			column[title] = i
		}
	}
	if err != nil || column["prompt"] < 0 || column["answer"] < 0 {
		return lineError(name, 1, "must name the columns: prompt,model,answer")
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			var where *csv.ParseError
			if errors.As(err, &where) {
				return lineError(name, where.Line, "is no CSV: "+where.Err.Error())
			}
			return lineError(name, 1, "is no CSV")
		}
		row := answerRow{Prompt: record[column["prompt"]], Answer: record[column["answer"]]}
		if i := column["model"]; i >= 0 {
			row.Model = record[i]
		}
		line, _ := r.FieldPos(0)
		if err := add(line, row); err != nil {
			return err
		}
	}
}
