package web

import (
	"sync"
)

// maxTexts is how many texts are kept laid out.
const maxTexts = 1000

// texts keeps models' texts laid out: a page shows many of them, again with
// every vote. The zero value is ready.
type texts struct {
	mu   sync.Mutex
	laid map[string]markup
}

func (x *texts) html(text string) markup {
	x.mu.Lock()
	h, ok := x.laid[text]
	x.mu.Unlock()
	if ok {
		return h
	}
	h = markdown(text)
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.laid == nil || len(x.laid) >= maxTexts {
		x.laid = make(map[string]markup)
	}
	x.laid[text] = h
	return h
}
