package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A process is this test's binary, being tastetest.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	url  string // of the page
	done chan struct{}

	mu       sync.Mutex
	out, err strings.Builder
}

// launch starts tastetest in dir and waits until its page is served.
func launch(t *testing.T, dir string, env []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(os.Args[0], args...), done: make(chan struct{})}
	p.cmd.Dir = dir
	p.cmd.Env = append(os.Environ(), append(env, "TASTETEST_BE_THE_PROGRAM=1")...)
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	open := make(chan string, 1)
	var read sync.WaitGroup
	read.Go(func() { p.read(stdout, &p.out, open) })
	read.Go(func() { p.read(stderr, &p.err, nil) })
	go func() { read.Wait(); p.cmd.Wait(); close(p.done) }()
	t.Cleanup(func() { p.cmd.Process.Kill(); <-p.done })
	select {
	case p.url = <-open:
	case <-p.done:
		t.Fatalf("tastetest %v ended at once: %s", args, p.err.String())
	}
	return p
}

var pageURL = regexp.MustCompile(`^Open (http://[0-9.:]+)`)

func (p *process) read(r io.Reader, into *strings.Builder, open chan<- string) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		p.mu.Lock()
		into.WriteString(lines.Text() + "\n")
		p.mu.Unlock()
		if m := pageURL.FindStringSubmatch(lines.Text()); m != nil && open != nil {
			open <- m[1]
		}
	}
}

func (p *process) printed() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String() + p.err.String()
}

