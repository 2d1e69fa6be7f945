package discord_test

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// Each story is played twice with the sides exchanged. Apart from the exchanged
// texts and the commitments, every byte that Discord is sent until the reveal
// is the same, in the same order, and so is what is logged.
func TestNothingTellsSidesBeforeTheReveal(t *testing.T) {
	t.Parallel()
	long := strings.Repeat(" word", 1500)
	for _, story := range []struct {
		name    string
		prompts string
		words   [2]string
		ballot  string
		lang    bot.Lang
	}{
		{"one round", "Hi", [2]string{"ALPHA", "OMEGA"}, "reaction", ""},
		{"one round in Chinese", "Hi", [2]string{"ALPHA", "OMEGA"}, "reaction", bot.Zh},
		{"a private ballot in Chinese", "Hi\nBye", [2]string{"ALPHA", "OMEGA"}, "private", bot.Zh},
		{"three rounds", "Hi\nBye\nThanks", [2]string{"ALPHA", "OMEGA"}, "reaction", ""},
		{"one is much longer", "Hi", [2]string{"ALPHA" + long, "OMEGA"}, "reaction", ""},
		{"both are very long", "Hi\nBye", [2]string{"ALPHA" + long, "OMEGA" + long}, "reaction", ""},
		{"one is full of signs", "Hi", [2]string{"ALPHA **x** [a](https://b.example)\n\n- c\n\n```\nd\n```\n", "OMEGA"}, "reaction", ""},
		{"a private ballot", "Hi\nBye\nThanks", [2]string{"ALPHA", "OMEGA"}, "private", ""},
		{"a private ballot of long answers", "Hi\nBye", [2]string{"ALPHA" + long, "OMEGA" + long}, "private", ""},
		{"a private ballot where one is longer", "Hi\nBye", [2]string{"ALPHA" + long, "OMEGA"}, "private", ""},
	} {
		t.Run(story.name, func(t *testing.T) {
			t.Parallel()
			more := []string{"three rounds", "both are very long", "a private ballot of long answers", "a private ballot where one is longer"}
			if testing.Short() && slices.Contains(more, story.name) {
				t.Skip("stories like it are shorter: run without -short")
			}
			var heard [2]string
			for turn := range heard {
				heard[turn] = overhear(t, story.prompts, story.words, story.ballot, story.lang, byte(turn))
			}
			if story.lang == bot.Zh && !strings.Contains(heard[0], "揭晓") {
				t.Fatal("Discord is not spoken to in Chinese; this test has tested nothing")
			}
			if !strings.Contains(heard[0], "ALPHA") || heard[0] == heard[1] {
				t.Fatal("the sides were not exchanged; this test has tested nothing")
			}
			plain := len(story.words[0]) == len(story.words[1]) // else the texts are cut elsewhere
			if diff := cmp.Diff(heard[0], exchanged.Replace(heard[1])); diff != "" && plain {
				t.Errorf("what Discord is sent tells which model is where (-one way, +the other):\n%s", diff)
			}
			if a, b := shape(heard[0]), shape(heard[1]); a != b {
				t.Errorf("the number and kinds of requests tell which model is where:\n%s", cmp.Diff(a, b))
			}
		})
	}
}

var exchanged = strings.NewReplacer("ALPHA", "OMEGA", "OMEGA", "ALPHA")

// shape is what was requested, without what was said.
func shape(heard string) string {
	var lines []string
	for line := range strings.Lines(heard) {
		if verb, _, ok := strings.Cut(line, " {"); ok {
			lines = append(lines, verb)
		}
	}
	return strings.Join(lines, "\n")
}

// overhear plays a story until just before its reveal and returns what Discord
// was sent, and what was logged.
func overhear(t *testing.T, prompts string, words [2]string, ballot string, lang bot.Lang, turn byte) string {
	logged := &adaptertest.Logs{}
	s := newStage(t, logged)
	s.stop()
	s.lang = lang
	s.rand, s.words = steady{rand.NewChaCha8([32]byte{1}), turn}, words
	s.begin()
	file := s.Upload([]byte("prompt\n" + prompts + "\n"))
	s.start(str("model", "kestrel"), str("against", "nova"), str("ballot", ballot), discordfake.Input{Name: "file", Type: 11, Value: file})
	s.state(1, bot.Open)
	if ballot == "private" {
		// A voter's order is made from who they are.
		s.fake.Mu.Lock()
		s.Users["11"], s.Guilds[guildID].Member["11"] = discordfake.Person{ID: "11", Name: "Ann"}, nil
		s.fake.Mu.Unlock()
		x := s.Press(t, tasteID, s.post("1/head").ID, "11", "1/taste")
		for range strings.Count(prompts, "\n") + 1 {
			x = s.Press(t, tasteID, x.Original, "11", chosen(t, x.Data, "🅰️"))
		}
		s.says("1/head", map[bot.Lang]string{"": "1 has tasted", bot.Zh: "1 人"}[lang]) // counts are edited in now and then
	}
	s.Slash(t, tasteID, s.boss, "status")
	s.stop()
	// What is said in the channel, and what to the starter meanwhile.
	var out, aside []string
	for _, c := range s.Calls.Journal("") {
		switch verb, path, _ := strings.Cut(c.Method, " "); {
		case verb == "GET", strings.HasSuffix(path, "/commands"):
		case strings.HasPrefix(path, "/webhooks/"): // how asking goes, by the clock
		case strings.HasPrefix(path, "/interactions/"), strings.HasPrefix(path, "/users/"), strings.Contains(string(c.Body), "posting now"):
			aside = append(aside, varying.ReplaceAllString(c.Method+" "+string(c.Body), "…"))
		default:
			out = append(out, c.Method+" "+string(c.Body))
		}
	}
	var log []string
	for line := range strings.Lines(logged.String()) {
		switch {
		case strings.Contains(line, "register the commands"):
		case strings.Contains(line, "see whether a thread goes to sleep"): // given up after a second of the clock's, on a busy machine
		default:
			log = append(log, line)
		}
	}
	for i := range log {
		log[i] = varying.ReplaceAllString(log[i], "…")
	}
	slices.Sort(log)
	slices.Sort(aside)
	return varying.ReplaceAllString(strings.Join(append(out, aside...), "\n")+"\n"+strings.Join(log, ""), "…")
}

// Commitments, times, Discord's IDs, the nonces made of them and what divides
// files differ from run to run.
var varying = regexp.MustCompile(`[0-9a-f]{60,64}|time=\S+|\d{15,}|127\.0\.0\.1:\d+|"nonce":"[^"]+"|closes [^"\\]*|models revealed [^"\\]*`)

// steady is a source of which the one byte that is read alone, and which
// decides the sides, is turned.
type steady struct {
	chacha *rand.ChaCha8
	turn   byte
}

func (r steady) Read(p []byte) (int, error) {
	n, err := r.chacha.Read(p)
	if len(p) == 1 {
		p[0] ^= r.turn
	}
	return n, err
}
