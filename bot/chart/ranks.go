package chart

import (
	"fmt"

	"github.com/tastetest/tastetest/bot"
)

// Where the columns of standings stand.
const (
	namesFrom = margin + 46.0
	namesTo   = 204.0
	dotsFrom  = 218.0
	dotsTo    = 194.0 // from the right, as what follows
	scoresTo  = 148.0
	votesTo   = 98.0
	pricesTo  = margin
	priceWide = 68.0
)

// mostRanked is how many models a picture shows.
const mostRanked = 30

// Ranks draws standings: a dot a model with its interval, and what its answers
// cost beside it. ok is false where no model has a rank.
func Ranks(s bot.Standings, words Words) (p Picture, ok bool) {
	return ranksOf(s, words, pictureWidth)
}

// WideRanks is Ranks for a page.
func WideRanks(s bot.Standings, words Words) (p Picture, ok bool) {
	return ranksOf(s, words, pageWidth)
}

func ranksOf(s bot.Standings, words Words, width float64) (p Picture, ok bool) {
	r := ranks{letters: newLetters(), words: words, rows: s.Rows[:min(len(s.Rows), mostRanked)], Picture: Picture{width: width}}
	r.from, r.to = 50, 50
	for _, row := range r.rows {
		if row.High > 0 {
			ok = true
			r.from, r.to = min(r.from, row.Low), max(r.to, row.High)
		}
		if row.Price.Known {
			r.dearest = max(r.dearest, row.Price.Pico)
		}
	}
	if !ok || len(s.Columns) < 5 {
		return Picture{}, false
	}
	r.from, r.to = 10*((r.from-1)/10), 10*((r.to+10)/10)
	r.from, r.to = max(0, r.from), min(100, r.to)
	r.Alt = altOfRanks(s, words)
	r.draw(words(s.Columns[2]), words(s.Columns[4]))
	return r.Picture, true
}

// ranks is the picture of standings in the making.
type ranks struct {
	Picture
	letters  *letters
	words    Words
	rows     []bot.Standing
	from, to int   // the ends of the scale, in percent
	dearest  int64 // per 1,000 answers, in pico-USD
}

func (r *ranks) draw(beats, price string) {
	const top = 40.0
	each := 44.0
	if len(r.rows) > 12 {
		each = 31
	}
	bottom := top + each*float64(len(r.rows))
	r.heads(beats, price)
	step := 10
	if r.to-r.from > 60 {
		step = 25
		r.from, r.to = 25*(r.from/25), 25*((r.to+24)/25)
	}
	for g := r.from; g <= r.to; g += step {
		t := line
		if g == 50 {
			t = half
		}
		r.box(r.at(g)-0.5, top, r.at(g)+0.5, bottom+4, 0, 0, t)
		r.text(r.at(g), bottom+20, middle, 11.5, false, soft, fmt.Sprintf("%d%%", g))
	}
	for i, row := range r.rows {
		r.row(i, row, top+each*(float64(i)+0.5))
	}
	r.height = bottom + 34
}

func (r *ranks) at(percent int) float64 {
	return dotsFrom + (r.width-dotsTo-dotsFrom)*float64(percent-r.from)/float64(r.to-r.from)
}

// heads are those of the post's own table, where they can be drawn.
func (r *ranks) heads(beats, price string) {
	put := func(x float64, at anchor, most float64, s string) {
		if s = r.letters.within(composed(s), most, 11.5, false); r.letters.has(s) {
			r.text(x, 24, at, 11.5, false, soft, s)
		}
	}
	put(dotsFrom, start, r.width-dotsTo-dotsFrom, beats)
	if r.dearest > 0 {
		put(r.width-pricesTo, end, scoresTo-pricesTo, price)
	}
}

func (r *ranks) row(i int, row bot.Standing, y float64) {
	r.text(margin, y+4.5, start, 12.5, false, soft, string(row.Rank))
	r.model(r.name(r.letters, string(row.Model), i+1), y)
	r.text(r.width-votesTo, y+4.5, end, 12, false, soft, fmt.Sprintf("n=%d", row.Votes))
	if row.High > 0 {
		r.box(r.at(row.Low), y-4.5, r.at(row.High), y+4.5, 4.5, 4.5, fits)
		r.dot(r.at(row.Score), y, 7, one)
		r.text(r.width-scoresTo, y+5, end, 14, true, ink, fmt.Sprintf("%d%%", row.Score))
	}
	if row.Price.Known {
		r.price(row, y)
	}
}

// model writes a name, in two lines if it is long.
func (r *ranks) model(name string, y float64) {
	const size, room = 13.0, namesTo - namesFrom
	if r.letters.width(name, size, true) <= room {
		r.text(namesFrom, y+4.5, start, size, true, ink, name)
		return
	}
	const small = 11.5
	runes := []rune(name)
	first := len(runes)
	for r.letters.width(string(runes[:first]), small, true) > room {
		first--
	}
	r.text(namesFrom, y-2.5, start, small, true, ink, string(runes[:first]))
	r.text(namesFrom, y+11, start, small, true, ink, r.letters.within(string(runes[first:]), room, small, true))
}

// price is what a thousand answers cost, with a bar that compares it.
func (r *ranks) price(row bot.Standing, y float64) {
	said, size := r.words(row.Cost), 12.0
	if r.letters.width(said, size, false) > priceWide+6 {
		size = 10.5
	}
	r.text(r.width-pricesTo, y+1, end, size, false, ink, r.letters.within(said, priceWide+6, size, false))
	if r.dearest > 0 {
		to := r.width - pricesTo
		from := to - priceWide
		r.box(from, y+6, to, y+9, 1.5, 1.5, line)
		if wide := priceWide * float64(row.Price.Pico) / float64(r.dearest); wide > 0 {
			wide = max(wide, 1)
			r.box(from, y+6, from+wide, y+9, min(1.5, wide/2), min(1.5, wide/2), soft)
		}
	}
}
