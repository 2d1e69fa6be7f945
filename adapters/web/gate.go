package web

import (
	"crypto/subtle"
	"net/http"
)

// gate lets in whoever has shown the secret, and asks all others for it.
// Other sites may link to the page and read nothing else; that they change
// nothing is seen to before.
func (c *Chat) gate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		site := r.Header.Get("Sec-Fetch-Site")
		own := site == "" || site == "same-origin" || site == "none"
		if o := r.Header.Get("Origin"); o != "" && o != "http://"+r.Host && o != "https://"+r.Host {
			own = false
		}
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		home := reads && r.URL.Path == "/"
		switch {
		case reads && !own && !home:
			foreign(w, r)
		case home && r.URL.RawQuery != "" && c.keys(w, r), home && !own:
			// A link from elsewhere comes without the cookies, which are
			// SameSite=Strict; a step from a page of our own has them.
			c.execute(w, http.StatusOK, "onward", c.frame())
		case !c.letIn(r) && home:
			c.execute(w, http.StatusUnauthorized, "enter", c.frame())
		case !c.letIn(r):
			http.Error(w, "Open the page again and enter the secret that lets people in.", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// keys takes keys from the address (?secret=…, ?admin=…) into cookies.
func (c *Chat) keys(w http.ResponseWriter, r *http.Request) (any bool) {
	q := r.URL.Query()
	for _, k := range []struct{ what, param, want string }{
		{enterCookie, "secret", c.opt.Secret},
		{adminCookie, "admin", c.opt.AdminKey},
	} {
		if !q.Has(k.param) {
			continue
		}
		any = true
		if k.want != "" && equal(q.Get(k.param), k.want) {
			c.setCookie(w, r, k.what, c.signer.sign(k.what, k.want), year)
		}
	}
	return any
}

// enter takes the secret from the form at the gate.
func (c *Chat) enter(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, smallBody)
	if c.opt.Secret == "" || !equal(r.PostFormValue("secret"), c.opt.Secret) {
		f := c.frame()
		f.Problem = "That is not the secret. Ask whoever sent you here."
		c.execute(w, http.StatusForbidden, "enter", f)
		return
	}
	c.setCookie(w, r, enterCookie, c.signer.sign(enterCookie, c.opt.Secret), year)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
