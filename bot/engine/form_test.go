package engine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// answered reads two models' answers: "prompt|name: answer|name: answer".
type answered struct{ shelf }

func (answered) Read(_ string, data []byte) (bot.Sheet, error) {
	parts := strings.Split(string(data), "|")
	sheet := bot.Sheet{Rows: []bot.SheetRow{{Prompt: bot.Prompt{Text: parts[0]}}}}
	for _, p := range parts[1:] {
		name, answer, ok := strings.Cut(p, ": ")
		if !ok {
			return bot.Sheet{}, bot.UserError(bot.Literal("The system column is missing, and so is prompts."))
		}
		sheet.Models = append(sheet.Models, name)
		sheet.Rows[0].Answers = append(sheet.Rows[0].Answers, answer)
	}
	return sheet, nil
}

// A mistake in a form is said at the field that must be changed.
func TestMistakesNameTheirField(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, tt := range []struct {
		name, form  string
		values      map[string]string
		file        *bot.File
		field, says string
	}{
		{"an empty file", "start", nil, &bot.File{Name: "answers.csv"}, "file", "That file is empty. Choose another, or leave it out."},
		{"a file with wrong columns", "start", nil, &bot.File{Name: "a.csv", Data: []byte("p|system")}, "file", "The system column is missing"},
		{"a file and pasted prompts", "start", map[string]string{"prompts": "Hi"}, &bot.File{Name: "a.csv", Data: []byte("p")}, "prompts", "leave one of them out"},
		{"one model twice in a file", "start", nil, &bot.File{Name: "a.csv", Data: []byte("p|x: one|x: two")}, "file", "same model"},
		{"an answer of nothing in a file", "start", nil, &bot.File{Name: "a.csv", Data: []byte("p|x: one|y: \u200b")}, "file", "empty once"},
		{"pasted prompts with wrong columns", "start", map[string]string{"prompts": "p|system"}, nil, "prompts", "The system column is missing"},
		{"a pasted prompt that is too long", "start", map[string]string{"prompts": long}, nil, "prompts", "Prompt 1"},
		{"a pasted prompt of nothing", "start", map[string]string{"prompts": "\u200b"}, nil, "prompts", "Prompt 1 is empty"},
		{"a system prompt for a pack", "start", map[string]string{"system": long}, nil, "system", "The system prompt"},
		{"a system prompt for pasted prompts", "start", map[string]string{"system": long, "prompts": "Hi"}, nil, "system", "The system prompt"},
		{"a question", "start", map[string]string{"question": long}, nil, "question", "The question"},
		{"a time", "start", map[string]string{"until": "yesteryear"}, nil, "until", "yesteryear"},
		{"a number of rounds", "start", map[string]string{"rounds": "many"}, nil, "rounds", "1 to 20 prompts"},
		{"too many guests", "start", map[string]string{"invite": manyGuests()}, nil, "invite", "people can be invited"},
		{"a pack", "start", map[string]string{"pack": "fruity"}, nil, "pack", "fruity"},
		{"one model twice", "start", map[string]string{"first": "nova"}, nil, "second", "against itself"},
		{"a ballot", "start", map[string]string{"ballot": "open"}, nil, "ballot", "open"},
		{"repeats in the channel", "start", map[string]string{"extras": "on"}, nil, "extras", "private"},
		{"a text of nothing", "compare", map[string]string{"second": "\u200b"}, nil, "second", "empty once"},
		{"the other one", "compare", map[string]string{"first": "\u200b"}, nil, "first", "empty once"},
		{"no text", "compare", map[string]string{"first": " "}, nil, "first", "Both texts"},
		{"a long text", "compare", map[string]string{"second": long}, nil, "second", "“The other text” has 5,000 characters; at most 3,000 are possible. Shorten it."},
		{"a text that is a character too long", "compare", map[string]string{"first": strings.Repeat("👩‍👩‍👧‍👦", 900) + strings.Repeat("好", 2101)}, nil, "first", "“One text” has 3,001 characters; at most 3,000"},
		{"a long prompt to compare by", "compare", map[string]string{"prompt": long}, nil, "prompt", "“What they answer” has 5,000 characters; at most 300"},
		{"the same names", "compare", map[string]string{"second_name": "first text"}, nil, "second_name", "same model"},
		{"nothing to answer", "compare", map[string]string{"prompt": "\u200b"}, nil, "prompt", "Say what the texts answer"},
		{"a time to compare", "compare", map[string]string{"until": "yesteryear"}, nil, "until", "yesteryear"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			play(t, func(s *stage) { s.opt.Library = answered{shelf{pack(12)}} }, func(s *stage) {
				values := map[string]string{"first": "kestrel", "second": "nova", "pack": "fruit", "rounds": "10", "ballot": "reaction", "extras": "off"}
				if tt.form == "compare" {
					values = map[string]string{"prompt": "Greet me.", "first": "Come in.", "second": "Do come in."}
				}
				for k, v := range tt.values {
					values[k] = v
				}
				files := make(map[string]bot.File)
				if tt.file != nil {
					files["file"] = *tt.file
				}
				n := s.notice(s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: tt.form, Values: values, Files: files}))
				if !n.Error || n.Field != tt.field || !strings.Contains(n.Text.String(), tt.says) {
					s.Errorf("at the field %q stands %q, want something about %q at %q", n.Field, n.Text, tt.says, tt.field)
				}
			})
		})
	}
}

