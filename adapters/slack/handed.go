package slack

import (
	"io"
	"net/http"
)

// Handed takes what other replicas hand on of what came over their sockets, while Run runs,
// and answers as Slack is to be answered: 200 acknowledges it. A status of 503 is that
// nothing was done. A question without a body is answered whether a socket's deliveries are
// taken here. It is to be served to replicas alone: nobody has signed what they say.
func (c *Chat) Handed() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := c.beginHanded(r.URL.Query().Get(workspaceField))
		if l == nil {
			http.Error(w, "Not taken here.", http.StatusServiceUnavailable)
			return
		}
		defer l.work.Done()
		if r.Method != http.MethodPost {
			return
		}
		payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
		if err != nil {
			http.Error(w, "This request could not be read.", http.StatusBadRequest)
			return
		}
		switch kind := r.URL.Query().Get(kindField); kind {
		case kindConnected:
			l.connected(true)
		default:
			_ = l.serveDelivery(w, r, kind, payload, http.StatusInternalServerError)
		}
	})
}

// What a replica says in the address of what it hands on: the name of a workspace whose
// socket it came over, and what it is, in Slack's words or [kindConnected].
const (
	workspaceField = "workspace"
	kindField      = "kind"
	kindConnected  = "connected" // nothing came; something may have been missed
)

// takesHanded says whether a line takes what other replicas hand on.
func (l *line) takesHanded(yes bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range l.workspaces {
		if yes {
			l.handed[w.Name] = l
		} else {
			delete(l.handed, w.Name)
		}
	}
}

// beginHanded notes that a delivery to a workspace is under way on its line; nil: it is not
// taken.
func (c *Chat) beginHanded(workspace string) *line {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.handed[workspace]
	if l != nil {
		l.work.Add(1)
	}
	return l
}

func (c *Chat) hasSocket(token string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sockets[token] != nil
}
