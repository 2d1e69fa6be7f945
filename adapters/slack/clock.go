package slack

import (
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// mostSkew is how far this machine's clock may be off Slack's. Over HTTP a
// request that is five minutes old is taken for forged.
const mostSkew = time.Minute

// A clock compares ours with Slack's, by the date of every answer. It passes
// requests on.
type clock struct {
	next http.RoundTripper
	log  *slog.Logger
	skew atomic.Int64 // nanoseconds that Slack's is ahead
	said sync.Once
}

func (c *clock) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if theirs, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		skew := theirs.Sub(time.Now().Truncate(time.Second))
		c.skew.Store(int64(skew))
		if off := clockOff(skew); off != "" {
			c.said.Do(func() { c.log.Warn("this machine's clock is off", "found", off) })
		}
	}
	return resp, nil
}

// CloseIdleConnections is what http.Client asks its transport for.
func (c *clock) CloseIdleConnections() { (&http.Client{Transport: c.next}).CloseIdleConnections() }

// theirs is what Slack's clock shows at a time of ours.
func (c *clock) theirs(t time.Time) time.Time { return t.Add(time.Duration(c.skew.Load())) }

// ours is what our clock showed at a time of Slack's; zero of none.
func (c *clock) ours(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(-time.Duration(c.skew.Load()))
}

// clockOff says by how much our clock is off, Slack's being ahead by skew; "" if
// it is right enough.
func clockOff(skew time.Duration) string {
	switch {
	case skew > mostSkew:
		return fmt.Sprintf("it is %v behind Slack’s", skew.Round(time.Second))
	case skew < -mostSkew:
		return fmt.Sprintf("it is %v ahead of Slack’s", (-skew).Round(time.Second))
	}
	return ""
}
