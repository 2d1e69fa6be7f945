package engine

import (
	"sync"

	"github.com/tastetest/tastetest/bot"
)

// A keyedMutex is a mutex a tasting. The zero value is ready.
type keyedMutex struct {
	mu    sync.Mutex
	locks map[bot.TastingID]*sync.Mutex
}

// lock locks id's mutex and returns what unlocks it.
func (k *keyedMutex) lock(id bot.TastingID) (unlock func()) {
	k.mu.Lock()
	if k.locks == nil {
		k.locks = make(map[bot.TastingID]*sync.Mutex)
	}
	m, ok := k.locks[id]
	if !ok {
		m = new(sync.Mutex)
		k.locks[id] = m
	}
	k.mu.Unlock()
	m.Lock()
	return m.Unlock
}
