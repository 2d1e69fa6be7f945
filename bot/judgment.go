package bot

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"time"
)

// A Judge is a model that reads tastings beside the people. It never votes.
type Judge struct {
	Model
	Rubric string // what it goes by; begins what it is told
}

// Card describes the judge as it is now, its rubric among the settings.
func (j Judge) Card() Card {
	c := j.Model.Card()
	sum := sha256.Sum256([]byte(j.Rubric))
	c.Settings = maps.Clone(c.Settings)
	if c.Settings == nil {
		c.Settings = make(map[string]string)
	}
	c.Settings["rubric"] = fmt.Sprintf("%x", sum[:6])
	return c
}

// An AskedJudge is a judge of a tasting, as it was at the start.
type AskedJudge struct {
	Card Card
	Most int64 // pico-USD that it may cost at most
	Asks int   `json:",omitzero"` // how often it began to read: anew, where the bot was stopped meanwhile
	Lost int64 `json:",omitzero"` // pico-USD that answers may have cost at most which were lost so
}

// Further are prompts of a tasting that no person sees. Both models answer them with
// the others, and once it is sealed one of its judges reads them, to narrow what people's
// votes leave open. They are numbered after the rounds, and a [Store] keeps their texts
// and judgments by those numbers; they take no votes.
type Further struct {
	N     int     // how many
	Judge string  // which of the tasting's judges reads them
	Cost  [2]Cost // of the first model's answers to them and the second's; known once all are there

	// How the judge went with people's votes when the tasting was described; see
	// package stats. Nothing of it is taken from this tasting.
	Rounds      int
	Correlation float64
	Slope       float64
}

// Numbered is how many numbers the rounds and the further prompts of t have.
func (t Tasting) Numbered() int { return len(t.Rounds) + t.Further.N }

// FurtherNumbers returns the numbers of the further prompts.
func (t Tasting) FurtherNumbers() []int {
	ns := make([]int, t.Further.N)
	for i := range ns {
		ns[i] = len(t.Rounds) + i + 1
	}
	return ns
}

// AskedTexts are the texts for which models are asked, where texts are those of all
// rounds and further prompts, or of the rounds alone.
func (t Tasting) AskedTexts(texts []Texts) []Texts {
	return append(t.PlainTexts(texts), texts[len(t.Rounds):]...)
}

// Measure fills in what the answers cost.
func (f *Further) Measure(texts []Texts) {
	for i := range f.Cost {
		f.Cost[i] = Cost{Known: true}
		for _, x := range texts {
			f.Cost[i] = f.Cost[i].Add(x.Answers[i].Cost)
		}
	}
}

// Read returns the numbers of what a judge reads of a sealed tasting: the rounds
// that compare the two models, and the further prompts if they are its own.
func (t Tasting) Read(judge string) []int {
	if t.Further.Judge != judge {
		return t.Tasted()
	}
	return append(t.Tasted(), t.FurtherNumbers()...)
}

// A Judgment is what a model that judges made of one round, beside the people. It
// read the two texts in both orders, and is no vote.
type Judgment struct {
	Judge   string        // its name in the configuration
	Setting string        // the fingerprint of its settings and its rubric
	Model   string        // the model id that its provider returned
	Picks   [2]Pick       // with the first model on the left, and on the right; None: no answer that counts
	Failed  [2]JudgeFault // why not
	Cost    Cost          // of all attempts
	At      time.Time
}

// Dated is m as a [Store] keeps it in t: what comes once it is fixed what judges made of t
// is later than that, whatever the clock said of whoever wrote it.
func (t Tasting) Dated(m Judgment) Judgment {
	if !t.JudgedAt.IsZero() && !m.At.After(t.JudgedAt) {
		m.At = t.JudgedAt.Add(1)
	}
	return m
}

// TooLate reports whether a judge's answer came once it was fixed what judges made of the
// tasting: that counts in no figure. Until then nothing is too late.
func (t Tasting) TooLate(m Judgment) bool { return !t.JudgedAt.IsZero() && m.At.After(t.JudgedAt) }

// A JudgeFault is why a judge gave no answer that counts.
type JudgeFault string

const (
	NoFault     JudgeFault = ""
	OffGrammar  JudgeFault = "other words" // it said something else than it was asked for, twice
	NotAnswered JudgeFault = "no answer"   // its provider gave none
	OverBudget  JudgeFault = "limit"       // asking it would have passed the judges' spending limit
)

// Kinds of jobs about judges, both of a workspace. A JudgeJob's name is the number
// of a tasting, a slash and the judge; a JudgedJob's is the number alone.
const (
	JudgeJob  = "judge"  // one judge reads one tasting
	JudgedJob = "judged" // what judges made of it is added to the reveal
)
