package say

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

// A said is a call of bot.Say in the source, or of the page's say.
type said struct {
	at   string
	key  string
	args int // -1: not known
}

// everySay finds these calls in the program, tests left out.
func everySay(t *testing.T) []said {
	var all []said
	everyFile(t, func(files *token.FileSet, name string, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 || !isSay(call.Fun, f.Name.Name) {
				return true
			}
			s := said{at: files.Position(call.Pos()).String(), args: len(call.Args) - 1}
			if call.Ellipsis.IsValid() {
				s.args = -1
			}
			switch key := call.Args[0].(type) {
			case *ast.BasicLit:
				s.key, _ = strconv.Unquote(key.Value)
			case *ast.Ident:
				if spec, ok := constant(f, key.Name); ok {
					s.key = spec
				}
			}
			if s.key == "" && f.Name.Name != "bot" && filepath.Base(name) != "wording.go" { // there is the page's own say
				t.Errorf("%s: the key is no text that can be read here", s.at)
			}
			all = append(all, s)
			return true
		})
	})
	return all
}

// everyFile does something with each Go file of the program, tests left out.
func everyFile(t *testing.T, do func(files *token.FileSet, name string, f *ast.File)) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && name != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if err != nil || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, name, nil, 0)
		if err == nil {
			do(files, name, f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func isSay(fn ast.Expr, pkg string) bool {
	switch fn := fn.(type) {
	case *ast.SelectorExpr:
		x, ok := fn.X.(*ast.Ident)
		return ok && x.Name == "bot" && fn.Sel.Name == "Say" || pkg == "web" && fn.Sel.Name == "say"
	case *ast.Ident:
		return pkg == "bot" && fn.Name == "Say"
	}
	return false
}

// constant is the value of a constant of a file.
func constant(f *ast.File, name string) (string, bool) {
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range g.Specs {
			if v, ok := s.(*ast.ValueSpec); ok && len(v.Names) == 1 && v.Names[0].Name == name && len(v.Values) == 1 {
				if b, ok := v.Values[0].(*ast.BasicLit); ok {
					value, err := strconv.Unquote(b.Value)
					return value, err == nil
				}
			}
		}
	}
	return "", false
}

func TestCatalogue(t *testing.T) {
	known := make(map[string]bool)
	for _, s := range everySay(t) {
		known[s.key] = true
		if n := len(bot.Placeholders(s.key)); s.args >= 0 && s.args != n {
			t.Errorf("%s: %q names %d arguments and is given %d", s.at, s.key, n, s.args)
		}
		if _, ok := table(s.key); !ok && lettered(s.key) {
			t.Errorf("%s: %q stands in no Chinese table. Whoever does not write Chinese adds it as draft.", s.at, s.key)
		}
	}
	seen := make(map[string]bool)
	drafts := 0
	for _, table := range tables {
		for key, zh := range table {
			switch {
			case seen[key]:
				t.Errorf("%q stands in two tables", key)
			case !known[key]:
				t.Errorf("nobody says %q any more", key)
			case zh == draft:
				drafts++
				continue
			}
			seen[key] = true
			fits(t, key, zh)
		}
	}
	if drafts > 0 && os.Getenv("TASTETEST_RELEASE") != "" {
		t.Errorf("%d sentences have no Chinese yet: they stand as draft in the tables", drafts)
	}
}

// Words that are typed, or names: the same in every language.
var asTyped = []string{
	"New York", "tastetest run",
	"weekdays 10:00", "monthly 1st 10:00", "daily 9:30", "daily 10:00", "Mon,Thu 14:00", "Mon 10:00",
	`{"prompt": "…"}`, `"She said ""no""."`, `"like, this"`,
}

// What is said verbatim is said in one language: words of our own are not, neither there
// nor by way of a function that takes them.
func TestOwnWordsAreNotVerbatim(t *testing.T) {
	words := func(x ast.Expr) (string, bool) {
		lit, ok := x.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return "", false
		}
		s, _ := strconv.Unquote(lit.Value)
		return s, strings.Contains(s, " ") && strings.ContainsFunc(s, unicode.IsLetter) && !slices.Contains(asTyped, s)
	}
	type argument struct {
		dir, fn string
		i       int
	}
	verbatim := make(map[argument]bool) // such a function says it so
	given := make(map[argument][]string)
	found := 0
	everyFile(t, func(files *token.FileSet, name string, f *ast.File) {
		dir := filepath.Dir(name)
		if filepath.Base(dir) == "adaptertest" {
			return
		}
		for _, d := range f.Decls {
			var fn string
			params := make(map[string]int)
			if d, ok := d.(*ast.FuncDecl); ok {
				fn = d.Name.Name
				for _, field := range d.Type.Params.List {
					for _, p := range field.Names {
						params[p.Name] = len(params)
					}
				}
			}
			ast.Inspect(d, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				var called string
				switch fun := call.Fun.(type) {
				case *ast.Ident:
					called = fun.Name
				case *ast.SelectorExpr:
					called = fun.Sel.Name
				}
				for i, a := range call.Args {
					s, ours := words(a)
					if ours {
						at := argument{dir, called, i}
						given[at] = append(given[at], files.Position(a.Pos()).String()+": "+s)
					}
					if called != "Verbatim" && called != "Quoted" {
						continue
					}
					found++
					if ours {
						t.Errorf("%s: %q is said in English whoever reads it; bot.Say says it in their language", files.Position(a.Pos()), s)
					}
					if p, ok := a.(*ast.Ident); ok {
						if i, ok := params[p.Name]; ok {
							verbatim[argument{dir, fn, i}] = true
						}
					}
				}
				return true
			})
		}
	})
	for at := range verbatim {
		for _, s := range given[at] {
			t.Errorf("%s is said in English whoever reads it, by %s; bot.Say says it in their language", s, at.fn)
		}
	}
	if found < 100 {
		t.Errorf("only %d places were looked at", found)
	}
}

