package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/verdict"
)

// A pupil is a model that does as it is told, and remembers what that was.
type pupil struct {
	mu     sync.Mutex
	asked  []string          // system prompt and prompt
	gave   []string          // those to which it gave an answer
	fails  string            // what it gives no answer to
	deaf   bool              // it answers the same whatever it is told
	hangs  func() bool       // as long as that, no answer comes
	longer string            // whoever is told this says more, and takes longer
	set    map[string]string // its settings
}

func (m *pupil) Card() bot.Card {
	return bot.Card{Name: "wren", Source: "api", System: "You are a clerk.", Settings: m.set, Price: &bot.Price{Input: 1e6, Output: 1e8}, MaxTokens: 100, Names: []string{"wren"}}
}

func (m *pupil) Write(ctx context.Context, p bot.Prompt) (bot.Answer, error) {
	m.mu.Lock()
	said := p.System + "|" + p.Text
	m.asked = append(m.asked, said)
	fails, deaf, hangs := m.fails != "" && strings.Contains(said, m.fails), m.deaf, m.hangs
	m.mu.Unlock()
	for hangs != nil && hangs() {
		select {
		case <-ctx.Done():
			return bot.Answer{}, ctx.Err()
		case <-time.After(time.Second):
		}
	}
	if !fails {
		m.mu.Lock()
		m.gave = append(m.gave, said)
		m.mu.Unlock()
	}
	a := bot.Answer{Raw: "⟦" + said + "⟧", Finish: "stop", Attempts: 1, Cost: bot.Cost{Pico: 1e9, Known: true}, Latency: time.Second}
	switch {
	case fails:
		return bot.Answer{}, &bot.Refusal{Public: bot.Literal("answered 401"), Cost: bot.Cost{Known: true}, Err: errCut}
	case deaf:
		a.Raw = "⟦" + p.Text + "⟧"
	case m.longer != "" && strings.Contains(said, m.longer):
		a.Raw, a.Cost.Pico = "⟦"+strings.Repeat("word ", 100)+"⟧", 5e9
		time.Sleep(20 * time.Second)
	}
	return a, nil
}

// told is how often it was asked what contains each of these.
func (m *pupil) told(each ...string) (times []int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, what := range each {
		n := 0
		for _, said := range m.asked {
			if strings.Contains(said, what) {
				n++
			}
		}
		times = append(times, n)
	}
	return times
}

// schooled is a bot with a pupil among its models, and limits.
func schooled(m *pupil) func(*stage) {
	return func(s *stage) {
		s.opt.Models = func() []bot.Model { return []bot.Model{s.models[0], m} }
		s.opt.Limits = engine.Limits{Day: 1e12, Person: -1, Unknown: 1e9}
	}
}

// versions asks for two versions of a prompt, of which the new one is a template, on
// six letters.
func versions(change func(*engine.GateWish)) engine.GateWish {
	w := engine.GateWish{
		Gate: bot.Gate{Name: "pr-17", Content: "1", Ask: bot.NotWorse, Model: "wren"}, Until: "3h", Ballot: "reaction",
		Versions: &engine.Versions{Names: [2]string{"main", "branch"}, Texts: [2]string{"Be kind.", "Answer kindly:\n{{ input }}\nThank you."}, MostCost: 1e12},
	}
	for n := range 6 {
		w.Sheet.Rows = append(w.Sheet.Rows, bot.SheetRow{Prompt: bot.Prompt{Text: fmt.Sprintf("Letter %d.", n)}})
	}
	if change != nil {
		change(&w)
	}
	return w
}

