package web_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// slow is how long a step may take on a busy machine.
const slow = 45 * time.Second

// A tab is a page in a browser of one person.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// shared is the browser of all tests, since each start of one costs as much as
// the longest of them. It starts with the first that wants it, and ends in
// TestMain.
var shared struct {
	once sync.Once
	ctx  context.Context
	err  error
	ends []context.CancelFunc // the first first
}

// TestMain ends the browser after the last test.
func TestMain(m *testing.M) {
	code := m.Run()
	for _, end := range shared.ends {
		end()
	}
	os.Exit(code)
}

// chromium returns the browser, and skips the test if there is none; with -short
// all but one test, of what most people do. Each that visits has cookies of their own there.
func chromium(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() && t.Name() != "TestReactionTasting" {
		t.Skip("a browser takes seconds: run without -short")
	}
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		const hint = "this test needs Chromium: install the package chromium"
		if os.Getenv("TASTETEST_CHROMIUM") == "required" {
			t.Fatal(hint)
		}
		t.Skip(hint)
	}
	shared.once.Do(func() {
		ctx, endAll := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.ExecPath(path), chromedp.NoSandbox,
			chromedp.Flag("host-resolver-rules", "MAP taste.example 127.0.0.1"), // see TestWayIn
			chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))...)
		ctx, end := chromedp.NewContext(ctx)
		shared.ctx, shared.err, shared.ends = ctx, chromedp.Do(ctx), []context.CancelFunc{end, endAll}
	})
	if shared.err != nil {
		t.Fatalf("start %s: %v", path, shared.err)
	}
	return shared.ctx
}

// visit opens url as somebody new, in a window so many pixels wide.
func visit(t *testing.T, browser context.Context, url string, width int64) tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // the first run must have no time limit: it would end the tab
		t.Fatalf("open a tab: %v", err)
	}
	p := tab{t, ctx}
	p.do("open "+url, chromedp.EmulateViewport(width, 900), chromedp.Navigate(url))
	return p
}

func (p tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, slow)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%s: %v\non the page:\n%s", what, err, p.text("body"))
	}
}

// pointAt moves the mouse to the first element that matches a CSS selector.
func (p tab) pointAt(css string) {
	p.t.Helper()
	p.until(fmt.Sprintf("document.querySelector(%q) != null", css))
	p.do("show "+css, chromedp.ScrollIntoView(chromedp.CSS(css)))
	at, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]float64](fmt.Sprintf("(r => [r.left + r.width / 2, r.top + r.height / 2])(document.querySelector(%q).getBoundingClientRect())", css)))
	if err != nil {
		p.t.Fatalf("where is %s: %v", css, err)
	}
	p.do("point at "+css, chromedp.MouseEvent(chromedp.MouseMoved, at[0], at[1]))
}

// click taps the first element that matches a CSS selector, as people do: they point at
// it first, and the page then leaves it where it is.
func (p tab) click(css string) {
	p.t.Helper()
	p.pointAt(css)
	p.do("click "+css, chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible))
}

func (p tab) typeIn(css, text string) {
	p.t.Helper()
	p.do("type in "+css, chromedp.SendKeys(chromedp.CSS(css), text, chromedp.NodeVisible))
}

// keys presses keys where the focus is.
func (p tab) keys(keys string) {
	p.t.Helper()
	p.do("press keys", chromedp.KeyEvent(keys))
}

// until waits for a JavaScript expression to hold.
func (p tab) until(expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, slow)
	defer cancel()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		if err == nil && ok {
			return
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("never true: %s (%v)\non the page:\n%s", expression, err, p.text("body"))
		case <-time.After(30 * time.Millisecond):
		}
	}
}

// sees waits until the page shows a text.
func (p tab) sees(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("document.body.innerText.includes(%q)", text))
}

// at waits until the private ballot shows a round: "2 of 3". The head says how
// many are done in the same words, so the page's text will not do.
func (p tab) at(position string) {
	p.t.Helper()
	p.until(fmt.Sprintf("document.querySelector('#sheet .title')?.innerText.includes(%q)", position))
}

// text is what an element shows.
func (p tab) text(css string) string {
	ctx, cancel := context.WithTimeout(p.ctx, slow)
	defer cancel()
	s, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", css)))
	if err != nil {
		return fmt.Sprintf("(cannot be read: %v)", err)
	}
	return strings.TrimSpace(s)
}

// join gives a name in the dialog of a first visit.
func (p tab) join(name string) {
	p.t.Helper()
	p.until("document.querySelector('#join')?.open")
	p.typeIn("#join input[name=name]", name)
	p.click("#join button.primary")
	p.until("document.querySelector('#composer') && !document.querySelector('#join')")
}
