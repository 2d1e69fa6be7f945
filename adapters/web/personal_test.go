package web_test

import (
	"fmt"
	"html"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/store"
)

// links finds what stands on a page to be copied as an address.
var links = regexp.MustCompile(`https?://[^\s<"]+/me/open\?key=[^\s<"]+`)

// link is the personal link that p makes from the menu of their name.
func (p *person) link() string {
	p.t.Helper()
	_, o := p.post("/me/link")
	l := html.UnescapeString(links.FindString(p.shown(o)))
	if l == "" {
		p.t.Fatalf("no link is made: %+v %s", o, p.shown(o))
	}
	return strings.TrimPrefix(l, p.url)
}

// opens follows a personal link as far as the question whether to go on.
func (p *person) opens(link string) string {
	p.t.Helper()
	if first := p.get(link); !strings.Contains(first, `url=/me/as"`) {
		return first
	} else if strings.Contains(first, "key=") {
		p.t.Errorf("the key stands on the page that a link opens:\n%s", first)
	}
	return p.get("/me/as")
}

func keptPage(t *testing.T, opt web.Options) (url string, kept bot.Store) {
	t.Helper()
	kept, err := store.Open(t.Context(), logger(t), filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kept.Close() })
	m := newMemory()
	m.put(channel, bot.PostKey{Tasting: tasting(12), What: "head"}, sentences(samples).Head)
	opt.People = kept
	_, url = serve(t, m, m, opt)
	return url, kept
}

// A second Bo is asked for another name, or is the first by a link that the first made.
func TestSecondBo(t *testing.T) {
	url, _ := keptPage(t, web.Options{})
	bo := joined(t, url, "Bo")
	other := newPerson(t, url)
	for _, name := range []string{"Bo", " bo", "ＢＯ"} {
		status, o := other.post("/name", "name", name)
		if status != http.StatusConflict || !strings.Contains(o.Error, "Type another name") || !strings.Contains(o.Error, "Use this on another device") {
			t.Errorf("a second %q: %d %+v", name, status, o)
		}
	}
	first := bo.link()
	link := bo.link()
	if page := newPerson(t, url).opens(first); !strings.Contains(page, "used already, or is too old") {
		t.Errorf("a link still works after a newer one was made:\n%s", page)
	}
	for range 2 { // looking at it uses it up no more than the preview of a chat does
		if page := other.opens(link); !strings.Contains(page, "Go on as Bo") {
			t.Fatalf("the link asks:\n%s", page)
		}
	}
	late := newPerson(t, url)
	late.opens(link)
	other.post("/me/as")
	if other.user() != bo.user() {
		t.Errorf("by the link of %s one is %s", bo.user(), other.user())
	}
	if _, o := late.post("/me/as"); !strings.Contains(o.Error, "used already, or is too old") || late.cookie("user").Value != "" {
		t.Errorf("a link works twice: %+v", o)
	}
	if page := newPerson(t, url).opens(link); !strings.Contains(page, "used already, or is too old") {
		t.Errorf("a used link is answered with:\n%s", page)
	}
	if _, o := newPerson(t, url).post("/me/as"); !strings.Contains(o.Error, "used already, or is too old") {
		t.Errorf("without a link one is answered: %+v", o)
	}
	elsewhere, _ := keptPage(t, web.Options{Key: []byte("another page's key, of 32 bytes!")})
	for _, foreign := range []string{joined(t, elsewhere, "Bo").link(), "/me/open?key=", "/me/open?key=Qm8.x.y", link + "x"} {
		if page := newPerson(t, url).opens(foreign); !strings.Contains(page, "not one of this page’s") {
			t.Errorf("a foreign link %s is answered with:\n%s", foreign, page)
		}
	}
}

