package engine_test

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
)

var fruit = regexp.MustCompile(`Describe fruit (\d+)\.`)

// fruitIn is the number of the fruit that a prompt asks for.
func fruitIn(text string) int {
	m := fruit.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// In these stories kestrel, which writes ALPHA, has its votes by the fruit: of six people
// so many are for it.
func fans(n int) int { return []int{6, 5, 1, 4, 0, 6, 2, 5, 6, 1}[n*7%10] }

// A critic is a judge that goes by the fruit as people do, but for every nineteenth; once it
// is deaf it goes by nothing that they care for. It remembers what it was asked.
type critic struct {
	*owl
	deaf bool
}

func newCritic() *critic { return &critic{owl: &owl{name: "owl", id: "owl-1"}} }

func (c *critic) likes(n int) bot.Pick {
	switch first := fans(n) >= 3; {
	case c.deaf && n%2 == 0, !c.deaf && first != (n%19 == 0):
		return bot.First
	}
	return bot.Second
}

func (c *critic) Write(ctx context.Context, p bot.Prompt) (bot.Answer, error) {
	likes := c.likes(fruitIn(p.Text))
	own := &owl{name: c.name, id: c.id, pause: c.pause, says: func(alphaLeft bool) string {
		if (likes == bot.First) == alphaLeft {
			return "left"
		}
		return "right"
	}}
	c.mu.Lock()
	c.asked = append(c.asked, p)
	c.mu.Unlock()
	return own.Write(ctx, p)
}

// criticised sets a stage with a judge and a pack of so many fruits.
func criticised(c *critic, fruits int) func(*stage) {
	return func(s *stage) {
		s.opt.Limits = engine.Limits{Day: -1, Person: -1, Judges: -1, Unknown: 1e9}
		s.opt.Library = shelf{pack(fruits)}
		s.opt.Judges = func() []bot.Judge { return []bot.Judge{{Model: c, Rubric: "Which would you rather send?"}} }
	}
}

// past gives a stage tastings of ten rounds each that were revealed and read by a judge.
// They are numbered as drafts, so that the story begins with number 1.
func (s *stage) past(c *critic, tastings int) {
	s.Helper()
	must := func(err error) {
		if s.Helper(); err != nil {
			s.Fatal(err)
		}
	}
	ctx := s.Context()
	card := bot.Judge{Model: c, Rubric: "Which would you rather send?"}.Card()
	for i := range tastings {
		t := bot.Tasting{
			Place: lounge, Starter: bot.Voter{Workspace: team, User: starter}, Ballot: bot.Reaction, State: bot.Draft, Pack: "fruit", TimeZone: "UTC",
			Models: [2]bot.Card{s.models[0].Card(), s.models[1].Card()}, Judges: []bot.AskedJudge{{Card: card}}, Wake: time.Now().Add(1000 * time.Hour), Created: time.Now(),
		}
		var texts []bot.Texts
		for k := range 10 {
			n := 10*i + k + 1
			t.Rounds = append(t.Rounds, bot.Round{Kind: bot.Plain, Pack: "elsewhere", Prompt: fmt.Sprint("f", n), Category: "creative", Ready: true})
			texts = append(texts, bot.Texts{Prompt: bot.Prompt{Text: fmt.Sprintf("Describe fruit %d.", n)}, Answers: [2]bot.Answer{{Text: "one"}, {Text: "other"}}})
		}
		t, err := s.store.CreateTasting(ctx, t, texts)
		must(err)
		must(s.store.Update(ctx, t.ID, bot.Draft, func(t *bot.Tasting) error { t.State = bot.Closing; return nil }))
		var votes []bot.Vote
		for k := range t.Rounds {
			for v := range 6 {
				vote := bot.Vote{Round: t.ID.Round(k + 1), Voter: bot.Voter{Workspace: team, User: fmt.Sprint("user", v)}}
				pick := bot.Second
				if v < fans(10*i+k+1) {
					pick = bot.First
				}
				vote.Choose(pick, time.Now())
				votes = append(votes, vote)
			}
		}
		must(s.store.Seal(ctx, t.ID, votes, func(t *bot.Tasting, kept bot.Rows) error {
			t.State = bot.Closed
			t.Count(kept)
			return nil
		}))
		for k := range t.Rounds {
			pick := c.likes(10*i + k + 1)
			must(s.store.Judge(ctx, t.ID.Round(k+1), bot.Judgment{Judge: card.Name, Setting: card.Fingerprint(), Picks: [2]bot.Pick{pick, pick}, Cost: bot.Cost{Known: true}, At: time.Now()}))
		}
		must(s.store.Update(ctx, t.ID, bot.Closed, func(t *bot.Tasting) error {
			t.State, t.RevealedAt, t.JudgedAt = bot.Revealed, time.Now(), time.Now()
			return nil
		}))
	}
}

// everybodyVotes has six people vote by the fruit.
func (s *stage) everybodyVotes(id bot.TastingID) {
	s.Helper()
	for _, n := range s.tasting(id).Live() {
		x, err := s.store.Texts(s.Context(), id.Round(n))
		if err != nil {
			s.Fatal(err)
		}
		ballot := s.room.called(s.T, fmt.Sprintf("%v/ballot", id.Round(n)))
		for v := range 6 {
			pick := bot.Second
			if v < fans(fruitIn(x.Prompt.Text)) {
				pick = bot.First
			}
			s.tap(ballot.Ref, fmt.Sprint("user", v), s.choiceOf(id.Round(n), pick), true)
		}
	}
}

// Who has not gone with people's votes over a hundred rounds, at .5 or more, reads no
// further prompts, and the number is said.
func TestFurtherPromptsAreEarned(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		what     string
		tastings int
		deaf     bool
		want     string
	}{
		{"never read anything", 0, false, "so far: owl 0.00 over 0 rounds."},
		{"too few rounds", 9, false, "over 90 rounds."},
		{"no like mind", 11, true, "over 110 rounds."},
	} {
		c := newCritic()
		c.deaf = tt.deaf
		play(t, criticised(c, 130), func(s *stage) {
			s.past(c, tt.tastings)
			said := s.notice(s.command(starter, "start kestrel nova pack=fruit judged=40 until=3h"))
			if !said.Error || !strings.HasPrefix(said.Text.String(), "Prompts that a judge alone reads take one whose correlation with your votes is 0.50 or more over 100 earlier rounds or more; so far: owl ") || !strings.Contains(said.Text.String(), tt.want) {
				s.Errorf("%s: %q", tt.what, said.Text)
			}
		})
	}
}

