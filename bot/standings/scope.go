package standings

import (
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// A Scope narrows standings. Zero fields do not.
type Scope struct {
	Category string
	Pack     string
	Packs    []string // the names that pack stands for
}

func (s Scope) has(r *bot.Round) bool {
	return (s.Category == "" || r.Category == s.Category) && (s.Pack == "" || slices.Contains(s.Packs, r.Pack))
}

// narrow reports whether s leaves anything out.
func (s Scope) narrow() bool { return s.Category != "" || s.Pack != "" }

func (s Scope) title() bot.Sentence {
	named := strings.Join(slices.DeleteFunc([]string{s.Category, s.Pack}, func(n string) bool { return n == "" }), ", ")
	if named == "" {
		return bot.Say("Standings")
	}
	return bot.Say("Standings: {what}", bot.Verbatim(named))
}
