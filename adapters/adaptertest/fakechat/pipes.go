package fakechat

import (
	"context"
	"net"
	"sync"
	"syscall"
)

// Pipes are a network within a bubble of synctest: time goes on when nobody
// has anything left to say.
type Pipes struct {
	dialed chan net.Conn
	closed chan struct{}
	close  func()
	mu     sync.Mutex
	down   bool
	lost   int // dialled while it was down
}

// NewPipes makes a network to which nobody is connected.
func NewPipes() *Pipes {
	p := &Pipes{dialed: make(chan net.Conn), closed: make(chan struct{})}
	p.close = sync.OnceFunc(func() { close(p.closed) })
	return p
}

// Accept is the server's side of the next Dial.
func (p *Pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.dialed:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the network.
func (p *Pipes) Close() error { p.close(); return nil }

// Addr is this machine’s own, to which no proxy leads and where no encryption is
// asked for; Dial connects whatever the address.
func (p *Pipes) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "127.0.0.1:80" }

// Dial opens a connection, for http.Transport and websocket.Dialer.
func (p *Pipes) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
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

// Away has nobody reached through the network, or everybody again.
func (p *Pipes) Away(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

// Refused is how often somebody could not be reached.
func (p *Pipes) Refused() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
}
