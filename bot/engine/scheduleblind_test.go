package engine_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
)

// Promises 1 and 5 for blocks: played twice with the sides exchanged, all that leaves
// the bot until the block ends is the same but for the texts and the commitments: each
// run's post, the list of schedules, answers, completions, what a page shows, logs. And
// nothing of a round leaves before it is opened.
func TestABlockTellsNothingBeforeItsEnd(t *testing.T) {
	t.Parallel()
	var heard [2]string
	for turn := range heard {
		heard[turn] = overhearBlock(t, byte(turn))
	}
	if !strings.Contains(heard[0], "⟦ALPHA") || heard[0] == heard[1] {
		t.Fatal("the sides were not exchanged; this test has tested nothing")
	}
	if diff := cmp.Diff(unsided(heard[0]), unsided(heard[1])); diff != "" {
		t.Errorf("what leaves the bot tells which model is where (-one way, +the other):\n%s", diff)
	}
}

func overhearBlock(t *testing.T, turn byte) string {
	var out bytes.Buffer
	play(t, func(s *stage) {
		bossy(s)
		s.opt.Rand, s.log = newSteady(turn), &out
		s.opt.Library = shelf{pack(4)} // so that both have the same prompts
		s.models[0].price, s.models[0].speed = &bot.Price{Input: 15e6, Output: 75e6}, 40*time.Millisecond
	}, func(s *stage) {
		say := func(what string, v any) { fmt.Fprintf(&out, "%s: %s\n", what, asText(v)) }
		say("the question", s.scheduled("schedule daily 10:00 start kestrel nova pack=fruit rounds=1 block=4"))
		for date := 1; date <= 3; date++ {
			s.at(date, 10, 0)
			x := s.tasting(tastingNo(1))
			left := out.String() + fmt.Sprint(s.room.heard())
			for _, m := range s.room.all() {
				left += fmt.Sprint(asText(m.all()))
			}
			for n := date + 1; n <= 4; n++ {
				texts, err := s.store.Texts(s.Context(), x.ID.Round(n))
				if err != nil {
					s.Fatal(err)
				}
				if strings.Contains(left, texts.Prompt.Text) {
					s.Errorf("on day %d the prompt of round %d has left the bot", date, n)
				}
			}
			for i, user := range []string{"bo", "cy", "di"} {
				for _, m := range s.room.all() {
					s.tap(m.Ref, user, bot.Choices[(i+date)%4].Choice, true)
				}
			}
			s.sleep(time.Minute)
			for _, user := range []string{"boss", "bo"} {
				for _, text := range []string{"schedule", "status", "status 1", "results", "close", "extend", "cancel", "me", "standings"} {
					say(user+" types "+text, s.command(user, text).Post)
				}
				for _, text := range []string{"sch", "schedule ", "schedule k"} {
					say(user+" begins "+text, s.bot.Suggest(s.Context(), bot.Command{At: lounge, User: user, Text: text}))
				}
				shown, err := s.bot.View(s.Context(), lounge, bot.Voter{Workspace: team, User: user})
				say(user+" looks", fmt.Sprint(asText(shown), err))
				if len(shown) != date {
					s.Errorf("on day %d a page shows %d posts", date, len(shown))
				}
			}
		}
		for _, m := range s.room.all() {
			for _, p := range m.all() {
				say("post "+m.Key, p)
			}
		}
		say("told", s.room.heard())
		if got := s.tasting(tastingNo(1)).State; got != bot.Open {
			s.Fatalf("the block is %v; this test looks at an open one", got)
		}
	})
	return out.String()
}
