package engine_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
)

// An owl is a model that judges. It finds in what it is told where ALPHA's text
// stands, and remembers what it was asked.
type owl struct {
	name  string
	id    string // of its model
	says  func(alphaLeft bool) string
	pause time.Duration

	mu    sync.Mutex
	asked []bot.Prompt
}

func (o *owl) Card() bot.Card {
	return bot.Card{Name: o.name, Source: "api", Price: &bot.Price{Input: 1e6, Output: 1e6}, MaxTokens: 10, Settings: map[string]string{"model": o.id}}
}

func (o *owl) Write(ctx context.Context, p bot.Prompt) (bot.Answer, error) {
	o.mu.Lock()
	o.asked = append(o.asked, p)
	o.mu.Unlock()
	select {
	case <-time.After(o.pause):
	case <-ctx.Done():
		return bot.Answer{}, ctx.Err()
	}
	if o.says == nil {
		return bot.Answer{}, &bot.Refusal{Public: bot.Literal("answered 401"), Cost: bot.Cost{Known: true}, Err: errCut}
	}
	alpha, omega := strings.Index(p.Text, "⟦ALPHA"), strings.Index(p.Text, "⟦OMEGA")
	return bot.Answer{Raw: o.says(alpha < omega), Model: o.id, Attempts: 1, Cost: bot.Cost{Pico: 1e6, Known: true}}, nil
}

func (o *owl) times() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.asked)
}

func forAlpha(alphaLeft bool) string {
	if alphaLeft {
		return "left"
	}
	return "right"
}

func repeats(word string) func(bool) string { return func(bool) string { return word } }

// judged sets a stage with judges.
func judged(owls ...*owl) func(*stage) {
	return func(s *stage) {
		s.opt.Limits = engine.Limits{Day: -1, Person: -1, Judges: -1, Unknown: 1e9}
		s.opt.Judges = func() (all []bot.Judge) {
			for _, o := range owls {
				all = append(all, bot.Judge{Model: o, Rubric: "Which would you rather send?"})
			}
			return all
		}
	}
}

// everyoneForAlpha has people vote for the first model in all rounds.
func (s *stage) everyoneForAlpha(id bot.TastingID, people int) {
	s.Helper()
	for _, n := range s.tasting(id).Live() {
		ballot := s.room.called(s.T, fmt.Sprintf("%v/ballot", id.Round(n)))
		for i := range people {
			s.tap(ballot.Ref, fmt.Sprint("user", i), s.choiceOf(id.Round(n), bot.First), true)
		}
	}
}

// A judge reads every round in both orders, only once votes are sealed, and the
// reveal does not wait for it: one edit adds a line. It changes no count.
func TestJudgesReadWhatWasSealed(t *testing.T) {
	t.Parallel()
	bird := &owl{name: "owl", id: "owl-1", says: forAlpha, pause: 20 * time.Second}
	play(t, judged(bird), func(s *stage) {
		ask := s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=12 judges=on until=3h"))
		if !strings.Contains(ask.Text.String(), "Once voting has ended owl reads the prompts and both answers, blind; its provider receives them.") || !strings.Contains(ask.Text.String(), "of the judges’ own limit") {
			s.Errorf("the question whether to start does not say that a judge reads it: %s", ask.Text)
		}
		id := s.start("start kestrel nova pack=fruit rounds=12 judges=on until=3h")
		s.everyoneForAlpha(id, 6)
		if n := bird.times(); n > 0 {
			s.Errorf("while people vote the judge was asked %d times", n)
		}
		s.press(starter, id.String()+"/close")
		s.wait()
		first := s.announcement(id)
		if said := asText(first); strings.Contains(said, "owl") {
			s.Errorf("before the judge has answered the reveal speaks of it: %s", said)
		}
		s.sleep(5 * time.Minute)
		m := s.room.called(s.T, id.String()+"/announcement")
		if n := len(m.all()); n != 2 {
			s.Fatalf("the announcement was said and edited %d times in all, want 2", n)
		}
		after := s.announcement(id)
		want := "A judge beside you: owl agreed with 100% of 72 votes that chose a side; two of you agree in 100%. It counts nowhere."
		if last := after.Notes[len(after.Notes)-1].String(); last != want {
			s.Errorf("the reveal says %q, want %q", last, want)
		}
		if asText([]any{after.Bars, after.Title, after.Base}) != asText([]any{first.Bars, first.Title, first.Base}) {
			s.Errorf("a judge has changed counts: %s, before %s", asText(after), asText(first))
		}
		if n := bird.times(); n != 24 {
			s.Errorf("twelve rounds in both orders were asked for %d times", n)
		}
		for _, p := range bird.asked {
			if strings.Contains(p.Text+p.System, "kestrel") || strings.Contains(p.Text+p.System, "nova") {
				s.Errorf("the judge is told who wrote what: %s\n%s", p.System, p.Text)
			}
		}
		standings := asText(s.command("bo", "standings").Post)
		if strings.Contains(standings, "owl") || !strings.Contains(standings, "72 votes") {
			s.Errorf("standings count something else than people's 72 votes: %s", standings)
		}
		said := s.notice(s.command("bo", "judges"))
		if !strings.HasPrefix(said.Text.String(), "Whether owl agrees with one voter as often as voters agree with each other cannot be said from 12 rounds") || !strings.Contains(said.Code.String(), "$0.002") {
			s.Errorf("/tastetest judges says %s\n%s", said.Text, said.Code)
		}
	})
}

