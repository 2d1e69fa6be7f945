package engine_test

import (
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
