package engine_test

import (
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// voters are enough for a verdict; the starter votes too, so that the reveal of a
// tasting on which all agree has a winner.
var voters = []string{starter, "bo", "cy", "di", "eve", "flo"}

// allFor has voters choose the first model in every round of a reaction tasting,
// but for one vote of bo's, and has it revealed.
func allFor(s *stage, id bot.TastingID) bot.Announcement {
	s.Helper()
	for _, n := range s.tasting(id).Live() {
		ref := s.room.called(s.T, id.Round(n).String()+"/ballot").Ref
		for _, user := range voters {
			pick := bot.First
			if user == "bo" && n == 1 {
				pick = bot.Second
			}
			s.tap(ref, user, s.choiceOf(id.Round(n), pick), true)
		}
	}
	s.press(starter, id.String()+"/close")
	s.wait()
	return s.announcement(id)
}

// The button under a reveal starts what its sentence speaks of, after one
// question: the same models and question on prompts that are fresh, and as many
// as it says.
func TestTasteMore(t *testing.T) {
	t.Parallel()
	play(t, func(s *stage) { s.opt.Library = shelf{pack(30)} }, func(s *stage) {
		id := s.start(`start kestrel nova pack=fruit rounds=2 until=2h question="Which would you eat?" system="Be brief."`)
		a := allFor(s, id)
		if a.Again == nil || a.Again.Label.String() != "Taste 20 more" || !strings.HasPrefix(a.Next.String(), "Next: 20 fresh prompts") {
			s.Fatalf("two prompts of six people: %q, %+v", a.Next, a.Again)
		}
		if n := s.notice(s.press("stranger", a.Again.ID)); !n.Error {
			s.Errorf("whoever may not start is answered %q", n.Text)
		}
		if n := s.notice(s.press(starter, id.String()+"/plan")); n.Error { // as posts of an older version call it
			s.Errorf("the button of an old reveal is answered %q", n.Text)
		}
		ask := s.notice(s.press(starter, a.Again.ID))
		if !strings.Contains(ask.Text.String(), "kestrel against nova: ") || len(ask.Buttons) < 2 || ask.Buttons[0].Label.String() != "Start it" {
			s.Fatalf("the question is %+v", ask)
		}
		s.press(starter, ask.Buttons[0].ID)
		s.wait()
		next := s.tasting(bot.TastingID{Workspace: team, N: 2})
		if next.State != bot.Open || next.Question != "Which would you eat?" || next.Names() != [2]string{"kestrel", "nova"} || next.Pack != "fruit" {
			s.Fatalf("what was started is %+v", next)
		}
		if n := len(next.Rounds); n != 20 {
			s.Errorf("it has %d rounds, and the button said 20", n)
		}
		before := s.tasting(id)
		for i, r := range next.Rounds {
			for _, old := range before.Rounds {
				if r.Prompt == old.Prompt {
					s.Errorf("round %d is on a prompt that was tasted before: %s", i+1, r.Prompt)
				}
			}
		}
		if again := s.notice(s.press(starter, a.Again.ID)); !strings.Contains(again.Text.String(), "Of these 20 prompts 8 are fresh") {
			s.Errorf("when 8 of 30 prompts are left the question is %q", again.Text)
		}
		if x, err := s.store.Texts(s.Context(), next.ID.Round(1)); err != nil || x.Prompt.System != "Be brief." {
			s.Errorf("the system prompt is %q, %v", x.Prompt.System, err)
		}
	})
}

// What its starter wished for holds for the next one too: who is invited and whose votes
// count, whether judges read it, and what was asked beforehand.
func TestTasteMoreAsWished(t *testing.T) {
	t.Parallel()
	play(t, func(s *stage) {
		judged(&owl{name: "owl", id: "kestrel-1", says: forAlpha})(s)
		s.opt.Library, s.opt.JudgeAll = shelf{pack(40)}, true
	}, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=12 judges=off worth=60 dearer=nova invite=@bo,@cy,@di,@eve,@flo until=2h")
		a := allFor(s, id)
		if a.Again == nil {
			s.Fatalf("nothing is offered next: %q", a.Next)
		}
		ask := s.notice(s.press(starter, a.Again.ID))
		if id := more(ask); id != "" {
			s.Errorf("beside it %s would take more prompts, and forget who is invited", id)
		}
		s.press(starter, ask.Buttons[0].ID)
		s.wait()
		next := s.tasting(bot.TastingID{Workspace: team, N: 2})
		if len(next.Judges) != 0 || next.Worth != 60 || next.Dearer != 1 || len(next.Invited) != 5 {
			s.Errorf("what was started has %d judges, worth %d of model %d, invited %v", len(next.Judges), next.Worth, next.Dearer, next.Invited)
		}
	})
}

// Whose texts were pasted cannot be asked again: the sentence says what to bring,
// and there is no button.
func TestNothingMoreOfPastedTexts(t *testing.T) {
	t.Parallel()
	play(t, nil, func(s *stage) {
		r := s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: "compare", Values: map[string]string{
			"prompt": "Hello?", "first": "Hi.", "second": "Good day.", "until": "2h",
		}})
		s.press(starter, s.notice(r).Buttons[0].ID)
		s.wait()
		id := bot.TastingID{Workspace: team, N: 1}
		a := allFor(s, id)
		if a.Again != nil || !strings.HasSuffix(a.Next.String(), "Bring them: /tastetest start") {
			s.Errorf("of pasted texts the reveal says %q, with the button %+v", a.Next, a.Again)
		}
		if n := s.notice(s.press(starter, id.String()+"/again")); !n.Error {
			s.Errorf("the button, pressed all the same, is answered %q", n.Text)
		}
		fiveSeconds(s, a)
	})
}