func manyGuests() string {
	var all strings.Builder
	for i := range 501 {
		all.WriteString("@guest" + strings.Repeat("x", i) + " ")
	}
	return all.String()
}

// A browser sends a file without a name and without bytes if none was chosen.
func TestNoFileChosen(t *testing.T) {
	play(t, nil, func(s *stage) {
		n := s.notice(s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: "start",
			Values: map[string]string{"pack": "fruit", "rounds": "1"}, Files: map[string]bot.File{"file": {}}}))
		if n.Error || len(n.Buttons) < 2 {
			s.Errorf("without a file the form is answered with %+v, want the question whether to start", n)
		}
	})
}

// A menu ends somewhere, on Discord at 25: the team's own packs are not what
// falls off its end.
func TestOwnPacksAreOfferedFirst(t *testing.T) {
	play(t, func(s *stage) {
		var library shelves
		for _, name := range []string{"apples", "bread", "ours", "theirs"} {
			p := pack(3)
			p.Name, p.Title, p.Own = name, name, name == "ours" || name == "theirs"
			library.packs = append(library.packs, p)
		}
		s.opt.Library = library
	}, func(s *stage) {
		want := []string{"mixed", "ours", "theirs", "apples", "bread"}
		var offered, suggested []string
		for _, f := range s.command(starter, "start").Form.Fields {
			for _, o := range f.Options {
				if f.Name == "pack" {
					offered = append(offered, o.Value)
				}
			}
		}
		for _, line := range s.bot.Suggest(s.Context(), bot.Command{At: lounge, User: starter, Text: "start kestrel nova pack="}) {
			suggested = append(suggested, strings.TrimSpace(line.Text[strings.LastIndex(line.Text, "=")+1:]))
		}
		if !slices.Equal(offered, want) || !slices.Equal(suggested, want) {
			s.Errorf("the form offers %q and typing suggests %q, want %q", offered, suggested, want)
		}
	})
}

// A time is suggested as one types it in one's language.
func TestTimesAreSuggestedInWordsOfTheReader(t *testing.T) {
	play(t, nil, func(s *stage) {
		for lang, want := range map[bot.Lang]string{bot.En: "tomorrow 17:00", bot.Zh: "明天 17:00"} {
			lines := s.bot.Suggest(s.Context(), bot.Command{At: lounge, User: starter, Lang: lang, Text: "start kestrel nova until="})
			i := slices.IndexFunc(lines, func(l bot.Suggestion) bool { return strings.Contains(l.Text, want) })
			if i < 0 {
				s.Errorf("in %s typing until= suggests %+v, want %q", lang, lines, want)
				continue
			}
			if ask := s.notice(s.command(starter, lines[i].Text+"pack=fruit")); ask.Error {
				s.Errorf("%s, which is suggested, is answered with %q", lines[i].Text, ask.Text)
			}
		}
	})
}