// until waits until ok holds, and says what it waited for if it never does.
func (p *process) until(what string, ok func() bool) {
	p.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			p.t.Fatalf("waited in vain: %s; printed so far:\n%s", what, p.printed())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (p *process) stop(s os.Signal) int {
	p.t.Helper()
	p.cmd.Process.Signal(s)
	<-p.done
	return p.cmd.ProcessState.ExitCode()
}

func get(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// team writes a configuration with two models that answer from a file.
func team(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{
		"tastetest.yaml": "web: {listen: '127.0.0.1:0'}\nmodels:\n  - {name: kestrel, file: answers.jsonl}\n  - {name: nova, file: answers.jsonl}\n",
		"answers.jsonl":  `{"prompt":"Hi","model":"kestrel","answer":"Hello."}` + "\n" + `{"prompt":"Hi","model":"nova","answer":"Good day."}` + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRunStopsCleanlyAndComesBackTheSame(t *testing.T) {
	t.Parallel()
	dir := team(t)
	links := regexp.MustCompile(`\?admin=\S+`)
	var admin []string
	for range 2 {
		p := launch(t, dir, nil, "run")
		if page := get(t, p.url); !strings.Contains(page, "Tastetest") {
			t.Errorf("the page is %q", page)
		}
		if out, errs, code := tastetest(t.Context(), "healthcheck", p.url+"/healthz"); code != 0 {
			t.Errorf("healthcheck: %s%s", out, errs)
		}
		admin = append(admin, links.FindString(p.printed()))
		if code := p.stop(syscall.SIGTERM); code != 0 {
			t.Errorf("after SIGTERM the exit code is %d:\n%s", code, p.printed())
		}
		if _, err := os.Stat(filepath.Join(dir, "tastetest.db.sock")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the socket is still there: %v", err)
		}
	}
	if admin[0] == "" || admin[0] != admin[1] {
		t.Errorf("the admin's link was %q, and then %q", admin[0], admin[1])
	}
}

func TestASecondSignalStopsItAtOnce(t *testing.T) {
	t.Parallel()
	dir := team(t)
	p := launch(t, dir, nil, "run")
	sock := filepath.Join(dir, "tastetest.db")
	p.until("the socket", func() bool { return running(sock) })
	// An import that never ends keeps it from stopping.
	endless, never := io.Pipe()
	t.Cleanup(func() { never.Close() })
	go ask(context.Background(), sock, http.MethodPost, "/import", endless)
	// More than the socket holds: once it is written the bot is at work on it.
	if _, err := never.Write(bytes.Repeat([]byte("\n"), 8<<20)); err != nil {
		t.Fatal(err)
	}
	for alive := true; alive; {
		p.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-p.done:
			alive = false
		case <-time.After(50 * time.Millisecond):
		}
	}
	if status := p.cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != syscall.SIGTERM {
		t.Errorf("it ended by itself: %v", p.cmd.ProcessState)
	}
}

func TestMachineCommandsWhileTheBotRuns(t *testing.T) {
	elsewhere := t.TempDir()
	s := openStore(t, filepath.Join(elsewhere, "tastetest.db"))
	taste(t, s, bot.Reaction, kestrelAndNova, bot.Revealed, "")
	s.Close()
	file := filepath.Join(elsewhere, "votes.jsonl")
	export(t, filepath.Join(elsewhere, "tastetest.db"), "--format", "jsonl", "--texts", "--out", file)

	dir := team(t)
	p := launch(t, dir, nil, "run")
	path := filepath.Join(dir, "tastetest.db")
	p.until("the socket", func() bool { return running(path) })
	info, err := os.Stat(path + ".sock")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket's mode is %v, %v; want 0600", info, err)
	}
	for _, want := range []string{"1 taste test added (4 votes)", "0 taste tests added (0 votes), 1 taste test there already"} {
		if out, errs, code := tastetest(t.Context(), "import", "--store", path, file); code != 0 || !strings.HasPrefix(out, want) {
			t.Errorf("import says %q, %q, code %d; want %q", out, errs, code, want)
		}
	}
	if _, errs, code := tastetest(t.Context(), "import", "--store", path, filepath.Join(dir, "answers.jsonl")); code != 1 || !strings.Contains(errs, "line 1 has no texts") {
		t.Errorf("a wrong import says %q, code %d", errs, code)
	}
	if rows := export(t, path); strings.Count(rows, "\n") != 5 {
		t.Errorf("the export has not four votes:\n%s", rows)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".s*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	t.Chdir(dir)
	if _, errs, code := tastetest(t.Context(), "run"); code != 1 || !strings.Contains(errs, "Another tastetest has") {
		t.Errorf("a second bot on the same store says %q, code %d", errs, code)
	}
	if code := p.stop(os.Interrupt); code != 0 {
		t.Errorf("after an interrupt the exit code is %d:\n%s", code, p.printed())
	}
}

func TestASocketLeftByAKilledBotIsReplaced(t *testing.T) {
	t.Parallel()
	dir := team(t)
	path := filepath.Join(dir, "tastetest.db")
	p := launch(t, dir, nil, "run")
	p.until("the socket", func() bool { return running(path) })
	p.stop(os.Kill)
	if rows := export(t, path); !strings.HasPrefix(rows, "question_id") {
		t.Errorf("export beside a dead socket: %q", rows)
	}
	p = launch(t, dir, nil, "run")
	p.until("the new socket", func() bool { return running(path) })
}

// A copy of the store that a killed command left behind goes when the bot
// starts; one that may be worked on stays, and so does what is not ours.
func TestCopiesLeftByAKilledCommandAreRemoved(t *testing.T) {
	t.Parallel()
	dir := team(t)
	long := time.Now().Add(-2 * time.Hour)
	for name, at := range map[string]time.Time{".snapshot-1": long, ".restore-2": long, ".snapshot-3": time.Now(), ".other-4": long} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		place(t, filepath.Join(dir, name, "snapshot"), []byte("votes"))
		if err := os.Chtimes(filepath.Join(dir, name), at, at); err != nil {
			t.Fatal(err)
		}
	}
	p := launch(t, dir, nil, "run")
	p.until("the socket", func() bool { return running(filepath.Join(dir, "tastetest.db")) })
	left, _ := filepath.Glob(filepath.Join(dir, ".*-*"))
	if want := []string{filepath.Join(dir, ".other-4"), filepath.Join(dir, ".snapshot-3")}; !slices.Equal(left, want) {
		t.Errorf("in the folder are %v; want %v", left, want)
	}
}

func TestModelsAreTakenUpWithoutARestart(t *testing.T) {
	t.Parallel()
	dir := team(t)
	p := launch(t, dir, nil, "run")
	file := filepath.Join(dir, "tastetest.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	edit := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	edit(string(text) + "  - {nmae: S3CR3T, file: answers.jsonl}\n")
	p.until("a line about the broken edit", func() bool { return strings.Contains(p.printed(), "did you mean name?") })
	edit(string(text) + "  - {name: third, model: nova, file: answers.jsonl}\n")
	p.until("the third model", func() bool {
		return strings.Contains(p.printed(), `msg="the configuration was read again" models=3`)
	})
	if printed := p.printed(); strings.Contains(printed, "S3CR3T") || strings.Contains(printed, "restart") {
		t.Errorf("printed:\n%s", printed)
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	dir := team(t)
	config := `
web: {listen: '127.0.0.1:0', secret_env: DOOR, admin_key_file: admin.txt}
models:
  - {name: kestrel, base_url: 'http://127.0.0.1:1/v1', model: k, api_key_env: KEY, timeout: 1s}
  - {name: nova, base_url: 'http://127.0.0.1:1/v1', model: n, api_key_env: KEY, headers_env: {api-key: KEY}, timeout: 1s}
`
	for name, text := range map[string]string{"tastetest.yaml": config, "admin.txt": "S3CR3T-admin\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := launch(t, dir, []string{"DOOR=S3CR3T-door", "KEY=sk-S3CR3T-key"}, "run")
	all := get(t, p.url) + get(t, p.url+"/healthz")
	t.Setenv("DOOR", "S3CR3T-door")
	t.Setenv("KEY", "sk-S3CR3T-key")
	out, errs, code := tastetest(t.Context(), "config", "-c", filepath.Join(dir, "tastetest.yaml"))
	if code != 0 {
		t.Errorf("config: %s", errs)
	}
	all += out + errs + export(t, filepath.Join(dir, "tastetest.db"), "--format", "jsonl", "--texts")
	p.stop(syscall.SIGTERM)
	if all += p.printed(); strings.Contains(all, "S3CR3T") {
		t.Errorf("a secret was printed:\n%s", all)
	}
}

func TestAPageForOthersSaysHowTheyReachIt(t *testing.T) {
	t.Parallel()
	dir := team(t)
	file := filepath.Join(dir, "tastetest.yaml")
	if err := os.WriteFile(file, []byte(`
web: {listen: '0.0.0.0:0', secret_env: DOOR, admin_key_env: ADMIN}
models:
  - {name: kestrel, base_url: 'http://127.0.0.1:1/v1', model: k, api_key_env: NO_KEY}
  - {name: nova, base_url: 'http://127.0.0.1:1/v1', model: n, api_key_env: NO_KEY}
  - {name: wren, base_url: 'http://127.0.0.1:1/v1', model: w}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	p := launch(t, dir, []string{"DOOR=" + strings.Repeat("d", 16), "ADMIN=" + strings.Repeat("a", 16)}, "run")
	said := "From other machines use this machine's name in place of 0.0.0.0."
	p.until("how others reach it", func() bool { return strings.Contains(p.printed(), said) })
	printed := p.printed()
	if told := get(t, strings.Replace(p.url, "0.0.0.0", "127.0.0.1", 1)+"/metrics"); !strings.Contains(told, "web.secret") {
		t.Errorf("a proxy on this machine reads metrics of a page that is for others: %s", told)
	}
	for _, want := range []string{"Open http://0.0.0.0:", "Admins open http://0.0.0.0:", `models="kestrel, nova"`} {
		if !strings.Contains(printed, want) {
			t.Errorf("does not say %q", want)
		}
	}
	if n := strings.Count(printed, "left out"); n != 1 || t.Failed() {
		t.Errorf("%d lines about models that are left out, want 1:\n%s", n, printed)
	}
}

func TestHealthcheckSaysWhomItAsked(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	ln.Close()
	file := filepath.Join(t.TempDir(), "tastetest.yaml")
	if err := os.WriteFile(file, []byte("web: {listen: '"+addr+"'}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := tastetest(t.Context(), "healthcheck", "-c", file); code != 1 || !strings.Contains(errs, "no answer from the bot at http://"+addr+"/healthz") {
		t.Errorf("exit code %d: %s", code, errs)
	}
	if _, errs, code := tastetest(t.Context(), "healthcheck", "http://"+addr+"/?secret=S3CR3T"); code != 1 || strings.Contains(errs, "S3CR3T") {
		t.Errorf("exit code %d: %s", code, errs)
	}
}

func TestDemoLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		end   string
		after string
		early func(p *process)
	}{
		{"after its time", "1s", func(*process) {}},
		{"told to stop in the middle of a tasting", "1h", func(p *process) {
			p.until("a tasting on the page", func() bool { return strings.Contains(get(t, p.url), "Taste test 2") })
			p.cmd.Process.Signal(syscall.SIGTERM)
		}},
	} {
		t.Run(tt.end, func(t *testing.T) {
			t.Parallel()
			temp := t.TempDir()
			p := launch(t, t.TempDir(), []string{"TMPDIR=" + temp}, "demo", "--listen", "127.0.0.1:0", "--for", tt.after)
			tt.early(p)
			<-p.done
			if code := p.cmd.ProcessState.ExitCode(); code != 0 {
				t.Errorf("the exit code is %d:\n%s", code, p.printed())
			}
			if left, _ := os.ReadDir(temp); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
