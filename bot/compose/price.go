package compose

import (
	"math"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A bill is what the models' answers cost and how long they took, in all.
type bill struct {
	answers int // of each model
	sums    [2]bot.Cost
	took    [2]time.Duration
}

func (o Outcome) bill() (b bill) {
	for _, n := range o.t.Tasted() {
		b.answers++
		for i, a := range o.texts[n-1].Answers {
			b.sums[i].Pico += a.Cost.Pico
			b.sums[i].Known = a.Cost.Known && (b.answers == 1 || b.sums[i].Known)
			b.took[i] += a.Latency
		}
	}
	return b
}

// cost compares what the models' answers cost and how long they took.
func (o Outcome) cost() bot.Sentence {
	b := o.bill()
	if b.answers == 0 || o.t.Models[0].Free() && o.t.Models[1].Free() {
		return bot.Sentence{}
	}
	thousand := func(i int) bot.Cost {
		return bot.Cost{Pico: b.sums[i].Pico / int64(b.answers) * 1000, Known: b.sums[i].Known}
	}
	var times bot.Sentence
	if _, x := b.dearer(); x > 0 {
		times = bot.Say(" ({n} ×)", bot.Count(x))
	}
	price := bot.Say("Per 1,000 answers: {first} {price}, {second} {price2}{times}", o.t.Called(0), thousand(0), o.t.Called(1), thousand(1), times)
	if b.took[0] <= 0 || b.took[1] <= 0 {
		return price
	}
	pace := func(i int) bot.Pace { return bot.Pace(b.took[i] / time.Duration(b.answers)) }
	return bot.Dotted(price, bot.Say("An answer took: {first} {pace}, {second} {pace2}", o.t.Called(0), pace(0), o.t.Called(1), pace(1)))
}

// dearer is which model costs more, and how many times as much; 0 times: both
// cost about the same, or it is not known.
func (b bill) dearer() (model, times int) {
	hi, lo := b.sums[0].Pico, b.sums[1].Pico
	if hi < lo {
		model, hi, lo = 1, lo, hi
	}
	if !b.sums[0].Known || !b.sums[1].Known || lo == 0 {
		return 0, 0
	}
	if x := float64(hi) / float64(lo); x >= 1.5 {
		return model, int(math.Round(x))
	}
	return 0, 0
}
