package engine_test

import (
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

// A wrong argument is answered with what was wrong, the nearest valid word, and
// an example to copy.
func TestBadCommands(t *testing.T) {
	play(t, nil, func(s *stage) {
		for text, want := range map[string]string{
			"strat":                               "I do not know “strat”. Did you mean “start”? For example: /tastetest start kestrel nova",
			"frobnicate":                          "I do not know “frobnicate”. Type /tastetest help",
			"help nonsense":                       "I do not know “nonsense”. Type /tastetest help for what I know.",
			"help strat":                          "I do not know “strat”. Did you mean “start”? For example: /tastetest help start",
			"start kestrel nvoa":                  "I do not know the model “nvoa”. Did you mean “nova”?",
			"start kestrel":                       "Name two models to compare. For example: /tastetest start kestrel nova",
			"start kestrel kestrel":               "against itself tells nothing",
			"start kestrel nova third":            "I do not understand “third” there",
			"start kestrel nova pakc=fruit":       "I do not know the option “pakc”. Did you mean “pack”? For example: pack=fruit",
			"start kestrel nova pack=friut":       "There is no pack “friut”. Did you mean pack=fruit?",
			"start kestrel nova rounds=ten":       "“ten” is not a number. For example: rounds=10",
			"start kestrel nova rounds=21":        "A tasting has 1 to 20 rounds",
			"start kestrel nova rounds=0":         "A tasting has 1 to 20 rounds",
			"start kestrel nova ballot=privat":    "Did you mean ballot=private?",
			"start kestrel nova until=soon":       "I do not understand the time “soon”. Try until=",
			"start kestrel nova until=1999-01-01": "That time is over already",
			"start kestrel nova pack=":            "“pack=” needs a value",
			"start kestrel nova pack=a pack=b":    "stands there twice",
			`start kestrel nova prompt="never`:    "A quote is opened and never closed",
			`start kestrel nova prompt="` + strings.Repeat("é", 4001) + `"`: "has 4,001 characters; at most 4,000",
			"close 7":         "There is no taste test 7 here",
			"close seven":     "“seven” is not a tasting’s number. For example: /tastetest close 7",
			"close":           "No tasting is under way in this channel. To begin one: /tastetest start",
			"results":         "No tasting is revealed in this channel",
			"models all":      "I do not understand “all” there",
			"models pack=one": "“models” takes no options",
		} {
			n := s.notice(s.command(starter, text))
			if !n.Error || !strings.Contains(n.Text.String(), want) {
				s.Errorf("%q is answered with %q, want %q", text, n.Text, want)
			}
		}
	})
}

// Only the example at a sentence's end is made to fit what is there. What was
// meant, and what somebody typed, is said as it is, also where the examples'
// own names are those of packs and models.
func TestExamplesFitWhatIsThere(t *testing.T) {
	said := func(packs []string, models [2]string, wants map[string]string) {
		t.Helper()
		play(t, func(s *stage) {
			s.models[0].name, s.models[1].name = models[0], models[1]
			var library shelves
			for _, name := range packs {
				p := pack(3)
				p.Name = name
				library.packs = append(library.packs, p)
			}
			s.opt.Library = library
		}, func(s *stage) {
			for text, want := range wants {
				n := s.notice(s.command(starter, text))
				if got := n.Text.String() + "\n" + n.Code.String(); !strings.Contains(got, want) {
					s.Errorf("with the packs %q and the models %q, %q is answered with\n%s\nwithout %q", packs, models, text, got, want)
				}
			}
		})
	}
	said([]string{"brain-teasers", "humour"}, [2]string{"kestrel", "nova"}, map[string]string{
		"start kestrel nova pack=humor":        "Did you mean pack=humour?",
		"start kestrel nova pack=brain-teaser": "Did you mean pack=brain-teasers?",
		"start kestrel nova pakc=humour":       "Did you mean “pack”? For example: pack=humour",
		"standings humour":                     "Type: /tastetest standings pack=humour",
		"packs humor":                          "Did you mean pack=humour?",
		"help packs":                           "/tastetest packs humour",
		"close pack=humour":                    "“close” takes no options. For example: /tastetest close 7",
	})
	said([]string{"fruit"}, [2]string{"osprey", "wren"}, map[string]string{
		"start osprey wren pakc=fruit":                  "For example: pack=fruit",
		"help packs":                                    "/tastetest packs fruit",
		"help start":                                    "/tastetest start osprey wren pack=fruit rounds=10",
		"strat":                                         "For example: /tastetest start osprey wren pack=fruit rounds=10",
		"start osprey wren third":                       "I do not understand “third” there. For example: /tastetest start osprey wren",
		`frobnicate`:                                    "I do not know “frobnicate”",
		`start osprey wren ballot=pack=humour`:          "I do not know ballot=pack=humour. It can be",
		`close "start kestrel nova"`:                    "“start kestrel nova” is not a tasting’s number",
		`start osprey wren worth=60 dearer=kestrel`:     "dearer=osprey",
		`start osprey wren rounds="start kestrel nova"`: "“start kestrel nova” is not a number. For example: rounds=10",
	})
	said([]string{"fruit"}, [2]string{"osprey", "kestrel"}, map[string]string{
		"start kestrel osprey worth=60 dearer=ospry": "For example: worth=60 dearer=kestrel",
	})
}

// In a channel that is spoken to in Chinese examples draw on prompts in Chinese.
func TestExamplesInChinese(t *testing.T) {
	play(t, func(s *stage) {
		library := shelves{}
		for _, name := range []string{"brain-teasers", "humour", "zh-humour"} {
			p := pack(3)
			p.Name = name
			library.packs = append(library.packs, p)
		}
		s.opt.Library, s.opt.Language = library, bot.Zh
	}, func(s *stage) {
		for typed, want := range map[string]string{
			"帮助 开始": "/tastetest 开始 kestrel nova pack=zh-humour rounds=10",
			"帮助 题库": "/tastetest 题库 zh-humour",
			"帮助 定时": "/tastetest 定时 工作日 10:00 开始 kestrel nova rounds=1",
			"帮助 延长": `/tastetest 延长 7 until="周五 17:00"`,
			"帮助":    "想多了解某一个：/tastetest 帮助 开始",
			"strat": "例如：/tastetest 开始 kestrel nova pack=zh-humour rounds=10",
		} {
			n := s.notice(s.command(starter, typed))
			w := say.Words{Voice: n.Voice}.For(n)
			if got := w.Text(n.Text) + "\n" + w.Text(n.Code); !strings.Contains(got, want) {
				s.Errorf("%q is answered with\n%s\nwithout %q", typed, got, want)
			}
		}
	})
}

// shelves is a library of several packs.
type shelves struct {
	shelf
	packs []bot.Pack
}

func (s shelves) Packs() []bot.Pack { return s.packs }

// Phones and Chinese keyboards type other signs than a command wants.
func TestTypographicCommands(t *testing.T) {
	play(t, nil, func(s *stage) {
		for _, text := range []string{
			`start kestrel nova prompt="Say hello" until=2h`,
			`/tastetest start kestrel nova prompt=“Say hello” until=2h`,
			`start　kestrel　nova　prompt＝「Say hello」 until＝2h`,
			`start kestrel nova —prompt="Say hello” –until=2h`,
			`until=2h START nova`,
		} {
			n := s.notice(s.command(starter, text))
			if strings.HasPrefix(text, "until") {
				if !n.Error {
					s.Errorf("%q is understood: %+v", text, n)
				}
				continue
			}
			if n.Error || !strings.HasPrefix(n.Text.String(), "kestrel against nova: 1 prompt from your own prompts") {
				s.Errorf("%q is answered with %+v", text, n)
			}
		}
	})
}

// Inside a quoted text the signs stay as they were typed.
func TestQuotedTextStays(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start(`start kestrel nova prompt="Don’t—say “no”，or：else" until=2h`)
		b := s.room.called(s.T, "1.1/ballot").now().(bot.Ballot)
		if b.Prompt != "Don’t—say “no”，or：else" {
			s.Errorf("prompt = %q", b.Prompt)
		}
	})
}

