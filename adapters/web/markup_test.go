package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	. "github.com/tastetest/tastetest/adapters/web/elements"
	"github.com/tastetest/tastetest/bot"
)

// A link leads to a page, or nowhere.
func TestAddress(t *testing.T) {
	for _, to := range []string{"/", "/results?since=2026-11-29&model=a%22b", "#m-12-head", "/at/abc/results", "https://chat.example/C1/12", "http://127.0.0.1:8080/", ""} {
		if got := address(to); got != to {
			t.Errorf("%q leads to %q", to, got)
		}
	}
	for _, to := range []string{"javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)", "data:text/html,<script>", "vbscript:x", "javascript&colon;alert(1)\n:"} {
		if got := address(to); got != "about:invalid" {
			t.Errorf("%q leads to %q", to, got)
		}
	}
}

// Of what others write, whatever it is, no tag and no attribute comes, where it is shown
// and where it is heard, sent along or led to.
func TestOthersWordsStayWords(t *testing.T) {
	var payloads []string
	for _, x := range adaptertest.Hostile {
		payloads = append(payloads, x.Text)
	}
	payloads = append(payloads, `" autofocus onfocus="alert(1)`, `' onfocus='alert(1)`, `0; url=javascript:alert(1)`, "`><script>", "</title><script>alert(1)</script>", "\x00<script>", `javascript:alert(1)`)
	for _, lang := range []bot.Lang{bot.En, bot.Zh} {
		draw := func(s string) string {
			v := bot.Voice{Lang: lang}
			said := bot.Literal(s)
			f := frame{Title: s, Channel: s, Zone: s, Theme: s, To: s, Was: s, Becomes: s, Problem: said, Said: said, Me: &person{Name: s, Suffix: s, Simulated: true}, wording: wordingIn(v)}
			choice := bot.Ballot{Title: said, Prompt: bot.Verbatim(s), Left: bot.Verbatim(s), Note: said, Progress: said, Privacy: said, State: bot.Open, Details: []bot.Sentence{said},
				Menu: []bot.Button{{ID: s, Label: said, Confirm: said}, {Label: said, URL: s}}}
			var md texts
			it := newItem(f.wording, "m", choice, nil, &md)
			it.Message, it.Channel = s, s
			it.Taps = []tapped{{Choice: bot.Choice(s), Emoji: s, Label: said, Aria: said, People: []person{*f.Me}, Count: 1}}
			form := newItem(f.wording, "f", nil, &bot.Form{ID: "start", Title: said, Intro: said, Submit: said, Fields: []bot.Field{
				{Name: "a", Label: said, Kind: bot.Line, Value: s, Hint: said, Options: []bot.Option{{Value: s, Label: said}}},
				{Name: "b", Label: said, Kind: bot.Area, Value: s},
				{Name: "c", Label: said, Kind: bot.Select, Options: []bot.Option{{Value: s, Label: said}}}}}, &md)
			notice := newItem(f.wording, "n", bot.Notice{Title: said, Text: said, Code: said, Chances: []bot.Bar{{Label: said}}}, nil, &md)
			results := f
			results.Results = newResultsView(f.wording, &md, bot.Results{Base: said, Offers: bot.Offers{Models: []string{s}}}, wish{Model: s, Since: s}, s)
			report := f
			report.Results = newResultsView(f.wording, &md, bot.Results{Base: said}, wish{}, "")
			f.Messages = []item{it, form, notice}
			var all strings.Builder
			for _, n := range []Node{f.page(), f.enter(), f.closed(), f.personal(), f.onward(), results.results(), report.report()} {
				all.WriteString(string(drawn(n)))
			}
			return all.String()
		}
		shape := func(html string) (all []string) {
			for tag := range tags(html) {
				if tag, _, _ := strings.Cut(tag, " "); !alive[strings.TrimPrefix(tag, "/")] {
					all = append(all, tag)
				}
			}
			return all
		}
		plain := shape(draw("Ada"))
		for _, s := range payloads {
			html := draw(s)
			if strings.TrimSpace(s) != "" && !strings.ContainsAny(s, "\n") && !slices.Equal(shape(html), plain) {
				t.Errorf("with %q there are other tags than with a name", s)
			}
			for tag := range tags(html) {
				if name := eventName(tag); name != "" {
					t.Errorf("of %q comes an attribute %s in <%s>", s, name, tag)
				}
				if strings.Contains(tag, `href="javascript:`) || strings.HasPrefix(tag, "meta") && strings.Contains(tag, "javascript:") {
					t.Errorf("of %q comes <%s>", s, tag)
				}
			}
		}
	}
}

// eventName finds an attribute that runs something, outside of quotes.
func eventName(tag string) string {
	for i, part := range strings.Split(tag, `"`) {
		if i%2 == 1 {
			continue
		}
		for name := range strings.FieldsSeq(part) {
			if strings.HasPrefix(name, "on") {
				return name
			}
		}
	}
	return ""
}

// What draws the page writes no HTML by itself, and all that leads somewhere is a text
// that stands there, or seen to by address.
func TestDrawnByElements(t *testing.T) {
	files, err := filepath.Glob("*html.go")
	if err != nil || len(files) == 0 {
		t.Fatal("nothing draws the page", err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			fn, _ := call.Fun.(*ast.Ident)
			switch {
			case fn == nil:
			case slices.Contains([]string{"Raw", "Rawf", "markup"}, fn.Name):
				t.Errorf("%s writes HTML by %s", name, fn.Name)
			case slices.Contains([]string{"Href", "Src", "Action", "FormAction", "SrcSet", "Poster"}, fn.Name) && !steady(call.Args[0]):
				t.Errorf("%s: what is given to %s is not seen to by address", name, fn.Name)
			case slices.Contains([]string{"Style", "StyleAttr", "IFrame", "Object", "Embed", "SrcDoc"}, fn.Name):
				t.Errorf("%s has a %s", name, fn.Name)
			}
			return true
		})
	}
}

// steady reports whether an address begins with a text, or comes of address.
func steady(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.BasicLit:
		return strings.HasPrefix(x.Value, `"/`) || strings.HasPrefix(x.Value, `"#`)
	case *ast.BinaryExpr:
		return steady(x.X)
	case *ast.CallExpr:
		fn, _ := x.Fun.(*ast.Ident)
		return fn != nil && fn.Name == "address"
	}
	return false
}
