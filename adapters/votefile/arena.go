package votefile

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/bot/verdict"
)

// arenaColumns are those of a table of votes that matter here: their places
// in a row, −1 for a missing one.
type arenaColumns struct {
	question, left, right, winner           int // these are needed
	judge, turn, kind, retestOf, repeats    int
	pack, promptID, prompt, excluded, shown int
	judgeType, platform                     int    // person or model; where it was tasted
	model                                   string // whose rows all of them are; "": the column judge says
	answers, numbers                        [2]int // of the two models
	flags                                   [3]int // instead of winner, as Kaggle's arena has it: 1 in one of them
}

// Rows reads votes as the arena convention and this program's export write
// them, in a table or as JSON, also with the winner in three columns as on Kaggle;
// as the crowd of LLMFAO has them; or as Open WebUI exports feedback. Errors say the line and what was expected there; the first
// one ends it.
func Rows(in io.Reader) iter.Seq2[verdict.VoteRow, error] { return JudgedBy("", in) }

// JudgedBy reads rows as [Rows] does, of which all are by one judge that is a model,
// whatever the column judge says. "": they are not.
func JudgedBy(judge string, in io.Reader) iter.Seq2[verdict.VoteRow, error] {
	return func(yield func(verdict.VoteRow, error) bool) {
		buffered := bufio.NewReaderSize(text.NewReader(in), 1<<16)
		start, _ := buffered.Peek(4096) // an error comes again from reading
		switch begin := bytes.TrimSpace(start); {
		case bytes.HasPrefix(begin, []byte("[")), bytes.HasPrefix(begin, []byte("{")):
			jsonRows(buffered, judge, begin[0] == '[', yield)
		default:
			tableRows(buffered, judge, yield)
		}
	}
}

// tableRows reads a header and a vote a row.
func tableRows(in io.Reader, judge string, yield func(verdict.VoteRow, error) bool) {
	header, r, err := text.Table(in)
	if errors.Is(err, io.EOF) {
		yield(verdict.VoteRow{}, errors.New("the file is empty; "+arenaNeeds))
		return
	}
	var cols arenaColumns
	if err == nil {
		r.ReuseRecord, r.FieldsPerRecord = true, len(header)
		cols, err = findColumns(header)
		cols.model = judge
	}
	if err != nil {
		yield(verdict.VoteRow{}, plainCSV(err))
		return
	}
	for n := 0; ; n++ {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			if n == 0 {
				yield(verdict.VoteRow{}, errors.New("the file has a header and no votes"))
			}
			return
		}
		var row verdict.VoteRow
		if err == nil {
			row, err = cols.vote(cells)
			if err != nil {
				line, _ := r.FieldPos(0)
				err = fmt.Errorf("line %d: %w", line, err)
			}
		}
		if !yield(row, plainCSV(err)) || err != nil {
			return
		}
	}
}

const arenaNeeds = "votes come in the columns question_id, model_a, model_b, winner and, where it is known, judge"

// findColumns reads a header.
func findColumns(header []string) (arenaColumns, error) {
	names := make([]string, len(header))
	for i, h := range header {
		names[i] = strings.ToLower(strings.TrimSpace(h))
	}
	at := func(name string) int { return slices.Index(names, name) }
	c := arenaColumns{
		question: at("question_id"), left: at("model_a"), right: at("model_b"), winner: at("winner"),
		judge: at("judge"), turn: at("turn"), kind: at("kind"), retestOf: at("retest_of"), repeats: at("repeats"),
		pack: at("pack"), promptID: at("prompt_id"), prompt: -1, excluded: at("excluded"), shown: at("ballot"),
		judgeType: at("judge_type"), platform: at("platform"), answers: [2]int{at("answer_a"), at("answer_b")}, numbers: [2]int{-1, -1},
		flags: [3]int{at("winner_model_a"), at("winner_model_b"), at("winner_tie")},
	}
	if c.left < 0 && at("left") >= 0 && at("right") >= 0 && (at("worker") >= 0 || at("model_x") >= 0) { // LLMFAO; of models without a worker
		c.question, c.left, c.right = at("id"), at("left"), at("right")
		c.judge, c.prompt = at("worker"), at("prompt")
		c.numbers = [2]int{at("model_x"), at("model_y")} // which stood left and right, too
	}
	if c.question < 0 && c.left >= 0 {
		c.question = at("id") // as newer arenas call it
	}
	for _, need := range []struct {
		name  string
		place int
	}{{"question_id", c.question}, {"model_a", c.left}, {"model_b", c.right}, {"winner", c.winner}} {
		if need.place >= 0 || need.name == "winner" && c.flagged() {
			continue
		}
		near := ""
		if n := text.Nearest(need.name, names); n != "" {
			near = fmt.Sprintf(" (is it %q?)", n)
		}
		return c, fmt.Errorf("there is no column %s%s; %s", need.name, near, arenaNeeds)
	}
	return c, nil
}

