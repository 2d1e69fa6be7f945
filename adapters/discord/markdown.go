package discord

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	words "github.com/tastetest/tastetest/bot/text"
)

// markdown says a model's text in Discord's dialect. Nothing in it is live:
// links, mentions and HTML are shown as the text they are.
func markdown(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if words.Tangled(s) {
		return escape(s)
	}
	source := []byte(s)
	doc := goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Table)).Parser().Parse(text.NewReader(source))
	w := dialect{source: source}
	return strings.TrimSpace(w.blocks(doc, "\n\n"))
}

// A dialect writes a parsed text as Discord reads it.
type dialect struct{ source []byte }

// blocks writes the blocks below n with sep between them.
func (d dialect) blocks(n ast.Node, sep string) string {
	var out []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if s := d.block(c); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, sep)
}

func (d dialect) block(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		return guard(d.inline(n))
	case *ast.Heading:
		return wrap("**", strings.ReplaceAll(d.inline(n), "**", ""))
	case *ast.FencedCodeBlock:
		return fenced(string(n.Language(d.source)), d.lines(n))
	case *ast.CodeBlock:
		return fenced("", d.lines(n))
	case *ast.Blockquote:
		return "> " + strings.ReplaceAll(d.blocks(n, "\n\n"), "\n", "\n> ")
	case *ast.List:
		return d.list(n)
	case *ast.ThematicBreak:
		return "──────"
	case *ast.HTMLBlock:
		raw := d.lines(n)
		if n.HasClosure() {
			raw += string(n.ClosureLine.Value(d.source))
		}
		return escape(strings.TrimRight(raw, "\n"))
	case *east.Table:
		return d.blocks(n, "\n")
	case *east.TableHeader:
		return wrap("**", d.cells(n))
	case *east.TableRow:
		return d.cells(n)
	}
	return escape(d.lines(n))
}

func (d dialect) cells(n ast.Node) string {
	var cells []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		cells = append(cells, strings.ReplaceAll(d.inline(c), "**", ""))
	}
	return strings.Join(cells, ` \| `)
}

func (d dialect) list(n *ast.List) string {
	var items []string
	number := n.Start
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		mark := "- "
		if n.IsOrdered() {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		items = append(items, mark+strings.ReplaceAll(d.blocks(c, "\n"), "\n", "\n  "))
	}
	return strings.Join(items, "\n")
}

// lines are a block's raw lines.
func (d dialect) lines(n ast.Node) string {
	if n.Type() == ast.TypeInline {
		return ""
	}
	var b strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(d.source))
	}
	return b.String()
}

// inline writes what stands inside a block.
func (d dialect) inline(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.WriteString(escapeInside(string(c.Value(d.source))))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte('\n')
			}
		case *ast.String:
			b.WriteString(escapeInside(string(c.Value)))
		case *ast.CodeSpan:
			b.WriteString(codeSpan(d.plain(c)))
		case *ast.Emphasis:
			b.WriteString(wrap(strings.Repeat("*", c.Level), d.inline(c)))
		case *east.Strikethrough:
			b.WriteString(wrap("~~", d.inline(c)))
		case *ast.Link:
			b.WriteString(d.inline(c) + address(c.Destination))
		case *ast.Image:
			b.WriteString(d.inline(c) + address(c.Destination))
		case *ast.AutoLink:
			b.WriteString(escapeInside(string(c.Label(d.source))))
		case *ast.RawHTML:
			for i := range c.Segments.Len() {
				s := c.Segments.At(i)
				b.WriteString(escapeInside(string(s.Value(d.source))))
			}
		default:
			b.WriteString(d.inline(c))
		}
	}
	return b.String()
}

// plain is the text of a code span.
func (d dialect) plain(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Value(d.source))
		}
	}
	return b.String()
}

func address(to []byte) string {
	if len(to) == 0 {
		return ""
	}
	return " (" + escapeInside(string(to)) + ")"
}

// wrap puts marks around s, inside the spaces at its ends.
func wrap(mark, s string) string {
	core := strings.TrimSpace(s)
	if core == "" {
		return s
	}
	at := strings.Index(s, core)
	return s[:at] + mark + core + mark + s[at+len(core):]
}

// codeSpan is s in the middle of a line. Text with backticks cannot be one.
func codeSpan(s string) string {
	s = strings.ReplaceAll(printable(s), "\n", " ")
	if strings.Contains(s, "`") || strings.TrimSpace(s) == "" || strings.HasSuffix(s, `\`) {
		return escapeInside(s)
	}
	return "`" + s + "`"
}

// fenced is a block of code; backticks in it are kept from ending it.
func fenced(language, s string) string {
	language = strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' || r == '-' || r == '#') {
			return r
		}
		return -1
	}, language)
	if len(language) > 20 {
		language = ""
	}
	s = strings.ReplaceAll(printable(s), "``", "`\u200b`")
	if s = strings.TrimRight(s, "\n"); strings.TrimSpace(s) == "" {
		s = " "
	}
	if strings.HasSuffix(s, "`") {
		s += "\u200b"
	}
	return "```" + language + "\n" + s + "\n```"
}

// escape makes Discord show s as the text it is.
func escape(s string) string { return guard(escapeInside(s)) }

// escapeInside escapes what means something anywhere in a line.
func escapeInside(s string) string {
	s = printable(s)
	var b strings.Builder
	for i, r := range s {
		if strings.ContainsRune("\\`*_~|<>[]#@", r) || r == ':' && strings.HasPrefix(s[i+1:], "/") {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// guard escapes what means something at the beginning of a line only: lists.
func guard(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		rest := strings.TrimLeft(line, " \t\u3000")
		begin := line[:len(line)-len(rest)]
		number := strings.TrimLeft(rest, "0123456789")
		switch {
		case strings.HasPrefix(rest, "-"), strings.HasPrefix(rest, "+"), strings.HasPrefix(rest, "•"):
			lines[i] = begin + `\` + rest
		case number != rest && (strings.HasPrefix(number, ".") || strings.HasPrefix(number, ")")):
			lines[i] = begin + rest[:len(rest)-len(number)] + `\` + number
		}
	}
	return strings.Join(lines, "\n")
}

// printable drops what cannot be seen and would turn or cut the text around it.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}
