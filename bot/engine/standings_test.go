package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// hold has a tasting started, voted in by so many people, closed and revealed.
// pick says how voter v votes in round n; None: not at all.
func (s *stage) hold(text string, voters int, pick func(n, v int) bot.Pick) bot.TastingID {
	s.Helper()
	id := s.start(text)
	t := s.tasting(id)
	for _, n := range t.Live() {
		for v := range voters {
			p, user := pick(n, v), fmt.Sprint("voter", v)
			switch {
			case p == bot.None:
			case t.Ballot == bot.Private:
				choice := p.Choice(t.Seen(n, user).Flip)
				s.press(user, fmt.Sprintf("%v/%s", id.Round(n), choice))
			default:
				s.tap(s.room.called(s.T, id.Round(n).String()+"/ballot").Ref, user, s.choiceOf(id.Round(n), p), true)
			}
		}
	}
	s.press(starter, id.String()+"/close")
	s.wait()
	if got := s.tasting(id).State; got != bot.Revealed {
		s.Fatalf("tasting %v is %v, want revealed", id, got)
	}
	return id
}

func (s *stage) standings(text string) bot.Standings {
	s.Helper()
	p, ok := s.command("voter0", text).Post.(bot.Standings)
	if !ok {
		s.Fatalf("%q is answered with %+v, want standings", text, s.command("voter0", text).Post)
	}
	return p
}

// priced gives both models a known cost: kestrel is 30 times as dear, and slower.
func priced(s *stage) {
	s.models[0].price, s.models[0].cost, s.models[0].pause = &bot.Price{}, 156e8, 2*time.Second
	s.models[1].price, s.models[1].cost, s.models[1].pause = &bot.Price{}, 52e7, 800*time.Millisecond
}

// always votes alike in all rounds: voter v for picks[v].
func always(picks ...bot.Pick) func(n, v int) bot.Pick {
	return func(_, v int) bot.Pick { return picks[v] }
}

// mostly has five of six prefer the first model, who they are changing with the round.
func mostly(n, v int) bot.Pick {
	if v == n%6 {
		return bot.Second
	}
	return bot.First
}

// Two whole tastings on twelve prompts: who is ahead, by how much, for how much.
func TestStandings(t *testing.T) {
	play(t, priced, func(s *stage) {
		s.hold("start kestrel nova pack=fruit rounds=10 until=5d", 6, mostly)
		s.hold("start nova kestrel pack=fruit rounds=8 until=5d", 6, func(n, v int) bot.Pick {
			switch {
			case v == 0:
				return bot.Bad
			case v == n%6:
				return bot.First
			}
			return bot.Second
		})
		p := s.standings("standings")
		if p.Title.String() != "Standings" || p.Base.String() != "108 votes, 18 rounds, 12 prompts, 2 tastings" {
			s.Errorf("%q, %q", p.Title, p.Base)
		}
		for i, want := range []bot.Standing{
			{Rank: "1", Model: "kestrel", BothBad: bot.Literal("7% of 108"), Cost: bot.Literal("$15.60"), Pace: bot.Literal("2.0 s"), Rounds: 18, Votes: 108},
			{Rank: "2", Model: "nova", BothBad: bot.Literal("7% of 108"), Cost: bot.Literal("$0.52"), Pace: bot.Literal("0.8 s"), Rounds: 18, Votes: 108},
		} {
			got := p.Rows[i]
			if got.Score <= got.Low || got.Score >= got.High || got.Beats.String() != fmt.Sprintf("%d%% (%d to %d)", got.Score, got.Low, got.High) {
				s.Errorf("row %d: %q, %d, %d to %d", i+1, got.Beats, got.Score, got.Low, got.High)
			}
			want.Score, want.Low, want.High, want.Beats, want.Price = got.Score, got.Low, got.High, got.Beats, got.Price
			if fmt.Sprint(got) != fmt.Sprint(want) {
				s.Errorf("row %d is %+v,\nwant %+v", i+1, got, want)
			}
			if cells := got.Cells(); len(cells) != len(p.Columns) || cells[1].String() != string(want.Model) {
				s.Errorf("cells %q under %q", cells, p.Columns)
			}
		}
		// 50 + 33 of 108 votes, and 8 halves.
		if got := p.Rows[0].Score; got != 81 || p.Columns[2].String() != "Share of votes" {
			s.Errorf("%s of kestrel is %d%%; it has 81%% of the votes", p.Columns[2], got)
		}
		if want := "kestrel is preferred to nova with " + p.Rows[0].Beats.String() + " of 108 votes, and costs 30 times as much."; len(p.Says) != 1 || p.Says[0].String() != want {
			s.Errorf("says %q, want %q", p.Says, want)
		}
		if len(p.Notes) != 0 {
			s.Errorf("notes %q", p.Notes)
		}
		if said := strings.Join(bot.English(p.Details), "\n"); !strings.Contains(said, "clustered by voter and by prompt") || !strings.Contains(said, "the left answer gets") {
			s.Errorf("details:\n%s", said)
		}
	})
}

