package prompts

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// A yamlError is a fault in a YAML text. It shows the line at fault and no other.
type yamlError struct {
	line, column int          // from 1
	says         bot.Sentence // a clause
	asks         bool         // says is a question
	source       string       // the line
}

func (e *yamlError) Error() string {
	if e.source == "" {
		return fmt.Sprintf("%d:%d: %s", e.line, e.column, e.says)
	}
	before := string([]rune(e.source)[:e.column-1])
	return fmt.Sprintf("%d:%d: %s\n  %s\n  %*s^", e.line, e.column, e.says, e.source, uniseg.StringWidth(before), "")
}

// unmarshal decodes one document into into, strictly. It refuses what lets a
// small text grow (aliases) and what makes the parser take for ever (nesting).
func unmarshal[T packFile | controlFile](data []byte, into *T) error {
	if line := tooDeep(string(data)); line > 0 {
		return &yamlError{line: line, column: 1, says: bot.Say("the brackets or dashes are nested too deeply for a pack")}
	}
	doc, err := parser.ParseBytes(data, 0)
	if err != nil {
		return locate(data, err)
	}
	switch {
	case len(doc.Docs) > 1:
		return fmt.Errorf("it holds %d packs; write one a file, without a line “---”", len(doc.Docs))
	case len(doc.Docs) == 0 || doc.Docs[0].Body == nil || doc.Docs[0].Body.Type() == ast.CommentType:
		return errors.New("it holds no pack")
	}
	body := doc.Docs[0].Body
	for _, n := range append(ast.Filter(ast.AliasType, body), ast.Filter(ast.AnchorType, body)...) {
		return at(data, n.GetToken().Position.Line, n.GetToken().Position.Column, bot.Say("references (& and *) are not understood here; write the text out"))
	}
	return locate(data, yaml.NodeToValue(body, into, yaml.Strict()))
}

// yamlToJSON turns YAML of another tool into JSON, its keys in their order.
func yamlToJSON(said string) (value []byte, err error) {
	defer func() { // see decode
		if recover() != nil {
			value, err = nil, errors.New("it is not well-formed YAML")
		}
	}()
	if tooDeep(said) > 0 {
		return nil, errors.New("it is nested too deeply")
	}
	if tooMuch(said) {
		return nil, errors.New("it has too many lines, brackets and commas")
	}
	doc, err := parser.ParseBytes([]byte(said), 0)
	if err != nil {
		return nil, err
	}
	for _, d := range doc.Docs {
		if d.Body != nil && len(ast.Filter(ast.AliasType, d.Body)) > 0 { // with them a small text grows
			return nil, errors.New("it has references")
		}
	}
	return yaml.YAMLToJSON([]byte(said))
}

// tooDeep returns the line on which brackets or leading dashes nest deeper
// than any pack needs; 0 if none do. Brackets in texts count too, which is why
// the limit is generous.
func tooDeep(text string) int {
	const most = 100
	depth, n := 0, 0
	for line := range strings.Lines(text) {
		n++
		lead := line[:len(line)-len(strings.TrimLeft(line, " \t-?!&"))]
		if len(strings.Fields(lead)) > most {
			return n
		}
		for _, r := range line {
			switch r {
			case '[', '{':
				depth++
			case ']', '}':
				depth = max(0, depth-1)
			}
			if depth > most {
				return n
			}
		}
	}
	return 0
}

// tooMuch reports whether a text has more of what the parser makes a token of
// than any upload of prompts. Each costs it ten microseconds, and more among many:
// a megabyte of "[a,a,a" kept a processor busy for seconds. Signs in texts count
// too, which is why the limit is generous: a megabyte of prose has half of it.
func tooMuch(text string) bool {
	const most = 40_000
	n := 0
	for _, sign := range "\n,[]{}&*!" {
		n += strings.Count(text, string(sign))
	}
	return n > most || tooLong(text)
}

// tooLong reports whether a group of fields has more of them than any upload: the
// parser's work grows with the square of their number, so that a megabyte of "a1: 1"
// kept a processor busy for seconds too. Lines of one text stand below each other like
// fields, which is why the limit is generous.
func tooLong(text string) bool {
	const most = 4000
	fields := make(map[int]int) // by column, of the groups that are not over
	for line := range strings.Lines(text) {
		rest := strings.TrimLeft(line, " ")
		column := len(line) - len(rest)
		if rest = strings.TrimSpace(rest); rest == "" || rest[0] == '#' {
			continue
		}
		maps.DeleteFunc(fields, func(other, _ int) bool { return other > column })
		if rest[0] != '-' {
			fields[column]++
		}
		if fields[column] > most {
			return true
		}
	}
	return false
}

