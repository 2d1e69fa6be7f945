package chart

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// scale is how many pixels a unit is wide.
const scale = 2

// levels are how many steps an edge takes from one colour to another.
const levels = 16

// A painter paints with a palette: mixed colours are added when an edge needs
// them. A picture of few colours is written several times as fast so, and is a
// third of the size.
type painter struct {
	img     *image.Paletted
	letters *letters
	outline vector.Rasterizer
	mask    image.Alpha
	mixed   map[[3]uint8]uint8 // below, above and level → place in the palette
	glyphs  map[glyph]image.Alpha
}

// A glyph is a letter at a size.
type glyph struct {
	font  *sfnt.Font
	index sfnt.GlyphIndex
	size  float64
}

// PNG paints the picture on a ground.
func (p Picture) PNG(g Ground) ([]byte, error) {
	colours := colours[g]
	palette := make(color.Palette, tones, 256)
	for i, c := range colours {
		palette[i] = c
	}
	a := painter{
		img:     image.NewPaletted(image.Rect(0, 0, int(math.Ceil(p.width*scale)), int(math.Ceil(p.height*scale))), palette),
		letters: newLetters(), mixed: make(map[[3]uint8]uint8), glyphs: make(map[glyph]image.Alpha),
	}
	for _, b := range p.boxes {
		a.box(b)
	}
	for _, t := range p.texts {
		a.text(t)
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, a.img); err != nil {
		return nil, fmt.Errorf("write a picture as PNG: %w", err)
	}
	return out.Bytes(), nil
}

// round is how far from a corner the two middle points of its curve are, for
// a radius of one.
const round = 1 - 0.5523

func (a *painter) box(b box) {
	x0, y0, x1, y1 := b.x0*scale, b.y0*scale, b.x1*scale, b.y1*scale
	within := image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1)), int(math.Ceil(y1)))
	ox, oy := float64(within.Min.X), float64(within.Min.Y)
	x0, y0, x1, y1 = x0-ox, y0-oy, x1-ox, y1-oy
	l, r := b.left*scale, b.right*scale
	at := func(x, y float64) (float32, float32) { return float32(x), float32(y) }
	o := a.fresh(within.Size())
	to := func(x, y float64) { o.LineTo(at(x, y)) }
	bend := func(bx, by, cx, cy, dx, dy float64) {
		o.CubeTo(float32(bx), float32(by), float32(cx), float32(cy), float32(dx), float32(dy))
	}
	o.MoveTo(at(x0+l, y0))
	to(x1-r, y0)
	bend(x1-r*round, y0, x1, y0+r*round, x1, y0+r)
	to(x1, y1-r)
	bend(x1, y1-r*round, x1-r*round, y1, x1-r, y1)
	to(x0+l, y1)
	bend(x0+l*round, y1, x0, y1-l*round, x0, y1-l)
	to(x0, y0+l)
	bend(x0, y0+l*round, x0+l*round, y0, x0+l, y0)
	o.ClosePath()
	a.lay(a.covered(), within.Min, b.tone)
}

func (a *painter) text(t text) {
	x := t.x*scale - t.at.before(a.letters.width(t.s, t.size*scale, t.bold))
	pen, base := fixed.Int26_6(math.Round(x))<<6, int(math.Round(t.y*scale))
	for _, r := range t.s {
		f, g, _ := a.letters.find(t.bold, r)
		mask := a.glyph(glyph{f, g, t.size * scale})
		a.lay(mask, mask.Rect.Min.Add(image.Pt(pen.Round(), base)), t.tone)
		pen += a.letters.advance(f, g, t.size*scale)
	}
}

// glyph is how much of each pixel a letter covers, about the point where its
// base line begins. Letters stand at whole pixels, so each is painted once.
func (a *painter) glyph(k glyph) image.Alpha {
	if m, known := a.glyphs[k]; known {
		return m
	}
	path, err := k.font.LoadGlyph(&a.letters.buf, k.index, fixed.Int26_6(k.size*64), nil)
	if err != nil {
		path = nil // what cannot be read is left blank
	}
	bounds := path.Bounds()
	within := image.Rect(bounds.Min.X.Floor(), bounds.Min.Y.Floor(), bounds.Max.X.Ceil(), bounds.Max.Y.Ceil())
	o := a.fresh(within.Size())
	at := func(p fixed.Point26_6) (x, y float32) {
		return float32(p.X)/64 - float32(within.Min.X), float32(p.Y)/64 - float32(within.Min.Y)
	}
	for _, s := range path {
		ax, ay := at(s.Args[0])
		bx, by := at(s.Args[1])
		cx, cy := at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			o.ClosePath()
			o.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			o.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			o.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			o.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	o.ClosePath()
	m := a.covered()
	m.Pix = bytes.Clone(m.Pix)
	m.Rect = m.Rect.Add(within.Min)
	a.glyphs[k] = m
	return m
}

// fresh begins an outline of that size.
func (a *painter) fresh(size image.Point) *vector.Rasterizer {
	a.outline.Reset(size.X, size.Y)
	a.outline.DrawOp = draw.Src
	return &a.outline
}

// covered is how much of each pixel the outline covers; until the next one.
func (a *painter) covered() image.Alpha {
	r := image.Rectangle{Max: a.outline.Size()}
	if n := r.Dx() * r.Dy(); cap(a.mask.Pix) < n {
		a.mask.Pix = make([]uint8, n)
	}
	a.mask = image.Alpha{Pix: a.mask.Pix[:r.Dx()*r.Dy()], Stride: r.Dx(), Rect: r}
	a.outline.Draw(&a.mask, r, image.Opaque, image.Point{})
	return a.mask
}

// lay puts a tone where mask covers, with its first pixel at a point.
func (a *painter) lay(mask image.Alpha, at image.Point, t tone) {
	to := image.Rectangle{Min: at, Max: at.Add(mask.Rect.Size())}.Intersect(a.img.Rect)
	for y := to.Min.Y; y < to.Max.Y; y++ {
		covers := mask.Pix[(y-at.Y)*mask.Stride+to.Min.X-at.X:]
		below := a.img.Pix[a.img.PixOffset(to.Min.X, y):]
		for x := range to.Dx() {
			switch level := (int(covers[x])*(levels-1) + 127) / 255; level {
			case 0:
			case levels - 1:
				below[x] = uint8(t)
			default:
				below[x] = a.mix(below[x], uint8(t), uint8(level))
			}
		}
	}
}

// mix is the place in the palette of so many levels of one colour over another.
func (a *painter) mix(below, above, level uint8) uint8 {
	key := [3]uint8{below, above, level}
	if at, known := a.mixed[key]; known {
		return at
	}
	b, t := a.img.Palette[below].(color.RGBA), a.img.Palette[above].(color.RGBA)
	part := func(b, t uint8) uint8 {
		return uint8((int(b)*(levels-1-int(level)) + int(t)*int(level) + (levels-1)/2) / (levels - 1))
	}
	c := color.RGBA{part(b.R, t.R), part(b.G, t.G), part(b.B, t.B), 0xff}
	at := a.img.Palette.Index(c)
	if a.img.Palette[at] != color.Color(c) && len(a.img.Palette) < 256 {
		at, a.img.Palette = len(a.img.Palette), append(a.img.Palette, c)
	}
	a.mixed[key] = uint8(at)
	return uint8(at)
}
