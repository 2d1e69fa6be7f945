package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/adapters/votefile"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
)

// revealed puts so many revealed tastings into the house's store: kestrel, which costs
// 30 times as much, nova and lark in turn, on prompts of two packs, four weeks apart.
func (h house) revealed(t testing.TB, tastings, rounds int, ballot bot.BallotKind) {
	t.Helper()
	names := []string{"kestrel", "nova", "lark"}
	price := map[string]int64{"kestrel": 15_600_000_000, "nova": 520_000_000, "lark": 80_000_000}
	likes := map[string]float64{"kestrel": 0.3, "nova": 0.29, "lark": 0.1}
	var rows []votefile.Row
	for n := 1; n <= tastings; n++ {
		pair := [2]string{names[n%3], names[(n+1)%3]}
		category := []string{"humour", "apologies"}[n%2]
		closed := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC).AddDate(0, 0, n)
		cards := [2]bot.Card{{Name: pair[0], Source: "api", Settings: map[string]string{"model": pair[0]}}, {Name: pair[1], Source: "api", Settings: map[string]string{"model": pair[1]}}}
		for r := 1; r <= rounds; r++ {
			x := bot.Texts{Prompt: bot.Prompt{ID: fmt.Sprint(category, (n+r)%30), Pack: "pack-" + category, Category: category, Text: fmt.Sprintf("Prompt %d of test %d <b>", r, n)}}
			for i, name := range pair {
				x.Answers[i] = bot.Answer{Text: fmt.Sprintf("Answer %d of *%s* in test %d.", r, name, n), Cost: bot.Cost{Pico: price[name], Known: true}, Latency: time.Second, Finish: "stop"}
			}
			for v := range 7 {
				row := votefile.Row{
					QuestionID: fmt.Sprintf("%d.%d", n, r), Judge: fmt.Sprintf("Voter%d·aaaaaa", v), Winner: "model_b", Turn: 1, Tstamp: float64(closed.Unix() - 60),
					ModelA: pair[0], ModelB: pair[1], Platform: "web", Workspace: "local", Channel: "tasting", Tasting: uint64(n), Round: r, Rounds: rounds, Kind: bot.Plain,
					Ballot: string(ballot), FirstModel: "model_a", Pack: "pack-" + category, PromptID: x.Prompt.ID, Category: category,
					Opened: closed.Add(-time.Hour), Closed: closed, Revealed: closed.Add(time.Minute),
				}
				switch u := float64((r*7+v)*37%42) / 42; {
				case u < 0.1:
					row.Winner = "tie"
				case u < 0.55+likes[pair[0]]-likes[pair[1]]:
					row.Winner = "model_a"
				}
				row.Cards, row.Full = &cards, &x
				rows = append(rows, row)
			}
		}
	}
	var file bytes.Buffer
	if err := votefile.WriteJSONL(&file, rows); err != nil {
		t.Fatal(err)
	}
	if done, err := votefile.Import(t.Context(), h.store, &file, nil, false); err != nil || done.Added != tastings {
		t.Fatalf("%d tastings are there: %v", done.Added, err)
	}
}

// got answers a GET of a stranger whose browser reads a language.
func got(t *testing.T, url, lang string) (status int, body string) {
	t.Helper()
	p := newPerson(t, url).reads(lang)
	r, err := p.client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	return p.read(r)
}