// locate turns the parser's error, which shows neighbouring lines and speaks
// of Go's types, into a yamlError. nil stays nil.
func locate(data []byte, err error) error {
	if err == nil {
		return nil
	}
	fault, ok := errors.AsType[yaml.Error](err)
	if !ok || fault.GetToken() == nil || fault.GetToken().Position == nil {
		return errors.New("this is not a pack: " + firstLine(err.Error()))
	}
	tok := fault.GetToken()
	e := at(data, tok.Position.Line, tok.Position.Column, plainly(fault))
	if unknown, ok := errors.AsType[*yaml.UnknownFieldError](fault); ok {
		if near := text.Nearest(tok.Value, fields()); near != "" {
			e.says, e.asks = bot.Say("there is no field {name} here; did you mean {near}?", called(unknown.GetToken().Value), called(near)), true
		}
	}
	return e
}

// at is a fault at a place in data; column 0 is where the line's text starts.
func at(data []byte, line, column int, says bot.Sentence) *yamlError {
	e := &yamlError{line: line, column: max(column, 1), says: says}
	lines := strings.Split(string(data), "\n")
	if line < 1 || line > len(lines) {
		return e
	}
	// A tab would move the caret, and a long line is cut.
	source := strings.ReplaceAll(strings.TrimRight(lines[line-1], "\r"), "\t", " ")
	if column == 0 {
		e.column = 1 + len(source) - len(strings.TrimLeft(source, " "))
	}
	if runes := []rune(source); e.column <= min(len(runes)+1, 120) {
		e.source = string(runes[:min(len(runes), 160)])
	}
	return e
}

// plainly says what is wrong without the words of Go.
func plainly(fault yaml.Error) bot.Sentence {
	value := fault.GetToken().Value
	switch f := fault.(type) {
	case *yaml.UnknownFieldError:
		return bot.Say("there is no field {name} here", called(value))
	case *yaml.TypeError:
		return bot.Say("{value} is not {kind}", called(value), kindName(f.DstType))
	case *yaml.OverflowError:
		return bot.Say("{value} is too large a number", bot.Verbatim(text.Clip(value)))
	case *yaml.UnexpectedNodeTypeError:
		return bot.Say("a {actual} stands here where a {expected} belongs", yamlName(f.Actual), yamlName(f.Expected))
	}
	switch says := firstLine(fault.GetMessage()); {
	case strings.Contains(says, "already defined"):
		return bot.Say("{name} is set twice", called(value))
	case strings.Contains(says, "end token"):
		return bot.Say("this bracket is never closed")
	case strings.Contains(says, "\t"), strings.Contains(says, "tab character"):
		return bot.Say("there is a tab at the start of the line; use spaces")
	default: // the parser's own words
		return bot.Quoted(says)
	}
}

func kindName(t reflect.Type) bot.Sentence {
	switch t.Kind() {
	case reflect.Int:
		return bot.Say("a whole number")
	case reflect.Float64:
		return bot.Say("a number")
	case reflect.Bool:
		return bot.Say("true or false")
	}
	return bot.Say("text")
}

func yamlName(n ast.NodeType) bot.Sentence {
	switch n {
	case ast.SequenceType:
		return bot.Say("list")
	case ast.MappingType, ast.MappingValueType:
		return bot.Say("group of fields")
	case ast.StringType, ast.LiteralType:
		return bot.Say("text")
	case ast.IntegerType, ast.FloatType:
		return bot.Say("number")
	}
	return bot.Quoted(strings.ToLower(n.String()))
}

// fields returns the names of all fields of a pack.
func fields() []string {
	var names []string
	for _, t := range []reflect.Type{reflect.TypeFor[packFile](), reflect.TypeFor[promptFile](), reflect.TypeFor[sharedFields]()} {
		for f := range t.Fields() {
			if tag := f.Tag.Get("yaml"); !strings.HasPrefix(tag, ",") {
				names = append(names, tag)
			}
		}
	}
	return names
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}
