package main

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/tastetest/tastetest/bot/text"
)

// A source is a configuration file as it was read. Its errors show the line
// in question and no other, and in it keys but no values: any value may be a
// secret in the wrong place.
type source struct {
	file string
	text []byte
}

// at is an error about what stands at path, "$.models[0].name". If nothing
// does, it is about the nearest thing around it.
func (s source) at(path, problem string) error {
	file, err := parser.ParseBytes(s.text, 0)
	for err == nil && path != "$" {
		if p, err := yaml.PathString(path); err == nil {
			if n, err := p.FilterFile(file); err == nil && n != nil {
				return s.point(keyOf(n), problem)
			}
		}
		path = path[:strings.LastIndexAny(path, ".[")]
	}
	return fmt.Errorf("%s: %s", s.file, problem)
}

// keyOf is the token to point at for a value: the first key of a mapping,
// else the value itself.
func keyOf(n ast.Node) *token.Token {
	switch n := n.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 {
			return n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	}
	return n.GetToken()
}

// explain turns an error of the decoder into ours.
func (s source) explain(err error) error {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return s.explainMisfit()
	}
	t := e.GetToken()
	var (
		unknown   *yaml.UnknownFieldError
		duplicate *yaml.DuplicateKeyError
		mismatch  *yaml.TypeError
		overflow  *yaml.OverflowError
		wrongNode *yaml.UnexpectedNodeTypeError
	)
	switch {
	case errors.As(err, &unknown):
		return s.point(t, s.unknownKey(t))
	case errors.As(err, &duplicate):
		return s.point(t, "this key stands here twice")
	case errors.As(err, &mismatch):
		return s.point(t, expected(mismatch.DstType))
	case errors.As(err, &overflow):
		return s.point(t, "this number is too large")
	case errors.As(err, &wrongNode):
		return s.point(t, "expected "+strings.ToLower(wrongNode.Expected.YAMLName())+" here")
	}
	switch says := e.GetMessage(); {
	case strings.HasPrefix(says, "mapping key"): // the parser's own way to find a duplicate
		return s.point(t, "this key stands here twice")
	case strings.Contains(says, "\t"), strings.Contains(says, "tab character"):
		return s.point(t, "there is a tab in the indentation; indent with spaces")
	}
	return s.point(t, unquoted.ReplaceAllString(e.GetMessage(), "…"))
}

func (s source) explainMisfit() error {
	var f misfit
	if file, err := parser.ParseBytes(s.text, 0); err == nil {
		for _, doc := range file.Docs {
			ast.Walk(&f, doc.Body)
		}
	}
	switch {
	case f.err == nil:
		return fmt.Errorf("%s: this is not a configuration", s.file)
	case strings.HasPrefix(f.err.Error(), "time: "):
		return s.point(f.at, "write a time as 90s or 5m")
	}
	_, advice, _ := strings.Cut(f.err.Error(), ": ") // before it the value is quoted
	return s.point(f.at, cmp.Or(advice, "this value does not fit here"))
}

// unquoted finds what the decoder quotes from the file.
var unquoted = regexp.MustCompile("\"[^\"]*\"|'[^']*'|`[^`]*`")

func expected(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "expected a number here"
	case reflect.String:
		return "expected text here; put it in quotes"
	case reflect.Slice:
		return "expected a list here: lines that begin with a dash"
	}
	return "expected keys and values here, one a line"
}

// unknownKey says what was meant by the key at t.
func (s source) unknownKey(t *token.Token) string {
	keys := keysOf(reflect.TypeFor[settings]())
	if file, err := parser.ParseBytes(s.text, 0); err == nil {
		finder := parentFinder{offset: t.Position.Offset}
		for _, doc := range file.Docs {
			ast.Walk(&finder, doc.Body)
		}
		keys = keysAt(finder.path)
	}
	key, called := t.Value, "unknown key "+t.Value
	if !plainKey.MatchString(key) {
		called = "this key is unknown"
	}
	if slices.Contains(keys, key+"_env") {
		return fmt.Sprintf("a secret does not belong in this file; write %s_env: NAME_OF_A_VARIABLE or %s_file: PATH", key, key)
	}
	if near := text.Nearest(strings.ReplaceAll(key, "-", "_"), keys); near != "" {
		return fmt.Sprintf("%s; did you mean %s?", called, near)
	}
	return fmt.Sprintf("%s; here stand %s", called, strings.Join(keys, ", "))
}

