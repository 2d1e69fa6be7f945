package engine_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// A pile is a library that reads any file as this sheet.
type pile struct {
	shelf
	sheet bot.Sheet
}

func (p pile) Read(string, []byte) (bot.Sheet, error) { return p.sheet, nil }

func finished(rows ...[3]string) bot.Sheet {
	s := bot.Sheet{Models: []string{"kestrel 2", "nova 2"}}
	for _, r := range rows {
		s.Rows = append(s.Rows, bot.SheetRow{Prompt: bot.Prompt{Text: r[0]}, Answers: r[1:]})
	}
	return s
}

// bring sends a file, and returns what the starter is asked.
func bring(s *stage) bot.Notice {
	return s.notice(s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: "start",
		Files: map[string]bot.File{"file": {Name: "answers.csv", Data: []byte("x")}}}))
}

// Whoever brings answers reads, before anything is posted, what it will be: so
// that a column of scores is not tasted as a model.
func TestTheStarterSeesWhatWillBePosted(t *testing.T) {
	sheet := finished([3]string{"Write a\nhaiku.", "Rain on tin.", strings.Repeat("Much rain. ", 40)}, [3]string{"Apologise.", "Sorry.", "So sorry."})
	sheet.LeftOut = []bot.Sentence{bot.Literal("1 of 3 prompts left out: nova 2 failed there: 429.")}
	play(t, func(s *stage) { s.opt.Library = pile{shelf{pack(3)}, sheet} }, func(s *stage) {
		ask := bring(s)
		for _, want := range []string{
			"First prompt: “Write a haiku.”\nkestrel 2: “Rain on tin.”\nnova 2: “Much rain. Much rain.", "rain. …”\n",
			"1 of 3 prompts left out: nova 2 failed there: 429.\n", "One post here and 2 in its thread",
		} {
			if !strings.Contains(strings.ReplaceAll(ask.Text.String(), "Much …", "rain. …"), want) {
				s.Errorf("before the start %q is not said, but:\n%s", want, ask.Text)
			}
		}
	})
	play(t, nil, func(s *stage) { // of models that are to be asked nothing is there to show
		ask := s.notice(s.command(starter, `start kestrel nova prompt="Weather?" until=2h`))
		if !strings.Contains(ask.Text.String(), "First prompt: “Weather?”\nOne post here") {
			s.Errorf("before the start it says:\n%s", ask.Text)
		}
	})
}

// Votes on one text twice tell nothing: such a round is not posted, and that is
// said before the start, when posting, and in the reveal.
func TestEqualAnswersAreLeftOut(t *testing.T) {
	sheet := finished([3]string{"Translate: I am thirsty", "J’ai soif.", "J’ai  soif.<|im_end|>"}, [3]string{"Apologise.", "Sorry.", "So sorry."})
	sheet.Rows[0].Answers[1] = "J’ai soif.<|im_end|>" // the same once it is clean
	play(t, func(s *stage) { s.opt.Library = pile{shelf{pack(3)}, sheet} }, func(s *stage) {
		ask := bring(s)
		if !strings.Contains(ask.Text.String(), "Both answers to prompt 1 are the same text") || !strings.Contains(ask.Text.String(), "One post here; everyone") ||
			!strings.Contains(ask.Text.String(), "First prompt: “Apologise.”") {
			s.Errorf("before the start it says:\n%s", ask.Text)
		}
		s.press(starter, ask.Buttons[0].ID)
		s.wait()
		s.room.called(s.T, "1.2/ballot")
		if got := s.tasting(bot.TastingID{Workspace: team, N: 1}); len(got.Live()) != 1 || !got.Rounds[0].HasSameText() || got.Rounds[0].VoidBy != 0 {
			s.Errorf("the rounds are %+v", got.Rounds)
		}
		s.press(starter, "1/close")
		s.wait()
		if a := s.announcement(bot.TastingID{Workspace: team, N: 1}); !strings.Contains(strings.Join(bot.English(a.Notes), "\n"), "round 1.1: both answers are the same text") {
			s.Errorf("the reveal says nothing of the round that was left out: %q", a.Notes)
		}
	})
	play(t, func(s *stage) { s.opt.Library = pile{shelf{pack(3)}, finished([3]string{"Hi", "Ho", " Ho "})} }, func(s *stage) {
		if n := bring(s); !n.Error || n.Field != "file" || !strings.HasPrefix(n.Text.String(), "Both answers to every prompt are the same text") {
			s.Errorf("a file of nothing but equal answers is answered with %+v", n)
		}
	})
	play(t, func(s *stage) {
		s.opt.Models = func() []bot.Model { return []bot.Model{parrot{s.models[0]}, parrot{s.models[1]}} }
	}, func(s *stage) { // asked, it is found out when both are there
		s.start(`start kestrel nova pack=fruit rounds=12 until=2h`)
		got := s.tasting(bot.TastingID{Workspace: team, N: 1})
		for i, r := range got.Rounds {
			x, err := s.store.Texts(s.Context(), got.ID.Round(i+1))
			if err != nil {
				s.Fatal(err)
			}
			if same := x.Answers[0].Text == x.Answers[1].Text; same != (r.HasSameText()) || same == r.Ready {
				s.Errorf("round %d with %q and %q is %+v", i+1, x.Answers[0].Text, x.Answers[1].Text, r)
			}
		}
		if n := len(got.Live()); n != 4 { // 2, 4, 6 and 8 of the pack's twelve prompts
			s.Errorf("%d of 12 rounds have two answers; want 4", n)
		}
	})
}