// What has been revealed stands on one page, and each tasting on one of its own.
func TestResults(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	if _, page := got(t, h.url+"/results", "en"); !strings.Contains(page, "No taste test that has been revealed here is like that.") {
		t.Errorf("before the first reveal the page says:\n%s", page)
	}
	h.revealed(t, 12, 6, bot.Reaction)
	status, page := got(t, h.url+"/results", "en")
	if status != http.StatusOK {
		t.Fatalf("answered %d:\n%s", status, page)
	}
	for what, want := range map[string]string{
		"how many, and from when":        "12 taste tests, revealed from 2026-01-06 to 2026-01-17",
		"what standings rest on":         "504 votes, 72 rounds",
		"a picture of standings":         `<figure class="wide"><svg`,
		"the cheapest that is as good":   "Taking it saves $15.08 per 1,000 answers.",
		"a picture of cost beside taste": "Cost beside taste",
		"a picture of the course":        "Over time",
		"the matrix":                     "Model against model",
		"a way to the tasting":           `href="/results/12"`,
		"a way to the older ones":        `href="/results?skip=8"`,
		"what can be asked for":          `<option>pack-humour</option>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is missing: there is no %q", what, want)
		}
	}
	if strings.Contains(page, "<script") {
		t.Error("the page has a script; it is to do without")
	}
	if got := strings.Count(page, `class="card announcement"`); got != bot.ResultsPage {
		t.Errorf("a page has %d tastings, want %d", got, bot.ResultsPage)
	}
	if _, older := got(t, h.url+"/results?skip=8", "en"); strings.Count(older, `class="card announcement"`) != 4 || !strings.Contains(older, `href="/results"`) {
		t.Error("the older ones are not 4, or do not lead back")
	}

	_, one := got(t, h.url+"/results/12", "en")
	for i := 1; i <= 6; i++ {
		for _, want := range []string{fmt.Sprintf("Prompt %d of test 12 &lt;b&gt;", i), fmt.Sprintf("Answer %d of <em>kestrel</em> in test 12.", i), fmt.Sprintf("Answer %d of <em>nova</em> in test 12.", i)} {
			if !strings.Contains(one, want) {
				t.Errorf("the tasting’s page does not have %q", want)
			}
		}
	}
	if strings.Contains(one, "/press") {
		t.Error("there is something to press among results")
	}
	for _, n := range []string{"13", "0", "x", "99999999999999999999"} {
		if status, page := got(t, h.url+"/results/"+n, "en"); status != http.StatusNotFound || !strings.Contains(page, "No taste test of that number has been revealed here.") {
			t.Errorf("/results/%s is answered %d:\n%s", n, status, page)
		}
	}
	for path, want := range map[string]string{"/results": "12 场盲测，2026-01-06 至 2026-01-17 揭晓", "/results/12": "第 12 场盲测"} {
		if _, page := got(t, h.url+path, "zh"); !strings.Contains(page, want) || !strings.Contains(page, `<html lang="zh-CN">`) {
			t.Errorf("in Chinese %s does not say %q", path, want)
		}
	}
}

// An address says what is wanted, so that a view can be sent.
func TestFilters(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.revealed(t, 12, 6, bot.Reaction)
	shown := regexp.MustCompile(`href="/results/(\d+)"`)
	for _, tt := range []struct{ query, want string }{
		{"model=lark", "11 10 8 7 5 4 2 1"},
		{"model=lark&skip=8", ""},
		{"category=humour", "12 10 8 6 4 2"},
		{"pack=pack-apologies", "11 9 7 5 3 1"},
		{"category=humour&model=kestrel", "12 8 6 2"},
		{"since=2026-01-10&until=2026-01-12", "7 6 5"},
		{"since=2026-01-17", "12"},
		{"until=2026-01-05", ""},
		{"model=nobody", ""},
		{"category=humour&pack=pack-apologies", ""},
	} {
		status, page := got(t, h.url+"/results?"+tidy(tt.query), "en")
		var ns []string
		for _, m := range shown.FindAllStringSubmatch(page, -1) {
			ns = append(ns, m[1])
		}
		if got := strings.Join(ns, " "); status != 200 || got != tt.want {
			t.Errorf("%s shows %q (%d), want %q", tt.query, got, status, tt.want)
		}
	}
	if _, page := got(t, h.url+"/results?category=humour", "en"); !strings.Contains(page, "Standings: humour") || !strings.Contains(page, "252 votes") {
		t.Error("standings are not of what is seen")
	}
	if _, page := got(t, h.url+"/results?category=humour&model=nova", "en"); !strings.Contains(page, `<option selected>nova</option>`) || !strings.Contains(page, `<option selected>humour</option>`) {
		t.Error("the form does not show what was asked for")
	}
	// Fields that were left empty leave the address.
	p := newPerson(t, h.url)
	r, err := p.client.Get(h.url + "/results?model=&pack=&category=humour&since=&until=")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if to := r.Header.Get("Location"); r.StatusCode != http.StatusSeeOther || to != "/results?category=humour" {
		t.Errorf("a form with empty fields leads to %q (%d)", to, r.StatusCode)
	}
	if status, page := got(t, h.url+"/results?since=yesterday", "en"); status != http.StatusBadRequest || !strings.Contains(page, "Write a day as "+time.Now().Format(time.DateOnly)) {
		t.Errorf("a day that is none is answered %d:\n%s", status, page)
	}
}

// tidy has an address's fields in the order in which the page writes them.
func tidy(query string) string {
	parts := strings.Split(query, "&")
	if len(parts) == 2 && parts[0] > parts[1] {
		parts[0], parts[1] = parts[1], parts[0]
	}
	return strings.Join(parts, "&")
}

// What is sent as a file is what is seen, and says so in its name.
func TestVotesAsFiles(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.revealed(t, 4, 3, bot.Reaction)
	p := newPerson(t, h.url)
	for path, want := range map[string]struct {
		kind string
		rows int
	}{
		"/results/votes.jsonl": {"application/jsonl; charset=utf-8", 4 * 3 * 7}, "/results/votes.jsonl?category=humour": {"application/jsonl; charset=utf-8", 2 * 3 * 7},
		"/results/votes.csv?since=2026-01-09": {"text/csv; charset=utf-8", 1 + 3*7},
	} {
		r, err := p.client.Get(h.url + path)
		if err != nil {
			t.Fatal(err)
		}
		_, body := p.read(r)
		if got := strings.Count(body, "\n"); got != want.rows || r.Header.Get("Content-Type") != want.kind || !strings.HasPrefix(r.Header.Get("Content-Disposition"), `attachment; filename="votes.`) {
			t.Errorf("%s has %d lines, want %d: %v\n%.300s", path, got, want.rows, r.Header, body)
		}
	}
	if _, page := got(t, h.url+"/results?category=humour", "en"); !strings.Contains(page, `href="/results/votes.csv?category=humour"`) || !strings.Contains(page, `href="/results/votes.jsonl?category=humour"`) {
		t.Error("the page does not lead to the files of what is seen")
	}
	if _, page := got(t, h.url+"/results", "zh"); !strings.Contains(page, `存成文件：<a href="/results/votes.csv"`) {
		t.Error("in Chinese a space stands behind the colon before the files, or they are missing")
	}
}

