package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
)

// A transport takes discordgo's requests to the configured API, makes every
// refusal look like Discord's own, and stops before Discord would ban the
// address: it does so at 10,000 refused requests in ten minutes.
type transport struct {
	base string // "https://discord.com/api/v10"; empty: as discordgo has it
	next *http.Transport

	mu      sync.Mutex
	run     context.Context // of requests that have none
	began   time.Time       // of the ten minutes in which refused counts
	refused int
}

const (
	mostRefused = 1000
	refusedIn   = 10 * time.Minute
)

var errRefused = errors.New("too many requests were refused; none is sent for some minutes")

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if t.braked(time.Now()) {
		return nil, errRefused
	}
	ctx := req.Context()
	if run := t.context(); ctx.Done() == nil && run != nil {
		ctx = run
	}
	req = req.Clone(ctx)
	if t.base != "" {
		u, err := url.Parse(t.base + "/" + strings.TrimPrefix(req.URL.String(), discordgo.EndpointAPI))
		if err != nil {
			return nil, fmt.Errorf("make a URL: %w", err)
		}
		req.URL, req.Host = u, u.Host
	}
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	switch resp.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		t.refuse(time.Now())
	case http.StatusTooManyRequests:
		t.refuse(time.Now())
		if !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
			return plain429(resp), nil
		}
		return oldEdits(resp)
	case http.StatusBadGateway: // discordgo tries these again without a pause
		resp.StatusCode, resp.Status = http.StatusServiceUnavailable, "503 for a 502"
	}
	return resp, nil
}

// plain429 gives a refusal by a proxy in front of Discord, which is a page,
// the body that Discord's own has.
func plain429(resp *http.Response) *http.Response {
	resp.Body.Close()
	seconds, err := strconv.ParseFloat(resp.Header.Get("Retry-After"), 64)
	if err != nil || seconds < 0 {
		seconds = 5
	}
	body := fmt.Sprintf(`{"message":"refused by a proxy","retry_after":%g,"global":false}`, seconds)
	resp.Body = io.NopCloser(bytes.NewReader([]byte(body)))
	resp.ContentLength = int64(len(body))
	return resp
}

// codeOldEdits is Discord's number for: messages older than an hour have been
// edited too often of late. discordgo has no name for it.
const codeOldEdits = 30046

// oldEdits makes of a 429 that is about old messages alone a refusal like any
// other: whoever asked hears of it and waits, and new messages wait for nothing.
func oldEdits(resp *http.Response) (*http.Response, error) {
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("read a refusal: %w", err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	var said struct{ Code int }
	if json.Unmarshal(body, &said) == nil && said.Code == codeOldEdits {
		resp.StatusCode, resp.Status = http.StatusBadRequest, "400 for a 429"
		for _, name := range []string{"X-RateLimit-Remaining", "X-RateLimit-Reset", "X-RateLimit-Reset-After", "X-RateLimit-Global", "Retry-After"} {
			resp.Header.Del(name)
		}
	}
	return resp, nil
}

func (t *transport) refuse(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Sub(t.began) > refusedIn {
		t.began, t.refused = now, 0
	}
	t.refused++
}

func (t *transport) braked(now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.refused >= mostRefused && now.Sub(t.began) <= refusedIn
}

func (t *transport) setContext(ctx context.Context) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.run = ctx
}

func (t *transport) context() context.Context {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.run
}
