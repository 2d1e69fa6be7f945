package web_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// A model's name and what somebody wrote stay as they are at a headline's beginning;
// no stylesheet makes capitals of them.
func TestHeadlinesKeepNames(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	ada := joined(t, url, "Ada")
	for want, said := range map[string]bot.Sentence{
		"kestrel is preferred.": bot.Say("{name} is preferred.", bot.Verbatim("kestrel")),
		"which one?":            bot.Quoted("which one?"),
		"Done":                  bot.Say("done"),
	} {
		m.press = func(bot.Press) bot.Reply {
			return bot.Reply{Post: bot.Seat{Round: tasting(12).Round(0), Title: bot.Dotted(bot.Say("Taste test {id}", tasting(12)), said)}}
		}
		_, o := ada.post("/press", "button", "12/taste")
		if got := ada.shown(o); !strings.Contains(got, ">"+want+"<") {
			t.Errorf("%q is not shown as a headline:\n%s", want, got)
		}
	}
	sheets, err := filepath.Glob("static/*.css")
	if err != nil || len(sheets) == 0 {
		t.Fatalf("%d stylesheets, %v", len(sheets), err)
	}
	for _, name := range sheets {
		css, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if m := regexp.MustCompile(`text-transform: *(uppercase|capitalize)`).Find(css); m != nil {
			t.Errorf("%s has %s", name, m)
		}
	}
}
