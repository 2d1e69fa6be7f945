package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"math"
	"os"
	"runtime/debug"
	"slices"

	"github.com/tastetest/tastetest/adapters/votefile"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/bot/verdict"
)

type analyseCommand struct {
	File       string  `arg:"" optional:"" help:"Votes as CSV or JSON; - is standard input."`
	JSON       bool    `help:"Print all numbers as JSON."`
	IgnoreCase bool    `help:"Take names that differ only in case for one: Ann and ann, GPT-4 and gpt-4."`
	Ridge      float64 `default:"0.5" help:"How much scores are pulled to the middle (${default}); 0: not at all."`

	Judge   map[string]string `placeholder:"NAME=FILE" mapsep:"none" help:"Answers of a model that judged, in a file of their own with the same columns. May be repeated."`
	Epsilon float64           `default:"0.15" help:"By how much a judge may agree less than a person does, and stand in for one (${default}; 0.10 for trained people)."`

	Example string `placeholder:"karpathy" help:"Instead of a file: the five polls of GPT-4.5 against GPT-4 that this program grew from, as votes."`
	Voters  int    `placeholder:"N" help:"How many voted in each poll of the example; left out: 20, 200 and 5,000 in turn."`
}

func (analyseCommand) Help() string {
	return `The verdicts and standings of this program for votes from anywhere: an export of this bot, an arena, a poll of your own. A row is a vote.

    question_id  what was voted on: rows with the same saw the same two answers
    model_a, model_b
    winner       model_a, model_b, tie or tie (bothbad)
    judge        who voted; left out, each vote counts as a voter, and what needs voters cannot be tested
    kind         round (or nothing), control or retest
    retest_of    of a retest: the question_id of the first time
    judge_type   person (or nothing) or model

A judge whose name begins with model: or whose judge_type is model is a model that judged, and no voter: it counts nowhere, and is held beside the voters. Of each question it may have a row for each order of the two answers; where these differ it abstains, and so it does where winner is abstains. --judge gpt-4=FILE reads a file of one model's rows. answer_a and answer_b, if there are any, tell which text is longer.

A judge has one vote a question: of several rows the last counts. Of a control pair, where one answer is known to be better, the models are called better and worse. Other columns do no harm. At most 400 models are ranked. The columns of the LLMFAO crowd (id, prompt, left, right, worker, winner) are read too.

JSON with the same fields is read as well, a list or an object a line, and so is the feedback that Open WebUI exports.

Tests shuffle votes: 2,000 times up to 20,000 rows, then less, at a million 40 times. The same file always gives the same result.

    tastetest analyse votes.csv
    tastetest analyse --example karpathy`
}

// mostRidge is far beyond where all scores are 0.
const mostRidge = 1000

// Run reads the votes, and prints what they show.
func (c analyseCommand) Run(ctx context.Context, std streams) error {
	if !(c.Ridge >= 0 && c.Ridge <= mostRidge) { // NaN is neither
		return usageError(fmt.Sprintf("--ridge is a number from 0 to %d, and usually %v", mostRidge, stats.Ridge))
	}
	if !(c.Epsilon >= 0 && c.Epsilon < 1) {
		return usageError("--epsilon is a number from 0 to 1, and usually 0.15 or 0.10")
	}
	if err := c.checkExample(); err != nil {
		return err
	}
	if c.Example != "" {
		return c.printKarpathy(ctx, std)
	}
	// What was read stays in use to the end: collecting in between frees little.
	defer debug.SetGCPercent(debug.SetGCPercent(200))
	in := std.in
	if c.File != "-" {
		f, err := openTable(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil {
			defer keepMemory(info.Size())()
		}
		in = f
	}
	var out votefile.LeftOut
	rows := votefile.Rows(in)
	if c.IgnoreCase {
		rows = votefile.IgnoringCase(rows)
	}
	rows, done, err := c.withJudges(rows)
	if err != nil {
		return err
	}
	defer done()
	a, err := verdict.Analyse(ctx, out.Count(shownNames(rows)), c.Ridge, c.Epsilon)
	if errors.Is(err, context.Canceled) {
		return errors.New("stopped before the end; nothing is known of these votes")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.name(), err)
	}
	if a.Votes == 0 && len(a.Readers) > 0 {
		return fmt.Errorf("%s: %w", c.name(), errors.New("there are models' answers, but no people's votes to hold them against"))
	}
	if a.Votes == 0 {
		return fmt.Errorf("%s: %w", c.name(), errors.New("there are controls and retests, but no other votes to judge"))
	}
	if c.JSON {
		return writeAnalysis(std.out, a, out)
	}
	return printAnalysis(std.out, a, out)
}

