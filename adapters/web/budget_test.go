package web_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// mostFirst is how many bytes a first visit may cost, fonts and all.
const mostFirst = 120_000

// All that a browser fetches for the first page, as it goes over the wire, is
// little; and of what it has, it fetches nothing again. The italic comes when a text
// is set in it.
func TestFirstPageIsSmall(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	m.put(channel, bot.PostKey{Tasting: tasting(12), What: bot.HeadPost}, samples.Head)
	m.put(channel, bot.PostKey{Tasting: tasting(13), Round: 1, What: bot.BallotPost}, samples.Ballot)
	m.put(channel, bot.PostKey{Tasting: tasting(14), What: bot.AnnouncementPost}, samples.Announcement)
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	fetch := func(path, have string) (text, tag string, status, wire int) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", "gzip, br")
		req.Header.Set("If-None-Match", have)
		r, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		counted := &counter{from: r.Body}
		body := io.Reader(counted)
		if r.Header.Get("Content-Encoding") == "gzip" {
			if body, err = gzip.NewReader(counted); err != nil {
				t.Fatalf("read %s: %v", path, err)
			}
		}
		all, err := io.ReadAll(body)
		if err != nil {
			t.Fatalf("read %s: %v", path, err)
		}
		for name, values := range r.Header {
			counted.n += len(name) + len(strings.Join(values, "")) + 4
		}
		return string(all), r.Header.Get("ETag"), r.StatusCode, counted.n
	}
	var all int
	seen := make(map[string]bool)
	first, _, _, _ := fetch("/", "")
	var visit func(path string)
	visit = func(path string) {
		if seen[path] {
			return
		}
		seen[path] = true
		text, tag, status, n := fetch(path, "")
		if status != http.StatusOK {
			t.Errorf("%s is answered with %d", path, status)
		}
		all += n
		t.Logf("%7d %s", n, path)
		for _, ref := range regexp.MustCompile(`(?:href|src)="(/static/[^"]+)"|url\(([\w-]+\.woff2)\)`).FindAllStringSubmatch(text, -1) {
			if ref[1] != "" {
				visit(ref[1])
			} else if !strings.Contains(ref[2], "italic") || strings.Contains(first, "<em>") {
				visit("/static/" + ref[2])
			}
		}
		if path == "/" {
			return
		}
		if _, _, status, n := fetch(path, tag); status != http.StatusNotModified || n > 1000 {
			t.Errorf("%s, which the browser has, is sent again: %d, %d bytes", path, status, n)
		}
	}
	visit("/")
	if len(seen) < 12 || all > mostFirst {
		t.Errorf("the first page costs %d bytes in %d files; at most %d are allowed, fonts included", all, len(seen), mostFirst)
	}
}

// A counter counts what comes over the wire.
type counter struct {
	from io.Reader
	n    int
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	c.n += n
	return n, err
}
