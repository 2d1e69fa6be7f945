package web_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/web"
)

// Whoever guesses on and on waits for each answer; so do others, once very many
// guess at one key. The right key is right all the same.
func TestGuessing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const key = "hops-and-malt"
		var g web.Guesses
		wrong := func(addr, what string) time.Duration {
			right, pause := g.Try(addr, what, "hops", key)
			if right {
				t.Error("a wrong guess is right")
			}
			return pause
		}
		right := func(addr, what string) time.Duration {
			right, pause := g.Try(addr, what, key, key)
			if !right {
				t.Errorf("the right key from %s is wrong", addr)
			}
			return pause
		}
		for i := range 1000 {
			if pause := wrong("192.0.2.1", "secret"); (pause > 0) != (i >= 10) || pause > 10*time.Second {
				t.Fatalf("wrong guess %d waits %v", i+1, pause)
			}
			if i == 50 {
				if pause := right("192.0.2.2", "secret"); pause != 0 {
					t.Errorf("the right key from elsewhere waits %v", pause)
				}
			}
		}
		if pause := right("192.0.2.1", "secret"); pause == 0 || pause > 10*time.Second {
			t.Errorf("after a thousand wrong ones the right key waits %v", pause)
		}
		if pause := right("192.0.2.9", "secret"); pause == 0 || pause > 10*time.Second {
			t.Errorf("from elsewhere, while a thousand guess at it, the right key waits %v", pause)
		}
		if pause := right("192.0.2.9", "admin"); pause != 0 {
			t.Errorf("another key waits %v", pause)
		}
		time.Sleep(15 * time.Minute)
		if pause := right("192.0.2.1", "secret"); pause != 0 {
			t.Errorf("when it is over the right key waits %v", pause)
		}
		if right, _ := g.Try("192.0.2.3", "admin", "", ""); right {
			t.Error("where there is no key, no key at all is right")
		}
	})
}

// Every way in counts. Behind a proxy of ours people have an address of their
// own; nobody else chooses theirs.
func TestGuessingOverHTTP(t *testing.T) {
	const secret, admin = "hops-and-malt", "cellar-door"
	ours := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, way := range []string{"/?secret=", "/?admin=", "/enter"} {
		for _, tt := range []struct {
			name    string
			proxies []netip.Prefix
			remote  string
			slow    bool // whether the others wait too
		}{
			{"through a proxy of ours", ours, "10.1.2.3:4000", false},
			{"past it", ours, "192.0.2.77:4000", true},
			{"without one", nil, "10.1.2.3:4000", true},
		} {
			t.Run(way+" "+tt.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					page := local(t, web.Options{Secret: secret, AdminKey: admin, Proxies: tt.proxies})
					try := func(from, key string) (status int, took time.Duration) {
						method, path, body := "GET", way+key, ""
						if way == "/enter" {
							method, path, body = "POST", way, "secret="+url.QueryEscape(key)
						}
						r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
						r.RemoteAddr = tt.remote
						r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
						r.Header.Set("X-Forwarded-For", "198.51.100."+from+", "+from)
						began := time.Now()
						return answered(page, r).Code, time.Since(began)
					}
					right := secret
					if way == "/?admin=" {
						right = admin
					}
					for i := range 12 {
						if status, took := try("192.0.2.1", "wrong"); status != 403 || (took > 0) != (i >= 10) {
							t.Errorf("wrong guess %d is answered %d after %v", i+1, status, took)
						}
					}
					if status, took := try("192.0.2.2", right); status != 303 || (took > 0) != tt.slow {
						t.Errorf("then somebody else’s right key is answered %d after %v", status, took)
					}
					try("192.0.2.1", "wrong")
					if status, took := try("192.0.2.1", right); status != 303 || took == 0 {
						t.Errorf("then the right key is answered %d after %v", status, took)
					}
				})
			})
		}
	}
}

// What stands beside the page, as metrics do, is no way around that: guesses there are
// guesses at the same key.
func TestGuessingBesideThePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		chat := chatOf(t, web.Options{AdminKey: "cellar-door", Secret: "hops-and-malt"})
		synctest.Wait()
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil)
		began := time.Now()
		for i := range 12 {
			if chat.Admits(r, "cellar") {
				t.Error("a wrong key lets in")
			}
			if waited := time.Since(began) > 0; waited != (i >= 10) {
				t.Errorf("wrong key %d: waited %v", i+1, waited)
			}
		}
		if !chat.Admits(r, "cellar-door") {
			t.Error("the right key does not let in")
		}
		if chatOf(t, web.Options{Secret: "hops-and-malt"}).Admits(r, "") {
			t.Error("where there is no key, none at all lets in")
		}
	})
}

// Only a proxy of ours is believed when it says that the browser's connection
// is encrypted.
func TestWhoIsBelieved(t *testing.T) {
	for remote, want := range map[string]bool{"10.1.2.3:4000": true, "127.0.0.1:4000": false, "192.0.2.1:4000": false, "[::ffff:10.1.2.3]:4000": true} {
		synctest.Test(t, func(t *testing.T) {
			page := local(t, web.Options{Secret: "hops-and-malt", Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/?secret=hops-and-malt", nil)
			r.RemoteAddr = remote
			r.Header.Set("X-Forwarded-Proto", "https")
			cookies := answered(page, r).Result().Cookies()
			if len(cookies) != 1 || cookies[0].Secure != want {
				t.Errorf("from %s the cookies are %v; want one, Secure %v", remote, cookies, want)
			}
		})
	}
}

// A key in the address is exchanged for a cookie, and the step on tells nobody
// where one came from.
func TestKeysLeaveTheAddress(t *testing.T) {
	for name, tt := range map[string]struct {
		site string
		want int
	}{"typed": {"none", 303}, "a link elsewhere": {"cross-site", 200}} {
		synctest.Test(t, func(t *testing.T) {
			page := local(t, web.Options{Secret: "hops-and-malt"})
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/?secret=hops-and-malt", nil)
			r.Header.Set("Sec-Fetch-Site", tt.site)
			w := answered(page, r)
			body := w.Body.String()
			onward := w.Header().Get("Location") == "/" || strings.Contains(body, `content="0; url=/"`)
			if w.Code != tt.want || !onward || len(w.Result().Cookies()) != 1 || w.Header().Get("Referrer-Policy") != "no-referrer" || strings.Contains(body, "hops") {
				t.Errorf("%s: answered %d with %v:\n%s", name, w.Code, w.Header(), body)
			}
		})
	}
}

// local is the page of a chat that runs until the test ends, without sockets.
func local(t *testing.T, opt web.Options) http.Handler {
	t.Helper()
	return chatOf(t, opt).Handler()
}

func chatOf(t *testing.T, opt web.Options) *web.Chat {
	t.Helper()
	opt.Key = make([]byte, 32)
	m := newMemory()
	c, err := web.New(logger(t), &net.TCPAddr{IP: net.IPv4zero, Port: 80}, m, opt)
	if err != nil {
		t.Fatal(err)
	}
	go c.Run(t.Context(), m)
	return c
}

func answered(page http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	page.ServeHTTP(w, r)
	return w
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
	if status, says := p.read(r); status != 303 {
		t.Errorf("somebody with the right secret is answered %d:\n%s", status, says)
	}
}
