package command

import (
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// Electorate understands "@role", "30d", "joined", or several of them.
func Electorate(s string) (bot.Electorate, error) {
	var e bot.Electorate
	for _, w := range strings.FieldsFunc(plain.Replace(s), func(r rune) bool { return r == ',' || r == ' ' }) {
		days, err := strconv.Atoi(strings.TrimSuffix(w, "d"))
		group := strings.Trim(w, "<@&>")
		switch {
		case w == "joined":
			e.Before = true
		case strings.HasSuffix(w, "d") && err == nil && days > 0 && days < 10000:
			e.Age = time.Duration(days) * 24 * time.Hour
		case strings.HasPrefix(strings.TrimPrefix(w, "<"), "@") && group != "":
			e.Group = group
		default:
			return e, bot.UserError(bot.Say("I do not understand “{typed}” in {option}. It takes a role (@members), the age of an account (30d), joined (here before it opened), or several of them: {example}", bot.Verbatim(text.Clip(w)), named("voters"), set("voters", "30d joined")))
		}
	}
	return e, nil
}