// Without models the form has no fields for them.
func TestMistakesWithoutModels(t *testing.T) {
	play(t, func(s *stage) { s.opt.Models = func() []bot.Model { return nil } }, func(s *stage) {
		form := s.command(starter, "start").Form
		for field, in := range map[string]bot.Submission{
			"prompts": {Values: map[string]string{"rounds": "10"}},
			"file":    {Files: map[string]bot.File{"file": {Name: "prompts.txt", Data: []byte("Hi")}}},
		} {
			in.At, in.User, in.Form = lounge, starter, form.ID
			n := s.notice(s.bot.Submit(s.Context(), in))
			if !n.Error || n.Field != field {
				s.Errorf("without answers of two models %q stands at the field %q, want %q", n.Text, n.Field, field)
			}
			if !slices.ContainsFunc(form.Fields, func(f bot.Field) bool { return f.Name == n.Field }) {
				s.Errorf("the form has no field %q", n.Field)
			}
		}
	})
}

// An empty file that came with a command is refused as one in a form is.
func TestEmptyAttachment(t *testing.T) {
	play(t, nil, func(s *stage) {
		n := s.notice(s.bot.Command(s.Context(), bot.Command{At: lounge, User: starter, Text: "start", Attached: &bot.File{Name: "answers.csv"}}))
		if !n.Error || !strings.Contains(n.Text.String(), "That file is empty") {
			s.Errorf("an empty file is answered with %+v", n)
		}
	})
}

// A text of as many characters as a side takes is compared whole, whatever the
// characters are made of.
func TestTextsOfTheLongestKindAreComparedWhole(t *testing.T) {
	play(t, nil, func(s *stage) {
		texts := [2]string{strings.Repeat("👩‍👩‍👧‍👦", 500) + strings.Repeat("好", 2499) + "!", strings.Repeat("é", 2999) + "!"}
		ask := s.notice(s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: "compare",
			Values: map[string]string{"prompt": "Greet me.", "first": texts[0], "second": texts[1]}}))
		if ask.Error {
			s.Fatalf("3000 characters a side are refused: %q", ask.Text)
		}
		s.press(starter, ask.Buttons[0].ID)
		s.wait()
		b := s.room.called(s.T, "1.1/ballot").now().(bot.Ballot)
		if string(b.Left+b.Right) != texts[0]+texts[1] && string(b.Left+b.Right) != texts[1]+texts[0] {
			s.Errorf("the ballot shows %d and %d bytes, not the %d and %d that were pasted", len(b.Left), len(b.Right), len(texts[0]), len(texts[1]))
		}
	})
}

// A private ballot's page says what is asked, as the ballots in a channel do.
func TestASeatAsksItsQuestion(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start(`start kestrel nova pack=fruit rounds=2 ballot=private question="Which would you send?" until=2h`)
		seat := s.press("bo", "1/taste").Post.(bot.Seat)
		for seat.Round.Round != 0 {
			if seat.Question.String() != "Which would you send?" {
				s.Errorf("the page of round %v asks %q", seat.Round, seat.Question)
			}
			seat = s.press("bo", seat.Buttons[0].ID).Post.(bot.Seat)
		}
		if !seat.Question.IsZero() {
			s.Errorf("the last page asks %q, and shows nothing to answer it by", seat.Question)
		}
	})
}

