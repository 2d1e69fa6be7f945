package bot

import "sync"

// A KeyedMutex is a mutex for each key, there while somebody holds or wants it.
// The zero value is ready.
type KeyedMutex[K comparable] struct {
	mu sync.Mutex
	of map[K]*wantedMutex
}

type wantedMutex struct {
	sync.Mutex
	wanted int // by how many, with whoever holds it
}

// Lock locks key's mutex and returns what unlocks it.
func (k *KeyedMutex[K]) Lock(key K) (unlock func()) {
	k.mu.Lock()
	if k.of == nil {
		k.of = make(map[K]*wantedMutex)
	}
	m, ok := k.of[key]
	if !ok {
		m = new(wantedMutex)
		k.of[key] = m
	}
	m.wanted++
	k.mu.Unlock()
	m.Lock()
	return func() {
		m.Unlock()
		k.mu.Lock()
		defer k.mu.Unlock()
		if m.wanted--; m.wanted == 0 {
			delete(k.of, key)
		}
	}
}
