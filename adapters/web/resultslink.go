package web

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Results of places in other chats are read here by whoever is in them: a button there
// answers them alone with a link, which becomes a cookie for that place and no other.
// The secret that lets people into the page opens none of them, and such a cookie
// nothing of the page.
const (
	linkHolds    = 10 * time.Minute
	sessionHolds = 24 * time.Hour // whoever leaves a place stops seeing it soon
)

// A Linker makes links to the results of places in other chats. They hold wherever the
// key is the same: after a restart, and on a replica.
type Linker struct {
	Base string                                    // where people reach the page: https://tastetest.example.com
	Key  func(ctx context.Context) ([]byte, error) // that of the page's Options
}

// Results is an address that opens the results of a place, for ten minutes. It is for
// one person: whoever has it sees them.
func (l Linker) Results(ctx context.Context, at bot.Place) (string, error) {
	key, err := l.Key(ctx)
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(l.Base, "/") + "/at/open?key=" + signer{key}.pass(linkPass, at, time.Now().Add(linkHolds)), nil
}

// What a pass is for. One is never taken for the other.
const (
	linkPass    = "results link"
	sessionPass = "results session"
)

// pass lets whoever shows it see a place's results until a time.
func (s signer) pass(kind string, at bot.Place, until time.Time) string {
	place, err := json.Marshal([]string{at.Platform, at.Workspace.ID, at.Channel})
	if err != nil {
		panic(err) // strings can be written
	}
	said := base64.RawURLEncoding.EncodeToString(place) + "." + strconv.FormatInt(until.Unix(), 10)
	return said + "." + s.sign(kind, said)
}

// passed reads a pass: the place, and whether it is ours and holds.
func (s signer) passed(kind, pass string) (at bot.Place, ours, holds bool) {
	i := strings.LastIndexByte(pass, '.')
	if i < 0 || !s.signed(kind, pass[:i], pass[i+1:]) {
		return at, false, false
	}
	place, until, _ := strings.Cut(pass[:i], ".")
	data, err := base64.RawURLEncoding.DecodeString(place)
	var names [3]string
	if err != nil || json.Unmarshal(data, &names) != nil {
		return at, false, false
	}
	end, err := strconv.ParseInt(until, 10, 64)
	at = bot.Place{Workspace: bot.Workspace{Platform: names[0], ID: names[1]}, Channel: names[2]}
	return at, err == nil, time.Now().Before(time.Unix(end, 0))
}

// called is what a place is called in addresses: the same for all, and it tells nobody
// which place that is.
func (s signer) called(at bot.Place) string {
	return s.sign("place", at.Platform+"\x00"+at.Workspace.ID+"\x00"+at.Channel)[:12]
}

// openLink takes a link's pass into a cookie for its place, and leads to its results.
func (c *Chat) openLink(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Referrer-Policy", "no-referrer") // the step from here tells nobody the address
	at, ours, holds := c.signer.passed(linkPass, r.URL.Query().Get("key"))
	switch {
	case !ours:
		c.closed(w, r, http.StatusForbidden, bot.Say("That link is not one of this page’s. In the chat, press “Open results” once more."))
		return
	case !holds:
		c.closed(w, r, http.StatusForbidden, bot.Say("That link held for ten minutes, and they are over. In the chat, press “Open results” once more."))
		return
	}
	path := "/at/" + c.signer.called(at)
	http.SetCookie(w, &http.Cookie{
		Name: c.signer.name("at"), Value: c.signer.pass(sessionPass, at, time.Now().Add(sessionHolds)), Path: path, MaxAge: int(sessionHolds.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: c.encrypted(r),
	})
	c.onward(w, r, path+"/results")
}

// visited serves the results of a place to whoever has its cookie.
func (c *Chat) visited(serve func(http.ResponseWriter, *http.Request, room)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if elsewhere(r) {
			if r.Header.Get("Origin") != "" {
				c.foreign(w, r)
				return
			}
			c.onward(w, r, r.URL.RequestURI())
			return
		}
		called := r.PathValue("place")
		if k, err := r.Cookie(c.signer.name("at")); err == nil {
			if at, ours, holds := c.signer.passed(sessionPass, k.Value); ours && holds && c.signer.called(at) == called {
				serve(w, r, room{at, "/at/" + called})
				return
			}
		}
		c.closed(w, r, http.StatusUnauthorized, bot.Say("These results are for people of one channel. In it, press “Open results” under a reveal."))
	}
}

// closed says why there is nothing to see, and names no more than the bot.
func (c *Chat) closed(w http.ResponseWriter, r *http.Request, status int, why bot.Sentence) {
	f := c.frame(r, bot.Voice{})
	f.Channel, f.Problem = "", why
	execute(w, status, f.closed())
}

// byLink reports whether an address needs no way in to the page: what it shows has one
// of its own, or is nobody's.
func byLink(path string) bool {
	return strings.HasPrefix(path, "/at/") || strings.HasPrefix(path, "/static/") || path == "/language"
}
