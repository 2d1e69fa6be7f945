package adaptertest

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Start runs a chat until the test ends or stop is called.
func Start(t testing.TB, c bot.Chat, h bot.Handler) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx, h) }()
	stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(15 * time.Second):
			t.Error("Run goes on after its context is done")
		}
	})
	t.Cleanup(stop)
	return stop
}

// Serve serves a chat's page, or what it takes over HTTP, on ln until the test
// ends or stop is called. What is started after it is stopped before it: answers
// that go on and on end with the chat.
func Serve(t testing.TB, ln net.Listener, h http.Handler) (stop func()) {
	srv := &httptest.Server{Listener: ln, Config: &http.Server{Handler: h}}
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.Close
}

// Eventually waits for what happens on other goroutines, and over sockets.
func Eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for range 1500 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("did not happen within 15 s: %s", what)
}

// Logs are what was logged. The zero value is ready.
type Logs struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *Logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *Logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
