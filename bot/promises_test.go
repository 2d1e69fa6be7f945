package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

var namedTest = regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")

// The pages of promises and of faults name tests; each of them is there.
func TestPromisesNameTestsThatExist(t *testing.T) {
	there := make(map[string]bool)
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && strings.HasPrefix(d.Name(), ".") && name != "." && name != ".ci" {
			return fs.SkipDir
		}
		if err != nil || !strings.HasSuffix(path.Base(name), "_test.go") {
			return err
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				there[fn.Name.Name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for page, least := range map[string]int{"bot/promises.md": 80, "cmd/tastetest/reliability.md": 50} {
		text, err := os.ReadFile("../" + page)
		if err != nil {
			t.Fatal(err)
		}
		named := namedTest.FindAllStringSubmatch(string(text), -1)
		if len(named) < least {
			t.Errorf("%s names %d tests; this test reads it wrongly", page, len(named))
		}
		for _, m := range named {
			if !there[m[1]] {
				t.Errorf("%s names %s, which is not there", page, m[1])
			}
		}
		for _, file := range []string{"SECURITY.md", "README.md"} {
			if text, err := os.ReadFile("../" + file); err != nil || !strings.Contains(string(text), page) {
				t.Errorf("%s does not lead to %s (%v)", file, page, err)
			}
		}
	}
}
