package text

import "regexp"

var variable = regexp.MustCompile(`\{\{-?\s*[\p{L}_][^{}\n]{0,60}\}\}|\{%-?\s*\w[^{}\n]{0,60}%\}`)

// Unfilled returns the first variable of a template in a prompt that nobody has
// filled in: "{{topic}}". Those in code are spoken of. "" if there is none.
func Unfilled(prompt string) string {
	code := codeIn(prompt)
	for _, at := range variable.FindAllStringIndex(prompt, -1) {
		if !code[at[0]] {
			return prompt[at[0]:at[1]]
		}
	}
	return ""
}
