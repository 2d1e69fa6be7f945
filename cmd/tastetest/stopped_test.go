package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Told to stop while models are asked, and while ballots are posted, the bot ends in
// time and with code 0; started again it goes on, and each post stands once.
func TestToldToStopInTheMiddle(t *testing.T) {
	t.Parallel()
	hung := make(chan struct{})
	asked := make(chan struct{}, 100)
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		select {
		case <-hung:
		case <-r.Context().Done():
		}
		fmt.Fprint(w, `{"choices":[{"message":{"content":"A late answer."},"finish_reason":"stop"}]}`)
	}))
	defer model.Close()
	defer close(hung)

	dir := team(t)
	slow := "web: {listen: '127.0.0.1:0'}\nmodels:\n  - {name: kestrel, file: answers.jsonl}\n  - {name: nova, base_url: '" + model.URL + "', model: nova-1}\n"
	if err := os.WriteFile(filepath.Join(dir, "tastetest.yaml"), []byte(slow), 0o600); err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, dir: dir}
	v.launch()
	v.post("/submit", "form", "start", "field-first", "kestrel", "field-second", "nova", "field-prompts", "Hi", "field-until", "2h")
	v.post("/press", "button", "d1/go")
	select {
	case <-asked:
	case <-time.After(30 * time.Second):
		t.Fatalf("no model is asked; printed:\n%s", v.process.printed())
	}
	began := time.Now()
	if code := v.process.stop(syscall.SIGTERM); code != 0 || time.Since(began) > graceTime+drainTime {
		t.Errorf("told to stop while a model was asked it ended with code %d after %v:\n%s", code, time.Since(began), v.process.printed())
	}
	s := openStore(t, filepath.Join(dir, "tastetest.db"))
	id := bot.TastingID{Workspace: workspaceOf(t, s), N: 1}
	if got, err := s.Tasting(t.Context(), id); err != nil || got.State != bot.Asking {
		t.Errorf("it is left %v, %v; want it to be asked again", got.State, err)
	}
	s.Close()

	dir = team(t)
	var answers strings.Builder
	var prompts []string
	for n := range 10 {
		prompts = append(prompts, fmt.Sprint("Prompt ", n))
		fmt.Fprintf(&answers, `{"prompt":"Prompt %d","model":"kestrel","answer":"One %d."}`+"\n"+`{"prompt":"Prompt %d","model":"nova","answer":"Two %d."}`+"\n", n, n, n, n)
	}
	if err := os.WriteFile(filepath.Join(dir, "answers.jsonl"), []byte(answers.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	v = &visitor{t: t, dir: dir}
	v.launch()
	v.post("/submit", "form", "start", "field-first", "kestrel", "field-second", "nova", "field-prompts", strings.Join(prompts, "\n\n"), "field-until", "2h")
	v.post("/press", "button", "d1/go")
	v.until("the head", func(page string) bool {
		return strings.Contains(page, "10 prompts") || strings.Contains(page, "Taste test 1")
	})
	if code := v.process.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("told to stop while ballots were posted it ended with code %d:\n%s", code, v.process.printed())
	}
	v.launch()
	v.until("the last ballot", func(page string) bool { return len(ballotForm.FindAllString(page, -1)) == 10 })
	if code := v.process.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("the second time it ended with code %d", code)
	}
	s = openStore(t, filepath.Join(dir, "tastetest.db"))
	defer s.Close()
	posts, err := s.Posts(t.Context(), bot.TastingID{Workspace: workspaceOf(t, s), N: 1})
	if err != nil || len(posts) != 11 {
		t.Errorf("%d posts stand, %v; want a head and ten ballots", len(posts), err)
	}
}
