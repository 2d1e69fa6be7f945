package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/prompts"
)

// A gateRequest opens a gate.
type gateRequest struct {
	Name     string    `json:"name"`
	Ask      bot.Ask   `json:"ask"`
	Models   [2]string `json:"models"` // the old one and the new one
	Rows     []gateRow `json:"rows"`
	Place    string    `json:"place,omitempty"` // if it is said, the key's
	Question string    `json:"question,omitempty"`
	Until    string    `json:"until,omitempty"`
	Ballot   string    `json:"ballot,omitempty"`
	Invite   string    `json:"invite,omitempty"`
	Voters   int       `json:"voters"` // who are expected, for the power

	Versions *gateVersions `json:"versions,omitempty"` // then rows have no answers
}

// gateVersions are two versions of a prompt, which the bot has a model of its own
// answer.
type gateVersions struct {
	Model  string    `json:"model"`
	Texts  [2]string `json:"texts"`
	Pack   string    `json:"pack,omitempty"`   // if there are no rows
	Rounds int       `json:"rounds,omitempty"` // of the pack; 0: as many as usual
	Most   *usd      `json:"most_cost_pico_usd,omitempty"`
}

// A gateRow is a prompt with both answers.
type gateRow struct {
	Prompt  string    `json:"prompt"`
	System  string    `json:"system,omitempty"`
	Answers [2]string `json:"answers"`
}