// A gate for two versions of a prompt: the bot asks its model with both, once each; the
// same wish finds the same tasting and asks nothing more, before the reveal and after
// it; another one under its name is refused.
func TestGateAsksForBothVersions(t *testing.T) {
	m := &pupil{set: map[string]string{"temperature": "0"}}
	play(t, schooled(m), func(s *stage) {
		opened, notes, err := s.bot.OpenGate(s.Context(), lounge, starter, versions(nil))
		if err != nil {
			s.Fatal(err)
		}
		if len(notes) != 1 || notes[0].String() != "Asking wren may cost up to $0.51." {
			s.Errorf("at its opening it is said: %q", bot.English(notes))
		}
		stands := func(as verdict.Passage, says string) {
			s.Helper()
			if g, err := s.bot.Gate(s.Context(), lounge, starter, opened.ID); err != nil || g.Passage != as || !strings.Contains(g.Sentence, says) {
				s.Errorf("the gate is %s (%v): %s\nwant %s: %s", g.Passage, err, g.Sentence, as, says)
			}
		}
		again := func() {
			s.Helper()
			for range 2 {
				if t, _, err := s.bot.OpenGate(s.Context(), lounge, starter, versions(nil)); err != nil || t.ID != opened.ID {
					s.Errorf("the same wish is taste test %v, %v; want %v", t.ID, err, opened.ID)
				}
			}
			for what, change := range map[string]func(*engine.GateWish){
				"another content":  func(w *engine.GateWish) { w.Content = "2" },
				"another question": func(w *engine.GateWish) { w.Ask = bot.Preferred },
			} {
				if _, _, err := s.bot.OpenGate(s.Context(), lounge, starter, versions(change)); err == nil || !strings.Contains(err.Error(), "was opened with other content before (taste test 1)") {
					s.Errorf("%s under its name: %v", what, err)
				}
			}
		}
		again()
		s.wait()
		stands(verdict.Pending, "0 have tasted")
		if diff := cmp.Diff([]int{1, 1, 12}, m.told("Be kind.|Letter 3.", "|Answer kindly:\nLetter 3.\nThank you.", "Letter")); diff != "" {
			s.Errorf("how often wren is asked for one letter with each version, and in all (-want +got):\n%s", diff)
		}
		for n := range 6 {
			ballot := s.room.called(s.T, fmt.Sprintf("1.%d/ballot", n+1))
			if said := asText(ballot.now()); strings.Contains(said, "main") || strings.Contains(said, "wren") {
				s.Errorf("a ballot names who wrote it: %s", said)
			}
			for v := range 6 {
				s.tap(ballot.Ref, fmt.Sprint("voter", v), s.choiceOf(opened.ID.Round(n+1), bot.Second), true)
				if n+v == 0 {
					stands(verdict.Pending, "1 has tasted")
				}
			}
		}
		stands(verdict.Pending, "6 have tasted")
		again()
		s.press(starter, "1/close")
		s.wait()
		stands(verdict.Passed, "Passed: branch is not worse than main by more than ten points")
		if said := asText(s.announcement(opened.ID)); !strings.Contains(said, "main and branch are two versions of a prompt; wren answered both.") {
			s.Errorf("the reveal does not say who answered: %s", said)
		}
		again()
		if n := m.told("Letter")[0]; n != 12 {
			s.Errorf("wren was asked %d times in all, want 12", n)
		}
		if said := asText(s.command(starter, "standings").Post); strings.Contains(said, "branch") || !strings.Contains(said, "of two versions of a prompt") {
			s.Errorf("versions are no models, and the standings say: %s", said)
		}
		if said := asText(s.press(starter, "1/again").Post); strings.Contains(said, "branch") {
			s.Errorf("whoever wants more is offered versions as models: %s", said)
		}
		m.set = map[string]string{"temperature": "1"}
		if _, _, err := s.bot.OpenGate(s.Context(), lounge, starter, versions(nil)); err == nil || !strings.Contains(err.Error(), "was opened while wren had other settings (taste test 1)") {
			s.Errorf("after its settings were changed: %v", err)
		}
		s.opt.Models = func() []bot.Model { return nil }
		s.stop()
		s.begin()
		if t, _, err := s.bot.OpenGate(s.Context(), lounge, starter, versions(nil)); err != nil || t.ID != opened.ID {
			s.Errorf("with a model that is gone since, it is taste test %v, %v; want the same", t.ID, err)
		}
	})
}

