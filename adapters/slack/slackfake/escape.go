package slackfake

import (
	"regexp"
	"strings"
)

// lively is what Slack brings to life in what somebody types after a command
// whose should_escape is on: addresses, links, names of people, groups and
// channels.
var lively = regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[^\s"]+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io)\b|[@#][\w.-]*\w`)

// Escape is what Slack makes of what somebody of a team types.
func (s *Slack) Escape(team, text string) string {
	var b strings.Builder
	for {
		at := lively.FindStringIndex(text)
		if at == nil {
			break
		}
		b.WriteString(entities.Replace(text[:at[0]]))
		b.WriteString(s.bring(team, text[at[0]:at[1]]))
		text = text[at[1]:]
	}
	return b.String() + entities.Replace(text)
}

// entities is what Slack does to texts, also before it counts them.
var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// bring is one word that is brought to life; a name that nobody has is text.
func (s *Slack) bring(team, word string) string {
	safe := entities.Replace(word)
	switch {
	case word == "@here", word == "@channel", word == "@everyone":
		return "<!" + word[1:] + ">"
	case strings.HasPrefix(word, "@"):
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, u := range s.users {
			if u.Team == team && u.Name == word[1:] {
				return "<@" + u.ID + "|" + u.Name + ">"
			}
		}
		for _, g := range s.groups {
			if g.Team == team && g.Handle == word[1:] {
				return "<!subteam^" + g.ID + "|" + word + ">"
			}
		}
		return safe
	case strings.HasPrefix(word, "#"):
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, r := range s.rooms {
			if r.Team == team && strings.ToLower(r.ID) == word[1:] {
				return "<#" + r.ID + "|" + word[1:] + ">"
			}
		}
		return safe
	case strings.Contains(word, "://"):
		return "<" + safe + ">"
	case strings.Contains(word, "@"):
		return "<mailto:" + safe + "|" + safe + ">"
	}
	return "<http://" + safe + "|" + safe + ">"
}