// A link lets in where a secret is asked for, and an old or a forgotten person's does not.
func TestPersonalLinkHolds(t *testing.T) {
	url, kept := keptPage(t, web.Options{Secret: "sesame"})
	bo := newPerson(t, url)
	bo.get("/?secret=sesame")
	bo.post("/name", "name", "Bo")
	who := bot.Voter{Workspace: workspace, User: bo.user()}

	link, in := bo.link(), newPerson(t, url)
	in.opens(link)
	in.post("/me/as")
	if page := in.get("/"); !strings.Contains(page, "Bo</bdi>") {
		t.Errorf("who came by a link is shown:\n%s", page)
	}

	link = bo.link()
	if p, err := kept.Profile(t.Context(), who); err != nil || time.Until(p.Until) > 10*time.Minute || time.Until(p.Until) < 9*time.Minute {
		t.Errorf("a link holds until %v, %v; want ten minutes", p.Until, err)
	}
	if err := kept.SetProfile(t.Context(), who, func(p *bot.Profile) error { p.Until = time.Now().Add(-time.Second); return nil }); err != nil {
		t.Fatal(err)
	}
	if page := newPerson(t, url).opens(link); !strings.Contains(page, "too old") {
		t.Errorf("a link of more than ten minutes ago is answered with:\n%s", page)
	}

	link = bo.link()
	if _, err := kept.Forget(t.Context(), who); err != nil {
		t.Fatal(err)
	}
	if page := newPerson(t, url).opens(link); !strings.Contains(page, "used already") {
		t.Errorf("the link of somebody who is forgotten is answered with:\n%s", page)
	}
	joinedAgain := newPerson(t, url)
	joinedAgain.get("/?secret=sesame")
	if status, o := joinedAgain.post("/name", "name", "Bo"); status != http.StatusOK {
		t.Errorf("the name of somebody who is forgotten is not free: %d %+v", status, o)
	}
}

// Another name stands everywhere at once, and is one's own as the first was.
func TestRename(t *testing.T) {
	url, _ := keptPage(t, web.Options{})
	bo, ada := joined(t, url, "Bo"), joined(t, url, "Ada")
	was := bo.user()
	for name, want := range map[string]string{"ada": "called ada already", "": "Type the name", strings.Repeat("x", 33): "too long"} {
		if status, o := bo.post("/rename", "name", name); status == http.StatusOK || !strings.Contains(o.Error, want) {
			t.Errorf("renamed to %q: %d %+v", name, status, o)
		}
	}
	if status, o := bo.post("/rename", "name", "Robert"); status != http.StatusOK {
		t.Fatalf("rename: %d %+v", status, o)
	}
	if page := bo.get("/"); bo.user() != was || !strings.Contains(page, "<bdi>Robert</bdi>") || strings.Contains(page, "<bdi>Bo</bdi>") {
		t.Errorf("renamed, %s is shown:\n%s", bo.user(), page)
	}
	bo.post("/language", "lang", "en")
	if page := bo.get("/"); !strings.Contains(page, "<bdi>Robert</bdi>") {
		t.Errorf("a language chosen gives the old name back:\n%s", page)
	}
	if status, _ := ada.post("/rename", "name", "Bo"); status != http.StatusOK {
		t.Error("a name that was given up is not free")
	}
}

// In a browser: a second Bo, the menu of the first, and the link of it.
func TestSecondBoInTheBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a browser")
	}
	t.Parallel()
	browser := chromium(t)
	h := openHouse(t)
	bo := visit(t, browser, h.url, phone)
	bo.join("Bo")
	second := visit(t, browser, h.url, desk)
	second.until("document.querySelector('#join')?.open")
	second.typeIn("#join input[name=name]", "bo")
	second.click("#join button.primary")
	second.sees("Somebody here is called bo already")
	bo.click(".mine summary")
	bo.fits()
	bo.click(".mine form[action='/me/link'] button")
	bo.until("/key=/.test(document.querySelector('.private pre')?.innerText)")
	second.do("open the link", chromedp.Navigate(bo.text(".private pre")))
	second.until("location.pathname == '/me/as' && document.querySelector('form[action=\"/me/as\"]')")
	if at := second.string("location.href"); strings.Contains(at, "key") {
		t.Errorf("the key stays in the address: %s", at)
	}
	second.click("form[action='/me/as'] button.primary")
	second.until("document.querySelector('.mine bdi')?.innerText == 'Bo'")
	second.click(".mine summary")
	second.fill(".mine input[name=name]", "Robert")
	second.click(".mine form.rename button")
	second.until("document.querySelector('.mine bdi')?.innerText == 'Robert'")
	bo.until("document.querySelector('.mine bdi')?.innerText == 'Robert'")
}