// A wish for further prompts that cannot be is answered in a sentence.
func TestFurtherPromptsRefused(t *testing.T) {
	t.Parallel()
	c := newCritic()
	play(t, criticised(c, 25), func(s *stage) {
		s.past(c, 11)
		for typed, want := range map[string]string{
			"pack=fruit judged=9":             "how many prompts a judge reads that people do not see, 10 to 200",
			"pack=fruit judged=many":          "“many” is not a number",
			"pack=fruit judged=40 judges=off": "it does not go with",
			`prompt="Why?" judged=40`:         "takes its prompts from the pack",
			"pack=fruit rounds=16 judged=40":  "The pack fruit has 9 more prompts",
		} {
			if said := s.notice(s.command(starter, "start kestrel nova until=3h "+typed)); !said.Error || !strings.Contains(said.Text.String(), want) {
				s.Errorf("%s is answered %q, want %q", typed, said.Text, want)
			}
		}
		said := s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=10 judged=40 until=3h"))
		if said.Error || !strings.Contains(said.Text.String(), "The pack fruit has 15 more prompts, so owl reads as many instead of 40.") {
			s.Errorf("of a pack that has fewer is said %q", said.Text)
		}
	})
	play(t, func(s *stage) {
		criticised(c, 60)(s)
		weighed := pack(60)
		weighed.Prompts[7].Weight = 3
		s.opt.Library = shelf{weighed}
	}, func(s *stage) {
		s.past(c, 11)
		if said := s.notice(s.command(starter, "start kestrel nova pack=fruit judged=40 until=3h")); !said.Error || !strings.Contains(said.Text.String(), "The pack fruit weighs its prompts") {
			s.Errorf("of a pack that weighs its prompts is said %q", said.Text)
		}
	})
	play(t, nil, func(s *stage) {
		if said := s.notice(s.command(starter, "start kestrel nova pack=fruit judged=40")); !said.Error || !strings.HasPrefix(said.Text.String(), "No judge is configured") {
			s.Errorf("without judges one is told %q", said.Text)
		}
	})
}

