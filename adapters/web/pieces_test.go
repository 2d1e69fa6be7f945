package web_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// What was rendered for one person never shows another more, less, or in another
// language than a page that is rendered for them alone; and it is rendered once for
// all who are shown the same.
func TestRenderedForOthers(t *testing.T) {
	began := time.Now().Unix() / 60
	m := newMemory()
	c, url := serve(t, m, m, web.Options{})
	head := m.put(channel, bot.PostKey{Tasting: tasting(12), What: bot.HeadPost}, samples.Head)
	thread := bot.Place{Workspace: workspace, Channel: "tasting/" + head.Message}
	open := m.put(thread, bot.PostKey{Tasting: tasting(12), Round: 1, What: bot.BallotPost}, samples.Ballot)
	over := samples.Ballot
	over.State = bot.Closed
	m.put(thread, bot.PostKey{Tasting: tasting(12), Round: 2, What: bot.BallotPost}, over)
	m.put(channel, bot.PostKey{Tasting: tasting(11), What: bot.AnnouncementPost}, samples.Announcement)

	var people []*person
	for _, name := range []string{"Ada", "Bo", "Cy", "Di", "Ed", "Fay", "Guy", "Hal"} {
		for _, lang := range []string{"en", "zh"} {
			people = append(people, joined(t, url, name+" "+lang).reads(lang))
		}
	}
	votes := func(p *person, choice bot.Choice) {
		if status, o := p.post("/tap", "channel", open.Channel, "message", open.Message, "tap", "on:"+string(choice)); status != 200 {
			t.Fatalf("a tap is answered %d %s", status, o.Error)
		}
	}
	look := func(p *person) string {
		// The other chat has rendered nothing yet, and knows the same people.
		_, alone := serve(t, m, m, web.Options{})
		there := newPerson(t, alone).as(p)
		lang := "en"
		if strings.Contains(p.user(), " zh·") { // what follows the name is drawn, and may have a zh too
			lang = "zh"
		}
		there.reads(lang)
		got := p.get("/channel")
		if diff := cmp.Diff(strings.Split(there.get("/channel"), "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("%s is shown other than on a page that nobody had before:\n%s", p.user(), diff)
		}
		return got
	}
	for i, p := range people {
		switch i / 2 {
		case 0, 1, 2:
			votes(p, bot.Left)
		case 3:
			votes(p, bot.Right)
		}
	}
	for range 2 {
		for i, p := range people {
			page := article(look(p), "m-12-head")
			if named := strings.Contains(page, "Ada en"); named != (i < 8) {
				t.Errorf("%s has voted: %v; is shown who else has: %v", p.user(), i < 8, named)
			}
		}
	}
	// Four posts, of which the open ballot has three views, in two languages. All are
	// rendered again as a minute begins, since times are said as of now.
	const most = 2 * (3 + 3)
	minutes := func() int { return int(time.Now().Unix()/60 - began) }
	before := c.Rendered()
	for _, p := range people {
		p.get("/channel")
	}
	if n := c.Rendered() - before; n > most*minutes() {
		t.Errorf("nothing has changed, and %d pieces were rendered again", n)
	}
	if before == 0 || before > most*(1+minutes()) {
		t.Errorf("%d pieces were rendered for %d people, of whom many are shown the same: some are needed, and %d enough", before, len(people), most)
	}
	votes(people[8], bot.Left)
	before = c.Rendered()
	for _, p := range people {
		look(p)
	}
	if n := c.Rendered() - before; n < 1 || n > 6+most*minutes() {
		t.Errorf("a vote changed three views of one post in two languages, and %d pieces were rendered", n)
	}
}
