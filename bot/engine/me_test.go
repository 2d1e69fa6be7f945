package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// People can look at their own votes in revealed rounds.
func TestMe(t *testing.T) {
	play(t, func(s *stage) {
		s.models[1].answers = []string{"much longer than what ALPHA writes: it goes on and on and on"}
	}, func(s *stage) {
		me := func(user string) string { return s.notice(s.command(user, "me")).Text.String() }
		if got := me("voter0"); !strings.HasPrefix(got, "You have no votes in revealed rounds yet.") {
			s.Errorf("at first: %q", got)
		}
		// voter0 is for kestrel in all rounds, the others are in five of eight.
		s.hold("start kestrel nova pack=fruit rounds=8 until=5d", 4, func(n, v int) bot.Pick {
			if v == 0 || n <= 5 {
				return bot.First
			}
			return bot.Second
		})
		got := me("voter0")
		for _, want := range []string{
			"8 votes in 1 revealed tasting.",
			"it was the same in 5 of 8 (coin flips: half).",
			"4 of 8: too few to say whether you favour it.", // sides are balanced
			"You chose the shorter answer in 8 of 8: too few to say whether you favour it.",
			"Where you chose a side, it was kestrel in 8 of 8 and nova in 0 of 8.",
		} {
			if !strings.Contains(got, want) {
				s.Errorf("does not say %q:\n%s", want, got)
			}
		}
		if strings.Contains(got, "%") || strings.Contains(got, "swapped") {
			s.Errorf("so few votes have a percentage, or there were repeats:\n%s", got)
		}
		s.hold("start kestrel nova pack=fruit rounds=8 until=5d", 4, always(1, 1, 2, 4))
		for _, want := range []string{
			"You chose the shorter answer in 16 of 16 (100%): more than coin flips would give. That may be the models that write so",
			"it was the same in 5 of 8 (coin flips: half).", // the others were level
		} {
			if got := me("voter0"); !strings.Contains(got, want) {
				s.Errorf("after sixteen votes it does not say %q:\n%s", want, got)
			}
		}
		if got := me("voter3"); !strings.Contains(got, "16 votes in 2 revealed tastings.") || !strings.Contains(got, "kestrel in 5 of 8") {
			s.Errorf("half of voter3's votes were for nobody:\n%s", got)
		}
	})
}

// Whoever has voted once is told how.
func TestMeAfterOneVote(t *testing.T) {
	for pick, want := range map[bot.Pick]string{bot.First: "kestrel in 1.1", bot.Second: "nova in 1.1", bot.Tie: "equal in 1.1", bot.Bad: "both bad in 1.1"} {
		play(t, nil, func(s *stage) {
			s.hold("start kestrel nova pack=fruit rounds=1 until=5d", 1, func(int, int) bot.Pick { return pick })
			if got := s.notice(s.command("voter0", "me")).Text.String(); !strings.Contains(got, "Lately you voted "+want+".") {
				s.Errorf("after one vote, %v:\n%s\nwant %q in it", pick, got, want)
			}
		})
	}
}

// Packs are listed with the mixture of all of them, which one gets without a word.
func TestPacksListsTheMixture(t *testing.T) {
	play(t, nil, func(s *stage) {
		got := s.notice(s.command("bo", "packs")).Text.String()
		if !strings.HasPrefix(got, "mixed · A bit of everything · ") || !strings.Contains(got, "\nfruit · ") {
			s.Errorf("packs lists:\n%s", got)
		}
	})
}

// Where no pack is in English, as in the Chinese demo, the mixture that forms start
// with, and that one gets without a word, is one of those there are.
func TestMixtureWhereNoPackIsInEnglish(t *testing.T) {
	play(t, func(s *stage) {
		p := pack(4)
		p.Language = "zh"
		s.opt.Library = shelf{p}
	}, func(s *stage) {
		if got := s.notice(s.command("bo", "packs")).Text.String(); !strings.Contains(got, "mixed · A bit of everything · 4 prompts.") {
			s.Errorf("with a Chinese pack alone, packs lists:\n%s", got)
		}
		if got := s.notice(s.command(starter, "start kestrel nova rounds=3 until=5d")); got.Error || !strings.Contains(got.Text.String(), "3 prompts from the pack mixed") {
			s.Errorf("with a Chinese pack alone, a start that names no pack answers:\n%s", got.Text)
		}
	})
}

