package llm

import (
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
	"github.com/tastetest/tastetest/bot/text"
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
	return nil, bot.UserError(bot.Say("The file has no answers of {model}. It has answers of: {names}.", bot.Verbatim(model), bot.Verbatim(strings.Join(names, ", "))))
}

// ReadAnswers reads CSV (or with semicolons or tabs) with the columns prompt,
// answer and, if there are several, model; or JSON with the same fields, an
// object a line or in a list. It knows the names that AlpacaEval and others give
// them ([text.Column]). name is the file's. Errors are [bot.UserError]s that name
// the line.
func ReadAnswers(name string, data []byte) (Answers, error) {
	name = filepath.Base(name)
	said, err := text.Plain(data)
	if err != nil {
		return nil, bot.UserError(bot.Say("{name}: {err}.", bot.Verbatim(name), bot.Verbatim(err.Error())))
	}
	a := make(Answers)
	add := func(where string, r answerRow) error {
		prompt, model := promptKey(r["prompt"]), strings.TrimSpace(r["model"])
		rows := a[model]
		if rows == nil {
			rows = make(map[string]string)
			a[model] = rows
		}
		_, twice := rows[prompt]
		switch {
		case prompt == "":
			return bot.UserError(bot.Say("{where} has no prompt.", bot.Verbatim(where)))
		case strings.TrimSpace(r["answer"]) == "":
			return bot.UserError(bot.Say("{where} has no answer.", bot.Verbatim(where)))
		case twice:
			return bot.UserError(bot.Say("{where} answers a prompt that was answered above.", bot.Verbatim(where)))
		}
		rows[prompt] = r["answer"]
		return nil
	}
	switch begin := strings.TrimSpace(said); {
	case strings.HasPrefix(begin, "["):
		err = readList(name, begin, add)
	case strings.HasPrefix(begin, "{"):
		err = readJSONL(name, said, add)
	default:
		err = readCSV(name, said, add)
	}
	if err != nil {
		return nil, err
	}
	if len(a) == 0 {
		return nil, bot.UserError(bot.Say("{name} has no answers.", bot.Verbatim(name)))
	}
	return a, nil
}

// An answerRow has a prompt, a model and an answer by these names, whatever the
// file calls them.
type answerRow map[string]string

// An addAnswer takes a row, and where it stands: "answers.csv, line 3".
type addAnswer func(where string, r answerRow) error

func atLine(name string, line int) string { return fmt.Sprintf("%s, line %d", name, line) }

func readJSONL(name, said string, add addAnswer) error {
	n := 0
	for line := range strings.Lines(said) {
		n++
		if strings.TrimSpace(line) == "" {
			continue
		}
		if err := readObject(atLine(name, n), []byte(line), add); err != nil {
			return err
		}
	}
	return nil
}

func readList(name, said string, add addAnswer) error {
	var objects []json.RawMessage
	if err := json.Unmarshal([]byte(said), &objects); err != nil {
		return bot.UserError(bot.Literal(name + ` is broken JSON; write a list like [{"prompt": "…", "model": "…", "answer": "…"}], or one such object a line.`))
	}
	for i, o := range objects {
		if err := readObject(fmt.Sprintf("%s, object %d", name, i+1), o, add); err != nil {
			return err
		}
	}
	return nil
}

func readObject(where string, object []byte, add addAnswer) error {
	const like = ` is not like {"prompt": "…", "model": "…", "answer": "…"}.`
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(object, &fields); err != nil {
		return bot.UserError(bot.Say("{where}{like}", bot.Verbatim(where), bot.Verbatim(like)))
	}
	r := make(answerRow)
	for _, key := range byName(slices.Sorted(maps.Keys(fields))) {
		means := text.Column(key)
		if _, known := r[means]; known || means != "prompt" && means != "model" && means != "answer" {
			continue
		}
		var value string
		if err := json.Unmarshal(fields[key], &value); err != nil {
			return bot.UserError(bot.Say("{where}{like}", bot.Verbatim(where), bot.Verbatim(like)))
		}
		r[means] = value
	}
	return add(where, r)
}

// byName puts the columns that are called as ours are before those that only
// mean the same.
func byName(keys []string) []string {
	var ours, others []string
	for _, k := range keys {
		if strings.EqualFold(k, text.Column(k)) {
			ours = append(ours, k)
		} else {
			others = append(others, k)
		}
	}
	return append(ours, others...)
}

func readCSV(name, said string, add addAnswer) error {
	head, r, err := text.Table(strings.NewReader(said))
	column := make(map[string]int)
	for _, title := range byName(head) {
		if _, known := column[text.Column(title)]; !known {
			column[text.Column(title)] = slices.Index(head, title)
		}
	}
	if _, known := column["prompt"]; err != nil || !known {
		return bot.UserError(bot.Say("{name} must name the columns: prompt,model,answer.", bot.Verbatim(atLine(name, 1))))
	}
	if _, known := column["answer"]; !known {
		return bot.UserError(bot.Say("{name} must name the columns: prompt,model,answer.", bot.Verbatim(atLine(name, 1))))
	}
	r.FieldsPerRecord = len(head)
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			var where *csv.ParseError
			if errors.As(err, &where) {
				return bot.UserError(bot.Say("{name} is no CSV: {err}.", bot.Verbatim(atLine(name, where.Line)), bot.Verbatim(fmt.Sprint(where.Err))))
			}
			return bot.UserError(bot.Say("{name} is no CSV.", bot.Verbatim(atLine(name, 1))))
		}
		row := make(answerRow)
		for _, means := range []string{"prompt", "model", "answer"} {
			if i, known := column[means]; known {
				row[means] = record[i]
			}
		}
		line, _ := r.FieldPos(0)
		if err := add(atLine(name, line), row); err != nil {
			return err
		}
	}
}
