package web

import (
	"net/http"
	"time"
)

// answerTime is how long a browser may take for a piece of an answer. The server sets no
// limit, since events go on for hours; whoever takes nothing for so long is let go.
const answerTime = time.Minute

// timed gives every write of an answer so long.
func timed(next http.Handler, most time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&timedWriter{w, http.NewResponseController(w), most}, r)
	})
}

type timedWriter struct {
	http.ResponseWriter
	conn *http.ResponseController
	most time.Duration
}

func (w *timedWriter) WriteHeader(status int) {
	w.renew()
	w.ResponseWriter.WriteHeader(status)
}

func (w *timedWriter) Write(b []byte) (int, error) {
	w.renew()
	return w.ResponseWriter.Write(b)
}

// renew is without effect where there is no connection: in a recorded answer.
func (w *timedWriter) renew() { _ = w.conn.SetWriteDeadline(time.Now().Add(w.most)) }

// Unwrap lets streams flush and set their deadlines.
func (w *timedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
