package command

import (
	"strconv"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// mostGuests is how many personal links are made at once.
const mostGuests = 100

// Guests understands "10" and "Ann Lee, Bo": for whom links are made, each once, ""
// for somebody who gives their own name. The error is a [bot.UserError].
func Guests(typed string) ([]string, error) {
	typed = strings.TrimSpace(plain.Replace(typed))
	if n, err := strconv.Atoi(typed); err == nil && n >= 1 && n <= mostGuests {
		return make([]string, n), nil
	}
	var names []string
	seen := make(map[string]bool)
	number := true
	for _, f := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == '、' || r == '\n' }) {
		name := strings.TrimSpace(f)
		number = number && strings.Trim(name, "-0123456789") == ""
		if k := text.NameKey(name); k != "" && !seen[k] {
			seen[k] = true
			names = append(names, name)
		}
	}
	if number || len(names) > mostGuests {
		return nil, bot.UserError(bot.Say("Say how many links, 1 to {most}, or for whom: {number} or {names}", bot.Count(mostGuests),
			bot.Usage{Command: "invite-links", Words: []string{"10"}}, bot.Usage{Command: "invite-links", Words: []string{"Ana,", "Bo"}}))
	}
	return names, nil
}
