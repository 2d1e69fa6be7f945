package web

import (
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// compress sends texts in fewer bytes to browsers that can read them so. What is
// sent as it comes up, and what is small already (fonts, pictures), stays as it is.
func compress(next http.Handler) http.Handler {
	writers := &sync.Pool{New: func() any { return gzip.NewWriter(nil) }} // each is a megabyte
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Encoding")
		if r.Method != http.MethodGet || r.Header.Get("Range") != "" || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			next.ServeHTTP(w, r)
			return
		}
		z := &zipped{ResponseWriter: w, writers: writers}
		defer z.end()
		next.ServeHTTP(z, r)
	})
}

// zipped compresses an answer, if its headers say that it is worth it.
type zipped struct {
	http.ResponseWriter
	writers *sync.Pool
	zip     *gzip.Writer // nil: as it is
	begun   bool
}

func (z *zipped) WriteHeader(status int) {
	h := z.Header()
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	text := strings.HasPrefix(kind, "text/") && kind != "text/event-stream" || kind == "application/json" || kind == "image/svg+xml"
	if !z.begun && text && status != http.StatusNotModified && status != http.StatusNoContent && h.Get("Content-Encoding") == "" {
		h.Set("Content-Encoding", "gzip")
		h.Del("Content-Length")
		h.Del("Accept-Ranges")
		z.zip = z.writers.Get().(*gzip.Writer)
		z.zip.Reset(z.ResponseWriter)
	}
	z.begun = true
	z.ResponseWriter.WriteHeader(status)
}

func (z *zipped) Write(b []byte) (int, error) {
	if !z.begun {
		z.WriteHeader(http.StatusOK)
	}
	if z.zip == nil {
		return z.ResponseWriter.Write(b)
	}
	return z.zip.Write(b)
}

func (z *zipped) end() {
	if z.zip != nil {
		z.zip.Close() // its error is the connection's, which nobody reads from any more
		z.writers.Put(z.zip)
	}
}

// Unwrap lets streams set their deadlines and flush.
func (z *zipped) Unwrap() http.ResponseWriter { return z.ResponseWriter }
