package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/cmd/tastetest/cli"
)

// A provider serves two models and remembers what they were asked: wren, which answers
// as it is told, and crow, whose key is refused.
type provider struct {
	mu    sync.Mutex
	asked []string // model, system prompt and prompt
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var req struct {
		Model    string
		Messages []struct{ Role, Content string }
	}
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil || len(req.Messages) == 0 {
		http.Error(w, "no request", http.StatusBadRequest)
		return
	}
	var n int
	prompt := req.Messages[len(req.Messages)-1].Content
	if _, err := fmt.Sscanf(prompt[strings.Index(prompt, "Prompt"):], "Prompt %d?", &n); err != nil {
		http.Error(w, "no prompt", http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	p.asked = append(p.asked, req.Model+"|"+req.Messages[0].Content+"|"+prompt)
	p.mu.Unlock()
	if req.Model != "wren-1" {
		http.Error(w, `{"error": {"message": "wrong key"}}`, http.StatusUnauthorized)
		return
	}
	said := "OLD"
	if strings.Contains(prompt, "kindly") {
		said = "NEW"
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"model": "wren-1", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "%s-%d says so."}}], "usage": {"prompt_tokens": 9, "completion_tokens": 5}}`, said, n)
}

// of are what a model was asked, sorted.
func (p *provider) of(model string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked := slices.DeleteFunc(slices.Clone(p.asked), func(s string) bool { return !strings.HasPrefix(s, model) })
	slices.Sort(asked)
	return asked
}

// A whole gate for two versions of a prompt by the real program, over HTTP and the
// socket: the bot asks its model, is killed meanwhile, goes on under the same ticket and
// asks nothing twice that it kept; people vote, and it passes. What it may not do is
// refused, and a model that fails is a fault that can be tried again.
func TestGateForVersions(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for the minute after which answers may show: run without -short")
	}
	t.Parallel()
	p := &provider{}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	file := func(name, said string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(said), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	model := `, price: {input: 1, output: 1000}, max_tokens: 100, api_key_env: MODEL_KEY}` + "\n"
	file("tastetest.yaml", `web: {listen: '127.0.0.1:0'}
