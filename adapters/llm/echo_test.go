package llm

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// asJSON is a text as it stands in JSON.
func asJSON(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return strings.Trim(string(b), `"`)
}

// codes is a text with each character as an escape.
func codes(text string) string { return each(`\u%04x`, []rune(text)) }

// each is a text with each of its letters written as format says.
func each[T rune | byte](format string, letters []T) string {
	var out strings.Builder
	for _, x := range letters {
		fmt.Fprintf(&out, format, x)
	}
	return out.String()
}

// Whatever a provider repeats of a prompt when it refuses it, and in whatever way: none
// of it reaches the log, where the provider's own words and the status stay.
func TestEchoedPromptIsNotLogged(t *testing.T) {
	english := bot.Prompt{System: "You write for Miss O'Hara's \"Crumb & Co\".", Text: "Apologise to Mara Quill,\n12 Elm Row: the cake for \"Uncle Teddy\" wasn't baked."}
	chinese := bot.Prompt{Text: "请给客户王小明写一封道歉信，\n说明生日蛋糕晚到了一天。"}
	const around = `{"error":{"message":"Invalid prompt: %s (see the usage policy)","type":"invalid_request_error","code":"bad_thing"}}`
	for name, echo := range map[string]func(asked string) string{
		"as it is":              asJSON,
		"in JSON within JSON":   func(s string) string { return asJSON(`{"content":"` + asJSON(s) + `"}`) },
		"thrice escaped":        func(s string) string { return asJSON(asJSON(asJSON(s))) },
		"all as codes":          codes,
		"codes within JSON":     func(s string) string { return asJSON(codes(s)) },
		"for a page":            func(s string) string { return asJSON(html.EscapeString(s)) },
		"for any page":          func(s string) string { return each("&#%d;", []rune(s)) },
		"for any page, in hex":  func(s string) string { return each("&#x%x;", []rune(s)) },
		"as Python's bytes":     func(s string) string { return asJSON(each(`\x%02x`, []byte(s))) },
		"in an address":         func(s string) string { return url.PathEscape(s) },
		"in capitals":           func(s string) string { return asJSON(strings.ToUpper(s)) },
		"word by word":          func(s string) string { return asJSON(strings.Join(strings.Fields(s), `", "`)) },
		"its beginning":         func(s string) string { return asJSON(string([]rune(s)[:16]) + "…") },
		"its end":               func(s string) string { return asJSON("…" + string([]rune(s)[8:])) },
		"cut within a code":     func(s string) string { c := codes(s); return c[:6*14+3] + `","cut":"` },
		"again and again":       func(s string) string { return asJSON(strings.Repeat(s+" ", 200)) },
		"between its own words": func(s string) string { return asJSON("the words " + s + " are not allowed here") },
	} {
		for _, p := range []bot.Prompt{english, chinese} {
			provider := newProvider(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(400)
				fmt.Fprintf(w, around, echo(p.Text))
			})
			_, err := testModel(t, provider.URL, nil).Write(t.Context(), p)
			for _, part := range []string{"mara", "quill", "elm", "uncle", "teddy", "baked", "王小明", "道歉信", "蛋糕", "客户", codes("王"), codes("M"), "&#29579;", "&#x738b;", `\xe7\x8e\x8b`, "%e7%8e%8b", "&#77;", `\x4d`} {
				if strings.Contains(strings.ToLower(err.Error()), part) {
					t.Errorf("%s: the log has %q of the prompt: %v", name, part, err)
				}
			}
			if !strings.Contains(err.Error(), `status 400: {"error":{"message":"Invalid prompt: `) {
				t.Errorf("%s: the log lacks what the provider said: %v", name, err)
			}
			if name != "again and again" && !strings.Contains(err.Error(), `"type":"invalid_request_error","code":"bad_thing"`) && !strings.Contains(name, "cut") {
				t.Errorf("%s: the log lacks the error's type and code: %v", name, err)
			}
		}
	}
}

