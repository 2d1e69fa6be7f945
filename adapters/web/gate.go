package web

import (
	"cmp"
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

func notTheSecret() bot.Sentence {
	return bot.Say("That is not the secret. Ask whoever sent you here.")
}

func notTheAdmins() bot.Sentence {
	return bot.Say("That is not the admin key. Ask whoever runs this page.")
}

// gate lets in whoever has shown the secret or the admin key, and asks all others for it.
// Other sites may link to the page and read nothing else; that they change
// nothing is seen to before.
func (c *Chat) gate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		own := !elsewhere(r)
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		home := reads && r.URL.Path == "/"
		results := reads && ofResults(r.URL.Path) && r.Header.Get("Origin") == "" // an address to send, and no script's
		keys, wrong := false, bot.Sentence{}
		if home {
			keys, wrong = c.keys(w, r)
		}
		if keys && wrong.IsZero() { // the step from here tells nobody the address
			w.Header().Set("Referrer-Policy", "no-referrer")
		}
		switch {
		case results && !own:
			c.onward(w, r, r.URL.RequestURI())
		case reads && !own && !home:
			c.foreign(w, r)
		case !wrong.IsZero():
			c.ask(w, r, http.StatusForbidden, wrong)
		case keys && own:
			http.Redirect(w, r, "/", http.StatusSeeOther)
		case keys, home && !own:
			// A link from elsewhere comes without the cookies, which are
			// SameSite=Strict, also where it is redirected; a step from a page
			// of our own has them.
			c.onward(w, r, "/")
		case !c.letIn(r) && (home || results):
			c.ask(w, r, http.StatusUnauthorized, bot.Sentence{})
		case !c.letIn(r):
			http.Error(w, c.plain(r, bot.Say("Open the page again and enter the secret that lets people in.")), http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// elsewhere reports whether a request was made by another site, or by a link there.
func elsewhere(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	o := r.Header.Get("Origin")
	return site != "" && site != "same-origin" && site != "none" || o != "" && o != "http://"+r.Host && o != "https://"+r.Host
}

// onward leads to an address of the page's own by a step from a page of its own.
func (c *Chat) onward(w http.ResponseWriter, r *http.Request, to string) {
	f := c.frame(r, bot.Voice{})
	f.Channel, f.To = "", to
	execute(w, http.StatusOK, f.onward())
}

// ofResults reports whether an address of this page is one of results.
func ofResults(to string) bool {
	path, _, _ := strings.Cut(to, "?")
	if rest, ok := strings.CutPrefix(path, "/at/"); ok {
		_, path, _ = strings.Cut(rest, "/")
		path = "/" + path
	}
	return path == "/results" || strings.HasPrefix(path, "/results/")
}

// keys takes the keys in the address (?secret=…, ?admin=…) into cookies. It
// reports whether there are any, and what is wrong if one does not fit.
func (c *Chat) keys(w http.ResponseWriter, r *http.Request) (any bool, wrong bot.Sentence) {
	q, in := r.URL.Query(), c.letIn(r)
	for _, k := range []struct {
		cookie, param, want string
		wrong               bot.Sentence
	}{
		{adminCookie, "admin", c.opt.AdminKey, notTheAdmins()},
		{enterCookie, "secret", c.opt.Secret, notTheSecret()},
	} {
		if !q.Has(k.param) {
			continue
		}
		if k.cookie == enterCookie && in { // perhaps an old link, in a browser that needs none
			any = true
			continue
		}
		if !c.guess(r, k.param, q.Get(k.param), k.want) {
			return true, k.wrong
		}
		c.setCookie(w, r, k.cookie, c.signer.sign(k.cookie, k.want), year)
		any, in = true, true
	}
	return any, bot.Sentence{}
}

// ask shows the gate. Whoever is in already can go on.
func (c *Chat) ask(w http.ResponseWriter, r *http.Request, status int, problem bot.Sentence) {
	f := c.frame(r, bot.Voice{})
	f.Problem, f.Inside = problem, c.letIn(r)
	if f.To = cmp.Or(r.FormValue("to"), r.URL.RequestURI()); !ofResults(f.To) {
		f.To = ""
	}
	if !f.Inside {
		f.Channel = "" // a preview of a link names the bot alone
	}
	execute(w, status, f.enter())
}

// enter takes the secret from the form at the gate.
func (c *Chat) enter(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, smallBody)
	if !c.guess(r, "secret", r.PostFormValue("secret"), c.opt.Secret) {
		c.ask(w, r, http.StatusForbidden, notTheSecret())
		return
	}
	c.setCookie(w, r, enterCookie, c.signer.sign(enterCookie, c.opt.Secret), year)
	to := "/"
	if asked := r.PostFormValue("to"); ofResults(asked) {
		to = asked
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
