// Package bot is the vocabulary of Tastetest: tastings, rounds, votes, posts
// and jobs, and the interfaces through which the program reaches the outside
// world ([Chat], [Store], [Model], [Library]). It can be read in one sitting,
// and everybody may import it, because it does nothing by itself: who acts is
// package engine. This comment is the tour through both.
//
// # The rooms
//
//	bot/text       what is done to texts: clean, cut, words, leaks
//	bot/say        every sentence in words, in English and Chinese
//	bot/command    the table of commands, the grammar, times
//	bot/schedule   what comes again and again, on the clock of a place
//	bot/proof      the commitment, for an auditor to read alone
//	bot/stats      pure functions on numbers
//	bot/verdict    votes to a finding in words
//	bot/standings  rounds' counts to ranks in words; prompts on trial
//	bot/deal       what a tasting is made of: prompts, control pairs, decks, sides
//	bot/compose    what a post says, from values alone
//	bot/chart      a post as a picture
//	bot/engine     Bot: asks, publishes, hears, seals, reveals, does what is due
//
// Arrows point one way, from those below to those above; imports_test.go has
// the list.
//
// # Life of a tasting
//
//	draft ──▶ asking ──▶ posting ──▶ open ──▶ closing ──▶ closed ──▶ revealed
//	  │          │          │         │          │          │
//	  ├──────────┴──────────┴─────────┤          │          │
//	  ▼                               ▼          ▼          ▼
//	cancelled                       failed  ◀────┴──────────┘
//
// A [State] only moves forward: along the upper line, or out of it. Up to open
// somebody may cancel it; in any state a place that stays lost, or a chat that
// refuses for good, may fail it. Votes of a tasting that left the line are
// kept and never revealed.
//
// Somebody types /tastetest start (engine/command.go, engine/start.go) or fills
// in its form (engine/form.go). What they wish for is stored as a draft with
// everything it will need, and they are asked whether it is meant so
// (engine/confirm.go). How much is asked, and of whom, follows from how many are
// invited (deal/size.go); on a private ballot each person is dealt a deck of a
// pool (order.go). From then on a tasting moves by itself:
//
//	asking    both models are asked side by side, and how long that took does
//	          not show (engine/ask.go); then the sides are drawn
//	          (deal/flips.go) and committed to (proof/proof.go)
//	posting   head and ballots are posted, each once (engine/publish.go)
//	open      people vote; a nudge, an extension, the end (engine/tend.go), or
//	          an early one, when a look finds something (engine/look.go)
//	closing   the ballots are read one last time and sealed
//	          (engine/seal.go)
//	closed    the announcement (engine/reveal.go)
//	revealed  ballots are edited into their reveals (engine/reveal.go), and the
//	          announcement into what judges made of it (engine/judging.go)
//
// Once it is over a tasting is kept for as long as the options say
// (engine/retention.go): what is deleted is no longer in standings either. When
// a bot is removed from a workspace for good everything of it goes
// (engine/places.go).
//
// # Life of a vote
//
// A chat sees an emoji, makes a [Tap] of it and hands it to [Handler].React,
// which finds the round by the message, turns the side that was tapped into the
// model that stood there (order.go), and has the Store merge a [Mark] into the
// voter's row (engine/react.go, vote.go). On a private ballot a [Press] does the
// same, by the order that this voter sees (engine/press.go, engine/seat.go). When
// React returns nil the vote is on disk. Nothing is said about it but a count
// (engine/latecounts.go).
//
// # Life of a reveal
//
// At closing, what stands on a ballot is reconciled with what was heard, and
// the final votes are written together with the closed state and the rounds'
// counts (engine/seal.go, tally.go). What was voted becomes evidence
// (compose/outcome.go), the evidence a decision (stats/decide.go), the decision
// a title and sentences (verdict/finding.go), and these a post
// (compose/announce.go), with the proof that the sides were fixed beforehand
// (proof/proof.go). It is posted once, by its key (post.go,
// engine/publish.go); then each ballot is edited into what it hid.
//
// Each round's counts stay, so standings read no vote: the rounds that count
// are gathered (standings/ballotbox.go), fitted (standings/ranking.go) and put
// into a table and sentences (standings/post.go, standings/words.go). The same
// counts put prompts on trial (standings/trial.go).
//
// Judges are models that read a sealed tasting beside the people, each in a job of
// its own (judge/tasting.go): both orders of every round (judge/read.go), by a
// grammar of four answers (judge/answer.go). What they say is no vote, and is held
// beside the votes (judge/report.go, verdict/judges.go, stats/judge.go). One that has
// earned it reads further prompts too, which nobody votes on (engine/rounds.go,
// judge/further.go), and what that adds to the votes is said beside them
// (stats/further.go).
//
// What a post says is made from the stored tasting alone (engine/say.go reads,
// bot/compose words), so that it can be said again: for an edit, after a crash,
// or by a chat that has no memory of its own and shows what [Reader].View
// returns (engine/view.go).
//
// # Life of a job
//
// What falls due is a [Job] in the Store (job.go): a tasting's next step, by its
// Wake; a channel's digest (engine/digest.go, compose/digest.go); what is older than
// the retention. Once a second, and at once when a
// press moved something, the engine takes what is due (engine/run.go). Taking
// gives a term, and whoever acts for a job carries its term ([For]): once
// another has the job, everything that the first still writes is refused with
// [ErrTerm]. A step takes its tasting as far as it will go, can be cut short
// anywhere, and is run again from what is stored. A schedule's job claims what is
// due (schedule.go, schedule/occurrence.go) before it starts or opens anything
// (engine/occur.go), so that each occurrence comes once. One that fails comes back
// after a pause that grows; a chat that asks to wait is waited for
// (engine/refused.go).
package bot
