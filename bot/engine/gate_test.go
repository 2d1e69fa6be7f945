package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
)

// A gate is nobody's business elsewhere, cannot be opened with a ballot that there
// is not, and knows who is invited.
func TestGateKeepsToItsPlace(t *testing.T) {
	play(t, nil, func(s *stage) {
		wish := func(ballot, invite string) engine.GateWish {
			return engine.GateWish{Gate: bot.Gate{Name: "release", Content: "1"}, Ballot: ballot, Invite: invite, Until: "2h",
				Sheet: bot.Sheet{Models: []string{"old", "new"}, Rows: []bot.SheetRow{{Prompt: bot.Prompt{Text: "Hello?"}, Answers: []string{"Yes.", "No."}}}}}
		}
		if _, _, err := s.bot.OpenGate(s.Context(), lounge, starter, wish("Private", "")); err == nil || !strings.Contains(err.Error(), "private") {
			s.Errorf("a ballot that there is not: %v", err)
		}
		opened, _, err := s.bot.OpenGate(s.Context(), lounge, starter, wish("private", "@ana,@li"))
		if err != nil || len(opened.Invited) != 2 {
			s.Fatalf("invited are %q, %v; want two", opened.Invited, err)
		}
		elsewhere := lounge
		elsewhere.Channel = "kitchen"
		if _, err := s.bot.Gate(s.Context(), elsewhere, "somebody", opened.ID); err == nil || !strings.Contains(err.Error(), "another channel") {
			s.Errorf("asked for elsewhere it is told: %v", err)
		}
		if _, err := s.bot.Gate(s.Context(), lounge, "somebody", opened.ID); err != nil {
			s.Errorf("where it is spoken of: %v", err)
		}
	})
}

// What a gate compares is no model, be it files, an assistant's texts or versions of a
// prompt: standings rank none of it, and nobody is told what they think of it as a model.
func TestGatesAreNoModels(t *testing.T) {
	play(t, schooled(&pupil{}), func(s *stage) {
		files := engine.GateWish{Gate: bot.Gate{Name: "release", Content: "1", Ask: bot.NotWorse}, Until: "2h", Sheet: bot.Sheet{Models: []string{"old", "new"}}}
		for n := range 6 {
			files.Sheet.Rows = append(files.Sheet.Rows, bot.SheetRow{Prompt: bot.Prompt{Text: fmt.Sprintf("Question %d?", n)}, Answers: []string{fmt.Sprint("Yes, ", n), fmt.Sprint("No, ", n)}})
		}
		for _, wish := range []engine.GateWish{files, versions(nil)} {
			opened, _, err := s.bot.OpenGate(s.Context(), lounge, starter, wish)
			if err != nil {
				s.Fatal(err)
			}
			s.wait()
			for n := range 6 {
				ballot := s.room.called(s.T, fmt.Sprintf("%v/ballot", opened.ID.Round(n+1)))
				for v := range 6 {
					s.tap(ballot.Ref, fmt.Sprint("voter", v), s.choiceOf(opened.ID.Round(n+1), bot.Second), true)
				}
			}
			s.press(starter, opened.ID.String()+"/close")
			s.wait()
		}
		if said := s.notice(s.command("voter0", "me")).Text.String(); !strings.Contains(said, "12 votes in 2 revealed tastings.") || strings.Contains(said, "Where you chose a side, it was") {
			s.Errorf("whoever voted in two gates is told:\n%s", said)
		}
		s.hold("start kestrel wren pack=fruit rounds=6 until=5d", 6, always(1, 1, 1, 1, 1, 1))
		if said := s.notice(s.command("voter0", "me")).Text.String(); !strings.Contains(said, "Where you chose a side, it was kestrel in 6 of 6 and wren in 0 of 6.") {
			s.Errorf("after six votes on models besides:\n%s", said)
		}
		table := s.standings("standings")
		if said := asText(table); len(table.Rows) != 2 || !strings.Contains(said, "Rounds left out: 6 of two versions of a prompt, 6 of what a gate compared.") {
			s.Errorf("the standings rank %+v and say %s", table.Rows, said)
		}
	})
}
