// Package bot is Tastetest with nothing plugged in: tastings, ballots, votes
// and reveals, and the interfaces through which it reaches the outside world.
//
// # Life of a tasting
//
// Somebody types /tastetest start (command.go, start.go) or fills in its form
// (form.go). What they wish for is stored as a draft with everything it will
// need, and they are asked whether it is meant so (confirm.go). From then on a
// tasting moves by itself from state to state: [Bot.Run] takes every second
// the jobs that are due from the [Store] and does them as far as they go (run.go,
// job.go).
//
//	asking    both models are asked side by side (ask.go), and how long that
//	          took does not show (hold.go); then the sides are
//	          drawn (sides.go) and committed to (proof.go)
//	posting   head and ballots are posted, each once (publish.go)
//	open      people vote; a nudge, an extension, the end (tend.go)
//	closing   the ballots are read one last time and sealed (seal.go)
//	closed    the reveals (reveal.go)
//
// Every step can be cut short anywhere and run again. Once it is over a tasting
// is kept for as long as [Options] say (retention.go): what is deleted is no
// longer in standings either. When a bot is removed from a workspace for good
// everything of it goes (life.go).
//
// # Life of a vote
//
// A chat sees an emoji, makes a [Tap] of it and hands it to [Bot.React], which
// finds the round by the message, turns the side that was tapped into the model
// that stood there, and has the Store merge a [Mark] into the voter's row
// (react.go, vote.go). On a private ballot a [Press] does the same, by the
// order that this voter sees (seat.go). When React returns nil the vote is on
// disk. Nothing is said about it but a count.
//
// # Life of a reveal
//
// At closing, what stands on a ballot is reconciled with what was heard, and
// the final votes are written together with the closed state (seal.go). The
// outcome (outcome.go) is put into words by finding.go and announce.go, the
// numbers come from bot/stats; each ballot is edited into its reveal, and one
// announcement is posted.
//
// # Standings
//
// Each round's counts are stored at closing, so standings read no vote: the
// rounds that count are gathered (ballotbox.go), fitted (ranking.go) and put
// into a table and sentences (standingspost.go, standingswords.go). The same
// counts put prompts on trial (trial.go).
//
// What a post says is made in compose.go, from the stored tasting alone, so
// that it can be said again: for an edit, after a crash, or by a chat that has
// no memory of its own and shows what [Bot.View] returns (view.go).
//
// Package bot imports nothing of this module but its own sub-packages.
package bot
