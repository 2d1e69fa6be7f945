package bot

import "time"

// How many it takes, and how many there may be.
const (
	EnoughVoters      = 5  // for percentages, a verdict, and against an extension
	EnoughPrompts     = 5  // for a verdict: fewer say nothing about prompts in general
	TooFewToBreakDown = 3  // votes in a round of a private ballot: under so many, counts could tell who voted for what
	MostRounds        = 20 // of a tasting
	UsualRounds       = 10
	MostInvited       = 500 // by name
)

// LateAfter is how late a tasting may close, or wait for its votes, before its
// reveal says so.
const LateAfter = 5 * time.Minute
