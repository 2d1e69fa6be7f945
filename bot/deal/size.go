package deal

import "github.com/tastetest/tastetest/bot"

// A Size is how much a private tasting asks of models and of people.
type Size struct {
	Pool     int // prompts that both models are asked
	Plain    int // of which each person votes on so many
	Controls int // control pairs, on which everybody votes
	Looks    int // at votes, at the most, the last of them when voting is over
}

// usual are the sizes from so many invited people on, the most first. What they
// find, and after how many votes, is simulated: see package stats.
var usual = []struct {
	invited int
	Size
}{
	{25, Size{Pool: 60, Plain: 20, Controls: 12, Looks: 4}},
	{16, Size{Pool: 50, Plain: 16, Controls: 10, Looks: 4}},
	{8, Size{Pool: 30, Plain: 13, Controls: 5, Looks: 1}},
}

// Usual is the size for so many people, invited by name. For fewer than eight,
// or where nobody knows how many will come, it is the same prompts for everybody.
func Usual(invited int) Size {
	for _, u := range usual {
		if invited >= u.invited {
			return u.Size
		}
	}
	return Size{Pool: bot.UsualRounds, Plain: bot.UsualRounds, Looks: 1}
}

// Of is s for people who vote on so many plain rounds. A pool has at most two and
// a half times as many, and no more than get six votes each; there is a control
// pair to as many plain rounds as before, but three at least.
func (s Size) Of(plain, invited int) Size {
	if s.Pool == s.Plain {
		s.Pool, s.Plain = plain, plain
		return s
	}
	s.Controls = max(bot.LeastControls, s.Controls*plain/s.Plain)
	s.Pool = max(plain, min(s.Pool, plain*5/2, plain*invited/6))
	s.Plain = plain
	return s
}

// Fit is s where there are no more prompts than that: the pool is smaller, or,
// with fewer than one and a half times as many as one person votes on, everybody
// votes on the same, and the votes are looked at once. Fewer plain rounds take
// fewer control pairs; too few for a verdict take none.
func (s Size) Fit(prompts int) Size {
	s.Pool = min(s.Pool, prompts)
	if 2*s.Pool >= 3*s.Plain {
		return s
	}
	if s.Pool < s.Plain {
		s.Controls = s.Controls * s.Pool / s.Plain
		s.Plain = s.Pool
	}
	if s.Plain < bot.EnoughPrompts {
		s.Controls = 0
	}
	s.Pool, s.Looks = s.Plain, 1
	return s
}

// Dealt reports whether people vote on different prompts.
func (s Size) Dealt() bool { return s.Pool > s.Plain }
