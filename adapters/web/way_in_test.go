package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// open is a page that others can reach by a name, over plain HTTP: browsers
// then send no Sec-Fetch-Site, and Origin is all there is to go by.
func open(t *testing.T) (m *memory, port string) {
	t.Helper()
	m = newMemory()
	_, url := serveOn(t, "0.0.0.0:0", m, m, web.Options{Secret: "hops-and-malt", AdminKey: "cellar-door"})
	m.put(channel, bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}, samples.Ballot)
	return m, url[strings.LastIndex(url, ":"):]
}

func TestWhoseFormIsTaken(t *testing.T) {
	_, port := open(t)
	for _, tt := range []struct {
		name, host, origin, site string
		want                     int
	}{
		{"the gate's own form", "taste.example" + port, "http://taste.example" + port, "", 303},
		{"the gate's own form, behind TLS", "taste.example", "https://taste.example", "same-origin", 303},
		{"a page that hides where it comes from", "taste.example" + port, "null", "", 403},
		{"such a page, and the browser says so", "taste.example" + port, "null", "cross-site", 403},
		{"another site", "taste.example" + port, "http://evil.example", "", 403},
		{"another port", "taste.example" + port, "http://taste.example:1", "", 403},
		{"another site, behind TLS", "taste.example", "https://evil.example", "cross-site", 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), "POST", "http://127.0.0.1"+port+"/enter", strings.NewReader("secret=hops-and-malt"))
			if err != nil {
				t.Fatal(err)
			}
			req.Host = tt.host
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Origin", tt.origin)
			if tt.site != "" {
				req.Header.Set("Sec-Fetch-Site", tt.site)
			}
			r, err := newPerson(t, "").client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			r.Body.Close()
			if r.StatusCode != tt.want || tt.want == 403 && len(r.Cookies()) > 0 {
				t.Errorf("answered %d with cookies %v, not %d", r.StatusCode, r.Cookies(), tt.want)
			}
		})
	}
}

// The whole way in, as a browser goes it where the page is not on this machine.
func TestWayIn(t *testing.T) {
	t.Parallel()
	m, port := open(t)
	m.command = func(bot.Command) bot.Reply { return bot.Reply{Post: bot.Notice{Text: bot.Literal("Heard.")}} }
	browser := chromium(t)
	page := "http://taste.example" + port

	ada := visit(t, browser, page, phone)
	ada.until("!window.isSecureContext") // or this would test nothing
	ada.typeIn("[name=secret]", "wrong\r")
	ada.sees("That is not the secret.")
	ada.typeIn("[name=secret]", "hops-and-malt\r")
	ada.sees("birthday cake")
	ada.join("Ada")
	ada.click(".tap[value='on:left']")
	ada.until("document.querySelector('.tap[aria-pressed=true]')")
	ada.typeIn("#say", "/tastetest status\r")
	ada.sees("Heard.")

	boss := visit(t, browser, page+"/?admin=cellar-window", desk)
	boss.sees("That is not the admin key.")
	boss.until("document.querySelector('[name=secret]')")
	boss.do("open the admin's link", chromedp.Navigate(page+"/?admin=cellar-door"))
	boss.sees("birthday cake")
	boss.join("Boss")
	boss.sees("admin")
	boss.until("location.search == ''")
}

// The admin key alone lets in; a new one ends that too.
func TestAdminKeyLetsIn(t *testing.T) {
	m := newMemory()
	m.put(channel, bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}, samples.Ballot)
	c, url := serve(t, m, m, web.Options{Secret: "hops-and-malt", AdminKey: "cellar-door"})
	p := newPerson(t, url)
	for link, says := range map[string]string{
		"/?admin=cellar-window": "That is not the admin key.", "/?admin=": "That is not the admin key.",
		"/?admin=hops-and-malt": "That is not the admin key.", "/?secret=cellar-door": "That is not the secret.",
	} {
		if body := p.get(link); !strings.Contains(body, says) || !strings.Contains(body, `name="secret"`) || strings.Contains(body, "birthday") {
			t.Errorf("%s shows no gate with %q:\n%s", link, says, body)
		}
	}
	p.get("/?admin=cellar-door")
	if body := p.get("/"); !strings.Contains(body, "birthday") {
		t.Fatalf("with the admin key there is:\n%s", body)
	}
	p.post("/name", "name", "Boss")
	p.get("/")
	if ok, err := c.Admin(t.Context(), channel, p.user()); !ok || err != nil {
		t.Errorf("whoever showed the admin key is an admin: %t, %v", ok, err)
	}
	if body := p.get("/?admin=cellar-window"); !strings.Contains(body, "That is not the admin key.") || !strings.Contains(body, "Go on to") {
		t.Errorf("a wrong key, shown by somebody who is in, gives:\n%s", body)
	}
	_, p.url = serve(t, m, m, web.Options{Secret: "hops-and-malt", AdminKey: "another-door"})
	if body := p.get("/"); strings.Contains(body, "birthday") {
		t.Error("with the old admin key one is still in")
	}
}
