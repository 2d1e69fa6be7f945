package web_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store"
)

// What somebody chose and where they are goes with them, and not with the browser:
// it is in the store until they are forgotten.
func TestPeopleAreKept(t *testing.T) {
	kept, err := store.Open(t.Context(), logger(t), filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	m := newMemory()
	m.put(channel, bot.PostKey{Tasting: tasting(12), What: "head"}, sentences(samples).Head)
	c, url := serve(t, m, m, web.Options{People: kept})
	is := func(user string, want bot.Profile) {
		t.Helper()
		got, err := kept.Profile(t.Context(), bot.Voter{Workspace: workspace, User: user})
		if err != nil || got != want {
			t.Errorf("of %s is kept %+v, %v; want %+v", user, got, err, want)
		}
	}
	speaks := func(p *person, lang string) {
		t.Helper()
		if !strings.Contains(p.get("/"), `<html lang="`+lang+`">`) {
			t.Errorf("the page is not in %s", lang)
		}
	}

	p := newPerson(t, url)
	p.post("/language", "lang", "zh")
	if status, o := p.post("/name", "name", "小马", "zone", "Asia/Shanghai"); status != http.StatusOK {
		t.Fatalf("join: %d %+v", status, o)
	}
	is(p.user(), bot.Profile{Name: "小马", Lang: bot.Zh, Zone: "Asia/Shanghai"})
	speaks(p, "zh-CN")
	if who, err := c.Person(t.Context(), bot.Voter{Workspace: workspace, User: p.user()}); err != nil || who != (bot.Person{Name: "小马", Zone: "Asia/Shanghai"}) {
		t.Errorf("the core is told %+v, %v", who, err)
	}

	other := newPerson(t, url).as(p) // the same person in another browser, which asks for English
	other.reads("en")
	speaks(other, "zh-CN")
	other.post("/language", "lang", "en")
	speaks(p, "en")
	for _, bad := range []string{"", "Local", "Mars/Olympus", "../etc/passwd", strings.Repeat("x", 99)} {
		p.post("/zone", "zone", bad)
	}
	is(p.user(), bot.Profile{Name: "小马", Lang: bot.En, Zone: "Asia/Shanghai"})
	p.post("/zone", "zone", "Europe/Berlin")
	is(p.user(), bot.Profile{Name: "小马", Lang: bot.En, Zone: "Europe/Berlin"})

	if _, err := kept.Forget(t.Context(), bot.Voter{Workspace: workspace, User: p.user()}); err != nil {
		t.Fatal(err)
	}
	is(p.user(), bot.Profile{})
}
