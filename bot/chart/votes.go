package chart

import (
	"fmt"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// Where the bars of votes stand: what they are of has a quarter of the width.
const (
	margin   = 18.0
	barsFrom = 0.27
	barsTo   = 26.0 // from the right
)

// Votes draws an announcement: a row of all votes and one of each round, as the
// first model, grey (equal and both bad), the second model. The dot is the first
// model's share with half of the grey, so it is in the middle of that; the
// whisker is the interval that the verdict names. ok is false where the post has
// no percentages, or no votes: then there is nothing to draw.
func Votes(a bot.Announcement, words Words) (p Picture, ok bool) {
	return votesOf(a, words, pictureWidth)
}

// WideVotes is Votes for a page, with more of each prompt.
func WideVotes(a bot.Announcement, words Words) (p Picture, ok bool) {
	return votesOf(a, words, pageWidth)
}

func votesOf(a bot.Announcement, words Words, width float64) (p Picture, ok bool) {
	if len(a.Bars) != 4 || !shared(a.Bars) {
		return Picture{}, false
	}
	v := votes{letters: newLetters(), Picture: Picture{width: width}}
	for i := range v.names {
		v.names[i] = v.name(v.letters, words(a.Bars[i].Label), i+1)
	}
	v.Alt = altOfVotes(a, words, v.Numbered)
	v.grey = words(a.Bars[2].Label) + " · " + words(a.Bars[3].Label)
	v.share = words(bot.Say("{model}, with half of the grey", bot.Verbatim(v.names[0])))
	v.fits = words(bot.Say("what the true share may be"))

	rows := []row{rowOf(words(bot.Say("All votes")), "", a.Bars)}
	rows[0].all, rows[0].fits = true, a.Fits
	for _, r := range a.Rounds {
		if len(r.Bars) == 4 && r.Votes > 0 {
			rows = append(rows, rowOf(r.Round.String(), string(r.Prompt), r.Bars))
		}
	}
	if len(rows) == 2 {
		rows = rows[:1] // the one round is all there is
	}
	v.draw(rows)
	return v.Picture, true
}

// shared reports whether bars have percentages.
func shared(bars []bot.Bar) bool {
	for _, b := range bars {
		if b.Percent > 0 {
			return true
		}
	}
	return false
}

// A row is one stacked bar.
type row struct {
	key    string // "All votes", "12.3"
	prompt string
	counts [3]int
	labels [3]string // percentages, or counts where there are none
	all    bool
	fits   bot.Span
}

func rowOf(key, prompt string, bars []bot.Bar) row {
	r := row{
		key: key, prompt: strings.Join(strings.Fields(prompt), " "),
		counts: [3]int{bars[0].Count, bars[2].Count + bars[3].Count, bars[1].Count},
	}
	percents := stats.Percent(r.counts[:]...) // the grey's own: two that are rounded each do not add up to it
	for i := range r.labels {
		r.labels[i] = fmt.Sprint(r.counts[i])
		if shared(bars) {
			r.labels[i] = fmt.Sprintf("%d%%", percents[i])
		}
	}
	return r
}

func (r row) n() int { return r.counts[0] + r.counts[1] + r.counts[2] }

// share is the first model's, with half of the grey.
func (r row) share() float64 {
	return (float64(r.counts[0]) + float64(r.counts[1])/2) / float64(r.n())
}

// votes is the picture of an announcement in the making.
type votes struct {
	Picture
	letters *letters
	names   [2]string
	grey    string
	share   string // what the dot is
	fits    string // what the whisker is
}

// A pitch is how rows are set: the more there are, the closer.
type pitch struct {
	row, bar, key, value float64
	prompts              bool // there is room for them
}

func pitchOf(rounds int) pitch {
	switch {
	case rounds <= 6:
		return pitch{52, 26, 13, 13, true}
	case rounds <= 12:
		return pitch{42, 22, 12.5, 12, true}
	}
	return pitch{31, 18, 12, 11, false}
}

func (v *votes) draw(rows []row) {
	top := v.legend(26)
	all, each := pitch{60, 32, 15, 15, false}, pitchOf(len(rows)-1)
	bottom := top + all.row + float64(len(rows)-1)*each.row
	v.grid(top, bottom)
	y := top
	for _, r := range rows {
		p := each
		if r.all {
			p = all
		}
		v.row(r, y, p)
		y += p.row
	}
	v.height = v.signs(bottom+45, rows[0].fits != (bot.Span{})) + 14
}

// signs says below the scale what the dot is and, where there is one, the
// whisker; below each other if there is no room beside. It returns the last
// base line.
func (v *votes) signs(y float64, whisker bool) float64 {
	const size, gap, long = 12.5, 9.0, 26.0
	x := margin + long
	share := v.letters.within(v.share, v.width-2*margin-long, size, false)
	v.dot(x-gap-4.5, y-4, 4.5, ink)
	v.text(x, y, start, size, false, soft, share)
	if !whisker {
		return y
	}
	if x += v.letters.width(share, size, false) + 4*gap + long; x+v.letters.width(v.fits, size, false) > v.width-margin {
		x, y = margin+long, y+20
	}
	v.whisker(x-gap-long, x-gap, y-4)
	v.text(x, y, start, size, false, soft, v.fits)
	return y
}

// legend names the three, side by side if there is room for that, and returns
// where the rest begins.
func (v *votes) legend(y float64) float64 {
	const size, swatch, gap = 14.0, 13.0, 7.0
	keys := []struct {
		s    string
		tone tone
		bold bool
	}{{v.names[0], one, true}, {v.grey, grey, false}, {v.names[1], two, true}}
	var widths float64
	for _, k := range keys {
		widths += v.letters.width(k.s, size, k.bold) + swatch + gap
	}
	put := func(x, y float64, i int) {
		v.box(x, y-swatch+1.5, x+swatch, y+1.5, 3.5, 3.5, keys[i].tone)
		v.text(x+swatch+gap, y, start, size, keys[i].bold, ink, v.letters.within(keys[i].s, v.width-2*margin-swatch-gap, size, keys[i].bold))
	}
	if widths+2*26 > v.width-2*margin {
		for i := range keys {
			put(margin, y+float64(i)*23, i)
		}
		return y + 2*23 + 24
	}
	x := margin
	for i, k := range keys {
		put(x, y, i)
		x += v.letters.width(k.s, size, k.bold) + swatch + gap + 26
	}
	return y + 24
}

// from is where bars begin.
func (v *votes) from() float64 { return barsFrom * v.width }

func (v *votes) at(share float64) float64 { return v.from() + (v.width-barsTo-v.from())*share }

// grid is the scale, with one half standing out.
func (v *votes) grid(top, bottom float64) {
	for _, g := range []float64{0, 0.25, 0.5, 0.75, 1} {
		t := line
		if g == 0.5 {
			t = half
		}
		v.box(v.at(g)-0.5, top, v.at(g)+0.5, bottom+4, 0, 0, t)
		v.text(v.at(g), bottom+20, middle, 11.5, false, soft, fmt.Sprintf("%.0f%%", 100*g))
	}
}

// row is a bar with what it is of before it, and its dot below it.
func (v *votes) row(r row, y float64, p pitch) {
	v.of(r, y, p)
	top, bottom := y+4, y+4+p.bar
	x, seam, ends := 0, 1.0, 5.0
	for i, t := range []tone{one, grey, two} {
		from, to := v.at(float64(x)/float64(r.n())), v.at(float64(x+r.counts[i])/float64(r.n()))
		x += r.counts[i]
		if r.counts[i] == 0 {
			continue
		}
		var left, right float64
		if from == v.at(0) {
			left = min(ends, (to-from)/2)
		}
		if x == r.n() {
			right = min(ends, (to-from)/2)
		} else {
			to -= seam
		}
		v.box(from, top, to, bottom, left, right, t)
		v.value(r.labels[i], i, from, to, (top+bottom)/2, p.value)
	}
	share, below, dot := v.at(r.share()), bottom+min(9, (p.row-p.bar)/2-2), 3.0
	if r.all {
		dot = 4.5
	}
	if r.fits != (bot.Span{}) {
		v.whisker(v.at(max(0, r.fits.Low)), v.at(min(1, r.fits.High)), below)
	}
	v.dot(share, below, dot, ink)
}

// value is what a part of a bar comes to, if it has the room.
func (v *votes) value(s string, part int, from, to, y, size float64) {
	const pad = 8
	wide := v.letters.width(s, size, true)
	if wide+2*5 > to-from {
		return
	}
	y += size * 0.36
	switch part {
	case 0:
		v.text(from+min(pad, (to-from-wide)/2), y, start, size, true, onOne, s)
	case 1:
		v.text((from+to)/2, y, middle, size, true, onGrey, s)
	default:
		v.text(to-min(pad, (to-from-wide)/2), y, end, size, true, onTwo, s)
	}
}

// of says what a row is of: the tasting or the round, how many votes and, where
// there is room, the prompt.
func (v *votes) of(r row, y float64, p pitch) {
	x, n := v.from()-12, fmt.Sprintf("n=%d", r.n())
	middle := y + 4 + p.bar/2
	prompt := v.letters.begin(composed(r.prompt), x-margin, p.key)
	switch {
	case r.all:
		v.text(x, middle-2, end, p.key, true, ink, r.key)
		v.text(x, middle+14, end, 12, false, soft, n)
	case p.prompts && prompt != "" && v.letters.has(prompt):
		v.text(x, middle-2, end, p.key, false, ink, prompt)
		v.text(x, middle+12.5, end, 11.5, false, soft, r.key+" · "+n)
	case p.prompts:
		v.text(x, middle-2, end, p.key, false, ink, r.key)
		v.text(x, middle+12.5, end, 11.5, false, soft, n)
	default:
		v.text(x, middle+p.key*0.36, end, p.key, false, soft, n)
		v.text(x-v.letters.width("n=000", p.key, false)-10, middle+p.key*0.36, end, p.key, false, ink, r.key)
	}
}
