package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/web"
)

// Whoever guesses on and on is not let in by a lucky guess either; others are,
// and so is a guesser who waits.
func TestGuessing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g web.Guesses
		guess := func(addr, key string) string {
			switch right, tooMany := g.Try(addr, key, "hops-and-malt"); {
			case right:
				return "right"
			case tooMany:
				return "too many"
			}
			return "wrong"
		}
		for i, want := range []string{"wrong", "wrong", "wrong", "wrong", "wrong", "wrong", "wrong", "wrong", "wrong", "wrong", "too many", "too many"} {
			if got := guess("192.0.2.1", "hops"); got != want {
				t.Errorf("wrong guess %d is %s, not %s", i+1, got, want)
			}
		}
		if got := guess("192.0.2.1", "hops-and-malt"); got != "too many" {
			t.Errorf("a right guess after too many wrong ones is %s", got)
		}
		for range 100 {
			if got := guess("192.0.2.2", "hops-and-malt"); got != "right" {
				t.Errorf("a right guess from elsewhere is %s", got)
			}
		}
		time.Sleep(time.Minute)
		if got := guess("192.0.2.1", "hops-and-malt"); got != "right" {
			t.Errorf("after a minute a right guess is %s", got)
		}
		if right, _ := g.Try("192.0.2.3", "", ""); right {
			t.Error("where there is no key, no key at all is right")
		}
	})
}

// Every way in counts, and behind a proxy people have an address of their own.
func TestGuessingOverHTTP(t *testing.T) {
	const secret, admin = "hops-and-malt", "cellar-door"
	for _, way := range []string{"/?secret=", "/?admin=", "/enter"} {
		m := newMemory()
		_, page := serve(t, m, m, web.Options{Secret: secret, AdminKey: admin})
		try := func(from, key string) (status int, says string) {
			method, path, body := "GET", way+key, ""
			if way == "/enter" {
				method, path, body = "POST", way, "secret="+url.QueryEscape(key)
			}
			req, err := http.NewRequestWithContext(t.Context(), method, page+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("X-Forwarded-For", from)
			p := newPerson(t, page)
			r, err := p.client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			return p.read(r)
		}
		right := secret
		if way == "/?admin=" {
			right = admin
		}
		status, says := 0, ""
		for range 1000 {
			if status, says = try("203.0.113.9, 192.0.2.1", "wrong"); status != 403 {
				break
			}
		}
		if status != 429 || !strings.Contains(says, "Wait a minute") {
			t.Errorf("%s: guessing on and on is answered %d:\n%s", way, status, says)
		}
		if status, _ := try("203.0.113.9, 192.0.2.2", right); status >= 400 {
			t.Errorf("%s: then somebody else’s right key is answered %d", way, status)
		}
	}
}

// Whoever is in already may open an old link as often as they like: it is no
// guess, and keeps nobody out who comes from the same address.
func TestOldLinksAreNoGuesses(t *testing.T) {
	m := newMemory()
	_, page := serve(t, m, m, web.Options{Secret: "hops-and-malt"})
	p := newPerson(t, page)
	p.get("/?secret=hops-and-malt")
	for range 20 {
		p.get("/?secret=the-one-of-last-year")
	}
	r, err := newPerson(t, page).client.Get(page + "/?secret=hops-and-malt")
	if err != nil {
		t.Fatal(err)
	}
	if status, says := p.read(r); status != 200 {
		t.Errorf("somebody with the right secret is answered %d:\n%s", status, says)
	}
}
