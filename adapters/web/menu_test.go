package web_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
)

// Who may not start is told so at once, by whom it is allowed, and how one becomes an admin.
func TestWhoMayNotStart(t *testing.T) {
	h := openHouseFor(t, engine.Policy{})
	ada := joined(t, h.url, "Ada")
	_, o := ada.post("/command", "text", "/tastetest start")
	got := ada.shown(o)
	for _, want := range []string{"Only admins", "“starters”", "Is this machine yours? tastetest run prints the address that makes a browser an admin’s."} {
		if !strings.Contains(got, want) {
			t.Errorf("who may not start is not told %q:\n%s", want, got)
		}
	}
	ada.get("/?admin=" + "an%20admin%27s%20key")
	if _, o = ada.post("/command", "text", "/tastetest start"); !strings.Contains(o.Dialog, "New taste test") {
		t.Errorf("an admin is not given the form: %+v", o)
	}
}

// The two places in the stylesheet that say what dark is say the same.
func TestDarkIsDark(t *testing.T) {
	css, err := os.ReadFile("static/base.css")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile(`(?s)(:not\(\[data-theme="light"\]\)|\[data-theme="dark"\]) \{(.*?)\}`).FindAllStringSubmatch(string(css), -1)
	if len(blocks) != 2 {
		t.Fatalf("%d places say what dark is", len(blocks))
	}
	colours := regexp.MustCompile(`--[\w-]+: [^;]+;`)
	if a, b := strings.Join(colours.FindAllString(blocks[0][2], -1), " "), strings.Join(colours.FindAllString(blocks[1][2], -1), " "); a != b || a == "" {
		t.Errorf("as the device has it dark is\n%s\nand as chosen\n%s", a, b)
	}
}

// The name opens a menu, from which everything of one's own is a tap away; help's
// commands can be tapped.
func TestMenu(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a browser")
	}
	t.Parallel()
	browser := chromium(t)
	h := openHouse(t)
	ada := visit(t, browser, h.url, phone)
	ada.join("Ada")
	ada.fits()
	paper := "getComputedStyle(document.body).backgroundColor"
	light := ada.string(paper)
	ada.click(".mine summary")
	ada.click(".mine button[value=dark]")
	ada.until(paper + " != '" + light + "' && document.querySelector('.mine summary')")
	ada.reload()
	ada.until(paper + " != '" + light + "'")
	ada.click(".mine summary")
	ada.click(".mine button[value='']")
	ada.until(paper + " == '" + light + "'")

	ada.click(".mine summary")
	ada.click(".mine button[value='/tastetest help']")
	ada.until("document.querySelector('.private .terms')")
	ada.click(".private button[value='/tastetest status']")
	ada.sees("No tasting is under way")
	ada.click("#earlier summary") // where help is by now
	ada.click(".private [data-say^='/tastetest extend']")
	ada.until("document.querySelector('#say').value == '/tastetest extend '")
	ada.keys(kb.Escape)
	ada.click(".go .new")
	ada.until("document.querySelector('#sheet .title')?.innerText == 'New taste test'")
	ada.click("#sheet .x")
	ada.click(".mine summary")
	ada.click(".mine button.danger")
	ada.until("document.querySelector('.private [value=forget-me]')")
}

// Where the clocks of a place show another time than one's own, both stand there;
// the last hour is counted down.
func TestTimesInTheBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a browser")
	}
	t.Parallel()
	browser := chromium(t)
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	there := bot.Voice{Zone: "Pacific/Kiritimati"} // where nobody's browser is
	soon, later := samples.Head, samples.Head
	soon.Voice, later.Voice = there, there
	soon.Progress = bot.Say("closes {when}", bot.Moment(time.Now().Add(3*time.Minute)))
	later.Progress = bot.Say("closes {when}", bot.Moment(time.Now().Add(50*time.Hour)))
	m.put(channel, bot.PostKey{Tasting: tasting(12), What: "head"}, soon)
	m.put(channel, bot.PostKey{Tasting: tasting(13), What: "head"}, later)
	ada := visit(t, browser, url, desk)
	ada.until("/^closes in 2:\\d\\d$/.test(document.querySelector('#m-12-head .progress').innerText)")
	first := ada.text("#m-12-head .progress")
	ada.until("document.querySelector('#m-12-head .progress').innerText != '" + first + "'")
	ada.until("/^closes \\w+ \\d\\d:\\d\\d \\(\\w* ?\\d\\d:\\d\\d, .*(Line Islands|Kiritimati).*\\)$/.test(document.querySelector('#m-13-head .progress').innerText)")

	// In Chinese a closing bracket is followed by no space.
	ada.click("#join [data-close]")
	ada.click(".tongues summary")
	ada.click(".tongues button[value=zh]")
	ada.until("/^周. \\d\\d:\\d\\d（.* \\d\\d:\\d\\d）截止$/.test(document.querySelector('#m-13-head .progress')?.innerText)")
}

// The form shows what matters and folds the rest; its buttons stay in view; all
// mistakes are said at their fields; and what was typed is there again when the
// name was lost on the way.
func TestForm(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a browser")
	}
	t.Parallel()
	browser := chromium(t)
	h := openHouse(t)
	ada := visit(t, browser, h.url, phone)
	ada.join("Ada")
	ada.click(".go .new")
	ada.until("document.querySelector('#sheet').open")
	if got := ada.string("[...document.querySelectorAll('#sheet .field')].filter(f => f.checkVisibility()).map(f => f.querySelector('[name]').name.replace('field-', '')).join(' ')"); got != "first second pack rounds ballot" {
		t.Errorf("at first the form asks for %q", got)
	}
	ada.click("#sheet .rest summary")
	inView := "(() => { const r = document.querySelector('#sheet .formfoot .primary').getBoundingClientRect(); return r.top > 0 && r.bottom <= innerHeight })()"
	ada.until(inView)
	ada.click("#sheet .chip:last-child")
	ada.until("document.querySelector('#field-until').value == 'tomorrow 17:00'")
	ada.fill("#field-rounds", "99")
	ada.run("document.querySelector('#field-second').selectedIndex = 0")
	ada.typeIn("#field-question", "Which would you send?")
	ada.click("#sheet .formfoot .primary")
	ada.until("[...document.querySelectorAll('#sheet .field:has(.problem) [name]')].map(e => e.name).join() == 'field-second,field-rounds'")
	ada.until(inView)

	// Her session ends; she gives her name again, and goes on where she was.
	ada.run(`fetch("/press", { method: "POST", body: new URLSearchParams({ button: "forget-me" }), headers: { Accept: "application/json" } }).then(() => { window.lost = true; })`)
	ada.until("window.lost")
	ada.reload()
	ada.join("Ada")
	ada.click(".go .new")
	ada.until("document.querySelector('#field-question')?.value == 'Which would you send?' && document.querySelector('#field-until').value == 'tomorrow 17:00'")
	ada.press("Not now")
	ada.click(".go .new")
	ada.until("document.querySelector('#sheet').open && document.querySelector('#field-question')?.value == ''")
	ada.fits()
}
