package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/prompts"
)

type packsCommand struct {
	fileFlags
	Name string `arg:"" optional:"" help:"Explain this pack, prompt by prompt."`
	Dir  string `placeholder:"DIR" help:"Check the packs in this folder; left out: the one that the configuration file names."`
}

// Run lists all packs, or shows one. Reading them checks them.
func (c packsCommand) Run(_ context.Context, std streams) error {
	dir, err := c.dir()
	if err != nil {
		return err
	}
	library, err := prompts.Open(dir)
	if err != nil {
		return err
	}
	packs := library.Packs()
	if c.Name == "" {
		return listPacks(std.out, library)
	}
	names := make([]string, len(packs))
	for i, p := range packs {
		if p.Name == c.Name {
			return explainPack(std.out, p)
		}
		names[i] = p.Name
	}
	if near := text.Nearest(c.Name, names); near != "" {
		return usageError(fmt.Sprintf("there is no pack %s; did you mean %s?", c.Name, near))
	}
	return usageError(fmt.Sprintf("there is no pack %s; there are %s", c.Name, strings.Join(names, ", ")))
}

func (c packsCommand) dir() (string, error) {
	if c.Dir != "" {
		return c.Dir, nil
	}
	if _, err := os.Stat(c.Config); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	s, err := c.read()
	return s.Packs, err
}

func listPacks(out io.Writer, library *prompts.Library) error {
	packs := library.Packs()
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, p := range packs {
		origin := ""
		if p.Own {
			origin = " (your own)"
		}
		fmt.Fprintf(w, "%s\t%s\t%d prompts\t%s%s\n", p.Name, p.Language, len(p.Prompts), p.Title, origin)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	wrong := 0
	for _, p := range packs {
		for _, problem := range prompts.Check(p) {
			fmt.Fprintf(out, "%s: %v\n", p.Name, problem)
			if !problem.Advice {
				wrong++
			}
		}
	}
	for _, problem := range prompts.CheckControls(library.Controls()) {
		fmt.Fprintf(out, "control pairs: %v\n", problem)
		if !problem.Advice {
			wrong++
		}
	}
	switch wrong {
	case 0:
		fmt.Fprint(out, "\nAll of them can be used. To read one: tastetest packs NAME\n")
		return nil
	case 1:
		return errors.New("1 prompt needs mending; it is named above")
	}
	return fmt.Errorf("%d prompts need mending; they are named above", wrong)
}

func explainPack(out io.Writer, p bot.Pack) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n%s\n", p.Title, p.Name, strings.TrimSpace(p.Description))
	for _, q := range p.Prompts {
		facts := []string{cmp.Or(q.Category, "other")}
		if q.MaxWords > 0 {
			facts = append(facts, fmt.Sprintf("at most %d words", q.MaxWords))
		}
		if q.Disabled {
			facts = append(facts, "disabled")
		}
		fmt.Fprintf(&b, "\n%s (%s)\n%s\n", q.ID, strings.Join(facts, ", "), indent(q.Text))
		if q.System != "" {
			fmt.Fprintf(&b, "    System: %s\n", strings.TrimSpace(q.System))
		}
		if q.Why != "" {
			fmt.Fprintf(&b, "    Why: %s\n", strings.TrimSpace(q.Why))
		}
		if q.Answer != "" {
			fmt.Fprintf(&b, "    Answer: %s\n", strings.TrimSpace(q.Answer))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func indent(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    ")
}
