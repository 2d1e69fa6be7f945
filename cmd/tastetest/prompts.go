package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/prompts"
)

type promptsCommand struct {
	From promptsFromCommand `cmd:"" help:"Make a pack to look through from what people asked."`
}

type promptsFromCommand struct {
	File string `arg:"" help:"An object a line; - is standard input."`
	Out  string `short:"o" placeholder:"FILE" help:"Write the pack to this new file; left out: standard output."`
	Name string `default:"from-traces" help:"What the pack is called (${default})."`
	Most int    `default:"40" help:"How many prompts it has at most (${default})."`
}

func (promptsFromCommand) Help() string {
	return `A line is an object with prompt (and system), or with messages as chats have them, of which the user's first is taken:

    {"prompt": "Apologise for a late cake.", "user": "Ada Lovelace"}
    {"messages": [{"role": "user", "content": "Apologise for a late cake."}]}

or a span with the attributes gen_ai.input.messages and gen_ai.system_instructions of OpenTelemetry's semantic conventions 1.37.0.

Prompts that ask the same are one, and they are spread over kinds: by language, length, and whether they ask, show code or tell to do something. E-mail addresses, phone numbers, keys, card numbers and the names of the file's own users (user, user_id, name, email, …) are masked, and each mask is listed, so that you see what was found. What was not found you must see yourself: every prompt is disabled, and none is posted until you have taken that out.

    tastetest prompts from traces.jsonl --out packs/ours.yaml`
}

// Run writes the pack, and lists what was masked.
func (c promptsFromCommand) Run(_ context.Context, std streams) error {
	if c.Most < 1 || c.Most > 1000 {
		return usageError("--most is a number from 1 to 1000")
	}
	in := std.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return fmt.Errorf("read what people asked: %w", err)
		}
		defer f.Close()
		in = f
	}
	g, err := prompts.Gather(in, c.Name, c.Most)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	out, done := forPrograms(std.out), func() error { return nil }
	if c.Out != "" {
		f, err := os.OpenFile(c.Out, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			return usageError(c.Out + " is there already; name a new file")
		}
		if err != nil {
			return fmt.Errorf("write the pack: %w", err)
		}
		out, done = f, f.Close
	}
	if err := errors.Join(prompts.WritePack(out, g.Pack), done()); err != nil {
		return err
	}
	return c.report(std.err, g)
}

func (c promptsFromCommand) report(w io.Writer, g prompts.Gathering) error {
	var left []string
	for _, x := range []struct {
		n   int
		why string
	}{
		{g.Skipped, "without a prompt"}, {g.Twice, "that ask what another one asks"}, {g.Long, "of more than 150 words"},
		{g.Unfit, "that no pack takes"}, {g.Over, "over --most"},
	} {
		if x.n > 0 {
			left = append(left, say.Thousands(x.n)+" "+x.why)
		}
	}
	s := fmt.Sprintf("%s from %s, all disabled until you have looked through them.\n", say.Counted(len(g.Pack.Prompts), "prompt"), say.Counted(g.Read, "line"))
	if len(left) > 0 {
		s += "Left out: " + strings.Join(left, ", ") + ".\n"
	}
	if len(g.Masks) > 0 {
		s += fmt.Sprintf("Masked in %s:\n", say.Counted(len(g.Masks), "place"))
	}
	for _, m := range g.Masks {
		s += fmt.Sprintf("  line %d: %s, %s\n", m.Line, m.Kind, hinted(m.Was))
	}
	_, err := io.WriteString(w, s)
	return err
}

// hinted tells what was masked to whoever has the file, and nobody else.
func hinted(was string) string {
	runes := []rune(was)
	return fmt.Sprintf("%s… (%d characters)", string(runes[:min(2, len(runes))]), utf8.RuneCountInString(was))
}
