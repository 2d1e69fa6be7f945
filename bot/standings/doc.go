// Package standings ranks the models of a workspace. It is apart from verdicts
// because it rests on something else: not on votes, which may be gone, but on
// the counts that each sealed round keeps. ballotbox.go says which rounds count,
// ranking.go fits them, post.go and words.go say what that shows; the same
// counts put prompts on trial (trial.go).
package standings
