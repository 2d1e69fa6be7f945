package chart

import (
	"fmt"
	"math"
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// narrow pictures stand beside each other on a page, and one below the other on a
// phone, where their text is still to be read.
const narrow = 360

// Where the dots of prices stand.
const (
	pricesFrom   = 44.0
	pricesUpto   = narrow - 22.0
	pricesTop    = 44.0
	pricesBottom = 284.0
)

// Prices draws cost beside taste: a dot a ranked model whose cost is known, with its
// interval; the further to the left the cheaper, the higher the better liked. Where
// one costs ten times as much as another, costs are drawn by their ratios. ok is
// false where there are not two to compare.
func Prices(s bot.Standings, words Words) (p Picture, ok bool) {
	c := prices{letters: newLetters(), words: words, Picture: Picture{width: narrow, height: pricesBottom + 48}}
	c.low, c.high = 50, 50
	least, most := math.Inf(1), 0.0
	for i, row := range s.Rows {
		if row.High == 0 || !row.Price.Known || len(c.dots) == mostRanked {
			continue
		}
		usd := float64(row.Price.Pico)
		c.dots = append(c.dots, priced{name: c.name(c.letters, string(row.Model), i+1), number: i + 1, row: row})
		c.low, c.high = min(c.low, row.Low), max(c.high, row.High)
		if usd > 0 {
			least = min(least, usd)
		}
		most = max(most, usd)
	}
	if len(c.dots) < 2 || most == 0 || len(s.Columns) < 5 {
		return Picture{}, false
	}
	c.low, c.high = max(0, 10*((c.low-1)/10)), min(100, 10*((c.high+10)/10))
	c.from, c.to, c.ratios = 0, most, most >= 10*least
	if c.ratios {
		c.from, c.to = math.Log10(least)-0.15, math.Log10(most)
	}
	c.Alt = altOfRanks(s, words)
	c.draw(words(s.Columns[2]), words(s.Columns[4]))
	return c.Picture, true
}

// priced is a model's dot.
type priced struct {
	name   string
	number int // among the standings, from 1
	row    bot.Standing
}

// prices is the picture of cost beside taste in the making.
type prices struct {
	Picture
	letters   *letters
	words     Words
	dots      []priced
	low, high int     // the ends of the scale of taste, in percent
	from, to  float64 // those of cost, in pico-USD or its logarithm
	ratios    bool    // the logarithm
	taken     []frame // by dots and names
}

// A frame is where something stands.
type frame struct{ x0, y0, x1, y1 float64 }

func (f frame) meets(g frame) bool {
	return f.x0 < g.x1 && g.x0 < f.x1 && f.y0 < g.y1 && g.y0 < f.y1
}

func (c *prices) x(pico float64) float64 {
	at := pico
	if c.ratios {
		at = c.from // what costs nothing
		if pico > 0 {
			at = math.Log10(pico)
		}
	}
	return pricesFrom + 10 + (pricesUpto-pricesFrom-20)*(at-c.from)/(c.to-c.from)
}

func (c *prices) y(percent int) float64 {
	return pricesBottom - (pricesBottom-pricesTop)*float64(percent-c.low)/float64(c.high-c.low)
}

func (c *prices) draw(beats, price string) {
	c.head(margin, 22, start, beats)
	c.head(pricesUpto, c.height-6, end, price)
	step := 10
	if c.high-c.low > 50 {
		step = 20
	}
	for g := c.low; g <= c.high; g++ {
		if g%step != 0 && g != 50 {
			continue
		}
		t := line
		if g == 50 {
			t = half
		}
		c.box(pricesFrom, c.y(g)-0.5, pricesUpto, c.y(g)+0.5, 0, 0, t)
		c.text(pricesFrom-8, c.y(g)+4, end, 11.5, false, soft, fmt.Sprintf("%d%%", g))
	}
	c.scale()
	for _, d := range c.dots {
		x := c.x(float64(d.row.Price.Pico))
		c.box(x-2.5, c.y(d.row.High), x+2.5, c.y(d.row.Low), 2.5, 2.5, fits)
		c.taken = append(c.taken, frame{x - 7, c.y(d.row.Score) - 7, x + 7, c.y(d.row.Score) + 7})
	}
	for _, d := range c.dots {
		c.dot(c.x(float64(d.row.Price.Pico)), c.y(d.row.Score), 6, one)
	}
	for i, d := range c.dots {
		c.label(d, c.taken[i])
	}
}

func (c *prices) head(x, y float64, at anchor, s string) {
	if s = c.letters.within(composed(s), narrow-2*margin, 11.5, false); c.letters.has(s) {
		c.text(x, y, at, 11.5, false, soft, s)
	}
}

// scale names some costs, evenly apart: where they are drawn by their ratios, powers of ten.
func (c *prices) scale() {
	put := func(pico float64) {
		if s := c.words(bot.Say("{sum}", bot.Money(pico))); c.letters.has(s) {
			c.text(c.x(pico), pricesBottom+20, middle, 11.5, false, soft, s)
		}
	}
	if !c.ratios {
		put(c.to)
		put(c.to / 2)
		return
	}
	first, last := int(math.Ceil(c.from)), int(math.Floor(c.to))
	for k, each := first, max(1, (last-first+3)/3); k <= last; k += each {
		put(math.Pow10(k))
	}
}

// label writes a name beside a dot, or less of it, or its number among the standings,
// whatever covers nothing first.
func (c *prices) label(d priced, dot frame) {
	const size = 12.0
	number := fmt.Sprintf("#%d", d.number)
	for _, name := range []string{c.letters.within(d.name, 150, size, true), c.letters.within(d.name, 84, size, true), number} {
		wide := c.letters.width(name, size, true)
		x, y := (dot.x0+dot.x1)/2, (dot.y0+dot.y1)/2
		sides := []frame{
			{dot.x1 + 3, y - 8, dot.x1 + 3 + wide, y + 8}, {dot.x0 - 3 - wide, y - 8, dot.x0 - 3, y + 8},
			{x + 6, y - 22, x + 6 + wide, y - 6}, {x + 6, y + 6, x + 6 + wide, y + 22},
			{x - 6 - wide, y - 22, x - 6, y - 6}, {x - 6 - wide, y + 6, x - 6, y + 22},
		}
		at := slices.IndexFunc(sides, func(side frame) bool {
			return side.x0 >= pricesFrom && side.x1 <= narrow-4 && !slices.ContainsFunc(c.taken, side.meets)
		})
		if at < 0 && name == number {
			at = 0
		}
		if at >= 0 {
			c.taken = append(c.taken, sides[at])
			c.text(sides[at].x0, sides[at].y1-3.5, start, size, true, ink, name)
			return
		}
	}
}
