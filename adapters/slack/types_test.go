package slack_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest"
)

const howToPeers = "Run npm ci in .ci/peers/slack and set TASTETEST_SLACK to that folder."

// Every golden file is what Slack's own types describe.
func TestTypes(t *testing.T) {
	peers := adaptertest.Peer(t, "TASTETEST_SLACK", howToPeers)
	files, err := filepath.Glob("testdata/*.golden.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d golden files, %v", len(files), err)
	}
	var src bytes.Buffer
	src.WriteString("import type { KnownBlock, ModalView, MessageMetadata } from \"@slack/types\";\n" +
		// Slack documents it, and its own clients send it; the types leave it out.
		"declare module \"@slack/types\" { interface RichTextList { offset?: number } }\n")
	for i, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		d := json.NewDecoder(bytes.NewReader(data))
		for j := 0; d.More(); j++ {
			var v struct {
				Type     string          `json:"type"`
				Blocks   json.RawMessage `json:"blocks"`
				Metadata json.RawMessage `json:"metadata"`
			}
			var raw json.RawMessage
			if err := d.Decode(&raw); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(raw, &v); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&src, "// %s\n", f)
			if v.Type == "modal" {
				fmt.Fprintf(&src, "export const view%d_%d: ModalView = %s;\n", i, j, raw)
				continue
			}
			fmt.Fprintf(&src, "export const blocks%d_%d: KnownBlock[] = %s;\n", i, j, v.Blocks)
			if string(v.Metadata) != "null" && v.Metadata != nil {
				fmt.Fprintf(&src, "export const metadata%d_%d: MessageMetadata = %s;\n", i, j, v.Metadata)
			}
		}
	}
	dir := t.TempDir()
	if err := os.Symlink(mustAbs(t, filepath.Join(peers, "node_modules")), filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	check := func(source string) (string, error) {
		if err := os.WriteFile(filepath.Join(dir, "golden.ts"), []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(filepath.Join("node_modules", ".bin", "tsc"), "--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck", "golden.ts")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := check(src.String()); err != nil {
		t.Errorf("Slack's types refuse a golden file: %v\n%s", err, out)
	}
	if _, err := check(strings.Replace(src.String(), `"rich_text_section"`, `"rich_text_selection"`, 1)); err == nil {
		t.Error("the types take a rich_text_selection, which is none: they check nothing")
	}
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}
