package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The list fits the program: every break can be applied, and every promise that
// tests can hold has one.
func TestListFits(t *testing.T) {
	breaks, err := load("../..", "")
	if err != nil {
		t.Fatal(err)
	}
	promised := make(map[int]int)
	for _, b := range breaks {
		promised[b.Promise]++
	}
	for p := 1; p <= 19; p++ {
		if promised[p] == 0 {
			t.Errorf("no break is of promise %d", p)
		}
	}
	if len(breaks) < 35 {
		t.Errorf("there are %d breaks only", len(breaks))
	}
}

// What becomes of a break, in a module of one function and its tests.
func TestBreaks(t *testing.T) {
	for _, tt := range []struct {
		name, old, new, test, says string
	}{
		{"caught", "n * 2", "n * 3", "TestDouble", ""},
		{"caught in a subtest", "n * 2", "n * 3", "TestCases/four", ""},
		{"survives", "n * 2", "n + n", "TestDouble", "SURVIVED"},
		{"caught by another test alone", "n * 2", "n * 3", "TestNothing", "SURVIVED"},
		{"does not compile", "n * 2", "n * ", "TestDouble", "DOES NOT COMPILE"},
		{"gone", "n * 7", "n", "TestDouble", "stand 0 times"},
		{"twice", "int", "uint", "TestDouble", "stand 2 times"},
		{"no such test", "n * 2", "n * 3", "TestTriple", "does not pass on the program as it is"},
		{"no such subtest", "n * 2", "n * 3", "TestCases/five", "does not pass on the program as it is"},
		{"a test that is skipped", "n * 2", "n * 3", "TestSkipped", "does not pass on the program as it is"},
		{"a test that always fails", "n * 2", "n * 3", "TestWrong", "does not pass on the program as it is"},
		{"the process dies in a goroutine", "return n", "var c = make(chan int); go func() { panic(n) }(); <-c; return n", "TestDouble", ""},
		{"the process ends", "return n", "os.Exit(3); return n", "TestDouble", "NO VERDICT"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			for name, text := range map[string]string{
				"go.mod":      "module example.org/double\n\ngo 1.26.0\n",
				"a/double.go": "package a\n\nimport \"os\"\n\nvar _ = os.Exit\n\n// Double doubles.\nfunc Double(n int) int { return n * 2 }\n",
				"a/double_test.go": `package a
import "testing"
func TestDouble(t *testing.T) { if Double(2) != 4 { t.Error("two doubled is not four") } }
func TestCases(t *testing.T) { t.Run("four", func(t *testing.T) { if Double(4) != 8 { t.Error("not eight") } }) }
func TestNothing(t *testing.T) {}
func TestSkipped(t *testing.T) { t.Skip("not today") }
func TestWrong(t *testing.T) { t.Error("never right") }
`,
				".ci/breaks/breaks.yaml": "- promise: 1\n  break: doubling is wrong\n  file: a/double.go\n" +
					"  old: \"" + tt.old + "\"\n  new: \"" + tt.new + "\"\n  test: " + tt.test + "\n",
			} {
				name = filepath.Join(root, name)
				if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var out strings.Builder
			err := run(t.Context(), &out, root, "")
			if said := out.String() + errorText(err); (err == nil) != (tt.says == "") || !strings.Contains(said, tt.says) {
				t.Errorf("it says %q, not %q", said, tt.says)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
