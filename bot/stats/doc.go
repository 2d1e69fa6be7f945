// Package stats turns votes into numbers that may honestly be said.
//
// Votes are coded by model, never by side: 1 for the first model, 0 for the
// second, ½ for "equal" and "both bad". All shares, levels and probabilities
// are between 0 and 1. Functions are pure; those that shuffle take their own
// source of randomness. Input that carries no information (no votes, one
// voter, one prompt, all ties) gives a result that says so, never NaN or Inf.
//
//   - one poll: [Exact], [Wilson]
//   - a tasting of several prompts: [TwoWay]
//   - for people: [Percent]
package stats
