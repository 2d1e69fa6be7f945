package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"math"

	"github.com/tastetest/tastetest/adapters/votefile"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/verdict"
)

// karpathy is by how many percent GPT-4.5 was chosen over GPT-4 in each of the
// five polls that this program grew from.
var karpathy = []int{56, 43, 35, 35, 36}

// karpathyVoters are the numbers of voters a poll for which they are shown if
// none is asked for.
var karpathyVoters = []int{20, 200, 5000}

// mostExampleVoters a poll make as many votes as analyse is quick with.
const mostExampleVoters = 100_000

// karpathyRows are the five polls as votes, with so many voters each. Who voted
// in several of them is not known, so no vote has a judge.
func karpathyRows(voters int) iter.Seq2[verdict.VoteRow, error] {
	return func(yield func(verdict.VoteRow, error) bool) {
		for i, percent := range karpathy {
			chose := int(math.Round(float64(voters*percent) / 100))
			for v := range voters {
				r := verdict.VoteRow{Question: fmt.Sprintf("poll %d", i+1), Models: [2]string{"GPT-4.5", "GPT-4"}, Winner: bot.Left}
				if v >= chose {
					r.Winner = bot.Right
				}
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

const karpathyBefore = `In February 2025 five public polls, a prompt each, asked which of two unnamed answers was better. GPT-4.5, the newer model, was chosen by 56%, 43%, 35%, 35% and 36%; the rest chose GPT-4. These votes are reconstructed from the percentages.
`

const karpathyAfter = `
With 5,000 voters a poll as much is open as with 200: what varies is the prompts, and there are five. Nor can such polls tell apart why: whether good tasters were outvoted, people guessed, the prompts were poor, the models are alike, or some of each. What can: ten prompts or more, the same people on all of them in secret, with control pairs and repeats among them:

    /tastetest start ballot=private rounds=10 controls=on retests=on
`

// printKarpathy says what this program answers to the polls, with so many voters
// each; 0: for each of karpathyVoters, and what follows from it.
func (c analyseCommand) printKarpathy(ctx context.Context, std streams) error {
	sizes := karpathyVoters
	if c.Voters != 0 {
		sizes = []int{c.Voters}
	}
	if !c.JSON {
		io.WriteString(std.out, karpathyBefore)
	}
	for _, voters := range sizes {
		a, err := verdict.Analyse(ctx, karpathyRows(voters), c.Ridge, c.Epsilon)
		if err != nil {
			return fmt.Errorf("analyse the five polls: %w", err)
		}
		if c.JSON {
			return writeAnalysis(std.out, a, votefile.LeftOut{})
		}
		fmt.Fprintf(std.out, "\n== With %s a poll ==\n", say.Counted(voters, "voter"))
		if err := printAnalysis(std.out, a, votefile.LeftOut{}); err != nil {
			return err
		}
	}
	if c.Voters == 0 {
		io.WriteString(std.out, karpathyAfter)
	}
	return nil
}

// checkExample returns what is wrong with the options of an example, nil if nothing.
func (c analyseCommand) checkExample() error {
	switch {
	case c.Example == "" && c.File == "":
		return usageError("say which votes: tastetest analyse votes.csv, or - for standard input")
	case c.Example == "" && c.Voters != 0:
		return usageError("--voters is for --example karpathy alone")
	case c.Example == "":
		return nil
	case c.Example != "karpathy":
		return usageError("there is one example; write --example karpathy")
	case c.File != "" || len(c.Judge) > 0:
		return usageError("--example brings its own votes; leave the file out, and --judge too")
	case c.Voters < 0 || c.Voters > mostExampleVoters:
		return usageError(fmt.Sprintf("--voters is how many voted in each poll, 1 to %s", say.Thousands(mostExampleVoters)))
	case c.JSON && c.Voters == 0:
		return usageError("--json prints one analysis; say of how many voters a poll: --voters 200")
	}
	return nil
}