// openTable opens a file of rows. Of one that is not there it says
// what to name.
func openTable(name string) (*os.File, error) {
	f, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s; name a table of votes, such as tastetest export --out votes.csv writes", name)
	}
	if err != nil {
		return nil, fmt.Errorf("read the votes: %w", err)
	}
	return f, nil
}

// withJudges adds the rows of --judge to rows. They are read up to done.
func (c analyseCommand) withJudges(rows iter.Seq2[verdict.VoteRow, error]) (all iter.Seq2[verdict.VoteRow, error], done func(), err error) {
	var open []*os.File
	done = func() {
		for _, f := range open {
			f.Close()
		}
	}
	all = rows
	for _, name := range slices.Sorted(maps.Keys(c.Judge)) {
		f, err := openTable(c.Judge[name])
		if err != nil {
			done()
			return nil, nil, fmt.Errorf("read the judge %s: %w", name, err)
		}
		open = append(open, f)
		before := all
		all = func(yield func(verdict.VoteRow, error) bool) {
			for r, err := range before {
				if !yield(r, err) {
					return
				}
			}
			for r, err := range votefile.JudgedBy(name, f) {
				if err != nil {
					err = fmt.Errorf("the judge %s: %w", name, err)
				}
				if !yield(r, err) {
					return
				}
			}
		}
	}
	return all, done, nil
}

// keepMemory has the collector keep to what a file of so many bytes needs, and
// returns what ends that. A file of a million votes, each on a question of its
// own, takes 250 MiB so, and else 900. What GOMEMLIMIT says goes before.
func keepMemory(size int64) (end func()) {
	before := debug.SetMemoryLimit(-1)
	if before != math.MaxInt64 {
		return func() {}
	}
	debug.SetMemoryLimit(max(210<<20, 9*size/2))
	return func() { debug.SetMemoryLimit(before) }
}

func (c analyseCommand) name() string {
	if c.File == "-" {
		return "standard input"
	}
	return c.File
}

