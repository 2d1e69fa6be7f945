package bot_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
)

// Promise 1: each story is played twice with the sides exchanged. Apart from
// the exchanged texts and the commitments, all that leaves the bot is the same
// until the reveal: posts, edits, answers, completions, private messages, what
// a page would show, and logs at every level.
func TestNothingTellsSidesBeforeTheReveal(t *testing.T) {
	for _, story := range []struct {
		name string
		wish string
		set  func(*stage)
	}{
		{"one round", `start kestrel nova prompt="Hello?" until=3h`, nil},
		{"many rounds", "start kestrel nova pack=fruit rounds=6 until=3h", nil},
		{"an odd number of rounds", "start kestrel nova pack=fruit rounds=5 until=3h", nil},
		{"private", "start kestrel nova pack=fruit rounds=4 ballot=private until=3h invite=@bo,@cy,@di", nil},
		{"private, with control pairs and retests", "start kestrel nova pack=fruit rounds=6 ballot=private controls=on retests=on until=3h", nil},
		{"a model names itself and is asked again", "start kestrel nova pack=fruit rounds=4 until=3h", func(s *stage) {
			s.models[0].answers = []string{"⟦I am Kestrel.⟧", "⟦ALPHA 1⟧"}
		}},
		{"a name is flagged", "start kestrel nova pack=fruit rounds=4 until=3h", func(s *stage) {
			s.models[1].answers = []string{"⟦OMEGA, and GPT-4 too.⟧"}
		}},
		{"a round is void", "start kestrel nova pack=fruit rounds=12 until=3h", func(s *stage) {
			s.models[1].refuses = "fruit 2"
		}},
		{"one is much longer", "start kestrel nova pack=fruit rounds=4 until=3h", func(s *stage) {
			s.models[1].answers = []string{"⟦OMEGA" + strings.Repeat(" word", 200) + "⟧"}
		}},
		{"both are very long", `start kestrel nova prompt="Hello?" until=3h`, func(s *stage) {
			s.models[0].answers = []string{"⟦ALPHA" + strings.Repeat(" word", 4000) + "⟧"}
			s.models[1].answers = []string{"⟦OMEGA" + strings.Repeat(" word", 4000) + "⟧"}
		}},
	} {
		t.Run(story.name, func(t *testing.T) {
			var heard [2]string
			for turn := range heard {
				heard[turn] = overhear(t, story.wish, story.set, byte(turn))
			}
			if !strings.Contains(heard[0], "⟦ALPHA") || heard[0] == heard[1] {
				t.Fatal("the sides were not exchanged; this test has tested nothing")
			}
			if diff := cmp.Diff(unsided(heard[0]), unsided(heard[1])); diff != "" {
				t.Errorf("what leaves the bot tells which model is where (-one way, +the other):\n%s", diff)
			}
		})
	}
}

// overhear plays a story until just before its reveal and returns everything
// that left the bot.
func overhear(t *testing.T, wish string, set func(*stage), turn byte) string {
	var out bytes.Buffer
	play(t, func(s *stage) {
		s.opt.Rand = newSteady(turn)
		s.log = &out
		if set != nil {
			set(s)
		}
	}, func(s *stage) {
		id := s.start(wish)
		say := func(what string, v any) { fmt.Fprintf(&out, "%s: %s\n", what, asText(v)) }
		people := []string{"bo", "cy", "di"}
		for i, user := range people {
			seat, private := s.press(user, "1/taste").Post.(bot.Seat)
			for private && seat.Round.Round != 0 {
				say("seat of "+user, seat)
				seat = s.press(user, seat.Buttons[i].ID).Post.(bot.Seat)
			}
			for _, m := range s.room.all() {
				if strings.HasSuffix(m.Key, "/ballot") {
					s.tap(m.Ref, user, bot.Choices[i].Choice, true)
					s.tap(m.Ref, user, bot.Equal, i == 1)
				}
			}
		}
		s.sleep(2*time.Hour + 50*time.Minute) // past counts and nudges
		for _, user := range []string{starter, "bo", "stranger"} {
			for _, text := range []string{"status", "status 1", "results", "close", "extend", "cancel", "models", "packs", "help", "strat", "forget-me"} {
				say(user+" types "+text, s.command(user, text).Post)
			}
			for _, text := range []string{"", "st", "start ", "start k", "status ", "close "} {
				say(user+" begins "+text, s.bot.Suggest(s.Context(), bot.Command{At: lounge, User: user, Text: text}))
			}
			for _, at := range []bot.Place{lounge, {Workspace: team, Channel: "lounge/1"}} {
				shown, err := s.bot.View(s.Context(), at, bot.Voter{Workspace: team, User: user})
				say(user+" looks", fmt.Sprint(asText(shown), err))
			}
		}
		s.wait()
		for _, m := range s.room.all() {
			for _, p := range m.all() {
				say("post "+m.Key, p)
			}
		}
		say("told", s.room.heard())
		if got := s.tasting(id).State; got != bot.Open {
			s.Fatalf("the tasting is %v; this test looks at open ones", got)
		}
	})
	return out.String()
}

// Promises 5 and 10: while the ballots of a tasting are being closed, one after
// the other, none is revealed, as balance would give the rest away, nor edited.
func TestNoRoundIsRevealedBeforeAllHaveClosed(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=4 until=3h")
		for i := range 4 {
			s.tap(s.room.called(s.T, fmt.Sprintf("1.%d/ballot", i+1)).Ref, "bo", bot.Left, true)
		}
		s.room.now(func(c *room) { c.unread = true }) // each is read again and again
		posts := s.room.all()
		edits := func() (n int) {
			for _, m := range posts {
				n += len(m.all())
			}
			return n
		}
		before := edits()
		s.press(starter, "1/close")
		s.sleep(20 * time.Second)
		if now := edits(); now != before {
			s.Errorf("while the tasting closes its posts are edited %d times", now-before)
		}
		if got := s.tasting(id).State; got != bot.Closing {
			s.Fatalf("the tasting is %v; this test looks at one that closes", got)
		}
		shown, err := s.bot.View(s.Context(), lounge, bot.Voter{Workspace: team, User: "bo"})
		if err != nil || len(shown) != 1 || len(shown[0].Thread) != 4 || len(posts) != 5 {
			s.Fatalf("%d posts; View = %s, %v", len(posts), asText(shown), err)
		}
		for i, sh := range shown[0].Thread {
			for _, p := range []bot.Post{sh.Post, posts[i+1].now()} {
				if _, ok := p.(bot.Ballot); !ok {
					s.Errorf("while the tasting closes a ballot has become a %T", p)
				}
			}
		}
		for _, text := range []string{"results", "results 1", "status", "me", "standings"} {
			if said := asText(s.command("bo", text).Post); strings.Contains(said, "⟦") || strings.Contains(said, "kestrel 4") {
				s.Errorf("while the tasting closes %q is answered %s", text, said)
			}
		}
		s.sleep(5 * time.Minute)
		for _, m := range posts[1:] {
			if _, ok := m.now().(bot.Reveal); !ok {
				s.Errorf("in the end %s is a %T", m.Key, m.now())
			}
		}
	})
}

var (
	hashes  = regexp.MustCompile(`commitment [0-9a-f]{64}`)
	answers = regexp.MustCompile(`⟦[^⟧"]*(⟧| …)`)
)

// unsided takes out what may differ: the texts, which all stand in brackets of
// their own, and the commitments.
func unsided(s string) []string {
	return strings.Split(hashes.ReplaceAllString(answers.ReplaceAllString(s, "TEXT"), "commitment …"), "\n")
}
