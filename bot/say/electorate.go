package say

import (
	"cmp"

	"github.com/tastetest/tastetest/bot"
)

// Electorate says whose votes count: "people who have the role @members and were
// here before it was started".
func Electorate(e bot.Electorate) bot.Sentence {
	var all bot.List
	if e.Group != "" {
		all.Of = append(all.Of, bot.Say("have the role {role}", bot.Verbatim(cmp.Or(e.Called, e.Group))))
	}
	if e.Age > 0 {
		all.Of = append(all.Of, bot.Say("have had their account for {n|day|days}", bot.Count(e.Age.Hours()/24)))
	}
	if e.Before {
		all.Of = append(all.Of, bot.Say("were here before it was started"))
	}
	return bot.Say("people who {conditions}", all)
}
