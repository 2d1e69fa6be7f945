package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
)

// What models were like in revealed tastings is said of each; of an open one
// nothing is, neither that it was asked nor how long that took.
func TestModelsSayWhatWasRevealed(t *testing.T) {
	play(t, func(s *stage) {
		s.models[0].pause, s.models[0].cost = 3*time.Second, 5e9
		s.models[1].pause, s.models[1].cost = 1500*time.Millisecond, 2e9
		s.models[0].price = &bot.Price{Input: 3_000_000, Output: 15_000_000}
		s.models[1].price = &bot.Price{Input: 1_000_000, Output: 2_000_000}
	}, func(s *stage) {
		models := func() string { return s.notice(s.command("ana", "models")).Text.String() }
		before := models()
		if strings.Contains(before, "revealed") {
			s.Errorf("before anything was tasted: %s", before)
		}
		id := s.start("start kestrel nova pack=fruit rounds=4 until=5d")
		if open := models(); open != before {
			s.Errorf("while voting is open it says something else than before:\n%s", open)
		}
		s.press(starter, id.String()+"/close")
		s.wait()
		if got := s.tasting(id).State; got != bot.Revealed {
			s.Fatalf("the tasting is %v", got)
		}
		revealed := models()
		for _, want := range []string{"kestrel · api · $3.00 in, $15.00 out per million tokens · 4 answers revealed: 3.0 s and $0.0050 each", "nova · api · $1.00 in, $2.00 out per million tokens · 4 answers revealed: 1.5 s and $0.0020 each"} {
			if !strings.Contains(revealed, want) {
				s.Errorf("without %q:\n%s", want, revealed)
			}
		}
		s.models[0].pause, s.models[0].cost = 9*time.Second, 50e9
		s.start("start kestrel nova pack=fruit rounds=4 until=5d")
		if open := models(); open != revealed {
			s.Errorf("a second tasting is open, and changes what is said of models:\n%s", open)
		}
	})
}

// What a model told the doctor is said of it until its settings are others.
func TestModelsSayWhatTheDoctorWasTold(t *testing.T) {
	var told []engine.Tried
	play(t, func(s *stage) { s.opt.Tried = func() []engine.Tried { return told } }, func(s *stage) {
		models := func() string { return s.notice(s.command("ana", "models")).Text.String() }
		card := s.models[0].Card()
		older := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
		told = []engine.Tried{
			{On: older, Card: card, Took: 9 * time.Second},
			{On: older.AddDate(0, 0, 3), Card: card, Took: 2100 * time.Millisecond, Input: 40, Output: 20, Cost: bot.Cost{Pico: 12e8, Known: true}, Calls: "kestrel-2026"},
		}
		if got, want := models(), "asked by doctor on 2026-11-05: 2.1 s; 40 tokens in, 20 out; $0.0012; calls itself kestrel-2026"; strings.Count(got, "asked by doctor") != 1 || !strings.Contains(got, want) {
			s.Errorf("it does not say %q of kestrel alone:\n%s", want, got)
		}
		told[0].Card.System, told[1].Card.System = "Be brief.", "Be brief."
		if got := models(); strings.Contains(got, "asked by doctor") {
			s.Errorf("asked in another way it tells what the doctor was told:\n%s", got)
		}
	})
}
