package bot

import "time"

// How many it takes, and how many there may be.
const (
	enoughVoters      = 5  // for percentages, a verdict, and against an extension
	enoughPrompts     = 5  // for a verdict: fewer say nothing about prompts in general
	tooFewToBreakDown = 3  // votes in a round of a private ballot: under so many, counts could tell who voted for what
	mostRounds        = 20 // of a tasting
	usualRounds       = 10
	mostInvited       = 500 // by name
)

// lateAfter is how late a tasting may close, or wait for its votes, before its
// reveal says so.
const lateAfter = 5 * time.Minute