// However an answer comes, voters never see the tokens that a model's server
// left in it, and the core keeps it as it came.
func TestTokensReachNoVoter(t *testing.T) {
	const token, harmony = "Rain.<|im_end|>", "<|channel|>analysis<|message|>They want hail.<|end|><|start|>assistant<|channel|>final<|message|>Hail."
	for way, begin := range map[string]func(*stage) bot.Reply{
		"asked": func(s *stage) bot.Reply { return s.command(starter, `start kestrel nova prompt="Weather?" until=2h`) },
		"pasted": func(s *stage) bot.Reply {
			return s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: "compare",
				Values: map[string]string{"prompt": "Weather?", "first": token, "second": harmony}})
		},
		"from a file": func(s *stage) bot.Reply {
			return s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: "start",
				Values: map[string]string{"pack": "fruit"},
				Files:  map[string]bot.File{"file": {Name: "answers", Data: []byte("Weather?")}}})
		},
	} {
		t.Run(way, func(t *testing.T) {
			play(t, func(s *stage) {
				s.models[0].answers, s.models[1].answers = []string{token}, []string{harmony}
				s.opt.Library = weather{shelf{pack(3)}, [2]string{token, harmony}}
			}, func(s *stage) {
				ask := s.notice(begin(s))
				if ask.Error {
					s.Fatal(ask.Text)
				}
				s.press(starter, ask.Buttons[0].ID)
				s.wait()
				b := s.room.called(s.T, "1.1/ballot").now().(bot.Ballot)
				if got := b.Left + b.Right; got != "Rain.Hail." && got != "Hail.Rain." {
					s.Errorf("voters see %q and %q", b.Left, b.Right)
				}
				x, err := s.store.Texts(s.Context(), bot.TastingID{Workspace: team, N: 1}.Round(1))
				if err != nil || x.Answers[0].Raw != token || x.Answers[1].Raw != harmony {
					s.Errorf("kept are %q and %q (%v), not what came", x.Answers[0].Raw, x.Answers[1].Raw, err)
				}
			})
		})
	}
}

// weather is a library that reads any file as one prompt with two answers.
type weather struct {
	shelf
	answers [2]string
}

func (w weather) Read(_ string, data []byte) (bot.Sheet, error) {
	return bot.Sheet{Models: []string{"one", "two"}, Rows: []bot.SheetRow{{Prompt: bot.Prompt{Text: string(data)}, Answers: w.answers[:]}}}, nil
}

// All that is wrong with a form is said at once, each at its field and in the
// form's words: nobody who filled it in has to know an option.
func TestAllMistakesAtOnce(t *testing.T) {
	play(t, nil, func(s *stage) {
		n := s.notice(s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: "start", Values: map[string]string{
			"first": "kestrel", "second": "Kestrel", "rounds": "99", "until": "yesteryear", "ballot": "reaction", "question": strings.Repeat("why ", 100), "extras": "usual", "worth": "no",
		}}))
		got := make(map[string]string)
		for _, f := range n.Faults {
			got[f.Field] = f.Text.String()
		}
		for field, says := range map[string]string{"second": "Choose two different models", "rounds": "1 to 20 prompts", "until": "yesteryear", "question": "at most 150"} {
			if !strings.Contains(got[field], says) {
				s.Errorf("at the field %s stands %q, want something about %q", field, got[field], says)
			}
		}
		if len(n.Faults) != 4 || !n.Error || strings.Contains(n.Text.String(), "=") {
			s.Errorf("four mistakes are answered with %+v", n)
		}
	})
}

// The form asks which model is dearer of nobody: the prices say.
func TestWorthInTheForm(t *testing.T) {
	play(t, func(s *stage) {
		s.models[1].price = &bot.Price{Input: 1, Output: 2}
		s.models[0].price = &bot.Price{Input: 1, Output: 1}
	}, func(s *stage) {
		values := map[string]string{"first": "kestrel", "second": "nova", "pack": "fruit", "rounds": "2", "ballot": "reaction", "extras": "usual", "worth": "60"}
		n := s.notice(s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: "start", Values: values}))
		if got := n.Text.String(); n.Error || !strings.Contains(got, "is nova preferred in 60% or more?") {
			s.Errorf("asked whether the dearer one is worth it the form is answered with %q", got)
		}
		s.models[1].price = nil
		n = s.notice(s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: "start", Values: values}))
		if !n.Error || n.Field != "worth" {
			s.Errorf("where no price says which is dearer the form is answered with %+v", n)
		}
	})
}

