package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

// fakeGH is a gh that remembers, as much of it as the workflow of gate.md uses: one open
// pull request, its comments and the statuses of its commit.
const fakeGH = `#!/bin/sh
case "$1 $2" in
"pr comment") [ "$4" = --body ] && printf '%s\n' "$5" >> comments ;;
"pr list") echo 17 ;;
"pr view") case "$*" in *--comments*) cat comments ;; *headRefOid*) echo c0ffee ;; esac ;;
"api repos/acme/bakery/statuses/c0ffee") shift 2; echo "$*" >> statuses ;;
*) echo "this gh knows no $*" >&2; exit 1 ;;
esac
`

// The workflow of gate.md, cut out of it and run by a shell as a runner does, with the real
// program and a running bot: it opens a gate and says its ticket below the pull request;
// as long as people vote it says nothing; once it is revealed it sets the commit's status.
func TestTheWorkflowOfGate(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts a bot and six shells: run without -short")
	}
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("this test needs bash, in which workflows run")
	}
	dir := gated(t)
	v := &visitor{t: t, dir: dir}
	v.launch("GATE_KEY="+gateKeyText, "STRANGER_KEY=a-key-of-a-stranger-0123456789", "OTHER_KEY=a-key-for-elsewhere-0123456789")

	work := t.TempDir()
	put := func(path, said string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(work, path), []byte(said), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(work, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	put("bin/gh", fakeGH)
	put("bin/tastetest", fmt.Sprintf("#!/bin/sh\nTASTETEST_BE_THE_PROGRAM=1 exec '%s' \"$@\"\n", program))
	put("answers.sh", fmt.Sprintf("#!/bin/sh\ncat '%s'/$1.jsonl\n", dir))
	put("comments", "Nice.\n")
	put("statuses", "")

	jobs := workflow(t)
	does := func(job string) {
		t.Helper()
		for _, script := range jobs[job] {
			put("step.sh", script)
			c := exec.CommandContext(t.Context(), "bash", "-e", "step.sh")
			c.Dir = work
			c.Env = append(os.Environ(), "PATH="+filepath.Join(work, "bin")+":"+os.Getenv("PATH"), "GITHUB_STEP_SUMMARY="+filepath.Join(work, "shown.md"),
				"GITHUB_REPOSITORY=acme/bakery", "TASTETEST_GATE_URL="+v.process.url, "TASTETEST_GATE_KEY="+gateKeyText)
			if out, err := c.CombinedOutput(); err != nil {
				t.Fatalf("the job %s ends with %v\n%s\n%s", job, err, script, out)
			}
		}
	}
	does("open")
	if said := read(t, filepath.Join(work, "comments")); said != "Nice.\nTicket: web/local/1\n" {
		t.Errorf("below the pull request stands\n%s", said)
	}
	if shown := read(t, filepath.Join(work, "shown.md")); !strings.Contains(shown, "Taste test pr-17-c0ffee: pending") || !strings.Contains(shown, "If the two are equal and 8 people vote, this passes ") {
		t.Errorf("the job's summary says\n%s", shown)
	}
	does("look")
	if said := read(t, filepath.Join(work, "statuses")); said != "" {
		t.Errorf("while people vote the commit's status is set: %s", said)
	}
	for i := range 6 {
		votesInPrivate(t, v.process.url, fmt.Sprint("Voter ", i), 5)
	}
	does("open") // the pipeline runs again
	v.post("/press", "button", "1/close")
	v.process.until("the gate's status", func() bool {
		does("look")
		return read(t, filepath.Join(work, "statuses")) != ""
	})
	if said := read(t, filepath.Join(work, "statuses")); said != "-f state=success -f context=taste-test\n" {
		t.Errorf("the commit's status is set by: %s", said)
	}
	if shown := read(t, filepath.Join(work, "summary.md")); !strings.Contains(shown, "Taste test pr-17-c0ffee: passed") || !strings.Contains(shown, "| 0 | 30 | 0 | 0 |") {
		t.Errorf("the summary of the look says\n%s", shown)
	}
}

// workflow is what the jobs of the workflow of gate.md run, with the values that GitHub
// would put in.
func workflow(t *testing.T) map[string][]string {
	t.Helper()
	_, rest, _ := strings.Cut(read(t, "gate.md"), "```yaml\non:\n")
	text, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("gate.md has no workflow")
	}
	var w struct {
		Jobs map[string]struct {
			Steps []struct {
				Uses string `yaml:"uses"`
				Run  string `yaml:"run"`
			} `yaml:"steps"`
		} `yaml:"jobs"`
	}
	if err := yaml.Unmarshal([]byte("on:\n"+text), &w); err != nil {
		t.Fatalf("the workflow of gate.md is not YAML: %v", err)
	}
	values := strings.NewReplacer("${{ github.event.number }}", "17", "${{ github.event.pull_request.head.sha }}", "c0ffee")
	jobs := make(map[string][]string)
	for name, job := range w.Jobs {
		for _, s := range job.Steps {
			if s.Run == "" {
				continue
			}
			script := values.Replace(s.Run)
			if strings.Contains(script, "${{") {
				t.Fatalf("the job %s takes a value that this test does not put in:\n%s", name, script)
			}
			jobs[name] = append(jobs[name], script)
		}
	}
	if len(jobs["open"]) == 0 || len(jobs["look"]) == 0 {
		t.Fatalf("the workflow of gate.md has the jobs %v", jobs)
	}
	return jobs
}

// seatRound is the round that a page of a private ballot shows.
var seatRound = regexp.MustCompile(`value="(1\.\d+)/left"`)

// votesInPrivate has somebody go through a private ballot of so many rounds, each time for
// the new version.
func votesInPrivate(t *testing.T, url, name string, rounds int) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &visitor{t: t, process: &process{t: t, url: url, done: make(chan struct{})}, client: &http.Client{Jar: jar, Timeout: time.Minute}}
	p.get("/")
	p.try("/name", "name", name)
	page := p.sees("/press", "button", "1/taste")
	for range rounds {
		page = page[max(0, strings.LastIndex(page, `class="seathead"`)):] // earlier cards stand above it
		m := seatRound.FindStringSubmatch(page)
		if m == nil {
			t.Fatalf("%s is shown no round:\n%s", name, page)
		}
		side := "/left"
		if strings.Index(page, "NEW-") > strings.Index(page, "OLD-") {
			side = "/right"
		}
		page = p.sees("/press", "button", m[1]+side)
	}
}

// sees posts, and returns what is shown then.
func (v *visitor) sees(path string, pairs ...string) string {
	v.t.Helper()
	form := make(map[string][]string)
	for i := 0; i < len(pairs); i += 2 {
		form[pairs[i]] = []string{pairs[i+1]}
	}
	r, err := v.client.PostForm(v.process.url+path, form)
	if err != nil {
		v.t.Fatalf("post to %s: %v", path, err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		v.t.Fatalf("read the answer to %s: %v", path, err)
	}
	return string(b)
}
