package web_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// A person is somebody with a browser, seen from the wire.
type person struct {
	t      *testing.T
	url    string
	client *http.Client
}

// outcome is what the page's script is told.
type outcome struct {
	Dialog, Error, Said, Await string
	Close, Join                bool
}

func newPerson(t *testing.T, url string) *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t, url, &http.Client{
		Jar: jar, Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// joined returns a person who has given a name.
func joined(t *testing.T, url, name string) *person {
	t.Helper()
	p := newPerson(t, url)
	if status, o := p.post("/name", "name", name); status != http.StatusOK {
		t.Fatalf("join as %q: %d %+v", name, status, o)
	}
	return p
}

// user is the person's ID, as their cookie has it.
func (p *person) user() string {
	p.t.Helper()
	c := p.cookie("user")
	id, _, _ := strings.Cut(c.Value, ".")
	b, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil || len(b) == 0 {
		p.t.Fatalf("the cookie %q holds no user: %v", c.Value, err)
	}
	return string(b)
}

func (p *person) cookie(what string) *http.Cookie {
	u, err := url.Parse(p.url)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, c := range p.client.Jar.Cookies(u) {
		if strings.HasPrefix(c.Name, "tastetest-"+what+"-") {
			return c
		}
	}
	return &http.Cookie{}
}

// as gives p's browser the name of another, as a link of theirs would.
func (p *person) as(other *person) *person {
	u, err := url.Parse(p.url)
	if err != nil {
		p.t.Fatal(err)
	}
	p.client.Jar.SetCookies(u, []*http.Cookie{other.cookie("user")})
	return p
}

// forget throws a cookie away.
func (p *person) forget(what string) {
	u, err := url.Parse(p.url)
	if err != nil {
		p.t.Fatal(err)
	}
	p.client.Jar.SetCookies(u, []*http.Cookie{{Name: p.cookie(what).Name, Path: "/", MaxAge: -1}})
}

// get returns what stands at a path.
func (p *person) get(path string) string {
	p.t.Helper()
	r, err := p.client.Get(p.url + path)
	if err != nil {
		p.t.Fatal(err)
	}
	_, body := p.read(r)
	return body
}

// post sends a form of keys and values as the script does.
func (p *person) post(path string, pairs ...string) (status int, o outcome) {
	p.t.Helper()
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return p.send(path, "application/x-www-form-urlencoded", strings.NewReader(v.Encode()))
}

func (p *person) send(path, kind string, body io.Reader) (status int, o outcome) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Accept", "application/json")
	r, err := p.client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	status, text := p.read(r)
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		o.Error = text
	}
	return status, o
}

func (p *person) read(r *http.Response) (status int, body string) {
	p.t.Helper()
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

// shown is what the person sees of an answer: its dialog, what went wrong, or
// the private notice that it became.
func (p *person) shown(o outcome) string {
	p.t.Helper()
	if o.Said == "" {
		return o.Dialog + o.Error
	}
	return article(p.get("/channel"), o.Said)
}

// article cuts a message out of the page.
func article(page, anchor string) string {
	return regexp.MustCompile(`(?s)<article [^>]*id="` + regexp.QuoteMeta(anchor) + `".*?</article>`).FindString(page)
}
