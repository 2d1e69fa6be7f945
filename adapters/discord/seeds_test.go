package discord_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/bot"
)

// strip takes emoji off a message: those of a name, or all, of everybody. It
// tells as Discord does when a moderator does so, in one event.
func (f *fake) strip(channel, message, name string) {
	m, _ := f.Said.Message(channel, message)
	for _, e := range m.Emoji {
		for _, u := range e.Users {
			if name == "" || e.Name == name {
				f.Said.React(channel, message, u, e.Name, false)
			}
		}
	}
	data := map[string]any{"guild_id": guildID, "channel_id": channel, "message_id": message}
	if name == "" {
		f.Dispatch("MESSAGE_REACTION_REMOVE_ALL", data)
		return
	}
	data["emoji"] = map[string]any{"id": nil, "name": name}
	f.Dispatch("MESSAGE_REACTION_REMOVE_EMOJI", data)
}

// Emoji that a moderator takes away are put back while people vote, so that
// they can go on, and the votes that went with them are gone. After the reveal
// nothing is put back.
func TestEmojiArePutBack(t *testing.T) {
	t.Parallel()
	for name, take := range map[string]func(*stage, string){
		"all of them":        func(s *stage, id string) { s.strip(tasteID, id, "") },
		"one for everybody":  func(s *stage, id string) { s.strip(tasteID, id, "🅰️") },
		"one of the bot's":   func(s *stage, id string) { s.tap(tasteID, id, botID, "🤝", false) },
		"while nobody hears": func(s *stage, id string) { s.stop(); s.strip(tasteID, id, ""); s.begin() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := stageInBubble(t, t.Output())
				m := s.opened()
				kept := func() int {
					votes, err := s.store.Votes(t.Context(), tasting(1).Round(1))
					if err != nil {
						t.Fatal(err)
					}
					return len(slices.DeleteFunc(votes, func(v bot.Vote) bool { return v.Pick() == bot.None }))
				}
				take(s, m.ID)
				adaptertest.Eventually(t, "the four emoji stand again", func() bool {
					now, _ := s.Said.Message(tasteID, m.ID)
					return len(now.Emoji) == 4 && !slices.ContainsFunc(now.Emoji, func(e fakechat.Emoji) bool { return !slices.Contains(e.Users, botID) })
				})
				want := 0
				if name == "one of the bot's" {
					want = 1
				}
				adaptertest.Eventually(t, "the votes are those that stand", func() bool { return kept() == want })
				s.closeIt(m, 1)
				s.state(1, bot.Revealed)
				before := len(s.Calls.Journal(emojiRoute))
				s.strip(tasteID, m.ID, "")
				s.says("1.1/ballot", "kestrel")
				if n := len(s.Calls.Journal(emojiRoute)) - before; n != 0 {
					t.Errorf("after the reveal %d emoji were put back", n)
				}
			})
		})
	}
}
