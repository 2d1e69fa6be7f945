package fakechat

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// A Fault is what goes wrong with one call. The zero Fault does nothing.
type Fault struct {
	Delay time.Duration // before anything else
	// Status, if set, is answered with Header and Body instead of doing
	// what was called for.
	Status int
	Header map[string]string
	Body   string
	// Lose does what was called for and then cuts the connection: the
	// response is lost.
	Lose bool
}

// A Call is one entry of the journal.
type Call struct {
	Method string
	Path   string
	Body   []byte
	At     time.Time
}

// Calls puts faults into the calls of an API and keeps a journal of them.
// The zero value is ready.
type Calls struct {
	mu      sync.Mutex
	journal []Call
	faults  map[string][]Fault
}

// Fail makes the next n calls of method go wrong, after those that were asked
// for before.
func (c *Calls) Fail(method string, n int, f Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.faults == nil {
		c.faults = make(map[string][]Fault)
	}
	for range n {
		c.faults[method] = append(c.faults[method], f)
	}
}

// Heal forgets the faults that have not happened yet.
func (c *Calls) Heal() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = nil
}

// Journal returns the calls so far, of one method or ("") all.
func (c *Calls) Journal(method string) []Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.journal), func(x Call) bool { return method != "" && x.Method != method })
}

// Handler is next with a journal and faults. method names a request.
func (c *Calls) Handler(method func(*http.Request) string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler) // the client went away
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		f := c.note(Call{Method: method(r), Path: r.URL.Path, Body: body, At: time.Now()})
		select {
		case <-time.After(f.Delay):
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
		switch {
		case f.Status != 0:
			for k, v := range f.Header {
				w.Header().Set(k, v)
			}
			w.WriteHeader(f.Status)
			io.WriteString(w, f.Body)
		case f.Lose:
			next.ServeHTTP(nowhere{}, r)
			panic(http.ErrAbortHandler)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func (c *Calls) note(x Call) (f Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.journal = append(c.journal, x)
	if fs := c.faults[x.Method]; len(fs) > 0 {
		f, c.faults[x.Method] = fs[0], fs[1:]
	}
	return f
}

// nowhere is where lost responses go.
type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (nowhere) WriteHeader(int)             {}