// What cannot be asked, or may cost more than was said or than the day's limit, is
// refused in a sentence, and nothing is asked or kept of it.
func TestGateForVersionsRefuses(t *testing.T) {
	m := &pupil{}
	play(t, schooled(m), func(s *stage) {
		for _, refused := range []struct {
			change func(*engine.GateWish)
			says   string
		}{
			{func(w *engine.GateWish) { w.Versions.MostCost = -1 }, "Asking wren may cost up to $0.51, and nobody is here to confirm that. Say how much it may cost: --max-cost $0.52"},
			{func(w *engine.GateWish) { w.Versions.MostCost = 1e10 }, "Asking wren may cost up to $0.51, more than --max-cost $0.01. Give it fewer prompts, or allow --max-cost $0.52"},
			{func(w *engine.GateWish) {
				w.Versions.MostCost = 100e12
				for range 2 {
					w.Sheet.Rows = append(w.Sheet.Rows, w.Sheet.Rows...)
				}
				w.Sheet.Rows = w.Sheet.Rows[:20]
			}, "This tasting may cost up to $1.70, and today’s limit for everybody together is $1.00."},
			{func(w *engine.GateWish) { w.Model = "wrenn" }, "Did you mean “wren”?"},
			{func(w *engine.GateWish) { w.Versions.Texts[1] = "Be kind.\n" }, "Both versions are the same text"},
			{func(w *engine.GateWish) { w.Versions.Texts[0] = " " }, "The prompt “main” is empty."},
			{func(w *engine.GateWish) { w.Versions.Texts[1] = "To {{name}}: {{input}}" }, "The prompt “branch” has a variable {{name}} that is not filled in; only {{input}} is."},
			{func(w *engine.GateWish) { w.Versions.Texts[1] = "{{input}} {{input}}" }, "The prompt “branch” has {{input}} twice."},
			{func(w *engine.GateWish) { w.Versions.Texts[1] = strings.Repeat("a", 16_001) }, "The prompt “branch” has 16,001 characters; at most 16,000 are possible."},
			{func(w *engine.GateWish) { w.Versions.Names[1] = "main" }, "Both versions are called “main”."},
			{func(w *engine.GateWish) { w.Sheet.Rows = w.Sheet.Rows[:4] }, "With 4 prompts nothing can be decided, whatever people say: a gate needs at least 5."},
			{func(w *engine.GateWish) { w.Sheet.Rows, w.Versions.Pack = nil, "frut" }, "Did you mean pack=fruit?"},
		} {
			if _, _, err := s.bot.OpenGate(s.Context(), lounge, starter, versions(refused.change)); err == nil || !strings.Contains(err.Error(), refused.says) {
				s.Errorf("it says %v\nwant %s", err, refused.says)
			}
		}
		s.wait()
		if ts, err := s.store.Tastings(s.Context(), team, bot.Query{}); err != nil || len(m.asked) > 0 || slices.ContainsFunc(ts, func(t bot.Tasting) bool { return t.State != bot.Cancelled }) {
			s.Errorf("wren was asked %q; kept are %v, %v", m.asked, ts, err)
		}
		if got, err := s.store.Reserved(s.Context(), "usd/"+time.Now().UTC().Format(time.DateOnly)); err != nil || got != 0 {
			s.Errorf("%d pico-USD are held for what was refused, %v", got, err)
		}
		if _, _, err := s.bot.OpenGate(s.Context(), lounge, starter, versions(nil)); err != nil {
			s.Errorf("the same name, as it should be: %v", err)
		}
	})
}