// While a test is open, results, their files and the report are the same whichever
// side the models are on: byte for byte.
func TestResultsWhileTestsAreOpen(t *testing.T) {
	t.Parallel()
	walk := func(flip bool, state bot.State) string {
		h := openHouse(t)
		h.revealed(t, 3, 6, bot.Private)
		open := bot.Tasting{
			Place: channel, Ballot: bot.Reaction, State: state, Question: "SECRETQUESTION", Models: [2]bot.Card{{Name: "hidden-one", Source: "api"}, {Name: "hidden-two", Source: "api"}},
			Rounds: []bot.Round{{Kind: bot.Plain, Ready: true, Category: "secret-category", Pack: "secret-pack", Flip: flip, Cost: [2]bot.Cost{{Pico: 1, Known: true}, {Pico: 2, Known: true}}}}, Wake: time.Now().AddDate(1, 0, 0),
		}
		if _, err := h.store.CreateTasting(t.Context(), open, make([]bot.Texts, 1)); err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, path := range []string{"/results", "/results/1", "/results/4", "/results?model=hidden-one", "/results?category=secret-category", "/results/votes.csv", "/results/votes.jsonl", "/results/votes.csv?model=hidden-one"} {
			status, body := got(t, h.url+path, "en")
			fmt.Fprintln(&all, path, status, body)
		}
		b := engine.New(logger(t), h.store, engine.Options{})
		if _, err := web.Report(t.Context(), &all, "Tastetest", b, channel, bot.Filter{}, bot.Voice{Lang: bot.En}); err != nil {
			t.Fatal(err)
		}
		return all.String()
	}
	for _, state := range []bot.State{bot.Open, bot.Closing} {
		one, other := walk(false, state), walk(true, state)
		if diff := cmp.Diff(strings.Split(one, "\n"), strings.Split(other, "\n")); diff != "" {
			t.Errorf("%v: results tell which side a model is on:\n%s", state, diff)
		}
		for _, never := range []string{"SECRETQUESTION", "hidden-two", "secret-pack", "4 taste tests"} {
			if strings.Contains(one, never) {
				t.Errorf("%v: results speak of the open test: %q", state, never)
			}
		}
	}
}

