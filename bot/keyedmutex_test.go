package bot

import (
	"runtime"
	"sync"
	"testing"
)

// Whoever wants a key waits for it, whoever wants another does not, and when
// all are done nothing is kept of either.
func TestKeyedMutex(t *testing.T) {
	var k KeyedMutex[string]
	wanted := func(key string) int {
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.of[key] == nil {
			return 0
		}
		return k.of[key].wanted
	}
	seven := k.Lock("7")
	k.Lock("8")()
	var work sync.WaitGroup
	held, most, served := 0, 0, 0
	for range 20 {
		work.Go(func() {
			defer k.Lock("7")()
			held++
			most = max(most, held)
			served++
			runtime.Gosched()
			held--
		})
	}
	for wanted("7") < 21 {
		runtime.Gosched()
	}
	if served != 0 {
		t.Errorf("%d had the key while it was held", served)
	}
	seven()
	work.Wait()
	if served != 20 || most != 1 {
		t.Errorf("%d of 20 had the key, %d at once", served, most)
	}
	if len(k.of) != 0 {
		t.Errorf("mutexes of %d keys are kept that nobody wants", len(k.of))
	}
}
