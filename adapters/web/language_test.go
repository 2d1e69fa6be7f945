package web_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

// asking is a browser that asks for languages.
type asking struct {
	http.RoundTripper
	languages string
}

func (a asking) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Accept-Language", a.languages)
	return a.RoundTripper.RoundTrip(r)
}

func (p *person) reads(languages string) *person {
	p.client.Transport = asking{p.client.Transport, languages}
	return p
}

// Each reader has a language: what they chose, else what their browser asks
// for, else that of the place.
func TestLanguage(t *testing.T) {
	for _, tt := range []struct {
		name, place, browser, chosen string
		want                         string
	}{
		{"nobody says anything", "", "", "", "en"},
		{"the place is Chinese", "zh", "", "", "zh-CN"},
		{"the place is Chinese and the browser neither", "zh", "fr-CH, de;q=0.5", "", "zh-CN"},
		{"the browser is Chinese", "en", "zh-CN,zh;q=0.9,en;q=0.8", "", "zh-CN"},
		{"the browser likes English better", "zh", "en-GB,zh;q=0.5", "", "en"},
		{"the browser takes Chinese after what there is not", "en", "fr, zh;q=0.5, en;q=0.1", "", "zh-CN"},
		{"the menu stands over the browser", "en", "zh", "en", "en"},
		{"the menu stands over the place", "en", "", "zh", "zh-CN"},
		{"a browser that says nonsense", "zh", ";;;q=x", "", "zh-CN"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMemory()
			_, url := serve(t, m, m, web.Options{})
			h := samples.Head
			h.Lang, h.Main = bot.Lang(tt.place), &bot.Button{ID: "12/taste", Label: bot.Say("Start tasting")}
			m.put(channel, bot.PostKey{Tasting: tasting(12), What: "head"}, h)
			p := joined(t, url, "Ada").reads(tt.browser)
			if tt.chosen != "" {
				if status, o := p.post("/language", "lang", tt.chosen); status != http.StatusOK {
					t.Fatalf("the menu's choice is answered %d %+v", status, o)
				}
			}
			page := p.get("/")
			says := map[string][]string{"en": {"Start tasting", `aria-label="Send"`}, "zh-CN": {"开始盲测", `aria-label="发送"`}}
			for lang, words := range says {
				if stands := strings.Contains(page, `<html lang="`+lang+`">`); stands != (lang == tt.want) {
					t.Errorf("that the page says it is in %s is %v", lang, stands)
				}
				for _, word := range words {
					if stands := strings.Contains(page, word); stands != (lang == tt.want) {
						t.Errorf("that the page says %q is %v, in %s", word, stands, tt.want)
					}
				}
			}
		})
	}
}

// What is not in the menu is refused, and leaves the language as it was.
func TestNoSuchLanguage(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	p := joined(t, url, "Ada").reads("zh")
	if status, o := p.post("/language", "lang", "tlh"); status != http.StatusBadRequest || !strings.Contains(o.Error, "选一种语言") {
		t.Errorf("Klingon is answered %d %q", status, o.Error)
	}
	if page := p.get("/"); !strings.Contains(page, `<html lang="zh-CN">`) {
		t.Error("after that the page is not in Chinese")
	}
}

// What goes wrong is said in the reader's language too, by the page and by the core.
func TestErrorsInTheReadersLanguage(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	p := joined(t, url, "Ada").reads("zh")
	var heard bot.Command
	m.command = func(c bot.Command) bot.Reply { heard = c; return bot.Reply{} }
	for said, talk := range map[string]bool{"hello": true, "开始吧": true, "/tastetest start": false} {
		if p.post("/command", "text", said); heard.Talk != talk {
			t.Errorf("%q is passed on as talk: %t", said, heard.Talk)
		}
	}
	m.err = bot.UserError(bot.Say("Voting has ended."))
	if _, o := p.post("/tap", "channel", "tasting", "message", "12.1/ballot", "tap", "on:left"); o.Error != "投票已经结束。" {
		t.Errorf("a tap that comes too late is answered %q", o.Error)
	}
	m.press = func(bot.Press) bot.Reply {
		return bot.Reply{Post: bot.Notice{Text: bot.Say("Voting has ended."), Error: true}}
	}
	if _, o := p.post("/press", "button", "12/close", "in", "dialog"); o.Error != "投票已经结束。" {
		t.Errorf("a button that comes too late is answered %q", o.Error)
	}
}

// A post with a sentence that has no Chinese yet is English as a whole, and says
// so; all else on the page is in Chinese.
func TestADraftIsEnglish(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	whole := sentences(adaptertest.Samples(workspace)).Head
	m.put(channel, bot.PostKey{Tasting: tasting(12), What: "head"}, whole)
	draft := whole
	draft.Privacy = bot.Say("a sentence without Chinese")
	m.put(channel, bot.PostKey{Tasting: tasting(13), What: "head"}, draft)
	page := joined(t, url, "Ada").reads("zh").get("/")
	if post := article(page, "m-12-head"); !strings.Contains(post, "开始盲测") || strings.Contains(post, "lang=") {
		t.Errorf("the post that is there in Chinese is:\n%s", post)
	}
	if post := article(page, "m-13-head"); !strings.Contains(post, "Start tasting") || strings.Contains(post, "开始盲测") || !strings.Contains(post, `<article lang="en" `) {
		t.Errorf("the post with a sentence that is not is:\n%s", post)
	}
	if !strings.Contains(page, `<html lang="zh-CN">`) || !strings.Contains(page, "查看全部命令") {
		t.Error("the page around them is not in Chinese")
	}
}

