package discord

import (
	"sync"
	"time"
)

// once knows interactions again: the gateway may say an event twice, and what
// was typed once must not be done twice. The zero value is ready.
type once struct {
	mu          sync.Mutex
	turned      time.Time       // when the younger half was begun
	young, aged map[string]bool // by ID
}

// first reports whether an interaction has not been heard before. It is known
// for as long as it could be answered, at least.
func (o *once) first(id string, now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.young[id] || o.aged[id] {
		return false
	}
	if o.young == nil || now.Sub(o.turned) > tokenLives {
		o.aged, o.young, o.turned = o.young, make(map[string]bool), now
	}
	o.young[id] = true
	return true
}
