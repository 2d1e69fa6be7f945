package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
)

// A Break is a way in which the program could be wrong, and the test that says so.
type Break struct {
	Promise int    // of the design, 1 to 19
	Wrong   string `yaml:"break"` // what is wrong then, in a sentence for people
	File    string // from the module's root
	Old     string // stands in File exactly once
	New     string // what takes its place
	Package string // of the test, from the module's root; empty: File's
	Test    string // may name a subtest: TestStore/Claim

	broken []byte // File's content with New in it
}

// load reads the breaks of the module at root whose sentence or test matches like,
// a regular expression. Its error names every one that cannot be applied.
func load(root, like string) ([]Break, error) {
	name := filepath.Join(root, ".ci", "breaks", "breaks.yaml")
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	match, err := regexp.Compile(like)
	if err != nil {
		return nil, err
	}
	var all, chosen []Break
	if err := yaml.UnmarshalWithOptions(data, &all, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	var errs []error
	for _, b := range all {
		if !match.MatchString(b.Wrong + " " + b.Test) {
			continue
		}
		if err := b.prepare(root); err != nil {
			errs = append(errs, fmt.Errorf("%q: %w", b.Wrong, err))
		}
		chosen = append(chosen, b)
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("none of the %d breaks matches %q", len(all), like)
	}
	return chosen, errors.Join(errs...)
}

// prepare reads the file and puts the break into its content.
func (b *Break) prepare(root string) error {
	switch {
	case b.Wrong == "" || b.File == "" || b.Old == "" || b.Test == "" || b.Promise < 1:
		return errors.New("it needs promise, break, file, old and test")
	case b.Old == b.New:
		return errors.New("it changes nothing")
	}
	b.Package = "./" + cmp.Or(b.Package, filepath.Dir(b.File))
	data, err := os.ReadFile(filepath.Join(root, b.File))
	if err != nil {
		return err
	}
	if n := strings.Count(string(data), b.Old); n != 1 {
		return fmt.Errorf("these lines stand %d times in %s, not once:\n%s", n, b.File, b.Old)
	}
	b.broken = []byte(strings.Replace(string(data), b.Old, b.New, 1))
	return nil
}
