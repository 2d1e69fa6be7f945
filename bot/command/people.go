package command

import (
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// People understands "@ana, @li" and "<@U024BE7LH>". meant are those whom the
// chat knows by these names, by the name with its @.
func People(s string, meant map[string]string) ([]string, error) {
	var users []string
	for _, f := range strings.FieldsFunc(plain.Replace(s), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }) {
		u := strings.Trim(f, "<@!>")
		if id, ok := meant["@"+u]; ok {
			u = id
		}
		if u != "" && !slices.Contains(users, u) {
			users = append(users, u)
		}
	}
	if len(users) > bot.MostInvited {
		return nil, bot.UserError(bot.Say("At most {n} people can be invited by name. Leave {option} out, and everyone in the channel may taste.", bot.Count(bot.MostInvited), named("invite")))
	}
	return users, nil
}
