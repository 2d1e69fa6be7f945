package discord_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// Wherever text of people or models may stand, from the question to what an
// error repeats, nothing that is sent in the life of a tasting is live.
func TestHostileTextsEverywhere(t *testing.T) {
	dir := adaptertest.Peer(t, "TASTETEST_DISCORD", peerHowto)
	const bad = "[click](https://evil.example) @everyone <@1> <@&1> `https://evil.example` ||spoiler|| **bold** <t:1618953630:R> # heading"
	for _, ballot := range []string{"reaction", "private"} {
		t.Run(ballot, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, t.Output())
			s.stop()
			s.names = []string{"[k](https://evil.example)", "@everyone||n||`<@1>"}
			s.words = [2]string{bad, "# " + bad}
			s.begin()
			var sent []string
			heard := func(x *discordfake.Exchange) *discordfake.Exchange {
				if x.Kind == 4 || x.Kind == 7 {
					sent = append(sent, textsOf(t, x.Data)...)
				}
				return x
			}
			type words = []discordfake.Input
			for command, options := range map[string][]words{
				"start": {{str("model", bad), str("against", s.names[0])}, {str("model", s.names[0]), str("against", s.names[1]), str("until", bad)},
					{str("model", s.names[0]), str("against", s.names[1]), str("pack", bad)}, {str("model", s.names[0]), str("against", s.names[1]), str("voters", bad), str("ballot", "private")},
					{str("model", s.names[0]), str("against", s.names[1]), discordfake.Input{Name: "file", Type: 11, Value: s.Upload([]byte("{\"" + bad))}}},
				"close": {{str("tasting", bad)}}, "results": {{str("tasting", bad)}}, "standings": {{str("category", bad)}}, "packs": {{str("pack", bad)}}, "help": {{str("command", bad)}},
			} {
				for _, o := range options {
					heard(s.Slash(t, tasteID, s.boss, command, o...))
				}
			}
			file := s.Upload([]byte("prompt\n" + strings.Repeat(bad+"\n", 1) + "Again " + bad + "\n"))
			s.start(str("model", s.names[0]), str("against", s.names[1]), str("question", bad), str("system", bad), str("ballot", ballot), discordfake.Input{Name: "file", Type: 11, Value: file})
			s.state(1, bot.Open)
			head := s.post("1/head")
			for _, name := range []string{"Ann", "Bob", "Cy"} {
				user := s.Join(name)
				if ballot == "private" {
					x := heard(s.Press(t, tasteID, head.ID, user, "1/taste"))
					for range 2 {
						x = heard(s.Press(t, tasteID, x.Original, user, chosen(t, x.Data, "🅰️")))
					}
					continue
				}
				for n := 1; n <= 2; n++ {
					m := s.post(fmt.Sprintf("1.%d/ballot", n))
					s.tap(m.Channel, m.ID, user, "🅱️", true)
				}
			}
			heard(s.Slash(t, tasteID, s.boss, "status"))
			voting := s.everything(t)
			s.closeIt(head, 1)
			s.state(1, bot.Revealed)
			a := s.post("1/announcement")
			for _, id := range []string{"1/results:round:1", "1/results:round:2", "1/results:details:0"} {
				heard(s.Press(t, tasteID, a.ID, s.boss, id))
			}
			for _, command := range []string{"results", "standings", "models", "me", "status"} {
				heard(s.Slash(t, tasteID, s.boss, command))
			}
			sent = append(append(sent, voting...), s.everything(t)...)
			for i := range sent {
				sent[i] = ownTime.ReplaceAllString(sent[i], "17:00")
			}
			for i, r := range readAsDiscord(t, dir, sent) {
				for _, k := range r.Kinds {
					if slices.Contains(live, k) {
						t.Errorf("others see a %s in %.900q", k, sent[i])
					}
				}
			}
		})
	}
}

// ownTime is a time that the bot says: each reader sees it in their own zone. Those
// that people wrote are of another kind.
var ownTime = regexp.MustCompile(`<t:\d+:f>`)

// textsOf is all in a message that is read as markdown.
func textsOf(t *testing.T, raw json.RawMessage) []string {
	t.Helper()
	var m discordfake.Sent
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	all := []string{m.Content}
	for _, e := range m.Embeds {
		all = append(all, e.Title, e.Description)
	}
	return all
}

// everything is all that was said so far, in the channels and to people.
func (s *stage) everything(t *testing.T) (all []string) {
	t.Helper()
	for _, ms := range s.posts() {
		for _, m := range ms {
			all = append(all, textsOf(t, m.Payload)...)
		}
	}
	for _, m := range s.Said.Private(s.boss) {
		all = append(all, textsOf(t, m.Payload)...)
	}
	return all
}
