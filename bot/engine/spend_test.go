package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
)

// What asking one prompt may cost at most, of two models, asked and billed twice, and
// what its two answers cost.
const (
	mostOfOne = 2 * 2 * 2 * (1e6*604 + 100e6*100)
	costOfOne = 2e9
)

// asksSlowly has both models take ten seconds for what costs so much.
func asksSlowly(day int64) func(*stage) {
	return func(s *stage) {
		for _, m := range s.models {
			m.price, m.speed, m.answers = &bot.Price{Input: 1e6, Output: 100e6}, 10*time.Second, []string{"⟦" + m.word + "⟧"}
		}
		s.opt.Limits = engine.Limits{Day: day, Person: -1, Unknown: 1e9}
	}
}

func (s *stage) reservedToday() int64 {
	s.Helper()
	sum, err := s.store.Reserved(s.Context(), "usd/"+time.Now().UTC().Format(time.DateOnly))
	if err != nil {
		s.Fatal(err)
	}
	return sum
}

// A bot that is killed again and again between a request and its answer asks, and pays,
// no more than the limit allows: of each attempt that was begun and of which nothing is
// known the most that it may have cost counts, also once the test is over.
func TestKilledWhileItAsks(t *testing.T) {
	for _, tt := range []struct {
		kills int
		limit int64 // of how many attempts
		fails bool
	}{
		{0, 1, false}, {1, 2, false}, {3, 4, false}, {1, 1, true}, {9, 3, true},
	} {
		play(t, asksSlowly(tt.limit*mostOfOne), func(s *stage) {
			id := s.start(`start kestrel nova prompt="One?" until=5h`)
			for n := range tt.kills {
				end := s.kill
				if n%2 == 1 {
					end = s.stop // what is cut off so is billed too
				}
				end()
				s.begin()
				s.wait() // until they are asked again
			}
			s.sleep(time.Minute)
			got, begun := s.tasting(id), int64(s.models[0].asked["One?"])
			if begun > tt.limit {
				s.Errorf("killed %d times it asks %d times, and the limit is for %d", tt.kills, begun, tt.limit)
			}
			if !tt.fails {
				if got.State != bot.Open || begun != int64(tt.kills)+1 || s.reservedToday() != begun*mostOfOne {
					s.Errorf("killed %d times, it is %v, was asked %d times, and %d are reserved; want it open, and %d an attempt", tt.kills, got.State, begun, s.reservedToday(), int64(mostOfOne))
				}
				s.press(starter, "1/close")
				s.wait()
				notes, want := strings.Join(bot.English(s.announcement(id).Notes), "\n"), "may have cost up to "+bot.Money(int64(tt.kills)*mostOfOne).String()+" more"
				if strings.Contains(notes, want) != (tt.kills > 0) || strings.Contains(notes, "lost then") != (tt.kills > 0) {
					s.Errorf("killed %d times, the reveal says %q; want %q only if there were any", tt.kills, notes, want)
				}
				if kept := s.reservedToday(); kept != int64(tt.kills)*mostOfOne+costOfOne {
					s.Errorf("killed %d times and revealed, %d stay reserved; want %d for each, and what both answers cost", tt.kills, kept, int64(mostOfOne))
				}
				return
			}
			if told := strings.Join(s.room.heard(), "\n"); got.State != bot.Failed || begun != tt.limit || !strings.Contains(told, "could pass a spending limit") {
				s.Errorf("killed %d times with a limit for %d, it was asked %d times, is %v, and the starter is told %q", tt.kills, tt.limit, begun, got.State, told)
			}
			if kept := s.reservedToday(); kept != tt.limit*mostOfOne {
				s.Errorf("of %d attempts of which nothing is known %d stay reserved, want %d each", tt.limit, kept, int64(mostOfOne))
			}
			if no := s.notice(s.press(starter, s.notice(s.command(starter, `start kestrel nova prompt="Two?" until=5h`)).Buttons[0].ID)); !no.Error {
				s.Errorf("with the limit used up another test is started: %+v", no)
			}
		})
	}
}

