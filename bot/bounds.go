package bot

import "time"

// How many it takes, and how many there may be.
const (
	EnoughVoters      = 5  // for percentages, a verdict, and against an extension
	EnoughPrompts     = 5  // for a verdict: fewer say nothing about prompts in general
	TooFewToBreakDown = 3  // votes in a round of a private ballot: under so many, counts could tell who voted for what
	MostRounds        = 20 // plain ones that one person votes on
	UsualRounds       = 10
	MostPool          = 60  // prompts of a private tasting, of which each person votes on some
	LeastControls     = 3   // in the first wave of a deck, or the bot cannot tell so early whether people look
	MostInvited       = 500 // by name
	ResultsPage       = 8   // tastings on a page of results: what each shows takes a while to find out anew
)

// LateAfter is how late a tasting may close, or wait for its votes, before its
// reveal says so.
const LateAfter = 5 * time.Minute
