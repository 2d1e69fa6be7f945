package web

import (
	"bytes"
	"html"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	ghtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"github.com/tastetest/tastetest/bot/text"
)

var converter = goldmark.New(
	goldmark.WithExtensions(extension.Strikethrough,
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone))),
	goldmark.WithRendererOptions(ghtml.WithHardWraps(),
		renderer.WithNodeRenderers(util.Prioritized(plain{}, 100))),
)

// policy is the second layer: what markdown gives is listed here, and
// nothing else gets through, whatever the first layer lets slip.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "del", "code", "pre", "ul", "ol", "li", "blockquote", "hr",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	return p
}()

// markdown lays out a model's text. Nothing in it is live: links, images and
// HTML are shown as the text they are, headings as bold lines.
func markdown(said string) markup {
	if text.Tangled(said) {
		return verbatim(said)
	}
	var buf bytes.Buffer
	if err := converter.Convert([]byte(said), &buf); err != nil {
		return verbatim(said)
	}
	return markup(policy.SanitizeBytes(buf.Bytes()))
}

func verbatim(text string) markup {
	return markup("<p>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br>\n") + "</p>")
}

// plain renders the nodes that would otherwise be live.
type plain struct{}

func (plain) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindLink, link)
	r.Register(ast.KindImage, link)
	r.Register(ast.KindAutoLink, autoLink)
	r.Register(ast.KindRawHTML, rawHTML)
	r.Register(ast.KindHTMLBlock, htmlBlock)
	r.Register(ast.KindHeading, heading)
}

// link shows a link or an image as its words with the address behind them.
func link(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		return ast.WalkContinue, nil
	}
	var to []byte
	switch n := n.(type) {
	case *ast.Link:
		to = n.Destination
	case *ast.Image:
		to = n.Destination
	}
	if len(to) > 0 {
		w.WriteString(" (" + html.EscapeString(string(to)) + ")")
	}
	return ast.WalkContinue, nil
}

func autoLink(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		w.WriteString(html.EscapeString(string(n.(*ast.AutoLink).Label(source))))
	}
	return ast.WalkContinue, nil
}

func rawHTML(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		segments := n.(*ast.RawHTML).Segments
		for i := range segments.Len() {
			s := segments.At(i)
			w.WriteString(html.EscapeString(string(s.Value(source))))
		}
	}
	return ast.WalkSkipChildren, nil
}

func htmlBlock(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	b := n.(*ast.HTMLBlock)
	if !entering {
		return ast.WalkContinue, nil
	}
	var text strings.Builder
	for i := range b.Lines().Len() {
		s := b.Lines().At(i)
		text.Write(s.Value(source))
	}
	if b.HasClosure() {
		text.Write(b.ClosureLine.Value(source))
	}
	w.WriteString(string(verbatim(strings.TrimRight(text.String(), "\n"))))
	return ast.WalkSkipChildren, nil
}

func heading(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		w.WriteString("<p><strong>")
	} else {
		w.WriteString("</strong></p>\n")
	}
	return ast.WalkContinue, nil
}

// maxTexts is how many texts are kept laid out.
const maxTexts = 1000

// texts keeps models' texts laid out: a page shows many of them, again with
// every vote. The zero value is ready.
type texts struct {
	mu   sync.Mutex
	laid map[string]markup
}

func (x *texts) html(text string) markup {
	x.mu.Lock()
	h, ok := x.laid[text]
	x.mu.Unlock()
	if ok {
		return h
	}
	h = markdown(text)
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.laid == nil || len(x.laid) >= maxTexts {
		x.laid = make(map[string]markup)
	}
	x.laid[text] = h
	return h
}
