package engine_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
)

// What a model may answer, and what becomes of the round. No side is ever
// posted alone.
func TestUnusableAnswers(t *testing.T) {
	for _, tt := range []struct {
		name    string
		answers []string
		finish  string
		refuses string
		asked   int
		void    string // "": the round is posted
		flagged bool
	}{
		{"good", []string{"Fine."}, "", "", 1, "", false},
		{"empty once", []string{" \u200b", "Fine."}, "", "", 2, "", false},
		{"empty twice", []string{"", "<think>hm"}, "", "", 2, "kestrel answered nothing", false},
		{"filtered", []string{"I can"}, "content_filter", "", 2, "kestrel was stopped by its provider’s filter", false},
		{"names itself once", []string{"I am Kestrel.", "Fine."}, "", "", 2, "", false},
		{"names itself twice", []string{"I am Kestrel."}, "", "", 2, "kestrel named itself in its answer", false},
		{"in Chinese", []string{"我是通义千问，很高兴认识你。"}, "", "", 2, "kestrel named itself in its answer", false},
		{"names a vendor once", []string{"Ask OpenAI.", "Fine."}, "", "", 2, "", false},
		{"names a vendor twice", []string{"Ask OpenAI."}, "", "", 2, "", true},
		{"names a vendor, then itself", []string{"Ask OpenAI.", "I am Kestrel."}, "", "", 2, "", true},
		{"a harmless word", []string{"Claude Monet painted it."}, "", "", 1, "", false},
		{"refuses", nil, "", "Hello", 1, "kestrel answered 401", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			play(t, func(s *stage) {
				s.models[0].answers, s.models[0].finish, s.models[0].refuses = tt.answers, tt.finish, tt.refuses
			}, func(s *stage) {
				id := s.start(`start kestrel nova prompt="Hello there" until=2h`)
				r := s.tasting(id).Rounds[0]
				if r.WhyVoid().String() != tt.void || r.Flagged != tt.flagged || s.models[0].asked["Hello there"] != tt.asked {
					s.Errorf("asked %d times, void %q, flagged %v; want %d, %q, %v", s.models[0].asked["Hello there"], r.WhyVoid(), r.Flagged, tt.asked, tt.void, tt.flagged)
				}
				if posts := len(s.room.keys()); (posts == 0) != (tt.void != "") {
					s.Errorf("%d posts", posts)
				}
				if tt.void != "" {
					if got := s.tasting(id); got.State != bot.Failed || len(s.room.heard()) != 1 || !strings.Contains(s.room.heard()[0], "No round is ready") {
						s.Errorf("%v, told %q; want it failed, and the starter told once", got.State, s.room.heard())
					}
				}
			})
		})
	}
}

// One void round of many: the starter is told before the posts, the log has what
// the provider said, and the reveal says which model failed.
func TestVoidRound(t *testing.T) {
	var log bytes.Buffer
	play(t, func(s *stage) { s.models[1].refuses, s.log = "fruit 2", &log }, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=12 until=2h")
		if len(s.room.heard()) != 1 || !strings.Contains(s.room.heard()[0], "11 of 12 ready") || !strings.Contains(s.room.heard()[0], "nova answered 401") {
			s.Errorf("told %q", s.room.heard())
		}
		if said := log.String(); strings.Count(said, "a model gave no answer") != 1 || !strings.Contains(said, errCut.Error()) {
			s.Errorf("the log is to say once why nova gave no answer, %q:\n%s", errCut, said)
		}
		if got := len(s.room.keys()); got != 12 {
			s.Errorf("%d posts, want the head and eleven ballots", got)
		}
		s.press(starter, "1/close")
		s.wait()
		if a := s.announcement(id); !strings.Contains(strings.Join(bot.English(a.Notes), " "), "nova answered 401") {
			s.Errorf("notes = %q", a.Notes)
		}
	})
}

// Settings that change while a model is being asked end the tasting: its
// answers would not be comparable.
func TestChangedSettings(t *testing.T) {
	play(t, nil, func(s *stage) {
		ask := s.notice(s.command(starter, `start kestrel nova prompt="Hello?" until=2h`))
		s.opt.Models() // as they are
		s.models[0].name = "kestrel-2"
		s.press(starter, ask.Buttons[0].ID)
		s.wait()
		if len(s.room.heard()) != 1 || !strings.Contains(s.room.heard()[0], "kestrel is no longer configured") {
			s.Errorf("told %q", s.room.heard())
		}
	})
}

