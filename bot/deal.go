package bot

// A Deal says how the rounds of a private tasting are dealt to people, and how
// often the bot looks at votes while they come in. The zero Deal is everybody on
// every round, and one look, when voting is over.
type Deal struct {
	Plain int    // plain rounds in one person's deck; 0: all that are live
	Seed  []byte // 16 random bytes by which decks are dealt; secret until the reveal
	Seats int    // taken so far. A [Store] counts them

	Most   int  // votes that those invited can give, control pairs included; 0: not known
	Looks  int  // at votes, at the most, the last of them when voting is over; 0 is 1
	Looked int  // while voting was open: which look was the latest. Secret until voting is over
	Shown  bool // by that look, which ended voting

	Commitment []byte // SHA-256 of the pool, the decks and the rule; see package proof
}
