package web

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"

	"github.com/tastetest/tastetest/bot"
)

// Run passes on what people do on the page, until ctx is done, and waits for
// requests under way. A Chat runs once.
func (c *Chat) Run(ctx context.Context, h bot.Handler) error {
	c.mu.Lock()
	c.handler, c.running = h, ctx
	c.mu.Unlock()
	close(c.began)
	<-ctx.Done()
	c.mu.Lock()
	c.ended = true
	c.mu.Unlock()
	c.working.Wait()
	return nil
}

// Handler is the page, to be served for as long as Run runs. Requests that come
// before wait.
func (c *Chat) Handler() http.Handler {
	routes := c.routes()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-c.began:
		case <-r.Context().Done():
			return
		}
		if !c.begin() {
			c.refuse(w, r, http.StatusServiceUnavailable, bot.Say("The bot is being stopped, so nothing was done. Try again in a moment."))
			return
		}
		defer c.working.Done()
		r = c.recognise(r)
		if err := safely(func() error { routes.ServeHTTP(w, r); return nil }); err != nil {
			c.sorry(w, r, err)
		}
	})
}

// safely makes an error of a panic: it ends what it is in, and nothing else.
func safely(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return f()
}

// begin notes that a request is under way, unless Run has ended.
func (c *Chat) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return false
	}
	c.working.Add(1)
	return true
}

func (c *Chat) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", c.page)
	mux.HandleFunc("GET /channel", c.channel)
	mux.HandleFunc("GET /events", c.events)
	mux.HandleFunc("GET /suggest", c.suggest)
	mux.HandleFunc("POST /name", c.name)
	mux.HandleFunc("POST /rename", c.rename)
	mux.HandleFunc("POST /me/link", c.device)
	mux.HandleFunc("POST /tap", c.react)
	mux.HandleFunc("POST /press", c.press)
	mux.HandleFunc("POST /command", c.command)
	mux.HandleFunc("POST /submit", c.submit)
	mux.HandleFunc("POST /dismiss", c.dismiss)
	mux.HandleFunc("GET /results", c.ownRoom(c.results))
	mux.HandleFunc("GET /results/{tasting}", c.ownRoom(c.result))
	mux.HandleFunc("POST /zone", c.zone)
	mux.HandleFunc("GET /results/votes.csv", c.ownRoom(c.votes))
	mux.HandleFunc("GET /results/votes.jsonl", c.ownRoom(c.votes))

	outer := http.NewServeMux()
	outer.HandleFunc("GET /healthz", c.health)
	outer.HandleFunc("GET /readyz", c.health)
	outer.Handle("GET /static/", static())
	outer.HandleFunc("POST /enter", c.enter)
	outer.HandleFunc("POST /language", c.speak)
	outer.HandleFunc("POST /theme", c.shade)
	outer.HandleFunc("GET /me/open", c.openPersonal)
	outer.HandleFunc("GET "+personalPath, c.askPersonal)
	outer.HandleFunc("POST "+personalPath, c.takePersonal)
	outer.HandleFunc("GET /at/open", c.openLink)
	outer.HandleFunc("GET /at/{place}/results", c.visited(c.results))
	outer.HandleFunc("GET /at/{place}/results/{tasting}", c.visited(c.result))
	outer.HandleFunc("GET /at/{place}/results/votes.csv", c.visited(c.votes))
	outer.HandleFunc("GET /at/{place}/results/votes.jsonl", c.visited(c.votes))
	outer.Handle("/", c.gate(mux))

	same := http.NewCrossOriginProtection()
	same.SetDenyHandler(http.HandlerFunc(c.foreign))
	return timed(harden(compress(c.misdirected(same.Handler(outer)))), cmp.Or(c.live.stalls, answerTime))
}

// harden sets the headers that keep other sites, and what stands in the
// texts, from reaching anything through the page.
func harden(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "+
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		// Under no-referrer a browser sends the page's own forms with "Origin: null".
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// misdirected refuses names that lead here by DNS rebinding: without a secret
// the page is only for this machine, which calls itself localhost.
func (c *Chat) misdirected(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.opt.Secret == "" && !localName(r.Host) && !byLink(r.URL.Path) {
			http.Error(w, c.plain(r, bot.Say("Open this page as localhost, or give it a secret that lets people in.")), http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func localName(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(trimBrackets(host))
	return ip != nil && ip.IsLoopback()
}

func trimBrackets(host string) string {
	if len(host) > 2 && host[0] == '[' && host[len(host)-1] == ']' {
		return host[1 : len(host)-1]
	}
	return host
}

func (c *Chat) foreign(w http.ResponseWriter, r *http.Request) {
	http.Error(w, c.plain(r, bot.Say("This request came from another site, so nothing was done. Open the page itself.")), http.StatusForbidden)
}

// health answers those who watch the process.
func (c *Chat) health(w http.ResponseWriter, _ *http.Request) {
	if err := c.opt.Healthy(); err != nil {
		c.log.Error("the bot is not well", "err", err)
		http.Error(w, "The bot is not well; its log says why.", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}
