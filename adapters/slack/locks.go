package slack

import "sync"

// locks are mutexes by name, there while somebody holds or wants them.
// The zero value is ready.
type locks struct {
	mu sync.Mutex
	of map[string]*lock
}

type lock struct {
	sync.Mutex
	wanted int
}

// lock locks the mutex called name and returns what unlocks it.
func (l *locks) lock(name string) (unlock func()) {
	l.mu.Lock()
	if l.of == nil {
		l.of = make(map[string]*lock)
	}
	m, ok := l.of[name]
	if !ok {
		m = new(lock)
		l.of[name] = m
	}
	m.wanted++
	l.mu.Unlock()
	m.Lock()
	return func() {
		m.Unlock()
		l.mu.Lock()
		defer l.mu.Unlock()
		if m.wanted--; m.wanted == 0 {
			delete(l.of, name)
		}
	}
}
