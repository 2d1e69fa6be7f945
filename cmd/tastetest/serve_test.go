package main

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A wired is a listener whose connections are pipes: time in a bubble passes
// over them.
type wired struct {
	conns chan net.Conn
	done  chan struct{}
}

func (w wired) Accept() (net.Conn, error) {
	select {
	case c := <-w.conns:
		return c, nil
	case <-w.done:
		return nil, net.ErrClosed
	}
}

func (w wired) Close() error   { close(w.done); return nil }
func (w wired) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// get asks for a path and returns what comes until the end.
func (w wired) get(path string) (said string, err error) {
	near, far := net.Pipe()
	w.conns <- far
	if _, err := io.WriteString(near, "GET "+path+" HTTP/1.1\r\nHost: bot\r\n\r\n"); err != nil {
		return "", err
	}
	resp, err := http.ReadResponse(bufio.NewReader(near), nil)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	return string(all), err
}

// When the bot is told to stop, a request under way is finished and a stream
// that ends by itself is not cut off; what goes on and on is, in time.
func TestServeDrains(t *testing.T) {
	for _, tt := range []struct {
		name  string
		takes time.Duration // from then on
		whole bool
	}{
		{"a moment", 0, true},
		{"as long as there is", drainTime - time.Second, true},
		{"too long", time.Hour, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				ln := wired{make(chan net.Conn), make(chan struct{})}
				ended := make(chan error, 1)
				go func() {
					ended <- serve(ctx, slog.New(slog.DiscardHandler), "a page", ln, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						io.WriteString(w, "begun, ")
						http.NewResponseController(w).Flush()
						<-ctx.Done()
						if r.Context().Err() != nil {
							io.WriteString(w, "given up")
						}
						select {
						case <-time.After(tt.takes):
							io.WriteString(w, "done")
						case <-r.Context().Done():
						}
					}))
				}()
				type answer struct {
					said string
					err  error
				}
				got := make(chan answer, 1)
				go func() { said, err := ln.get("/"); got <- answer{said, err} }()
				synctest.Wait()
				told := time.Now()
				cancel()
				a := <-got
				if whole := a.err == nil && a.said == "begun, done"; whole != tt.whole {
					t.Errorf("a request that takes %v more was answered %q, %v", tt.takes, a.said, a.err)
				}
				if err := <-ended; err != nil {
					t.Errorf("serve: %v", err)
				}
				if took := time.Since(told); took > graceTime {
					t.Errorf("it stopped after %v; there are %v for everything", took, graceTime)
				}
			})
		})
	}
}

// A server that cannot go on says what it served, and where.
func TestServeFails(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	err = serve(t.Context(), slog.New(slog.DiscardHandler), "a page", ln, http.NotFoundHandler())
	if err == nil || !strings.HasPrefix(err.Error(), "serve a page on 127.0.0.1:") {
		t.Errorf("on a closed listener: %v", err)
	}
}
