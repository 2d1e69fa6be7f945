package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// simulatedMark is in the user id of everybody who is simulated, where people
// have a suffix of letters and digits.
const simulatedMark = "·sim-"

// simulated reports whether a user is of the crowd.
func simulated(user string) bool { return strings.Contains(user, simulatedMark) }

// A crowd is simulated team-mates who vote on whatever they find in a place,
// as people would: by what they read, in their own time, some more than once.
type crowd struct {
	log   *slog.Logger
	mates []mate
	at    bot.Place
	read  bot.Reader
	tap   func(ctx context.Context, ref bot.Ref, user string, c bot.Choice, on bool) error
	press func(context.Context, bot.Press) bot.Reply
}

func newCrowd(log *slog.Logger, n int, at bot.Place, read bot.Reader,
	tap func(context.Context, bot.Ref, string, bot.Choice, bool) error,
	press func(context.Context, bot.Press) bot.Reply) *crowd {
	c := &crowd{log: log, at: at, read: read, tap: tap, press: press}
	for i := range n {
		c.mates = append(c.mates, newMate(i))
	}
	return c
}

// Run lets the crowd vote until ctx is done. Surprising: it looks at the page
// again and again, as a person would, instead of being told.
func (c *crowd) Run(ctx context.Context) error {
	if len(c.mates) == 0 {
		return nil
	}
	var busy sync.WaitGroup
	defer busy.Wait()
	known := make(map[bot.PostKey]bool)
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		shown, err := c.read.View(ctx, c.at, bot.Voter{Workspace: c.at.Workspace, User: c.mates[0].user})
		if err != nil && ctx.Err() == nil {
			c.log.Warn("the crowd cannot see the page", "err", err)
		}
		c.each(shown, func(s bot.Shown) {
			if known[s.Key] {
				return
			}
			switch p := s.Post.(type) {
			case bot.Ballot:
				known[s.Key] = true
				for _, m := range c.mates {
					busy.Go(func() { c.vote(ctx, m, s.Ref, p) })
				}
			case bot.Head:
				if p.Main == nil {
					return
				}
				known[s.Key] = true
				for _, m := range c.mates {
					busy.Go(func() { c.taste(ctx, m, p) })
				}
			}
		})
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
	}
}

func (c *crowd) each(shown []bot.Shown, do func(bot.Shown)) {
	for _, s := range shown {
		do(s)
		c.each(s.Thread, do)
	}
}

// rush has everybody vote once, in a moment, on each ballot that stands: for what
// was tasted before anybody came.
func (c *crowd) rush(ctx context.Context, shown []bot.Shown) {
	c.each(shown, func(s bot.Shown) {
		p, ok := s.Post.(bot.Ballot)
		if !ok {
			return
		}
		for _, m := range c.mates {
			mood := m.mood(p.Round.String())
			c.say(ctx, c.tap(ctx, s.Ref, m.user, m.choose(mood, firstThought, string(p.Left), string(p.Right)), true))
		}
	})
}

// vote taps an emoji within half a minute; now and then another one later.
func (c *crowd) vote(ctx context.Context, m mate, ref bot.Ref, b bot.Ballot) {
	mood := m.mood(b.Round.String())
	if mood.Float64() < 0.1 || !wait(ctx, mood, 2*time.Second, 26*time.Second) {
		return
	}
	last := m.choose(mood, firstThought, string(b.Left), string(b.Right))
	c.say(ctx, c.tap(ctx, ref, m.user, last, true))
	if mood.Float64() < 0.6 || !wait(ctx, mood, 3*time.Second, 10*time.Second) {
		return
	}
	if again := m.choose(mood, secondThought, string(b.Left), string(b.Right)); again != last {
		c.say(ctx, c.tap(ctx, ref, m.user, last, false))
		c.say(ctx, c.tap(ctx, ref, m.user, again, true))
	}
}

// taste goes through a private ballot; now and then only part of the way.
func (c *crowd) taste(ctx context.Context, m mate, h bot.Head) {
	mood := m.mood(h.Tasting.String())
	if mood.Float64() < 0.1 || !wait(ctx, mood, time.Second, 12*time.Second) {
		return
	}
	reply := c.press(ctx, bot.Press{At: c.at, User: m.user, Button: h.Main.ID})
	for {
		seat, ok := reply.Post.(bot.Seat)
		if !ok || seat.Round.Round == 0 || mood.Float64() < 0.02 || !wait(ctx, mood, time.Second, 4*time.Second) {
			return
		}
		want := m.choose(mood, firstThought, string(seat.Left), string(seat.Right))
		reply = bot.Reply{}
		for i, button := range seat.Buttons {
			if bot.Choices[i].Choice == want {
				reply = c.press(ctx, bot.Press{At: c.at, User: m.user, Button: button.ID})
			}
		}
	}
}

// say logs what went wrong, unless voting was simply over.
func (c *crowd) say(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		c.log.Debug("a simulated vote was not taken", "err", err)
	}
}

func wait(ctx context.Context, r *rand.Rand, least, most time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(least + time.Duration(r.Int64N(int64(most-least)))):
		return true
	}
}

// How much chance is in a choice, beside differences of about one.
const (
	firstThought  = 0.6
	secondThought = 2
	surest        = 1.2 // a difference: nobody is surer than that
)

// A mate is one of the crowd, with a taste: weights of what can be seen of a
// text. Which model wrote it cannot. All like it plain, in short sentences and
// paragraphs with few commas and comparisons; in the rest they differ.
type mate struct {
	user                string
	plain, long, lively float64
}

func newMate(i int) mate {
	names := [...]string{"Robin", "Sam", "Noor", "Kim", "Alex", "Mika", "Jo", "Dana", "Lee", "Toni", "Ines", "Uli"}
	name := names[i%len(names)]
	if i >= len(names) {
		name = fmt.Sprintf("%s %d", name, i/len(names)+1)
	}
	m := mate{user: fmt.Sprintf("%s%s%d", name, simulatedMark, i+1)}
	r := m.mood("taste")
	m.plain = 1.5 + r.NormFloat64()*0.2
	m.long = r.NormFloat64() * 0.3
	m.lively = r.NormFloat64() * 0.3
	return m
}

// mood is the mate's own chance in one matter, the same in every demo.
func (m mate) mood(matter string) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\n%s", m.user, matter)
	return rand.New(rand.NewPCG(h.Sum64(), 7))
}

// choose compares two texts; the greater the doubt, the more by chance.
func (m mate) choose(r *rand.Rand, doubt float64, left, right string) bot.Choice {
	d := max(-surest, min(surest, m.like(left)-m.like(right))) + r.NormFloat64()*doubt
	switch {
	case r.Float64() < 0.04:
		return bot.Awful
	case d > 0.2:
		return bot.Left
	case d < -0.2:
		return bot.Right
	}
	return bot.Equal
}

func (m mate) like(said string) float64 {
	count := func(signs ...string) (n int) {
		for _, s := range signs {
			n += strings.Count(said, s)
		}
		return n
	}
	words := float64(text.Words(said))
	per := 100 / (words + 1)
	sentence, paragraphs := words/float64(count(". ", ".\n", "!", "?", "。", "！", "？")+1), float64(count("\n"))
	lively := float64(count("!", "?", "！", "？")) * per
	figurative := float64(count(" like ", ",", "，", "、", "像", "如", "似")) * per
	return m.plain*(paragraphs/3-sentence/8-figurative/5) + m.long*words/80 + m.lively*lively/2
}