starters: [web:ci]
limits: {usd_per_day: 12.50, usd_per_person_day: 12}
gates: [{name: ci, key_env: GATE_KEY, user: 'web:ci', place: web/local/tasting-room}]
models:
  - {name: wren, model: wren-1, base_url: '`+server.URL+`/v1'`+model+`  - {name: crow, model: crow-1, base_url: '`+server.URL+`/v1'`+model)
	file("main.txt", "Answer briefly.\n")
	file("branch.txt", "Please answer this kindly:\n{{input}}\n")
	file("inputs.txt", "Prompt 0?\nPrompt 1?\nPrompt 2?\nPrompt 3?\nPrompt 4?\n")
	file("more.jsonl", "{\"prompt\": \"Prompt 0?\"}\n"+strings.Repeat("\n", 2)+`{"prompt": "Prompt 1?"}
{"prompt": "Prompt 2?"}
{"prompt": "Prompt 3?"}
{"prompt": "Prompt 4?"}
{"prompt": "Prompt 5?"}
`)
	var many strings.Builder
	for n := range 16 {
		fmt.Fprintf(&many, "Prompt %d?\n", n)
	}
	file("many.txt", many.String())
	v := &visitor{t: t, dir: dir}
	keys := []string{"GATE_KEY=" + gateKeyText, "MODEL_KEY=a-key-of-a-provider"}
	v.launch(append(keys, "TASTETEST_FAILPOINT=answered 1.2")...)
	gate := func(args ...string) (out, errs string, code int) {
		t.Helper()
		var o, e strings.Builder
		c := exec.Command(os.Args[0], append([]string{"gate"}, args...)...)
		c.Dir, c.Stdout, c.Stderr = dir, &o, &e
		c.Env = append(os.Environ(), "TASTETEST_BE_THE_PROGRAM=1", "TASTETEST_GATE_KEY="+gateKeyText)
		err := c.Run()
		var ended *exec.ExitError
		if err != nil && !errors.As(err, &ended) {
			t.Fatal(err)
		}
		return o.String(), e.String(), c.ProcessState.ExitCode()
	}
	open := func(name string, more ...string) (out, errs string, code int) {
		t.Helper()
		return gate(append([]string{"open", name, "--old-prompt", "main.txt", "--new-prompt", "branch.txt", "--ballot", "reaction", "--until", "2h", "--voters", "6"}, more...)...)
	}
	wren := []string{"--model", "wren", "--inputs", "inputs.txt", "--max-cost", "9"} // twice, since the bot is killed while it asks

	for _, refused := range []struct{ file, most, want string }{
		{"inputs.txt", "$1.50", "Asking wren may cost up to $4.03, more than --max-cost $1.50."},
		{"many.txt", "100", "This tasting may cost up to $12.88, and today’s limit for everybody together is $12.50."},
	} {
		if out, errs, code := open("pr-17", "--model", "wren", "--inputs", refused.file, "--max-cost", refused.most); code != 2 || out != "" || !strings.Contains(errs, refused.want) {
			t.Errorf("%s for %s: exit code %d, %s%s; want 2, %s", refused.file, refused.most, code, out, errs, refused.want)
		}
	}
	if asked := p.of(""); len(asked) > 0 {
		t.Errorf("for what was refused models were asked %q", asked)
	}

	out, errs, code := open("pr-17", append(wren, "--url", v.process.url)...)
	ticket, said, _ := strings.Cut(out, "\n")
	for _, want := range []string{"Pending: wren is being asked for both versions' answers; people vote after that.", "If the two are equal and 6 people vote, this passes ", "Asking wren may cost up to $4.03."} {
		if code != 0 || ticket != "web/local/1" || !strings.Contains(said, want) {
			t.Fatalf("opened: exit code %d, %s%s; want web/local/1 and: %s", code, out, errs, want)
		}
	}
	<-v.process.done // at its failpoint
	if _, errs, code := gate("status", ticket); code != 1 || !strings.Contains(errs, "no bot is running") {
		t.Errorf("without a bot: exit code %d, %s; want 1", code, errs)
	}
	v.process = launch(t, dir, keys, "run")
	store := filepath.Join(dir, "tastetest.db")
	v.process.until("the socket", func() bool { return running(store) })
	again := func(when string) {
		t.Helper()
		if out, errs, code := open("pr-17", wren...); code != 0 || !strings.HasPrefix(out, ticket+"\n") {
			t.Errorf("%s: exit code %d, %s%s; want %s", when, code, out, errs, ticket)
		}
		if out, errs, code := open("pr-17", "--model", "wren", "--inputs", "more.jsonl", "--max-cost", "6"); code != 2 || out != "" || !strings.Contains(errs, "was opened with other content before (taste test 1)") {
			t.Errorf("%s, with other inputs: exit code %d, %s%s; want 2", when, code, out, errs)
		}
	}
	again("after the bot was killed")
	if out, _, code := gate("status", ticket, "--json"); code != 12 || !strings.Contains(out, `"state": "pending"`) || strings.Contains(out, "votes\"") {
		t.Errorf("while it is asked: exit code %d, %s; want 12", code, out)
	}
	crow := []string{"--model", "crow", "--inputs", "inputs.txt", "--max-cost", "5"}
	first, errs, code := open("pr-18", crow...)
	if code != 0 || !strings.HasPrefix(first, "web/local/2\n") {
		t.Errorf("with another model: exit code %d, %s%s", code, first, errs)
	}
	v.process.until("what crow is asked", func() bool { return len(p.of("crow")) >= 10 })
	if again, errs, code := open("pr-18", crow...); again != first {
		t.Errorf("how asking goes is told: exit code %d, %s\nwas %s%s", code, again, first, errs)
	}
	if out, errs, code := open("pr-19", crow...); code != 2 || !strings.Contains(errs, "today’s limit for everybody together is $12.50") {
		t.Errorf("over the day's limit, of which the bot that was killed has taken some: exit code %d, %s%s; want 2", code, out, errs)
	}

	// A minute after it was opened what was answered may show.
	out, errs, code = gate("status", "web/local/2", "--wait", "3m", "--undecided", "pass", "--junit", "gate.xml")
	if code != 1 || !strings.HasPrefix(out, "Fault: people could not be asked. No round is ready: ") || !strings.Contains(out, "main answered 401") {
		t.Errorf("a model that fails: exit code %d, %s%s; want 1", code, out, errs)
	}
	if xml := read(t, filepath.Join(dir, "gate.xml")); !strings.Contains(xml, `tests="1" errors="1" failures="0" skipped="0"`) || !strings.Contains(xml, `<error message="Fault: `) {
		t.Errorf("JUnit says\n%s", xml)
	}
	if out, errs, code := open("pr-18", crow...); code != 0 || !strings.HasPrefix(out, "web/local/3\n") {
		t.Errorf("once more: exit code %d, %s%s; want a new ticket", code, out, errs)
	}
	v.until("the ballots", func(page string) bool { return strings.Contains(page, `value="1.5/ballot"`) })
	if asked := p.of("wren"); len(slices.Compact(slices.Clone(asked))) != 10 || len(asked) > 10+2*3 {
		t.Errorf("wren was asked %q; want 5 prompts with both versions, and twice at most what was on its way when the bot was killed", asked)
	}
	for _, want := range []string{"wren-1|Answer briefly.|Prompt 3?", "wren-1|Answer the request directly. Do not say who or what you are.|Please answer this kindly:\nPrompt 3?"} {
		if asked := p.of("wren"); !slices.Contains(asked, want) {
			t.Errorf("wren was asked %q, and not %q", asked, want)
		}
	}
	for i := range 6 {
		votesForNew(t, v.process.url, fmt.Sprint("Voter ", i))
	}
	if out, errs, code := gate("status", ticket); code != 12 || !strings.HasPrefix(out, "Pending: 6 have tasted; it closes at ") {
		t.Errorf("voted on, and not revealed: exit code %d, %s%s", code, out, errs)
	}
	v.post("/press", "button", "1/close")
	out, errs, code = gate("status", ticket, "--wait", "30s", "--markdown", "summary.md", "--junit", "gate.xml")
	if want := "Passed: branch is not worse than main by more than ten points"; code != 0 || !strings.HasPrefix(out, want) {
		t.Errorf("exit code %d, %s%s\nwant 0, %s", code, out, errs, want)
	}
	if md := read(t, filepath.Join(dir, "summary.md")); !strings.Contains(md, "| main | branch | equal | both bad |\n|---|---|---|---|\n| 0 | 30 | 0 | 0 |") {
		t.Errorf("the summary says\n%s", md)
	}
	again("after the reveal")
}