// A parrot is a model that says on some prompts what all parrots say.
type parrot struct{ *scribe }

func (p parrot) Write(ctx context.Context, prompt bot.Prompt) (bot.Answer, error) {
	a, err := p.scribe.Write(ctx, prompt)
	if strings.ContainsAny(prompt.Text, "13579") {
		a.Raw = "J’ai soif."
	}
	return a, err
}

// A variable that nobody filled in is seen in a prompt that is typed, too.
func TestTypedVariables(t *testing.T) {
	play(t, nil, func(s *stage) {
		n := s.notice(s.command(starter, `start kestrel nova prompt="Describe {{topic}}" until=2h`))
		if !n.Error || !strings.HasPrefix(n.Text.String(), "Prompt 1 has a variable {{topic}} that is not filled in.") {
			s.Errorf("it is answered with %+v", n)
		}
	})
}

// Whoever brings finished answers knows who wrote what: nothing is hidden from them
// until they have voted, for they do not, and the head of several rounds says so.
func TestWhoBringsAnswersIsToldWhatTheySee(t *testing.T) {
	for ballot, says := range map[string]string{
		"reaction": "You know who wrote what, so your own vote does not count. Everyone who has voted here can see who tapped what, and so can you.",
		"private":  "You know who wrote what, so your own vote does not count. Votes are secret here",
	} {
		t.Run(ballot, func(t *testing.T) {
			sheet := finished([3]string{"Write a haiku.", "Rain on tin.", "Much rain."}, [3]string{"Apologise.", "Sorry.", "So sorry."})
			play(t, func(s *stage) { s.opt.Library = pile{shelf{pack(3)}, sheet} }, func(s *stage) {
				ask := s.notice(s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: "start", Values: map[string]string{"ballot": ballot},
					Files: map[string]bot.File{"file": {Name: "answers.csv", Data: []byte("x")}}}))
				s.press(starter, ask.Buttons[0].ID)
				s.wait()
				for user, barred := range map[string]bool{starter: true, "bo": false} {
					shown, err := s.bot.View(s.Context(), lounge, bot.Voter{Workspace: team, User: user})
					if err != nil || len(shown) == 0 {
						s.Fatalf("%s is shown %+v, %v", user, shown, err)
					}
					head := shown[0].Post.(bot.Head)
					if got := head.Privacy.String(); strings.HasPrefix(got, says) != barred || barred && head.Main != nil {
						s.Errorf("%s, whose vote counts: %v, is told %q and offered %+v", user, !barred, got, head.Main)
					}
				}
			})
		})
	}
}
