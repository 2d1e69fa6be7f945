package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/prompts"
)

// What people asked becomes a pack that can be looked through, and what was masked is
// listed without being told again.
func TestPromptsFromTraces(t *testing.T) {
	dir := t.TempDir()
	traces, out := filepath.Join(dir, "traces.jsonl"), filepath.Join(dir, "ours.yaml")
	said := `{"prompt": "Write to ada@example.org about the broken kiln.", "user": "Grace Hopper"}
{"prompt": "Thank Grace for four decades of lighthouse keeping."}
{"prompt": "thank grace for four decades of lighthouse keeping."}
{"note": "nothing"}
`
	if err := os.WriteFile(traces, []byte(said), 0o600); err != nil {
		t.Fatal(err)
	}
	_, errs, code := tastetest(t.Context(), "prompts", "from", traces, "--out", out, "--name", "ours")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	for _, part := range []string{
		"2 prompts from 4 lines, all disabled until you have looked through them.",
		"Left out: 1 without a prompt, 1 that ask what another one asks.",
		"Masked in 2 places:", "line 1: e-mail address, ad… (15 characters)", "line 2: user, Gr… (5 characters)",
	} {
		if !strings.Contains(errs, part) {
			t.Errorf("it does not say %q:\n%s", part, errs)
		}
	}
	data := read(t, out)
	pack, err := prompts.Parse("ours.yaml", []byte(data))
	if err != nil || pack.Name != "ours" || len(pack.Prompts) != 2 {
		t.Fatalf("%v: %d prompts\n%s", err, len(pack.Prompts), data)
	}
	for _, secret := range []string{"ada@", "Grace"} {
		if strings.Contains(data+errs, secret) {
			t.Errorf("%q stands in the pack or the report:\n%s%s", secret, data, errs)
		}
	}
	library, err := prompts.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range library.Packs() {
		for _, q := range p.Prompts {
			if p.Name == "ours" && !q.Disabled {
				t.Errorf("%s could be posted, and nobody has looked through it", q.ID)
			}
		}
	}
	if _, errs, code := tastetest(t.Context(), "prompts", "from", traces, "--out", out); code != 2 || !strings.Contains(errs, "is there already") {
		t.Errorf("over a file that is there: exit code %d, %s", code, errs)
	}
	if _, errs, code := tastetest(t.Context(), "prompts", "from", traces, "--most", "0"); code != 2 {
		t.Errorf("--most 0: exit code %d, %s", code, errs)
	}
}
