//go:build unix

package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tastetest/tastetest/store/postgres/pgtest"
)

// A member is one replica of a bot, and where its page is.
type member struct {
	cmd *exec.Cmd
	url string
}

// answers is what its page answers; 0 if it does not.
func (m member) answers(path string) int {
	c := http.Client{Timeout: 2 * time.Second}
	resp, err := c.Get(m.url + path)
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}

// said is what it has printed so far.
func (m member) said(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(m.cmd.Stdout.(*os.File).Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// startMember starts a replica in dir, which prints into a file there. The others
// reach it, or do not know how. env is what it has beside the test's own environment.
func startMember(t *testing.T, dir string, reach bool, env ...string) member {
	t.Helper()
	addr := freeAddress(t)
	m := member{exec.Command(os.Args[0], "run", "--listen", addr), "http://" + addr}
	m.cmd.Dir = dir
	m.cmd.Env = append(append(os.Environ(), env...), "TASTETEST_BE_THE_PROGRAM=1")
	if reach {
		m.cmd.Env = append(m.cmd.Env, "TASTETEST_REACH="+m.url)
	}
	out, err := os.Create(filepath.Join(dir, strings.ReplaceAll(addr, ":", "-")+".log"))
	if err != nil {
		t.Fatal(err)
	}
	m.cmd.Stdout, m.cmd.Stderr = out, out
	if err := m.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		m.cmd.Process.Signal(syscall.SIGCONT)
		m.cmd.Process.Kill()
		m.cmd.Wait()
		out.Close()
		if said, err := os.ReadFile(out.Name()); err == nil && t.Failed() {
			t.Logf("%s said:\n%s", addr, said)
		}
	})
	return m
}

// leader waits until just one of the replicas is ready, and returns it. At no
// time are two.
func leader(t *testing.T, all []member) member {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		var ready []member
		for _, m := range all {
			if m.answers("/readyz") == http.StatusOK {
				ready = append(ready, m)
			}
		}
		if len(ready) > 1 {
			t.Fatal("two replicas are ready at once")
		}
		if len(ready) == 1 {
			return ready[0]
		}
		if time.Now().After(end) {
			t.Fatal("no replica is ready")
		}
	}
}

func others(all []member, but member) (rest []member) {
	for _, m := range all {
		if m.cmd != but.cmd {
			rest = append(rest, m)
		}
	}
	return rest
}

// Of three replicas on one database one acts. When that is killed, or stopped for
// longer than it may be, another takes over by itself; the one that wakes up
// finds that out and ends.
func TestStandBy(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits half a minute for two replicas that say nothing")
	}
	t.Parallel()
	dir := team(t)
	server := pgtest.Start(t)
	url, _ := server.Database(t, "standby")
	conf := filepath.Join(dir, "tastetest.yaml")
	text, err := os.ReadFile(conf)
	if err != nil {
		t.Fatal(err)
	}
	place(t, conf, append(text, "\nstore: "+url+"\n"...))
	all := []member{startMember(t, dir, false), startMember(t, dir, false), startMember(t, dir, false)}

	first := leader(t, all)
	for _, m := range others(all, first) {
		for end := time.Now().Add(time.Minute); m.answers("/healthz") != http.StatusOK && time.Now().Before(end); {
			time.Sleep(50 * time.Millisecond)
		}
		if well, ready, page := m.answers("/healthz"), m.answers("/readyz"), m.answers("/"); well != 200 || ready != 503 || page != 503 {
			t.Errorf("a replica that stands by answers %d to /healthz, %d to /readyz and %d to whoever opens the page; want 200, 503, 503", well, ready, page)
		}
	}
	first.cmd.Process.Kill()
	all = others(all, first)
	second := leader(t, all)

	second.cmd.Process.Signal(syscall.SIGSTOP)
	third := leader(t, others(all, second))
	second.cmd.Process.Signal(syscall.SIGCONT)
	if err := second.cmd.Wait(); err == nil {
		t.Error("a replica that slept while another took over ends as if all were well")
	}
	if third.answers("/readyz") != http.StatusOK {
		t.Error("the one that took over is not ready any more")
	}

	// Drained, a replica makes room at once: the next one need not wait.
	fourth := startMember(t, dir, false)
	for fourth.answers("/healthz") != http.StatusOK {
		time.Sleep(50 * time.Millisecond)
	}
	fifth := startMember(t, dir, false)
	for fifth.answers("/healthz") != http.StatusOK {
		time.Sleep(50 * time.Millisecond)
	}
	fifth.cmd.Process.Signal(syscall.SIGTERM)
	if err := fifth.cmd.Wait(); err != nil {
		t.Errorf("one that stood by, after SIGTERM: %v", err)
	}
	third.cmd.Process.Signal(syscall.SIGTERM)
	if err := third.cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
	leader(t, []member{fourth})
}