// Standings of one category or pack; a word that is neither is answered with
// what to type.
func TestStandingsScope(t *testing.T) {
	play(t, func(s *stage) {
		p := pack(12)
		for i := range p.Prompts {
			p.Prompts[i].Category = []string{"creative", "factual"}[i%2]
		}
		s.opt.Library = shelf{p}
	}, func(s *stage) {
		s.hold("start kestrel nova pack=fruit rounds=12 until=5d", 6, mostly)
		s.hold(`start kestrel nova prompt="My own?" until=5d`, 6, mostly)
		s.hold(`start kestrel nova prompt="Another?" until=5d`, 6, mostly)
		for text, want := range map[string]string{
			"standings":                     "Standings: 84 votes, 14 rounds, 14 prompts, 3 tastings",
			"standings creative":            "Standings: creative: 36 votes, 6 rounds, 6 prompts, 1 tasting",
			"standings Creative":            "Standings: creative: 36 votes, 6 rounds, 6 prompts, 1 tasting",
			"standings category=factual":    "Standings: factual: 36 votes, 6 rounds, 6 prompts, 1 tasting",
			"standings other":               "Standings: other: 12 votes, 2 rounds, 2 prompts, 2 tastings",
			"standings pack=fruit":          "Standings: fruit: 72 votes, 12 rounds, 12 prompts, 1 tasting",
			"standings pack=mixed":          "Standings: mixed: 72 votes, 12 rounds, 12 prompts, 1 tasting",
			"standings creative pack=fruit": "Standings: creative, fruit: 36 votes, 6 rounds, 6 prompts, 1 tasting",
			"standings other pack=fruit":    "Standings: other, fruit: ",
		} {
			p := s.standings(text)
			if got := p.Title.String() + ": " + p.Base.String(); got != want {
				s.Errorf("%q: %q, want %q", text, got, want)
			}
		}
		for text, want := range map[string]string{
			"standings creativ":          "There is no category “creativ”. Did you mean creative?",
			"standings poems":            "There are: creative, factual, other.",
			"standings fruit":            "“fruit” is a pack, not a category. Type: /tastetest standings pack=fruit",
			"standings pack=friut":       "Did you mean pack=fruit?",
			"standings creative factual": "“category=” stands there twice",
			"standings by=pack":          "I do not know the option “by”. “standings” knows category, pack.",
		} {
			if n := s.notice(s.command("bo", text)); !n.Error || !strings.Contains(n.Text.String(), want) {
				s.Errorf("%q is answered with %q, want %q", text, n.Text, want)
			}
		}
	})
}

// With little to go by it is said what is missing, and nobody is ranked.
func TestStandingsOfLittle(t *testing.T) {
	play(t, nil, func(s *stage) {
		if p := s.standings("standings"); len(p.Rows) != 0 || len(p.Notes) != 0 || !strings.Contains(p.Says[0].String(), "nothing to rank") {
			s.Errorf("before anything was tasted: %+v", p)
		}
		s.hold("start kestrel nova pack=fruit rounds=4 until=5d", 3, always(bot.First, bot.First, bot.Bad))
		p := s.standings("standings")
		if len(p.Rows) != 2 || p.Rows[0].Rank != "–" || p.Rows[0].Beats.String() != "–" || p.Rows[0].High != 0 || p.Rows[0].BothBad.String() != "33% of 12" {
			s.Errorf("after four prompts: %+v", p.Rows)
		}
		if want := "A model is ranked once it was tasted on 5 different prompts; so far: kestrel (4 prompts) and nova (4 prompts)."; !strings.Contains(p.Says[0].String(), want) {
			s.Errorf("says %q, want %q", p.Says, want)
		}
		s.hold("start kestrel nova pack=fruit rounds=4 until=5d", 3, always(bot.First, bot.First, bot.First))
		p = s.standings("standings")
		if said, want := strings.Join(bot.English(p.Notes), "\n"), "No round had more than 3 votes, so this is the taste of few people."; !strings.Contains(said, want) {
			s.Errorf("notes %q, want %q", said, want)
		}
		if p.Rows[0].Rank != "1" || p.Rows[0].Cost.String() != "–" {
			s.Errorf("after eight prompts: %+v", p.Rows)
		}
	})
}

