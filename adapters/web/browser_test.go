package web_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

const (
	desk  = 1280 // pixels
	phone = 390
)

// A tasting by emoji from start to reveal, played by two people, one of them
// on a phone.
func TestReactionTasting(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	h := openHouse(t)

	ada := visit(t, browser, h.url, desk)
	ada.sees("No taste tests yet.")
	ada.join("Ada")

	// The form, with the defaults but for the number of rounds and her own prompts.
	ada.typeIn("#say", "/tastetest start")
	ada.keys(kb.Enter)
	ada.until("document.querySelector('#sheet .title')?.innerText == 'New taste test'")
	ada.until("document.activeElement.closest('#sheet')")
	ada.fill("#field-rounds", "99")
	ada.click("#sheet .form .primary")
	ada.until("document.activeElement.id == 'field-rounds' && document.activeElement.getAttribute('aria-invalid')")
	if got := ada.text("#sheet .field:has(#field-rounds) .problem"); !strings.Contains(got, "1 to 20 prompts") {
		t.Errorf("beside the field 99 rounds are answered with %q", got)
	}
	if got := ada.value("#field-rounds"); got != "99" {
		t.Errorf("what was typed is gone: %q", got)
	}
	ada.click("#sheet .rest summary")
	ada.fill("#field-until", "when pigs fly")
	ada.run("document.querySelector('#field-second').value = document.querySelector('#field-first').value")
	ada.click("#sheet .form .primary")
	ada.until("document.querySelectorAll('#sheet .field .problem').length == 3 && document.activeElement.id == 'field-second'") // the first of them as one reads
	ada.run("document.querySelector('#field-second').selectedIndex = 1")
	ada.fill("#field-until", "")
	ada.fill("#field-rounds", "2")
	ada.click("#sheet .form .primary")
	ada.sees("Start this taste test?")
	ada.click(".private .primary")
	ada.until("document.querySelector('.head .round') && !document.querySelector('.private')") // what was coming is there
	ada.do("look on a phone", chromedp.EmulateViewport(phone, 900))
	if got := ada.string("['.inner > .prompt blockquote', '.inner > .menu'].map(css => document.querySelector(css).getBoundingClientRect()).map(r => r.left + '-' + r.right).join(' ') + (document.querySelector('.inner > .prompt blockquote').getBoundingClientRect().right <= document.querySelector('.inner > .menu').getBoundingClientRect().left ? '' : ' overlap')"); strings.HasSuffix(got, "overlap") {
		t.Errorf("on a phone the menu of a round lies on its prompt's words: from and to %s", got)
	}
	ada.do("go back to the desk", chromedp.EmulateViewport(desk, 900))

	// Both read; Bob is on a phone.
	bob := visit(t, browser, h.url, phone)
	bob.join("Bob")
	ada.sideBySide(true)
	bob.sideBySide(false)
	bob.fits()

	// Vote, change, take back.
	first := "details.round:first-of-type"
	ada.click(first + " .tap[value='on:left']")
	ada.until("document.querySelector(\"" + first + " .tap[value='off:left'][aria-pressed=true]\")")
	bob.sees("1 voted")
	if got := bob.text(".messages"); strings.Contains(got, "Ada") {
		t.Errorf("Bob, who has not voted, sees who has: %q", got)
	}
	ada.click(first + " .tap[value='on:right']")
	ada.until("document.querySelector(\"" + first + " .tap[value='off:right'][aria-pressed=true]\") && document.querySelector(\"" + first + " .tap[value='on:left'][aria-pressed=false]\")")
	ada.click(first + " .tap[value='off:right']")
	ada.until("!document.querySelector(\"" + first + " .tap[aria-pressed=true]\")")
	bob.sees("0 voted")
	ada.click(first + " .tap[value='on:tie']")
	bob.click(first + " .tap[value='on:left']")
	bob.sees("2 voted")

	// The next round opens by its link, and what is open stays open.
	bob.click(first + " .next a")
	bob.until("document.querySelectorAll('details.round')[1].open")
	bob.click("li:nth-child(2) .tap[value='on:left']")
	bob.until("document.querySelector(\"li:nth-child(2) .tap[aria-pressed=true]\") && document.querySelectorAll('details.round[open]').length == 2")
	bob.sees("you voted in 2")

	// Nobody but the starter closes it, or is offered to.
	bob.click(".menu summary")
	bob.until("document.querySelector('.menulist button')?.checkVisibility()")
	if got := bob.text(".menulist"); strings.Contains(got, "Close") {
		t.Errorf("Bob, who may not, is offered to close it: %q", got)
	}
	ada.closeFromMenu()
	ada.sees("Per 1,000 answers")
	ada.until("!document.querySelector('.private')")

	// Which was which, with numbers, and the proof behind Details.
	for _, p := range []tab{ada, bob} {
		p.until("document.querySelector('.announcement .bars')")
		p.reload()
		p.until("document.querySelector('.announcement .bars')")
	}
	bob.fits()
	ada.click(".announcement .each summary")
	ada.click(".announcement .round summary")
	ada.until("document.querySelector('.announcement .round .model')")
	ada.click(".announcement > .folds > .details summary")
	ada.until("document.querySelector('.announcement .copy pre')?.innerText.length > 100")
	ada.click(".announcement [data-copy]")
	ada.until("document.querySelector('.announcement [data-copy]').innerText == 'Copied'")
	if n := ada.count(".taps"); n != 0 {
		t.Errorf("after the reveal there are still %d ballots", n)
	}
}

