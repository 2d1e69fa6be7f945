package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	api "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"golang.org/x/sync/semaphore"
)

const (
	largestBody = 4 << 20         // bytes of a request; a form with all its fields is far smaller
	smallBody   = 64 << 10        // bytes of those that are read however many come at once
	mostBodies  = 16 << 20        // bytes of all larger ones that are there at once
	bodyTime    = 3 * time.Second // for a body to come; Slack waits no longer for its answer
	signedFor   = 5 * time.Minute // Slack's own limit for how old a request may be
)

// http takes deliveries over HTTP until ctx is done.
func (l *line) http(ctx context.Context) error {
	l.gate.line = l
	close(l.gate.open)
	l.note(l.name(), nil)
	<-ctx.Done()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gate.ended = true
	return nil
}

// Handler takes what Slack sends over HTTP, for workspaces with a signing secret.
// It is to be served for as long as Run runs, which waits for requests under
// way. A request that comes before Slack has said who is who waits.
func (c *Chat) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+c.opt.Path, func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-c.gate.open:
		case <-r.Context().Done():
			return
		}
		if !c.gate.begin() {
			http.Error(w, "Not taken; the bot is being stopped.", http.StatusServiceUnavailable)
			return
		}
		defer c.gate.work.Done()
		c.gate.serve(w, r)
	})
	return mux
}

// A gate lets in what Slack has signed, once.
type gate struct {
	open  chan struct{} // closed when the line is set
	ended bool          // the line takes no more requests; under mu
	*line
	used   replays
	bodies *semaphore.Weighted // what has come of larger ones
}

// begin notes that a request is under way, unless the line has ended.
func (g *gate) begin() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ended {
		return false
	}
	g.work.Add(1)
	return true
}

// serve checks before it understands: size, signature, replay, then whose app
// signed. What was not taken is not acknowledged, and its signature may come
// again.
func (g *gate) serve(w http.ResponseWriter, r *http.Request) {
	if _, err := api.NewSecretsVerifier(r.Header, "any"); err != nil { // nobody's, whatever the body is
		g.unsigned(w, r, false)
		return
	}
	body, status := g.read(w, r)
	if status != http.StatusOK {
		http.Error(w, "This request could not be read.", status)
		return
	}
	signature := r.Header.Get("X-Slack-Signature")
	secret := g.signer(r.Header, body)
	if secret == "" || !g.used.take(signature) {
		g.unsigned(w, r, secret != "")
		return
	}
	kind, payload, teams := unwrap(r.Header.Get("Content-Type"), body)
	if kind == challenged {
		w.Header().Set("Content-Type", "text/plain")
		w.Write(payload)
		return
	}
	if t, _ := g.first(teams); t != nil && t.SigningSecret != secret {
		g.log.Warn("a request was signed for another workspace", "workspace", t.Name)
		http.Error(w, "Not signed by this workspace's app.", http.StatusUnauthorized)
		return
	}
	if err := g.serveDelivery(w, r, kind, payload, http.StatusServiceUnavailable); err != nil {
		g.used.drop(signature)
	}
}

func (g *gate) unsigned(w http.ResponseWriter, r *http.Request, replay bool) {
	g.log.Warn("a request that Slack did not sign, or not lately, was refused", "from", r.RemoteAddr, "replay", replay)
	http.Error(w, "Not signed by Slack.", http.StatusUnauthorized)
}

