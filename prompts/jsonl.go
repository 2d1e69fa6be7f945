package prompts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// isJSON reports whether text starts as an object or a list of objects does.
func isJSON(text string) bool {
	text = strings.TrimSpace(text)
	if list, ok := strings.CutPrefix(text, "["); ok {
		return strings.HasPrefix(strings.TrimSpace(list), "{")
	}
	object, ok := strings.CutPrefix(text, "{")
	return ok && strings.HasPrefix(strings.TrimSpace(object), `"`)
}

// readJSONL reads objects, one a line or in a list.
func readJSONL(text string) ([]row, error) {
	if json.Valid([]byte(text)) {
		return readJSON([]byte(text))
	}
	var rows []row
	n := 0
	for line := range strings.Lines(text) {
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

// readJSON reads a valid document: a list of objects, or one object.
func readJSON(data []byte) ([]row, error) {
	var objects []json.RawMessage
	if json.Unmarshal(data, &objects) != nil {
		objects = []json.RawMessage{data}
	}
	var rows []row
	for i, o := range objects {
		r, err := jsonRow(fmt.Sprintf("object %d", i+1), o)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// jsonRow reads one object. It goes by tokens, because the order of the keys
// is the order of the models.
func jsonRow(where string, object []byte) (row, error) {
	const write = `write one object a line: {"prompt": "…"}`
	rec := record{where: where}
	var keys []string
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return row{}, fault(where, "that is not a JSON object; %s", write)
	}
	for d.More() {
		t, err := d.Token()
		key, ok := t.(string)
		var value json.RawMessage
		if err != nil || !ok || d.Decode(&value) != nil {
			return row{}, fault(where, "the JSON is broken; %s", write)
		}
		if strings.EqualFold(key, "id") {
			continue
		}
		text, err := plainValue(value)
		if err != nil {
			return row{}, fault(where, "%q is not text; put it in quotes, or leave it out", key)
		}
		key = strings.TrimSpace(key)
		keys = append(keys, key)
		rec.fields = append(rec.fields, field{key, text})
	}
	if _, err := d.Token(); err != nil {
		return row{}, fault(where, "the JSON is broken; %s", write)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return row{}, fault(where, "something stands behind the object; %s", write)
	}
	if err := checkKeys(where, keys); err != nil {
		return row{}, err
	}
	return rec.row(), nil
}

// plainValue returns the text of a JSON string; null gives "".
func plainValue(value json.RawMessage) (string, error) {
	var s *string
	if err := json.Unmarshal(value, &s); err != nil || s == nil {
		return "", err
	}
	return *s, nil
}
