package engine_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
)

// Promise 1: each story is played twice with the sides exchanged. Apart from
// the exchanged texts and the commitments, all that leaves the bot is the same
// until the reveal: posts, edits, answers, completions, private messages, what
// a page would show, and logs at every level. The models differ in all that a
// side could be told by.
func TestNothingTellsSidesBeforeTheReveal(t *testing.T) {
	t.Parallel()
	for _, story := range []struct {
		name string
		wish string
		set  func(*stage)
	}{
		{"one round", `start kestrel nova prompt="Hello?" until=3h`, nil},
		{"many rounds", "start kestrel nova pack=fruit rounds=6 until=3h", nil},
		{"an odd number of rounds", "start kestrel nova pack=fruit rounds=5 until=3h", nil},
		{"private", "start kestrel nova pack=fruit rounds=4 ballot=private until=3h invite=@bo,@cy,@di", nil},
		{"private, in decks and waves", wavesWish(), nil},
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
		{"one model is asked again", "start kestrel nova pack=fruit rounds=4 until=3h", func(s *stage) {
			s.models[0].stumble = "fruit"
		}},
		{"one model refuses when it is asked again", "start kestrel nova pack=fruit rounds=4 until=3h", func(s *stage) {
			s.models[0].answers, s.models[0].again = []string{"⟦ALPHA, and GPT-4 too.⟧"}, "fruit"
		}},
		{"judges are waiting", "start kestrel nova pack=fruit rounds=4 judges=on until=3h", judged(&owl{name: "owl", id: "kestrel-1", says: forAlpha})},
		{"a judge waits for further prompts", "start kestrel nova pack=fruit rounds=4 judged=10 until=3h", furtherTold},
		{"one is much longer", "start kestrel nova pack=fruit rounds=4 until=3h", func(s *stage) {
			s.models[1].answers = []string{"⟦OMEGA" + strings.Repeat(" word", 200) + "⟧"}
		}},
		{"both are very long", `start kestrel nova prompt="Hello?" until=3h`, func(s *stage) {
			s.models[0].answers = []string{"⟦ALPHA" + strings.Repeat(" word", 4000) + "⟧"}
			s.models[1].answers = []string{"⟦OMEGA" + strings.Repeat(" word", 4000) + "⟧"}
		}},
	} {
		t.Run(story.name, func(t *testing.T) {
			t.Parallel()
			long := []string{"both are very long", "an odd number of rounds", "one model is asked again", "judges are waiting"}
			if testing.Short() && (story.wish == wavesWish() || strings.Contains(story.wish, "judged=") || slices.Contains(long, story.name)) {
				t.Skip("it takes a second: run without -short")
			}
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

// Nor can it be worked out: two texts stand where they stand, and whether the
// dear and slow model wrote this one or that one changes nothing of what leaves,
// and nothing of when.
func TestNothingTellsWhoWroteWhat(t *testing.T) {
	t.Parallel()
	short, long := "⟦Short.⟧", "⟦Long"+strings.Repeat(" word", 150)+".⟧"
	for _, story := range []struct {
		name string
		wish string
		set  func(*stage)
	}{
		{"one round", `start kestrel nova prompt="Hello?" until=3h`, nil},
		{"many rounds", "start kestrel nova pack=fruit rounds=5 until=3h", nil},
		{"private", "start kestrel nova pack=fruit rounds=4 ballot=private until=3h invite=@bo,@cy,@di", nil},
		{"private, in decks and waves", wavesWish(), nil},
		{"the dear one is asked again", `start kestrel nova prompt="Hello?" until=3h`, func(s *stage) { s.models[0].stumble = "Hello" }},
		{"the cheap one is asked again", `start kestrel nova prompt="Hello?" until=3h`, func(s *stage) { s.models[1].stumble = "Hello" }},
		{"what one costs is not known", `start kestrel nova prompt="Hello?" until=3h`, func(s *stage) { s.models[1].price, s.models[1].wordy = nil, 0 }},
		{"judges are waiting", "start kestrel nova pack=fruit rounds=4 judges=on until=3h", judged(&owl{name: "owl", id: "kestrel-1", says: forAlpha})},
		{"a judge waits for further prompts", "start kestrel nova pack=fruit rounds=4 judged=10 until=3h", furtherTold},
		{"rounds are void", "start kestrel nova pack=fruit rounds=12 until=3h", func(s *stage) { s.models[1].refuses = "fruit 1" }},
		{"the bot is killed while one writes", `start kestrel nova prompt="Hello?" until=3h`, func(s *stage) { s.cut = 3 * time.Second }},
		{"another is near a spending limit", `start kestrel nova prompt="Hello?" until=3h`, func(s *stage) {
			// What the other may cost at most fits beside a short answer of the dear one, not beside a long one.
			const most = 4*(608*15e6+4000*75e6) + 4*(608*1e5+1000*4e5)
			s.opt.Limits.Person = most + 15e9
		}},
		{"one answers from a file", `start kestrel nova prompt="Hello?" until=3h`, func(s *stage) { s.models[1].source, s.models[1].speed = bot.FromFile, 0 }},
	} {
		t.Run(story.name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && (story.wish == wavesWish() || strings.Contains(story.wish, "judged=")) {
				t.Skip("it takes a second: run without -short")
			}
			var heard [2]string
			for turn, texts := range [][2]string{{short, long}, {long, short}} {
				heard[turn] = overhear(t, story.wish, func(s *stage) {
					if story.set != nil {
						story.set(s)
					}
					s.models[0].answers, s.models[1].answers = texts[:1], texts[1:]
				}, byte(turn))
			}
			if !strings.Contains(heard[0], short) || heard[0] == heard[1] {
				t.Fatal("the authors were not exchanged; this test has tested nothing")
			}
			for i := range heard {
				heard[i] = hashes.ReplaceAllString(heard[i], "commitment …")
				// Control pairs have no author; they are turned round with the rest.
				heard[i] = strings.NewReplacer("⟦GOOD", "⟦SOME", "⟦POOR", "⟦SOME").Replace(heard[i])
			}
			if diff := cmp.Diff(strings.Split(heard[0], "\n"), strings.Split(heard[1], "\n")); diff != "" {
				t.Errorf("what leaves the bot tells who wrote what (-one author, +the other):\n%s", diff)
			}
		})
	}
}

// overhear plays a story until just before its reveal and returns everything
// that left the bot. Its first model is dear, slow and wordy.
func overhear(t *testing.T, wish string, set func(*stage), turn byte) string {
	var out bytes.Buffer
	var robots sync.Map // what robots are told, by how many were before
	play(t, func(s *stage) {
		var n atomic.Int32
		s.opt.Stands = func(at bot.Place, p bot.Post) { robots.Store(int(n.Add(1)), fmt.Sprint(at, asText(p))) }
		s.opt.Rand, s.opt.Hold = newSteady(turn), time.Minute
		s.opt.Limits = engine.Limits{Day: -1, Person: 50e12, Unknown: 1e9}
		s.log = &out
		dear, cheap := s.models[0], s.models[1]
		dear.price, dear.speed, dear.wordy, dear.tokens = &bot.Price{Input: 15e6, Output: 75e6, AsOf: "2026-01-05"}, 40*time.Millisecond, 3, 4000
		cheap.price, cheap.speed, cheap.wordy, cheap.tokens = &bot.Price{Input: 1e5, Output: 4e5, AsOf: "2026-01-05"}, 9*time.Millisecond, 1, 1000
		if set != nil {
			set(s)
		}
	}, func(s *stage) {
		say := func(what string, v any) { fmt.Fprintf(&out, "%s: %s\n", what, asText(v)) }
		began := time.Now()
		ask := s.notice(s.command(starter, wish))
		say("the question", ask)
		yes := s.press(starter, ask.Buttons[0].ID)
		say("yes", yes.Post)
		var progress []string
		followed := make(chan error, 1)
		go func() {
			if s.cut > 0 { // nobody is left who would say it
				followed <- nil
				return
			}
			time.Sleep(time.Millisecond) // so that no tick falls on a full minute
			followed <- yes.Later(s.Context(), func(p bot.Post) error {
				progress = append(progress, fmt.Sprint(time.Since(began), " ", asText(p)))
				return nil
			})
		}()
		id := bot.TastingID{Workspace: team, N: 1}
		if s.cut > 0 {
			s.sleep(s.cut)
			s.kill()
			s.begin()
		}
		for range 100 { // how asking goes
			say("meanwhile", s.command(starter, "status 1").Post)
			if s.tasting(id).State == bot.Open {
				break
			}
			s.sleep(5 * time.Second)
		}
		if err := <-followed; err != nil {
			s.Errorf("how asking goes cannot be followed: %v", err)
		}
		say("progress", progress)
		say("opened", s.tasting(id).Opened.Sub(began))
		people, waves := []string{"bo", "cy", "di"}, s.tasting(id).Deal.Looks > 1
		if waves { // more than a quarter of all votes
			people = []string{"bo", "cy", guest(0), guest(1), guest(2)}
		}
		for i, user := range people {
			seat, private := s.press(user, "1/taste").Post.(bot.Seat)
			for n := 0; private && seat.Round.Round != 0; n++ {
				say("seat of "+user, seat)
				tap := seat.Buttons[i%len(seat.Buttons)]
				if waves { // so that no look finds anything
					tap = seat.Buttons[n%2]
				}
				seat = s.press(user, tap.ID).Post.(bot.Seat)
			}
			for _, m := range s.room.all() {
				if strings.HasSuffix(m.Key, "/ballot") {
					s.tap(m.Ref, user, bot.Choices[i].Choice, true)
					s.tap(m.Ref, user, bot.Equal, i == 1)
				}
			}
		}
		s.sleep(time.Until(s.tasting(id).Closes) - 10*time.Minute) // past counts and nudges
		for _, user := range []string{starter, "bo", "stranger"} {
			for _, text := range []string{"status", "status 1", "results", "close", "extend", "cancel", "models", "packs", "help", "strat", "forget-me"} {
				say(user+" types "+text, s.command(user, text).Post)
			}
			for _, text := range []string{"", "st", "start ", "start k", "status ", "close "} {
				say(user+" begins "+text, s.bot.Suggest(s.Context(), bot.Command{At: lounge, User: user, Text: text}))
			}
			for _, action := range []string{"results", "shows", "mine", "boss", "again", "plan"} { // those under a reveal
				n := s.notice(s.press(user, "1/"+action))
				if say(user+" presses "+action, n); !n.Error {
					s.Errorf("before the reveal %q is answered %q", action, n.Text)
				}
			}
			for _, at := range []bot.Place{lounge, {Workspace: team, Channel: "lounge/1"}} {
				shown, err := s.bot.View(s.Context(), at, bot.Voter{Workspace: team, User: user})
				say(user+" looks", fmt.Sprint(asText(shown), err))
				res, err := s.bot.Results(s.Context(), at, bot.Filter{}, 0)
				say(user+" looks at results", fmt.Sprint(asText(res), err))
				one, err := s.bot.Result(s.Context(), at, 1)
				say(user+" looks at one", fmt.Sprint(asText(one), err))
			}
		}
		for _, text := range []string{"start kestrel nova pack=fruit rounds=12 until=2h", `start kestrel nova prompt="Another?" until=2h`} {
			if ask := s.notice(s.command(starter, text)); len(ask.Buttons) > 0 {
				say("and says yes to "+ask.Text.String(), s.press(starter, ask.Buttons[0].ID).Post)
			}
		}
		s.wait()                                           // until the new closing time is shown
		if live := s.tasting(id).Tasted(); len(live) > 1 { // one answer was ugly
			say("which round is taken out", s.command(starter, "remove 1").Post)
			say("it is taken out", s.press(starter, fmt.Sprintf("1.%d/remove", live[1])).Post)
			s.wait()
			for _, user := range []string{starter, "bo", "cy"} {
				say(user+" votes on it", s.press(user, fmt.Sprintf("1.%d/left", live[1])).Post)
				shown, err := s.bot.View(s.Context(), lounge, bot.Voter{Workspace: team, User: user})
				say(user+" looks again", fmt.Sprint(asText(shown), err))
			}
		}
		s.wait()
		for _, m := range s.room.all() {
			for _, p := range m.all() {
				say("post "+m.Key, p)
			}
		}
		say("told", s.room.heard())
		if first, ok := robots.Load(1); !ok {
			s.Error("robots were told of no opening")
		} else {
			say("robots are told", first)
		}
		if got := s.tasting(id).State; got != bot.Open {
			s.Fatalf("the tasting is %v; this test looks at open ones", got)
		}
		if waves && s.tasting(id).Deal.Looked != 1 {
			s.Fatal("the bot has not looked at the votes; this test shows nothing")
		}
		for _, n := range s.tasting(id).Live() {
			for line := range strings.Lines(out.String()) {
				if strings.HasPrefix(line, "time=") && strings.Contains(line, fmt.Sprintf("round=1.%d ", n)) {
					s.Errorf("a log speaks of round 1.%d, which is ready: %s", n, line)
				}
			}
		}
	})
	return out.String()
}

// Promises 5 and 10: while the ballots of a tasting are being closed, one after
// the other, none is revealed, as balance would give the rest away, nor edited.
func TestNoRoundIsRevealedBeforeAllHaveClosed(t *testing.T) {
	t.Parallel()
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
		s.sleep(7 * time.Hour)
		for _, m := range posts[1:] {
			if _, ok := m.now().(bot.Reveal); !ok {
				s.Errorf("in the end %s is a %T", m.Key, m.now())
			}
		}
	})
}

// Promise 5: the announcement is posted before its tasting is revealed in the
// store. Whoever opens a page in between sees nothing of it.
func TestPageWaitsForTheReveal(t *testing.T) {
	looked := false
	play(t, func(s *stage) {
		s.opt.Step = func(step string) {
			if step != "posted 1/announcement" {
				return
			}
			looked = true
			shown, err := s.bot.View(s.Context(), lounge, bot.Voter{Workspace: team, User: "bo"})
			if said := asText(shown); err != nil || len(shown) != 1 || strings.Contains(said, "kestrel") || strings.Contains(said, "nova") {
				s.Errorf("before the tasting is revealed a page shows %s, %v", said, err)
			}
		}
	}, func(s *stage) {
		s.start(`start kestrel nova prompt="Hello?" until=3h`)
		s.tap(s.room.called(s.T, "1.1/ballot").Ref, "bo", bot.Left, true)
		s.press(starter, "1/close")
		s.wait()
		shown, err := s.bot.View(s.Context(), lounge, bot.Voter{Workspace: team, User: "bo"})
		if err != nil || !looked || !strings.Contains(asText(shown), "kestrel") {
			s.Errorf("looked in between: %v; in the end the page shows %s, %v", looked, asText(shown), err)
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
