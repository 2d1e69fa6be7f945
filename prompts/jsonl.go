package prompts

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// isJSON reports whether said starts as an object or a list of objects does, or
// is a list of texts.
func isJSON(said string) bool {
	said = strings.TrimSpace(said)
	if list, ok := strings.CutPrefix(said, "["); ok {
		return strings.HasPrefix(strings.TrimSpace(list), "{") || textsIn(said) != nil
	}
	object, ok := strings.CutPrefix(said, "{")
	return ok && strings.HasPrefix(strings.TrimSpace(object), `"`)
}

// readJSONL reads objects, one a line or in a list.
func readJSONL(said string) ([]row, error) {
	if texts := textsIn(said); texts != nil {
		var rows []row
		for i, t := range texts {
			rows = append(rows, row{where: bot.Say("Text {n}", number(i+1)), prompt: bot.Prompt{Text: strings.TrimSpace(t)}})
		}
		return rows, nil
	}
	if json.Valid([]byte(said)) {
		return readJSON([]byte(said))
	}
	var rows []row
	n := 0
	for line := range strings.Lines(said) {
		n++
		if strings.TrimSpace(line) == "" {
			continue
		}
		r, err := jsonRow(lineName(n), []byte(line))
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// textsIn are the texts of a list that holds nothing else; nil if said is none.
func textsIn(said string) []string {
	var texts []string
	if json.Unmarshal([]byte(said), &texts) != nil {
		return nil
	}
	return texts
}

// readJSON reads a valid document: a list of objects, or one object.
func readJSON(data []byte) ([]row, error) {
	var objects []json.RawMessage
	if json.Unmarshal(data, &objects) != nil {
		objects = []json.RawMessage{data}
	}
	var rows []row
	for i, o := range objects {
		r, err := jsonRow(bot.Say("Object {n}", number(i+1)), o)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// jsonRow reads one object. It goes by tokens, because the order of the keys
// is the order of the models. Values that are no text do no harm where nothing
// hangs on them: in notes, and beside a model and its answer.
func jsonRow(where bot.Sentence, object []byte) (row, error) {
	write := bot.Say("write one object a line: {example}", bot.Verbatim(`{"prompt": "…"}`))
	rec := record{where: where}
	var keys []string
	means := make(map[string]bool)
	odd := make(map[string]string) // what a key means → the first whose value is no text
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return row{}, fault(where, bot.Say("that is not a JSON object; {write}", write))
	}
	for d.More() {
		t, err := d.Token()
		key, ok := t.(string)
		var value json.RawMessage
		if err != nil || !ok || d.Decode(&value) != nil {
			return row{}, fault(where, bot.Say("the JSON is broken; {write}", write))
		}
		key = strings.TrimSpace(key)
		add := func(key, said string) {
			keys = append(keys, key)
			rec.fields = append(rec.fields, field{key, said})
			means[text.Column(key)] = true
		}
		is := text.Column(key)
		if chat, ok := chatOf(value); ok && (is == "prompt" || strings.EqualFold(key, "messages")) {
			if chat.answered() {
				return row{}, fault(where, bot.Say("the chat in {key} ends with an answer; leave that out, or write prompt, model and answer", called(key)))
			}
			p := chat.prompt()
			add("prompt", p.Text)
			if p.System != "" {
				add("system", p.System)
			}
			continue
		}
		said, err := plainValue(value)
		switch {
		case is == "id":
		case err == nil:
			add(key, said)
		case odd[is] == "":
			odd[is] = key
		}
	}
	if _, err := d.Token(); err != nil {
		return row{}, fault(where, bot.Say("the JSON is broken; {write}", write))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return row{}, fault(where, bot.Say("something stands behind the object; {write}", write))
	}
	for _, needed := range []string{"prompt", "model", "answer"} {
		if odd[needed] != "" {
			return row{}, notText(where, odd[needed])
		}
	}
	switch {
	case !means["prompt"]:
		return row{}, fault(where, bot.Say("there is no “prompt”; {write}", write))
	case odd[""] != "" && !(means["model"] && means["answer"]):
		return row{}, notText(where, odd[""])
	}
	if err := checkKeys(where, keys); err != nil {
		return row{}, err
	}
	return rec.row(), nil
}

func notText(where bot.Sentence, key string) error {
	return fault(where, bot.Say("{key} is not text; put it in quotes, or leave it out", called(key)))
}

// plainValue returns the text of a JSON string; null gives "".
func plainValue(value json.RawMessage) (string, error) {
	var s *string
	if err := json.Unmarshal(value, &s); err != nil || s == nil {
		return "", err
	}
	return *s, nil
}
