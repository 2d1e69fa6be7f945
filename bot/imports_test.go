package bot_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// arrows say what each room imports of ours, apart from its tests. They point
// one way, so that a room can be read with those above it in this list alone.
var arrows = map[string][]string{
	"bot/text":      {},
	"bot/stats":     {},
	"bot":           {"bot/text"},
	"bot/say":       {"bot", "bot/text"},
	"bot/command":   {"bot", "bot/text"},
	"bot/settings":  {"bot", "bot/text", "bot/command"},
	"bot/schedule":  {"bot", "bot/text", "bot/command"},
	"bot/proof":     {"bot", "bot/text", "bot/stats"},
	"bot/chart":     {"bot", "bot/stats", "bot/say"},
	"bot/verdict":   {"bot", "bot/stats", "bot/say"},
	"bot/standings": {"bot", "bot/text", "bot/stats", "bot/say", "bot/verdict"},
	"bot/deal":      {"bot", "bot/text", "bot/standings"},
	"bot/judge":     {"bot", "bot/text", "bot/stats", "bot/say", "bot/verdict"},
	"bot/compose":   {"bot", "bot/text", "bot/stats", "bot/say", "bot/command", "bot/schedule", "bot/proof", "bot/verdict", "bot/standings"},
	"bot/engine":    {"bot", "bot/text", "bot/stats", "bot/say", "bot/command", "bot/schedule", "bot/proof", "bot/chart", "bot/verdict", "bot/standings", "bot/deal", "bot/judge", "bot/settings", "bot/compose"},

	// What stands outside of the core sees its words, and nothing that acts.
	"adapters":          outside,
	"prompts":           outside,
	"store":             outside,
	"store/bolt":        append(slices.Clip(outside), "store/record"),
	"store/storetest":   append(slices.Clip(outside), "store/record"),
	"store/postgres":    append(slices.Clip(outside), "store/record", "store/bolt"), // a copy of a database is a file
	"adapters/votefile": append(slices.Clip(outside), "bot/verdict"),
	"adapters/web":      append(slices.Clip(outside), "adapters/web/elements"),
}

var outside = []string{"bot", "bot/text", "bot/say", "bot/command", "bot/chart"}

// allowed reports whether a package may import another: cmd everything, all
// others what arrows say.
func allowed(from, dep string) bool {
	top, _, _ := strings.Cut(from, "/")
	may, ok := arrows[from]
	switch {
	case top == "cmd":
		return true
	case ok:
		return slices.Contains(may, dep) || from == "store" && strings.HasPrefix(dep, "store/")
	case top == "bot":
		return false // a room that is not in the list
	case strings.HasSuffix(from, "fake"): // slackfake: a server for tests
		return slices.Contains(outside, dep) || dep == "adapters/adaptertest/fakechat"
	}
	return slices.Contains(arrows[top], dep)
}

// A house is what its Go files say: the files of each package, and which of
// ours each imports.
type house map[string]map[string][]string

// theHouse reads the files itself, so that go test knows what it read and does
// not answer from its cache after one of them changed. Tests are not counted.
func theHouse(t *testing.T) house {
	const module = "github.com/tastetest/tastetest/"
	root, h := os.DirFS(".."), make(house)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && strings.HasPrefix(d.Name(), ".") && name != "." {
			return fs.SkipDir
		}
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
		deps := []string{}
		for _, imp := range f.Imports {
			if dep, ours := strings.CutPrefix(strings.Trim(imp.Path.Value, `"`), module); ours {
				deps = append(deps, dep)
			}
		}
		if h[path.Dir(name)] == nil {
			h[path.Dir(name)] = make(map[string][]string)
		}
		h[path.Dir(name)][name] = deps
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(h["bot"]) < 10 {
		t.Fatalf("only %d files of bot were read; is the test where it was?", len(h["bot"]))
	}
	return h
}

// strays are the imports that are not allowed.
func (h house) strays() (faults []string) {
	for pkg, files := range h {
		for name, deps := range files {
			for _, dep := range deps {
				if !allowed(pkg, dep) {
					faults = append(faults, fmt.Sprintf("%s imports %s; package %s must not", name, dep, pkg))
				}
			}
		}
	}
	slices.Sort(faults)
	return faults
}