// The report is a file that asks for nothing: opened from a disk it looks as it
// should, leads to what is in it, and loads nothing else.
func TestReport(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.revealed(t, 10, 6, bot.Reaction)
	b := engine.New(logger(t), h.store, engine.Options{})
	name := filepath.Join(t.TempDir(), "report.html")
	var page bytes.Buffer
	n, err := web.Report(t.Context(), &page, "Our taste", b, channel, bot.Filter{}, bot.Voice{Lang: bot.Zh})
	if err != nil || n != 10 {
		t.Fatalf("%d tests are in the report: %v", n, err)
	}
	for _, want := range []string{`lang="zh-CN"`, "口味与费用", "Answer 6 of <em>kestrel</em> in test 9.", "Answer 1 of <em>nova</em> in test 1.", `href="#t10-whole"`, `id="t10-whole"`} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the report does not have %q", want)
		}
	}
	for _, m := range regexp.MustCompile(`(?:href|src|action)="([^#"][^"]*)"|url\(([^)]{0,40})`).FindAllStringSubmatch(page.String(), -1) {
		if to := m[1] + m[2]; !strings.HasPrefix(to, "data:font/woff2;base64,") {
			t.Errorf("the report leads out of itself: %q", to)
		}
	}
	if testing.Short() {
		t.Skip("the rest is played in a browser, which takes its time")
	}
	if err := os.WriteFile(name, page.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	p := visit(t, chromium(t), "file://"+name, phone)
	p.sees("Prompt 6 of test 1 <b>")
	p.until("document.fonts.check('16px Newsreader')")
	p.fits()
	p.until("performance.getEntriesByType('resource').every(e => e.name.startsWith('data:'))")
}

// A reader in a browser without scripts, at a desk and on a phone, who goes from the
// channel to the results, narrows them down, and opens a tasting; and a second one, in
// another browser, to whom that view is sent.
func TestResultsWithoutScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser takes its time")
	}
	browser := chromium(t)
	h := openHouse(t)
	h.revealed(t, 12, 6, bot.Reaction)
	for _, width := range []int64{desk, phone} {
		ada := visit(t, browser, "about:blank", width)
		if _, err := chromedp.Call(ada.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
			t.Fatal(err)
		}
		ada.do("open the channel", chromedp.Navigate(h.url+"/"))
		ada.click("header a[href='/results']")
		ada.sees("Model against model")
		ada.fits()
		ada.do("choose a category", chromedp.SetValue(chromedp.CSS("select[name=category]"), "humour"))
		ada.click(".wish button")
		ada.sees("Standings: humour")
		ada.until("location.search == '?category=humour'")
		ada.click("article a[href='/results/12']")
		ada.sees("Round 6 of 6")
		ada.sideBySide(width == desk)
		ada.fits()
	}
	bob := visit(t, browser, h.url+"/results?category=humour", phone)
	bob.sees("Standings: humour")
}
