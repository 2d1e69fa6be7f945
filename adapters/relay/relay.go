// Package relay lets any replica take any request: one that stands by hands what
// comes to it to the one that leads, which answers as if it had come to its own
// door. So it is the leader alone that knows sessions, slows guesses down and
// votes, and nobody can tell which replica they reached.
//
// What is handed on carries a mark with the client's address, made with a key that
// only replicas know. Headers of proxies stay as they came: the leader believes
// them of whom it would believe them at its own door.
//
// What comes to a replica by another way than a request, over a socket, it asks the
// leader to take itself ([Forwarder.Ask]). Nobody but the replica vouches for what that
// says, so that the mark stands for the body as well.
package relay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"time"
)

// A Leader is the replica that leads, and where it is reached. Without an address
// it is not.
type Leader struct {
	Replica int64
	Reach   string // as "http://10.0.0.7:8080"
}

// A Forwarder hands requests to the leader. Make one with [New].
type Forwarder struct {
	log *slog.Logger
	key []byte
	way *http.Transport

	mu  sync.Mutex
	now target
}

// A target is a leader for as long as it leads.
type target struct {
	Leader
	url  *url.URL        // nil: not reached
	warn *sync.Once      // said once that it does not answer
	done context.Context // what is under way ends with it
	end  context.CancelFunc
}

const (
	dialTime  = 2 * time.Second
	mostIdle  = 256
	checkTime = 2 * time.Second
)

// New returns a Forwarder that knows of no leader yet. key is what all replicas
// know and nobody else.
func New(log *slog.Logger, key []byte) *Forwarder {
	return &Forwarder{log: log, key: key, way: &http.Transport{
		DialContext:         (&net.Dialer{Timeout: dialTime}).DialContext, // and through no proxy: it is a neighbour
		TLSHandshakeTimeout: dialTime,
		MaxIdleConnsPerHost: mostIdle,
		IdleConnTimeout:     time.Minute,
		DisableCompression:  true, // what the leader sent is passed on
	}}
}

// Follow hands what comes from now on to l. What is under way at another leader is
// cut off: that one may be asleep. The zero Leader is nobody.
func (f *Forwarder) Follow(l Leader) {
	t := target{Leader: l, warn: new(sync.Once)}
	if u, err := url.Parse(l.Reach); err == nil && u.Host != "" {
		t.url = u
	}
	t.done, t.end = context.WithCancel(context.Background())
	f.mu.Lock()
	old := f.now
	f.now = t
	f.mu.Unlock()
	if old.end != nil {
		old.end()
	}
	f.way.CloseIdleConnections()
}

// Close ends what is under way.
func (f *Forwarder) Close() { f.Follow(Leader{}) }

func (f *Forwarder) leader() target {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// errNobody is why nothing can be handed on.
var errNobody = errors.New("no replica leads that can be reached")

// Reaches returns nil if the leader answers that it is well.
func (f *Forwarder) Reaches(ctx context.Context) error {
	to := f.leader()
	if to.url == nil {
		return errNobody
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, to.url.JoinPath("/healthz").String(), nil)
	if err != nil {
		return err
	}
	resp, err := f.way.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("ask the replica that leads: %w", err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the replica that leads answers %s", resp.Status)
	}
	return nil
}

// Ask asks the leader, in this replica's own name, at one of the doors that [Receive]
// knows by name. uri is a path and perhaps a query. A status of 503 is
// that nothing was done: nobody leads, or is reached. After an error nobody knows whether
// it was.
func (f *Forwarder) Ask(ctx context.Context, door, method, uri string, body []byte) (status int, answer []byte, err error) {
	to := f.leader()
	if to.url == nil {
		return http.StatusServiceUnavailable, nil, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(to.done, cancel)()
	req, err := http.NewRequestWithContext(ctx, method, to.url.Scheme+"://"+to.url.Host+uri, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set(markHeader, mark{door: door, client: sumOf(body)}.signed(f.key, to.Replica, method, req.URL.RequestURI()))
	resp, err := f.way.RoundTrip(req)
	if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" {
		return http.StatusServiceUnavailable, nil, nil
	}
	if err != nil {
		return 0, nil, fmt.Errorf("ask the replica that leads: %w", err)
	}
	defer resp.Body.Close()
	if answer, err = io.ReadAll(io.LimitReader(resp.Body, mostAsked)); err != nil {
		return 0, nil, fmt.Errorf("read what the replica that leads answers: %w", err)
	}
	return resp.StatusCode, answer, nil
}

// Handler hands on what comes to one of the doors that [Receive] knows by name. Events,
// which go on for hours, end with ctx; all else is finished.
func (f *Forwarder) Handler(ctx context.Context, door string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := f.leader()
		if _, marked := r.Header[markHeader]; marked || to.url == nil { // or two could hand it to and fro
			away(w, r)
			return
		}
		if r.Body == http.NoBody {
			// The server's own deadline would end events.
			if err := http.NewResponseController(w).SetReadDeadline(time.Time{}); err != nil {
				f.log.Debug("hand a request on", "err", err)
			}
		}
		until, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(to.done, cancel)()
		if r.Header.Get("Accept") == "text/event-stream" {
			defer context.AfterFunc(ctx, cancel)()
		}
		proxy := httputil.ReverseProxy{
			Rewrite:       func(p *httputil.ProxyRequest) { f.rewrite(p, to, door) },
			Transport:     f.way,
			FlushInterval: -1,
			ErrorLog:      slog.NewLogLogger(f.log.Handler(), slog.LevelDebug),
			ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
				if until.Err() == nil { // it was not the client who left, or the leader
					to.warn.Do(func() {
						f.log.Warn("hand a request to the replica that leads; others will be told to ask again", "at", to.Reach, "err", err)
					})
				}
				away(w, r)
			},
		}
		proxy.ServeHTTP(w, r.WithContext(until))
	})
}

// rewrite makes the request that the leader gets: the one that came, and the mark.
func (f *Forwarder) rewrite(p *httputil.ProxyRequest, to target, door string) {
	p.SetURL(to.url)
	p.Out.URL.RawQuery = p.In.URL.RawQuery
	p.Out.Host = p.In.Host
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if said, ok := p.In.Header[name]; ok {
			p.Out.Header[name] = said
		}
	}
	m := mark{door: door, client: p.In.RemoteAddr}
	p.Out.Header.Set(markHeader, m.signed(f.key, to.Replica, p.Out.Method, p.Out.URL.RequestURI()))
}
