package prompts

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A Mask is something personal or secret that was taken out of a prompt.
type Mask struct {
	Line int    // of the file, from 1
	Kind string // "e-mail address", "card number", "phone number", "key", "user"
	Was  string
}

// maskers find what is masked, in this order: a card's digits are no phone's.
var maskers = []struct {
	kind  string
	found *regexp.Regexp
	sure  func(string) bool // nil: all that is found
}{
	{"e-mail address", regexp.MustCompile(`[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+`), nil},
	{"key", regexp.MustCompile(`\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\b(?:sk|pk|rk|ghp|gho|ghu|ghs|github_pat|xox[abeprs]|AKIA|ASIA|AIza|glpat|hf|npm|pypi|SG)[-_.]?[\w-]{12,}|(?i:\bbearer )[\w.~+/-]{12,}=*|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`), nil},
	{"key", regexp.MustCompile(`\b[\w-]{32,}\b`), mixed},
	{"card number", regexp.MustCompile(`\b\d(?:[ -]?\d){12,18}\b`), luhn},
	{"phone number", regexp.MustCompile(`(?:\+|\b00)\d(?:[ ().\-/]*\d){6,14}\b|\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b|\b0\d{1,4}[ /-]\d(?:[ -]?\d){4,9}\b|\b1[3-9]\d{9}\b`), nil},
}

// mixed reports whether a long word has letters and digits, as keys have.
func mixed(s string) bool {
	return strings.ContainsFunc(s, unicode.IsLetter) && strings.ContainsFunc(s, unicode.IsDigit)
}

// luhn reports whether digits are a card's, by their check digit.
func luhn(s string) bool {
	sum, n := 0, 0
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] < '0' || s[i] > '9' {
			continue
		}
		d := int(s[i] - '0')
		if n%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		n++
	}
	return n >= 13 && sum%10 == 0
}

// mask takes out of a text what is personal or secret, users' names among it, and
// says what that was.
func mask(line int, said string, users *regexp.Regexp) (string, []Mask) {
	var masks []Mask
	hide := func(kind string, found *regexp.Regexp, sure func(string) bool) {
		said = found.ReplaceAllStringFunc(said, func(was string) string {
			if sure != nil && !sure(was) {
				return was
			}
			masks = append(masks, Mask{line, kind, was})
			return "⟨" + kind + "⟩"
		})
	}
	for _, m := range maskers {
		hide(m.kind, m.found, m.sure)
	}
	if users != nil {
		hide("user", users, nil)
	}
	return said, masks
}

// userNames is a pattern of users' names: whole ones, and the words of them that
// begin with a capital, as they are written.
func userNames(users []string) *regexp.Regexp {
	var names []string
	for _, u := range users {
		u = strings.TrimSpace(u)
		names = append(names, u)
		for _, word := range strings.Fields(u) {
			if unicode.IsUpper([]rune(word)[0]) {
				names = append(names, word)
			}
		}
	}
	names = slices.DeleteFunc(names, func(n string) bool {
		letters := 0
		for _, r := range n {
			if unicode.Is(unicode.Han, r) {
				letters++
			}
			if unicode.IsLetter(r) {
				letters++
			}
		}
		return letters < 3
	})
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	if names = slices.Compact(names); len(names) == 0 {
		return nil
	}
	for i, n := range names {
		edge := func(r rune) string { // there is none between Chinese characters
			if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
				return `\b`
			}
			return ""
		}
		runes := []rune(n)
		names[i] = edge(runes[0]) + regexp.QuoteMeta(n) + edge(runes[len(runes)-1])
	}
	return regexp.MustCompile(strings.Join(names, "|"))
}
