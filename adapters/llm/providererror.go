package llm

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A providerError is what a body says that went wrong.
type providerError struct {
	code  int    // an HTTP status within a 200, as OpenRouter sends it; 0: none
	text  string // the body on one line, for the log
	words string // its strings, without those that echo the request
}

// What is looked at of an error. Whoever says more says it in the beginning.
const maxErrorText = 8 << 10

// providerErrorOf reads a body as an error. isError reports whether it is one
// also with a status of success, as
//
//	{"error": {"message": …, "type": …, "code": …}}   OpenAI and most
//	{"error": "…", "code": "…"}                       xAI
//	[{"error": {…}}]                                  Gemini
//	{"choices": [{"error": {…}}]}                     OpenRouter
//	{"object": "error", "message": {"detail": […]}}   Mistral
//	{"detail": [{"loc": […], "msg": "…"}]}            FastAPI
//	{"errors": [{"message": "…"}]}                    Cloudflare
func providerErrorOf(body []byte) (e providerError, isError bool) {
	e.text = strings.Join(strings.Fields(string(body[:min(len(body), maxErrorText)])), " ")
	var document any
	if json.Unmarshal(body, &document) != nil {
		e.words = e.text
		return e, false
	}
	said := strings.Join(stringsIn(document, nil), " ")
	e.words = said[:min(len(said), maxErrorText)]
	if list, ok := document.([]any); ok && len(list) > 0 {
		document = list[0]
	}
	object, _ := document.(map[string]any)
	choices, _ := object["choices"].([]any)
	if len(choices) > 0 && absent(object["error"]) {
		object, _ = choices[0].(map[string]any)
	}
	inner, _ := object["error"].(map[string]any)
	isError = !absent(object["error"])
	if _, answers := object["choices"]; !answers && len(choices) == 0 {
		for _, key := range []string{"message", "detail", "errors", "msg", "error_msg", "error_message"} {
			isError = isError || !absent(object[key])
		}
	}
	for _, value := range []any{inner["code"], inner["status"], object["code"], object["status"]} {
		n, _ := value.(float64)
		if s, ok := value.(string); ok {
			n, _ = strconv.ParseFloat(s, 64)
		}
		if n >= 400 && n < 600 {
			e.code = int(n)
			break
		}
	}
	return e, isError
}

func absent(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case bool:
		return !v
	case float64:
		return v == 0
	case string:
		return v == ""
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// echoes are fields in which servers repeat what they were asked.
var echoes = []string{"input", "body", "ctx", "messages"}

// stringsIn appends the strings in a JSON value.
func stringsIn(value any, to []string) []string {
	switch v := value.(type) {
	case string:
		return append(to, v)
	case []any:
		for _, item := range v {
			to = stringsIn(item, to)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if !slices.Contains(echoes, key) {
				to = stringsIn(v[key], to)
			}
		}
	}
	return to
}
