package engine_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/chart"
)

// The picture's dot and whisker are the share and the interval that the
// verdict's sentence names, from whichever side it names them.
func TestThePictureShowsTheNumbersOfTheVerdict(t *testing.T) {
	t.Parallel()
	said := regexp.MustCompile(`as half, (\w+) has ([\d.]+)%; .* anything from ([\d.]+) to ([\d.]+)%\.`)
	for name, picks := range map[string][][]bot.Pick{
		"the first is ahead":  {{1, 1, 2, 2, 1, 3}, {2, 2, 1, 1, 1, 2}, {1, 2, 1, 2, 1, 4}, {2, 1, 2, 1, 2, 1}, {1, 1, 2, 2, 3, 1}, {2, 1, 1, 2, 1, 2}},
		"the second is ahead": {{1, 2, 2, 2, 2, 3}, {2, 2, 1, 2, 1, 2}, {2, 2, 2, 2, 1, 4}, {2, 1, 2, 2, 2, 1}, {2, 1, 2, 2, 3, 1}, {2, 1, 2, 2, 1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				id := s.start("start kestrel nova pack=fruit rounds=6 until=5d")
				for i, picks := range picks {
					ref := s.room.called(s.T, fmt.Sprintf("1.%d/ballot", i+1)).Ref
					for v, p := range picks {
						s.tap(ref, fmt.Sprint("voter", v), s.choiceOf(id.Round(i+1), p), true)
					}
				}
				s.press(starter, "1/close")
				s.wait()
				a := s.announcement(id)
				m := said.FindStringSubmatch(strings.Join(bot.English(a.Verdict), "\n"))
				if m == nil {
					s.Fatalf("the verdict names no interval:\n%s", strings.Join(bot.English(a.Verdict), "\n"))
				}
				p, ok := chart.Votes(a, bot.Sentence.String)
				if !ok {
					s.Fatal("there is no picture")
				}
				if want := fmt.Sprintf("%s + ½ (equal + both bad): %s%% (%s%%–%s%%)", m[1], m[2], m[3], m[4]); !strings.Contains(p.Alt, want) {
					s.Errorf("the sentence says %q, and the picture not %q:\n%s", m[0], want, p.Alt)
				}
			})
		})
	}
}

// Where charts are off no post asks its chat for a file, and each says what it
// says otherwise.
func TestChartsAreOff(t *testing.T) {
	t.Parallel()
	for _, off := range []bool{false, true} {
		play(t, func(s *stage) { s.opt.NoPictures = off }, func(s *stage) {
			id := s.start("start kestrel nova pack=fruit rounds=2 until=5d")
			for n := 1; n <= 2; n++ {
				ref := s.room.called(s.T, fmt.Sprintf("1.%d/ballot", n)).Ref
				for v := range 6 {
					s.tap(ref, fmt.Sprint("voter", v), s.choiceOf(id.Round(n), bot.First), true)
				}
			}
			s.press(starter, "1/close")
			s.wait()
			a := s.announcement(id)
			if a.Picture == off || s.standings("standings").Picture == off {
				s.Errorf("charts are off: %v; a picture goes with the announcement: %v", off, a.Picture)
			}
			if len(a.Bars) != 4 || a.Bars[0].Count != 12 {
				s.Errorf("charts are off: %v; the votes are told as %+v", off, a.Bars)
			}
		})
	}
}
