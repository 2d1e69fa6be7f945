package record

import (
	"crypto/rand"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// NewPseudonym returns a random user that nobody is.
func NewPseudonym() string { return bot.ForgottenUser + rand.Text()[:12] }

// Replace puts p in the place of user and reports whether it was there, by ID
// or by the name that people are invited by.
func Replace(users []string, user, p string) (found bool) {
	name, _, _ := strings.Cut(user, "·")
	for i, u := range users {
		if u == user || strings.EqualFold(u, name) {
			users[i], found = p, true
		}
	}
	return found
}