// A private tasting, played by two people, one of them on a phone and with
// the keyboard alone.
func TestPrivateTasting(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	h := openHouse(t)
	ada := visit(t, browser, h.url, desk)
	ada.join("Ada")
	ada.typeIn("#say", "/tastetest start rounds=3 ballot=private")
	ada.keys(kb.Enter)
	ada.sees("Start this taste test?")
	ada.click(".private .primary")
	ada.sees("0 have tasted")

	bob := visit(t, browser, h.url, phone)
	bob.sees("0 have tasted")
	bob.click("#join [data-close]") // look around first
	bob.click(".head .primary")     // tasting asks for the name, and then goes on
	bob.join("Bob")
	bob.until("document.querySelector('#sheet').open")
	bob.at("1 of 3")
	bob.sideBySide(false)
	bob.fits()
	bob.keys("1")
	bob.at("2 of 3")
	bob.press("Back")
	bob.at("1 of 3")
	bob.until("document.querySelector('#sheet .tap[aria-pressed=true]').dataset.keys == '1'")
	bob.keys("4") // changes it, and goes on
	bob.at("2 of 3")
	bob.press("Skip")
	bob.at("3 of 3")
	bob.keys("3")
	bob.at("2 of 3") // the one that was skipped
	bob.press("Back")
	bob.until("document.querySelector('#sheet .tap[aria-pressed=true]').dataset.keys == '4'")
	bob.press("Take back")
	bob.until("!document.querySelector('#sheet .tap[aria-pressed=true]')")
	bob.keys("2")
	bob.at("2 of 3")
	bob.keys("2") // the third has its vote
	bob.sees("You have tasted all 3 rounds")
	bob.until("document.querySelectorAll('#sheet .steps .voted').length == 3")
	bob.press("Done")
	bob.until("!document.querySelector('#sheet').open")

	ada.sees("1 has tasted") // how many, and not what for
	ada.click(".head .primary")
	for _, at := range []string{"1 of 3", "2 of 3", "3 of 3"} {
		ada.at(at)
		ada.click("#sheet .tap[data-keys='1']")
	}
	ada.sees("You have tasted all 3 rounds")
	ada.click("#sheet .x")
	ada.closeFromMenu()
	bob.sees("Per 1,000 answers")
	bob.until("!document.querySelector('#fresh').hidden || document.querySelector('.announcement').getBoundingClientRect().top < innerHeight")
	bob.fits()
}

