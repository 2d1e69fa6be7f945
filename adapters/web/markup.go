package web

import (
	"io"
	"net/url"
	"slices"
	"strings"

	. "github.com/tastetest/tastetest/adapters/web/elements"
)

// A markup is HTML that was made here: what others say in it is escaped already. It is
// a [Node] like all that the files ending in html.go draw, which escape what they are
// given, in texts and in attributes.
type markup string

// Render implements [Node].
func (m markup) Render(w io.Writer) error {
	_, err := io.WriteString(w, string(m))
	return err
}

// space is seen between two things that stand in a line.
const space = markup(" ")

// drawn is a node as HTML; "" of none.
func drawn(n Node) markup {
	if n == nil {
		return ""
	}
	var all strings.Builder
	n.Render(&all) // into memory, where it does not fail
	return markup(all.String())
}

// spaced draws nodes with space between them.
func spaced[T any](of []T, draw func(T) Node) Node {
	var all Group
	for i, x := range of {
		if i > 0 {
			all = append(all, space)
		}
		all = append(all, draw(x))
	}
	return all
}

// classes are an element's, without those that are "".
func classes(names ...string) Node {
	return Class(strings.Join(slices.DeleteFunc(names, func(s string) bool { return s == "" }), " "))
}

// when is s if something holds, and "" if not.
func when(holds bool, s string) string {
	if holds {
		return s
	}
	return ""
}

// address is what a link or a step may lead to: a page, here or elsewhere, and never
// something that runs.
func address(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" && u.Scheme != "https" && u.Scheme != "http" {
		return "about:invalid"
	}
	return to
}

func leads(to string) Node { return Href(address(to)) }

// hidden is a field of a form that is not shown.
func hidden(name, value string) Node { return Input(Type("hidden"), Name(name), Value(value)) }
