package fakechat_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
)

func TestMemory(t *testing.T) {
	var m fakechat.Memory
	m.Put(fakechat.Message{Channel: "C", ID: "1", Payload: []byte("one")})
	m.Put(fakechat.Message{Channel: "C", ID: "2", Only: "ann", Payload: []byte("two")})
	for _, x := range []struct {
		user, emoji string
		on, changed bool
	}{{"bot", "a", true, true}, {"ann", "a", true, true}, {"ann", "a", true, false}, {"ann", "b", true, true}, {"ann", "b", false, true}, {"ann", "b", false, false}} {
		if changed, found := m.React("C", "1", x.user, x.emoji, x.on); changed != x.changed || !found {
			t.Errorf("%+v: changed %v, found %v", x, changed, found)
		}
	}
	m.Edit("C", "1", []byte("uno"))
	want := []fakechat.Message{{Channel: "C", ID: "1", Payload: []byte("uno"), Edits: 1,
		Emoji: []fakechat.Emoji{{Name: "a", Users: []string{"bot", "ann"}}}}}
	if diff := cmp.Diff(want, m.Messages("C")); diff != "" {
		t.Errorf("in the channel (-want +got):\n%s", diff)
	}
	if p := m.Private("ann"); len(p) != 1 || p[0].ID != "2" {
		t.Errorf("Ann alone sees %+v", p)
	}
	if m.Delete("C", "3") || !m.Delete("C", "1") || len(m.Messages("C")) != 0 {
		t.Error("the wrong message was deleted")
	}
}

func TestFaults(t *testing.T) {
	var c fakechat.Calls
	var done atomic.Int32
	srv := httptest.NewServer(c.Handler(
		func(r *http.Request) string { return strings.Trim(r.URL.Path, "/") },
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			done.Add(1)
			io.Copy(w, r.Body)
		})))
	defer srv.Close()
	c.Fail("say", 1, fakechat.Fault{Status: 429, Header: map[string]string{"Retry-After": "7"}, Body: "slower"})
	c.Fail("say", 1, fakechat.Fault{Lose: true})
	say := func() (int, string, string, error) {
		resp, err := http.Post(srv.URL+"/say", "text/plain", strings.NewReader("hello"))
		if err != nil {
			return 0, "", "", err
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, resp.Header.Get("Retry-After"), string(b), nil
	}
	if status, after, body, err := say(); status != 429 || after != "7" || body != "slower" || err != nil || done.Load() != 0 {
		t.Errorf("first: %d %q %q %v, done %d times", status, after, body, err, done.Load())
	}
	if _, _, _, err := say(); err == nil || done.Load() != 1 {
		t.Errorf("a lost response: %v, done %d times", err, done.Load())
	}
	if status, _, body, err := say(); status != 200 || body != "hello" || err != nil || done.Load() != 2 {
		t.Errorf("third: %d %q %v, done %d times", status, body, err, done.Load())
	}
	if j := c.Journal("say"); len(j) != 3 || string(j[1].Body) != "hello" {
		t.Errorf("journal: %+v", j)
	}
}
