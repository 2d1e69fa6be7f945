// Package prompts has the packs of prompts that come with the program, reads a
// team's own, and understands prompts and answers that people paste or upload.
package prompts

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/tastetest/tastetest/bot"
)

//go:embed *.yaml
var files embed.FS

// A Library has packs and control pairs. It is a [bot.Library].
type Library struct {
	packs    []bot.Pack
	controls []bot.ControlPair
}

// Open returns the embedded packs and control pairs, and the packs in the
// folder dir, the team's own; an empty dir means none. An own pack replaces an embedded one of its name.
// A folder with faults is refused whole, with every file's first fault.
func Open(dir string) (*Library, error) {
	embedded, err := files.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("open the embedded packs: %w", err)
	}
	controls, err := openControls()
	if err != nil {
		return nil, err
	}
	l := &Library{controls: controls}
	for _, f := range embedded {
		data, err := files.ReadFile(f.Name())
		if err != nil {
			return nil, fmt.Errorf("open the embedded packs: %w", err)
		}
		p, err := Parse(f.Name(), data)
		if err != nil {
			return nil, fmt.Errorf("open the embedded packs: %w", err)
		}
		l.packs = append(l.packs, p)
	}
	slices.SortFunc(l.packs, func(p, q bot.Pack) int { return cmp.Compare(p.Name, q.Name) }) // zh-facts.yaml is before zh.yaml
	if dir == "" {
		return l, nil
	}
	own, err := readFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("open the packs in %s: %w", dir, err)
	}
	for _, p := range own {
		l.packs = slices.DeleteFunc(l.packs, func(q bot.Pack) bool { return q.Name == p.Name })
	}
	l.packs = append(l.packs, own...)
	return l, nil
}

// Packs returns all packs: the embedded ones by name, then the team's own by
// file name. The prompts are shared: do not change them.
func (l *Library) Packs() []bot.Pack { return slices.Clone(l.packs) }

func readFolder(dir string) ([]bot.Pack, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var packs []bot.Pack
	var faults []error
	from := make(map[string]string) // pack name → file
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); ext != ".yaml" && ext != ".yml" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			faults = append(faults, err)
			continue
		}
		p, err := Parse(e.Name(), data)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if first, twice := from[p.Name]; twice {
			faults = append(faults, fmt.Errorf("%s and %s are both called %q: rename one (the line “pack:”)", first, e.Name(), p.Name))
			continue
		}
		from[p.Name] = e.Name()
		p.Own = true
		packs = append(packs, p)
	}
	return packs, errors.Join(faults...)
}
