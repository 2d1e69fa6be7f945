package bot

import (
	"encoding/json"
	"fmt"
	"time"
)

// Stored is a sentence that is kept in a store: why a tasting failed, why a round
// is void. Its key, as it was when it was first written, names it for good:
// where a wording changes later, package say knows the old one by the new.
type Stored Sentence

// IsZero reports whether s says nothing.
func (s Stored) IsZero() bool { return Sentence(s).IsZero() }

// Equal reports whether s and t say the same of the same.
func (s Stored) Equal(t Stored) bool { return Sentence(s).Equal(Sentence(t)) }

// storedSentence is how a sentence is kept as JSON, and storedArg an argument: one of its fields.
type (
	storedSentence struct {
		Say  string      `json:"say,omitempty"`
		Join joint       `json:"join,omitempty"`
		Args []storedArg `json:"args,omitempty"`
	}
	storedArg struct {
		Text    *Verbatim       `json:"text,omitempty"`
		Count   *Count          `json:"n,omitempty"`
		Percent *Percent        `json:"percent,omitempty"`
		Money   *Money          `json:"pico,omitempty"`
		Cost    *Cost           `json:"cost,omitempty"`
		Pace    *Pace           `json:"pace,omitempty"`
		Lasting *Lasting        `json:"lasting,omitempty"`
		Moment  *time.Time      `json:"at,omitempty"`
		Usage   *Usage          `json:"usage,omitempty"`
		Inner   *storedSentence `json:"sentence,omitempty"`
		Series  []storedArg     `json:"series,omitempty"`
		List    []storedArg     `json:"list,omitempty"`
		Most    int             `json:"most,omitempty"`
	}
)

// MarshalJSON keeps the key and the arguments.
func (s Stored) MarshalJSON() ([]byte, error) { return json.Marshal(storedOf(Sentence(s))) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Stored) UnmarshalJSON(data []byte) error {
	var kept storedSentence
	if err := json.Unmarshal(data, &kept); err != nil {
		return fmt.Errorf("read a stored sentence: %w", err)
	}
	*s = Stored(kept.sentence())
	return nil
}

func storedOf(s Sentence) storedSentence {
	return storedSentence{Say: s.key, Join: s.joint, Args: storedArgs(s.args)}
}

// storedArgs are the arguments as they are kept. Numbers of tastings and rounds
// are kept as text: they are written the same everywhere.
func storedArgs(args []Arg) []storedArg {
	var kept []storedArg
	for _, a := range args {
		var k storedArg
		switch a := a.(type) {
		case Count:
			k.Count = &a
		case Percent:
			k.Percent = &a
		case Money:
			k.Money = &a
		case Cost:
			k.Cost = &a
		case Pace:
			k.Pace = &a
		case Lasting:
			k.Lasting = &a
		case Moment:
			at := time.Time(a)
			k.Moment = &at
		case Usage:
			k.Usage = &a
		case Sentence:
			inner := storedOf(a)
			k.Inner = &inner
		case Series:
			k.Series = storedArgs(a)
		case List:
			k.List, k.Most = storedArgs(a.Of), a.Most
		default:
			text := Verbatim(a.String())
			k.Text = &text
		}
		kept = append(kept, k)
	}
	return kept
}

func (k storedSentence) sentence() Sentence {
	return Sentence{key: k.Say, joint: k.Join, args: argsOf(k.Args)}
}

func argsOf(kept []storedArg) []Arg {
	var args []Arg
	for _, k := range kept {
		args = append(args, k.arg())
	}
	return args
}

func (k storedArg) arg() Arg {
	switch {
	case k.Count != nil:
		return *k.Count
	case k.Percent != nil:
		return *k.Percent
	case k.Money != nil:
		return *k.Money
	case k.Cost != nil:
		return *k.Cost
	case k.Pace != nil:
		return *k.Pace
	case k.Lasting != nil:
		return *k.Lasting
	case k.Moment != nil:
		return Moment(*k.Moment)
	case k.Usage != nil:
		return *k.Usage
	case k.Inner != nil:
		return k.Inner.sentence()
	case k.Series != nil:
		return Series(argsOf(k.Series))
	case k.List != nil:
		return List{Of: argsOf(k.List), Most: k.Most}
	case k.Text != nil:
		return *k.Text
	}
	return Verbatim("")
}
