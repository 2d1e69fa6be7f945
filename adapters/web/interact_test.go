package web_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// A panic ends what somebody asked for, and nothing else. They are told in words,
// also where it comes later, and the page goes on.
func TestPanic(t *testing.T) {
	m := newMemory()
	m.press = func(bot.Press) bot.Reply { panic("no such round") }
	m.command = func(bot.Command) bot.Reply {
		return bot.Reply{Post: bot.Notice{Text: bot.Literal("Asking.")}, Later: func(context.Context, func(bot.Post) error) error { panic("no such round") }}
	}
	_, url := serve(t, m, m, web.Options{})
	ada := joined(t, url, "Ada")
	if status, o := ada.post("/press", "button", "1/taste"); status != http.StatusInternalServerError || !strings.HasPrefix(o.Error, "Sorry, that did not work.") {
		t.Errorf("a press at which the core panics is answered %d %q", status, o.Error)
	}
	ada.post("/command", "text", "/tastetest start")
	adaptertest.Eventually(t, "she is told", func() bool { return strings.Contains(ada.get("/"), "Sorry, that did not work.") })
}

// Where the script has not arrived yet, every form works by itself.
func TestWithoutScript(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	ref := m.put(channel, bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}, samples.Ballot)
	p := newPerson(t, url)
	post := func(path string, values map[string][]string) string {
		t.Helper()
		r, err := p.client.PostForm(url+path, values)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s is answered %d", path, r.StatusCode)
		}
		return r.Header.Get("Location")
	}
	vote := map[string][]string{"channel": {"tasting"}, "message": {ref.Message}, "tap": {"on:left"}}
	if to := post("/tap", vote); to != "/?join" || !strings.Contains(p.get(to), `<dialog id="join" class="sheet small" aria-labelledby="join-title" open>`) {
		t.Errorf("a stranger is led to %q", to)
	}
	post("/name", map[string][]string{"name": {"Ada"}})
	post("/tap", vote)
	if page := p.get("/"); !strings.Contains(page, `value="off:left" aria-pressed="true"`) {
		t.Errorf("the vote is not shown:\n%s", article(page, "m-12-1-ballot"))
	}
	m.press = func(bot.Press) bot.Reply { return bot.Reply{Post: samples.Seat} }
	post("/press", map[string][]string{"button": {"12/taste"}})
	if page := p.get("/"); !strings.Contains(page, `value="12.3/left"`) {
		t.Error("the seat is not shown")
	}
	m.command = func(bot.Command) bot.Reply { return bot.Reply{Form: &samples.Form} }
	post("/command", map[string][]string{"text": {"/tastetest start"}})
	if page := p.get("/"); !strings.Contains(page, `name="field-prompts"`) {
		t.Error("the form is not shown")
	}
}

// A change of mind is one write: what the page sends says all that shall stand.
func TestChangingAVote(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	ref := m.put(channel, bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}, samples.Ballot)
	ada := joined(t, url, "Ada")
	for _, tap := range []string{"on:left", "on:right", "off:right"} {
		if status, o := ada.post("/tap", "channel", "tasting", "message", ref.Message, "tap", tap); status != http.StatusOK {
			t.Errorf("%s is answered %d %s", tap, status, o.Error)
		}
	}
	var got []string
	for _, tap := range m.taps() {
		got = append(got, fmt.Sprintf("%s %v %v", tap.Choice, tap.On, tap.Only))
	}
	if want := "left true true, right true true, right false true"; strings.Join(got, ", ") != want {
		t.Errorf("heard %s, not %s", strings.Join(got, " "), want)
	}
}

