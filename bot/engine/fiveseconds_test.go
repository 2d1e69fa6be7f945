package engine_test

import (
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

// mostRead is what somebody reads of a reveal before anything is tapped, in
// characters as people see them.
var mostRead = map[bot.Lang]int{bot.En: 560, bot.Zh: 280}

// fiveSeconds fails where a reveal is more than can be read at a glance: eight
// lines with the picture and the row of buttons, and so many characters, in both
// languages. Nor may a line say a share without how many votes it is of.
func fiveSeconds(t testing.TB, a bot.Announcement) {
	t.Helper()
	for lang, most := range mostRead {
		w := say.Words{Voice: bot.Voice{Lang: lang}}.For(a)
		lines, all := []string{"the picture", "the buttons"}, 0
		for _, s := range []bot.Sentence{a.Title, a.Question, a.Finding, a.Cost, a.Choose, a.Next} {
			if s.IsZero() {
				continue
			}
			said := w.Text(s)
			all += uniseg.GraphemeClusterCount(said)
			lines = append(lines, strings.Split(said, "\n")...)
		}
		if len(lines) > 8 || all > most {
			t.Errorf("in %v the reveal has %d lines and %d characters, at most 8 and %d can be read in five seconds:\n%s", lang, len(lines), all, most, strings.Join(lines, "\n"))
		}
		if w.Lang != lang {
			t.Errorf("the reveal is not all there in %v:\n%s", lang, strings.Join(lines, "\n"))
		}
		for _, banned := range []string{"p =", "p-value", "95%", "Wilson", "standard error", "the team", "guessing"} {
			if said := strings.Join(lines, "\n"); strings.Contains(said, banned) {
				t.Errorf("what is read at a glance says %q:\n%s", banned, said)
			}
		}
	}
	if votes := a.Base.String(); !strings.HasPrefix(a.Finding.String(), votes) {
		t.Errorf("the finding does not begin with what it rests on, %q: %q", votes, a.Finding)
	}
	if a.Again != nil && !strings.Contains(a.Next.String(), strings.TrimSuffix(strings.TrimPrefix(a.Again.Label.String(), "Taste "), " more")+" fresh prompts") {
		t.Errorf("the button says %q, and the sentence %q", a.Again.Label, a.Next)
	}
}
