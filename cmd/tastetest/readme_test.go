package main

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot/command"
)

var update = flag.Bool("update", false, "write the tables of commands anew, and take the README’s pictures")

const readme = "../../README.md"

// The tables of commands are printed from the core's: what each does in the README, and
// with every option on the page that the README leads to.
func TestReadmeHasAllChatCommands(t *testing.T) {
	for _, page := range []struct {
		path    string
		options bool
	}{{readme, false}, {"../../bot/command/README.md", true}} {
		text, err := os.ReadFile(page.path)
		if err != nil {
			t.Fatal(err)
		}
		before, rest, ok := strings.Cut(string(text), "<!-- commands -->\n")
		got, after, ok2 := strings.Cut(rest, "<!-- /commands -->")
		if !ok || !ok2 {
			t.Fatalf("%s has no <!-- commands --> … <!-- /commands -->", page.path)
		}
		want := commandTable(page.options)
		if *update {
			if err := os.WriteFile(page.path, []byte(before+"<!-- commands -->\n"+want+"<!-- /commands -->"+after), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("the commands in %s are out of date (-want +got); go test ./cmd/tastetest -run Readme -update\n%s", page.path, d)
		}
	}
}

func commandTable(options bool) string {
	var table strings.Builder
	table.WriteString("| command | |\n|---|---|\n")
	for _, c := range command.Table() {
		help := c.Help.String()
		var examples []string
		for _, o := range c.Options {
			examples = append(examples, "`"+o.Example.String()+"`")
		}
		if options && len(examples) > 0 {
			help += " (options: " + strings.Join(examples, " ") + ")"
		}
		fmt.Fprintf(&table, "| `/tastetest %s` | %s |\n", c.Name, help)
	}
	return table.String()
}

func TestReadmeHasAllMachineCommands(t *testing.T) {
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[commands]()) {
		if row := "| `tastetest " + strings.ToLower(f.Name) + "` |"; !strings.Contains(string(text), row) {
			t.Errorf("the README's table has no row %s", row)
		}
	}
}
