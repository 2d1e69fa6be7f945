// Package stats turns votes into numbers that may honestly be said.
//
// Votes are coded by model, never by side: 1 for the first model, 0 for the
// second, ½ for "equal" and "both bad". All shares, levels and probabilities
// are between 0 and 1. Functions are pure; those that shuffle take their own
// source of randomness. Input that carries no information (no votes, one
// voter, one prompt, all ties) gives a result that says so, never NaN or Inf.
// Counts k of n must have 0 ≤ k ≤ n.
//
// From few votes to many:
//
//   - one poll: [Exact], [Wilson], [Better], [Within], [Equivalent]; [Percent]
//   - one poll that people look at while it runs: [LogE], [Sequence]
//   - polls of separate voters: [FairCoins], [Holm], [RandomEffects]
//   - a tasting, of voters on prompts: [TwoWay]
//   - what else could be behind it: [PromptsDiffer], [PromptSD],
//     [VotersDiffer], [TasteMatters], [Attend], [Agree]
//   - which explanation the votes support: [Decide]; a question that was fixed
//     beforehand: [Mean.AtLeast]
//   - what a tasting to come would find: [PlanFor]
//   - many models: [BradleyTerry]
package stats
