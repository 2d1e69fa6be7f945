package slack

import (
	"strings"

	api "github.com/slack-go/slack"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	exast "github.com/yuin/goldmark/extension/ast"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/tastetest/tastetest/bot/text"
)

// mostStyled is how many characters, as cost.go counts them, a text with its
// styles may come to. One with a style a word is shown as it is.
const mostStyled = 30_000

// maxIndent is how deep Slack shows lists.
const maxIndent = 8

type style = api.RichTextSectionTextStyle

// markdown lays out a model's text as rich text. Nothing in it is live: links
// are their words and the address, HTML is the text that it is.
// There is always one element at least.
func markdown(s string) []api.RichTextElement {
	if s = visible(s); strings.TrimSpace(s) == "" {
		return []api.RichTextElement{paragraph(textRun("(no text)", style{Italic: true}))}
	}
	if text.Tangled(s) {
		return []api.RichTextElement{paragraph(plainRun(s))}
	}
	parser := goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Table)).Parser()
	w := writer{source: []byte(s)}
	w.blocks(parser.Parse(gtext.NewReader(w.source)), 0)
	w.flush()
	asItIs := []api.RichTextElement{paragraph(plainRun(s))}
	switch n := sizeOf(w.out); {
	case len(w.out) == 0: // link definitions alone, for example
		return asItIs
	case n > mostStyled && n > sizeOf(asItIs):
		return asItIs
	}
	return w.out
}

// A writer turns a tree of markdown into rich text. Paragraphs that follow
// each other share a section, with a blank line between them.
type writer struct {
	source []byte
	out    []api.RichTextElement
	runs   []api.RichTextSectionElement // of the section that is being written
}

func (w *writer) flush() {
	if len(w.runs) > 0 {
		w.out = append(w.out, paragraph(w.runs...))
	}
	w.runs = nil
}

func (w *writer) put(e api.RichTextElement) {
	w.flush()
	w.out = append(w.out, e)
}

// paragraph adds a paragraph to the section that is being written.
func (w *writer) paragraph(runs []api.RichTextSectionElement) {
	if len(runs) == 0 {
		return
	}
	if len(w.runs) > 0 {
		w.runs = append(w.runs, feed(w.runs, "\n\n"))
	}
	w.runs = append(w.runs, runs...)
}

// blocks writes what stands in a block, in lists of the given depth.
func (w *writer) blocks(parent ast.Node, depth int) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			w.paragraph(w.inline(n, bold))
		case *ast.ThematicBreak:
			w.paragraph(one("────────"))
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			if s := strings.TrimRight(w.lines(n), "\n"); strings.TrimSpace(s) != "" {
				w.put(preformatted(s))
			}
		case *ast.HTMLBlock:
			s := w.lines(n)
			if n.HasClosure() {
				s += string(n.ClosureLine.Value(w.source))
			}
			w.paragraph(one(strings.TrimSpace(s)))
		case *ast.Blockquote:
			if runs := w.gathered(n, style{}); len(runs) > 0 {
				w.put(&api.RichTextQuote{Type: api.RTEQuote, Elements: joined(runs)})
			}
		case *ast.List:
			w.list(n, depth)
		case *exast.Table:
			w.put(preformatted(w.table(n)))
		default:
			w.paragraph(w.inline(n, style{}))
		}
	}
}

// list writes a list. Slack has no lists in lists: deeper ones are lists of
// their own, further to the right.
func (w *writer) list(l *ast.List, depth int) {
	kind, number := api.RTEListBullet, 0
	if l.IsOrdered() {
		kind, number = api.RTEListOrdered, l.Start-1
	}
	open := api.NewRichTextList(kind, min(depth, maxIndent))
	open.Offset = max(number, 0)
	begin := func() {
		if len(open.Elements) > 0 {
			w.put(open)
		}
		open = api.NewRichTextList(kind, min(depth, maxIndent))
		open.Offset = max(number, 0)
	}
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		var runs []api.RichTextSectionElement
		var below []*ast.List
		for n := item.FirstChild(); n != nil; n = n.NextSibling() {
			if inner, ok := n.(*ast.List); ok {
				below = append(below, inner)
				continue
			}
			runs = appendLine(runs, w.block(n, style{}))
		}
		if len(runs) > 0 || len(below) == 0 {
			if len(runs) == 0 {
				runs = one(" ")
			}
			open.Elements = append(open.Elements, paragraph(runs...))
			number++
		}
		if len(below) > 0 {
			begin()
			for _, inner := range below {
				w.list(inner, depth+1)
			}
		}
	}
	begin()
}