// A pack is part of what is asked: as long as it is the same the ticket is, too. Judges
// that read every test read none of a pipeline, which said what its model may cost alone.
func TestGateAsksAPack(t *testing.T) {
	m := &pupil{}
	wish := versions(func(w *engine.GateWish) { w.Sheet.Rows, w.Versions.Pack, w.Versions.Rounds = nil, "fruit", "7" })
	play(t, func(s *stage) {
		judged(&owl{name: "owl", id: "owl-1"})(s)
		schooled(m)(s)
		s.opt.JudgeAll, s.opt.Limits.Judges = true, -1
	}, func(s *stage) {
		opened, _, err := s.bot.OpenGate(s.Context(), lounge, starter, wish)
		if len(opened.Judges) > 0 || opened.JudgesReserved > 0 {
			s.Errorf("judges that nobody agreed to read it: %v, for up to %d pico-USD", opened.Judges, opened.JudgesReserved)
		}
		if err != nil || len(opened.Rounds) != 7 || opened.Pack != "fruit" {
			s.Fatalf("%d rounds of %q, %v", len(opened.Rounds), opened.Pack, err)
		}
		s.wait()
		if t, _, err := s.bot.OpenGate(s.Context(), lounge, starter, wish); err != nil || t.ID != opened.ID || m.told("fruit")[0] != 14 {
			s.Errorf("again it is taste test %v, %v, and wren was asked %d times", t.ID, err, m.told("fruit")[0])
		}
		s.opt.Library = shelf{pack(13)}
		s.stop()
		s.begin()
		if _, _, err := s.bot.OpenGate(s.Context(), lounge, starter, wish); err == nil || !strings.Contains(err.Error(), "other content") {
			s.Errorf("after the pack was changed: %v", err)
		}
	})
}

// What a pipeline allows is a limit over restarts as well: a bot that is killed again and
// again while it asks for a gate asks no more than may cost that at most.
func TestGateKilledWhileItAsks(t *testing.T) {
	const once, more = 6 * 85196e6, 4 * 85196e6 // pico-USD at most: of all six letters, and of the four that are asked at once
	for _, tt := range []struct {
		most  int64
		kills int
		fails bool
	}{
		{once, 0, false}, {once, 1, true}, {once + more, 1, false}, {once + more, 2, true}, {once + more - 1, 1, true},
	} {
		t.Run(fmt.Sprint(tt.most, " ", tt.kills), func(t *testing.T) {
			var hangs atomic.Bool
			hangs.Store(true)
			m := &pupil{hangs: hangs.Load}
			play(t, schooled(m), func(s *stage) {
				wish := versions(func(w *engine.GateWish) { w.Versions.MostCost = tt.most })
				opened, _, err := s.bot.OpenGate(s.Context(), lounge, starter, wish)
				if err != nil || opened.Reserved != once {
					s.Fatalf("opened, %d are held, %v; want %d", opened.Reserved, err, int64(once))
				}
				for range tt.kills {
					s.wait()
					s.kill()
					s.begin()
				}
				s.wait()
				if n, want := m.told("Letter")[0], 8*(tt.kills+1-stats.Bit(tt.fails)); n != want {
					s.Errorf("killed %d times, wren was asked %d times, want %d", tt.kills, n, want)
				}
				hangs.Store(false)
				s.sleep(time.Minute)
				got := s.tasting(opened.ID)
				if (got.State == bot.Failed) != tt.fails || !tt.fails && got.Reserved > tt.most {
					s.Errorf("killed %d times it is %v, and %d are held; %d are allowed", tt.kills, got.State, got.Reserved, tt.most)
				}
				g, err := s.bot.Gate(s.Context(), lounge, starter, opened.ID)
				says := "Fault: people could not be asked. The bot was stopped while it asked wren, and asking it again could cost more than --max-cost"
				if err != nil || strings.Contains(g.Sentence, says) != tt.fails {
					s.Errorf("the gate says %q, %v", g.Sentence, err)
				}
				if !tt.fails {
					return
				}
				if _, _, err := s.bot.OpenGate(s.Context(), lounge, starter, wish); err == nil || !strings.Contains(err.Error(), "what earlier tries of this gate cost counts too") {
					s.Errorf("opened again with as much: %v", err)
				}
			})
		})
	}
}

