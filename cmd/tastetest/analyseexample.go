package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"math"
	"time"

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

// pollWords are how a page of results speaks of the polls.
type pollWords struct{ question, prompt, answer string }

// keepPolls keeps the five polls as a taste test that was imported, with 200 voters
// each, so that there is a page of results of them. It stays out of the standings:
// no prompt and no answer is known.
func keepPolls(ctx context.Context, s bot.Store, at bot.Place, w pollWords) error {
	const voters = 200
	day := time.Date(2025, time.February, 28, 12, 0, 0, 0, time.UTC)
	t := bot.Tasting{
		Place: at, Starter: bot.Voter{Workspace: at.Workspace, User: "import"}, Question: w.question, Ballot: bot.Private,
		Models:  [2]bot.Card{{Name: "GPT-4.5", Source: bot.Pasted}, {Name: "GPT-4", Source: bot.Pasted}},
		Created: day, Opened: day, Closes: day, ClosedAt: day, RevealedAt: day,
		Wake:  time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), // the bot leaves it alone meanwhile
		State: bot.Closing, Compared: true, Crowd: true, Imported: "karpathy",
	}
	texts := make([]bot.Texts, len(karpathy))
	for i := range texts {
		texts[i].Prompt = bot.Prompt{Text: fmt.Sprintf(w.prompt, i+1), Category: "other"}
		texts[i].Answers = [2]bot.Answer{{Text: w.answer}, {Text: w.answer}}
		t.Rounds = append(t.Rounds, bot.Round{Kind: bot.Plain, Ready: true, Category: "other"})
	}
	t, err := s.CreateTasting(ctx, t, texts)
	if err != nil {
		return err
	}
	var votes []bot.Vote
	n := 0
	for r, err := range karpathyRows(voters) {
		if err != nil {
			return err
		}
		id := t.ID.Round(n/voters + 1)
		v := bot.Vote{Round: id, Voter: bot.Voter{Workspace: at.Workspace, User: fmt.Sprintf("poll-%d%s%d", id.Round, simulatedMark, n+1)}}
		v.Hear(r.Winner.Pick(false), bot.Mark{On: true, At: day})
		votes = append(votes, v)
		n++
	}
	err = s.Seal(ctx, t.ID, votes, func(t *bot.Tasting, _ bot.Rows) error {
		for _, v := range votes {
			t.Rounds[v.Round.Round-1].Counts[0][v.Pick()-1]++
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.Update(ctx, t.ID, bot.Closed, func(t *bot.Tasting) error {
		t.State = bot.Revealed
		return nil
	})
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