// gathered is all that stands in a block, as runs with line feeds: for places
// where Slack allows no blocks.
func (w *writer) gathered(parent ast.Node, s style) []api.RichTextSectionElement {
	var runs []api.RichTextSectionElement
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		runs = appendLine(runs, w.block(n, s))
	}
	return runs
}

func (w *writer) block(n ast.Node, s style) []api.RichTextSectionElement {
	switch n := n.(type) {
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return styled(strings.TrimRight(w.lines(n), "\n"), style{Code: true})
	case *ast.HTMLBlock:
		return one(strings.TrimSpace(w.lines(n)))
	case *ast.Blockquote:
		return w.gathered(n, s)
	case *ast.List:
		var runs []api.RichTextSectionElement
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			runs = appendLine(runs, append(one("• "), w.gathered(item, s)...))
		}
		return runs
	case *exast.Table:
		return styled(w.table(n), style{Code: true})
	case *ast.Heading:
		s.Bold = true
	case *ast.ThematicBreak:
		return one("────────")
	}
	return w.inline(n, s)
}

func appendLine(runs, more []api.RichTextSectionElement) []api.RichTextSectionElement {
	if len(runs) > 0 && len(more) > 0 {
		runs = append(runs, feed(runs, "\n"))
	}
	return append(runs, more...)
}

// feed is line feeds in the style of what stands before them, unless that
// shows: code has a frame, and what is struck through a line.
func feed(runs []api.RichTextSectionElement, feeds string) api.RichTextSectionElement {
	last, ok := runs[len(runs)-1].(*api.RichTextSectionTextElement)
	if !ok || styleOf(last).Code || styleOf(last).Strike {
		return plainRun(feeds)
	}
	return textRun(feeds, styleOf(last))
}

func one(s string) []api.RichTextSectionElement { return styled(s, style{}) }

func styled(s string, st style) []api.RichTextSectionElement {
	if s == "" {
		return nil
	}
	return []api.RichTextSectionElement{textRun(s, st)}
}

// inline is the text of a paragraph. inline is the table of Markdown's inline
// nodes; links and images become their text and address, so that nothing is
// live.
func (w *writer) inline(parent ast.Node, s style) []api.RichTextSectionElement {
	var runs []api.RichTextSectionElement
	add := func(t string, s style) { runs = append(runs, styled(t, s)...) }
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			t := meant(n.Segment.Value(w.source))
			if n.SoftLineBreak() || n.HardLineBreak() {
				t += "\n"
			}
			add(t, s)
		case *ast.String:
			add(string(n.Value), s)
		case *ast.CodeSpan:
			c := s
			c.Code = true
			add(w.raw(n), c)
		case *ast.Emphasis:
			e := s
			e.Italic, e.Bold = e.Italic || n.Level == 1, e.Bold || n.Level > 1
			runs = append(runs, w.inline(n, e)...)
		case *exast.Strikethrough:
			e := s
			e.Strike = true
			runs = append(runs, w.inline(n, e)...)
		case *ast.Link:
			runs = append(runs, w.inline(n, s)...)
			add(" ("+string(n.Destination)+")", s)
		case *ast.Image:
			runs = append(runs, w.inline(n, s)...)
			add(" ("+string(n.Destination)+")", s)
		case *ast.AutoLink:
			add(string(n.Label(w.source)), s)
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				segment := n.Segments.At(i)
				add(string(segment.Value(w.source)), s)
			}
		default:
			runs = append(runs, w.inline(n, s)...)
		}
	}
	return runs
}

// raw is the text below a code span, as it was written.
func (w *writer) raw(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(w.source))
		}
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}

// lines is the text of a block of code or HTML.
func (w *writer) lines(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		b.Write(segment.Value(w.source))
	}
	return b.String()
}

// meant is text without markdown's escapes: "\*" and "&amp;".
func meant(s []byte) string {
	var b strings.Builder
	for len(s) > 0 {
		i := strings.IndexByte(string(s), '\\')
		if i < 0 || i+1 == len(s) {
			break
		}
		b.Write(entities(s[:i]))
		if !util.IsPunct(s[i+1]) {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i+1])
		s = s[i+2:]
	}
	b.Write(entities(s))
	return visible(b.String())
}

func entities(s []byte) []byte {
	return util.ResolveEntityNames(util.ResolveNumericReferences(s))
}
