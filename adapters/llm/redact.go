package llm

import (
	"regexp"
	"strings"
)

const hidden = "(hidden)"

var (
	secretName  = regexp.MustCompile(`(?i)auth|key|token|secret|cookie|passw|credential|session`)
	secretValue = regexp.MustCompile(`(?i)^(?:bearer|basic) |^(?:sk|gsk|xai|pk|rk)[-_]|^AIza|^[A-Za-z0-9_+/=.]{24,}$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-`)

	// What keys look like in the error texts of providers, whole or in part.
	keyLike = regexp.MustCompile(`(?i)\b(?:bearer|basic) +\S+|\b(?:sk|gsk|xai|pk|rk)[-_][\w*.-]+|\bAIza[\w*.-]+|\S*\*{3,}\S*`)
	word    = regexp.MustCompile(`[\w-]{4,}`)
)

// secret reports whether a header or field looks like a credential.
func secret(name, value string) bool {
	return secretName.MatchString(name) || secretValue.MatchString(value)
}

// withoutSecrets returns fields with what looks like a credential hidden, at
// any depth.
func withoutSecrets(fields map[string]any) map[string]any {
	clean := make(map[string]any, len(fields))
	for name, value := range fields {
		clean[name] = withoutSecret(name, value)
	}
	return clean
}

func withoutSecret(name string, value any) any {
	switch v := value.(type) {
	case map[string]any:
		return withoutSecrets(v)
	case []any:
		clean := make([]any, len(v))
		for i := range v {
			clean[i] = withoutSecret(name, v[i])
		}
		return clean
	case string:
		if secret(name, v) {
			return hidden
		}
	}
	return value
}

// A redactor makes what providers say fit for a log.
type redactor []string // secrets

func newRedactor(s Settings) redactor {
	var r redactor
	if s.Key != "" {
		r = append(r, s.Key)
	}
	for name, value := range s.Headers {
		if secret(name, value) {
			r = append(r, value)
		}
	}
	return r
}

// redact hides keys, parts of keys and what repeats what was asked, and cuts what is long.
func (r redactor) redact(text string, asked ...string) string {
	for _, s := range r {
		text = strings.ReplaceAll(text, s, hidden)
	}
	text = keyLike.ReplaceAllLiteralString(text, hidden)
	text = word.ReplaceAllStringFunc(text, func(w string) string {
		for _, s := range r {
			if strings.Contains(s, w) {
				return hidden
			}
		}
		return w
	})
	text = withoutEcho(text, asked...)
	const longest = 500 // characters
	if runes := []rune(strings.ToValidUTF8(text, "\uFFFD")); len(runes) > longest {
		return string(runes[:longest]) + " …"
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}