// Spending limits, of a person and of all together, hold over restarts. A
// tasting counts at the most that it may cost until it is over, however it ends;
// then what was not spent is given back, to the day it was reserved on. No
// sentence tells what is left.
func TestSpendingLimits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		limits engine.Limits
		says   string
	}{
		{engine.Limits{Day: 400e9, Person: 100e9, Unknown: 10e9}, "your limit for today is $0.10."},
		{engine.Limits{Day: 100e9, Person: 400e9, Unknown: 10e9}, "today’s limit for everybody together is $0.10."},
	} {
		for _, end := range []string{"close", "cancel", "restart"} {
			t.Run(fmt.Sprint(tt.says, end), func(t *testing.T) {
				if testing.Short() && end != "restart" && tt.limits.Day < tt.limits.Person {
					t.Skip("a day passes: each end is had with a person's limit, and this limit with another end")
				}
				play(t, func(s *stage) {
					dear := &bot.Price{Input: 1e6, Output: 100e6} // 100 tokens: 0.01 USD and a little
					s.models[0].price, s.models[1].price = dear, dear
					s.opt.Limits = tt.limits
				}, func(s *stage) { s.spends(end, tt.says) })
			})
		}
	}
}

// spends plays a tasting whose end comes on the next day, and others beside it.
func (s *stage) spends(end, says string) {
	day := "usd/" + time.Now().UTC().Format(time.DateOnly)
	person := fmt.Sprintf("%s/%s/%s/%s", day, team.Platform, team.ID, starter)
	reserved := func(when string, want int64) {
		s.Helper()
		for _, key := range []string{day, person} {
			if got, err := s.store.Reserved(s.Context(), key); err != nil || got != want {
				s.Errorf("%s %d pico-USD are reserved, %v; want %d", when, got, err, want)
			}
		}
	}
	ask := s.notice(s.command(starter, `start kestrel nova prompt="One?" until=30h`))
	if !strings.Contains(ask.Text.String(), "Asking for 2 answers costs at most $0.08") {
		s.Errorf("the question does not say the cost: %q", ask.Text)
	}
	s.press(starter, ask.Buttons[0].ID)
	s.wait()
	const most = 2 * 2 * 2 * (1e6*604 + 100e6*100) // of two models, asked and billed twice
	reserved("while it is open", most)
	if said := s.notice(s.command("bo", "status")).Text; !strings.Contains(said.String(), "It may cost at most $0.08.") {
		s.Errorf("status says %q, and not what it may cost at most", said)
	}
	s.stop()
	s.begin()
	for _, more := range []string{"start kestrel nova pack=fruit rounds=3 until=2h", `start kestrel nova prompt="Two?" until=2h`} {
		ask = s.notice(s.command(starter, more))
		no := s.notice(s.press(starter, ask.Buttons[0].ID))
		if !no.Error || !strings.Contains(no.Text.String(), says) || strings.Contains(no.Text.String(), "left") {
			s.Errorf("more than is left is started, or what is left is said: %+v", no)
		}
	}
	reserved("after a refusal", most)
	if got := len(s.models[0].asked); got != 1 {
		s.Errorf("models were asked %d prompts", got)
	}
	s.sleep(25 * time.Hour)
	reserved("a day later", most)
	switch end {
	case "close", "cancel":
		s.press(starter, "1/"+end)
	case "restart":
		s.stop()
		s.sleep(10 * time.Hour)
		s.begin()
	}
	s.wait()
	reserved("once it is over", 2e9) // two answers at 0.1 cent
	today := "usd/" + time.Now().UTC().Format(time.DateOnly)
	if got, err := s.store.Reserved(s.Context(), today); err != nil || got != 0 {
		s.Errorf("on the day of its end %d pico-USD are reserved, %v; want none", got, err)
	}
}

