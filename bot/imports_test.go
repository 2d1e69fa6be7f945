package bot_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"
)

// Arrows point one way: cmd → adapters, store, prompts → bot → its own
// sub-packages, which import nothing of ours. Adapters do not know each other.
//
// The test parses the files itself, so that go test knows what it read and
// does not answer from its cache after one of them changed.
func TestImports(t *testing.T) {
	const module = "github.com/tastetest/tastetest/"
	root := os.DirFS("..")
	files := 0
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		files++
		for _, imp := range f.Imports {
			dep, ours := strings.CutPrefix(strings.Trim(imp.Path.Value, `"`), module)
			if from := path.Dir(name); ours && !allowed(from, dep) {
				t.Errorf("%s imports %s; package %s must not", name, dep, from)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Errorf("only %d files were looked at; is the test where it was?", files)
	}
}

func allowed(from, dep string) bool {
	top, _, _ := strings.Cut(from, "/")
	switch {
	case top == "cmd":
		return true
	case top == "bot":
		return dep == "bot" || strings.HasPrefix(dep, "bot/")
	case from == "store":
		return dep == "bot" || strings.HasPrefix(dep, "bot/") || strings.HasPrefix(dep, "store/")
	case path.Base(from) == "slackfake": // a server for tests
		return dep == "adapters/adaptertest/fakechat"
	}
	return dep == "bot" || strings.HasPrefix(dep, "bot/") // store/…, adapters/…, prompts
}

func TestAllowed(t *testing.T) {
	for _, bad := range [][2]string{
		{"bot", "store"}, {"adapters/web", "adapters/llm"}, {"adapters/web", "store"},
		{"prompts", "adapters/web"}, {"store/bolt", "prompts"}, {"store/bolt", "store"},
	} {
		if allowed(bad[0], bad[1]) {
			t.Errorf("%s may import %s; it must not", bad[0], bad[1])
		}
	}
}

// The top level is fixed: somebody who opens the repository finds the right
// folder in seconds.
func TestTopLevel(t *testing.T) {
	out, err := exec.Command("git", "-C", "..", "ls-files").Output()
	if err != nil {
		t.Skip("this is no git checkout, so nobody knows which files belong to it")
	}
	const fixed = " cmd bot adapters store prompts go.mod go.sum Dockerfile README.md LICENSE CONTRIBUTING.md CHANGELOG.md SECURITY.md "
	for _, file := range strings.Fields(string(out)) {
		name, _, _ := strings.Cut(file, "/")
		if !strings.HasPrefix(name, ".") && !strings.Contains(fixed, " "+name+" ") {
			t.Errorf("%s stands at the top; it belongs in one of%s", file, fixed)
		}
	}
}
