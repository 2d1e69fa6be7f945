package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// limit is for how long a test may run. One that only ends here has hung and
// said nothing, so it counts as no catch.
const limit = "2m"

// named are the tests of all breaks, by package.
func named(breaks []Break) map[string][]string {
	tests := make(map[string][]string)
	for _, b := range breaks {
		if !slices.Contains(tests[b.Package], b.Test) {
			tests[b.Package] = append(tests[b.Package], b.Test)
		}
	}
	return tests
}

// whole runs tests of a package on the program as it is.
func whole(ctx context.Context, root, pkg string, tests []string) error {
	o, err := test(ctx, root, pkg, tests)
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range tests {
		if end := o.ends[name]; end != "pass" {
			errs = append(errs, fmt.Errorf("%s of %s does not pass on the program as it is (%q):\n%s", name, pkg, end, indented(o.text)))
		}
	}
	return errors.Join(errs...)
}

// apply runs the break's test on the program that it breaks. why says, in a
// word or two, why it was not caught; "" if it was.
func (b Break) apply(ctx context.Context, root string) (why string, o outcome) {
	dir, err := os.MkdirTemp("", "break")
	if err != nil {
		return "ERROR", outcome{text: err.Error()}
	}
	defer os.RemoveAll(dir)
	overlay, err := b.overlay(root, dir)
	if err == nil {
		// One subtest that fails is enough: each of the others may wait as long.
		o, err = test(ctx, root, b.Package, []string{b.Test}, "-failfast", "-overlay", overlay)
	}
	switch end := o.ends[b.Test]; {
	case err != nil:
		o.text = err.Error()
		return "ERROR", o
	case o.unbuilt:
		return "DOES NOT COMPILE", o
	case end == "fail", end == "run" && o.panicked:
		return "", o
	case end == "pass":
		return "SURVIVED", o
	}
	return "NO VERDICT", o // it hung, or took all tests down with it
}

// overlay writes into dir what tells the compiler to take the broken file.
func (b Break) overlay(root, dir string) (string, error) {
	real, err := filepath.Abs(filepath.Join(root, b.File))
	if err != nil {
		return "", err
	}
	broken := filepath.Join(dir, filepath.Base(b.File))
	if err := os.WriteFile(broken, b.broken, 0o600); err != nil {
		return "", err
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": {real: broken}})
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "overlay.json")
	return name, os.WriteFile(name, list, 0o600)
}

// An outcome is what go test said.
type outcome struct {
	ends     map[string]string // pass, fail or skip, by test; run, if it did not end
	unbuilt  bool              // something did not compile
	panicked bool              // the process died of it
	text     string
	cpu      time.Duration // of the compiler and the test
}

// test runs some tests of a package. That they fail is no error.
func test(ctx context.Context, root, pkg string, names []string, flags ...string) (outcome, error) {
	o := outcome{ends: make(map[string]string)}
	// The compiler gets memory, which saves it time; the tests, some of which look at
	// memory, do not.
	args := append([]string{"test", "-json", "-vet=off", "-ldflags=-s -w", "-toolexec=env GOGC=400", "-timeout", limit, "-run", pattern(names)}, flags...)
	cmd := exec.CommandContext(ctx, "go", append(args, pkg)...)
	cmd.Dir = root
	var errors bytes.Buffer
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if _, ended := err.(*exec.ExitError); err != nil && !ended || ctx.Err() != nil {
		return o, fmt.Errorf("go test: %w", err)
	}
	o.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	var text strings.Builder
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var e struct{ Action, Test, Output string }
		if d.Decode(&e) != nil {
			break // the end
		}
		switch e.Action {
		case "build-fail":
			o.unbuilt = true
		case "run", "pass", "fail", "skip":
			o.ends[e.Test] = e.Action
		}
		text.WriteString(e.Output)
	}
	o.text = text.String() + errors.String()
	o.panicked = strings.Contains(o.text, "panic: ") && !strings.Contains(o.text, "panic: test timed out")
	return o, nil
}

// pattern is what -run takes for tests, of which some may be subtests: those alone,
// and of the others all that they have.
func pattern(names []string) string {
	var each []string
	for _, name := range names {
		each = append(each, "^"+strings.ReplaceAll(name, "/", "$/^")+"$")
	}
	return strings.Join(each, "|")
}