// Where Chinese is spoken the mixture is of the Chinese packs, in the form, the list and
// the tastings that start with it; elsewhere of the English ones, and so where no pack is Chinese.
func TestMixtureInThePlacesLanguage(t *testing.T) {
	fruit, tea := pack(12), pack(11)
	tea.Name, tea.Language = "tea", "zh"
	for i := range tea.Prompts {
		tea.Prompts[i] = bot.Prompt{ID: fmt.Sprintf("t%d", i+1), Category: "creative", Text: fmt.Sprintf("写一写第 %d 种茶。", i+1), Language: "zh"}
	}
	for _, tt := range []struct {
		lang   string
		packs  []bot.Pack
		number int
		from   bot.Pack
	}{{"zh", []bot.Pack{fruit, tea}, 11, tea}, {"en", []bot.Pack{fruit, tea}, 12, fruit}, {"zh", []bot.Pack{fruit}, 12, fruit}} {
		play(t, func(s *stage) { s.opt.Library, s.room.admins = shelves{packs: tt.packs}, []string{"boss"} }, func(s *stage) {
			s.command("boss", "settings language="+tt.lang)
			if got := s.notice(s.command("bo", "packs")).Text.String(); !strings.Contains(got, fmt.Sprintf("mixed · A bit of everything · %d prompts.", tt.number)) {
				s.Errorf("where %s is spoken packs lists:\n%s", tt.lang, got)
			}
			id := s.start("start kestrel nova rounds=10 until=5d")
			for _, n := range s.tasting(id).Live() {
				if p := s.room.called(s.T, fmt.Sprintf("%v/ballot", id.Round(n))).now().(bot.Ballot).Prompt; !slices.ContainsFunc(tt.from.Prompts, func(of bot.Prompt) bool { return of.Text == string(p) }) {
					s.Errorf("where %s is spoken a bit of everything asks %q, which is not of %s", tt.lang, p, tt.from.Name)
				}
			}
		})
	}
}

// Shown a pair again, people stand by their answer or not. On a private ballot
// what two people voted is not worked out from what one of them is told.
func TestMeOnAPrivateBallot(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := bot.TastingID{Workspace: team, N: 1}
		s.hold("start kestrel nova pack=fruit rounds=6 ballot=private retests=on until=5d", 3, func(n, v int) bot.Pick {
			r := s.tasting(id).Rounds[n-1]
			switch {
			case v == 2 && r.Kind == bot.Plain && n > 4:
				return bot.None
			case v == 1 && r.Kind == bot.Retest:
				return bot.Second
			}
			return bot.First
		})
		low := 0 // plain rounds with two votes
		for i, r := range s.tasting(id).Rounds {
			if r.Kind == bot.Plain && i+1 > 4 {
				low++
			}
		}
		for user, steady := range map[string]string{"voter0": "you stood by your answer in 2 of 2.", "voter1": "you stood by your answer in 0 of 2."} {
			got := s.notice(s.command(user, "me")).Text
			if agreed := fmt.Sprintf("it was the same in %d of %d", 6-low, 6-low); !strings.Contains(got.String(), steady) || !strings.Contains(got.String(), agreed) {
				s.Errorf("%s is told, want %q and %q:\n%s", user, steady, agreed, got)
			}
		}
	})
}

// No figure of a person reaches anybody else: not in what they ask for, not in
// the channel, not in a message.
func TestMeIsForOneAlone(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.hold("start kestrel nova pack=fruit rounds=6 until=5d", 3, always(1, 2, 2))
		s.room.mu.Lock()
		posts, told := len(s.room.messages), len(s.room.told)
		s.room.mu.Unlock()
		mine := s.notice(s.command("voter0", "me"))
		time.Sleep(time.Minute)
		s.wait()
		s.room.mu.Lock()
		if len(s.room.messages) != posts || len(s.room.told) != told {
			s.Errorf("it was posted or told: %v %v", s.room.keys()[posts:], s.room.told[told:])
		}
		s.room.mu.Unlock()
		for _, ask := range []string{"me", "standings", "results", "status 1", "packs fruit"} {
			for _, user := range []string{"voter1", starter, "stranger"} {
				said := asText(s.command(user, ask))
				for _, figure := range strings.Split(mine.Text.String(), "\n")[1:3] {
					if strings.Contains(said, figure) || strings.Contains(said, "voter0") {
						s.Errorf("%s asks for %s and is told of voter0: %s", user, ask, said)
					}
				}
			}
		}
		for _, text := range []string{"me voter0", "me user=voter0", "me @voter0"} {
			if n := s.notice(s.command(starter, text)); !n.Error {
				s.Errorf("%q is answered with %q", text, n.Text)
			}
		}
		if got := s.notice(s.command("stranger", "me")).Text; !strings.HasPrefix(got.String(), "You have no votes") {
			s.Errorf("a stranger is told %q", got)
		}
	})
}

// Whoever was forgotten has no figures.
func TestMeForgotten(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.hold("start kestrel nova pack=fruit rounds=6 until=5d", 3, always(1, 2, 2))
		before := s.standings("standings")
		s.press("voter0", s.notice(s.command("voter0", "forget-me")).Buttons[0].ID)
		if got := s.notice(s.command("voter0", "me")).Text; !strings.HasPrefix(got.String(), "You have no votes") {
			s.Errorf("once forgotten: %q", got)
		}
		if after := s.standings("standings"); asText(after) != asText(before) {
			s.Errorf("standings changed from\n%s\nto\n%s", asText(before), asText(after))
		}
	})
}
