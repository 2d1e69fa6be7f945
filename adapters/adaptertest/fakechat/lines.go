package fakechat

import (
	"io"
	"sync"
)

// Lines are open connections. The zero value is ready.
type Lines struct {
	mu   sync.Mutex
	open map[io.Closer]bool
}

// Add keeps an open connection until the returned function is called.
func (l *Lines) Add(c io.Closer) (remove func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		l.open = make(map[io.Closer]bool)
	}
	l.open[c] = true
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.open, c)
	}
}

// Cut closes all that are open, without a word, and returns how many.
func (l *Lines) Cut() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.open)
	for c := range l.open {
		c.Close()
	}
	clear(l.open)
	return n
}

// Open returns how many are open.
func (l *Lines) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open)
}