// The whole request, as servers in Python repeat it, and one quoted word.
func TestEchoedRequestIsNotLogged(t *testing.T) {
	p := bot.Prompt{System: "You are Teddy.", Text: "Write to Voldemort."}
	for name, tt := range map[string]struct {
		status int
		body   func(asked string) string
		want   string
	}{
		"the request as a field": {422, func(asked string) string {
			return `{"detail":[{"type":"missing","msg":"Field required","input":` + asked + `}]}`
		}, "Field required"},
		"the request as text": {400, func(asked string) string {
			return `{"error":{"message":"cannot parse ` + asJSON(asked) + `","code":"bad_json"}}`
		}, "bad_json"},
		"one word in quotes":    {400, func(string) string { return `{"error":{"message":"the word 'Voldemort' is blocked"}}` }, "is blocked"},
		"one word, escaped":     {400, func(string) string { return `{"error":{"message":"the word \"voldemort\" is blocked"}}` }, "is blocked"},
		"and no JSON":           {500, func(string) string { return "Traceback: prompt='Write to Voldemort.' is bad" }, "Traceback"},
		"an error within a 200": {200, func(string) string { return `{"error":{"message":"Write to Voldemort. is bad"}}` }, "is bad"},
	} {
		provider := newProvider(t, says(500, ""))
		provider.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked, _ := io.ReadAll(r.Body)
			w.WriteHeader(tt.status)
			io.WriteString(w, tt.body(string(asked)))
		})
		_, err := testModel(t, provider.URL, nil).Write(t.Context(), p)
		var refusal *bot.Refusal
		if !errors.As(err, &refusal) || !strings.Contains(refusal.Err.Error(), tt.want) {
			t.Errorf("%s: the log gets %v, without %q", name, err, tt.want)
		}
		for _, part := range []string{"oldemort", "rite to", "Teddy"} {
			if strings.Contains(err.Error(), part) {
				t.Errorf("%s: the log has %q of the prompt: %v", name, part, err)
			}
		}
	}
}

// A letter between two parts that are repeated shares bytes with both of its neighbours
// in the prompt, and is hidden whole or not at all.
func TestLettersAreHiddenWhole(t *testing.T) {
	const asked, said = "请写一封你好的信，语言模型的事", "status 400: 请写一封中言模型的事 is refused"
	if got := withoutEcho(said, asked); got != "status 400: "+hidden+" is refused" {
		t.Errorf("of %q the log gets %q", said, got)
	}
}

// What prompt and provider both say by chance is left alone.
func TestProvidersWordsStay(t *testing.T) {
	const asked = "Explain to the model of a ship what a temperature is, and that the request was too long. 400?"
	for _, said := range []string{
		"status 400: Unsupported value: temperature does not support 0.7 with this model.",
		"status 429: Rate limit reached for requests of the organization",
		`status 400: {"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9000 tokens"}}`,
	} {
		if got := withoutEcho(said, asked); got != said {
			t.Errorf("%s\nis logged as\n%s", said, got)
		}
	}
	if got := withoutEcho("status 400: no", "400"); got != "status 400: no" {
		t.Errorf("a prompt of three digits makes of a status %q", got)
	}
}

// However a prompt is cut, twelve letters of it in a row never stay.
func FuzzWithoutEcho(f *testing.F) {
	f.Add("A birthday cake came a day late.", uint8(3), uint8(20), "so \\", "\\n no")
	f.Add("说明生日蛋糕晚到了一天。", uint8(1), uint8(200), "", "\xe8")
	f.Fuzz(func(t *testing.T, asked string, from, to uint8, before, after string) {
		cut := asked[min(int(from), len(asked)):min(max(int(from), int(to)), len(asked))]
		kept, _ := letters(withoutEcho(before+cut+after, asked))
		all, _ := letters(asked)
		own, _ := letters(hidden)
		for i := 0; i+leastEcho <= len(all); i++ {
			run := string(all[i : i+leastEcho])
			if strings.Contains(strings.ReplaceAll(string(kept), string(own), "\x00"), run) {
				t.Errorf("%q stays of %q in %q", run, asked, kept)
			}
		}
	})
}
