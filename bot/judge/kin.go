package judge

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// firstWord are the letters with which a model's id begins, after its provider:
// "gpt" of openai/gpt-4o, "llama" of llama3.2.
var firstWord = regexp.MustCompile(`^(?:.*/)?(?:meta-|chat)?([a-z]+)`)

// siblings are models that are called otherwise and come from one house.
var siblings = map[string]string{"o": "gpt", "davinci": "gpt", "codex": "gpt", "qwq": "qwen", "tongyi": "qwen", "codestral": "mistral", "mixtral": "mistral", "ministral": "mistral", "magistral": "mistral", "pixtral": "mistral", "devstral": "mistral", "gemma": "gemini", "codellama": "llama"}

// family is what a model is called before its version. Models of one family may
// like their own kind.
func family(c bot.Card) string {
	id := strings.ToLower(cmp.Or(c.Settings["model"], c.Returned, c.Name))
	word := id
	if m := firstWord.FindStringSubmatch(id); m != nil {
		word = m[1]
	}
	return cmp.Or(siblings[word], word)
}

// Kin reports whether a judge is of the family of one of the models.
func Kin(judge bot.Card, models [2]bot.Card) bool {
	f := family(judge)
	return f == family(models[0]) || f == family(models[1])
}