// Who has not answered ten minutes after the reveal is not waited for, and not
// asked on; there still is one edit.
func TestRevealDoesNotWaitForJudges(t *testing.T) {
	t.Parallel()
	quick := &owl{name: "owl", id: "owl-1", says: repeats("left")}
	slow := &owl{name: "snail", id: "snail-1", says: forAlpha, pause: 9 * time.Minute}
	broken := &owl{name: "rook", id: "rook-1"}
	play(t, judged(quick, slow, broken), func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=12 judges=on until=3h")
		s.everyoneForAlpha(id, 6)
		s.press(starter, id.String()+"/close")
		s.sleep(9 * time.Minute)
		if n := len(s.room.called(s.T, id.String()+"/announcement").all()); n != 1 {
			s.Errorf("before all have answered, and before ten minutes, the announcement was said %d times", n)
		}
		s.sleep(90 * time.Second)
		notes := bot.Lines(s.announcement(id).Notes...).String()
		for _, want := range []string{
			"A judge beside you: owl gave no answer that can be held against votes.",
			"A judge beside you: rook gave no answer that can be held against votes.",
			"A judge beside you: snail agreed with 100% of 24 votes",
		} {
			if !strings.Contains(notes, want) {
				s.Errorf("after ten minutes the reveal does not say %q:\n%s", want, notes)
			}
		}
		s.sleep(24 * time.Hour)
		if n := len(s.room.called(s.T, id.String()+"/announcement").all()); n != 2 {
			s.Errorf("in the end the announcement was said and edited %d times, want 2", n)
		}
		if n := slow.times(); n > 16 { // of 24: two lots of four rounds were under way
			s.Errorf("a judge that nobody waits for was asked %d times", n)
		}
		if made, err := s.store.Judgments(t.Context(), id); err != nil || answersOf(made, "snail", s.tasting(id).JudgedAt) == 0 {
			s.Fatalf("no answer came after the edit, so nothing is shown of those: %v", err)
		}
		before := asText(s.command(starter, "judges").Post)
		s.stop()
		s.begin()
		s.wait()
		if after := asText(s.command(starter, "judges").Post); after != before {
			s.Errorf("what came after the edit counts after a restart and not before:\n%s\n%s", before, after)
		}
		details := bot.Lines(s.announcement(id).Details...).String()
		if !strings.Contains(details, "In 12 of 12 rounds its answer changed with the order of the two texts, and does not count; it leans to the text on the left.") {
			s.Errorf("who always says left is not said to:\n%s", details)
		}
	})
}

// A tardy store takes its time to keep what the snail says.
type tardy struct{ bot.Store }

func (c tardy) Judge(ctx context.Context, id bot.RoundID, j bot.Judgment) error {
	if j.Judge == "snail" {
		time.Sleep(2 * time.Minute)
	}
	return c.Store.Judge(ctx, id, j)
}

