package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
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

// On a reaction ballot everybody taps, and sees who did. Whose emoji count is
// found out when voting has closed, and the result stands with and without the
// others; whoever asked to be forgotten is in neither.
func TestElectorateOnReactionBallots(t *testing.T) {
	for others, want := range map[int]string{
		0: "0 other people were left out.", 1: "1 other person was left out. With them: kestrel 6 · nova 2 · equal 0 · both bad 0.",
		3: "3 other people were left out. With them: kestrel 6 · nova 6 · equal 0 · both bad 0.",
	} {
		play(t, nil, func(s *stage) {
			s.room.groups = map[string][]string{"bo": {"cooks"}, "cy": {"cooks"}, "di": {"cooks"}}
			id := s.start(`start kestrel nova pack=fruit rounds=2 voters="@cooks" until=2h`)
			for n := 1; n <= 2; n++ {
				m := s.room.called(s.T, id.Round(n).String()+"/ballot")
				if note := m.now().(bot.Ballot).Note; !strings.Contains(note.String(), "Counted are people who have the role the cooks; others may vote") {
					s.Errorf("the ballot says %q", note)
				}
				for _, cook := range []string{"bo", "cy", "di"} {
					s.tap(m.Ref, cook, s.choiceOf(id.Round(n), bot.First), true)
				}
				for i, other := range append([]string{"eve", "flo", "gus"}[:others], "forgotten") {
					if i%2 == 0 {
						s.tap(m.Ref, other, s.choiceOf(id.Round(n), bot.Second), true)
					} else { // that event is lost
						s.room.stand(m.Ref, other, s.choiceOf(id.Round(n), bot.Second), true)
					}
				}
			}
			s.press("forgotten", "forget-me") // and the emoji still stand
			s.press(starter, "1/close")
			s.wait()
			a := s.announcement(id)
			if notes := strings.Join(bot.English(a.Notes), "\n"); !strings.Contains(notes, "people who have the role the cooks; "+want) || others == 0 && strings.Contains(notes, "With them") {
				s.Errorf("with %d others the notes are %q", others, notes)
			}
			if a.Base.String() != "6 votes, 3 people, 2 prompts" || !strings.Contains(a.Summary.String(), "kestrel 6 · nova 0") {
				s.Errorf("with %d others the result is %q, %q", others, a.Base, a.Summary)
			}
			r := s.room.called(s.T, id.Round(1).String()+"/ballot").now().(bot.Reveal)
			apart := ""
			if others > 0 {
				apart = "Counted are people who have the role the cooks; " + say.Plural(others, "vote is", "votes are") + " here counted apart."
			}
			if notes := strings.Join(bot.English(r.Notes), "\n"); notes != apart || r.Votes != 3 {
				s.Errorf("with %d others round 1 shows %d votes, and says %q", others, r.Votes, notes)
			}
			if got := s.tasting(id); got.Outside != nil {
				s.Errorf("who was left out is remembered: %v", got.Outside)
			}
			if vs, err := s.store.Votes(s.Context(), id.Round(1)); err != nil || len(vs) != 3 {
				s.Errorf("after the end %d rows are kept of round 1, %v", len(vs), err)
			}
		})
	}
}

// Whose votes count cannot be found out just when voting has closed. That is
// waited for; when the time for it is used up, whoever is not known to count is
// counted apart, and the reveal says so.
func TestElectorateCannotBeFoundOut(t *testing.T) {
	for name, tt := range map[string]struct {
		heals bool
		base  string
		note  string
	}{
		"and then it can": {true, "3 votes, 3 people, 1 prompt", "1 other person was left out."},
		"nor ever":        {false, "0 votes, 0 people, 0 prompts", "4 other people were left out. Of 4 people it could not be found out."},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				s.room.groups = map[string][]string{"bo": {"cooks"}, "cy": {"cooks"}, "di": {"cooks"}}
				id := s.start(`start kestrel nova prompt="Hello?" voters="@cooks" until=2h`)
				m := s.room.called(s.T, "1.1/ballot")
				for _, user := range []string{"bo", "cy", "di", "eve"} {
					s.tap(m.Ref, user, bot.Left, true)
				}
				s.room.now(func(c *room) { c.nobody = true })
				s.press(starter, "1/close")
				s.sleep(5 * time.Hour)
				if got := s.tasting(id); got.State != bot.Closing {
					s.Fatalf("while nobody knows whose votes count the tasting is %v", got.State)
				}
				s.room.now(func(c *room) { c.nobody = !tt.heals })
				s.sleep(2 * time.Hour)
				a := s.announcement(id)
				if notes := strings.Join(bot.English(a.Notes), "\n"); a.Base.String() != tt.base || !strings.Contains(notes, tt.note) {
					s.Errorf("the result is %q, with the notes %q", a.Base, notes)
				}
			})
		})
	}
}

func TestBadElectorate(t *testing.T) {
	play(t, nil, func(s *stage) {
		for typed, want := range map[string]string{
			`ballot=private voters=soon`:            "I do not understand “soon” in voters=",
			`ballot=private voters=@nobody`:         "There is no role “nobody”",
			`ballot=private voters=0d`:              "I do not understand “0d” in voters=",
			`ballot=private voters="30d joined @x"`: "people who have the role the x, have had their account for 30 days and were here before it was started",
		} {
			if n := s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=2 until=2h "+typed)); !strings.Contains(n.Text.String(), want) {
				s.Errorf("%s is answered with %q", typed, n.Text)
			}
		}
	})
}
