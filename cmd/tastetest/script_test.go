package main

import (
	"crypto/rand"
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// Tests here wait for processes more than they work, so more of them run at once
// than there are processors. -parallel says otherwise.
func TestMain(m *testing.M) {
	if os.Getenv("TASTETEST_BE_THE_PROGRAM") != "" {
		if os.Getenv(sameDraws) != "" {
			rand.Reader = fixedDice{rand.Reader}
		}
		main()
	}
	if err := flag.Set("test.parallel", "4"); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"tastetest": main})
}

// Each script is a session at a prompt. "exits N ARGS" runs tastetest and
// expects exit code N.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) < 2 {
					ts.Fatalf("usage: exits CODE ARGS…")
				}
				err := ts.Exec("tastetest", args[1:]...)
				code := 0
				if err != nil {
					code = -1
					if _, n, ok := strings.Cut(err.Error(), "exit status "); ok {
						code, _ = strconv.Atoi(n)
					}
				}
				if strconv.Itoa(code) != args[0] {
					ts.Fatalf("tastetest %s: %v; want exit code %s\n%s", strings.Join(args[1:], " "), err, args[0], ts.ReadFile("stderr"))
				}
				if all := ts.ReadFile("stdout") + ts.ReadFile("stderr"); strings.Contains(all, "S3CR3T") {
					ts.Fatalf("a secret is printed:\n%s", all)
				}
			},
		},
	})
}
