package monitor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// checkTime is for all parts together; those who ask wait five seconds or more.
const checkTime = 4 * time.Second

// A State is how a part is.
type State struct {
	Part string `json:"part"`
	OK   bool   `json:"ok"`
	Why  string `json:"why,omitempty"` // told to those who may read metrics
}

// States are all parts, and whether all are well.
func (s Sources) States(ctx context.Context) (all []State, ok bool) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	ok = true
	for _, p := range s.Parts {
		x := State{Part: p.Name, OK: true}
		if err := p.Check(ctx); err != nil {
			x.OK, x.Why, ok = false, err.Error(), false
		}
		all = append(all, x)
	}
	return all, ok
}

// LateJobs is a part that is well while no job is late.
func LateJobs(late func(ctx context.Context, since time.Time) (int, time.Duration, error)) Part {
	return Part{"jobs", func(ctx context.Context) error {
		jobs, longest, err := late(ctx, time.Now().Add(-lateAfter))
		if err == nil && jobs > 0 {
			err = fmt.Errorf("%d jobs that were due have not been done, one since %v", jobs, longest.Round(time.Second))
		}
		return err
	}}
}

// Handler serves /healthz, /readyz and /metrics, and leaves all else to next. Numbers,
// and why a part is not well, are told on this machine or with the key alone.
func (m *Monitor) Handler(log *slog.Logger, s Sources, next http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if err := s.Alive(); err != nil {
			log.Error("the bot is not well", "err", err)
			http.Error(w, "The bot is not well; its log says why.", http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		all, ok := s.States(r.Context())
		if !s.mayRead(r) {
			for i := range all {
				all[i].Why = ""
			}
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if !ok {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		json.NewEncoder(w).Encode(all)
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		if !s.mayRead(r) {
			w.WriteHeader(http.StatusForbidden)
			if s.Shared {
				io.WriteString(w, "Metrics are told to whoever sends the admin key: Authorization: Bearer … On the bot's own machine too, because web.secret, web.url or web.trusted_proxies says that others come to the page.\n")
				return
			}
			io.WriteString(w, "Metrics are told on the bot's own machine, or to whoever sends the admin key: Authorization: Bearer …\n")
			return
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Write(m.Text(r.Context(), s))
	})
	mux.Handle("/", next)
	return mux
}

// mayRead reports whether a request has the key, or comes from this machine, through no
// proxy on it, to a page that is for this machine alone. A page of another site that a browser on this machine shows asks
// under that site's name.
func (s Sources) mayRead(r *http.Request) bool {
	if said, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return s.Admits != nil && s.Admits(r, said)
	}
	// A proxy on this machine may speak HTTP/1.1 and name neither itself nor the host
	// that was asked for: then nothing tells those who come through it from people here.
	if s.Shared {
		return false
	}
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via", "Origin"} {
		if r.Header.Get(h) != "" {
			return false
		}
	}
	// A proxy may name neither itself nor the host that was asked for, as nginx does if
	// it is not told to; then it speaks HTTP/1.0, which monitors do not.
	return r.ProtoAtLeast(1, 1) && local(r.RemoteAddr) && local(r.Host)
}

func local(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = strings.Trim(address, "[]")
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
