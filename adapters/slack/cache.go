package slack

import (
	"container/list"
	"sync"
	"time"
)

// mostCached is how many values a cache keeps.
const mostCached = 20_000

// A cache remembers what Slack said, and when. When it is full the value that
// was learned first makes room. The zero value is ready.
type cache[V any] struct {
	mu  sync.Mutex
	of  map[string]*list.Element // of [cached], in old
	old list.List                // the oldest first
}

type cached[V any] struct {
	key   string
	value V
	at    time.Time
}

// get returns what was learned about key not longer than age ago.
func (c *cache[V]) get(key string, age time.Duration) (v V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.of[key]
	if !ok {
		return v, false
	}
	x := e.Value.(cached[V])
	return x.value, time.Since(x.at) < age
}

func (c *cache[V]) put(key string, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(key, v)
}

// claim puts a value there unless one was learned not longer than age ago, and
// reports whether it did.
func (c *cache[V]) claim(key string, v V, age time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.of[key]; ok && time.Since(e.Value.(cached[V]).at) < age {
		return false
	}
	c.keep(key, v)
	return true
}

// keep needs mu.
func (c *cache[V]) keep(key string, v V) {
	if c.of == nil {
		c.of = make(map[string]*list.Element)
	}
	if e, ok := c.of[key]; ok {
		c.old.Remove(e)
	} else if len(c.of) >= mostCached {
		first := c.old.Front()
		delete(c.of, c.old.Remove(first).(cached[V]).key)
	}
	c.of[key] = c.old.PushBack(cached[V]{key, v, time.Now()})
}