// An answer that may have been billed and of which nobody knows for how much
// counts as the most that it may have cost, whatever answers cost that have no
// price at all.
func TestUnknownCostOfAPriceCounts(t *testing.T) {
	play(t, func(s *stage) {
		s.models[0].price, s.models[0].uncounted = &bot.Price{Input: 1e6, Output: 100e6}, true
		s.models[1].price = &bot.Price{}
		s.opt.Limits = engine.Limits{Day: 100e9, Person: -1, Unknown: 1e9}
	}, func(s *stage) {
		s.start(`start kestrel nova prompt="One?" until=2h`)
		s.press(starter, "1/cancel")
		s.wait()
		day := "usd/" + time.Now().UTC().Format(time.DateOnly)
		if got, err := s.store.Reserved(s.Context(), day); err != nil || got != 2*2*(1e6*604+100e6*100)+1e9 {
			s.Errorf("%d pico-USD stay reserved, %v", got, err)
		}
	})
}

// An answer whose price is unknown counts as the configured one, before it is
// asked for and after.
func TestUnknownPricesCount(t *testing.T) {
	play(t, func(s *stage) {
		s.opt.Limits = engine.Limits{Day: -1, Person: 100e9, Unknown: 10e9} // an answer may be asked and billed twice
	}, func(s *stage) {
		say := func(text string) bot.Notice {
			return s.notice(s.press(starter, s.notice(s.command(starter, text)).Buttons[0].ID))
		}
		if no := say("start kestrel nova pack=fruit rounds=2 until=2h"); !no.Error || !strings.Contains(no.Text.String(), "may cost up to $0.16") {
			s.Errorf("four answers of unknown price, up to 16 cents, are answered %+v", no)
		}
		for _, n := range []string{"1", "2"} { // each costs at most 8 cents, and in the end 2
			if yes := say("start kestrel nova pack=fruit rounds=1 until=2h"); yes.Error {
				s.Errorf("two answers of unknown price are answered %+v", yes)
			}
			s.wait()
			if said := s.notice(s.command(starter, "status "+n)).Text; !strings.Contains(said.String(), "It may cost at most $0.08.") {
				s.Errorf("what may cost 8 cents is said to cost: %q", said)
			}
			s.press(starter, n+"/cancel")
			s.wait()
		}
		if no := say("start kestrel nova pack=fruit rounds=1 until=2h"); !no.Error {
			s.Errorf("after four answers of unknown price two more are answered %+v", no)
		}
	})
}

// All rounds are asked before anything is posted, and both models of a round
// at once; nothing of one model shows while the other is slow.
func TestAllAskedBeforeAnythingIsPosted(t *testing.T) {
	play(t, func(s *stage) {
		s.models[0].ask = func() { time.Sleep(time.Second) }
		s.models[1].ask = func() {
			time.Sleep(40 * time.Second)
			if keys := s.room.keys(); len(keys) > 0 {
				s.Errorf("while a model is still writing there are posts: %v", keys)
			}
		}
	}, func(s *stage) {
		began := time.Now()
		s.start("start kestrel nova pack=fruit rounds=4 until=5h")
		for s.sleep(time.Second); len(s.room.heard()) == 0; s.sleep(time.Second) {
		}
		if took := time.Since(began); took > 45*time.Second {
			s.Errorf("four rounds took %v; they are asked side by side", took)
		}
		s.wait()
		if keys := s.room.keys(); len(keys) != 5 {
			s.Errorf("posts: %v", keys)
		}
	})
}

// A bounded model knows some prompts only.
type bounded struct {
	*scribe
	knows string
}

func (m bounded) Knows(p bot.Prompt) bool { return strings.HasSuffix(p.Text, m.knows) }

func (m bounded) Known() []string {
	return []string{"First of the file.", "Second of the file.", "Third."}
}

