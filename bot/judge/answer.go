package judge

import (
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// words are all that a judge may answer.
var words = map[string]bot.Choice{
	"left":     bot.Left,
	"right":    bot.Right,
	"equal":    bot.Equal,
	"both bad": bot.Awful,
}

// Answer reads what a judge said: one of the four answers and nothing else, in
// any case and perhaps with a full stop. Thinking before it does not count. ok is
// false for all else: who argues, names themselves or answers in a form of their
// own did not do as they were told, perhaps because a text told them otherwise.
func Answer(raw string) (c bot.Choice, ok bool) {
	said := strings.ToLower(strings.TrimSpace(text.Clean(raw)))
	c, ok = words[strings.TrimSuffix(said, ".")]
	return c, ok
}
