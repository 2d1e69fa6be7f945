package relay

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// markHeader has what a replica says of a request that it hands on.
const markHeader = "Tastetest-Handed-On"

// A mark says at which door a request came in, and from whom: a client's address or,
// of what a replica asks itself, the sum of the body.
type mark struct{ door, client string }

const (
	sumPrefix = "body:"
	mostAsked = 8 << 20 // bytes of what a replica asks itself, and of the answer
)

func sumOf(body []byte) string {
	sum := sha256.Sum256(body)
	return sumPrefix + hex.EncodeToString(sum[:])
}

// signed is the mark of one request to one leader. Nothing in it can hold a space
// or a new line.
func (m mark) signed(key []byte, leader int64, method, uri string) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s\n%s\n%d\n%s\n%s", m.door, m.client, leader, method, uri)
	return m.door + " " + m.client + " " + hex.EncodeToString(mac.Sum(nil))
}

// read returns the mark of a request; false if no replica made it, for this leader.
func read(r *http.Request, key []byte, leader int64) (m mark, ok bool) {
	said := r.Header.Get(markHeader)
	parts := strings.Split(said, " ")
	if len(parts) != 3 {
		return mark{}, false
	}
	m = mark{door: parts[0], client: parts[1]}
	return m, hmac.Equal([]byte(said), []byte(m.signed(key, leader, r.Method, r.RequestURI)))
}

// Receive serves what other replicas hand on to the leader, by the name of the
// door it came to, as if it had come to that door here. All else is for own. A
// mark that was made for another leader, or by nobody who may, is answered as a
// replica that stands by answers: whoever asks again reaches the right one.
func Receive(key []byte, leader int64, own http.Handler, doors map[string]http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, marked := r.Header[markHeader]; !marked {
			own.ServeHTTP(w, r)
			return
		}
		m, ok := read(r, key, leader)
		door := doors[m.door]
		if !ok || door == nil {
			away(w, r)
			return
		}
		if strings.HasPrefix(m.client, sumPrefix) {
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostAsked))
			if err != nil || sumOf(body) != m.client {
				away(w, r)
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		r.Header.Del(markHeader)
		r.RemoteAddr = m.client
		door.ServeHTTP(w, r)
	})
}