// What does not enter the standings is counted, and changes nothing.
func TestLeftOutOfStandings(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.hold("start kestrel nova pack=fruit rounds=6 until=5d", 6, mostly)
		before := s.standings("standings")

		s.models[1].answers = []string{"Ask ChatGPT."}
		s.hold(`start kestrel nova prompt="Named?" until=5d`, 6, always(2, 2, 2, 2, 2, 2))
		s.models[1].answers = nil
		submit := func(form string, values map[string]string) {
			ask := s.notice(s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: form, Values: values}))
			s.press(starter, ask.Buttons[0].ID)
			s.wait()
		}
		submit("compare", map[string]string{"prompt": "Which is friendlier?", "first": "Come in.", "second": "Do come in.", "until": "2h"})
		s.tap(s.room.called(s.T, "3.1/ballot").Ref, "voter1", bot.Left, true)
		s.press(starter, "3/close")
		s.wait()

		s.models[1].refuses = "spoiled"
		submit("start", map[string]string{"first": "kestrel", "second": "nova", "prompts": "Fine?\n\nA spoiled one?", "until": "2h"})
		s.press(starter, "4/close")
		s.wait()

		s.hold("start kestrel nova pack=fruit rounds=6 ballot=private controls=on retests=on until=5d", 6, func(n, v int) bot.Pick {
			if r := s.tasting(bot.TastingID{Workspace: team, N: 5}).Rounds[n-1]; r.Kind == bot.Plain && v > 1 {
				return bot.None // two secret votes in each plain round
			}
			return bot.Second
		})
		after := s.standings("standings")
		if len(after.Notes) != 1 {
			s.Fatalf("notes %q", after.Notes)
		}
		want := "Rounds left out: 1 in which an answer names its author, 4 that were controls, 2 that were repeats, 1 without both answers, 6 with under three secret votes, 1 of pasted texts."
		if after.Notes[0].String() != want {
			s.Errorf("notes %q,\nwant  %q", after.Notes[0], want)
		}
		after.Notes = before.Notes
		if asText(after) != asText(before) {
			s.Errorf("they changed the standings from\n%s to\n%s", asText(before), asText(after))
		}
	})
}

// A model under other settings is another model.
func TestSettingsAreNotPooled(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.hold("start kestrel nova pack=fruit rounds=6 until=5d", 6, mostly)
		s.models[0].tokens = 200
		s.hold("start kestrel nova pack=fruit rounds=6 until=5d", 6, always(2, 2, 2, 2, 2, 1))
		p := s.standings("standings")
		names := make(map[string]int)
		for _, r := range p.Rows {
			name, print, _ := strings.Cut(string(r.Model), "@")
			names[name]++
			if (name == "kestrel") != (len(print) == 6) {
				s.Errorf("a model is called %q", r.Model)
			}
		}
		if names["kestrel"] != 2 || names["nova"] != 1 || p.Columns[2].String() != "Beats the average model" {
			s.Errorf("rows %+v under %q; kestrel had two settings", p.Rows, p.Columns)
		}
		if details := strings.Join(bot.English(p.Details), "\n"); !strings.Contains(details, "api, at most 200 tokens") || !strings.Contains(strings.Join(bot.English(p.Notes), " "), "different settings") {
			s.Errorf("details %q, notes %q", details, p.Notes)
		}
	})
}

// Nothing of a tasting enters before its reveal, nor ever of a cancelled one.
func TestStandingsOnlyOfRevealed(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=6 until=5d")
		for _, n := range s.tasting(id).Live() {
			s.tap(s.room.called(s.T, id.Round(n).String()+"/ballot").Ref, "bo", bot.Left, true)
		}
		for _, press := range []string{"", "1/cancel"} {
			if press != "" {
				s.press(starter, press)
				s.wait()
			}
			for _, text := range []string{"standings", "me", "packs fruit"} {
				said := asText(s.command("bo", text))
				if strings.Contains(said, "kestrel") || strings.Contains(said, "nova") || strings.Contains(said, "vote, ") || strings.Contains(said, "1 round;") {
					s.Errorf("after %q, %s says %s", press, text, said)
				}
			}
		}
	})
}

// A bare word is completed as the option for which it stands.
func TestSuggestWords(t *testing.T) {
	play(t, nil, func(s *stage) {
		for typed, want := range map[string]string{
			"standings cr":          "standings creative ",
			"standings category=c":  "standings category=creative ",
			"standings creative pa": "standings creative pack=",
			"packs fr":              "packs fruit ",
		} {
			got := s.bot.Suggest(s.Context(), bot.Command{At: lounge, User: "bo", Text: typed})
			if len(got) != 1 || got[0].Text != want {
				s.Errorf("%q is completed by %+v, want %q", typed, got, want)
			}
		}
	})
}

// Who of the voters voted what changes no standing.
func TestStandingsDoNotKnowVoters(t *testing.T) {
	t.Parallel()
	votes := func(to ...int) (said string) {
		play(t, func(s *stage) { s.opt.Rand = newSteady(0) }, func(s *stage) {
			s.hold("start kestrel nova pack=fruit rounds=10 until=5d", 6, func(n, v int) bot.Pick { return mostly(n, to[v]) })
			s.hold("start nova kestrel pack=fruit rounds=5 until=5d", 6, func(n, v int) bot.Pick { return []bot.Pick{1, 1, 2, 3, 4, 0}[to[v]] })
			said = asText(s.standings("standings"))
		})
		return said
	}
	if as, other := votes(0, 1, 2, 3, 4, 5), votes(3, 5, 0, 1, 4, 2); as != other {
		t.Errorf("other people with the same votes change the standings from\n%s\nto\n%s", as, other)
	}
}
