package web_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// Strangers are answered before anything of what they send is read: here
// nothing ever comes.
func TestBodiesOfStrangersAreNotRead(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	for _, path := range []string{"/submit", "/command", "/press", "/tap", "/dismiss"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(30 * time.Second))
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 8000000\r\n\r\n", path, conn.RemoteAddr())
		r, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: "POST"})
		if err != nil {
			t.Errorf("%s of a stranger is not answered before its body comes: %v", path, err)
			continue
		}
		r.Body.Close()
		if r.StatusCode != http.StatusSeeOther {
			t.Errorf("%s of a stranger is answered %d", path, r.StatusCode)
		}
	}
}

// However many send large forms, few are in memory at once, and none is lost.
func TestLargeFormsTakeTurns(t *testing.T) {
	const people, atOnce = 9, 4
	m := newMemory()
	var under, most atomic.Int32
	full := make(chan struct{}, people)
	goOn := make(chan struct{})
	m.submit = func(bot.Submission) bot.Reply {
		n := under.Add(1)
		defer under.Add(-1)
		for {
			if was := most.Load(); n <= was || most.CompareAndSwap(was, n) {
				break
			}
		}
		full <- struct{}{}
		<-goOn
		return bot.Reply{Post: bot.Notice{Text: bot.Literal("Heard.")}}
	}
	_, url := serve(t, m, m, web.Options{})
	var sending sync.WaitGroup
	var heard atomic.Int32
	for i := range people {
		p := joined(t, url, fmt.Sprint("P", i))
		sending.Go(func() {
			if status, o := p.post("/submit", "form", "start", "field-prompts", strings.Repeat("x", 1<<20)); status == http.StatusOK {
				heard.Add(1)
			} else {
				t.Errorf("a form is answered %d %q", status, o.Error)
			}
		})
	}
	for range atOnce {
		<-full
	}
	close(goOn)
	sending.Wait()
	if most.Load() > atOnce || heard.Load() != people {
		t.Errorf("%d of %d forms were heard, %d of them at once; want all, %d at once", heard.Load(), people, most.Load(), atOnce)
	}
}

// Whoever sends a large form slowly keeps nobody waiting, however many do so; and one that
// is too large is refused.
func TestSlowFormsHoldNobodyUp(t *testing.T) {
	m := newMemory()
	heard := 0
	m.submit = func(s bot.Submission) bot.Reply {
		heard += len(s.Values["prompts"])
		return bot.Reply{Post: bot.Notice{Text: bot.Literal("Heard.")}}
	}
	_, url := serve(t, m, m, web.Options{})
	for i := range 40 {
		k := joined(t, url, fmt.Sprint("Slow", i)).cookie("user")
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(30 * time.Second))
		fmt.Fprintf(conn, "POST /submit HTTP/1.1\r\nHost: %s\r\nCookie: %s=%s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 8000000\r\nExpect: 100-continue\r\n\r\n", conn.RemoteAddr(), k.Name, k.Value)
		if said, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(said, "100 Continue") {
			t.Fatalf("form %d, of which nothing has come, is not begun: %q, %v", i, said, err)
		}
		io.WriteString(conn, "form=start&field-prompts=")
	}
	p := joined(t, url, "Quick")
	for _, size := range []int{1, 3 << 20} {
		heard = 0
		if status, o := p.post("/submit", "form", "start", "field-prompts", strings.Repeat("x", size)); status != http.StatusOK || heard != size {
			t.Errorf("beside them a form of %d bytes is answered %d %q, and %d were heard", size, status, o.Error, heard)
		}
	}
	if status, o := p.post("/submit", "form", "start", "field-prompts", strings.Repeat("x", 8<<20)); status != http.StatusRequestEntityTooLarge || !strings.Contains(o.Error, "8,192 KB") {
		t.Errorf("one that is too large is answered %d %q", status, o.Error)
	}
}

// The page's files are there by their names, and nothing lists them.
func TestNothingIsListed(t *testing.T) {
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	for path, want := range map[string]int{"/static/web.js": 200, "/static/": 404, "/static/nothing": 404, "/static/nothing/": 404} {
		p := newPerson(t, url)
		r, err := p.client.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		if status, says := p.read(r); status != want {
			t.Errorf("%s is answered %d, not %d:\n%.300s", path, status, want, says)
		}
	}
}

// Whoever shows the admin key no more is no admin from then on.
func TestAdminNoMore(t *testing.T) {
	m := newMemory()
	c, url := serve(t, m, m, web.Options{AdminKey: "cellar-door"})
	p := joined(t, url, "Boss")
	admin := func() bool {
		t.Helper()
		p.get("/")
		ok, err := c.Admin(t.Context(), channel, p.user())
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	p.get("/?admin=cellar-door")
	if !admin() {
		t.Fatal("with the key nobody is an admin; this test has tested nothing")
	}
	p.forget("admin")
	if admin() {
		t.Error("without the key they are an admin still")
	}
}
