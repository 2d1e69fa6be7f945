package discord_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/discord"
)

// pipes are a network within a bubble of synctest: time goes on when nobody
// has anything left to say.
type pipes struct {
	dialed chan net.Conn
	closed chan struct{}
	close  func()
	mu     sync.Mutex
	down   bool
	lost   int // dialled while it was down
}

func newPipes() *pipes {
	p := &pipes{dialed: make(chan net.Conn), closed: make(chan struct{})}
	p.close = sync.OnceFunc(func() { close(p.closed) })
	return p
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.dialed:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.close(); return nil }
func (p *pipes) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "discord.test:80" }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	p.mu.Lock()
	down := p.down
	if down {
		p.lost++
	}
	p.mu.Unlock()
	if down {
		return nil, syscall.ECONNREFUSED
	}
	ours, theirs := net.Pipe()
	select {
	case p.dialed <- theirs:
		return ours, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// away has nobody reached through the network, or everybody again.
func (p *pipes) away(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

// refused is how often somebody could not be reached.
func (p *pipes) refused() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
}

// A piped is a fake, within a bubble, that holds to every rule of the gateway.
type piped struct {
	*fake
	net *pipes
}

func newPiped(t testing.TB, log *slog.Logger) *piped {
	time.Sleep(time.Until(time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC))) // Discord's IDs cannot tell the year 2000
	f := &piped{unserved(log), newPipes()}
	f.gateway.paced = true
	f.srv = &httptest.Server{Listener: f.net, Config: &http.Server{Handler: f.calls.Handler(f.method, f.mux)}}
	f.srv.Start()
	t.Cleanup(f.close)
	return f
}

func (f *piped) chat(t testing.TB, set ...func(*discord.Options)) *discord.Chat {
	t.Helper()
	o := f.options()
	for _, s := range set {
		s(&o)
	}
	c := f.chatWith(t, o)
	c.DialWith(f.net.dial)
	return c
}
