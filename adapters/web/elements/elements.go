// Package elements has the elements and attributes of which the page is drawn, by
// gomponents. Those of its package html are not used: each place that has one would get
// a copy of all that an element does, and the program would be larger by 2 MB.
package elements

import "maragu.dev/gomponents"

// A Node is what can be drawn; a Group is several.
type (
	Node  = gomponents.Node
	Group = gomponents.Group
)

// What nodes are made by, as variables: these are called, and not copied.
var (
	El   = gomponents.El
	Attr = gomponents.Attr
	Text = gomponents.Text
)

// If is a node if something holds. It is made in any case; what cannot be is for Iff.
func If(holds bool, n Node) Node { return gomponents.If(holds, n) }

// Iff makes a node if something holds.
func Iff(holds bool, make func() Node) Node { return gomponents.Iff(holds, make) }

// Map makes a node of each of some things.
func Map[T any](of []T, make func(T) Node) Group { return gomponents.Map(of, make) }

func element(name string) func(...Node) Node {
	return func(inner ...Node) Node { return El(name, inner...) }
}

func attribute(name string) func(string) Node {
	return func(value string) Node { return Attr(name, value) }
}

func flag(name string) func() Node {
	return func() Node { return Attr(name) }
}

// Elements.
var (
	A          = element("a")
	Article    = element("article")
	B          = element("b")
	Bdi        = element("bdi")
	BlockQuote = element("blockquote")
	Body       = element("body")
	Button     = element("button")
	Dd         = element("dd")
	Details    = element("details")
	Dialog     = element("dialog")
	Div        = element("div")
	Dl         = element("dl")
	Dt         = element("dt")
	Figure     = element("figure")
	Footer     = element("footer")
	Form       = element("form")
	H1         = element("h1")
	H2         = element("h2")
	H3         = element("h3")
	HTML       = element("html")
	Head       = element("head")
	Header     = element("header")
	Img        = element("img")
	Input      = element("input")
	Kbd        = element("kbd")
	Label      = element("label")
	Li         = element("li")
	Link       = element("link")
	Main       = element("main")
	Meta       = element("meta")
	Nav        = element("nav")
	Ol         = element("ol")
	Option     = element("option")
	P          = element("p")
	Pre        = element("pre")
	SVG        = element("svg")
	Script     = element("script")
	Section    = element("section")
	Select     = element("select")
	Span       = element("span")
	Strong     = element("strong")
	StyleEl    = element("style")
	Summary    = element("summary")
	TBody      = element("tbody")
	THead      = element("thead")
	Table      = element("table")
	Td         = element("td")
	Textarea   = element("textarea")
	Th         = element("th")
	TitleEl    = element("title")
	Tr         = element("tr")
	Ul         = element("ul")
)

// Attributes.
var (
	Action       = attribute("action")
	Alt          = attribute("alt")
	As           = attribute("as")
	AutoComplete = attribute("autocomplete")
	Charset      = attribute("charset")
	Class        = attribute("class")
	Content      = attribute("content")
	Dir          = attribute("dir")
	EncType      = attribute("enctype")
	For          = attribute("for")
	Height       = attribute("height")
	Href         = attribute("href")
	ID           = attribute("id")
	Lang         = attribute("lang")
	Method       = attribute("method")
	Name         = attribute("name")
	Placeholder  = attribute("placeholder")
	Rel          = attribute("rel")
	Role         = attribute("role")
	Rows         = attribute("rows")
	Scope        = attribute("scope")
	Src          = attribute("src")
	TabIndex     = attribute("tabindex")
	Title        = attribute("title")
	Type         = attribute("type")
	Value        = attribute("value")
	Width        = attribute("width")
)

// Attributes that stand or do not.
var (
	AutoFocus = flag("autofocus")
	Defer     = flag("defer")
	Required  = flag("required")
	Selected  = flag("selected")
)

// Aria and Data are attributes whose names begin so.
func Aria(name, value string) Node { return Attr("aria-"+name, value) }
func Data(name, value string) Node { return Attr("data-"+name, value) }

// Doctype is a page.
func Doctype(page Node) Node { return Group{gomponents.Raw("<!doctype html>"), page} }