// read reads a body, which anybody may have sent: its signature can be checked only
// once it is there. What has come of all large ones is bounded, so that strangers cannot
// fill the memory with them; what they only promise takes nothing from Slack's own, and
// small ones, as all votes are, wait for nobody.
func (g *gate) read(w http.ResponseWriter, r *http.Request) (body []byte, status int) {
	conn := http.NewResponseController(w)
	_ = conn.SetReadDeadline(time.Now().Add(bodyTime)) // without effect where there is no connection
	var held int64
	defer func() { g.bodies.Release(held) }()
	var read bytes.Buffer
	for from := http.MaxBytesReader(w, r.Body, largestBody); ; {
		switch _, err := io.CopyN(&read, from, smallBody); {
		case errors.Is(err, io.EOF):
			_ = conn.SetReadDeadline(time.Time{})
			return read.Bytes(), http.StatusOK
		case err != nil:
			return nil, http.StatusBadRequest
		case !g.bodies.TryAcquire(smallBody): // for the next piece
			return nil, http.StatusServiceUnavailable
		}
		held += smallBody
	}
}

// serveDelivery takes a delivery, and answers its request. An error, of which status tells,
// leaves it to come again.
func (l *line) serveDelivery(w http.ResponseWriter, r *http.Request, kind string, payload []byte, status int) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), handleTime)
	defer cancel()
	answer, after, err := l.deliver(ctx, kind, payload)
	if early(err) {
		answer, after, err = l.hold(ctx, l.ctx, err, func() (any, func(), error) { return l.deliver(ctx, kind, payload) })
	}
	if err != nil {
		l.untaken(kind, r.Header.Get("X-Slack-Retry-Num"), err)
		http.Error(w, "Not taken; please send it again.", status)
		return err
	}
	if answer != nil {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			l.log.Warn("answer Slack", "err", err)
		}
	}
	if after != nil {
		l.beside("answer in Slack", after)
	}
	return nil
}

// signer returns the signing secret that a request is signed with; empty if it
// is none of ours, or was signed more than five minutes ago.
func (g *gate) signer(h http.Header, body []byte) string {
	for _, w := range g.workspaces {
		v, err := api.NewSecretsVerifier(h, w.SigningSecret)
		if err != nil {
			continue
		}
		if _, err := v.Write(body); err == nil && v.Ensure() == nil {
			return w.SigningSecret
		}
	}
	return ""
}

const challenged = "url_verification"

// unwrap tells what a request's body is, as Socket Mode calls it, and which
// workspaces it may be for, the surest first.
func unwrap(contentType string, body []byte) (kind string, payload []byte, teams []string) {
	if !strings.HasPrefix(contentType, "application/x-www-form-urlencoded") {
		var d delivery
		_ = json.Unmarshal(body, &d) // what cannot be read is nobody's, and passed over
		if d.Type == challenged {
			return challenged, []byte(d.Challenge), nil
		}
		return socketmode.RequestTypeEventsAPI, body, []string{d.team()}
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return "", nil, nil
	}
	if p := form.Get("payload"); p != "" {
		return socketmode.RequestTypeInteractive, []byte(p), homes([]byte(p))
	}
	fields := make(map[string]string)
	for k := range form {
		fields[k] = form.Get(k)
	}
	payload, err = json.Marshal(fields)
	if err != nil {
		return "", nil, nil
	}
	return socketmode.RequestTypeSlashCommands, payload, []string{fields["team_id"]}
}

// replays remembers the signatures of requests that are taken, for as long as
// they would be valid. A request that was not taken may come again. The zero
// value is ready.
type replays struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// mostReplays bounds what is remembered; Slack sends a workspace at most
// 30,000 events an hour.
const mostReplays = 100_000

// take notes a signature, and reports whether it is new.
func (r *replays) take(signature string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if now.Before(r.until[signature]) {
		return false
	}
	if len(r.until) >= mostReplays {
		for s, t := range r.until {
			if now.After(t) {
				delete(r.until, s)
			}
		}
		if len(r.until) >= mostReplays {
			clear(r.until)
		}
	}
	if r.until == nil {
		r.until = make(map[string]time.Time)
	}
	// Valid until its stamp, which may be five minutes ahead of us, is five minutes old.
	r.until[signature] = now.Add(2 * signedFor)
	return true
}

// drop forgets a signature whose request was not taken.
func (r *replays) drop(signature string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.until, signature)
}
