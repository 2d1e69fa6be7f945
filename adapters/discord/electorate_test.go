package discord_test

import (
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// On a server that anybody can join, a reaction ballot counts whoever has a
// role, and says what the result would be with the others. One who has the role
// and leaves the server before the end counts no more.
func TestReactionsOfARole(t *testing.T) {
	t.Parallel()
	s := newStage(t, t.Output())
	s.changed(func() {
		s.Guilds[guildID].Roles["888"], s.Guilds[guildID].Called = 0, map[string]string{"888": "Cooks"}
	})
	s.start(str("model", "kestrel"), str("against", "nova"), str("prompt", "Hi"), str("voters", "<@&888>"))
	s.state(1, bot.Open)
	m := s.post("1.1/ballot")
	if !strings.Contains(string(m.Payload), "Counted are people who have the role Cooks; others may vote and are counted apart.") {
		t.Errorf("the ballot does not say whose votes count: %s", m.Payload)
	}
	emoji := map[string]string{"cook": "🅰️", "guest": "🅱️", "gone": "🤝"}
	for _, who := range []string{"cook", "cook", "cook", "guest", "guest", "gone"} {
		id := s.Join(who)
		if who == "cook" || who == "gone" {
			s.changed(func() { s.Guilds[guildID].Member[id] = []string{"888"} })
		}
		s.tap(tasteID, m.ID, id, emoji[who], true)
		if who == "gone" {
			s.changed(func() { delete(s.Guilds[guildID].Member, id) })
		}
	}
	s.closeIt(m, 1)
	s.state(1, bot.Revealed)
	s.says("1.1/ballot", "3 votes are here counted apart")
	s.says("1/announcement", "3 votes, 3 people, 1 prompt")
	flipped := s.state(1, bot.Revealed).Rounds[0].Flip
	with := "With them: kestrel 3 · nova 2 · equal 1 · both bad 0"
	if flipped {
		with = "With them: kestrel 2 · nova 3 · equal 1 · both bad 0"
	}
	if shown := string(s.Press(t, tasteID, s.post("1/announcement").ID, s.Join("reader"), "1/shows").Data); !strings.Contains(shown, "3 other people were left out. "+with) {
		t.Errorf("what the result shows is told as %s", shown)
	}
}