// What a judge said before the reveal told of judges, and what was kept only after that,
// counts in no figure: not after a restart either.
func TestJudgeKeptAfterTheReveal(t *testing.T) {
	t.Parallel()
	quick := &owl{name: "owl", id: "owl-1", says: forAlpha}
	slow := &owl{name: "snail", id: "snail-1", says: forAlpha, pause: 9 * time.Minute}
	play(t, func(s *stage) {
		judged(quick, slow)(s)
		s.wrap = func(st bot.Store) bot.Store { return tardy{st} }
	}, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=4 judges=on until=3h")
		s.everyoneForAlpha(id, 6)
		s.press(starter, id.String()+"/close")
		s.sleep(20 * time.Minute)
		if made, err := s.store.Judgments(t.Context(), id); err != nil || answersOf(made, "snail", time.Time{}) != 4 {
			s.Fatalf("what the snail said is not kept, so nothing is shown of it: %v", err)
		}
		told := bot.Lines(s.announcement(id).Notes...).String()
		if strings.Contains(told, "snail") || !strings.Contains(told, "owl agreed with 100% of 24 votes") {
			s.Fatalf("the reveal says\n%s", told)
		}
		before := asText(s.command(starter, "judges").Post)
		s.stop()
		s.begin()
		s.wait()
		if after := asText(s.command(starter, "judges").Post); after != before {
			s.Errorf("what was kept after the edit counts after a restart and not before:\n%s\n%s", before, after)
		}
		if n := len(s.room.called(s.T, id.String()+"/announcement").all()); n != 2 {
			s.Errorf("the announcement was said and edited %d times, want 2", n)
		}
	})
}

// A bot that is killed once it is fixed what judges made of a tasting tells of it all the same.
func TestKilledBeforeJudgesAreToldOf(t *testing.T) {
	t.Parallel()
	bird := &owl{name: "owl", id: "owl-1", says: forAlpha}
	play(t, func(s *stage) {
		judged(bird)(s)
		s.opt.Step = func(name string) {
			if name == "judges heard" {
				runtime.Goexit() // as if the process were dead
			}
		}
	}, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=4 judges=on until=3h")
		s.everyoneForAlpha(id, 6)
		s.press(starter, id.String()+"/close")
		s.sleep(time.Minute)
		if told := bot.Lines(s.announcement(id).Notes...).String(); s.tasting(id).JudgedAt.IsZero() || strings.Contains(told, "owl agreed") {
			s.Fatalf("it was not killed in between; the reveal says\n%s", told)
		}
		s.opt.Step = nil
		s.stop()
		s.begin()
		s.wait()
		if told := bot.Lines(s.announcement(id).Notes...).String(); !strings.Contains(told, "owl agreed with 100% of 24 votes") {
			s.Errorf("after a restart the reveal says\n%s", told)
		}
	})
}

// answersOf is how many answers of a judge came after a time.
func answersOf(made map[int][]bot.Judgment, name string, since time.Time) (n int) {
	for _, ms := range made {
		for _, m := range ms {
			if m.Judge == name && m.At.After(since) {
				n++
			}
		}
	}
	return n
}

// Judges have a limit of their own: what they may cost is held against it, and what
// they did not cost is given back once they were told of, or the tasting ended.
func TestJudgesLimit(t *testing.T) {
	t.Parallel()
	bird := &owl{name: "owl", id: "owl-1", says: forAlpha}
	play(t, func(s *stage) {
		judged(bird)(s)
		s.opt.Limits.Judges = 1e12
	}, func(s *stage) {
		key := "judges/" + time.Now().UTC().Format(time.DateOnly)
		reserved := func() int64 {
			n, err := s.store.Reserved(s.Context(), key)
			if err != nil {
				s.Fatal(err)
			}
			return n
		}
		id := s.start("start kestrel nova pack=fruit rounds=3 judges=on until=3h")
		most := reserved()
		if most == 0 || most != s.tasting(id).JudgesReserved || s.tasting(id).Judges[0].Most != most {
			s.Fatalf("%d pico-USD are reserved for judges; the tasting says %d", most, s.tasting(id).JudgesReserved)
		}
		s.press(starter, id.String()+"/close")
		s.sleep(time.Minute)
		if got := reserved(); got != 6e6 || s.tasting(id).JudgesReserved != 0 {
			s.Errorf("six answers at a millionth of a dollar leave %d reserved", got)
		}

		id = s.start("start kestrel nova pack=fruit rounds=3 judges=on until=3h")
		s.press(starter, id.String()+"/cancel")
		s.wait()
		if got := reserved(); got != 6e6 {
			s.Errorf("after a tasting that was cancelled %d are reserved, want what was spent before", got)
		}

		asked := bird.times()
		for range 20 {
			ask := s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=12 judges=on until=3h"))
			yes := s.notice(s.press(starter, ask.Buttons[0].ID))
			if yes.Error {
				if !strings.HasPrefix(yes.Text.String(), "Its judges may cost up to $") || !strings.Contains(yes.Text.String(), "judges=off") {
					s.Errorf("beyond the limit one is told %q", yes.Text)
				}
				break
			}
		}
		if got := reserved(); got > 1e12 || got < 6e6 {
			s.Errorf("the limit is a dollar, and %d are reserved", got)
		}
		if n := bird.times(); n != asked {
			s.Errorf("judges were asked %d times about what is open", n-asked)
		}
	})
}