// A model that fails is a fault and no verdict, and the next try is a new tasting; two
// versions that say the same are undecided, and are not asked again.
func TestGateThatCannotBeAsked(t *testing.T) {
	for _, tt := range []struct {
		what  string
		pupil *pupil
		as    verdict.Passage
		says  string
		anew  bool
	}{
		{"every answer fails", &pupil{fails: "Letter"}, verdict.Fault, "Fault: people could not be asked. No round is ready: round 1.1: main answered 401; branch answered 401", true},
		{"the new version fails", &pupil{fails: "Thank you"}, verdict.Fault, "branch answered 401", true},
		{"one letter fails", &pupil{fails: "Letter 1"}, verdict.Pending, "0 have tasted", false},
		{"both say the same", &pupil{deaf: true}, verdict.Undecided, "Both versions gave the same text to 6 of 6 prompts, which leaves too few to compare: people were not asked.", false},
	} {
		t.Run(tt.what, func(t *testing.T) {
			m := tt.pupil
			play(t, schooled(m), func(s *stage) {
				wish := versions(func(w *engine.GateWish) {
					if m.deaf {
						w.Versions.Texts[1] = "Be very kind."
					}
				})
				opened, _, err := s.bot.OpenGate(s.Context(), lounge, starter, wish)
				if err != nil {
					s.Fatal(err)
				}
				s.wait()
				if g, err := s.bot.Gate(s.Context(), lounge, starter, opened.ID); err != nil || g.Passage != tt.as || !strings.Contains(g.Sentence, tt.says) {
					s.Errorf("the gate is %s (%v): %s\nwant %s: %s", g.Passage, err, g.Sentence, tt.as, tt.says)
				}
				asked := len(m.asked)
				m.fails = ""
				again, _, err := s.bot.OpenGate(s.Context(), lounge, starter, wish)
				s.wait()
				if err != nil || (again.ID != opened.ID) != tt.anew || (len(m.asked) > asked) != tt.anew {
					s.Errorf("opened again it is taste test %v, %v, and wren was asked %d times more", again.ID, err, len(m.asked)-asked)
				}
				if tt.anew {
					if g, err := s.bot.Gate(s.Context(), lounge, starter, again.ID); err != nil || g.Passage != verdict.Pending {
						s.Errorf("the new try is %s: %s, %v", g.Passage, g.Sentence, err)
					}
				}
			})
		})
	}
}

// What a gate's tries that broke have cost counts against what its pipeline allows: opened
// again and again it costs no more than that.
func TestGatesTriesShareTheirLimit(t *testing.T) {
	m := &pupil{fails: "Thank you"} // six answers of the old version are paid for, 0.6 cents
	play(t, schooled(m), func(s *stage) {
		opened, _, err := s.bot.OpenGate(s.Context(), lounge, starter, versions(nil))
		if err != nil {
			s.Fatal(err)
		}
		most := opened.Reserved
		s.wait()
		allowed := func(cost int64) (bot.Tasting, error) {
			t, _, err := s.bot.OpenGate(s.Context(), lounge, starter, versions(func(w *engine.GateWish) { w.Versions.MostCost = cost }))
			return t, err
		}
		asked := len(m.asked)
		if _, err := allowed(most + 5e9); err == nil || !strings.Contains(err.Error(), "Asking wren may cost up to $0.51, and what earlier tries of this gate cost counts too: together that may be more than --max-cost $0.52. Allow --max-cost $1.03") || len(m.asked) > asked {
			s.Errorf("with half a cent for what six answers cost: %v, and wren was asked %d times more", err, len(m.asked)-asked)
		}
		again, err := allowed(most + 6e9)
		if err != nil || again.ID == opened.ID {
			s.Fatalf("with as much as they cost it is taste test %v, %v", again.ID, err)
		}
		s.wait()
		if _, err := allowed(most + 11e9); err == nil {
			s.Error("the second try that broke does not count")
		}
		if other, _, err := s.bot.OpenGate(s.Context(), lounge, starter, versions(func(w *engine.GateWish) { w.Name, w.Versions.MostCost = "pr-18", most })); err != nil {
			s.Errorf("another gate, %v, pays for it: %v", other.ID, err)
		}
	})
}

