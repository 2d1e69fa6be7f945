package discordfake

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// A Pace is how many requests Discord takes in a while, which begins with the first.
type Pace struct {
	Most  int
	While time.Duration
}

// Paces are those of the requests in one channel of which a test can make too many. Discord
// publishes none, and says in every answer what is left; these are what was seen.
var Paces = map[string]Pace{
	"POST /channels/{c}/messages":                      {5, 5 * time.Second},
	"PATCH /channels/{c}/messages/{m}":                 {5, 5 * time.Second},
	"PUT /channels/{c}/messages/{m}/reactions/{e}/@me": {1, 250 * time.Millisecond},
}

// taken is what was taken of a pace in the while that is under way.
type taken struct {
	n     int
	until time.Time
}

// paced counts a request of a channel, and says in its answer's header what is left. If
// it is one too many, wait is how long there are none.
func (f *Discord) paced(h http.Header, pattern, channel string) (wait time.Duration) {
	pace, ok := Paces[pattern]
	f.Mu.Lock()
	defer f.Mu.Unlock()
	if !ok || !f.Paced {
		return 0
	}
	now := time.Now()
	t := f.taken[pattern+channel]
	if !now.Before(t.until) {
		t = taken{0, now.Add(pace.While)}
	}
	if t.n++; t.n > pace.Most {
		wait = t.until.Sub(now)
	}
	f.taken[pattern+channel] = t
	h.Set("X-RateLimit-Bucket", fmt.Sprintf("%x", pattern))
	h.Set("X-RateLimit-Limit", strconv.Itoa(pace.Most))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(max(0, pace.Most-t.n)))
	h.Set("X-RateLimit-Reset", fmt.Sprintf("%.3f", float64(t.until.UnixMilli())/1000))
	h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", math.Ceil(t.until.Sub(now).Seconds()*1000)/1000))
	return wait
}

// tooFast refuses a request that is one too many.
func tooFast(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("X-RateLimit-Scope", "user")
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	w.WriteHeader(http.StatusTooManyRequests)
	w.Write(encode(map[string]any{"message": "You are being rate limited.", "retry_after": math.Ceil(wait.Seconds()*1000) / 1000, "global": false}))
}
