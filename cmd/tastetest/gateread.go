package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/prompts"
)

// request reads the files that a gate is opened with. note says what was left out.
func (c gateOpenCommand) request() (req gateRequest, note string, err error) {
	req = gateRequest{
		Name: c.Name, Ask: bot.Ask(c.Ask), Place: c.Place, Question: c.Question, Until: c.Until,
		Ballot: c.Ballot, Invite: c.Invite, Voters: c.Voters,
	}
	switch {
	case c.Promptfoo != "" && c.Old == "" && c.New == "":
		err = c.fromPromptfoo(&req)
	case c.Promptfoo == "" && c.Old != "" && c.New != "":
		err = c.fromFiles(&req)
	default:
		return req, "", usageError("name two files of answers, --old and --new, or promptfoo's output: --promptfoo results.json")
	}
	if err != nil {
		return req, "", err
	}
	if all := len(req.Rows); all > bot.MostRounds {
		// Which are taken depends on the prompts alone: the same ones each time.
		slices.SortFunc(req.Rows, func(a, b gateRow) int { return strings.Compare(digest(a.Prompt), digest(b.Prompt)) })
		req.Rows = req.Rows[:bot.MostRounds]
		note = fmt.Sprintf("Of %d prompts %d are asked, the same ones each time: a tasting has no more.", all, bot.MostRounds)
	}
	return req, note, nil
}

func digest(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }

func (c gateOpenCommand) fromPromptfoo(req *gateRequest) error {
	data, err := os.ReadFile(c.Promptfoo)
	if err != nil {
		return fmt.Errorf("read promptfoo's output: %w", err)
	}
	library, err := prompts.Open("")
	if err != nil {
		return err
	}
	sheet, err := library.Read(c.Promptfoo, data)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Promptfoo, err)
	}
	if len(sheet.Models) != 2 {
		return usageError(c.Promptfoo + " has no answers of two prompts or providers")
	}
	req.Models = [2]string{sheet.Models[0], sheet.Models[1]}
	for _, r := range sheet.Rows {
		req.Rows = append(req.Rows, gateRow{r.Prompt.Text, r.Prompt.System, [2]string{r.Answers[0], r.Answers[1]}})
	}
	return nil
}

// fromFiles takes the prompts to which both files have an answer, in the order of
// their texts.
func (c gateOpenCommand) fromFiles(req *gateRequest) error {
	var answers [2]map[string]string
	for i, file := range []string{c.Old, c.New} {
		data, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("read answers: %w", err)
		}
		all, err := llm.ReadAnswers(file, data)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if len(all) != 1 {
			return usageError(fmt.Sprintf("%s has answers of %d models; a gate takes one file for the old version and one for the new one", file, len(all)))
		}
		for _, a := range all {
			answers[i] = a
		}
		name := filepath.Base(file)
		req.Models[i] = strings.TrimSuffix(name, filepath.Ext(name))
	}
	if req.Models[0] == req.Models[1] {
		req.Models = [2]string{"old " + req.Models[0], "new " + req.Models[1]}
	}
	for _, prompt := range sortedKeys(answers[0]) {
		if answer, ok := answers[1][prompt]; ok {
			req.Rows = append(req.Rows, gateRow{Prompt: prompt, Answers: [2]string{answers[0][prompt], answer}})
		}
	}
	if len(req.Rows) == 0 {
		return usageError(fmt.Sprintf("%s and %s have no prompt in common", c.Old, c.New))
	}
	return nil
}