// An admin hands out links; with voters: links only those who came by one vote, and
// everybody else looks on and is told so.
func TestInviteLinks(t *testing.T) {
	h := openHouseFor(t, engine.Policy{Everyone: true}, func(o *web.Options) { o.LinkedOnly = true })
	admin := joined(t, h.url, "Ada")
	invite := func(what string) (shown string, all []string) {
		t.Helper()
		_, o := admin.post("/command", "text", "/tastetest invite-links "+what)
		shown = admin.shown(o)
		for _, l := range links.FindAllString(shown, -1) {
			all = append(all, strings.TrimPrefix(html.UnescapeString(l), h.url))
		}
		return shown, all
	}
	if shown, all := invite("2"); len(all) != 0 || !strings.Contains(shown, "Only admins hand out personal links") {
		t.Errorf("who is no admin is given:\n%s", shown)
	}
	admin.get("/?admin=" + "an%20admin%27s%20key")
	for _, bad := range []string{"", "0", "101", "-3", "1, 2"} {
		if shown, all := invite(bad); len(all) != 0 || !strings.Contains(shown, "invite-links 10") {
			t.Errorf("invite-links %q is answered with:\n%s", bad, shown)
		}
	}
	_, o := admin.post("/command", "text", "/tastetest start rounds=1")
	admin.post("/press", "button", between(admin.shown(o), `name="button" value="`, `"`))
	h.until(1, bot.Open)
	shown, all := invite("3")
	if len(all) != 3 {
		t.Fatalf("three links are:\n%s", shown)
	}
	bystander := joined(t, h.url, "Bea")
	if strings.Contains(bystander.get("/"), "/me/open") {
		t.Error("links are shown to others")
	}
	const toldSo = "votes of those count who came by a personal link"
	voted := 0
	votes := func(p *person) {
		t.Helper()
		voted++
		if status, o := p.post("/tap", "channel", "tasting", "message", "1.1/ballot", "tap", "on:left"); status != http.StatusOK {
			t.Errorf("%s came by a link and votes: %d %+v", p.user(), status, o)
		}
		if page := p.get("/"); strings.Contains(page, toldSo) || !strings.Contains(page, fmt.Sprint(voted, " voted")) {
			t.Errorf("%s votes, %d in all, and sees:\n%s", p.user(), voted, page)
		}
	}
	looksOn := func(p *person) {
		t.Helper()
		for path, pairs := range map[string][]string{"/tap": {"channel", "tasting", "message", "1.1/ballot", "tap", "on:left"}, "/press": {"button", "1/taste"}} {
			if status, o := p.post(path, pairs...); status != http.StatusForbidden || !strings.Contains(o.Error, toldSo) {
				t.Errorf("%s as %s, who came by no link: %d %+v", path, p.user(), status, o)
			}
		}
		if page := p.get("/"); !strings.Contains(page, toldSo) || strings.Contains(page, "once you have voted yourself") || !strings.Contains(page, "you see it once voting is over") || strings.Contains(page, `value="on:left"`) {
			t.Errorf("%s looks on, and sees:\n%s", p.user(), page)
		}
	}
	looksOn(admin)
	looksOn(bystander)

	// A newcomer gives a name that is free; the link is then used up.
	guest := newPerson(t, h.url)
	if page := guest.opens(all[0]); !strings.Contains(page, `name="name"`) {
		t.Fatalf("a link without a name asks for none:\n%s", page)
	}
	if _, o := guest.post("/me/as", "name", "bea"); !strings.Contains(o.Error, "called bea already") {
		t.Errorf("a guest takes the name of somebody: %+v", o)
	}
	guest.post("/me/as", "name", "Cho")
	if page := guest.get("/"); !strings.Contains(page, "<bdi>Cho</bdi>") {
		t.Errorf("the guest is shown:\n%s", page)
	}
	votes(guest)
	if page := newPerson(t, h.url).opens(all[0]); !strings.Contains(page, "used already") {
		t.Errorf("an invitation works twice:\n%s", page)
	}

	// Whoever is here stays who they are.
	was := bystander.user()
	if page := bystander.opens(all[1]); !strings.Contains(page, "is you: Bea") {
		t.Errorf("somebody who is here is asked:\n%s", page)
	}
	bystander.post("/me/as")
	if bystander.user() != was {
		t.Errorf("by an invitation %s became %s", was, bystander.user())
	}
	votes(bystander)

	// By name: each once; a new link for whoever has not come, and for nobody else.
	if shown, all = invite("Dan Lee, Eve"); len(all) != 2 || !strings.Contains(shown, "Dan Lee") {
		t.Fatalf("links by name are:\n%s", shown)
	}
	_, again := invite("dan lee")
	if page := newPerson(t, h.url).opens(all[0]); len(again) != 1 || !strings.Contains(page, "used already") {
		t.Errorf("an older link of somebody still works:\n%s", page)
	}
	dan := newPerson(t, h.url)
	dan.opens(again[0])
	dan.post("/me/as")
	votes(dan)
	if shown, all = invite("Fay, Dan Lee"); len(all) != 0 || !strings.Contains(shown, "called Dan Lee already, so no links were made") {
		t.Errorf("an admin is given a link to be somebody who is here:\n%s", shown)
	}
	joined(t, h.url, "Fay") // nothing stays of what was not made

	// The menu's link carries it to another device.
	other := newPerson(t, h.url)
	other.opens(dan.link())
	other.post("/me/as")
	voted-- // it is the same vote
	votes(other)
}
