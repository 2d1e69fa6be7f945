package bot_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// A package's comment is where people begin to read: each file and package
// that it names is there, beside it or from the root.
func TestFilesNamedInPackageCommentsExist(t *testing.T) {
	root := os.DirFS("..")
	there := func(from, name string) bool {
		for _, p := range []string{path.Join(from, name), name} {
			if _, err := fs.Stat(root, p); err == nil {
				return true
			}
		}
		return false
	}
	comments, named := 0, 0
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".go" {
			return err
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		if f.Doc == nil {
			return nil
		}
		comments++
		for _, file := range fileNames(f.Doc.Text()) {
			named++
			if !there(path.Dir(name), file) {
				t.Errorf("the package comment in %s names %s, which is not there", name, file)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if comments < 10 || named < 20 {
		t.Errorf("only %d package comments were read, with %d files; is the test where it was?", comments, named)
	}
}

var fileName = regexp.MustCompile(`(?:^|[\s("“])((?:[\w-]+/)*[\w-]+\.(?:go|md|ya?ml|html|css|js|json|csv|svg|proto|sql)|(?:bot|adapters|store|prompts|cmd)(?:/[\w-]+)+)\b`)

// fileNames finds what a text calls files, and packages of ours.
func fileNames(text string) (names []string) {
	for _, m := range fileName.FindAllStringSubmatch(text, -1) {
		names = append(names, strings.TrimSuffix(m[1], "/"))
	}
	return names
}
