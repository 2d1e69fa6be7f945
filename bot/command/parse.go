package command

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// A Parsed is a command taken apart: its name, its bare words, its options.
type Parsed struct {
	Spec Spec
	Args []string
	Opts map[string]string
}

// plain maps what phones and Chinese keyboards type to what a command means.
// The long dashes are restored to the two that somebody typed.
var plain = strings.NewReplacer(
	"＝", "=", "：", ":", "，", ",", "\u3000", " ", "\u00a0", " ", "\u202f", " ",
	"“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "「", `"`, "」", `"`, "＂", `"`,
	"—", "-", "–", "-", "−", "-", "－", "-",
	"０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9",
)

// Parse takes apart what was typed after /tastetest. Typographic quotes, dashes
// and full-width signs are understood as the plain ones; inside a quoted value
// the text stays as it was typed. with is what there is to name in examples. An
// error is a UserError, and a [Slip] where it can be guessed what was meant. It is long because each way to mistype is
// answered with the sentence that says what to type.
func Parse(said string, with Examples) (Parsed, error) {
	words, err := split(said)
	if err != nil {
		return Parsed{}, err
	}
	if len(words) == 0 {
		words = []string{"help"}
	}
	name := strings.TrimPrefix(strings.ToLower(plain.Replace(words[0])), "/")
	if names, ok := several[name]; ok {
		return Parsed{}, Slip{bot.UserError(bot.Say("End it now with its results, or cancel it without? {close} or {cancel}", bot.Usage{Command: names[0]}, bot.Usage{Command: names[1]})), words[0], names}
	}
	c, ok := Called(name)
	if !ok {
		near, ok := Nearest(name)
		if !ok {
			return Parsed{}, Unknown(words[0])
		}
		return Parsed{}, Slip{bot.UserError(bot.Say("I do not know “{words}”. Did you mean “{name}”? For example: {example}", bot.Verbatim(text.Clip(words[0])), bot.Name(near.Name), with.of(near.Example))), words[0], []string{near.Name}}
	}
	if c, words, err = spelledOut(with.Fit(c), words); err != nil {
		return Parsed{}, err
	}
	c = with.Fit(c)
	p := Parsed{Spec: c, Opts: make(map[string]string)}
	for _, w := range words[1:] {
		key, value, isOption := strings.Cut(w, "=")
		switch {
		case !isOption && c.Whole && p.Opts[c.Word] != "":
			p.Opts[c.Word] += " " + w
			continue
		case !isOption && c.Word != "":
			key, value = c.Word, w
		case !isOption && c.Models && versus(w):
			continue
		case !isOption:
			p.Args = append(p.Args, w)
			continue
		}
		key = strings.ToLower(strings.TrimLeft(key, "-"))
		o, ok := c.Option(key)
		if !ok {
			return Parsed{}, unknownOption(c, key)
		}
		if _, twice := p.Opts[key]; twice {
			return Parsed{}, bot.UserError(bot.Say("“{option}” stands there twice; say it once. For example: {example}", named(key), c.Example))
		}
		value = o.Meant(value)
		if err := o.Check(value); err != nil {
			return Parsed{}, err
		}
		p.Opts[key] = value
	}
	most := 0
	switch {
	case c.Models:
		most = 2
	case c.ID, c.Name == "help":
		most = 1
	}
	if len(p.Args) > most {
		return Parsed{}, bot.UserError(bot.Say("I do not understand “{args}” there. For example: {example}", bot.Verbatim(text.Clip(p.Args[most])), c.Example))
	}
	return p, nil
}

// versus reports whether a word stands between two models and says nothing more.
func versus(w string) bool {
	return slices.Contains([]string{"vs", "vs.", "versus", "against", "对", "和"}, strings.ToLower(w))
}

// named is an option's name, as one types it; set the option with a value.
func named(option string) bot.Usage { return set(option, "") }

func set(option, value string) bot.Usage {
	return bot.Usage{Options: []bot.Setting{{Name: option, Value: value}}}
}

func unknownOption(c Spec, key string) error {
	if len(c.Options) == 0 {
		return bot.UserError(bot.Say("“{name}” takes no options. For example: {example}", bot.Name(c.Name), c.Example))
	}
	names := make([]string, len(c.Options))
	for i, o := range c.Options {
		names[i] = o.Name
	}
	if near := text.Nearest(key, names); near != "" {
		o, _ := c.Option(near)
		return Slip{bot.UserError(bot.Say("I do not know the option “{key}”. Did you mean “{near}”? For example: {example}", bot.Verbatim(text.Clip(key)), bot.Verbatim(near), o.Example)), key + "=", []string{near + "="}}
	}
	return bot.UserError(bot.Say("I do not know the option “{key}”. “{name}” knows {names}.", bot.Verbatim(text.Clip(key)), bot.Name(c.Name), bot.Verbatim(strings.Join(names, ", "))))
}

// Meant is the value that o knows by what was typed: zh for 中文.
func (o Option) Meant(typed string) string {
	if value, ok := o.Also[strings.ToLower(strings.TrimSpace(typed))]; ok {
		return value
	}
	return typed
}

// Check says whether value could be one of o's.
func (o Option) Check(value string) error {
	switch {
	case strings.TrimSpace(value) == "":
		return bot.UserError(bot.Say("“{option}” needs a value. For example: {example}", named(o.Name), o.Example))
	case o.Type == OneOfValue && !slices.Contains(o.Values, value):
		if near := o.Meant(text.Nearest(value, slices.Concat(o.Values, slices.Sorted(maps.Keys(o.Also))))); near != "" {
			return Slip{bot.UserError(bot.Say("I do not know {typed}. Did you mean {near}?", set(o.Name, text.Clip(value)), set(o.Name, near))), "=" + value, []string{"=" + near}}
		}
		return bot.UserError(bot.Say("I do not know {typed}. It can be: {values}.", set(o.Name, text.Clip(value)), bot.Verbatim(strings.Join(o.Values, ", "))))
	case o.Type == NumberValue:
		if _, err := strconv.Atoi(value); err != nil {
			return bot.UserError(bot.Say("“{value}” is not a number. For example: {example}", bot.Verbatim(text.Clip(value)), o.Example))
		}
	}
	return nil
}

// split cuts text at spaces, but not inside quotes. The quotes go; in front of
// and outside them signs are made plain. Inside, \" is a quote of the text.
func split(text string) ([]string, error) {
	var words []string
	var word strings.Builder
	begun := false
	flush := func() {
		if begun {
			words = append(words, word.String())
		}
		word.Reset()
		begun = false
	}
	rs := []rune(text)
	for i := 0; i < len(rs); i++ {
		s := plain.Replace(string(rs[i]))
		switch {
		case s == `"`:
			end := closing(rs, i)
			if end < 0 {
				return nil, bot.UserError(bot.Say("A quote is opened and never closed. For example: {example}", set("prompt", "Apologise in 60 words.")))
			}
			word.WriteString(unescape(rs[i+1 : end]))
			begun, i = true, end
		case unicode.IsSpace([]rune(s)[0]):
			flush()
		default:
			word.WriteString(s)
			begun = true
		}
	}
	flush()
	return words, nil
}

// escapes reports whether rs begins with a backslash that makes a quote, or
// another backslash, a character of the text.
func escapes(rs []rune) bool {
	return len(rs) > 1 && rs[0] == '\\' && strings.ContainsRune("\\\"＂“”„«»「」", rs[1])
}

// unescape is what a quotation says.
func unescape(rs []rune) string {
	var b strings.Builder
	for i := 0; i < len(rs); i++ {
		if escapes(rs[i:]) {
			i++
		}
		b.WriteRune(rs[i])
	}
	return b.String()
}

// closing returns where the quotation that begins at rs[start] ends, or -1.
// A typewriter's quote ends it wherever it stands; a typographic one does if
// it does not close one that was opened inside.
func closing(rs []rune, start int) int {
	depth := 0
	for i := start + 1; i < len(rs); i++ {
		switch r := rs[i]; {
		case escapes(rs[i:]):
			i++
		case r == '"', r == '＂', r == '“' && rs[start] == '„' && depth == 0:
			return i
		case strings.ContainsRune("“„«「", r):
			depth++
		case strings.ContainsRune("”»」", r):
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}