// Models whose answers stand in files are tasted on what is in them, if the
// packs have nothing that they know.
func TestFilesAreTheirOwnPack(t *testing.T) {
	play(t, func(s *stage) {
		s.models[0].source = bot.FromFile
		s.opt.Models = func() []bot.Model { return []bot.Model{bounded{s.models[0], "file."}, s.models[1]} }
	}, func(s *stage) {
		ask := s.notice(s.command(starter, "start kestrel nova until=2h"))
		if !strings.Contains(ask.Text.String(), "2 prompts from those that both have answers to") {
			s.Fatalf("the starter is asked %q", ask.Text)
		}
		s.press(starter, ask.Buttons[0].ID)
		s.wait()
		if b := s.room.called(s.T, "1.1/ballot").now().(bot.Ballot); !strings.HasSuffix(string(b.Prompt), "of the file.") {
			s.Errorf("the first prompt is %q", b.Prompt)
		}
		if no := s.notice(s.command(starter, "start kestrel nova pack=fruit until=2h")); !no.Error || !strings.Contains(no.Text.String(), "the pack fruit") {
			s.Errorf("a pack of which they know nothing is answered with %+v", no)
		}
	})
}

// Models whose answers were written beforehand are asked only what they know,
// and what they do not know is said before anything is started.
func TestBoundedModels(t *testing.T) {
	play(t, func(s *stage) {
		s.opt.Models = func() []bot.Model { return []bot.Model{bounded{s.models[0], "1."}, s.models[1]} }
	}, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=10 until=2h")
		if rounds := s.tasting(id).Rounds; len(rounds) != 2 { // fruit 1 and 11
			s.Errorf("%d rounds are asked, and two prompts are known", len(rounds))
		}
		no := s.notice(s.command(starter, `start kestrel nova prompt="Anything else?" until=2h`))
		if !no.Error || !strings.Contains(no.Text.String(), "kestrel has no answer to prompt 1 (“Anything else?”)") {
			s.Errorf("an unknown prompt is answered with %+v", no)
		}
	})
}

// In the demo there is but the pack that its models have answered. Who asks for one that
// the README names is told why it is not there; beside packs that they know nothing of,
// one that is not there is a slip.
func TestPacksOfWrittenAnswers(t *testing.T) {
	for knows, want := range map[string]string{
		".":  "There is no pack “humour” here, where all answers were written beforehand; other packs are for models that are really asked. Here there are: mixed, fruit.",
		"1.": "There is no pack “humour”. There are: mixed, fruit.",
	} {
		play(t, func(s *stage) {
			s.opt.Models = func() []bot.Model { return []bot.Model{bounded{s.models[0], knows}, bounded{s.models[1], knows}} }
		}, func(s *stage) {
			for _, typed := range []string{"packs humour", "start kestrel nova pack=humour until=2h"} {
				if no := s.notice(s.command(starter, typed)); !no.Error || no.Text.String() != want {
					s.Errorf("with models that know what ends in %q, %s is answered:\n%s\nwant:\n%s", knows, typed, no.Text, want)
				}
			}
		})
	}
}

// An answer from a file that names its author is flagged, not void: it is what
// it is. The starter of pasted answers is told before saying yes.
func TestGivenAnswersAreFlagged(t *testing.T) {
	play(t, func(s *stage) { s.models[0].source, s.models[0].answers = bot.FromFile, []string{"I am Kestrel."} }, func(s *stage) {
		id := s.start(`start kestrel nova prompt="Hello?" until=2h`)
		if r := s.tasting(id).Rounds[0]; !r.Live() || !r.Flagged || s.models[0].asked["Hello?"] != 1 {
			s.Errorf("void %q, flagged %v, asked %d times", r.WhyVoid(), r.Flagged, s.models[0].asked["Hello?"])
		}
		s.press(starter, id.String()+"/close")
		s.wait()
		a := s.announcement(id)
		if notes := strings.Join(bot.English(a.Notes), "\n"); !strings.Contains(notes, "gives a model’s name away (1.1): this round counts here and stays out") || !strings.Contains(strings.Join(bot.English(a.Rounds[0].Notes), "\n"), "kestrel’s answer") {
			s.Errorf("the result notes %q, its round %q", a.Notes, a.Rounds[0].Notes)
		}
		reply := s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: "compare", Values: map[string]string{
			"prompt": "Which?", "first": "I am ChatGPT.", "second": "I am not.", "until": "2h",
		}})
		if ask := s.notice(reply); !strings.Contains(ask.Text.String(), "The answers to prompt 1 name a model") {
			s.Errorf("the starter is asked %q", ask.Text)
		}
	})
}
