package llm

import (
	"bytes"
	"regexp"
)

var eventField = regexp.MustCompile(`^\s*(?:data|event|id|retry)?:`)

// documents returns the JSON in a body: one document, or the data of
// server-sent events, with which some servers answer whether they were asked for
// a stream or not. ended is false for a stream without its last event.
func documents(body []byte) (docs [][]byte, stream, ended bool) {
	body = bytes.TrimPrefix(body, []byte("\uFEFF"))
	if !eventField.Match(body) {
		return [][]byte{body}, false, true
	}
	var data []byte
	flush := func() {
		switch d := bytes.TrimSpace(data); {
		case string(d) == "[DONE]":
			ended = true
		case bytes.HasPrefix(d, []byte("{")), bytes.HasPrefix(d, []byte("[")):
			docs = append(docs, d)
		}
		data = nil
	}
	for line := range bytes.Lines(body) {
		line = bytes.TrimRight(line, "\r\n")
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case len(line) == 0:
			flush()
		case string(name) == "data":
			data = append(append(data, value...), '\n')
		}
	}
	flush()
	return docs, true, ended
}
