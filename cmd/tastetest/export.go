package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/tastetest/tastetest/adapters/votefile"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

type exportCommand struct {
	storeFlags
	Format   string `enum:"csv,jsonl,dpo,kto" default:"csv" help:"csv or jsonl: votes (${default}); dpo or kto: what was preferred, to train on."`
	Out      string `short:"o" placeholder:"FILE" help:"Write to this new file; left out: standard output."`
	Names    bool   `help:"Write who voted, instead of a pseudonym for each person."`
	Texts    bool   `help:"Write prompts and answers too. With jsonl: all that import needs."`
	Codebook bool   `help:"Print what each column means, and nothing else."`

	Judges   bool   `help:"Write what judges answered, too: two rows a round, of a judge whose name begins with model:."`
	OwnTexts bool   `help:"With dpo and kto: prompts that people wrote, and answers that they pasted, too."`
	Licence  string `placeholder:"TEXT" help:"With dpo and kto: under which licence others may use it; it stands beside the file."`
}

func (exportCommand) Help() string {
	return `Only revealed taste tests are written, and nothing of an open one. It works while the bot runs, too.

    tastetest export --out votes.csv
    tastetest export --format jsonl --texts --out votes.jsonl
    tastetest export --format dpo --licence "CC BY 4.0" --out preferences.jsonl

dpo and kto have prompts, the answers that people chose and those that they did not, as TRL reads them, and no voter. With --out a file beside it, FILE.md, says what the fields mean, whose answers these are and under which licence.`
}

// Run writes the rows, or the preferences, of every revealed tasting.
func (c exportCommand) Run(ctx context.Context, std streams) error {
	trains := c.Format == "dpo" || c.Format == "kto"
	switch {
	case trains && c.Judges:
		return usageError("--judges is for votes; " + c.Format + " has what people preferred")
	case trains && c.Names:
		return usageError("--names is for votes; " + c.Format + " has no voters")
	case !trains && (c.OwnTexts || c.Licence != ""):
		return usageError("--own-texts and --licence are for --format dpo and kto")
	case c.Codebook && trains:
		_, err := io.WriteString(std.out, votefile.PreferencesCodebook)
		return err
	case c.Codebook:
		_, err := io.WriteString(std.out, votefile.Codebook)
		return err
	}
	return c.reading(ctx, logger(std.err), func(s bot.Store) error {
		if trains {
			return c.preferences(ctx, std, s)
		}
		rows, err := votefile.Collect(ctx, s, c.Names, c.Texts, c.Judges)
		if err != nil {
			return err
		}
		err = c.to(c.Out, std, func(w io.Writer) error {
			if c.Format == "jsonl" {
				return votefile.WriteJSONL(w, rows)
			}
			return votefile.WriteCSV(w, rows, c.Texts)
		})
		if err == nil && c.Out != "" {
			_, err = fmt.Fprintf(std.err, "%s written to %s.\n", c.counted(rows), c.Out)
		}
		return err
	})
}

// counted says how many votes there are, and beside them how many answers of judges.
func (c exportCommand) counted(rows []votefile.Row) string {
	judged := 0
	for _, r := range rows {
		if strings.HasPrefix(r.Judge, votefile.ModelJudge) {
			judged++
		}
	}
	s := say.Counted(len(rows)-judged, "vote")
	if c.Judges {
		s += " and " + say.Counted(judged, "answer") + " of judges"
	}
	return s
}

// to writes to a new file, or to standard output if it has no name.
func (c exportCommand) to(name string, std streams, write func(io.Writer) error) error {
	out, done := forPrograms(std.out), func() error { return nil }
	if name != "" {
		f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			return usageError(name + " is there already; name a new file")
		}
		if err != nil {
			return fmt.Errorf("write the export: %w", err)
		}
		out, done = f, f.Close
	}
	w := bufio.NewWriter(out)
	if err := errors.Join(write(w), w.Flush(), done()); err != nil {
		if name != "" { // half an export would pass for one, and be in the way of the next
			os.Remove(name)
		}
		return fmt.Errorf("write the export: %w", err)
	}
	return nil
}

// preferences writes what people preferred, and beside it what it is.
func (c exportCommand) preferences(ctx context.Context, std streams, s bot.Store) error {
	prefs, dropped, err := votefile.Preferences(ctx, s, c.OwnTexts)
	if err != nil {
		return err
	}
	n := 0
	write := votefile.WriteDPO
	if c.Format == "kto" {
		write = votefile.WriteKTO
	}
	err = c.to(c.Out, std, func(w io.Writer) error {
		n, err = write(w, prefs)
		return err
	})
	if err == nil && c.Out != "" {
		err = c.to(c.Out+".md", std, func(w io.Writer) error {
			_, err := io.WriteString(w, c.beside(prefs))
			return err
		})
	}
	if err == nil {
		_, err = fmt.Fprintln(std.err, c.told(n, dropped))
	}
	return err
}

// beside is what stands in the file beside preferences: licence and codebook.
func (c exportCommand) beside(prefs []votefile.Preference) string {
	licence := "Whoever exported this stated no licence: nobody else may use it until they do."
	if c.Licence != "" {
		licence = "Licence, as whoever exported this states it: " + c.Licence
	}
	s := "# Licence\n\n" + licence + "\n"
	if writers := votefile.Writers(prefs); len(writers) > 0 {
		s += "\nThe answers are by " + say.Listed(writers, len(writers)) + ". What their providers allow to be done with them, training other models above all, stands in the terms of each."
	}
	return s + " Prompts of the packs that come with Tastetest are under the MIT licence.\n\n" + votefile.PreferencesCodebook
}

// told says what was written, and what was left out.
func (c exportCommand) told(n int, d votefile.Dropped) string {
	to := c.Out
	if to == "" {
		to = "standard output"
	} else {
		to += "; " + to + ".md says what it is"
	}
	what := "preference"
	if c.Format == "kto" {
		what = "answer"
		d.Bad = 0
	}
	var left []string
	for _, x := range []struct {
		n   int
		why string
	}{
		{d.Level, "without a preference"}, {d.Bad, "with both answers bad"}, {d.Flagged, "in which an answer names its author"},
		{d.People, "with people’s own texts (--own-texts takes them)"}, {d.Withheld, "with too few votes"}, {d.Crowd, "in which simulated people voted, whose taste is invented"},
	} {
		if x.n > 0 {
			left = append(left, say.Thousands(x.n)+" "+x.why)
		}
	}
	s := fmt.Sprintf("%s written to %s.", say.Counted(n, what), to)
	if len(left) > 0 {
		s += " Rounds left out: " + strings.Join(left, ", ") + "."
	}
	return s
}
