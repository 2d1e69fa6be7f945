package prompts

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// isJSONL reports whether text starts as an object with a prompt would.
func isJSONL(text string) bool {
	line, _, _ := strings.Cut(text, "\n")
	return strings.HasPrefix(line, `{"`) || strings.HasPrefix(line, "[{") || line == "{" || line == "["
}

// readJSONL reads objects one a line, or in an array.
func readJSONL(text string) ([]row, error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "[") {
		return readArray(text)
	}
	if json.Valid([]byte(text)) { // one object, perhaps over several lines
		text = compact(text)
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

func readArray(text string) ([]row, error) {
	var objects []json.RawMessage
	if err := json.Unmarshal([]byte(text), &objects); err != nil {
		return nil, userErrorf("The JSON cannot be read: %s. Write one object a line: {\"prompt\": \"…\"}", jsonFault(text, err))
	}
	var rows []row
	for i, o := range objects {
		r, err := jsonRow("object "+itoa(i+1), o)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func jsonRow(where string, object []byte) (row, error) {
	rec := record{where: where}
	var keys []string
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return row{}, userErrorf("%s is not a JSON object. Write one a line: {\"prompt\": \"…\"}", upper(where))
	}
	for d.More() {
		t, err := d.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return row{}, brokenJSON(where)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return row{}, brokenJSON(where)
		}
		if strings.EqualFold(key, "id") {
			continue
		}
		var s *string
		if err := json.Unmarshal(value, &s); err != nil {
			return row{}, userErrorf("%s: %q is not text. Put it in quotes, or leave it out.", upper(where), key)
		}
		keys = append(keys, key)
		if s == nil {
			s = new(string)
		}
		rec.fields = append(rec.fields, field{key, *s})
	}
	if _, err := d.Token(); err != nil {
		return row{}, brokenJSON(where)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return row{}, userErrorf("%s has something behind its closing brace. Write one object a line.", upper(where))
	}
	if err := checkHeader(where, keys); err != nil {
		return row{}, err
	}
	return tableRow(rec)
}

func brokenJSON(where string) error {
	return userErrorf("%s is not complete JSON. Write one object a line: {\"prompt\": \"…\"}", upper(where))
}

func compact(text string) string {
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(text)); err != nil {
		return text
	}
	return b.String()
}

// jsonFault says on which line of text a JSON error is.
func jsonFault(text string, err error) string {
	if fault, ok := errors.AsType[*json.SyntaxError](err); ok {
		at := min(max(int(fault.Offset), 0), len(text))
		return "there is a fault on line " + itoa(1+strings.Count(text[:at], "\n"))
	}
	return "it is not a list of objects"
}