func table(key string) (string, bool) {
	for _, t := range tables {
		if zh, ok := t[key]; ok {
			return zh, true
		}
	}
	return "", false
}

// fits checks that a Chinese wording names the arguments of its key. One that only
// chooses between two English words need not be named.
func fits(t *testing.T, key, zh string) {
	want, got := bot.Placeholders(key), bot.Placeholders(zh)
	for _, name := range got {
		if !slices.Contains(want, name) {
			t.Errorf("the Chinese of %q names {%s}, which is not there", key, name)
		}
	}
	for _, name := range want {
		if !slices.Contains(got, name) && !strings.Contains(key, "{"+name+"?") {
			t.Errorf("the Chinese of %q leaves out {%s}", key, name)
		}
	}
	for _, bad := range []string{"您", "匿名投票", "显著", "胜率", ", ", "? "} {
		if strings.Contains(zh, bad) && bad != ", " {
			t.Errorf("the Chinese of %q says %q: %s", key, bad, zh)
		}
	}
}

func TestWords(t *testing.T) {
	zh := Words{Voice: bot.Voice{Lang: bot.Zh}}
	for _, tt := range []struct {
		said bot.Sentence
		want string
	}{
		{bot.Say("{n} voted", bot.Count(4)), "已有 4 人投票"},
		{bot.Say("Taste test {id}: {title}", bot.TastingID{N: 12}, bot.Prose(bot.Say("no winner shown."), bot.Say("{model} is ahead.", bot.Verbatim("kestrel")))), "第 12 场盲测：还没分出高下，kestrel 暂时领先"},
		{bot.Quoted("哪份回复更好？"), "哪份回复更好？"},
		{bot.Say("Taste test {id}: {title}", bot.TastingID{N: 12}, bot.Quoted("哪份？")), "第 12 场盲测：哪份？"},
		{bot.Say("It may cost at most {sum}.", bot.Money(15_600_000_000_000)), "最多花费 15.60 美元。"},
		{bot.Prose(bot.Say("That is shown."), bot.Say("That stays open.")), "可以这么说。还不能确定。"},
		{bot.Clauses(bot.Say("it is open."), bot.Say("done")), "正在投票。；已完成"},
		{bot.Say("To end it: {close}", bot.Usage{Command: "close", Words: []string{"7"}}), "要结束：/tastetest 结束 7"},
		{bot.Say("Rounds left out: {list}.", bot.Series{bot.Say("{n} {why}", bot.Count(3), bot.Say("that were controls")), bot.Say("{n} {why}", bot.Count(1), bot.Say("of pasted texts"))}), "没有计入的题：3 道是校验题、1 道是贴上来的文字。"},
		{bot.Say("Where you chose a side, it was {list}.", bot.Names("a", "b", "c", "d").Upto(2)), "在选了一边的票里，你投给了：a、b 和另外 2 个。"},
		{bot.Say("Where you chose a side, it was {list}.", bot.Names("麻雀", "白鹭", "kestrel")), "在选了一边的票里，你投给了：麻雀、白鹭和 kestrel。"},
		{bot.Say("Where you chose a side, it was {list}.", bot.Names("a", "b")), "在选了一边的票里，你投给了：a 和 b。"},
		{bot.Say("So far you are {name} here.", bot.Verbatim("Ada")), "目前你在这里是 Ada。"},
		{bot.Say("So far you are {name} here.", bot.Verbatim("小马")), "目前你在这里是小马。"},
		{bot.Say("Go on as {name}", bot.Verbatim("Ada")), "以 Ada 的身份继续"},
		{bot.Say("Go on as {name}", bot.Verbatim("小马")), "以小马的身份继续"},
		{bot.Say("Go on as {name}", bot.Verbatim("小马 B")), "以小马 B 的身份继续"},
	} {
		if got := zh.Text(tt.said); got != tt.want {
			t.Errorf("%q is worded\n%s, want\n%s", tt.said, got, tt.want)
		}
		if en := (Words{}).Text(tt.said); en != tt.said.String() {
			t.Errorf("in English it is %q and %q", en, tt.said)
		}
	}
}

