package compose

import "github.com/tastetest/tastetest/bot"

// A Turnout is how many have tasted, whatever for.
type Turnout struct {
	All     int
	Invited int  // of those who were invited by name
	Unknown bool // it is still being counted
}

// of is the first part of a head's progress, with so many invited; nothing where it is
// not known yet.
func (n Turnout) of(invited int) bot.Sentence {
	switch {
	case n.Unknown:
		return bot.Sentence{}
	case invited > 0 && n.All > n.Invited:
		return bot.Say("{n} of {invited} invited {n?has|have} tasted, and {more} more", bot.Count(n.Invited), bot.Count(invited), bot.Count(n.All-n.Invited))
	case invited > 0:
		return bot.Say("{n} of {invited} {n?has|have} tasted", bot.Count(n.Invited), bot.Count(invited))
	}
	return bot.Say("{n|has|have} tasted", bot.Count(n.All))
}