// What a judge alone reads is asked with the rest and never posted; the reveal comes
// without it, and its one edit says what it adds: to the range and to nothing else.
func TestFurtherPrompts(t *testing.T) {
	t.Parallel()
	c := newCritic()
	play(t, func(s *stage) {
		criticised(c, 130)(s)
		s.opt.Rand = newSteady(0)
	}, func(s *stage) {
		s.past(c, 11)
		ask := s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=10 judged=40 until=3h"))
		for _, want := range []string{
			"Asking for 100 answers costs at most",
			"Once voting has ended owl reads the prompts and both answers, blind; its provider receives them.",
			"Both models also answer 40 prompts of the same pack that nobody sees or votes on; owl reads them too, and its provider receives them.",
			"over 110 rounds: if it stays so, the range that your votes leave gets about ",
		} {
			if !strings.Contains(ask.Text.String(), want) {
				s.Errorf("the question whether to start does not say %q:\n%s", want, ask.Text)
			}
		}
		id := s.start("start kestrel nova pack=fruit rounds=10 judged=40 until=3h")
		if f := s.tasting(id).Further; f.N != 40 || f.Judge != "owl" || f.Rounds != 110 || f.Correlation < 0.5 || f.Cost[0].Known {
			s.Errorf("it has further prompts %+v", f)
		}
		hidden := make(map[int]bool)
		for _, n := range s.tasting(id).FurtherNumbers() {
			x, err := s.store.Texts(s.Context(), id.Round(n))
			if err != nil || x.Answers[0].Text == "" || x.Answers[1].Text == "" {
				s.Fatalf("further prompt %d is answered %q and %q, %v", n, x.Answers[0].Text, x.Answers[1].Text, err)
			}
			hidden[fruitIn(x.Prompt.Text)] = true
		}
		for i := range s.tasting(id).Rounds {
			if x, err := s.store.Texts(s.Context(), id.Round(i+1)); err != nil || hidden[fruitIn(x.Prompt.Text)] {
				s.Errorf("people vote on a further prompt: %s, %v", x.Prompt.Text, err)
			}
		}
		s.everybodyVotes(id)
		if c.times() > 0 {
			s.Errorf("while people vote the judge was asked %d times", c.times())
		}
		c.pause = 10 * time.Second
		s.press(starter, id.String()+"/close")
		s.wait()
		first := s.announcement(id)
		if said := asText(first); strings.Contains(said, "owl") {
			s.Errorf("before the judge has answered the reveal speaks of it: %s", said)
		}
		s.sleep(8 * time.Minute)
		if n := len(s.room.called(s.T, id.String()+"/announcement").all()); n != 2 {
			s.Fatalf("the announcement was said and edited %d times in all, want 2", n)
		}
		after := s.announcement(id)
		notes := bot.Lines(after.Notes...).String()
		if !regexp.MustCompile(`With 40 prompts that only owl read, (kestrel|nova) has \d+%, and may have anything from \d+ to \d+%; by your votes alone from \d+ to \d+%. Of what this rests on, \d+% came from your 60 votes on 10 prompts and \d+% from owl; the verdict is by your votes alone.`).MatchString(notes) {
			s.Errorf("the reveal says of it:\n%s", notes)
		}
		if details := bot.Lines(after.Details...).String(); !strings.Contains(details, "Further prompts: 40, read by owl; their weight was fixed before the first vote") {
			s.Errorf("details do not say what was fixed:\n%s", details)
		}
		for what, pair := range map[string][2]any{"bars": {first.Bars, after.Bars}, "title": {first.Title, after.Title}, "base": {first.Base, after.Base}, "verdict": {first.Verdict, after.Verdict}, "range": {first.Fits, after.Fits}, "proof": {first.Proof, after.Proof}, "rounds": {first.Rounds, after.Rounds}} {
			if asText(pair[0]) != asText(pair[1]) {
				s.Errorf("further prompts changed the %s: %s, before %s", what, asText(pair[1]), asText(pair[0]))
			}
		}
		if n := c.times(); n != 100 {
			s.Errorf("ten rounds and 40 further prompts in both orders were asked for %d times", n)
		}
		for _, m := range s.room.all() {
			for _, p := range m.all() {
				for _, found := range fruit.FindAllStringSubmatch(asText(p), -1) {
					if n, _ := strconv.Atoi(found[1]); hidden[n] {
						s.Errorf("%s shows the further prompt %q", m.Key, found[0])
					}
				}
			}
		}
		if standings := asText(s.command("bo", "standings").Post); !strings.Contains(standings, "720 votes") {
			s.Errorf("standings count something else than 720 votes of people: %s", standings)
		}
	})
}

// furtherStage has a past in which the judge earned further prompts.
func furtherStage(c *critic) func(*stage) {
	return func(s *stage) {
		criticised(c, 130)(s)
		s.opt.Rand = newSteady(0)
		s.earlier = func() { s.past(c, 11) }
	}
}

// long marks a story that takes a second, for its long past.
func long(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a second: run without -short")
	}
	t.Parallel()
}