// A time in the midst of a Chinese sentence has a space before it where it begins with
// a digit, and none where it begins with its day.
func TestTimesInChinese(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		zh := Words{Voice: bot.Voice{Lang: bot.Zh, Zone: "UTC"}}
		for after, want := range map[time.Duration]string{
			5 * time.Minute:      "已于 00:05 揭晓",
			-6 * time.Hour:       "已于周五 18:00 揭晓",
			30 * 24 * time.Hour:  "已于 1月31日（周一）00:00 揭晓",
			-30 * 24 * time.Hour: "已于 12月2日（周四）00:00 揭晓",
		} {
			if got := zh.Text(bot.Say("revealed {when}", bot.Moment(time.Now().Add(after)))); got != want {
				t.Errorf("%v from now: %q, want %q", after, got, want)
			}
		}
		spaced := regexp.MustCompile(`\p{Han} \p{Han}`)
		for _, table := range tables {
			for key := range table {
				var args []bot.Arg
				for range bot.Placeholders(key) {
					args = append(args, bot.Moment(time.Now().Add(48*time.Hour)))
				}
				if got := zh.Text(bot.Say(key, args...)); len(args) > 0 && spaced.MatchString(got) {
					t.Errorf("with days %q is worded %q", key, got)
				}
			}
		}
	})
}

func TestADraftMakesAPostEnglish(t *testing.T) {
	chineseChats["a sentence without Chinese"] = draft
	t.Cleanup(func() { delete(chineseChats, "a sentence without Chinese") })
	p := bot.Notice{Title: bot.Say("done"), Buttons: []bot.Button{{Label: bot.Say("a sentence without Chinese")}}}
	w := Words{Voice: bot.Voice{Lang: bot.Zh}}
	if got := w.For(p).Text(p.Title); got != "done" {
		t.Errorf("beside a draft the title is %q", got)
	}
	p.Buttons = nil
	if got := w.For(p).Text(p.Title); got != "已完成" {
		t.Errorf("without one it is %q", got)
	}
}

// What the bot writes as a command's name is understood when it is typed.
func TestChineseCommandsAreUnderstood(t *testing.T) {
	for english, zh := range chineseCommands {
		if spec, ok := command.Called(zh); ok && spec.Name != english {
			t.Errorf("%s is written for %s and understood as %s", zh, english, spec.Name)
		}
	}
	for _, spec := range command.Table() {
		zh := Called(spec.Name, bot.Zh)
		if got, ok := command.Called(zh); !ok || got.Name != spec.Name {
			t.Errorf("%s is written %s in Chinese, and that is not understood", spec.Name, zh)
		}
	}
}
