package engine_test

import (
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// In a tasting that anybody can join, the votes of those who are named count;
// those of others are told apart, unless so few that it would tell who voted
// for what.
func TestElectorate(t *testing.T) {
	for others, want := range map[int]string{
		0: "0 other people were left out.", 2: "2 other people were left out.",
		3: "3 other people were left out. With them: kestrel 6 · nova 6 · equal 0 · both bad 0.",
	} {
		play(t, nil, func(s *stage) {
			s.room.groups = make(map[string][]string)
			id := s.start(`start kestrel nova pack=fruit rounds=2 ballot=private voters="@cooks" until=2h`)
			taste := func(user string, p bot.Pick) {
				seat := s.press(user, "1/taste").Post.(bot.Seat)
				if apart := strings.Contains(seat.Note.String(), "counted apart"); apart != (p == bot.Second) {
					s.Errorf("%s is told %q", user, seat.Note)
				}
				for range 2 {
					flip := "left"
					if strings.Contains(string(seat.Left), "OMEGA") == (p == bot.First) {
						flip = "right"
					}
					seat = s.press(user, seat.Round.String()+"/"+flip).Post.(bot.Seat)
				}
			}
			for _, cook := range []string{"bo", "cy", "di"} {
				s.room.groups[cook] = []string{"cooks"}
				taste(cook, bot.First)
			}
			for _, other := range []string{"eve", "flo", "gus"}[:others] {
				taste(other, bot.Second)
			}
			if r := s.press("unlucky", "1/taste"); !r.Post.(bot.Notice).Error {
				s.Errorf("where it cannot be found out: %+v", r.Post)
			}
			s.press(starter, "1/close")
			s.wait()
			a := s.announcement(id)
			if notes := strings.Join(bot.English(a.Notes), "\n"); !strings.Contains(notes, "people who have the role the cooks; "+want) || others < 3 && strings.Contains(notes, "With them") {
				s.Errorf("with %d others the notes are %q", others, notes)
			}
			if a.Base.String() != "6 votes, 3 people, 2 prompts" || !strings.Contains(a.Summary.String(), "kestrel 6 · nova 0") {
				s.Errorf("with %d others the result is %q, %q", others, a.Base, a.Summary)
			}
			if got := s.tasting(id); got.Outside != nil {
				s.Errorf("who was left out is remembered: %v", got.Outside)
			}
		})
	}
}

func TestBadElectorate(t *testing.T) {
	play(t, nil, func(s *stage) {
		for typed, want := range map[string]string{
			`voters="@cooks"`:                       "Add ballot=private",
			`ballot=private voters=soon`:            "I do not understand “soon” in voters=",
			`ballot=private voters=@nobody`:         "There is no role “nobody”",
			`ballot=private voters=0d`:              "I do not understand “0d” in voters=",
			`ballot=private voters="30d joined @x"`: "people who have the role the x and have had their account for 30 days and were here before it was started",
		} {
			if n := s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=2 until=2h "+typed)); !strings.Contains(n.Text.String(), want) {
				s.Errorf("%s is answered with %q", typed, n.Text)
			}
		}
	})
}
