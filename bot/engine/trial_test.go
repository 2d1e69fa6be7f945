package engine_test

import (
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// A prompt that never told models apart in ten rounds is not used any more,
// while there are others.
func TestPromptsOnTrial(t *testing.T) {
	t.Parallel()
	play(t, func(s *stage) { s.opt.Library = shelf{pack(3)} }, func(s *stage) {
		prompts := func(id bot.TastingID) (ids []string) {
			for _, r := range s.tasting(id).Rounds {
				ids = append(ids, r.Prompt)
			}
			return ids
		}
		taste := func(bad ...string) func(n, v int) bot.Pick {
			return func(n, v int) bot.Pick {
				ts, err := s.store.Tastings(s.Context(), team, bot.Query{Limit: 1})
				if err != nil {
					s.Fatal(err)
				}
				for _, id := range bad {
					if ts[0].Rounds[n-1].Prompt == id && v < 2 { // two of three see no difference
						return []bot.Pick{bot.Tie, bot.Bad}[v]
					}
				}
				return []bot.Pick{bot.First, bot.Second, bot.First}[v]
			}
		}
		for range 9 {
			s.hold("start kestrel nova pack=fruit rounds=3 until=5d", 3, taste("f2"))
		}
		listed := s.notice(s.command("bo", "packs fruit")).Text
		if !strings.Contains(listed.String(), "f2 · 9 rounds; 9 of 27 votes preferred one (33%). “Describe fruit 2.”") || strings.Contains(listed.String(), "Retired:") {
			s.Errorf("after nine rounds:\n%s", listed)
		}
		s.models[0].refuses = "fruit 3" // from now on, one round in ten and so on
		s.hold("start kestrel nova pack=fruit rounds=3 until=5d", 3, taste("f2"))
		listed = s.notice(s.command("bo", "packs fruit")).Text
		for _, want := range []string{
			"f1 · 10 rounds; 30 of 30 votes preferred one (100%).",
			"f2 · 10 rounds; 10 of 30 votes preferred one (33%). Retired: it does not tell models apart.",
			"f3 · 10 rounds, 1 of them void; 27 of 27 votes preferred one (100%).",
			"Tastings leave out 1 retired prompt.",
		} {
			if !strings.Contains(listed.String(), want) {
				s.Errorf("after ten rounds the list does not say %q:\n%s", want, listed)
			}
		}
		for range 2 {
			id := s.hold("start kestrel nova pack=fruit rounds=3 until=5d", 3, taste())
			if got := strings.Join(prompts(id), " "); strings.Contains(got, "f2") {
				s.Errorf("the retired prompt is used again: %s", got)
			}
		}
		if listed = s.notice(s.command("bo", "packs pack=fruit")).Text; !strings.Contains(listed.String(), "f3 · 12 rounds, 3 of them void; 27 of 27 votes preferred one (100%). Retired: models too often give no answer to it.") {
			s.Errorf("after three void rounds of twelve:\n%s", listed)
		}
	})
}

// If all prompts of a pack are retired, it goes on being used.
func TestAllPromptsRetired(t *testing.T) {
	play(t, func(s *stage) { s.opt.Library = shelf{pack(1)} }, func(s *stage) {
		for range 10 {
			s.hold("start kestrel nova pack=fruit rounds=1 until=5d", 2, always(bot.Tie, bot.Bad))
		}
		listed := s.notice(s.command("bo", "packs fruit")).Text
		if !strings.Contains(listed.String(), "All are retired, so tastings go on using them.") {
			s.Errorf("list:\n%s", listed)
		}
		s.start("start kestrel nova pack=fruit rounds=1 until=5d")
		if n := s.notice(s.command("bo", "packs friut")); !n.Error || !strings.Contains(n.Text.String(), "Did you mean pack=fruit?") {
			s.Errorf("a pack that is not there: %+v", n)
		}
	})
}

// Two secret votes on a prompt are not told by its list.
func TestTrialsKeepSecrets(t *testing.T) {
	play(t, func(s *stage) { s.opt.Library = shelf{pack(2)} }, func(s *stage) {
		s.hold("start kestrel nova pack=fruit rounds=2 ballot=private until=5d", 3, func(n, v int) bot.Pick {
			if n == 2 && v == 2 {
				return bot.None
			}
			return bot.First
		})
		listed := s.notice(s.command("bo", "packs fruit")).Text
		if !strings.Contains(listed.String(), "1 round; 3 of 3 votes preferred one.") || !strings.Contains(listed.String(), "not tasted yet") {
			s.Errorf("list:\n%s", listed)
		}
	})
}