// content is SHA-256 over all that decides what is asked: of versions of a prompt all
// but what that may cost.
func (r gateRequest) content() string {
	all := []any{r.Ask, r.Models, r.Rows}
	if v := r.Versions; v != nil {
		all = append(all, v.Model, v.Texts, v.Pack, v.Rounds)
	}
	b, err := json.Marshal(all)
	if err != nil {
		panic(err) // strings only
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// wish is what a request asks of the bot, but for its name.
func (r gateRequest) wish() engine.GateWish {
	wish := engine.GateWish{
		Gate: bot.Gate{Content: r.content(), Ask: r.Ask}, Question: r.Question, Until: r.Until, Ballot: r.Ballot, Invite: r.Invite,
	}
	for _, row := range r.Rows {
		asked := bot.SheetRow{Prompt: bot.Prompt{Text: row.Prompt, System: row.System}}
		if r.Versions == nil {
			asked.Answers = row.Answers[:]
		}
		wish.Sheet.Rows = append(wish.Sheet.Rows, asked)
	}
	v := r.Versions
	if v == nil {
		wish.Sheet.Models = r.Models[:]
		return wish
	}
	wish.Model = v.Model
	wish.Versions = &engine.Versions{Names: r.Models, Texts: v.Texts, MostCost: -1}
	if len(r.Rows) == 0 {
		wish.Versions.Pack = v.Pack
	}
	if v.Rounds != 0 {
		wish.Versions.Rounds = strconv.Itoa(v.Rounds)
	}
	if v.Most != nil {
		wish.Versions.MostCost = int64(*v.Most)
	}
	return wish
}

// request reads the files that a gate is opened with. notes say what was left out.
func (c gateOpenCommand) request() (req gateRequest, notes []string, err error) {
	req = gateRequest{
		Name: c.Name, Ask: bot.Ask(c.Ask), Place: c.Place, Question: c.Question, Until: c.Until,
		Ballot: c.Ballot, Invite: c.Invite, Voters: c.Voters,
	}
	answers, promptfoo := c.Old != "" || c.New != "", c.Promptfoo != ""
	versions := c.OldPrompt != "" || c.NewPrompt != ""
	alone := c.Model + c.Inputs + c.Pack + c.MaxCost
	switch {
	case !versions && (alone != "" || c.Rounds != 0):
		return req, nil, usageError("--model, --inputs, --pack, --rounds and --max-cost go with two versions of a prompt: --old-prompt and --new-prompt")
	case versions && !answers && !promptfoo:
		notes, err = c.fromVersions(&req)
	case promptfoo && !answers && !versions:
		notes, err = c.fromPromptfoo(&req)
	case c.Old != "" && c.New != "" && !promptfoo && !versions:
		err = c.fromFiles(&req)
	default:
		return req, nil, usageError("name two files of answers, --old and --new, or promptfoo's output, --promptfoo results.json, or two versions of a prompt: --old-prompt main.txt --new-prompt branch.txt --model kestrel --inputs inputs.txt")
	}
	if err != nil {
		return req, nil, err
	}
	if all := len(req.Rows); all > bot.MostRounds {
		// Which are taken depends on the prompts alone: the same ones each time.
		slices.SortFunc(req.Rows, func(a, b gateRow) int { return strings.Compare(digest(a.Prompt), digest(b.Prompt)) })
		req.Rows = req.Rows[:bot.MostRounds]
		notes = append(notes, fmt.Sprintf("Of %d prompts %d are asked, the same ones each time: a tasting has no more.", all, bot.MostRounds))
	}
	return req, notes, nil
}

func digest(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }

// readSheet reads prompts, or prompts with answers, as a chat takes them in a file.
func readSheet(file string) (bot.Sheet, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return bot.Sheet{}, fmt.Errorf("read prompts: %w", err)
	}
	library, err := prompts.Open("")
	if err != nil {
		return bot.Sheet{}, err
	}
	sheet, err := library.Read(file, data)
	if err != nil {
		return bot.Sheet{}, fmt.Errorf("%s: %w", file, err)
	}
	return sheet, nil
}

func (c gateOpenCommand) fromPromptfoo(req *gateRequest) (notes []string, err error) {
	sheet, err := readSheet(c.Promptfoo)
	if err != nil {
		return nil, err
	}
	if len(sheet.Models) != 2 {
		return nil, usageError(c.Promptfoo + " has no answers of two prompts or providers")
	}
	req.Models = [2]string{sheet.Models[0], sheet.Models[1]}
	for _, r := range sheet.Rows {
		req.Rows = append(req.Rows, gateRow{r.Prompt.Text, r.Prompt.System, [2]string{r.Answers[0], r.Answers[1]}})
	}
	return bot.English(sheet.LeftOut), nil
}

// fromVersions takes two versions of a prompt, and what a model is asked with each.
func (c gateOpenCommand) fromVersions(req *gateRequest) (notes []string, err error) {
	v := &gateVersions{Model: c.Model, Pack: c.Pack, Rounds: c.Rounds}
	switch {
	case c.OldPrompt == "" || c.NewPrompt == "":
		return nil, usageError("two versions of a prompt are compared: name both, --old-prompt and --new-prompt")
	case c.Model == "":
		return nil, usageError("say which of the bot's models answers both versions: --model NAME")
	case (c.Inputs == "") == (c.Pack == ""):
		return nil, usageError("say what the model is asked with both versions: either --inputs FILE or --pack NAME")
	case c.Pack == "" && c.Rounds != 0:
		return nil, usageError("--rounds goes with --pack; of a file all inputs are asked, up to twenty")
	}
	if c.MaxCost != "" {
		most, err := decimal(strings.TrimPrefix(c.MaxCost, "$"), picoPerUSD)
		if err != nil {
			return nil, usageError("write --max-cost as an amount in USD: 0.50")
		}
		v.Most = (*usd)(&most)
	}
	for i, file := range []string{c.OldPrompt, c.NewPrompt} {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read a version of the prompt: %w", err)
		}
		if v.Texts[i] = string(data); !utf8.ValidString(v.Texts[i]) {
			return nil, usageError(file + " is not UTF-8 text")
		}
	}
	req.Versions, req.Models = v, named(c.OldPrompt, c.NewPrompt)
	if c.Inputs == "" {
		return nil, nil
	}
	sheet, err := readSheet(c.Inputs)
	if err != nil {
		return nil, err
	}
	if len(sheet.Models) > 0 {
		return nil, usageError(c.Inputs + " has answers; --inputs is what the model is asked, and no more")
	}
	for _, r := range sheet.Rows {
		req.Rows = append(req.Rows, gateRow{Prompt: r.Prompt.Text, System: r.Prompt.System})
	}
	return bot.English(sheet.LeftOut), nil
}

// named is what the old one and the new one are called, after their files.
func named(old, now string) (names [2]string) {
	for i, file := range []string{old, now} {
		name := filepath.Base(file)
		names[i] = strings.TrimSuffix(name, filepath.Ext(name))
	}
	if names[0] == names[1] {
		return [2]string{"old " + names[0], "new " + names[1]}
	}
	return names
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
	}
	req.Models = named(c.Old, c.New)
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
