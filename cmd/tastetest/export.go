package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/tastetest/tastetest/adapters/votefile"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

type exportCommand struct {
	storeFlags
	Format   string `enum:"csv,jsonl" default:"csv" help:"csv or jsonl (${default})."`
	Out      string `short:"o" placeholder:"FILE" help:"Write to this new file; left out: standard output."`
	Names    bool   `help:"Write who voted, instead of a pseudonym for each person."`
	Texts    bool   `help:"Write prompts and answers too. With jsonl: all that import needs."`
	Codebook bool   `help:"Print what each column means, and nothing else."`
}

func (exportCommand) Help() string {
	return `Only revealed taste tests are written, and nothing of an open one. It works while the bot runs, too.

    tastetest export --out votes.csv
    tastetest export --format jsonl --texts --out votes.jsonl`
}

// Run writes the rows of every revealed tasting.
func (c exportCommand) Run(ctx context.Context, std streams) error {
	if c.Codebook {
		_, err := io.WriteString(std.out, votefile.Codebook)
		return err
	}
	return c.reading(ctx, logger(std.err), func(s bot.Store) error {
		rows, err := votefile.Collect(ctx, s, c.Names, c.Texts)
		if err != nil {
			return err
		}
		if c.Out == "" {
			return c.write(forPrograms(std.out), rows)
		}
		f, err := os.OpenFile(c.Out, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			return usageError(c.Out + " is there already; name a new file")
		}
		if err != nil {
			return fmt.Errorf("write the export: %w", err)
		}
		if err := errors.Join(c.write(f, rows), f.Close()); err != nil {
			return err
		}
		_, err = fmt.Fprintf(std.err, "%s written to %s.\n", say.Counted(len(rows), "vote"), c.Out)
		return err
	})
}

func (c exportCommand) write(out io.Writer, rows []votefile.Row) error {
	w := bufio.NewWriter(out)
	var err error
	if c.Format == "jsonl" {
		err = votefile.WriteJSONL(w, rows)
	} else {
		err = votefile.WriteCSV(w, rows, c.Texts)
	}
	if err := errors.Join(err, w.Flush()); err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	return nil
}
