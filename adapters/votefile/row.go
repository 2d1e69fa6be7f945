package votefile

import (
	_ "embed"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Codebook says in Markdown what each column holds.
//
//go:embed codebook.md
var Codebook string

// A Row is one vote. codebook.md says what each column holds; the
// first seven are the arena convention.
type Row struct {
	QuestionID string  `json:"question_id"`
	ModelA     string  `json:"model_a"`
	ModelB     string  `json:"model_b"`
	Winner     string  `json:"winner"`
	Judge      string  `json:"judge"`
	Turn       int     `json:"turn"`
	Tstamp     float64 `json:"tstamp"`

	Platform     string    `json:"platform"`
	Workspace    string    `json:"workspace"`
	Channel      string    `json:"channel"`
	Tasting      uint64    `json:"tasting"`
	Round        int       `json:"round"`
	Rounds       int       `json:"rounds"`
	VoidRounds   []int     `json:"void_rounds,omitempty"`
	Kind         bot.Kind  `json:"kind"`
	Repeats      int       `json:"repeats"`
	Ballot       string    `json:"ballot"`
	FirstModel   string    `json:"first_model"` // "model_a" or "model_b"
	SideKnown    bool      `json:"side_known"`
	Position     int       `json:"position"`
	Changes      int       `json:"changes"`
	Question     string    `json:"question"`
	Pack         string    `json:"pack"`
	PromptID     string    `json:"prompt_id"`
	Category     string    `json:"category"`
	Opened       time.Time `json:"opened"`
	Closed       time.Time `json:"closed"`
	Revealed     time.Time `json:"revealed"`
	ClosedLate   bool      `json:"closed_late"`
	Excluded     []string  `json:"excluded,omitempty"`
	FingerprintA string    `json:"model_a_fingerprint"`
	FingerprintB string    `json:"model_b_fingerprint"`

	exportedTexts // with --texts
}

// exportedTexts are what --texts adds.
type exportedTexts struct {
	Prompt  string       `json:"prompt,omitempty"`
	System  string       `json:"system,omitempty"`
	AnswerA string       `json:"answer_a,omitempty"`
	AnswerB string       `json:"answer_b,omitempty"`
	Cards   *[2]bot.Card `json:"cards,omitempty"` // of model_a and model_b
	Full    *bot.Texts   `json:"texts,omitempty"` // first model's answer first
}

// Why a vote stays out of the standings.
const (
	ExcludedFlagged   = "an answer names its author"
	excludedSimulated = "simulated people voted"
	ExcludedPasted    = "somebody pasted both texts"
	excludedVersions  = "two versions of a prompt"
	ExcludedGate      = "a gate compared what is no model"
	ExcludedControl   = "a control pair"
	excludedRetest    = "a repeat of an earlier round"
	excludedFurther   = "a prompt that only a judge read"
)

// winners are the four values of the column of that name, by side as seen.
var winners = map[bot.Choice]string{
	bot.Left:  "model_a",
	bot.Right: "model_b",
	bot.Equal: "tie",
	bot.Awful: "tie (bothbad)",
}

// A column is how a row's field stands in a CSV file.
type column struct {
	name string
	cell func(Row) string
}

var columns = []column{
	{"question_id", func(r Row) string { return r.QuestionID }},
	{"model_a", func(r Row) string { return r.ModelA }},
	{"model_b", func(r Row) string { return r.ModelB }},
	{"winner", func(r Row) string { return r.Winner }},
	{"judge", func(r Row) string { return r.Judge }},
	{"turn", func(r Row) string { return strconv.Itoa(r.Turn) }},
	{"tstamp", func(r Row) string { return strconv.FormatFloat(r.Tstamp, 'f', 3, 64) }},
	{"platform", func(r Row) string { return r.Platform }},
	{"workspace", func(r Row) string { return r.Workspace }},
	{"channel", func(r Row) string { return r.Channel }},
	{"tasting", func(r Row) string { return strconv.FormatUint(r.Tasting, 10) }},
	{"round", func(r Row) string { return strconv.Itoa(r.Round) }},
	{"rounds", func(r Row) string { return strconv.Itoa(r.Rounds) }},
	{"void_rounds", func(r Row) string { return numbers(r.VoidRounds) }},
	{"kind", func(r Row) string { return string(r.Kind) }},
	{"repeats", func(r Row) string { return strconv.Itoa(r.Repeats) }},
	{"ballot", func(r Row) string { return r.Ballot }},
	{"first_model", func(r Row) string { return r.FirstModel }},
	{"side_known", func(r Row) string { return strconv.FormatBool(r.SideKnown) }},
	{"position", func(r Row) string { return strconv.Itoa(r.Position) }},
	{"changes", func(r Row) string { return strconv.Itoa(r.Changes) }},
	{"question", func(r Row) string { return r.Question }},
	{"pack", func(r Row) string { return r.Pack }},
	{"prompt_id", func(r Row) string { return r.PromptID }},
	{"category", func(r Row) string { return r.Category }},
	{"opened", func(r Row) string { return stamp(r.Opened) }},
	{"closed", func(r Row) string { return stamp(r.Closed) }},
	{"revealed", func(r Row) string { return stamp(r.Revealed) }},
	{"closed_late", func(r Row) string { return strconv.FormatBool(r.ClosedLate) }},
	{"excluded", func(r Row) string { return strings.Join(r.Excluded, "; ") }},
	{"model_a_fingerprint", func(r Row) string { return r.FingerprintA }},
	{"model_b_fingerprint", func(r Row) string { return r.FingerprintB }},
}

var textColumns = []column{
	{"prompt", func(r Row) string { return r.Prompt }},
	{"system", func(r Row) string { return r.System }},
	{"answer_a", func(r Row) string { return r.AnswerA }},
	{"answer_b", func(r Row) string { return r.AnswerB }},
}

func numbers(ns []int) string {
	words := make([]string, len(ns))
	for i, n := range ns {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ";")
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// guarded keeps a spreadsheet from taking a cell for a formula.
func guarded(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// WriteCSV writes rows as a table; with prompts and answers if so asked. Cells
// that a spreadsheet would take for formulas are quoted.
func WriteCSV(out io.Writer, rows []Row, texts bool) error {
	cols := columns
	if texts {
		cols = append(cols[:len(cols):len(cols)], textColumns...)
	}
	w := csv.NewWriter(out)
	cells := make([]string, len(cols))
	for i, col := range cols {
		cells[i] = col.name
	}
	if err := w.Write(cells); err != nil {
		return err
	}
	for _, r := range rows {
		for i, col := range cols {
			cells[i] = guarded(col.cell(r))
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// WriteJSONL writes rows as JSON, one a line: all that [Import] needs, if
// they were collected with their texts.
func WriteJSONL(out io.Writer, rows []Row) error {
	w := json.NewEncoder(out)
	w.SetEscapeHTML(false)
	for _, r := range rows {
		if err := w.Encode(r); err != nil {
			return err
		}
	}
	return nil
}