// flagged reports whether a winner is told by three columns.
func (c arenaColumns) flagged() bool { return slices.Min(c.flags[:]) >= 0 }

// winnerFlagged reads which of the three columns has the 1.
func (c arenaColumns) winnerFlagged(cell func(int) string) (bot.Choice, error) {
	var won []bot.Choice
	for i, choice := range []bot.Choice{bot.Left, bot.Right, bot.Equal} {
		switch s := cell(c.flags[i]); strings.ToLower(s) {
		case "1", "1.0", "true":
			won = append(won, choice)
		case "", "0", "0.0", "false":
		default:
			return "", fmt.Errorf("%s is %q; write 1 or 0", [...]string{"winner_model_a", "winner_model_b", "winner_tie"}[i], s)
		}
	}
	if len(won) != 1 {
		return "", fmt.Errorf("%d of winner_model_a, winner_model_b and winner_tie are 1; a vote has exactly one", len(won))
	}
	return won[0], nil
}

// vote reads one row. The order of the checks matters: a control's names are no
// models, a retest's question is looked up by another column, and only a plain
// row can be left out.
func (c arenaColumns) vote(cells []string) (verdict.VoteRow, error) {
	cell := func(i int) string {
		if i < 0 {
			return ""
		}
		return strings.TrimSpace(cells[i])
	}
	v := verdict.VoteRow{
		Question: cell(c.question),
		Prompt:   cell(c.prompt),
		Models:   [2]string{cell(c.left), cell(c.right)},
		Judge:    cell(c.judge),
		RetestOf: cell(c.retestOf),
		Visible:  cell(c.shown) == string(bot.Reaction),

		VotedFirst: bot.Workspace{Platform: cell(c.platform)}.VotesFirst(),
	}
	var err error
	if c.model != "" {
		v.Judge, v.Model = c.model, true
	} else if v.Judge, v.Model, err = judgeNamed(v.Judge, cell(c.judgeType)); err != nil {
		return v, err
	}
	if cell(c.winner) == "" && c.flagged() {
		v.Winner, err = c.winnerFlagged(cell)
	} else {
		v.Winner, err = winnerNamed(cell(c.winner), v.Model)
	}
	if err != nil {
		return v, err
	}
	if v.Model {
		v.Numbers = [2]string{cell(c.numbers[0]), cell(c.numbers[1])}
		v.Longer = longer(cell(c.answers[0]), cell(c.answers[1]))
	}
	if v.Kind, err = kindNamed(cell(c.kind)); err != nil {
		return v, err
	}
	switch {
	case v.Question == "":
		return v, errors.New("question_id is empty; write anything that tells one question from another")
	case v.Models[0] == "" || v.Models[1] == "":
		return v, errors.New("a model has no name; fill in model_a and model_b")
	case v.Models[0] == v.Models[1]:
		return v, fmt.Errorf("model_a and model_b are both %q; a vote needs two", v.Models[0])
	case v.Kind == bot.Control:
		better := [2]bool{isBetter(v.Models[0]), isBetter(v.Models[1])}
		if better[0] == better[1] {
			return v, fmt.Errorf("of a control pair, model_a or model_b must be called better, whichever answer is; here they are %q and %q", v.Models[0], v.Models[1])
		}
		v.RightBetter = better[1]
		return v, nil
	case v.Kind == bot.Retest && v.RetestOf == "":
		v.RetestOf = sameTasting(v.Question, cell(c.repeats))
		if v.RetestOf == "" {
			return v, errors.New("retest_of is empty; of a retest it holds the question_id of the first time")
		}
	}
	v.Excluded = v.Kind == bot.Plain && cell(c.excluded) != ""
	if id := cell(c.promptID); id != "" {
		v.Prompt = cell(c.pack) + "/" + id
	}
	if turn := cell(c.turn); turn != "" && turn != "1" { // another answer, to the same prompt
		if v.Prompt == "" {
			v.Prompt = v.Question
		}
		v.Question += " turn " + turn
	}
	return v, nil
}

// isBetter reads the name of a control pair's answer, as people write it or an
// export does.
func isBetter(model string) bool {
	return strings.EqualFold(model, "better") || model == ControlNames[0]
}