// A button that asks first is not pressed until the answer.
func TestConfirm(t *testing.T) {
	m := newMemory()
	pressed := 0
	m.press = func(p bot.Press) bot.Reply {
		pressed++
		return bot.Reply{Post: bot.Notice{Text: bot.Literal("Closed " + p.Button)}}
	}
	_, url := serve(t, m, m, web.Options{})
	ada := joined(t, url, "Ada")
	_, o := ada.post("/press", "button", "12/close", "confirm", "Close it now?", "label", "Close now")
	if pressed != 0 || !strings.Contains(o.Dialog, "Close it now?") || !strings.Contains(o.Dialog, `value="12/close"`) || !strings.Contains(o.Dialog, "Close now") {
		t.Errorf("pressed %d times, and asked:\n%s", pressed, o.Dialog)
	}
	if _, o = ada.post("/press", "button", "12/close", "in", "dialog"); pressed != 1 || !o.Close || !strings.Contains(ada.shown(o), "Closed 12/close") {
		t.Errorf("pressed %d times: %+v", pressed, o)
	}
}

// Names are shown without the letters that make them unique, unless two share
// one; who is simulated is marked, whatever a person calls themselves.
func TestNamesOnThePage(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{Simulated: func(u string) bool { return strings.HasSuffix(u, "·sim") }})
	ref := m.put(channel, bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}, samples.Ballot)
	for _, user := range []string{"Ada·aaaaaa", "Kim·bbbbbb", "Kim·cccccc", "Lea·sim", "<b>Eve</b>·dddddd"} {
		m.React(t.Context(), bot.Tap{Ref: ref, User: user, Choice: bot.Left, On: true})
	}
	bo := joined(t, url, "🤖 Bo")
	m.React(t.Context(), bot.Tap{Ref: ref, User: bo.user(), Choice: bot.Right, On: true}) // who taps sees who taps
	page := article(bo.get("/channel"), "m-12-1-ballot")
	for _, want := range []string{"<bdi>Ada</bdi></span>", "bbbbbb", "cccccc", "&lt;b&gt;Eve&lt;/b&gt;", `<bdi>Lea</bdi> <span class="bot"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the ballot is without %s", want)
		}
	}
	for _, never := range []string{"aaaaaa", "·sim", "<b>Eve"} {
		if strings.Contains(page, never) {
			t.Errorf("the ballot has %s in it", never)
		}
	}
	if t.Failed() {
		t.Log(page)
	}
}

// Private notices are few, and one's own.
func TestNoticesAreBounded(t *testing.T) {
	m := newMemory()
	c, url := serve(t, m, m, web.Options{})
	ada := joined(t, url, "Ada")
	for i := range 100 {
		if err := c.Tell(t.Context(), bot.Voter{Workspace: workspace, User: ada.user()}, bot.Notice{Text: bot.Literal(fmt.Sprintf("Notice %d.", i))}); err != nil {
			t.Fatal(err)
		}
	}
	page := ada.get("/channel")
	if n := strings.Count(page, "Only you can see this"); n != 12 || !strings.Contains(page, "Notice 99.") || strings.Contains(page, "Notice 87.") {
		t.Errorf("%d notices are kept", n)
	}
	if err := c.Tell(t.Context(), bot.Voter{Workspace: bot.Workspace{Platform: "web", ID: "other"}, User: ada.user()}, samples.Notice); !errors.Is(err, bot.ErrLost) {
		t.Errorf("somebody of another workspace was told: %v", err)
	}
}

// A page hears of a vote without asking.
func TestEvents(t *testing.T) {
	m := newMemory()
	c, url := serve(t, m, m, web.Options{})
	req, err := http.NewRequestWithContext(t.Context(), "GET", url+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := newPerson(t, url).client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if kind := r.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Errorf("the events are %s", kind)
	}
	lines := bufio.NewScanner(r.Body)
	next := func() {
		t.Helper()
		for lines.Scan() {
			if lines.Text() == "event: changed" {
				return
			}
		}
		t.Fatalf("the events ended: %v", lines.Err())
	}
	next() // whatever changed before
	if err := c.Tap(t.Context(), bot.Ref{Place: channel, Message: "12.1/ballot"}, "Kim·sim", bot.Left, true); err != nil {
		t.Fatal(err)
	}
	next()
	m.err = errors.New("the disk is full")
	if err := c.Tap(t.Context(), bot.Ref{Place: channel, Message: "12.1/ballot"}, "Kim·sim", bot.Left, true); err == nil {
		t.Error("a tap that could not be kept was taken")
	}
}

// Pages that are open when the server stops end as they should, at once and not
// by being cut off; and neither they nor those that people left stay open.
func TestOpenPagesEnd(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := newMemory()
	c, err := web.New(logger(t), ln.Addr(), m, web.Options{Key: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	adaptertest.Serve(t, ln, c.Handler())
	ctx, cancel := context.WithCancel(t.Context())
	run := make(chan error, 1)
	go func() { run <- c.Run(ctx, m) }()
	patient, giveUp := context.WithTimeout(t.Context(), 20*time.Second)
	defer giveUp()
	var pages []io.ReadCloser
	for range 6 {
		ask, err := http.NewRequestWithContext(patient, http.MethodGet, "http://"+ln.Addr().String()+"/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := newPerson(t, "http://"+ln.Addr().String()).client.Do(ask)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, r.Body)
	}
	for _, left := range pages[:3] {
		left.Close()
	}
	cancel()
	for _, open := range pages[3:] {
		if _, err := io.ReadAll(open); err != nil {
			t.Fatalf("when the server stops an open page is cut off, or stays: %v", err)
		}
	}
	if err := <-run; err != nil {
		t.Errorf("Run: %v", err)
	}
	if n := c.OpenPages(); n != 0 {
		t.Errorf("all have gone and the server has stopped, and %d pages are said to be open", n)
	}
}

// A tap before the page runs is not lost in silence.
func TestTapBeforeRun(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	c, err := web.New(logger(t), ln.Addr(), newMemory(), web.Options{Key: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Tap(t.Context(), bot.Ref{Place: channel, Message: "x"}, "Kim·sim", bot.Left, true); err == nil {
		t.Error("it was taken")
	}
}

// A request that is under way when the page ends is still answered.
func TestDrain(t *testing.T) {
	m := newMemory()
	begun, ended := make(chan struct{}), make(chan struct{})
	m.command = func(bot.Command) bot.Reply {
		close(begun)
		<-ended
		return bot.Reply{Post: bot.Notice{Text: bot.Literal("Done.")}}
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c, err := web.New(logger(t), ln.Addr(), m, web.Options{Key: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	adaptertest.Serve(t, ln, c.Handler())
	ctx, cancel := context.WithCancel(t.Context())
	run := make(chan error, 1)
	go func() { run <- c.Run(ctx, m) }()
	ada := joined(t, "http://"+ln.Addr().String(), "Ada")
	status := make(chan int, 1)
	go func() {
		s, _ := ada.post("/command", "text", "/tastetest status")
		status <- s
	}()
	<-begun
	cancel()
	close(ended)
	select {
	case s := <-status:
		if s != http.StatusOK {
			t.Errorf("it was answered %d", s)
		}
	case <-time.After(10 * time.Second):
		t.Error("it was not answered")
	}
	if err := <-run; err != nil {
		t.Errorf("Run: %v", err)
	}
}

// A request that comes while the bot begins is taken as soon as it has begun;
// one that comes when it has ended is told so, and does nothing.
func TestRequestsAtTheEnds(t *testing.T) {
	m := newMemory()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + ln.Addr().String()
	c, err := web.New(logger(t), ln.Addr(), m, web.Options{Key: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	adaptertest.Serve(t, ln, c.Handler())
	early := make(chan *person)
	go func() { early <- joined(t, url, "Ada") }()
	time.Sleep(10 * time.Millisecond) // else it may come after the beginning, which proves less
	stop := adaptertest.Start(t, c, m)
	ada := <-early
	ref := m.put(channel, bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}, samples.Ballot)
	tap := func() (int, outcome) {
		return ada.post("/tap", "channel", ref.Channel, "message", ref.Message, "tap", "on:left")
	}
	if s, o := tap(); s != http.StatusOK {
		t.Errorf("a tap while the bot runs is answered %d %+v", s, o)
	}
	stop()
	if s, o := tap(); s != http.StatusServiceUnavailable || !strings.Contains(o.Error, "stopped") {
		t.Errorf("a tap after the end is answered %d %+v", s, o)
	}
	if n := len(m.taps()); n != 1 {
		t.Errorf("%d taps were taken, not 1", n)
	}
}

// When the core cannot say what stands there, the page says so with a number.
func TestReaderFails(t *testing.T) {
	_, url := serve(t, brokenReader{}, newMemory(), web.Options{})
	for _, path := range []string{"/", "/results", "/results/12"} {
		if body := newPerson(t, url).get(path); !strings.Contains(body, "Sorry") || strings.Contains(body, "kestrel") {
			t.Errorf("%s says:\n%s", path, body)
		}
	}
}

type brokenReader struct{}

var errTorn = errors.New("bolt: the page of kestrel is torn")

func (brokenReader) View(context.Context, bot.Place, bot.Voter) ([]bot.Shown, error) {
	return nil, errTorn
}

func (brokenReader) Results(context.Context, bot.Place, bot.Filter, int) (bot.Results, error) {
	return bot.Results{}, errTorn
}

func (brokenReader) Result(context.Context, bot.Place, uint64) (bot.Result, error) {
	return bot.Result{}, errTorn
}

// A browser cuts what is pasted at a field's maxlength and says nothing, so no
// field has one: the core says how long a text was, and the text stays there.
func TestNoFieldCutsWhatIsPasted(t *testing.T) {
	m := newMemory()
	m.command = func(bot.Command) bot.Reply { return bot.Reply{Form: &samples.Form} }
	_, url := serve(t, m, m, web.Options{})
	_, o := joined(t, url, "Ada").post("/command", "text", "/tastetest compare")
	if !strings.Contains(o.Dialog, "<textarea") || strings.Contains(o.Dialog, "maxlength") {
		t.Errorf("the form is\n%s", o.Dialog)
	}
}

// A slowStore reads for as long as somebody waits, or that is broken.
type slowStore struct {
	*memory
	broken error
}

func (s slowStore) View(ctx context.Context, _ bot.Place, _ bot.Voter) ([]bot.Shown, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	<-ctx.Done()
	return nil, fmt.Errorf("look at the channel: %w", ctx.Err())
}

// Whoever goes away before the page has been read is no fault of the bot's: no log
// calls it one. A fault is one, for those who stay and for those who go.
func TestAReaderGoesAway(t *testing.T) {
	for _, tt := range []struct {
		name   string
		broken error
		fault  bool
	}{{"somebody goes", nil, false}, {"the store is broken", errors.New("no such page"), true}, {"the store gave up by itself", context.Canceled, true}} {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			m := newMemory()
			c, err := web.New(slog.New(slog.NewTextHandler(&log, nil)), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}, slowStore{m, tt.broken}, web.Options{Key: make([]byte, 32)})
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) {
				go c.Run(t.Context(), m)
				synctest.Wait()
				ctx, leave := context.WithCancel(t.Context())
				defer leave()
				if tt.broken == nil {
					leave()
				}
				r := httptest.NewRequestWithContext(ctx, "GET", "/", nil)
				r.Host = "127.0.0.1:80"
				answered(c.Handler(), r)
			})
			if got := log.String(); strings.Contains(got, "level=ERROR") != tt.fault || strings.Contains(got, "level=WARN") {
				t.Errorf("the log should speak of a fault: %v; it says:\n%s", tt.fault, got)
			}
		})
	}
}
