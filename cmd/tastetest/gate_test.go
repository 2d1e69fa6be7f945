package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const gateKeyText = "a-key-of-a-pipeline-0123456789"

// gated is a folder with a bot that has a key for pipelines, and with answers of two
// versions to five prompts.
func gated(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	file := func(name, said string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(said), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file("tastetest.yaml", `web: {listen: '127.0.0.1:0'}
starters: [web:ci]
gates:
  - {name: ci, key_env: GATE_KEY, user: web:ci, place: web/local/tasting-room}
  - {name: stranger, key_env: STRANGER_KEY, user: web:ben, place: web/local/tasting-room}
  - {name: elsewhere, key_env: OTHER_KEY, user: slack:U1, place: slack/T1/C1}
`)
	var old, now, other strings.Builder
	for n := range 5 {
		fmt.Fprintf(&old, "{\"prompt\": \"Prompt %d?\", \"answer\": \"OLD-%d says so.\"}\n", n, n)
		fmt.Fprintf(&now, "{\"prompt\": \"Prompt %d?\", \"answer\": \"NEW-%d says so.\"}\n", n, n)
		fmt.Fprintf(&other, "{\"prompt\": \"Prompt %d?\", \"answer\": \"NEWER-%d says so.\"}\n", n, n)
	}
	file("main.jsonl", old.String())
	file("branch.jsonl", now.String())
	file("other.jsonl", other.String())
	return dir
}

// A whole gate by the real program: it is opened, opened again, pending, voted on by
// people, closed, and passed; what has no right to it is refused in a sentence, and a
// bot that does not answer is a fault and never “failed”.
func TestGate(t *testing.T) {
	const stranger, elsewhere = "a-key-of-a-stranger-0123456789", "a-key-for-elsewhere-0123456789"
	dir := gated(t)
	t.Setenv("GATE", gateKeyText)
	t.Setenv("STRANGER", stranger)
	t.Setenv("ELSEWHERE", elsewhere)
	t.Setenv("NOBODY", "a-key-that-nobody-has-0123456789")
	t.Setenv("TASTETEST_GATE_KEY", "")
	v := &visitor{t: t, dir: dir}
	v.launch("GATE_KEY="+gateKeyText, "STRANGER_KEY="+stranger, "OTHER_KEY="+elsewhere)
	store := filepath.Join(dir, "tastetest.db")
	v.process.until("the socket", func() bool { return running(store) })
	gate := func(key string, args ...string) (out, errs string, code int) {
		return tastetest(t.Context(), append(append([]string{"gate"}, args...), "--store", store, "--key-env", key)...)
	}
	open := func(key, name, now string, more ...string) (out, errs string, code int) {
		return gate(key, append([]string{"open", name, "--old", filepath.Join(dir, "main.jsonl"), "--new", filepath.Join(dir, now), "--ballot", "reaction", "--until", "2h"}, more...)...)
	}

	for _, refused := range []struct{ key, want string }{
		{"TASTETEST_GATE_KEY", "a gate needs a key: put it into the variable TASTETEST_GATE_KEY"},
		{"NOBODY", "This key is not one of those under “gates”"},
		{"STRANGER", "Only admins, and those named under “starters” in the configuration, can start a tasting here."},
	} {
		if out, errs, code := open(refused.key, "pr-17", "branch.jsonl"); code != 2 || out != "" || !strings.Contains(errs, refused.want) {
			t.Errorf("with the key of %s: exit code %d, %s%s; want 2, %s", refused.key, code, out, errs, refused.want)
		}
	}
	out, errs, code := open("GATE", "pr-17", "branch.jsonl", "--voters", "6")
	ticket, said, _ := strings.Cut(out, "\n")
	if code != 0 || ticket != "web/local/1" || !strings.Contains(said, "Pending: ") || strings.Contains(said, ". its ") || !strings.Contains(said, "If the two are equal and 6 people vote, this passes ") {
		t.Fatalf("opened: exit code %d\n%s%s", code, out, errs)
	}
	v.until("the ballots", func(page string) bool { return strings.Contains(page, `value="1.5/ballot"`) })
	if again, errs, code := open("GATE", "pr-17", "branch.jsonl"); code != 0 || !strings.HasPrefix(again, ticket+"\n") {
		t.Errorf("opened again: exit code %d, %s%s; want the same ticket", code, again, errs)
	}
	for what, args := range map[string][]string{"other answers": {"other.jsonl"}, "another question": {"branch.jsonl", "--ask", "preferred"}} {
		if out, errs, code := open("GATE", "pr-17", args[0], args[1:]...); code != 2 || !strings.Contains(errs, "was opened with other content before") {
			t.Errorf("with %s under the same name: exit code %d, %s%s", what, code, out, errs)
		}
	}
	if _, errs, code := open("GATE", "pr-18", "branch.jsonl", "--place", "slack/T1/C1"); code != 2 || !strings.Contains(errs, "This key is for another place: web/local/tasting-room.") {
		t.Errorf("for another place: exit code %d, %s", code, errs)
	}
	if _, errs, code := gate("ELSEWHERE", "status", ticket); code != 2 || !strings.Contains(errs, "another workspace") {
		t.Errorf("with a key of another workspace: exit code %d, %s", code, errs)
	}
	if out, errs, code := gate("GATE", "status", ticket); code != 12 || !strings.HasPrefix(out, "Pending: 0 have tasted; it closes at ") {
		t.Errorf("while people vote: exit code %d, %s%s; want 12", code, out, errs)
	}

	for i := range 6 {
		votesForNew(t, v.process.url, fmt.Sprint("Voter ", i))
	}
	pending, _, code := gate("GATE", "status", ticket, "--json")
	if code != 12 || strings.Contains(pending, "votes") || !strings.Contains(pending, "6 have tasted") {
		t.Errorf("voted on, and not revealed: exit code %d, %s", code, pending)
	}
	v.post("/press", "button", "1/close")
	summary, results := filepath.Join(dir, "summary.md"), filepath.Join(dir, "gate.xml")
	out, errs, code = gate("GATE", "status", ticket, "--wait", "30s", "--markdown", summary, "--junit", results)
	if want := "Passed: branch is not worse than main by more than ten points (40% or more). branch has 100% of the votes of 6 voters on 5 prompts; its true share may be 78 to 100%."; code != 0 || strings.TrimSpace(out) != want {
		t.Errorf("exit code %d, %s%s\nwant 0, %s", code, out, errs, want)
	}
	if md := read(t, summary); !strings.Contains(md, "### Taste test pr-17: passed") || !strings.Contains(md, "| main | branch | equal | both bad |\n|---|---|---|---|\n| 0 | 30 | 0 | 0 |") {
		t.Errorf("the summary says\n%s", md)
	}
	var suite struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Skipped  int `xml:"skipped,attr"`
	}
	if err := xml.Unmarshal([]byte(read(t, results)), &suite); err != nil || suite.Tests != 1 || suite.Failures+suite.Skipped != 0 {
		t.Errorf("JUnit: %+v, %v", suite, err)
	}

	t.Setenv("TASTETEST_GATE_URL", v.process.url)
	if out, errs, code := tastetest(t.Context(), "gate", "status", ticket, "--key-env", "GATE", "--json"); code != 0 || !strings.Contains(out, `"state": "passed"`) {
		t.Errorf("by the page's address: exit code %d, %s%s", code, out, errs)
	}
	t.Setenv("TASTETEST_GATE_URL", "http://127.0.0.1:1")
	if _, errs, code := tastetest(t.Context(), "gate", "status", ticket, "--key-env", "GATE"); code != 1 || !strings.Contains(errs, "no answer from the bot") {
		t.Errorf("a bot that does not answer: exit code %d, %s; want 1", code, errs)
	}
	t.Setenv("TASTETEST_GATE_URL", "")
	t.Setenv("TASTETEST_GATE_KEY", gateKeyText)
	for _, wrong := range [][]string{{"gate", "status", "pr-17"}, {"gate", "open", "x", "--old", "a.jsonl"}, {"gate", "status", ticket, "--undecided", "maybe"}} {
		if _, errs, code := tastetest(t.Context(), append(wrong, "--store", store)...); code != 2 {
			t.Errorf("%v: exit code %d, %s; want 2", wrong, code, errs)
		}
	}
}