// Finished answers in a file become a tasting of their own.
func TestUpload(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	h := openHouse(t)
	path := filepath.Join(t.TempDir(), "answers.csv")
	csv := "prompt,kestrel,nova\nWhy is the sky blue?,Because of Rayleigh.,\"It scatters, <b>mostly</b>.\"\n"
	if err := os.WriteFile(path, []byte(csv), 0o600); err != nil {
		t.Fatal(err)
	}
	ada := visit(t, browser, h.url, desk)
	ada.join("Ada")
	ada.typeIn("#say", "/tastetest start")
	ada.keys(kb.Enter)
	ada.until("document.querySelector('#sheet .title')?.innerText == 'New taste test'")

	// Mistakes are said at the field that they are about.
	for _, wrong := range []struct{ csv, says string }{
		{"", "That file is empty. Choose another, or leave it out."},
		{"prompts,system,question\nWhy?,Be kind.,Who?\n", "column"},
	} {
		bad := filepath.Join(t.TempDir(), "bad.csv")
		if err := os.WriteFile(bad, []byte(wrong.csv), 0o600); err != nil {
			t.Fatal(err)
		}
		ada.do("choose a file", chromedp.SetUploadFiles(chromedp.CSS("#field-file"), []string{bad}))
		ada.click("#sheet .form .primary")
		ada.until(fmt.Sprintf("document.querySelector('#sheet .field .problem')?.innerText.includes(%q)", wrong.says))
		if at := ada.attribute("#sheet .field:has(.problem) [name]", "name"); at != "field-file" || ada.count("#sheet [aria-invalid]") != 1 {
			t.Errorf("%q stands at %s", wrong.says, at)
		}
	}
	ada.do("choose a file", chromedp.SetUploadFiles(chromedp.CSS("#field-file"), []string{path}))
	ada.click("#sheet .form .primary")
	ada.sees("Start this taste test?")
	ada.click(".private .primary")
	ada.until("document.querySelector('.card.ballot')")
	for _, want := range []string{"Why is the sky blue?", "Because of Rayleigh.", "It scatters, <b>mostly</b>."} {
		ada.sees(want)
	}

	// Whoever knows who wrote what is told so in place of buttons.
	ada.sees("You know who wrote what, so your own vote does not count.")
	ada.sees("Everyone who has voted here can see who tapped what, and so can you.")
	bob := visit(t, browser, h.url, desk)
	bob.join("Bob")
	bob.click(".tap[value='on:left']")
	bob.sees("1 voted")
	if n := ada.count("button.tap"); n != 0 {
		t.Errorf("whoever knows who wrote what is offered %d buttons", n)
	}
	if strings.Contains(bob.text(".ballot"), "You know") {
		t.Error("somebody else is told to know who wrote what")
	}
}

// Votes by others arrive while something is typed, opened and focused, and
// take none of it away.
func TestNothingIsTakenAway(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	h := openHouse(t)
	ada := visit(t, browser, h.url, desk)
	ada.join("Ada")
	ada.typeIn("#say", "/tastetest start rounds=1")
	ada.keys(kb.Enter)
	ada.sees("Start this taste test?")
	ada.click(".private .primary")
	ada.until("document.querySelector('.card.ballot')")
	ada.click(".tap[value='on:left']") // who taps sees who taps
	ada.sees("1 voted")
	ada.click(".ballot .details summary")
	ada.typeIn("#say", "half a sentence")
	ada.run("document.querySelector(\".tap[value='on:right']\").focus()")
	ref := bot.Ref{Place: channel, Message: ada.attribute(".ballot [name=message]", "value")}
	if err := h.chat.Tap(t.Context(), ref, "Sim·crowd1", bot.Left, true); err != nil {
		t.Fatal(err)
	}
	ada.sees("2 voted")
	ada.until("document.querySelector('.who').innerText.includes('Sim') && document.querySelector('.who .bot')")
	for what, holds := range map[string]string{
		"the details are open": "document.querySelector('.ballot .details').open",
		"the sentence stands":  "document.querySelector('#say').value == 'half a sentence'",
		"the focus is kept":    "document.activeElement.value == 'on:right'",
	} {
		if ada.string("String("+holds+")") != "true" {
			t.Errorf("after a vote of somebody else it is not so that %s; the focus is on %s", what, ada.string("document.activeElement.outerHTML.slice(0, 200)"))
		}
	}
}