// crowded are the packages with more files than somebody finds their way in.
func (h house) crowded() (faults []string) {
	for pkg, files := range h {
		most, why := 45, "give what belongs together a room of its own"
		if pkg == "bot" {
			most, why = 20, "the vocabulary is read at lunch; what does something belongs in a room"
		}
		if len(files) > most {
			faults = append(faults, fmt.Sprintf("%s has %d files, more than %d: %s", pkg, len(files), most, why))
		}
	}
	slices.Sort(faults)
	return faults
}

// cycle returns packages of which each may import the next and the last is the
// first; nil if there are none.
func cycle(arrows map[string][]string) []string {
	done := make(map[string]bool)
	var walk func(pkg string, path []string) []string
	walk = func(pkg string, path []string) []string {
		if i := slices.Index(path, pkg); i >= 0 {
			return append(path[i:], pkg)
		}
		if done[pkg] {
			return nil
		}
		done[pkg] = true
		for _, dep := range arrows[pkg] {
			if found := walk(dep, append(slices.Clip(path), pkg)); found != nil {
				return found
			}
		}
		return nil
	}
	for _, pkg := range slices.Sorted(maps.Keys(arrows)) {
		if found := walk(pkg, nil); found != nil {
			return found
		}
	}
	return nil
}

func TestImports(t *testing.T) {
	h := theHouse(t)
	for _, fault := range slices.Concat(h.strays(), h.crowded()) {
		t.Error(fault)
	}
	if found := cycle(arrows); found != nil {
		t.Errorf("the arrows go round: %s", strings.Join(found, " → "))
	}
}

// The test above sees what it is there to see.
func TestImportsCounterexamples(t *testing.T) {
	for _, bad := range [][2]string{
		{"bot", "store"}, {"bot", "bot/say"}, {"bot", "bot/engine"}, {"bot/stats", "bot"}, {"bot/text", "bot"},
		{"bot/say", "bot/command"}, {"bot/command", "bot/say"}, {"bot/proof", "bot/say"}, {"bot/verdict", "bot/standings"},
		{"bot/chart", "bot/verdict"}, {"bot/compose", "bot/engine"}, {"bot/compose", "bot/chart"}, {"bot/compose", "store"},
		{"bot/cellar", "bot"}, {"bot/engine", "adapters/web"}, {"bot/engine", "bot/engine/cellar"},
		{"adapters/web", "adapters/llm"}, {"adapters/web", "store"}, {"adapters/web", "bot/stats"}, {"adapters/web", "bot/engine"},
		{"adapters/web", "bot/verdict"}, {"adapters/votefile", "bot/engine"}, {"prompts", "adapters/web"},
		{"store", "bot/engine"}, {"store/bolt", "prompts"}, {"store/bolt", "store"}, {"store/storetest", "bot/compose"},
	} {
		h := house{bad[0]: {bad[0] + "/x.go": {bad[1]}}}
		if len(h.strays()) != 1 {
			t.Errorf("%s may import %s; it must not", bad[0], bad[1])
		}
	}
	for _, good := range [][2]string{
		{"bot", "bot/text"}, {"bot/verdict", "bot/stats"}, {"bot/engine", "bot/compose"}, {"adapters/web", "bot/say"},
		{"adapters/votefile", "bot/verdict"}, {"store", "store/bolt"}, {"store/bolt", "bot"}, {"cmd/tastetest", "bot/engine"},
		{"adapters/slack/slackfake", "adapters/adaptertest/fakechat"},
		{"adapters/discord/discordfake", "adapters/adaptertest/fakechat"},
	} {
		h := house{good[0]: {good[0] + "/x.go": {good[1]}}}
		if faults := h.strays(); len(faults) != 0 {
			t.Errorf("%s is found wrong: %v", good[0], faults)
		}
	}
	files := func(n int) map[string][]string {
		all := make(map[string][]string)
		for i := range n {
			all[fmt.Sprint(i, ".go")] = nil
		}
		return all
	}
	if faults := (house{"bot": files(21), "bot/engine": files(46), "adapters/web": files(45), "bot/say": files(21)}).crowded(); len(faults) != 2 {
		t.Errorf("of four packages two are too large; found: %v", faults)
	}
	round := maps.Clone(arrows)
	round["bot/text"] = []string{"bot/stats"}
	round["bot/stats"] = []string{"bot/verdict"}
	if found := cycle(round); found == nil {
		t.Error("text → stats → verdict → bot → text is not found")
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