// Judges read everything if that is configured, but no texts that somebody brought,
// unless these say so; without judges there is nobody to ask.
func TestWhoIsJudged(t *testing.T) {
	t.Parallel()
	bird := &owl{name: "owl", id: "kestrel-7b", says: forAlpha}
	for _, tt := range []struct {
		all  bool
		wish string
		want int
	}{
		{false, "start kestrel nova pack=fruit until=3h", 0},
		{false, "start kestrel nova pack=fruit judges=on until=3h", 1},
		{true, "start kestrel nova pack=fruit until=3h", 1},
		{true, "start kestrel nova pack=fruit judges=off until=3h", 0},
		{true, `start kestrel nova prompt="A secret?" until=3h`, 0},
		{true, `start kestrel nova prompt="A secret?" judges=on until=3h`, 1},
	} {
		play(t, func(s *stage) { judged(bird)(s); s.opt.JudgeAll = tt.all }, func(s *stage) {
			id := s.start(tt.wish)
			if got := len(s.tasting(id).Judges); got != tt.want {
				s.Errorf("always %v, %s: %d judges, want %d", tt.all, tt.wish, got, tt.want)
			}
		})
	}
	play(t, nil, func(s *stage) {
		if said := s.notice(s.command(starter, "start kestrel nova pack=fruit judges=on")); !said.Error || !strings.HasPrefix(said.Text.String(), "No judge is configured") {
			s.Errorf("without judges judges=on is answered %+v", said)
		}
		if said := s.notice(s.command("bo", "judges")); !strings.HasPrefix(said.Text.String(), "No judge is configured.") {
			s.Errorf("without judges /tastetest judges says %s", said.Text)
		}
	})
}

// Where the answers are in files and only judges cost something, status says what they may
// cost, as the starter was told; and only answers that are asked for are counted.
func TestWhatOnlyJudgesMayCost(t *testing.T) {
	t.Parallel()
	for files, asked := range map[int]string{0: "Asking for 4 answers", 1: "Asking for 2 answers", 2: ""} {
		play(t, func(s *stage) {
			judged(&owl{name: "owl", id: "owl-1", says: forAlpha})(s)
			for i, m := range s.models {
				m.price = &bot.Price{Input: 1e6, Output: 1e6}
				if i < files {
					m.source, m.price = bot.FromFile, nil
				}
			}
		}, func(s *stage) {
			ask := s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=2 judges=on until=3h")).Text.String()
			if !strings.Contains(ask, asked) || asked == "" && strings.Contains(ask, "Asking for") {
				s.Errorf("with %d models from files it should say %q: %s", files, asked, ask)
			}
			s.start("start kestrel nova pack=fruit rounds=2 judges=on until=3h")
			status := s.notice(s.command("bo", "status")).Text.String()
			_, most, _ := strings.Cut(ask, "That costs at most ")
			most, _, _ = strings.Cut(most, ",")
			_, said, ok := strings.Cut(status, "It may cost at most ")
			if !ok || files == 2 && !strings.HasPrefix(said, most+".") {
				s.Errorf("its judges may cost %s, and status says %q", most, status)
			}
		})
	}
}

// A bot that is stopped while a judge reads goes on where it was, and asks for
// nothing again that it has kept.
func TestJudgesGoOnAfterARestart(t *testing.T) {
	t.Parallel()
	bird := &owl{name: "owl", id: "owl-1", says: forAlpha, pause: 10 * time.Second}
	play(t, judged(bird), func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=12 judges=on until=3h")
		s.everyoneForAlpha(id, 6)
		s.press(starter, id.String()+"/close")
		s.sleep(15 * time.Second)
		s.stop()
		made, err := func() (map[int][]bot.Judgment, error) {
			s.begin()
			return s.store.Judgments(s.Context(), id)
		}()
		if err != nil || len(made) != 4 {
			s.Fatalf("stopped after 15 seconds, %d rounds are kept, %v; want the first four", len(made), err)
		}
		s.sleep(2 * time.Minute)
		if notes := bot.Lines(s.announcement(id).Notes...).String(); !strings.Contains(notes, "owl agreed with 100% of 72 votes") {
			s.Errorf("after the restart the reveal says %s", notes)
		}
		if n := bird.times(); n != 24+8 { // the four rounds that were under way are asked again
			s.Errorf("twelve rounds in both orders and a restart: asked %d times, want 32", n)
		}
	})
}
