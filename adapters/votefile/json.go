package votefile

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/bot/verdict"
)

// jsonColumns are the fields of a vote as JSON that matter here, by the names of
// the arena convention.
var jsonColumns = []string{"question_id", "model_a", "model_b", "winner", "judge", "turn", "kind", "retest_of", "repeats", "pack", "prompt_id", "excluded", "ballot", "judge_type", "platform", "answer_a", "answer_b", "winner_model_a", "winner_model_b", "winner_tie"}

// A jsonVote is a vote of any arena or of an export, or feedback of Open WebUI.
// All fields but those that are read here are passed over.
type jsonVote map[string]json.RawMessage

// jsonRows reads votes as JSON, in a list or one after the other.
func jsonRows(in io.Reader, judge string, list bool, yield func(verdict.VoteRow, error) bool) {
	cols, err := findColumns(jsonColumns)
	if err != nil {
		yield(verdict.VoteRow{}, err)
		return
	}
	cols.model = judge
	n, votes := 0, 0
	for v, err := range jsonVotes(in, list) {
		n++
		var rows []verdict.VoteRow
		if err == nil {
			rows, err = v.rows(cols)
		}
		if _, garbled := errors.AsType[text.NotPlain](err); err != nil && !garbled { // which names its line
			err = fmt.Errorf("vote %d: %w", n, err)
		}
		if err != nil {
			yield(verdict.VoteRow{}, err)
			return
		}
		for _, row := range rows {
			votes++
			if !yield(row, nil) {
				return
			}
		}
	}
	switch {
	case votes == 0 && n > 0:
		yield(verdict.VoteRow{}, errors.New("its feedback is on single answers, and says of none that it was better than another model's; "+arenaNeeds))
	case n == 0:
		yield(verdict.VoteRow{}, errors.New("there are no votes in it; "+arenaNeeds))
	}
}

// jsonVotes are the objects of a list, or those that follow each other. The
// first error ends them.
func jsonVotes(in io.Reader, list bool) iter.Seq2[jsonVote, error] {
	return func(yield func(jsonVote, error) bool) {
		d := json.NewDecoder(in)
		if list {
			if _, err := d.Token(); err != nil {
				yield(nil, brokenJSON(err))
				return
			}
		}
		for d.More() {
			var v jsonVote
			if err := d.Decode(&v); err != nil {
				yield(nil, brokenJSON(err))
				return
			}
			if !yield(v, nil) {
				return
			}
		}
		if _, err := d.Token(); err != nil && (list || !errors.Is(err, io.EOF)) {
			yield(nil, brokenJSON(err))
		}
	}
}

// brokenJSON says plainly what is wrong. What is no fault of the JSON stays as it is.
func brokenJSON(err error) error {
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return errors.New(`this is not an object like {"question_id": "1", "model_a": "…", "model_b": "…", "winner": "model_a", "judge": "…"}`)
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("the JSON is broken here; write a list of objects, or one object a line")
	}
	return err
}

// rows are the votes in v: one, or of Open WebUI's feedback one against each of
// the answers that stood beside, which may be none.
func (v jsonVote) rows(cols arenaColumns) ([]verdict.VoteRow, error) {
	if data, ok := v["data"]; ok && v["model_a"] == nil {
		var f feedback
		if err := json.Unmarshal(data, &f); err == nil && f.Model != "" {
			return f.rows(v), nil
		}
	}
	for _, needed := range []string{"model_a", "model_b", "winner"} {
		if v[needed] == nil && (needed != "winner" || v["winner_model_a"] == nil) {
			return nil, fmt.Errorf("there is no field %s; %s", needed, arenaNeeds)
		}
	}
	cells := make([]string, len(jsonColumns))
	for i, name := range jsonColumns {
		cells[i] = scalar(v[name])
	}
	cells[0] = cmp.Or(cells[0], scalar(v["id"])) // as newer arenas call it
	row, err := cols.vote(cells)
	return []verdict.VoteRow{row}, err
}

// scalar is a value as a cell of a table has it: a text, a number, "" for
// nothing and for an empty list.
func scalar(value json.RawMessage) string {
	var s *string
	switch err := json.Unmarshal(value, &s); {
	case len(value) == 0:
		return ""
	case err == nil && s == nil:
		return ""
	case err == nil:
		return *s
	}
	return strings.TrimSuffix(strings.ReplaceAll(string(value), "[]", ""), ".0")
}