const furtherWish = "start kestrel nova pack=fruit rounds=10 judged=40 until=3h"

// A judge that goes with people no more narrows nothing, and that is said.
func TestFurtherPromptsOfAJudgeThatDrifted(t *testing.T) {
	long(t)
	c := newCritic()
	play(t, furtherStage(c), func(s *stage) {
		c.deaf = true
		id := s.start(furtherWish)
		s.everybodyVotes(id)
		s.press(starter, id.String()+"/close")
		s.sleep(11 * time.Minute)
		notes := bot.Lines(s.announcement(id).Notes...).String()
		if !strings.Contains(notes, "owl also read 40 prompts that nobody voted on, and that narrows nothing this time: with them ") || !strings.Contains(notes, "by your votes alone from ") {
			s.Errorf("of a judge that goes by nothing any more the reveal says:\n%s", notes)
		}
	})
}

// Where there are too few votes for a range there is none to narrow.
func TestFurtherPromptsOfFewVoters(t *testing.T) {
	long(t)
	c := newCritic()
	play(t, furtherStage(c), func(s *stage) {
		id := s.start(furtherWish)
		s.tap(s.room.called(s.T, id.Round(1).String()+"/ballot").Ref, "bo", bot.Left, true)
		s.press(starter, id.String()+"/close")
		s.sleep(11 * time.Minute)
		if notes := bot.Lines(s.announcement(id).Notes...).String(); !strings.Contains(notes, "owl also read 40 prompts that nobody voted on. Your votes give no range that they could narrow.") || strings.Contains(notes, "%") {
			s.Errorf("of one voter the reveal says:\n%s", notes)
		}
	})
}

// A judge that is slow is waited for for ten minutes: what it read by then counts, and no
// more is asked. One that does not get through what people voted on narrows nothing.
func TestFurtherPromptsOfASlowJudge(t *testing.T) {
	long(t)
	for pause, want := range map[time.Duration]string{
		85 * time.Second:  "prompts that only owl read, ",
		250 * time.Second: "owl could not read enough of what nobody voted on to narrow anything: what is said rests on your votes alone.",
	} {
		c := newCritic()
		play(t, furtherStage(c), func(s *stage) {
			id := s.start(furtherWish)
			s.everybodyVotes(id)
			c.pause = pause
			s.press(starter, id.String()+"/close")
			s.sleep(30 * time.Minute)
			if n := len(s.room.called(s.T, id.String()+"/announcement").all()); n != 2 {
				s.Errorf("the announcement was said and edited %d times, want 2", n)
			}
			notes := bot.Lines(s.announcement(id).Notes...).String()
			if !strings.Contains(notes, want) || strings.Contains(notes, "40 prompts") {
				s.Errorf("of a judge that takes %v a prompt the reveal says:\n%s", pause, notes)
			}
			if n := c.times(); n >= 100 {
				s.Errorf("a judge that nobody waits for was asked %d times", n)
			}
		})
	}
}

// Answers for a judge alone are held against the limits like all others, verdicts against
// the judges' own; what they did not cost is given back at the reveal and once the judge
// is told of, or when the test is cancelled.
func TestFurtherPromptsCost(t *testing.T) {
	long(t)
	c := newCritic()
	play(t, func(s *stage) {
		furtherStage(c)(s)
		for _, m := range s.models {
			m.price = &bot.Price{Input: 1e6, Output: 1e6}
		}
		s.opt.Limits = engine.Limits{Day: 1e15, Person: 1e15, Judges: 1e15, Unknown: 1e9}
	}, func(s *stage) {
		day := time.Now().UTC().Format(time.DateOnly)
		reserved := func(key string) int64 {
			n, err := s.store.Reserved(s.Context(), key+day)
			if err != nil {
				s.Fatal(err)
			}
			return n
		}
		plain := s.start("start kestrel nova pack=fruit rounds=10 judges=on until=3h")
		answers, verdicts := reserved("usd/"), reserved("judges/")
		s.press(starter, plain.String()+"/cancel")
		s.wait()
		if reserved("judges/") != 0 || reserved("usd/") != 20e9 {
			s.Fatalf("after a test that was cancelled %d and %d are held", reserved("usd/"), reserved("judges/"))
		}
		id := s.start(furtherWish)
		if a, v := reserved("usd/")-20e9, reserved("judges/"); a < 49*answers/10 || v < 49*verdicts/10 {
			s.Errorf("with 40 further prompts beside ten %d and %d are held, without them %d and %d", a, v, answers, verdicts)
		}
		s.press(starter, id.String()+"/close")
		s.sleep(11 * time.Minute)
		if a, v := reserved("usd/")-20e9, reserved("judges/"); a != 100e9 || v != 100e6 {
			s.Errorf("a hundred answers at a thousandth of a dollar and a hundred verdicts at a millionth leave %d and %d", a, v)
		}
		id = s.start(furtherWish)
		s.press(starter, id.String()+"/cancel")
		s.wait()
		if a, v := reserved("usd/")-20e9, reserved("judges/"); a != 200e9 || v != 100e6 {
			s.Errorf("once it is cancelled %d and %d are held, want what was answered", a, v)
		}
	})
}