// sameTasting is the question_id of another round of an export's tasting; ""
// if it is not from an export.
func sameTasting(question, round string) string {
	i := strings.LastIndexByte(question, '.')
	if i < 0 || round == "" || round == "0" {
		return ""
	}
	return question[:i+1] + round
}

// ModelJudge is how the name of a judge begins that is a model.
const ModelJudge = "model:"

// judgeNamed tells people from models.
func judgeNamed(name, kind string) (judge string, model bool, err error) {
	if len(name) > len(ModelJudge) && strings.EqualFold(name[:len(ModelJudge)], ModelJudge) {
		name, model = strings.TrimSpace(name[len(ModelJudge):]), true
	}
	switch strings.ToLower(kind) {
	case "", "person", "human":
	case "model":
		if model = true; name == "" {
			return "", true, errors.New("judge is empty; of a judge that is a model it holds the model's name")
		}
	default:
		return "", false, fmt.Errorf("judge_type is %q; write person or model", kind)
	}
	return name, model, nil
}

// longer says which side's text is longer, by characters.
func longer(left, right string) bot.Choice {
	l, r := utf8.RuneCountInString(left), utf8.RuneCountInString(right)
	switch {
	case left == "" || right == "" || l == r:
		return ""
	case l > r:
		return bot.Left
	}
	return bot.Right
}

// abstains is the winner of a row in which a judge that is a model gave no answer.
const abstains = "abstains"

func winnerNamed(s string, model bool) (bot.Choice, error) {
	if model && strings.EqualFold(s, abstains) {
		return "", nil
	}
	switch strings.ToLower(s) {
	case "model_a", "left":
		return bot.Left, nil
	case "model_b", "right":
		return bot.Right, nil
	case "tie":
		return bot.Equal, nil
	case "tie (bothbad)", "bothbad", "both_bad":
		return bot.Awful, nil
	}
	return "", fmt.Errorf("winner is %q; write model_a, model_b, tie or tie (bothbad)", s)
}

func kindNamed(s string) (bot.Kind, error) {
	switch strings.ToLower(s) {
	case "", "round", "plain":
		return bot.Plain, nil
	case "control":
		return bot.Control, nil
	case "retest":
		return bot.Retest, nil
	}
	return "", fmt.Errorf("kind is %q; write round, control or retest", s)
}

// plainCSV says what keeps a line from being CSV in plain words. nil stays nil.
func plainCSV(err error) error {
	broken, ok := errors.AsType[*csv.ParseError](err)
	switch {
	case !ok:
		return err
	case errors.Is(err, csv.ErrFieldCount):
		return fmt.Errorf("line %d does not have as many cells as the header has names", broken.Line)
	case errors.Is(err, csv.ErrQuote), errors.Is(err, csv.ErrBareQuote):
		return fmt.Errorf("line %d: a quotation mark is not closed, or not doubled inside a quoted cell", broken.Line)
	}
	return fmt.Errorf("line %d: %w", broken.Line, broken.Err)
}

// IgnoringCase gives judges and models that differ only in case one name, as it
// comes first.
func IgnoringCase(rows iter.Seq2[verdict.VoteRow, error]) iter.Seq2[verdict.VoteRow, error] {
	return func(yield func(verdict.VoteRow, error) bool) {
		judges, models := newSpellings(), newSpellings()
		for r, err := range rows {
			r.Judge = judges.of(r.Judge)
			if r.Kind != bot.Control { // whose models are called better and worse
				r.Models = [2]string{models.of(r.Models[0]), models.of(r.Models[1])}
				if err == nil && r.Models[0] == r.Models[1] {
					err = fmt.Errorf("%q stands against itself if case is ignored; rename one of the two models", r.Models[0])
				}
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// spellings hold how a name was written first, by its small letters.
type spellings struct {
	first  map[string]string // by the small letters
	others map[string]string // other spellings, and the first
}

func newSpellings() spellings {
	return spellings{first: make(map[string]string), others: make(map[string]string)}
}

// of returns how name was written first.
func (s spellings) of(name string) string {
	small := strings.ToLower(name)
	first, known := s.first[small]
	switch {
	case !known:
		first = strings.Clone(name) // or it would keep a whole row
		s.first[strings.Clone(small)] = first
	case first != name:
		s.others[strings.Clone(name)] = first
	}
	return first
}

// alike returns the names that differ only in case from an earlier one, with
// that one.
func (s spellings) alike() [][2]string {
	var pairs [][2]string
	for _, other := range slices.Sorted(maps.Keys(s.others)) {
		pairs = append(pairs, [2]string{s.others[other], other})
	}
	return pairs
}
