package chart

import "github.com/tastetest/tastetest/bot"

// Words put a sentence into the language of whoever looks at a picture.
type Words func(bot.Sentence) string

// A Picture is laid out and waits to be painted.
type Picture struct {
	Alt      string // what it shows, with its numbers
	Numbered bool   // a name could not be drawn, so that its number stands there; Alt says whose it is

	width, height float64
	boxes         []box
	texts         []text
}

// pictureWidth is narrow, so that a phone shows the text in a size to be read.
const pictureWidth = 600

// pageWidth fills a card of a page at a desk, with text as large as it is there.
const pageWidth = 840

// A box is drawn before all text; a dot is a box with round ends.
type box struct {
	x0, y0, x1, y1 float64
	left, right    float64 // radius of the corners there
	tone           tone
}

type text struct {
	x, y float64 // of the base line
	at   anchor
	size float64
	bold bool
	tone tone
	s    string
}

// An anchor is which point of a text is at its x.
type anchor int

const (
	start anchor = iota
	middle
	end
)

// before is how much of a text of that width is left of its anchor.
func (a anchor) before(width float64) float64 { return width * float64(a) / 2 }

func (p *Picture) box(x0, y0, x1, y1, left, right float64, t tone) {
	p.boxes = append(p.boxes, box{x0, y0, x1, y1, left, right, t})
}

func (p *Picture) dot(x, y, r float64, t tone) { p.box(x-r, y-r, x+r, y+r, r, r, t) }

// whisker is an interval from x0 to x1 about the height y.
func (p *Picture) whisker(x0, x1, y float64) {
	p.box(x0, y-0.75, x1, y+0.75, 0, 0, ink)
	for _, x := range []float64{x0, x1} {
		p.box(x-0.75, y-3.5, x+0.75, y+3.5, 0, 0, ink)
	}
}

func (p *Picture) text(x, y float64, at anchor, size float64, bold bool, t tone, s string) {
	p.texts = append(p.texts, text{x, y, at, size, bold, t, s})
}
