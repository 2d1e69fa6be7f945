package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Until somebody has voted, all that they are sent is the same whatever others
// have tapped; after it they see who tapped what, and not once they have taken
// their vote back.
func TestNobodyIsSwayed(t *testing.T) {
	h := openHouse(t)
	ada, bob := joined(t, h.url, "Ada"), joined(t, h.url, "Bob")
	_, o := ada.post("/command", "text", "/tastetest start rounds=1")
	ada.post("/press", "button", between(ada.shown(o), `name="button" value="`, `"`))
	ballot := ""
	for end := time.Now().Add(slow); ballot == "" && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		ballot = between(ada.get("/channel"), `name="message" value="`, `"`)
	}
	tap := func(p *person, tap string) {
		t.Helper()
		if status, o := p.post("/tap", "channel", "tasting", "message", ballot, "tap", tap); status != 200 {
			t.Fatalf("tapping %s: %d %s", tap, status, o.Error)
		}
	}
	all := func(p *person) string { return p.get("/") + p.get("/channel") + p.news() }
	tap(ada, "on:left")
	first := all(bob)
	for _, says := range []string{"1 voted", "How others voted is shown once you have voted yourself."} {
		if !strings.Contains(first, says) {
			t.Errorf("Bob is not told %q", says)
		}
	}
	for _, c := range bot.Choices[1:] {
		tap(ada, "on:"+string(c.Choice))
		if all(bob) != first {
			t.Errorf("Bob has not voted, and is sent something else once Ada taps %s", c.Choice)
		}
	}
	tap(bob, "on:right")
	for what, got := range map[string]string{"page": bob.get("/"), "channel": bob.get("/channel"), "news": bob.news()} {
		if !strings.Contains(got, "<bdi>Ada</bdi>") || !strings.Contains(got, "Everyone who has voted here can see who tapped what.") {
			t.Errorf("Bob has voted, and the %s does not name Ada", what)
		}
	}
	tap(bob, "off:right")
	if all(bob) != first {
		t.Error("Bob has taken his vote back, and is sent more than before it")
	}
}

// What is said of who sees votes is true of the page, where one votes first: in the
// form, in the help, in the question before the start, and in what may have swayed the votes.
func TestWhoSeesVotesIsSaidAsItIs(t *testing.T) {
	h := openHouse(t)
	ada := joined(t, h.url, "Ada")
	said := func(where, got, want string) {
		t.Helper()
		if !strings.Contains(got, want) {
			t.Errorf("%s does not say %q", where, want)
		}
		for _, of := range []string{"everyone sees who tapped what", "and who taps what", "Votes could be seen while voting was open"} {
			if strings.Contains(got, of) {
				t.Errorf("%s says %q, as of a chat", where, of)
			}
		}
	}
	_, o := ada.post("/command", "text", "/tastetest start")
	said("the form", ada.shown(o), "By emoji; voters see who tapped what")
	_, o = ada.post("/command", "text", "/tastetest help start")
	said("the help", ada.shown(o), "reaction, if you say nothing: whoever has voted sees who tapped what")
	_, o = ada.post("/command", "text", "/tastetest help schedule")
	said("the help on schedules", ada.shown(o), "reaction, if you say nothing: whoever has voted sees who tapped what")
	_, o = ada.post("/command", "text", "/tastetest start rounds=1")
	asked := ada.shown(o)
	said("the question", asked, "everyone in this channel sees it, and who tapped what once they have voted themselves.")
	ada.post("/press", "button", between(asked, `name="button" value="`, `"`))
	until := func(found func(channel string) bool) string {
		t.Helper()
		for end := time.Now().Add(slow); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if channel := ada.get("/channel"); found(channel) {
				return channel
			}
		}
		t.Fatal("it does not come")
		return ""
	}
	ballot := between(until(func(s string) bool { return strings.Contains(s, `name="message" value="`) }), `name="message" value="`, `"`)
	for _, p := range []*person{ada, joined(t, h.url, "Bob"), joined(t, h.url, "Cy"), joined(t, h.url, "Di"), joined(t, h.url, "Ed")} {
		if status, o := p.post("/tap", "channel", "tasting", "message", ballot, "tap", "on:left"); status != 200 {
			t.Fatalf("tapping: %d %s", status, o.Error)
		}
	}
	ada.post("/press", "button", "1/close")
	said("the reveal", until(func(s string) bool { return strings.Contains(s, "too few prompts for a verdict") }),
		"Whoever had voted saw how others had, and could still change their vote, so votes may have swayed each other.")
}

// news is what the page's script is sent that has nothing yet.
func (p *person) news() string {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.url+"/channel", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	r, err := p.client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	_, body := p.read(r)
	return body
}

// between is what stands in s after one text and before the next; "" if it has not both.
func between(s, before, after string) string {
	_, rest, ok := strings.Cut(s, before)
	found, _, closed := strings.Cut(rest, after)
	if !ok || !closed {
		return ""
	}
	return found
}
