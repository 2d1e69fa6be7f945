package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

var proposal = bot.Notice{Title: bot.Literal("Start this taste test?"), Text: bot.Literal("kestrel against nova: 3 prompts."), Buttons: []bot.Button{
	{ID: "d14/go", Label: bot.Literal("Start tasting"), Primary: true}, {ID: "d14/drop", Label: bot.Literal("Not now")},
}}

// One card goes from the question to the last report.
func TestOneCard(t *testing.T) {
	m := newMemory()
	more, told := make(chan string), make(chan bool)
	m.command = func(c bot.Command) bot.Reply {
		if c.Text == "help" {
			return bot.Reply{Post: help}
		}
		return bot.Reply{Post: proposal}
	}
	m.press = func(p bot.Press) bot.Reply {
		switch p.Button {
		case "d14/drop":
			return bot.Reply{Post: bot.Notice{Text: bot.Literal("Dropped.")}}
		case "d14/close":
			return bot.Reply{Post: bot.Notice{Error: true, Text: bot.Literal("Today’s money is spent.")}}
		}
		return bot.Reply{
			Post: bot.Notice{Title: bot.Literal("Taste test 14"), Text: bot.Literal("Asking both models: 0 of 3 ready.")},
			Later: func(_ context.Context, say func(bot.Post) error) error {
				for text := range more {
					say(bot.Notice{Title: bot.Literal("Taste test 14"), Text: bot.Literal(text)})
					told <- true
				}
				return nil
			},
		}
	}
	c, url := serve(t, m, m, web.Options{})
	ada := joined(t, url, "Ada")
	is := func(want string) {
		t.Helper()
		page := ada.get("/channel")
		if n := strings.Count(page, "Only you can see this"); n != 1 || !strings.Contains(page, want) {
			t.Errorf("there are %d cards, and one should say %q:\n%s", n, want, page)
		}
	}
	ask := func() string {
		_, o := ada.post("/command", "text", "/tastetest start kestrel nova")
		return strings.TrimPrefix(o.Said, "p-")
	}
	ask()
	card := ask() // the same again is no second card
	is("Start this taste test?")
	ada.post("/press", "button", "d14/close", "card", card)
	is("Today’s money is spent.")
	is("Start this taste test?") // what was asked still stands
	ada.post("/press", "button", "d14/go", "card", card)
	is("Asking both models: 0 of 3")
	more <- "Asking both models: 2 of 3 ready."
	<-told
	is("2 of 3")
	if err := c.Tell(t.Context(), bot.Voter{Workspace: workspace, User: ada.user()}, bot.Notice{Title: bot.Literal("Taste test 14"), Text: bot.Literal("3 of 3 ready; posting now.")}); err != nil {
		t.Fatal(err)
	}
	more <- "Asking both models: 3 of 3 ready." // older than what stands there
	<-told
	is("3 of 3 ready; posting now.")

	// What only says that a post is coming goes once that stands, also in a thread.
	head := bot.PostKey{Tasting: tasting(14), What: "head"}
	ballot := bot.PostKey{Tasting: tasting(14), Round: 1, What: "ballot"}
	tell := func(n bot.Notice) {
		t.Helper()
		if err := c.Tell(t.Context(), bot.Voter{Workspace: workspace, User: ada.user()}, n); err != nil {
			t.Fatal(err)
		}
	}
	tell(bot.Notice{Title: bot.Literal("Taste test 14"), Text: bot.Literal("All ready; posting now."), Awaits: ballot})
	is("All ready; posting now.")
	ref := m.put(channel, head, samples.Head)
	is("All ready; posting now.")
	m.put(bot.Place{Workspace: workspace, Channel: channel.Channel + "/" + ref.Message}, ballot, samples.Ballot)
	if page := ada.get("/channel"); strings.Contains(page, "Only you can see this") {
		t.Errorf("the ballot stands, and still it is said to be coming:\n%s", page)
	}
	tell(bot.Notice{Text: bot.Literal("Dropped.")})
	is("Dropped.")
	close(more)

	bob := joined(t, url, "Bob")
	_, o := bob.post("/command", "text", "/tastetest start")
	bob.post("/press", "button", "d14/drop", "card", strings.TrimPrefix(o.Said, "p-"))
	if page := bob.get("/channel"); strings.Count(page, "Only you can see this") != 1 || !strings.Contains(page, "Dropped.") {
		t.Errorf("after “Not now” there is:\n%s", page)
	}
	bob.post("/command", "text", "/tastetest help")
	bob.post("/command", "text", "/tastetest start")
	if page := bob.get("/channel"); !strings.Contains(page, "2 earlier notices") || strings.Count(page, " private old") != 2 {
		t.Errorf("of three notices two are not folded:\n%s", page)
	}
}

// Whoever is forgotten is signed out, and told so.
func TestForgetMe(t *testing.T) {
	m := newMemory()
	refuse := true
	m.press = func(bot.Press) bot.Reply {
		return bot.Reply{Post: bot.Notice{Text: bot.Literal("Done, Sir."), Error: refuse}}
	}
	_, url := serve(t, m, m, web.Options{})
	ada := joined(t, url, "Ada")
	ada.post("/press", "button", "forget-me")
	if !strings.Contains(ada.get("/"), "<bdi>Ada</bdi>") {
		t.Error("Ada is signed out, though she was not forgotten")
	}
	refuse = false
	if _, o := ada.post("/press", "button", "forget-me"); !strings.Contains(o.Dialog, "Done, Sir.") {
		t.Errorf("she is told %+v", o)
	}
	if k := ada.cookie("user"); k.Value != "" {
		t.Errorf("her browser still has the cookie %v", k)
	}
	if page := ada.get("/"); !strings.Contains(page, "Give a name</a>") || strings.Contains(page, "Only you can see this") {
		t.Errorf("the page is still hers:\n%s", page)
	}

	plain := joined(t, url, "Bob") // without the script
	r, err := plain.client.PostForm(url+"/press", map[string][]string{"button": {"forget-me"}})
	if err != nil {
		t.Fatal(err)
	}
	if status, body := plain.read(r); status != 200 || !strings.Contains(body, "Done, Sir.") || plain.cookie("user").Value != "" {
		t.Errorf("answered %d with cookie %v:\n%s", status, plain.cookie("user"), body)
	}
}

// What somebody was told stays as it was told, while the taste test that it is about
// goes on: it says as of when that is.
func TestACardSaysItsTime(t *testing.T) {
	m := newMemory()
	m.command = func(bot.Command) bot.Reply {
		return bot.Reply{Post: bot.Notice{Title: bot.Literal("Taste test 14"), Text: bot.Literal("2 of 9 have tasted.")}}
	}
	_, url := serve(t, m, m, web.Options{})
	ada := joined(t, url, "Ada")
	before := time.Now().Truncate(time.Second)
	_, o := ada.post("/command", "text", "/tastetest status")
	after := time.Now()
	card := ada.shown(o)
	_, at, _ := strings.Cut(card, `<header class="only"><p>Only you can see this · <time datetime="`)
	at, _, _ = strings.Cut(at, `"`)
	if said, err := time.Parse(time.RFC3339, at); err != nil || said.Before(before) || said.After(after) {
		t.Errorf("it was said between %s and %s, and the card says %q:\n%s", before, after, at, card)
	}
}
