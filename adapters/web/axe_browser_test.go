package web_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// Nothing on the page shuts people out who do not see it, or not well, or have no
// mouse: axe-core finds nothing serious, in light and in dark.
func TestAxe(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a browser")
	}
	axe, err := os.ReadFile(filepath.Join(adaptertest.Peer(t, "TASTETEST_AXE", "Run npm ci in .ci/peers/axe and set TASTETEST_AXE to that folder."), "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	t.Parallel()
	browser := chromium(t)
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	m.press = func(p bot.Press) bot.Reply { return bot.Reply{Post: samples.Seat} }
	m.command = func(c bot.Command) bot.Reply {
		if c.Text == "start" {
			return bot.Reply{Form: &samples.Form}
		}
		return bot.Reply{Post: samples.Standings}
	}
	m.put(channel, bot.PostKey{Tasting: tasting(12), What: bot.HeadPost}, samples.Head)
	ballot := m.put(channel, bot.PostKey{Tasting: tasting(13), Round: 1, What: bot.BallotPost}, samples.Ballot)
	m.put(channel, bot.PostKey{Tasting: tasting(14), What: bot.AnnouncementPost}, samples.Announcement)
	m.put(channel, bot.DigestKey(workspace, samples.Digest.Until), samples.Digest)
	m.React(t.Context(), bot.Tap{Ref: ballot, User: "Kim·abc234", Choice: bot.Left, On: true})

	ada := visit(t, browser, url, phone)
	serious := func() string {
		t.Helper()
		ada.run(string(axe))
		ada.until("document.getAnimations().every(a => a.playState == 'finished')")
		ada.run(`window.found = null; axe.run(document, { resultTypes: ["violations"] }).then((r) => {
			window.found = "found:" + r.violations.filter((v) => /serious|critical/.test(v.impact))
				.map((v) => "\n" + v.id + ": " + v.help + v.nodes.map((n) => "\n    " + n.target + "  " + (n.any[0]?.message ?? "")).join("")).join("");
		}, (e) => { window.found = "found:" + e; })`)
		ada.until("window.found")
		return strings.TrimPrefix(ada.string("window.found"), "found:")
	}
	fine := func(what string) {
		t.Helper()
		if got := serious(); got != "" {
			t.Errorf("%s:%s", what, got)
		}
	}
	fine("the page that a stranger sees, asked for a name")
	ada.join("Ada")
	ada.run("document.body.insertAdjacentHTML('beforeend', '<button></button>')")
	if got := serious(); !strings.Contains(got, "button-name") {
		t.Fatalf("a button without a name is found to be %q: the test finds nothing", got)
	}
	ada.reload()
	ada.until("document.querySelector('#composer')")
	ada.click(".tap[value='on:right']")
	ada.until("document.querySelector('.tap[aria-pressed=true]')")
	for _, theme := range []string{"light", "dark"} {
		ada.click(".mine summary")
		fine("the page with its menu open, " + theme + " or as it comes")
		ada.click(".mine button[value=" + theme + "]")
		ada.until("document.documentElement.dataset.theme == '" + theme + "' && document.readyState == 'complete'")
		ada.run("document.querySelectorAll('details:not(.menu, .mine)').forEach(d => { d.open = true; })")
		fine("posts with all that they fold, " + theme)
		ada.click(".head .primary, .head .actions button")
		ada.until("document.querySelector('#sheet .seatfoot')")
		fine("a seat, " + theme)
		ada.click("#sheet .x")
		ada.until("!document.querySelector('#sheet').open")
		ada.click(".go .new")
		ada.until("document.querySelector('#sheet .form')")
		fine("a form, " + theme)
		ada.click("#sheet .x")
		ada.until("!document.querySelector('#sheet').open")
		ada.do("go to the results", chromedp.Navigate(url+"/results"))
		ada.until("document.querySelector('main .card')")
		fine("the results, " + theme)
		ada.do("go back", chromedp.Navigate(url))
		ada.until("document.querySelector('.mine summary')")
	}
}
