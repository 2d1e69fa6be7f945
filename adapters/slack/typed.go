package slack

import (
	"context"
	"regexp"
	"strings"
)

// typed is what somebody typed after the command, before Slack put links and
// mentions into it, and who is meant by the names in it: "@ana" is a user's ID,
// "@designers" a user group's. Of a link the label is what was typed; its target
// is Slack's. Surprising: a mention without a name, or with a name that stands
// for somebody else already, stays "<@U024BE7LH>"; see withNames.
func typed(s string) (text string, meant map[string]string) {
	var b strings.Builder
	meant = make(map[string]string)
	for {
		i := strings.IndexByte(s, '<')
		j := strings.IndexByte(s[max(i, 0):], '>')
		if i < 0 || j < 0 {
			break
		}
		j += i
		b.WriteString(unescaped(s[:i]))
		target, label, _ := strings.Cut(s[i+1:j], "|")
		b.WriteString(unescaped(word(target, label, meant)))
		s = s[j+1:]
	}
	b.WriteString(unescaped(s))
	return b.String(), meant
}

// word is one thing that Slack brought to life, as it was typed.
func word(target, label string, meant map[string]string) string {
	id, sign := target, ""
	switch {
	case strings.HasPrefix(target, "@"):
		id, sign = target[1:], "@"
	case strings.HasPrefix(target, "!subteam^"):
		id, sign = strings.TrimPrefix(target, "!subteam^"), "@"
	case strings.HasPrefix(target, "#"): // a channel's label is empty if it is private
		if label == "" {
			return "<" + target + ">"
		}
		return "#" + label
	case strings.HasPrefix(target, "!"): // here, channel, everyone
		return "@" + strings.TrimPrefix(target, "!")
	case label != "":
		return label
	default:
		return target
	}
	name := sign + strings.TrimPrefix(label, sign)
	if other, taken := meant[name]; name == sign || strings.ContainsAny(name, " ,") || taken && other != id {
		return "<@" + id + ">"
	}
	meant[name] = id
	return name
}

var unnamed = regexp.MustCompile(`<@([UW][A-Z0-9]+)>`)

// withNames puts names in the place of mentions that came without one, as far as
// Slack says them in time.
func (t *team) withNames(ctx context.Context, text string, meant map[string]string) string {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	return unnamed.ReplaceAllStringFunc(text, func(mention string) string {
		id := mention[2 : len(mention)-1]
		p, err := t.person(ctx, first, id, voterLasts)
		name := "@" + p.handle
		if other, taken := meant[name]; err != nil || p.handle == "" || taken && other != id {
			return mention
		}
		meant[name] = id
		return name
	})
}

func unescaped(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}