// votesForNew has somebody open the page and tap for the new version in each round.
func votesForNew(t *testing.T, url, name string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &visitor{t: t, process: &process{t: t, url: url, done: make(chan struct{})}, client: &http.Client{Jar: jar}}
	p.get("/")
	p.try("/name", "name", name)
	page := p.get("/channel")
	for _, m := range ballotForm.FindAllStringSubmatch(page, -1) {
		var n int
		if _, err := fmt.Sscanf(m[2], "1.%d/ballot", &n); err != nil {
			t.Fatalf("a ballot is called %q", m[2])
		}
		tap := "on:left"
		if strings.Index(page, fmt.Sprintf("NEW-%d ", n-1)) > strings.Index(page, fmt.Sprintf("OLD-%d ", n-1)) {
			tap = "on:right"
		}
		if !p.try("/tap", "channel", m[1], "message", m[2], "tap", tap) {
			t.Fatalf("%s could not vote on %s (%q)", name, m[2], tap)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// What cannot be told apart is content, and what only decides how long, or who, is not.
func TestGateContent(t *testing.T) {
	one := gateRequest{Name: "a", Ask: "not-worse", Models: [2]string{"old", "new"}, Rows: []gateRow{{"p", "s", [2]string{"x", "y"}}}}
	for what, change := range map[string]func(*gateRequest){
		"the question": func(r *gateRequest) { r.Ask = "preferred" },
		"an answer":    func(r *gateRequest) { r.Rows = []gateRow{{"p", "s", [2]string{"x", "z"}}} },
		"a prompt":     func(r *gateRequest) { r.Rows = []gateRow{{"q", "s", [2]string{"x", "y"}}} },
		"a seam":       func(r *gateRequest) { r.Rows = []gateRow{{"ps", "", [2]string{"x", "y"}}} },
		"which is old": func(r *gateRequest) { r.Models = [2]string{"new", "old"} },
	} {
		other := one
		if change(&other); other.content() == one.content() {
			t.Errorf("with another %s the content is the same", what)
		}
	}
	other := one
	other.Name, other.Until, other.Invite, other.Voters = "b", "1d", "@ana", 3
	if other.content() != one.content() {
		t.Error("name, time and people are taken for content")
	}
	if b, err := json.Marshal(one); err != nil || !strings.Contains(string(b), `"ask":"not-worse"`) {
		t.Error(string(b), err)
	}
}