// A bot that is stopped while it asks goes on where it was, and one that was told to
// cancel asks no more.
func TestFurtherPromptsGoOnAfterARestart(t *testing.T) {
	long(t)
	c := newCritic()
	play(t, func(s *stage) {
		furtherStage(c)(s)
		for _, m := range s.models {
			m.speed = time.Second // five words and more
		}
	}, func(s *stage) {
		asked := func() (n int) {
			m := s.models[0]
			m.mu.Lock()
			defer m.mu.Unlock()
			for _, times := range m.asked {
				n += times
			}
			return n
		}
		id := s.start(furtherWish)
		s.sleep(25 * time.Second)
		if got := s.tasting(id).State; got != bot.Asking {
			s.Fatalf("the test is %v; this looks at one that is asking", got)
		}
		before := asked()
		s.stop()
		s.begin()
		s.sleep(5 * time.Minute)
		if got := s.tasting(id).State; got != bot.Open || before <= 10 || before >= 50 {
			s.Fatalf("stopped after %d prompts, the test is %v", before, got)
		}
		if n := asked(); n > 50+8 {
			s.Errorf("fifty prompts were asked %d times with one restart; eight were under way", n)
		}
		for _, n := range s.tasting(id).FurtherNumbers() {
			if x, err := s.store.Texts(s.Context(), id.Round(n)); err != nil || x.Answers[0].Text == "" || x.Answers[1].Text == "" {
				s.Errorf("further prompt %d is not answered after the restart: %v", n, err)
			}
		}
		before = asked()
		id = s.start(furtherWish)
		s.sleep(20 * time.Second)
		s.press(starter, id.String()+"/cancel")
		s.sleep(5 * time.Minute)
		if n := asked() - before; n >= 40 {
			s.Errorf("after it was cancelled all went on being asked: %d", n)
		}
	})
}

// A further prompt to which a model gives no answer is left out and never spoken of. The
// log has why, once ballots may show: earlier it would tell when the rounds were answered.
func TestFurtherPromptsWithoutAnAnswer(t *testing.T) {
	long(t)
	c := newCritic()
	var log lockedBuffer
	play(t, func(s *stage) {
		furtherStage(c)(s)
		s.models[1].refuses, s.opt.Hold, s.log = "fruit 5", time.Minute, &log
	}, func(s *stage) {
		id := s.start(furtherWish)
		if said := log.String(); strings.Contains(said, "no answer") || s.tasting(id).State != bot.Asking {
			s.Errorf("before ballots may show, while it is %v, the log says\n%s", s.tasting(id).State, said)
		}
		s.sleep(2 * time.Minute)
		void := 0
		for _, n := range s.tasting(id).FurtherNumbers() {
			x, err := s.store.Texts(s.Context(), id.Round(n))
			if err != nil {
				s.Fatal(err)
			}
			if x.Answers[1].Text == "" {
				void++
			}
		}
		if void == 0 {
			s.Fatal("every prompt was answered; this test shows nothing")
		}
		if n := strings.Count(log.String(), "a model gave no answer"); n < void {
			s.Errorf("of %d further prompts without an answer the log tells of %d", void, n)
		}
		s.everybodyVotes(id)
		s.press(starter, id.String()+"/close")
		s.sleep(11 * time.Minute)
		notes := bot.Lines(s.announcement(id).Notes...).String()
		if !strings.Contains(notes, fmt.Sprintf("With %d prompts that only owl read", 40-void)) && !strings.Contains(notes, fmt.Sprintf("owl also read %d prompts", 40-void)) {
			s.Errorf("%d of 40 were not answered; the reveal says:\n%s", void, notes)
		}
	})
}

// furtherTold is furtherStage for stories of which every word is heard: the limits and
// the randomness stay the story's own.
func furtherTold(s *stage) {
	limits, random := s.opt.Limits, s.opt.Rand
	furtherStage(newCritic())(s)
	s.opt.Limits, s.opt.Rand = limits, random
	s.opt.Limits.Judges = -1
}
