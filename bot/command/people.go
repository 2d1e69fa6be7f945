package command

import (
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// People understands "@ana, @li" and "<@U024BE7LH>": who is named, each once, as
// it was typed or as a mention, "<@U024BE7LH>". meant are those whom the chat
// knows by these names, by the name with its @.
func People(s string, meant map[string]string) ([]string, error) {
	var people []string
	for _, f := range strings.FieldsFunc(plain.Replace(s), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }) {
		if id, ok := meant["@"+strings.TrimPrefix(f, "@")]; ok {
			f = "<@" + id + ">"
		}
		if User(f) != "" && !slices.ContainsFunc(people, func(n string) bool { return User(n) == User(f) }) {
			people = append(people, f)
		}
	}
	if len(people) > bot.MostInvited {
		return nil, TooMany()
	}
	return people, nil
}

// User is a name or a mention without the signs around it.
func User(typed string) string { return strings.Trim(typed, "<@!>") }

// TooMany says that too many people are invited.
func TooMany() error {
	return bot.UserError(bot.Say("At most {n} people can be invited by name. Leave {option} out, and everyone in the channel may taste.", bot.Count(bot.MostInvited), named("invite")))
}
