package web_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// Others can reach it, so it needs a secret.
func TestListenElsewhere(t *testing.T) {
	ln, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	m := newMemory()
	if _, err := web.New(logger(t), ln.Addr(), m, web.Options{Key: make([]byte, 32)}); err == nil || !strings.Contains(err.Error(), "secret") {
		t.Errorf("without a secret: %v", err)
	}
	if _, err := web.New(logger(t), ln.Addr(), m, web.Options{Key: make([]byte, 32), Secret: "hops-and-malt"}); err != nil {
		t.Errorf("with a secret: %v", err)
	}
	if _, err := web.New(logger(t), ln.Addr(), m, web.Options{Key: make([]byte, 16), Secret: "hops-and-malt"}); err == nil {
		t.Error("with a short key it was taken")
	}
}

// What a browser says of a request that another site started, or a page of
// this machine on another port.
func TestOtherSites(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	ref := m.put(channel, bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}, samples.Ballot)
	ada := joined(t, url, "Ada")
	for _, tt := range []struct {
		name, method, path string
		header             map[string]string
		want               int
	}{
		{"a vote from another site", "POST", "/tap", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403},
		{"a vote from another port", "POST", "/tap", map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:1"}, 403},
		{"a vote from an old browser on another site", "POST", "/tap", map[string]string{"Origin": "https://evil.example"}, 403},
		{"a vote from a sandboxed page", "POST", "/tap", map[string]string{"Origin": "null"}, 403},
		{"a vote of the page's own", "POST", "/tap", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": url}, 200},
		{"events for another site", "GET", "/events", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403},
		{"events for another port", "GET", "/events", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"events for an old browser on another site", "GET", "/events", map[string]string{"Origin": "https://evil.example"}, 403},
		{"the channel for another site", "GET", "/channel", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"completions for another site", "GET", "/suggest?text=/", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"a name that leads here by DNS rebinding", "GET", "/", map[string]string{"Host": "evil.example"}, 403},
		{"a vote under such a name", "POST", "/tap", map[string]string{"Host": "evil.example"}, 403},
		{"the page by its name", "GET", "/", map[string]string{"Host": "localhost:80"}, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			heard := len(m.taps())
			body := "channel=tasting&tap=on:left&message=" + ref.Message
			req, err := http.NewRequestWithContext(t.Context(), tt.method, url+tt.path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Accept", "application/json")
			for k, v := range tt.header {
				if k == "Host" {
					req.Host = v
				} else {
					req.Header.Set(k, v)
				}
			}
			r, err := ada.client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			r.Body.Close()
			if r.StatusCode != tt.want {
				t.Errorf("answered %d, not %d", r.StatusCode, tt.want)
			}
			if got := len(m.taps()) - heard; got != 0 && tt.want == 403 {
				t.Errorf("refused, and %d votes were heard", got)
			}
		})
	}
}

// A link from another site leads to the page, though the cookies, which are
// SameSite=Strict, come only with the second step.
func TestLinkFromElsewhere(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	req, err := http.NewRequestWithContext(t.Context(), "GET", url+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	p := newPerson(t, url)
	r, err := p.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := p.read(r); status != 200 || !strings.Contains(body, `content="0; url=/"`) {
		t.Errorf("answered %d:\n%s", status, body)
	}
}

func TestForgedCookies(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{AdminKey: "cellar-door"})
	m.put(channel, bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}, samples.Ballot)
	ada, bob := joined(t, url, "Ada"), joined(t, url, "Bob")
	real := ada.cookie("user")
	id, mark, _ := strings.Cut(real.Value, ".")
	bobs, bobMark, _ := strings.Cut(bob.cookie("user").Value, ".")
	for _, tt := range []struct{ name, value string }{
		{"no mark", id},
		{"an empty mark", id + "."},
		{"somebody else’s mark", id + "." + bobMark},
		{"somebody else’s name", bobs + "." + mark},
		{"a mark cut short", id + "." + mark[:len(mark)-1]},
		{"not base64", "!!." + mark},
		{"nothing", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), "POST", url+"/tap", strings.NewReader("channel=tasting&message=12.1/ballot&tap=on:left"))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Cookie", real.Name+"="+tt.value)
			r, err := newPerson(t, url).client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			if status, body := ada.read(r); status != 403 || strings.Count(body, ".") > 2 {
				t.Errorf("answered %d: %s", status, body)
			}
		})
	}
	if got := m.taps(); len(got) > 0 {
		t.Errorf("heard %+v", got)
	}
}

// Whose vote it is says the cookie, whatever else a request claims.
func TestForgedUser(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	ada, eve := joined(t, url, "Ada"), joined(t, url, "Eve")
	eve.post("/tap?user="+ada.user(), "channel", "tasting", "message", "12.1/ballot", "tap", "on:left", "user", ada.user(), "voter", ada.user(), "starter", ada.user())
	if got := m.taps(); len(got) != 1 || got[0].User != eve.user() {
		t.Errorf("heard %+v, not a vote of %s", got, eve.user())
	}
	if status, o := eve.post("/tap", "channel", "elsewhere", "message", "12.1/ballot", "tap", "on:left"); status != 400 {
		t.Errorf("a vote in another channel: %d %+v", status, o)
	}
	if status, o := newPerson(t, url).post("/tap", "channel", "tasting", "message", "12.1/ballot", "tap", "on:left"); status != 401 || !o.Join {
		t.Errorf("a stranger’s vote: %d %+v", status, o)
	}
}

// A second name in one browser would be a second vote.
func TestOneNameABrowser(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	ada := joined(t, url, "Ada")
	before := ada.user()
	if ada.post("/name", "name", "Bob"); ada.user() != before {
		t.Errorf("%s has become %s", before, ada.user())
	}
}