var plainKey = regexp.MustCompile(`^[A-Za-z_]{1,40}$`)

// A parentFinder finds the path of the key at an offset.
type parentFinder struct {
	offset int
	path   string
}

func (f *parentFinder) Visit(n ast.Node) ast.Visitor {
	if v, ok := n.(*ast.MappingValueNode); ok && v.Key.GetToken().Position.Offset == f.offset {
		f.path = v.GetPath()
	}
	return f
}

// keysAt returns the keys that may stand beside the one at path.
func keysAt(path string) []string {
	steps := strings.Split(path, ".")
	t := typeAt(strings.Join(steps[:max(1, len(steps)-1)], "."))
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	return keysOf(t)
}

// typeAt returns the type of what stands at path, nil if nothing may.
func typeAt(path string) reflect.Type {
	t := reflect.TypeFor[settings]()
	for _, step := range strings.Split(path, ".")[1:] {
		name, _, isElement := strings.Cut(step, "[")
		if t.Kind() != reflect.Struct {
			return nil
		}
		f, ok := t.FieldByNameFunc(func(field string) bool {
			f, _ := t.FieldByName(field)
			return f.Tag.Get("yaml") == name
		})
		if !ok {
			return nil
		}
		t = f.Type
		if t.Kind() == reflect.Pointer || isElement && t.Kind() == reflect.Slice {
			t = t.Elem()
		}
	}
	return t
}

func keysOf(t reflect.Type) (keys []string) {
	for _, f := range reflect.VisibleFields(t) {
		if k := f.Tag.Get("yaml"); k != "" && k != "-" && k != ",inline" {
			keys = append(keys, k)
		}
	}
	return keys
}

// keyIn returns ".temperature" for a sentence that speaks of that key of a
// model, "" for one that speaks of none.
func keyIn(sentence string) string {
	for _, k := range keysOf(reflect.TypeFor[modelSettings]()) {
		if strings.Contains(sentence, "has "+k+":") || strings.Contains(sentence, "has a "+k+" ") || strings.Contains(sentence, "in "+k) {
			return "." + k
		}
	}
	return ""
}

// A misfit finds the first value that its type refuses: the decoder does not
// say where it was when a type's own reading failed.
type misfit struct {
	at  *token.Token
	err error
}

func (f *misfit) Visit(n ast.Node) ast.Visitor {
	v, ok := n.(*ast.MappingValueNode)
	if f.err != nil || !ok {
		return f
	}
	t := typeAt(v.GetPath())
	if t == nil || t.Kind() == reflect.Struct || t.Kind() == reflect.Slice {
		return f
	}
	if err := yaml.NodeToValue(v.Value, reflect.New(t).Interface()); err != nil {
		f.at, f.err = v.Value.GetToken(), err
	}
	return f
}

// point is an error about the token t: file, line, column, the line with its
// values masked, and a caret.
func (s source) point(t *token.Token, problem string) error {
	line, caret := s.masked(t)
	n := fmt.Sprint(t.Position.Line)
	return fmt.Errorf("%s:%s:%d: %s\n  %s | %s\n  %s | %s^", s.file, n, t.Position.Column, problem,
		n, line, strings.Repeat(" ", len(n)), strings.Repeat(" ", caret))
}

// masked returns t's line with keys and punctuation only, and where in it t is.
func (s source) masked(t *token.Token) (line string, caret int) {
	for _, x := range lexer.Tokenize(string(s.text)) {
		if x.Position.Line != t.Position.Line || x.Type == token.CommentType {
			continue
		}
		switch {
		case line == "":
			line = strings.Repeat(" ", max(0, x.Position.Column-1))
		case x.Type != token.MappingValueType && x.Type != token.CollectEntryType:
			line += " "
		}
		if x.Position.Column == t.Position.Column {
			caret = utf8.RuneCountInString(line)
		}
		isKey := x.Next != nil && x.Next.Type == token.MappingValueType && plainKey.MatchString(x.Value)
		if isText(x) && !isKey {
			line += "•••"
		} else {
			line += x.Value
		}
	}
	return cmp.Or(line, "•••"), caret
}

// isText reports whether t holds something that somebody chose.
func isText(t *token.Token) bool {
	switch t.Type {
	case token.MappingValueType, token.SequenceEntryType, token.CollectEntryType, token.MappingStartType,
		token.MappingEndType, token.SequenceStartType, token.SequenceEndType:
		return false
	}
	return true
}