// Nor does a judge spend more than was held for it: what it read and nobody kept counts.
func TestKilledWhileAJudgeReads(t *testing.T) {
	t.Parallel()
	bird := &owl{name: "owl", id: "owl-1", says: forAlpha}
	for _, kills := range []int{0, 1, 40} {
		bird.asked, bird.pause = nil, 5*time.Second
		play(t, func(s *stage) {
			judged(bird)(s)
			s.opt.Limits.Judges = 1e12
		}, func(s *stage) {
			reserved := func() int64 {
				sum, err := s.store.Reserved(s.Context(), "judges/"+time.Now().UTC().Format(time.DateOnly))
				if err != nil {
					s.Fatal(err)
				}
				return sum
			}
			id := s.start("start kestrel nova pack=fruit rounds=6 judges=on until=3h")
			most := reserved()
			s.press(starter, id.String()+"/close")
			for range kills {
				s.wait()
				s.kill()
				s.begin()
			}
			s.sleep(15 * time.Minute)
			made, err := s.store.Judgments(s.Context(), id)
			if err != nil || len(made) != 6 {
				s.Errorf("killed %d times, %d of 6 rounds were judged, or given up: %v", kills, len(made), err)
			}
			each := most / 6 // what a round was taken to cost at most, before it was answered
			switch n, kept := int64(bird.times()), reserved(); {
			case kills == 0 && (n != 12 || kept != 12e6):
				s.Errorf("12 answers at a millionth of a dollar: it gave %d, and %d are reserved", n, kept)
			case kills == 1 && (n != 20 || kept < 12e6+2*each || kept >= most):
				s.Errorf("killed once it was asked %d times, and %d of %d stay reserved; want 8 of 20 answers lost, and each round counted as the most", n, kept, most)
			case kills > 1 && (kept > most || n > 40 || kept < n*1e6):
				s.Errorf("killed %d times it was asked %d times, and %d of %d stay reserved", kills, n, kept, most)
			}
		})
	}
}

// Where a bot is killed while it asks for many answers, all requests of which it kept
// nothing count, of rounds and of further prompts, and none twice.
func TestKilledWhileItAsksForMany(t *testing.T) {
	long(t)
	c := newCritic()
	play(t, func(s *stage) {
		furtherStage(c)(s)
		s.opt.Limits.Day = 1e15
		for i, m := range s.models {
			m.price, m.speed = &bot.Price{Input: 1e6, Output: 100e6}, time.Duration(1+i)*time.Second
		}
	}, func(s *stage) {
		id := s.start(furtherWish)
		first := s.reservedToday()
		for n := range int64(6) {
			s.kill()
			s.begin()
			s.sleep(13*time.Second + time.Millisecond)
			if got := s.reservedToday(); got <= first+n*4*mostOfOne {
				s.Errorf("killed %d times, %d are reserved, and %d at first: four rounds that are asked at once are lost each time", n+1, got, first)
			}
		}
		s.sleep(10 * time.Minute)
		asked, kept := int64(0), int64(2*s.tasting(id).Numbered())
		for _, m := range s.models {
			for _, n := range m.asked {
				asked += int64(n)
			}
		}
		lost := s.tasting(id).Lost
		if least := (asked - kept) * mostOfOne / 2; s.tasting(id).State != bot.Open || asked < kept+20 || lost < least || lost > least*101/100 {
			s.Errorf("it is %v; of %d answers that were asked for %d are kept, and the others count as %d; want %d or a little more", s.tasting(id).State, asked, kept, lost, least)
		}
		s.press(starter, id.String()+"/cancel")
		s.wait()
		if got := s.reservedToday(); got != lost+kept*1e9 {
			s.Errorf("once it is cancelled %d stay reserved; want what was kept and what was lost, %d", got, lost+kept*1e9)
		}
	})
}