// What does not fit together is refused before the bot is asked, in a sentence that says
// what to type; what fits is read as it stands in the files.
func TestGateReadsVersions(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for name, said := range map[string]string{
		"main.txt": "<rules>Be brief.</rules>\n", "branch.md": "{{input}}", "bad.txt": "Caf\xe9", "inputs.txt": "One?\nTwo?\n",
		"inputs.jsonl": "{\"prompt\": \"One?\", \"system\": \"Be kind.\"}\n", "answered.csv": "prompt,a,b\nOne?,1,2\n",
		"many.txt": strings.Repeat("Prompt?\n", 25), "results.json": `{"results": {"results": [
			{"prompt": {"raw": "Hi"}, "provider": "a", "response": {"output": "1"}}, {"prompt": {"raw": "Hi"}, "provider": "b", "response": {"output": "2"}},
			{"prompt": {"raw": "Bye"}, "provider": "a", "response": {"output": "1"}}, {"prompt": {"raw": "Bye"}, "provider": "b", "error": "timeout"}]}}`,
	} {
		if err := os.WriteFile(name, []byte(said), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read := func(args ...string) (gateRequest, []string, error) {
		t.Helper()
		var c struct {
			Open gateOpenCommand `cmd:""`
		}
		if _, _, err := cli.Parse[runner]("gate", "", &c, append([]string{"open", "pr-17"}, args...)); err != nil {
			t.Fatalf("%q: %v", args, err)
		}
		return c.Open.request()
	}
	both := []string{"--old-prompt", "main.txt", "--new-prompt", "branch.md"}
	for _, tt := range []struct {
		args []string
		want string
	}{
		{append(both, "--inputs", "inputs.txt"), "--model NAME"},
		{append(both, "--model", "wren"), "either --inputs FILE or --pack NAME"},
		{append(both, "--model", "wren", "--inputs", "inputs.txt", "--pack", "humour"), "either --inputs FILE or --pack NAME"},
		{append(both, "--model", "wren", "--inputs", "inputs.txt", "--rounds", "5"), "--rounds goes with --pack"},
		{append(both, "--model", "wren", "--inputs", "inputs.txt", "--max-cost", "little"), "write --max-cost as an amount in USD: 0.50"},
		{append(both, "--model", "wren", "--inputs", "answered.csv"), "answered.csv has answers"},
		{append(both, "--model", "wren", "--inputs", "inputs.txt", "--old", "main.jsonl"), "name two files of answers, --old and --new"},
		{[]string{"--old-prompt", "main.txt", "--model", "wren", "--pack", "humour"}, "name both, --old-prompt and --new-prompt"},
		{[]string{"--old-prompt", "bad.txt", "--new-prompt", "main.txt", "--model", "wren", "--pack", "humour"}, "bad.txt is not UTF-8 text"},
		{[]string{"--old", "a.jsonl", "--new", "b.jsonl", "--model", "wren"}, "go with two versions of a prompt"},
	} {
		var usage usageError
		if _, _, err := read(tt.args...); !errors.As(err, &usage) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v; want %s", tt.args, err, tt.want)
		}
	}
	req, notes, err := read(append(both, "--model", "wren", "--inputs", "inputs.jsonl", "--max-cost", "$0.50")...)
	most := usd(picoPerUSD / 2)
	want := gateRequest{Name: "pr-17", Ask: bot.NotWorse, Models: [2]string{"main", "branch"}, Ballot: "private", Voters: 8, Rows: []gateRow{{Prompt: "One?", System: "Be kind."}},
		Versions: &gateVersions{Model: "wren", Texts: [2]string{"<rules>Be brief.</rules>\n", "{{input}}"}, Most: &most}}
	if diff := cmp.Diff(want, req); err != nil || len(notes) > 0 || diff != "" {
		t.Errorf("read with %v, %q (-want +got):\n%s", err, notes, diff)
	}
	if req, notes, err := read(append(both, "--model", "wren", "--inputs", "many.txt")...); err != nil || len(req.Rows) != 20 || len(notes) != 1 || !strings.HasPrefix(notes[0], "Of 25 prompts 20 are asked") {
		t.Errorf("of many prompts %d are asked, %v, %q", len(req.Rows), err, notes)
	}
	if req, notes, err := read("--promptfoo", "results.json"); err != nil || len(req.Rows) != 1 || len(notes) != 1 || !strings.Contains(notes[0], "timeout") {
		t.Errorf("of promptfoo's output with a failed call %d rows are taken, %v, %q", len(req.Rows), err, notes)
	}
	for what, change := range map[string]func(*gateVersions){
		"model": func(v *gateVersions) { v.Model = "nova" }, "old version": func(v *gateVersions) { v.Texts[0] = "x" }, "new version": func(v *gateVersions) { v.Texts[1] = "x" },
		"pack": func(v *gateVersions) { v.Pack = "humour" }, "number of rounds": func(v *gateVersions) { v.Rounds = 7 },
	} {
		other, versions := req, *req.Versions
		change(&versions)
		if other.Versions = &versions; other.content() == req.content() {
			t.Errorf("with another %s the content is the same", what)
		}
	}
	dearer, versions := req, *req.Versions
	if dearer.Versions, versions.Most = &versions, nil; dearer.content() != req.content() {
		t.Error("what it may cost is taken for content")
	}
}