// A page is told what has changed, and nothing that it has already.
func TestNewsIsNew(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	m := newMemory()
	c, url := serve(t, m, m, web.Options{})
	ref := m.put(channel, bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}, samples.Ballot)
	m.put(channel, bot.PostKey{Tasting: tasting(13), What: "head"}, samples.Head)
	ada := visit(t, browser, url, desk)
	ada.join("Ada")
	news := func() string {
		ada.run(`window.got = null; fetch("/channel", { headers: { Accept: "application/json", "X-Have": [...have].map(([id, mark]) => id + ":" + mark).join() } })
			.then((r) => r.json()).then((n) => { window.got = Object.keys(n.messages).join() || "nothing"; })`)
		ada.until("window.got")
		return ada.string("window.got")
	}
	ada.until("have.size == 2")
	if got := news(); got != "nothing" {
		t.Errorf("nothing has changed, and the page is sent %s", got)
	}
	more := samples.Ballot
	more.Progress = bot.Say("{n} voted", bot.Count(5))
	m.edit(ref, more)
	if got := news(); got != "m-12-1-ballot" {
		t.Errorf("one ballot has changed, and the page is sent %s", got)
	}

	// What she alone is told arrives at once, though the page was opened by a stranger.
	user := ""
	ada.click(".tap[value='on:right']")
	ada.until("document.querySelector('.tap[aria-pressed=true]')")
	for _, tap := range m.taps() {
		user = tap.User
	}
	if err := c.Tell(t.Context(), bot.Voter{Workspace: workspace, User: user}, bot.Notice{Text: bot.Literal("14 of 15 ready.")}); err != nil {
		t.Fatal(err)
	}
	ada.sees("14 of 15 ready.")
}

// Texts that would do something do nothing in a real browser, and texts that
// are hard to show stay in their place, on a phone too.
func TestHostileTextsInTheBrowser(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	var texts []string
	for _, x := range adaptertest.Hostile {
		texts = append(texts, x.Text, "> "+x.Text+"\n\n| a |\n|---|\n| "+x.Text+" |")
	}
	for _, x := range adaptertest.Odd {
		texts = append(texts, x.Text)
	}
	for i, text := range texts {
		b := samples.Ballot
		b.Left = bot.Verbatim(text)
		if len(text) < 1000 { // nothing else is long: the core sees to that
			b.Title, b.Prompt, b.Note, b.Details = bot.Literal("Round "+text), bot.Verbatim(text), bot.Literal(text), []bot.Sentence{bot.Literal(text)}
		}
		m.put(channel, bot.PostKey{Tasting: tasting(12), Round: i + 1, What: "ballot"}, b)
	}
	ada := visit(t, browser, url, phone)
	ada.run("window.alert = () => { window.alerted = true; }")
	ada.join("<img src=x onerror=alert(1)>")
	ada.until("have.size == " + fmt.Sprint(len(texts)))
	ada.fits()
	for _, css := range []string{".card a:not(.next a)", ".card img", ".card script", ".card iframe", ".card [onerror]", ".card [style]", ".card h1"} {
		if n := ada.count(css); n != 0 {
			t.Errorf("%d elements are %s", n, css)
		}
	}
	if ada.string("String(window.alerted)") != "undefined" {
		t.Error("a script of a text has run")
	}
	if n := ada.count(".card.ballot .answer"); n != 2*len(texts) {
		t.Errorf("%d answers are in their places, not %d", n, 2*len(texts))
	}
}