// What is behind a reveal's buttons is said to whoever asks, alone; how somebody
// voted only to them.
func TestBehindTheReveal(t *testing.T) {
	t.Parallel()
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=5 until=2h")
		a := allFor(s, id)
		fiveSeconds(s, a)
		if a.Title.String() != "Taste test 1: kestrel is preferred." || a.Choose.String() != "If you must choose now: kestrel." {
			s.Errorf("the reveal says %q, %q", a.Title, a.Choose)
		}
		before := len(s.room.all())
		shows := s.notice(s.press("stranger", "1/shows"))
		for _, s2 := range append(a.Verdict, a.Notes...) {
			if !strings.Contains(shows.Text.String(), s2.String()) {
				s.Errorf("behind %q is %q, without %q", a.Buttons[0].Label, shows.Text, s2)
			}
		}
		boss := s.notice(s.press("stranger", "1/boss")).Code.String()
		lines := strings.Split(boss, "\n")
		for i, want := range []string{"Which reply is better? kestrel or nova", "kestrel is preferred. 30 votes, 6 people, 5 prompts. Equal and both bad count half: kestrel has 97%; its true share may be ", "Cost and time: ", "Not tested: "} {
			if len(lines) != 4 || !strings.Contains(lines[min(i, len(lines)-1)], want) {
				s.Errorf("to be copied are %d lines, and line %d should say %q:\n%s", len(lines), i+1, want, boss)
			}
		}
		for user, want := range map[string]string{
			"bo":       "You picked kestrel 4 times out of 5.\n1.1: nova · 1.2: kestrel",
			"cy":       "You picked kestrel 5 times out of 5.",
			"stranger": "You have no vote in this one.",
		} {
			n := s.notice(s.press(user, "1/mine"))
			if !strings.HasPrefix(n.Text.String(), want) {
				s.Errorf("%s is told %q, want %q", user, n.Text, want)
			}
			page, err := s.bot.View(s.Context(), lounge, bot.Voter{Workspace: team, User: user})
			if err != nil {
				s.Fatal(err)
			}
			shown, ok := page[len(page)-1].Post.(bot.Announcement)
			if first, _, _ := strings.Cut(want, "\n"); !ok || shown.Mine.String() != first {
				s.Errorf("beside the reveal %s's page says %q, want %q", user, shown.Mine, first)
			}
		}
		if !a.Mine.IsZero() {
			s.Errorf("the post in the channel says how somebody voted: %q", a.Mine)
		}
		if after := len(s.room.all()); after != before {
			s.Errorf("the answers stand in the channel: %d posts became %d", before, after)
		}
	})
}

// A closed card says who won, and leads to the reveal.
func TestAClosedCardSaysWhoWon(t *testing.T) {
	t.Parallel()
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=5 until=2h")
		if h := s.room.called(s.T, "1/head").now().(bot.Head); !h.Outcome.IsZero() || h.Whole != nil {
			s.Errorf("before the reveal the head says %q and leads to %+v", h.Outcome, h.Whole)
		}
		allFor(s, id)
		h := s.room.called(s.T, "1/head").now().(bot.Head)
		if h.Outcome.String() != "kestrel is preferred." || h.Whole == nil || !strings.Contains(h.Progress.String(), "revealed ") {
			s.Fatalf("the closed head says %q, %q and leads to %+v", h.Outcome, h.Progress, h.Whole)
		}
		if _, ok := s.press("bo", h.Whole.ID).Post.(bot.Announcement); !ok {
			s.Errorf("%q does not lead to the reveal", h.Whole.ID)
		}
		one := s.start(`start kestrel nova prompt="Hello?" until=2h`)
		allFor(s, one)
		r, ok := s.room.called(s.T, one.Round(1).String()+"/ballot").now().(bot.Reveal)
		if !ok || r.Whole == nil {
			s.Errorf("the only ballot of a tasting does not lead to its reveal: %+v", r)
		}
		r, ok = s.room.called(s.T, "1.1/ballot").now().(bot.Reveal)
		if !ok || r.Whole != nil {
			s.Errorf("one of several ballots leads to the reveal, as its head does: %+v", r)
		}
	})
}

// Whoever closes a tasting from elsewhere is led to its reveal; in its own channel
// the reveal comes by itself.
func TestTheRevealIsReachedFromElsewhere(t *testing.T) {
	t.Parallel()
	play(t, nil, func(s *stage) {
		s.start("start kestrel nova pack=fruit rounds=5 until=2h")
		away := bot.Place{Workspace: team, Channel: "kitchen"}
		n := s.notice(s.bot.Press(s.Context(), bot.Press{At: away, User: starter, Button: "1/close"}))
		if len(n.Buttons) != 1 || n.Buttons[0].ID != "1/results" {
			s.Errorf("closing from another channel says %q, %+v", n.Text, n.Buttons)
		}
		s.wait()
		s.start("start kestrel nova pack=fruit rounds=5 until=2h")
		if n := s.notice(s.press(starter, "2/close")); len(n.Buttons) != 0 {
			s.Errorf("closing in the tasting's channel says %q, %+v", n.Text, n.Buttons)
		}
	})
}
