package bot

import "time"

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

// A JudgeFault is why a judge gave no answer that counts.
type JudgeFault string

const (
	NoFault     JudgeFault = ""
	OffGrammar  JudgeFault = "other words" // it said something else than it was asked for, twice
	NotAnswered JudgeFault = "no answer"   // its provider gave none
	OverBudget  JudgeFault = "limit"       // asking it would have passed the judges' spending limit
)

// Kinds of jobs about judges. Both are of a workspace; a JudgeJob's name is that of
// [JudgeJobName], a JudgedJob's the number of its tasting.
const (
	JudgeJob  = "judge"  // one judge reads one tasting
	JudgedJob = "judged" // what judges made of it is added to the reveal
)
