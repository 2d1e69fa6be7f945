package web_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// blocks are the elements that begin a line of their own, or are not shown: space
// beside them is not seen.
var blocks = map[string]bool{
	"html": true, "head": true, "body": true, "meta": true, "title": true, "link": true, "style": true, "script": true,
	"article": true, "section": true, "header": true, "footer": true, "main": true, "nav": true, "dialog": true, "figure": true,
	"h1": true, "h2": true, "h3": true, "p": true, "div": true, "pre": true, "blockquote": true, "hr": true, "br": true,
	"ul": true, "ol": true, "li": true, "dl": true, "dt": true, "dd": true, "details": true, "summary": true,
	"form": true, "option": true, "table": true, "thead": true, "tbody": true, "tr": true, "th": true, "td": true,
}

func isBlock(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return n.Type != html.TextNode
	}
	return blocks[n.Data] || n.Data == "input" && slices.Contains(n.Attr, html.Attribute{Key: "type", Val: "hidden"})
}

var (
	spaces  = regexp.MustCompile(`[ \t\n\f\r]+`)
	escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")
)

// canonical is HTML as a browser takes it, in one way of writing: with each block on a
// line of its own, and space where it is seen.
func canonical(t *testing.T, src string) string {
	t.Helper()
	var nodes []*html.Node
	var err error
	if strings.HasPrefix(src, "<!doctype") {
		var page *html.Node
		page, err = html.Parse(strings.NewReader(src))
		nodes = append(nodes, page)
	} else {
		nodes, err = html.ParseFragment(strings.NewReader(src), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	}
	if err != nil {
		t.Fatal(err)
	}
	root := &html.Node{Type: html.DocumentNode}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	var out strings.Builder
	inside(&out, root)
	return out.String()
}

func newLine(out *strings.Builder) {
	if out.Len() > 0 && !strings.HasSuffix(out.String(), "\n") {
		out.WriteByte('\n')
	}
}

func inside(out *strings.Builder, of *html.Node) {
	for n := range of.ChildNodes() {
		switch n.Type {
		case html.TextNode:
			out.WriteString(written(n))
		case html.ElementNode:
			if isBlock(n) {
				newLine(out)
			}
			out.WriteString("<" + n.Data)
			for _, a := range n.Attr {
				out.WriteString(" " + a.Key)
				if a.Val != "" {
					out.WriteString(`="` + escaper.Replace(a.Val) + `"`)
				}
			}
			out.WriteByte('>')
			if kept(n) && n.FirstChild != nil && strings.HasPrefix(n.FirstChild.Data, "\n") {
				out.WriteByte('\n') // the first is not the text's
			}
			inside(out, n)
			if !slices.Contains([]string{"br", "hr", "img", "input", "link", "meta"}, n.Data) {
				out.WriteString("</" + n.Data + ">")
			}
			if isBlock(n) {
				newLine(out)
			}
		default:
			inside(out, n)
		}
	}
}

// kept reports whether an element's text is shown as it is.
func kept(n *html.Node) bool {
	return slices.Contains([]string{"pre", "textarea", "style", "script"}, n.Data)
}

// written is a text, without the space that is not seen.
func written(n *html.Node) string {
	s := n.Data
	for up := n.Parent; up != nil; up = up.Parent {
		if kept(up) {
			return escaper.Replace(s)
		}
	}
	s = spaces.ReplaceAllString(s, " ")
	edge := isBlock(n.Parent) || n.Parent.Data == "svg" || n.Parent.Data == "select"
	if before := n.PrevSibling; before == nil && edge || before != nil && isBlock(before) {
		s = strings.TrimPrefix(s, " ")
	}
	if after := n.NextSibling; after == nil && edge || after != nil && isBlock(after) {
		s = strings.TrimSuffix(s, " ")
	}
	return escaper.Replace(s)
}

func TestCanonical(t *testing.T) {
	for src, want := range map[string]string{
		"<p>a\n <b>b</b> <i>c</i><i>d</i></p>\n\n":                       "<p>a <b>b</b> <i>c</i><i>d</i></p>\n",
		"<div>\n<p>\na </p>\n\n<span>b</span>\n</div>":                   "<div>\n<p>a</p>\n<span>b</span></div>\n",
		"<textarea>\n\n a</textarea><pre>\nb\n\n\nc</pre>":               "<textarea>\n\n a</textarea>\n<pre>b\n\n\nc</pre>\n",
		`<kbd title="&#39;&quot;&#43;" hidden="">&lt;&#43;&amp;</kbd> x`: `<kbd title="'&#34;+" hidden>&lt;+&amp;</kbd> x`,
		"<button> a</button> <button>b</button>":                         "<button> a</button> <button>b</button>",
	} {
		if got := canonical(t, src); got != want {
			t.Errorf("%q is written\n%q, want\n%q", src, got, want)
		}
	}
}
