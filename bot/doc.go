// Package bot is Tastetest with nothing plugged in: tastings, ballots, votes
// and reveals, and the interfaces through which it reaches the outside world.
//
// # Life of a tasting
//
// Somebody types /tastetest start (bot/engine/command.go, bot/engine/start.go) or fills in its form
// (bot/engine/form.go). What they wish for is stored as a draft with everything it will
// need, and they are asked whether it is meant so (bot/engine/confirm.go). From then on a
// tasting moves by itself from state to state: [Bot.Run] takes every second
// the jobs that are due from the [Store] and does them as far as they go (bot/engine/run.go,
// job.go).
//
//	asking    both models are asked side by side (bot/engine/ask.go), and how long that
//	          took does not show (bot/engine/hold.go); then the sides are
//	          drawn (bot/engine/draw.go) and committed to (bot/proof/proof.go)
//	posting   head and ballots are posted, each once (bot/engine/publish.go)
//	open      people vote; a nudge, an extension, the end (bot/engine/tend.go)
//	closing   the ballots are read one last time and sealed (bot/engine/seal.go)
//	closed    the reveals (bot/engine/reveal.go)
//
// Every step can be cut short anywhere and run again. Once it is over a tasting
// is kept for as long as [Options] say (bot/engine/retention.go): what is deleted is no
// longer in standings either. When a bot is removed from a workspace for good
// everything of it goes (bot/engine/places.go).
//
// # Life of a vote
//
// A chat sees an emoji, makes a [Tap] of it and hands it to [Bot.React], which
// finds the round by the message, turns the side that was tapped into the model
// that stood there, and has the Store merge a [Mark] into the voter's row
// (bot/engine/react.go, vote.go). On a private ballot a [Press] does the same, by the
// order that this voter sees (bot/engine/seat.go). When React returns nil the vote is on
// disk. Nothing is said about it but a count.
//
// # Life of a reveal
//
// At closing, what stands on a ballot is reconciled with what was heard, and
// the final votes are written together with the closed state (bot/engine/seal.go). The
// outcome (bot/compose/outcome.go) is put into words by bot/verdict/finding.go and bot/compose/announce.go, the
// numbers come from bot/stats; each ballot is edited into its reveal, and one
// announcement is posted.
//
// # Standings
//
// Each round's counts are stored at closing, so standings read no vote: the
// rounds that count are gathered (bot/standings/ballotbox.go), fitted (bot/standings/ranking.go) and put
// into a table and sentences (bot/standings/post.go, bot/standings/words.go). The same
// counts put prompts on trial (bot/standings/trial.go).
//
// What a post says is made in bot/compose/compose.go, from the stored tasting alone, so
// that it can be said again: for an edit, after a crash, or by a chat that has
// no memory of its own and shows what [Bot.View] returns (bot/engine/view.go).
//
// Package bot imports nothing of this module but its own sub-packages.
package bot
