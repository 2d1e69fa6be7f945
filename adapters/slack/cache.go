package slack

import (
	"sync"
	"time"
)

// mostCached is how many values a cache keeps.
const mostCached = 10_000

// A cache remembers what Slack said, and when. The zero value is ready.
type cache[V any] struct {
	mu sync.Mutex
	of map[string]cached[V]
}

type cached[V any] struct {
	value V
	at    time.Time
}

// get returns what was learned about key not longer than age ago.
func (c *cache[V]) get(key string, age time.Duration) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	x, ok := c.of[key]
	return x.value, ok && time.Since(x.at) < age
}

func (c *cache[V]) put(key string, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil || len(c.of) >= mostCached {
		c.of = make(map[string]cached[V])
	}
	c.of[key] = cached[V]{v, time.Now()}
}