func TestSecret(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{Secret: "hops-and-malt"})
	m.put(channel, bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}, samples.Ballot)
	p := newPerson(t, url)
	for _, path := range []string{"/", "/channel", "/events", "/suggest?text=/", "/?secret=wrong"} {
		if body := p.get(path); strings.Contains(body, "birthday") {
			t.Errorf("without the secret %s shows:\n%s", path, body)
		}
	}
	if status, _ := p.post("/name", "name", "Ada"); status != 403 {
		t.Errorf("without the secret a name is answered %d", status)
	}
	if status, _ := p.post("/enter", "secret", "wrong"); status != 403 {
		t.Errorf("a wrong secret is answered %d", status)
	}
	if body := p.get("/healthz"); body != "ok\n" {
		t.Errorf("/healthz says %q", body)
	}
	if status, _ := p.post("/enter", "secret", "hops-and-malt"); status != 303 {
		t.Errorf("the secret is answered %d", status)
	}
	if body := p.get("/"); !strings.Contains(body, "birthday") {
		t.Errorf("with the secret there is:\n%s", body)
	}
	q := newPerson(t, url)
	q.get("/?secret=hops-and-malt")
	if body := q.get("/"); !strings.Contains(body, "birthday") {
		t.Errorf("after the link with the secret there is:\n%s", body)
	}
}

func TestAdmin(t *testing.T) {
	m := newMemory()
	c, url := serve(t, m, m, web.Options{AdminKey: "cellar-door"})
	is := func(c *web.Chat, p *person) bool {
		p.get("/channel")
		ok, err := c.Admin(t.Context(), channel, p.user())
		return ok && err == nil
	}
	ada, eve := joined(t, url, "Ada"), joined(t, url, "Eve")
	ada.get("/?admin=cellar-door")
	eve.get("/?admin=cellar-window")
	eve.get("/?admin=")
	if !is(c, ada) || is(c, eve) {
		t.Errorf("Ada, who showed the key, is an admin: %t; Eve, who did not: %t", is(c, ada), is(c, eve))
	}

	restarted, url := serve(t, m, m, web.Options{AdminKey: "cellar-door"})
	ada.url = url
	if !is(restarted, ada) {
		t.Error("after a restart Ada is no admin any more")
	}
	changed, url := serve(t, m, m, web.Options{AdminKey: "another-door"})
	ada.url = url
	if is(changed, ada) {
		t.Error("with the old key Ada is still an admin")
	}
	none, url := serve(t, m, m, web.Options{})
	eve.url = url
	eve.get("/?admin=")
	if is(none, eve) {
		t.Error("without a key everybody who asks is an admin")
	}
}

func TestTooMuch(t *testing.T) {
	t.Parallel()
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	ada := joined(t, url, "Ada")
	for path, size := range map[string]int{"/tap": 100 << 10, "/press": 100 << 10, "/command": 300 << 10, "/dismiss": 100 << 10, "/submit": 9 << 20} {
		status, o := ada.post(path, "text", strings.Repeat("x", size))
		if status != 413 || o.Error == "" {
			t.Errorf("%d bytes to %s are answered %d %q", size, path, status, o.Error)
		}
	}
	if status, _ := ada.post("/command", "text", "/tastetest "+strings.Repeat("好", 15_000)); status != 200 {
		t.Errorf("a command of 15,000 characters is answered %d", status)
	}
}

func TestHeaders(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	for _, path := range []string{"/", "/channel", "/static/web.js", "/nowhere"} {
		r, err := newPerson(t, url).client.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, r.Body)
		r.Body.Close()
		for k, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self';", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		} {
			if got := r.Header.Get(k); !strings.Contains(got, want) || strings.Contains(got, "unsafe") {
				t.Errorf("%s: %s is %q", path, k, got)
			}
		}
	}
	c := joined(t, url, "Ada")
	r, err := newPerson(t, url).client.PostForm(url+"/name", map[string][]string{"name": {"Ada"}})
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if k := r.Cookies(); len(k) != 1 || !k[0].HttpOnly || k[0].SameSite != http.SameSiteStrictMode {
		t.Errorf("the cookie is %+v", k)
	}
	for _, inline := range []string{"<script>", "<style", "style=\"", "onclick"} {
		if body := c.get("/"); strings.Contains(body, inline) {
			t.Errorf("the page has %s in it, which its own policy forbids", inline)
		}
	}
}

// What goes wrong inside is not told; what people can mend is.
func TestErrorsOfVotes(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	ada := joined(t, url, "Ada")
	for _, tt := range []struct {
		err    error
		status int
		says   string
	}{
		{bot.UserError(bot.Literal("You wrote one of these.")), 409, "You wrote one of these."},
		{bot.UserError(bot.Literal("Voting has ended.")), 409, "Voting has ended."},
		{errors.New("bolt: page 7 of kestrel"), 500, "Sorry"},
		{context.DeadlineExceeded, 500, "Sorry"},
	} {
		m.err = tt.err
		status, o := ada.post("/tap", "channel", "tasting", "message", "12.1/ballot", "tap", "on:left")
		if status != tt.status || !strings.Contains(o.Error, tt.says) || strings.Contains(o.Error, "kestrel") {
			t.Errorf("%v is answered %d %q", tt.err, status, o.Error)
		}
	}
}

// A bot that is not well says so, and not why: the reason may name files.
func TestHealth(t *testing.T) {
	m := newMemory()
	sick := errors.New("open /secret/path: input/output error")
	_, url := serve(t, m, m, web.Options{Healthy: func() error { return sick }})
	r, err := http.Get(url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusServiceUnavailable || strings.Contains(string(body), "secret") {
		t.Errorf("/healthz answers %d %q, %v", r.StatusCode, body, err)
	}
}
