package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	api "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

const (
	largestBody = 4 << 20 // bytes of a request; a form with all its fields is far smaller
	drainTime   = 5 * time.Second
	signedFor   = 5 * time.Minute // Slack's own limit for how old a request may be
)

// http takes deliveries over HTTP until ctx is done. Requests under way are
// finished.
func (l *line) http(ctx context.Context) error {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+l.opt.Path, (&gate{line: l}).serve)
	srv := &http.Server{
		Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
	}
	drained := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(drained)
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
		defer cancel()
		if srv.Shutdown(late) != nil {
			srv.Close()
		}
	})
	l.note(l.name(), nil)
	err := srv.Serve(l.opt.Listener)
	if stop() {
		close(drained)
	}
	<-drained
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("listen for Slack on %s: %w", l.opt.Listener.Addr(), err)
}

// A gate lets in what Slack has signed, once.
type gate struct {
	*line
	used replays
}

func (g *gate) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	if err != nil {
		http.Error(w, "This request could not be read.", http.StatusBadRequest)
		return
	}
	signature := r.Header.Get("X-Slack-Signature")
	secret := g.signer(r.Header, body)
	if secret == "" || !g.used.take(signature) {
		g.log.Warn("a request that Slack did not sign, or not lately, was refused", "from", r.RemoteAddr, "replay", secret != "")
		http.Error(w, "Not signed by Slack.", http.StatusUnauthorized)
		return
	}
	kind, payload, teams := sort(r.Header.Get("Content-Type"), body)
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
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), handleTime)
	defer cancel()
	answer, after, err := g.deliver(ctx, kind, payload)
	if err != nil {
		g.used.drop(signature)
		g.log.Warn("a delivery from Slack was not taken; it will come again", "type", kind, "attempt", r.Header.Get("X-Slack-Retry-Num"), "err", err)
		http.Error(w, "Not taken; please send it again.", http.StatusServiceUnavailable)
		return
	}
	if answer != nil {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			g.log.Warn("answer Slack", "err", err)
		}
	}
	if after != nil {
		g.beside("answer in Slack", after)
	}
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

// sort tells what a request's body is, as Socket Mode calls it, and which
// workspaces it may be for, the surest first.
func sort(contentType string, body []byte) (kind string, payload []byte, teams []string) {
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
