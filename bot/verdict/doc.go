// Package verdict turns votes into what they show, in plain sentences. It is
// the one place where a number becomes a claim, so that a reveal and
// `tastetest analyse` say the same of the same votes: finding.go has the words
// of one pair of models, analyse.go those of a table from anywhere, plan.go what
// it would take to find a difference. What is decided, and how surely, is for
// bot/stats; here is only how it is said, and what is not said.
package verdict