// Before the start it is said what the test can find, and a button takes more prompts.
func TestMorePrompts(t *testing.T) {
	play(t, nil, func(s *stage) {
		ask := s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=4 until=3h"))
		if got := ask.Text.String(); !strings.Contains(got, "A verdict takes 5 prompts or more: 4 show which answers are liked better") || strings.Contains(got, "4 prompts a 70/30") {
			s.Errorf("four prompts cannot give a verdict, and it is said: %q", got)
		}
		i := slices.IndexFunc(ask.Buttons, func(b bot.Button) bool { return strings.HasPrefix(b.Label.String(), "10 prompts: ") })
		if i < 0 {
			s.Fatalf("no button takes ten prompts: %v", ask.Buttons)
		}
		more := ask.Buttons[i]
		if n := s.notice(s.press("U99", more.ID)); !n.Error {
			s.Error("somebody else changes what the starter described")
		}
		again := s.notice(s.press(starter, more.ID))
		if got := again.Text.String(); again.Error || !strings.Contains(got, "10 prompts from the pack fruit") || !strings.Contains(got, "With 9 people and 10 prompts a 70/30 preference is found 70 times in 100.") {
			s.Errorf("ten prompts are answered with %q", got)
		}
		if n := s.notice(s.press(starter, ask.Buttons[0].ID)); !n.Error {
			s.Error("the draft with four prompts can still be started")
		}
	})
}

// more is the button beside a proposal that takes more prompts; "": there is none.
func more(ask bot.Notice) string {
	for _, b := range ask.Buttons {
		if strings.Contains(b.ID, "/more") {
			return b.ID
		}
	}
	return ""
}

// With more prompts a draft is read by judges, or is not, as was wished; and its times
// are those of the zone that its starter said.
func TestMorePromptsAsWished(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		all  bool
		wish string
		want int
	}{
		{true, "start kestrel nova pack=fruit rounds=4 judges=off until=3h", 0},
		{true, "start kestrel nova pack=fruit rounds=4 until=3h", 1},
		{false, "start kestrel nova pack=fruit rounds=4 judges=on until=3h", 1},
		{false, "start kestrel nova pack=fruit rounds=4 until=3h", 0},
	} {
		play(t, func(s *stage) {
			judged(&owl{name: "owl", id: "kestrel-1", says: forAlpha})(s)
			s.opt.JudgeAll = tt.all
		}, func(s *stage) {
			ask := s.notice(s.command(starter, tt.wish))
			zone := slices.IndexFunc(ask.Buttons, func(b bot.Button) bool { return strings.HasSuffix(b.ID, "/zone/same") })
			if zone < 0 || more(ask) == "" {
				s.Fatalf("%s: no button asks for the zone, or none takes more prompts: %v", tt.wish, ask.Buttons)
			}
			form := s.press(starter, ask.Buttons[zone].ID).Form
			s.notice(s.bot.Submit(s.Context(), bot.Submission{At: lounge, User: starter, Form: form.ID, Values: map[string]string{"zone": "Shanghai"}}))
			again := s.notice(s.press(starter, more(ask)))
			s.notice(s.press(starter, again.Buttons[0].ID))
			s.wait()
			got := s.tasting(bot.TastingID{Workspace: team, N: 1})
			if len(got.Rounds) != 10 || len(got.Judges) != tt.want || got.TimeZone != "Asia/Shanghai" {
				s.Errorf("always %v, %s, and more: %d rounds and %d judges in %s, want 10, %d in Asia/Shanghai", tt.all, tt.wish, len(got.Rounds), len(got.Judges), got.TimeZone, tt.want)
			}
		})
	}
}

// More prompts are offered where there are more that both models can answer.
func TestMorePromptsThatAreKnown(t *testing.T) {
	t.Parallel()
	play(t, func(s *stage) {
		s.opt.Models = func() []bot.Model { return []bot.Model{bounded{s.models[0], "1."}, s.models[1]} }
	}, func(s *stage) {
		if ask := s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=1 until=2h")); ask.Error || more(ask) != "" {
			s.Errorf("two prompts are known, and the buttons are %v", ask.Buttons)
		}
	})
}