// Times carry what a browser needs to show them in its own zone, and stand in
// the place's until it has.
func TestTimes(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	h := samples.Head
	h.Progress = bot.Say("closes {when}", bot.Moment(time.Date(2020, 3, 5, 16, 0, 0, 0, time.UTC).In(berlin)))
	m.put(channel, bot.PostKey{Tasting: tasting(12), What: "head"}, h)
	for lang, want := range map[string]string{
		"en": `closes <time datetime="2020-03-05T16:00:00Z">Thu 5 Mar 17:00</time>`,
		"zh": `<time datetime="2020-03-05T16:00:00Z">3月5日（周四）17:00</time> 截止`,
	} {
		if page := joined(t, url, "Ada").reads(lang).get("/channel"); !strings.Contains(page, want) {
			t.Errorf("in %s there is no %s on the page", lang, want)
		}
	}
}

// All words on the page come from the catalogue: what draws it has none of its own.
func TestPagesHaveNoWordsOfTheirOwn(t *testing.T) {
	files, err := filepath.Glob("*html.go")
	if err != nil || len(files) == 0 {
		t.Fatal("nothing draws the page", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range ownWords(t, src) {
			t.Errorf("%s says %q by itself", file, words)
		}
	}
	bad := []byte(`package web
func x() Node {
	return P(Title(a+" for all"), Class("card "+b), Aria("label", "heard"), Data("say", "typed"),
		Text(w.say("fine")), B(Text("not")), If(c, Textf("so %d", d)), Raw("<b>nor</b>"), markup("this"))
}`)
	if got := strings.Join(ownWords(t, bad), "|"); got != " for all|heard|not|so %d|<b>nor</b>|this" {
		t.Errorf("of a page with words of its own these are found: %q", got)
	}
}

// ownWords are the words that a file says to people itself.
func ownWords(t *testing.T, src []byte) (all []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	shown := []string{"Text", "Textf", "Raw", "Rawf", "markup", "Title", "Alt", "Placeholder", "aria-label", "aria-description", "title", "alt", "placeholder"}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		fn, ok := call.Fun.(*ast.Ident)
		if !ok {
			return true
		}
		name, said := fn.Name, call.Args
		if (name == "Aria" || name == "Attr") && len(said) == 2 {
			name, said = map[string]string{"Aria": "aria-"}[name]+strings.Join(literals(said[0]), ""), said[1:]
		}
		if slices.Contains(shown, name) {
			for _, x := range said {
				for _, s := range literals(x) {
					if strings.ContainsFunc(s, unicode.IsLetter) {
						all = append(all, s)
					}
				}
			}
		}
		return true
	})
	return all
}

// literals are the texts in an expression, apart from what it gives to functions.
func literals(x ast.Expr) (all []string) {
	ast.Inspect(x, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			s, _ := strconv.Unquote(lit.Value)
			all = append(all, s)
		}
		_, call := n.(*ast.CallExpr)
		return !call
	})
	return all
}

// Nor have the scripts: what they say stands in the page that they come with.
func TestScriptsHaveNoWordsOfTheirOwn(t *testing.T) {
	files, err := filepath.Glob("static/*.js")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	shown := regexp.MustCompile(`"[A-Z][^"\n]* [^"\n]*"|(?:textContent|innerText|ariaLabel) = [^;"\n]*"[^"\n]*[A-Za-z]{2}`)
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range shown.FindAllString(string(src), -1) {
			t.Errorf("%s says %s", file, words)
		}
	}
	if !shown.MatchString(`toast("That did not work.")`) || !shown.MatchString(`el.textContent = all ? "less" : more`) {
		t.Error("what a script says by itself is not found")
	}
}

// What a chip of the form's fills in is what its reader would type, and is understood.
func TestChipsFillInWhatTheySay(t *testing.T) {
	h := openHouse(t)
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for language, of := range map[string]map[string]string{
		"en": {"1 h": "24 10:00", "tomorrow 17:00": "25 17:00"},
		"zh": {"1 小时": "24 10:00", "明天 17:00": "25 17:00"},
	} {
		p := joined(t, h.url, "Reads "+language).reads(language)
		_, o := p.post("/command", "text", "/tastetest start")
		form := p.shown(o)
		for says, want := range of {
			if !strings.Contains(form, `data-value="`+says+`"`) {
				t.Errorf("read in %s no chip fills in %q", language, says)
			}
			if got, err := command.When(says, now); err != nil || got.Format("2 15:04") != want {
				t.Errorf("%q, which a chip fills in, is understood as %v, %v", says, got, err)
			}
		}
	}
}
