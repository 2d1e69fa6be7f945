package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// An assistant by the SDK's own client, over the standard input and output of the
// real program: it asks the team, gets a ticket at once, reads nothing before the
// reveal and the votes after it. A key that is none is told so.
func TestAssistant(t *testing.T) {
	t.Parallel()
	dir := gated(t)
	v := &visitor{t: t, dir: dir}
	v.launch("GATE_KEY="+gateKeyText, "STRANGER_KEY=a-key-of-a-stranger-0123456789", "OTHER_KEY=a-key-for-elsewhere-0123456789")
	store := filepath.Join(dir, "tastetest.db")
	v.process.until("the socket", func() bool { return running(store) })
	connect := func(key string) *mcp.ClientSession {
		t.Helper()
		cmd := exec.Command(os.Args[0], "mcp", "--store", store)
		cmd.Env = append(os.Environ(), "TASTETEST_BE_THE_PROGRAM=1", "TASTETEST_GATE_KEY="+key)
		s, err := mcp.NewClient(&mcp.Implementation{Name: "test"}, nil).Connect(t.Context(), &mcp.CommandTransport{Command: cmd}, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	call := func(s *mcp.ClientSession, tool string, args map[string]any) (said string, failed bool) {
		t.Helper()
		r, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: args})
		if err != nil {
			t.Fatalf("%s: %v", tool, err)
		}
		for _, c := range r.Content {
			if text, ok := c.(*mcp.TextContent); ok {
				said += text.Text
			}
		}
		return said, r.IsError
	}

	s := connect(gateKeyText)
	tools, err := s.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range tools.Tools {
		names = append(names, tool.Name)
	}
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "ask_team judges read_result standings" {
		t.Errorf("tools: %s", got)
	}

	pairs := []map[string]any{}
	for n := range 5 {
		pairs = append(pairs, map[string]any{"prompt": fmt.Sprintf("Prompt %d?", n), "first": fmt.Sprintf("OLD-%d says so.", n), "second": fmt.Sprintf("NEW-%d says so.", n)})
	}
	ask := map[string]any{"name": "which greeting", "pairs": pairs, "ballot": "reaction", "until": "2h", "first": "plain", "second": "warm"}
	said, failed := call(s, "ask_team", ask)
	var a gateAnswer
	if err := json.Unmarshal([]byte(said), &a); err != nil || failed || a.Ticket != "web/local/1" || a.State != "pending" {
		t.Fatalf("ask_team: %v, %s", err, said)
	}
	if again, failed := call(s, "ask_team", ask); failed || !strings.Contains(again, `"ticket":"web/local/1"`) {
		t.Errorf("asked again: %s", again)
	}
	v.until("the ballots", func(page string) bool { return strings.Contains(page, `value="1.5/ballot"`) })
	for i := range 5 {
		votesForNew(t, v.process.url, fmt.Sprint("Voter ", i))
	}
	if open, _ := call(s, "read_result", map[string]any{"ticket": a.Ticket}); !strings.Contains(open, "5 have tasted") || strings.Contains(open, "votes") {
		t.Errorf("before the reveal: %s", open)
	}
	if ranked, failed := call(s, "standings", nil); failed || strings.Contains(ranked, "warm") {
		t.Errorf("before the reveal standings say %s", ranked)
	}
	v.post("/press", "button", "1/close")
	v.until("the reveal", func(page string) bool { return strings.Contains(page, "revealed ") })
	if result, failed := call(s, "read_result", map[string]any{"ticket": a.Ticket}); failed || !strings.Contains(result, `"state":"passed"`) || !strings.Contains(result, `"new":25`) {
		t.Errorf("after the reveal: %s", result)
	}
	// What an assistant compares is no model.
	if ranked, failed := call(s, "standings", nil); failed || strings.Contains(ranked, "warm") || !strings.Contains(ranked, "Rounds left out: 5 of what a gate compared.") {
		t.Errorf("after the reveal standings say %s", ranked)
	}
	if judges, failed := call(s, "judges", nil); failed || !strings.Contains(judges, "No judge is configured.") {
		t.Errorf("judges: %s", judges)
	}
	if refused, failed := call(connect("a-key-that-nobody-has-0123456789"), "standings", nil); !failed || !strings.Contains(refused, "This key is not one of those under “gates”") {
		t.Errorf("with a key that is none: %s", refused)
	}
}