// A backslash makes a quote part of a quoted text, so that any text can be said.
func TestQuotesInsideQuotes(t *testing.T) {
	for typed, want := range map[string]string{
		`say \"no\" to “it”`: `say "no" to “it”`,
		`an open \“ quote`:   `an open “ quote`,
		`C:\temp \\`:         `C:\temp \`,
		`a pattern \d+`:      `a pattern \d+`,
	} {
		play(t, nil, func(s *stage) {
			s.start(`start kestrel nova prompt="` + typed + `" until=2h`)
			if b := s.room.called(s.T, "1.1/ballot").now().(bot.Ballot); string(b.Prompt) != want {
				s.Errorf("%s is understood as %q, not %q", typed, b.Prompt, want)
			}
		})
	}
}

func TestSuggest(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start(`start kestrel nova prompt="Hello?" until=2h`)
		for typed, want := range map[string]string{
			"":                         "start ",
			"sta":                      "start ",
			"start ":                   "start kestrel ",
			"start kestrel ":           "start kestrel nova ",
			"start kestrel nova pa":    "start kestrel nova pack=",
			"start kestrel nova pack=": "start kestrel nova pack=mixed ",
			"start ballot=p":           "start ballot=private ",
			"close ":                   "close 1 ",
			"help c":                   "help compare ",
		} {
			got := s.bot.Suggest(s.Context(), bot.Command{At: lounge, User: starter, Text: typed})
			if len(got) == 0 || got[0].Text != want || len(got) > 25 {
				s.Errorf("after %q: %+v, want %q first", typed, got, want)
			}
		}
		if got := s.bot.Suggest(s.Context(), bot.Command{At: lounge, Text: "start zzz"}); len(got) != 0 {
			s.Errorf("after nonsense: %+v", got)
		}
	})
}

// An internal fault gets an apology with an id that is in the log, and no word
// of what it was.
func TestApology(t *testing.T) {
	var log strings.Builder
	play(t, func(s *stage) { s.log = &log }, func(s *stage) {
		s.stop() // the store is closed under it
		n := s.notice(s.command(starter, "status"))
		_, id, _ := strings.Cut(n.Text.String(), "(id ")
		id, _, _ = strings.Cut(id, ")")
		if !strings.HasPrefix(n.Text.String(), "Sorry,") || len(id) != 8 || strings.Contains(n.Text.String(), "closed") || !strings.Contains(log.String(), id) {
			s.Errorf("answered with %q; the log:\n%s", n.Text, log.String())
		}
		s.begin()
	})
}

// What was meant by a slip, or by plain words, is offered as buttons that do it; a
// button asks for the same rights as the command.
func TestWhatWasMeantCanBeTapped(t *testing.T) {
	play(t, func(s *stage) { s.room.admins = []string{"boss"} }, func(s *stage) {
		taps := func(r bot.Reply) (ids []string) {
			for _, b := range s.notice(r).Buttons {
				ids = append(ids, b.ID)
			}
			return ids
		}
		for typed, want := range map[string]string{
			"strat kestrel nova rounds=1":   "type/start kestrel nova rounds=1",
			"start kestrel nvoa rounds=1":   "type/start kestrel nova rounds=1",
			"start kestrel nova pack=friut": "type/start kestrel nova pack=fruit",
			"stop":                          "type/close type/cancel",
			"frobnicate":                    "type/start type/results type/help",
			"help strat":                    "type/help start",
			"settings language=englsh":      "type/settings language=en",
			"models all":                    "",
		} {
			if got := strings.Join(taps(s.command(starter, typed)), " "); got != want {
				s.Errorf("after %q can be tapped: %q; want %q", typed, got, want)
			}
		}
		said := s.bot.Command(s.Context(), bot.Command{At: lounge, User: "flo", Text: "how do I cancel this?", Talk: true})
		if got := strings.Join(taps(said), " "); got != "type/cancel type/help" || s.notice(said).Error {
			s.Errorf("plain words are answered with %q", got)
		}
		if n := s.notice(s.press(starter, "type/start kestrel nova pack=fruit rounds=1")); n.Error || !strings.Contains(n.Title.String(), "Start this taste test?") {
			s.Errorf("tapped, it is answered %q %q", n.Title, n.Text)
		}
		if n := s.notice(s.press("flo", "type/settings language=zh")); !n.Error || !strings.Contains(n.Text.String(), "Only admins") {
			s.Errorf("who may not type it may tap it: %q", n.Text)
		}
		s.command("boss", "settings language=zh")
		n := s.notice(s.command(starter, "停止"))
		if len(n.Buttons) != 2 || worded(n, n.Buttons[0].Label) != "/tastetest 结束" || worded(n, n.Text) != "现在就结束并揭晓，还是取消、不揭晓？/tastetest 结束 或 /tastetest 取消" {
			s.Errorf("in Chinese it asks %q, with %+v", worded(n, n.Text), n.Buttons)
		}
		for typed, want := range map[string]string{"": "开始 ", "排": "排行 ", "sta": "start ", "帮助 结果": "帮助 结果 "} {
			if got := s.bot.Suggest(s.Context(), bot.Command{At: lounge, User: starter, Text: typed}); len(got) == 0 || got[0].Text != want {
				s.Errorf("where Chinese is spoken, %q is completed by %+v, want %q first", typed, got, want)
			}
		}
	})
}
