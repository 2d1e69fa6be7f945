package chart

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
)

// SVG writes the picture for a page. It is light by itself; a style sheet can
// give the classes of its parts other colours, and a font.
func (p Picture) SVG() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 %s %s" role="img" aria-label="%s" font-family="Inter, Helvetica, Arial, sans-serif">`+"\n",
		number(p.width), number(p.height), html.EscapeString(p.Alt))
	for _, x := range p.boxes {
		b.WriteString(x.element() + "\n")
	}
	for _, t := range p.texts {
		weight := ""
		if t.bold {
			weight = ` font-weight="600"`
		}
		fmt.Fprintf(&b, `<text %s x="%s" y="%s" font-size="%s"%s text-anchor="%s">%s</text>`+"\n", t.tone.attributes(),
			number(t.x), number(t.y), number(t.size), weight, [...]string{"start", "middle", "end"}[t.at], html.EscapeString(t.s))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func (t tone) attributes() string {
	c := colours[Light][t]
	return fmt.Sprintf(`class="%s" fill="#%02x%02x%02x"`, classes[t], c.R, c.G, c.B)
}

func (x box) element() string {
	if r := x.left; r > 0 && r == x.right && 2*r == x.y1-x.y0 && 2*r == x.x1-x.x0 {
		return fmt.Sprintf(`<circle %s cx="%s" cy="%s" r="%s"/>`, x.tone.attributes(), number(x.x0+r), number(x.y0+r), number(r))
	}
	path := fmt.Sprintf("M%s %sH%s", number(x.x0+x.left), number(x.y0), number(x.x1-x.right)) +
		corner(x.right, x.x1, x.y0, x.x1, x.y0+x.right) + "V" + number(x.y1-x.right) +
		corner(x.right, x.x1, x.y1, x.x1-x.right, x.y1) + "H" + number(x.x0+x.left) +
		corner(x.left, x.x0, x.y1, x.x0, x.y1-x.left) + "V" + number(x.y0+x.left) +
		corner(x.left, x.x0, x.y0, x.x0+x.left, x.y0) + "Z"
	return fmt.Sprintf(`<path %s d="%s"/>`, x.tone.attributes(), path)
}

// corner rounds the corner at cx, cy and ends at x, y.
func corner(r, cx, cy, x, y float64) string {
	if r == 0 {
		return ""
	}
	return fmt.Sprintf("Q%s %s %s %s", number(cx), number(cy), number(x), number(y))
}

// number writes x with as many digits as can be seen.
func number(x float64) string {
	return strconv.FormatFloat(math.Round(100*x)/100, 'f', -1, 64)
}
