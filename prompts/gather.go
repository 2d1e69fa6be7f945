package prompts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// A Gathering is a pack made of what people asked, to be looked through, and what
// became of the rest.
type Gathering struct {
	Pack    bot.Pack
	Masks   []Mask // in the pack's prompts
	Read    int    // objects
	Skipped int    // without a prompt
	Twice   int    // that ask what another one asks
	Long    int    // of more than 150 words
	Unfit   int    // that no pack takes: a variable is not filled in
	Over    int    // more than were wanted
}

const mostWords = 150 // of a prompt that people read in half a minute

// Gather makes a pack of at most so many prompts out of traces, as [readTraces]
// reads them: those that ask the same are one, they are spread over kinds, and what
// is personal or secret is masked. Every prompt is disabled, so that none is posted
// that was not looked through.
func Gather(in io.Reader, name string, most int) (Gathering, error) {
	var g Gathering
	if !nameForm.MatchString(name) || len(name) > 40 {
		return g, fmt.Errorf("a pack is not called %q; write a name of small letters, digits and hyphens, such as our-tone", name)
	}
	traces, skipped, err := readTraces(in)
	if err != nil {
		return g, err
	}
	g.Read, g.Skipped = len(traces)+skipped, skipped
	var users []string
	for _, t := range traces {
		users = append(users, t.users...)
	}
	names := userNames(users)
	type candidate struct {
		prompt bot.Prompt
		masks  []Mask
	}
	kinds := make(map[string][]candidate)
	var order []string
	var seen []map[string]bool
	texts := make(map[string]bool)
	for _, t := range traces {
		asked, masks := mask(t.line, text.CleanTyped(t.asked), names)
		system, more := mask(t.line, text.CleanTyped(t.system), names)
		p := bot.Prompt{ID: fmt.Sprintf("line-%d", t.line), Category: "other", Text: asked, System: system, Disabled: true}
		about := marks(asked)
		key := strings.Join(strings.Fields(strings.ToLower(asked)), " ")
		switch {
		case text.Words(asked) > mostWords:
			g.Long++
		case !promptFault(p).IsZero():
			g.Unfit++
		case texts[key], len(about) > 0 && slices.ContainsFunc(seen, func(other map[string]bool) bool { return alike(about, other) > mostAlike }):
			g.Twice++
		default:
			texts[key] = true
			seen = append(seen, about)
			k := kindOf(asked)
			if kinds[k] == nil {
				order = append(order, k)
			}
			kinds[k] = append(kinds[k], candidate{p, append(masks, more...)})
		}
	}
	g.Pack = bot.Pack{Version: 1, Name: name, Title: name, Language: "en", Description: "Made from what people asked; look through each prompt, then take “disabled” out."}
	for at := 0; ; at++ { // one of each kind, then a second of each
		found := false
		for _, k := range order {
			if at >= len(kinds[k]) {
				continue
			}
			found = true
			if len(g.Pack.Prompts) == most {
				g.Over++
				continue
			}
			g.Pack.Prompts = append(g.Pack.Prompts, kinds[k][at].prompt)
			g.Masks = append(g.Masks, kinds[k][at].masks...)
		}
		if !found {
			break
		}
	}
	if len(g.Pack.Prompts) == 0 {
		return g, fmt.Errorf("of %d lines none has a prompt that a pack could take", g.Read)
	}
	return g, nil
}

// kindOf sorts prompts roughly, by what they look like: language, length, and whether
// they ask, show code or tell to do something.
func kindOf(s string) string {
	kind := "latin"
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		kind = "han"
	}
	switch n := text.Words(s); {
	case n < 20:
		kind += " short"
	case n < 60:
		kind += " middling"
	default:
		kind += " long"
	}
	switch {
	case strings.Contains(s, "```"), strings.Contains(s, "{\n"):
		kind += " code"
	case strings.ContainsAny(s, "?？"):
		kind += " question"
	}
	return kind
}

// WritePack writes a pack as YAML that [Parse] reads. Texts stand in quotes, as JSON
// has them: in no other way is everything that people type read again as it was.
func WritePack(out io.Writer, p bot.Pack) error {
	var b bytes.Buffer
	quoted := func(indent, key, said string) {
		b.WriteString(indent + key + ": ")
		w := json.NewEncoder(&b)
		w.SetEscapeHTML(false)
		if err := w.Encode(said); err != nil { // ends the line
			panic(err) // a string can always be encoded
		}
	}
	fmt.Fprintf(&b, "version: %d\npack: %s\n", p.Version, p.Name)
	quoted("", "title", p.Title)
	fmt.Fprintf(&b, "language: %s\n", p.Language)
	quoted("", "description", p.Description)
	b.WriteString("prompts:\n")
	for _, q := range p.Prompts {
		fmt.Fprintf(&b, "\n  - id: %s\n    category: %s\n", q.ID, q.Category)
		if q.Disabled {
			b.WriteString("    disabled: true\n")
		}
		if q.System != "" {
			quoted("    ", "system", q.System)
		}
		quoted("    ", "text", q.Text)
	}
	if _, err := out.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write a pack: %w", err)
	}
	return nil
}
