package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// A real process is killed between each two steps of a tasting's life and
// started again: every acknowledged vote is there, and each post once. The short
// run kills it once in each part of that life.
func TestKilledBetweenAnyTwoSteps(t *testing.T) {
	steps := []string{"asked for", "answered 1.1", "answered 1.2", "drawn", "intended 1/head", "said 1/head", "posted 1/head",
		"intended 1.1/ballot", "said 1.1/ballot", "posted 1.1/ballot", "intended 1.2/ballot", "said 1.2/ballot", "posted 1.2/ballot",
		"opened", "closing", "sealed", "intended 1/announcement", "said 1/announcement", "posted 1/announcement", "revealed",
		"edited 1/head", "edited 1.1/ballot", "edited 1.2/ballot"}
	if testing.Short() {
		steps = []string{"answered 1.1", "intended 1.2/ballot", "opened", "sealed", "said 1/announcement"}
	}
	for _, step := range steps {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			dir := team(t)
			answers := `{"prompt":"Hi","model":"kestrel","answer":"Hello."}
{"prompt":"Hi","model":"nova","answer":"Good day."}
{"prompt":"Bye","model":"kestrel","answer":"So long."}
{"prompt":"Bye","model":"nova","answer":"Farewell."}
`
			if err := os.WriteFile(filepath.Join(dir, "answers.jsonl"), []byte(answers), 0o600); err != nil {
				t.Fatal(err)
			}
			v := &visitor{t: t, dir: dir}
			v.launch("TASTETEST_FAILPOINT=" + step)
			v.post("/submit", "form", "start", "field-first", "kestrel", "field-second", "nova", "field-prompts", "Hi\n\nBye", "field-until", "2h")
			v.post("/press", "button", "d1/go")
			for _, key := range []string{"1.1/ballot", "1.2/ballot"} {
				v.tap(key)
			}
			// Pressed until it is closed: while ballots are posted it is refused.
			v.until("the reveal", func(page string) bool {
				v.try("/press", "button", "1/close")
				return strings.Contains(page, "· revealed ") // before that: "models revealed 17:00"
			})
			// The last step may come after the page shows it.
			v.until("the kill", func(string) bool { return v.killed > 0 })
			if v.killed != 1 {
				t.Errorf("the process was killed %d times, want once at %q", v.killed, step)
			}
			v.process.stop(syscall.SIGTERM)

			s := openStore(t, filepath.Join(dir, "tastetest.db"))
			defer s.Close()
			id := bot.TastingID{Workspace: workspaceOf(t, s), N: 1}
			posts, err := s.Posts(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			var keys []string
			for _, p := range posts {
				keys = append(keys, p.Key.String())
			}
			if got := strings.Join(keys, " "); got != "1/head 1.1/ballot 1.2/ballot 1/announcement" {
				t.Errorf("posts: %s", got)
			}
			votes := 0
			for n := 1; n <= 2; n++ {
				vs, err := s.Votes(t.Context(), id.Round(n))
				if err != nil {
					t.Fatal(err)
				}
				votes += len(vs)
			}
			if votes != 2 {
				t.Errorf("%d votes stand, and 2 were acknowledged", votes)
			}
		})
	}
}

func workspaceOf(t *testing.T, s bot.Store) bot.Workspace {
	t.Helper()
	ws, err := s.Workspaces(t.Context())
	if err != nil || len(ws) != 1 {
		t.Fatalf("workspaces: %v, %v", ws, err)
	}
	return ws[0]
}

// A visitor is an admin with a browser, who starts the bot again when it dies.
type visitor struct {
	t       *testing.T
	dir     string
	process *process
	client  *http.Client
	killed  int
}

var adminLink = regexp.MustCompile(`/\?admin=\S+`)

func (v *visitor) launch(env ...string) {
	v.t.Helper()
	v.process = launch(v.t, v.dir, env, "run") // on another port, which cookies do not heed
	if v.client != nil {
		return
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		v.t.Fatal(err)
	}
	v.client = &http.Client{Jar: jar}
	v.process.until("the admin's link", func() bool { return adminLink.MatchString(v.process.printed()) })
	v.get(adminLink.FindString(v.process.printed()))
	v.post("/name", "name", "Ada")
}

// alive starts the bot again if it was killed.
func (v *visitor) alive() {
	v.t.Helper()
	select {
	case <-v.process.done:
		if status := v.process.cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != syscall.SIGKILL {
			v.t.Fatalf("the bot ended by itself: %v\n%s", v.process.cmd.ProcessState, v.process.printed())
		}
		v.killed++
		v.launch()
	default:
	}
}

func (v *visitor) get(path string) string {
	v.t.Helper()
	r, err := v.client.Get(v.process.url + path)
	if err != nil {
		return ""
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(r.Body) // cut short when the bot is killed
	return string(b)
}

// post does what a person does whose click got no answer: again.
func (v *visitor) post(path string, pairs ...string) {
	v.t.Helper()
	v.process.until("an answer to "+path, func() bool { v.alive(); return v.try(path, pairs...) })
}

func (v *visitor) try(path string, pairs ...string) bool {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r, err := v.client.PostForm(v.process.url+path, form)
	if err != nil {
		return false
	}
	defer r.Body.Close()
	io.Copy(io.Discard, r.Body)
	return r.StatusCode < 300
}

var ballotForm = regexp.MustCompile(`name="channel" value="([^"]*)"><input type="hidden" name="message" value="([^"]*)"`)

// tap votes on the ballot called key until that is acknowledged.
func (v *visitor) tap(key string) {
	v.t.Helper()
	v.until("an acknowledged vote on "+key, func(page string) bool {
		for _, m := range ballotForm.FindAllStringSubmatch(page, -1) {
			if m[2] == key {
				return v.try("/tap", "channel", m[1], "message", m[2], "tap", "on:left")
			}
		}
		return false
	})
}

// until looks at the page until ok, starting the bot again when it dies.
func (v *visitor) until(what string, ok func(page string) bool) {
	v.t.Helper()
	v.process.until(what, func() bool { v.alive(); return ok(v.get("/channel")) })
}