// A bot that ends while it asks goes on where it was: the same tasting, and no answer
// that was kept is asked for again.
func TestGateGoesOnAfterARestart(t *testing.T) {
	m := &pupil{}
	m.hangs = func() bool { return len(m.told("Letter")) > 0 && m.told("Letter")[0] > 8 }
	play(t, schooled(m), func(s *stage) {
		opened, _, err := s.bot.OpenGate(s.Context(), lounge, starter, versions(nil))
		if err != nil {
			s.Fatal(err)
		}
		s.wait()
		if g, err := s.bot.Gate(s.Context(), lounge, starter, opened.ID); err != nil || g.Sentence != "Pending: wren is being asked for both versions' answers; people vote after that." {
			s.Errorf("while it is asked it stands: %s, %v", g.Sentence, err)
		}
		s.stop()
		m.mu.Lock()
		before := len(m.gave)
		m.hangs = nil
		m.mu.Unlock()
		s.begin()
		again, _, err := s.bot.OpenGate(s.Context(), lounge, starter, versions(nil))
		if err != nil || again.ID != opened.ID {
			s.Errorf("after the restart it is taste test %v, %v; want %v", again.ID, err, opened.ID)
		}
		s.wait()
		slices.Sort(m.gave)
		if each := len(slices.Compact(slices.Clone(m.gave))); before == 0 || before == 12 || each != 12 || len(m.gave) != 12 {
			s.Errorf("wren gave %d answers, %d of them before the restart, to %d questions; want 12 to 12:\n%q", len(m.gave), before, each, m.gave)
		}
		if got := s.tasting(opened.ID).State; got != bot.Open {
			s.Errorf("in the end it is %v", got)
		}
	})
}

// Promise 1 for versions of a prompt: apart from texts and commitments nothing that
// leaves the bot before the reveal depends on which version stands where, nor on which
// of them costs more, says more and takes longer.
func TestGateTellsNoSides(t *testing.T) {
	t.Parallel()
	overheard := func(turn byte, longer string) string {
		m := &pupil{longer: longer}
		var out bytes.Buffer
		play(t, func(s *stage) {
			schooled(m)(s)
			s.opt.Rand, s.opt.Hold, s.log = newSteady(turn), time.Minute, &out
		}, func(s *stage) {
			say := func(what string, v any) { fmt.Fprintf(&out, "%s: %s\n", what, asText(v)) }
			began := time.Now()
			for s.Context().Err() == nil {
				opened, notes, err := s.bot.OpenGate(s.Context(), lounge, starter, versions(nil))
				if err != nil {
					s.Fatal(err)
				}
				g, err := s.bot.Gate(s.Context(), lounge, starter, opened.ID)
				fmt.Fprintln(&out, time.Since(began), opened.ID, bot.English(notes), g.Passage, g.Sentence, g.Tally, err)
				say("status", s.command(starter, "status 1").Post)
				if opened.State == bot.Open {
					break
				}
				s.sleep(7 * time.Second)
			}
			id := bot.TastingID{Workspace: team, N: 1}
			for n := range 6 {
				s.tap(s.room.called(s.T, fmt.Sprintf("1.%d/ballot", n+1)).Ref, "bo", bot.Left, true)
			}
			s.sleep(time.Minute)
			g, err := s.bot.Gate(s.Context(), lounge, starter, id)
			fmt.Fprintln(&out, g.Passage, g.Sentence, g.Tally, err)
			for _, post := range s.room.all() {
				for _, p := range post.all() {
					say("post "+post.Key, p)
				}
			}
			say("told", s.room.heard())
		})
		return out.String()
	}
	const old, now = "Be kind", "Answer kindly"
	for what, both := range map[string][2]string{
		"with the sides exchanged":                        {overheard(0, ""), overheard(1, "")},
		"with the sides exchanged, of which one is long":  {overheard(0, now), overheard(1, now)},
		"where the other version is the long one":         {overheard(0, old), overheard(0, now)},
		"where the other one is, and stands where it did": {overheard(0, old), overheard(1, now)},
	} {
		if both[0] == both[1] {
			t.Fatalf("%s nothing differs; this test has tested nothing", what)
		}
		if diff := cmp.Diff(unsided(both[0]), unsided(both[1])); diff != "" {
			t.Errorf("%s something else leaves the bot:\n%s", what, diff)
		}
	}
}
