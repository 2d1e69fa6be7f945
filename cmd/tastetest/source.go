package main

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
	"github.com/tastetest/tastetest/bot"
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
		return fmt.Errorf("%s: this is not YAML as it is written here", s.file)
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
	if strings.HasPrefix(e.GetMessage(), "mapping key") { // the parser's own way to find a duplicate
		return s.point(t, "this key stands here twice")
	}
	return s.point(t, unquoted.ReplaceAllString(e.GetMessage(), "…"))
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
	key := t.Value
	if !plainKey.MatchString(key) {
		return "this key is unknown; here stand " + strings.Join(keys, ", ")
	}
	if secretName.MatchString(key) {
		for _, k := range keys {
			if k == key+"_env" {
				return fmt.Sprintf("a secret does not belong in this file; write %s_env: NAME_OF_A_VARIABLE or %s_file: PATH", key, key)
			}
		}
	}
	if near := bot.Nearest(key, keys); near != "" {
		return fmt.Sprintf("unknown key %s; did you mean %s?", key, near)
	}
	return fmt.Sprintf("unknown key %s; here stand %s", key, strings.Join(keys, ", "))
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
	t := reflect.TypeFor[settings]()
	steps := strings.Split(path, ".")
	for _, step := range steps[1:max(1, len(steps)-1)] {
		name, _, _ := strings.Cut(step, "[")
		for i := range t.NumField() {
			if t.Field(i).Tag.Get("yaml") == name {
				t = t.Field(i).Type
				break
			}
		}
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			return nil
		}
	}
	return keysOf(t)
}

func keysOf(t reflect.Type) (keys []string) {
	for i := range t.NumField() {
		if k := t.Field(i).Tag.Get("yaml"); k != "" {
			keys = append(keys, k)
		}
	}
	return keys
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
