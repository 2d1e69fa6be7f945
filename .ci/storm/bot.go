package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// build makes the binary that people run, once, in dir. how is for go build.
func build(ctx context.Context, dir string, how ...string) (binary string, err error) {
	binary = filepath.Join(dir, "tastetest")
	c := exec.CommandContext(ctx, "go", append(append([]string{"build", "-o", binary}, how...), "./cmd/tastetest")...)
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build tastetest: %w\n%s", err, out)
	}
	return binary, nil
}

// A process is one run of the bot. What it printed stays.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}

	mu   sync.Mutex
	said bytes.Buffer
	open chan struct{} // its page is there
	once sync.Once
}

// A pulse tells of the bot that runs now, if one does.
type pulse struct {
	mu   sync.Mutex
	over <-chan struct{}
}

func (p *pulse) begins(over <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = over
}

// within has do done and waits for it as long as that bot lives, but no longer than
// people do. What the bot said last may still be on its way when it dies.
func within[T any](p *pulse, do func() T) (done T) {
	p.mu.Lock()
	over := p.over
	p.mu.Unlock()
	if over == nil {
		return done
	}
	got := make(chan T, 1)
	go func() { got <- do() }()
	select {
	case done = <-got:
		return done
	case <-over:
	case <-time.After(10 * time.Second):
	}
	select {
	case done = <-got:
	case <-time.After(50 * time.Millisecond):
	}
	return done
}

// launch starts the bot in dir, which has its configuration.
func launch(binary, dir, listen string, env []string) (*process, error) {
	p := &process{cmd: exec.Command(binary, "run", "--listen", listen), done: make(chan struct{}), open: make(chan struct{})}
	p.cmd.Dir = dir
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = p, p
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the bot: %w", err)
	}
	go func() { p.cmd.Wait(); close(p.done) }()
	return p, nil
}

// Write takes what the bot prints.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.said.Len() < 1<<20 {
		p.said.Write(b)
	}
	if bytes.Contains(b, []byte("Open http")) {
		p.once.Do(func() { close(p.open) })
	}
	return len(b), nil
}

func (p *process) printed() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

// end sends a signal and waits. err says what it ended with, unless it was by that
// signal or with code 0.
func (p *process) end(s syscall.Signal) error {
	select {
	case <-p.done:
		return fmt.Errorf("the bot ended by itself: %v\n%s", p.cmd.ProcessState, tail(p.printed()))
	default:
	}
	p.cmd.Process.Signal(s)
	select {
	case <-p.done:
	case <-time.After(time.Minute):
		p.cmd.Process.Kill()
		<-p.done
		return fmt.Errorf("the bot did not end within a minute of %v\n%s", s, tail(p.printed()))
	}
	how := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if how.Signaled() && how.Signal() == s || how.Exited() && how.ExitStatus() == 0 {
		return nil
	}
	return fmt.Errorf("after %v the bot ended with %v\n%s", s, p.cmd.ProcessState, tail(p.printed()))
}

// tail is the end of what was printed.
func tail(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}

// freePort is an address that nobody listens on. It is none of those that the system
// gives to whoever wants any: one of them would be gone the next time the bot begins.
func freePort() (at string, err error) {
	for range 100 {
		at = fmt.Sprintf("127.0.0.1:%d", 15000+rand.IntN(15000))
		var ln net.Listener
		if ln, err = net.Listen("tcp", at); err == nil {
			return at, ln.Close()
		}
	}
	return "", fmt.Errorf("find a free port: %w", err)
}