// Completion and help, by keyboard and by mouse.
func TestComposer(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	h := openHouse(t)
	ada := visit(t, browser, h.url, desk)
	ada.join("Ada")
	ada.click("#empty [data-say]")
	ada.until("document.querySelector('#say').value == '/tastetest ' && document.querySelectorAll('#options li').length > 5")
	ada.run("document.querySelector('#say').select()")
	ada.keys("/")
	ada.until("document.querySelectorAll('#options li').length == 1")
	ada.keys(kb.Tab)
	ada.until("document.querySelector('#say').value == '/tastetest '")
	ada.until("document.querySelectorAll('#options li').length > 5")
	ada.keys(kb.ArrowDown + kb.ArrowDown)
	ada.until("document.querySelector('#say').getAttribute('aria-activedescendant') == 'option-1'")
	ada.keys("stat")
	ada.until("[...document.querySelectorAll('#options b')].map(b => b.innerText).join() == '/tastetest status'")
	ada.keys(kb.ArrowDown)
	ada.until("document.querySelector('#say').getAttribute('aria-activedescendant') == 'option-0'")
	ada.keys(kb.Enter)
	ada.until("document.querySelector('#say').value == '/tastetest status '")
	ada.keys(kb.Escape)
	ada.until("document.querySelector('#options').hidden")
	ada.fill("#say", "/tastetest help")
	ada.keys(kb.Enter)
	ada.until("document.querySelector('.private')?.innerText.includes('forget-me')")
	ada.until("document.querySelector('#say').value == ''")
	ada.click(".private [aria-label=Dismiss]")
	ada.until("!document.querySelector('.private')")

	// Whoever leaves a form goes on typing.
	ada.typeIn("#say", "/tastetest start")
	ada.keys(kb.Enter)
	ada.until("document.activeElement.closest('#sheet')")
	ada.run("document.querySelector('#sheet').addEventListener('close', () => { window.left = true; })")
	ada.click("#sheet .x")
	ada.until("window.left")
	ada.keys("/tas")
	ada.until("document.querySelector('#say').value == '/tas'")

	ada.fill("#say", "hello there")
	ada.keys(kb.Enter)
	ada.until("document.querySelector('.private')?.innerText.includes('I only understand commands')")
	ada.fill("#say", "/tastetest strat")
	ada.keys(kb.Enter)
	ada.until("document.querySelector('.private .wrong')?.innerText.includes('start')")
	if n := ada.count(".private [data-say]"); n > 0 { // the example, ready to send
		ada.click(".private [data-say]")
		ada.until("document.querySelector('#say').value.startsWith('/tastetest')")
	}
}

// fill replaces what stands in a field.
func (p tab) fill(css, text string) {
	p.t.Helper()
	p.run(fmt.Sprintf("document.querySelector(%q).value = ''", css))
	p.typeIn(css, text)
}

func (p tab) run(script string) {
	p.t.Helper()
	p.do(script, chromedp.Evaluate[chromedp.Void](script))
}

func (p tab) value(css string) string {
	p.t.Helper()
	return p.string(fmt.Sprintf("document.querySelector(%q).value", css))
}

func (p tab) attribute(css, name string) string {
	p.t.Helper()
	return p.string(fmt.Sprintf("document.querySelector(%q).getAttribute(%q)", css, name))
}

func (p tab) string(expression string) string {
	p.t.Helper()
	s, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return s
}

func (p tab) count(css string) int {
	p.t.Helper()
	n, err := chromedp.Run(p.ctx, chromedp.Evaluate[int](fmt.Sprintf("document.querySelectorAll(%q).length", css)))
	if err != nil {
		p.t.Fatalf("count %s: %v", css, err)
	}
	return n
}

func (p tab) reload() {
	p.t.Helper()
	p.do("reload", chromedp.Reload())
}

// press presses a button of the open dialog by its label.
func (p tab) press(label string) {
	p.t.Helper()
	button := fmt.Sprintf("[...document.querySelectorAll('#sheet button')].find(b => (b.querySelector('.word') ?? b).innerText.trim() == %q && b.checkVisibility())", label)
	p.until(button)
	p.run(button + ".click()")
}

func (p tab) closeFromMenu() {
	p.t.Helper()
	p.click(".menu summary")
	button := "[...document.querySelectorAll('.menulist button')].find(b => b.innerText.includes('Close'))"
	p.until(button)
	p.run(button + ".click()")
	p.until("document.querySelector('#sheet').open")
	p.click("#sheet .primary")
}

// sideBySide checks how the two answers stand.
func (p tab) sideBySide(want bool) {
	p.t.Helper()
	p.until("[...document.querySelectorAll('.answer')].filter(a => a.checkVisibility()).length >= 2")
	got := p.string(`(() => {
		const [a, b] = [...document.querySelectorAll('.answer')].filter(a => a.checkVisibility()).map(a => a.getBoundingClientRect());
		return String(a.top == b.top && a.right <= b.left && a.width == b.width)
	})()`)
	if got != fmt.Sprint(want) {
		p.t.Errorf("side by side: %s, want %t", got, want)
	}
}

// fits checks that nothing is wider than the window.
func (p tab) fits() {
	p.t.Helper()
	if got := p.string("String(document.documentElement.scrollWidth <= innerWidth)"); got != "true" {
		p.t.Errorf("the page is %s pixels wide in a window of %s", p.string("String(document.documentElement.scrollWidth)"), p.string("String(innerWidth)"))
	}
}