// shownNames passes rows on with names that can be printed.
func shownNames(rows iter.Seq2[verdict.VoteRow, error]) iter.Seq2[verdict.VoteRow, error] {
	return func(yield func(verdict.VoteRow, error) bool) {
		for r, err := range rows {
			for _, name := range []*string{&r.Models[0], &r.Models[1], &r.Judge} {
				*name = text.Shown(*name, "")
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// An analysisJSON is what --json prints. null: it cannot be known.
type analysisJSON struct {
	Votes     int           `json:"votes"`
	Prompts   int           `json:"prompts"`
	Voters    int           `json:"voters"`
	Nameless  int           `json:"votes_without_judge"`
	Controls  int           `json:"control_votes"`
	Retests   int           `json:"retest_votes"`
	LeftOut   int           `json:"left_out_of_standings"`
	Repeated  int           `json:"replaced_by_a_later_row"`
	Shuffles  int           `json:"shuffles"`
	Agreement agreementJSON `json:"agreement"`
	Pairs     []pairJSON    `json:"pairs"`
	Models    []modelJSON   `json:"models"`
	Judges    []judgeJSON   `json:"judges"` // that are models
	HoldsFor  string        `json:"intervals_of_models_hold_for"`
	Notes     []string      `json:"notes"`
}

type agreementJSON struct {
	Questions       int      `json:"questions"` // with two votes or more
	Pairwise        *float64 `json:"pairwise"`
	Alpha           *float64 `json:"krippendorff_alpha"`
	BrennanPrediger *float64 `json:"brennan_prediger"`
}

// A pairJSON is one pair of models. Shares are those of First, with a tie and
// both bad as ½.
type pairJSON struct {
	First    string      `json:"first"`
	Second   string      `json:"second"`
	Votes    int         `json:"votes"`
	Counts   countsJSON  `json:"counts"`
	Voters   int         `json:"voters"`
	Prompts  int         `json:"prompts"`
	Share    float64     `json:"share"`
	SE       *float64    `json:"standard_error"`
	CI       *[2]float64 `json:"interval"` // 95%
	DF       *float64    `json:"degrees_of_freedom"`
	PPrompts *float64    `json:"p_prompts"`
	PVoters  *float64    `json:"p_voters"`
	PTaste   *float64    `json:"p_taste"`
	Verdict  string      `json:"verdict"`
	Depends  bool        `json:"depends_on_prompt"` // of a winner: by how much, or whether
	Close    bool        `json:"within_ten_points"` // of equal, by the 90% interval
	Controls string      `json:"controls"`          // passed, missed, or cannot tell
	OneVoter bool        `json:"hangs_on_one_voter"`
	Title    string      `json:"title"`
	Sentence string      `json:"sentence"`
}

type countsJSON struct {
	First  int `json:"first"`
	Second int `json:"second"`
	Tie    int `json:"tie"`
	Bad    int `json:"both_bad"`
}

type modelJSON struct {
	Model string      `json:"model"`
	Score float64     `json:"score"` // natural logit, mean 0
	SE    *float64    `json:"standard_error"`
	CI    *[2]float64 `json:"interval"` // 95%
	Rank  [2]int      `json:"rank"`     // first and last that fit
	Votes int         `json:"votes"`
	Bad   int         `json:"both_bad"`
}

// known is x, or null if it cannot be known.
func known[T any](x T, ok bool) *T {
	if !ok {
		return nil
	}
	return &x
}

// onControls says how voters did on control pairs.
func onControls(a stats.Attention) string {
	switch {
	case a.Passed:
		return "passed"
	case a.Missed:
		return "missed"
	}
	return "cannot tell"
}

func writeAnalysis(out io.Writer, a verdict.Analysis, left votefile.LeftOut) error {
	g := a.Agreement
	j := analysisJSON{
		Votes: a.Votes, Prompts: a.Prompts, Voters: a.Judges, Nameless: a.Unnamed, Controls: a.Controls,
		Retests: a.Retests, LeftOut: a.LeftOut, Repeated: a.Repeated, Shuffles: a.Shuffles,
		Agreement: agreementJSON{g.Units, known(g.Pairs, g.Units > 0), known(g.Alpha, g.AlphaOK), known(g.BrennanPrediger, g.Units > 0)},
		Pairs:     []pairJSON{}, Models: []modelJSON{}, Judges: judgesJSON(a.Readers), Notes: append(append([]string{}, analysisNotes(a, left)...), scoreNotes(a)...),
		HoldsFor: a.HoldsFor(),
	}
	for _, p := range a.Pairs {
		d := p.Finding.Decision
		j.Pairs = append(j.Pairs, pairJSON{
			First: p.Models[0], Second: p.Models[1], Votes: p.Tally.N(),
			Counts: countsJSON{p.Tally.First, p.Tally.Second, p.Tally.Tie, p.Tally.Bad},
			Voters: d.Mean.Voters, Prompts: d.Mean.Prompts, Share: d.Mean.M,
			SE: known(d.Mean.SE, d.OK), CI: known(d.Wide, d.OK), DF: known(d.Mean.DF, d.OK),
			PPrompts: known(d.Prompts.P, d.Prompts.OK), PVoters: known(d.Voters.P, d.Voters.OK), PTaste: known(d.Taste.P, d.Taste.OK),
			Verdict: string(d.Verdict), Depends: d.Depends,
			Close: d.Close, Controls: onControls(d.Attention), OneVoter: d.VotersHang || d.TasteHangs,
			Title: p.Finding.Title.String(), Sentence: sentences(p.Finding),
		})
	}
	for _, m := range a.Models {
		j.Models = append(j.Models, modelJSON{m.Model, m.Score, known(m.SE, m.OK), known(m.CI, m.OK), m.Rank, m.Votes, m.Bad})
	}
	w := json.NewEncoder(out)
	w.SetEscapeHTML(false)
	w.SetIndent("", "  ")
	if err := w.Encode(j); err != nil {
		return fmt.Errorf("write the analysis: %w", err)
	}
	return nil
}
