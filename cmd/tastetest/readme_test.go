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

var update = flag.Bool("update", false, "write the README’s table of commands anew, and take its pictures")

const readme = "../../README.md"

// The README's table of commands is printed from the core's.
func TestReadmeHasAllChatCommands(t *testing.T) {
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), "<!-- commands -->\n")
	got, after, ok2 := strings.Cut(rest, "<!-- /commands -->")
	if !ok || !ok2 {
		t.Fatal("the README has no <!-- commands --> … <!-- /commands -->")
	}
	var want strings.Builder
	want.WriteString("| command | |\n|---|---|\n")
	for _, c := range command.Table() {
		help := c.Help.String()
		var options []string
		for _, o := range c.Options {
			options = append(options, "`"+o.Example.String()+"`")
		}
		if len(options) > 0 {
			help += " (options: " + strings.Join(options, " ") + ")"
		}
		fmt.Fprintf(&want, "| `/tastetest %s` | %s |\n", c.Name, help)
	}
	if *update {
		if err := os.WriteFile(readme, []byte(before+"<!-- commands -->\n"+want.String()+"<!-- /commands -->"+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(want.String(), got); d != "" {
		t.Errorf("the README's commands are out of date (-want +got); go test ./cmd/tastetest -run Readme -update\n%s", d)
	}
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
