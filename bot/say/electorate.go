package say

import (
	"cmp"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// Electorate says in words whose votes count: "people who have the role @members and
// were here before it was started".
func Electorate(e bot.Electorate) string {
	var all []string
	if e.Group != "" {
		all = append(all, "have the role "+cmp.Or(e.Called, e.Group))
	}
	if e.Age > 0 {
		all = append(all, "have had their account for "+Plural(int(e.Age.Hours()/24), "day", "days"))
	}
	if e.Before {
		all = append(all, "were here before it was started")
	}
	return "people who " + strings.Join(all, " and ")
}
