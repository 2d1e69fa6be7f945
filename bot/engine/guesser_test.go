package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/monitor"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
)

// A guess is what somebody knows of one round before its reveal: the two texts, what
// each model charges and how fast it is, and all that left the bot meanwhile.
type guess struct {
	words [2]int // left and right
	rates [2]rate
	left  string        // everything that left, without the texts and what is random
	took  time.Duration // from the yes until the ballot stood
	truth bool          // the first model stands on the right
}

// A rate is what is known of a model.
type rate struct {
	input, output int64 // pico-USD a token
	wordy         int   // tokens a word
	speed         time.Duration
}

func (r rate) cost(words int) float64 {
	return float64(r.input*10 + r.output*int64(r.wordy*words))
}

var number = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

// bySums believes what fits the numbers that left: of all of them, and of the
// differences between any two that stand beside each other, which is nearer to what it
// would be if the first model had written the right text than to the other way round.
func (g guess) bySums() bool {
	var seen []float64
	for _, s := range number.FindAllString(g.left, -1) {
		if x, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64); err == nil && x != 0 {
			seen = append(seen, x)
		}
	}
	for i := range len(seen) - 1 {
		seen = append(seen, math.Abs(seen[i]-seen[i+1]))
	}
	score := [2]int{}
	for flip := range score {
		a, b := g.words[flip], g.words[1-flip] // what the first model wrote, and the second
		cost := (g.rates[0].cost(a) + g.rates[1].cost(b)) / 1e12
		twice := cost + g.rates[1].cost(b)/1e12 // the second model's first attempt broke off
		tokens := float64(g.rates[0].wordy*a + g.rates[1].wordy*b)
		seconds := max(g.rates[0].speed*time.Duration(a), g.rates[1].speed*time.Duration(b)).Seconds()
		for _, x := range seen {
			for _, want := range []float64{cost, twice, cost * 100, cost * 1000, tokens, seconds, seconds * 1000, float64(g.rates[0].wordy * a), float64(g.rates[1].wordy * b)} {
				if math.Abs(x-want) < want*0.004 {
					score[flip]++
				}
			}
		}
	}
	if score[0] == score[1] {
		return g.words[0]%2 == 0 // a coin
	}
	return score[1] > score[0]
}

// byTime believes what fits how long it took.
func (g guess) byTime() bool {
	off := [2]float64{}
	for flip := range off {
		want := max(g.rates[0].speed*time.Duration(g.words[flip]), g.rates[1].speed*time.Duration(g.words[1-flip]))
		off[flip] = math.Abs((g.took - want).Seconds())
	}
	return off[1] < off[0]
}

// A learner finds out by itself what goes with which side: it is told how rounds went,
// and counts the words that left with each.
type learner struct {
	seen  [2]map[string]int
	total [2]int
}

// shape is what left in words that can be compared from round to round, each with
// whether the longer text stands on the left: what depends on the author shows as that.
func (g guess) shape() map[string]bool {
	words := make(map[string]bool)
	for i, w := range strings.FieldsFunc(g.left, func(r rune) bool { return strings.ContainsRune(" \n\",:{}[]", r) }) {
		words[fmt.Sprint(g.words[0] > g.words[1], w)] = true
		if i < 400 {
			words[fmt.Sprint(g.words[0] > g.words[1], i, w)] = true
		}
	}
	words[fmt.Sprint("bytes", len(g.left)/8, g.words[0] > g.words[1])] = true
	words[fmt.Sprint("took", g.took, g.words[0] > g.words[1])] = true
	return words
}

func (l *learner) learn(g guess) {
	side := 0
	if g.truth {
		side = 1
	}
	if l.seen[side] == nil {
		l.seen[side] = make(map[string]int)
	}
	l.total[side]++
	for w := range g.shape() {
		l.seen[side][w]++
	}
}

func (l *learner) guess(g guess) bool {
	odds := 0.0
	for w := range g.shape() {
		p := [2]float64{}
		for side := range p {
			p[side] = (float64(l.seen[side][w]) + 0.5) / (float64(l.total[side]) + 1)
		}
		odds += math.Log(p[1] / p[0])
	}
	return odds > 0
}

// Promise 1, also against who can add up: a guesser who has everything that left the
// bot before the reveal, the numbers for those who watch it too, and knows the texts,
// the prices and how fast and how wordy each model is, is right half the time: by
// matching sums, by matching times, and by learning from rounds that were revealed.
// TASTETEST_GUESSES=400 makes it that many rounds.
func TestAGuesserIsRightHalfTheTime(t *testing.T) {
	rounds := 24
	if testing.Short() {
		t.Skip("it plays many tastings")
	}
	if n, err := strconv.Atoi(os.Getenv("TASTETEST_GUESSES")); err == nil {
		rounds = n
	}
	all := guesses(t, rounds, nil)
	right := make(map[string]int)
	var l learner
	tried := 0
	for i, g := range all {
		right["by sums"] += bit(g.bySums() == g.truth)
		right["by time"] += bit(g.byTime() == g.truth)
		if i >= rounds/3 {
			tried++
			right["by learning"] += bit(l.guess(g) == g.truth)
		}
		l.learn(g)
	}
	for how, n := range right {
		of := len(all)
		if how == "by learning" {
			of = tried
		}
		// So many right are seen by chance less than once in ten thousand times.
		most := float64(of)/2 + 3.8*math.Sqrt(float64(of))/2
		t.Logf("%s: %d of %d right", how, n, of)
		if float64(n) > most {
			t.Errorf("%s the guesser is right in %d of %d rounds, more than %.0f", how, n, of, most)
		}
	}
	// The guesser is no fool: told what a tasting has cost so far it knows the sides.
	told := 0
	for _, g := range guesses(t, 10, func(_ *stage, spent float64) string { return fmt.Sprintf("spent so far: $%.6f", spent) }) {
		told += bit(g.bySums() == g.truth)
	}
	if told < 9 {
		t.Errorf("told the cost the guesser is right in %d of 10 rounds; it tests nothing", told)
	}
}

func bit(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// guesses plays so many tastings of one round, of models that differ in all that can be
// told by, and returns what a guesser knows of each. leak, if set, says something more.
func guesses(t *testing.T, rounds int, leak func(s *stage, spent float64) string) (all []guess) {
	luck := rand.New(rand.NewPCG(7, 7))
	var out bytes.Buffer
	watched := monitor.New()
	play(t, func(s *stage) {
		s.log = &out
		s.opt.Hold = time.Minute
		s.opt.Limits = engine.Limits{Day: 100e12, Person: 50e12, Unknown: 1e9}
		s.opt.Step = watched.Step
		dear, cheap := s.models[0], s.models[1]
		dear.price, dear.speed, dear.wordy, dear.tokens = &bot.Price{Input: 15e6, Output: 75e6, AsOf: "2026-01-05"}, 40*time.Millisecond, 3, 4000
		cheap.price, cheap.speed, cheap.wordy, cheap.tokens = &bot.Price{Input: 1e5, Output: 4e5, AsOf: "2026-01-05"}, 9*time.Millisecond, 1, 1000
		cheap.stumble = "twice"
	}, func(s *stage) {
		sources := monitor.Sources{
			Late: s.store.Late, Waiting: s.store.Waiting, Parts: []monitor.Part{monitor.LateJobs(s.store.Late)},
			Ended: func(ctx context.Context) (map[string]monitor.Model, error) { return monitor.Ended(ctx, s.store) },
		}
		say := func(what string, v any) { fmt.Fprintf(&out, "%s: %s\n", what, asText(v)) }
		for n := range rounds {
			out.Reset()
			var words [2]int // of the first model's answer and the second's
			for i, m := range s.models {
				words[i] = 20 + luck.IntN(180)
				m.answers = []string{"⟦" + m.word + strings.Repeat(" word", words[i]-1) + "⟧"}
			}
			prompt := fmt.Sprintf("Question %c", 'a'+rune(n%26))
			if luck.IntN(4) == 0 {
				prompt += " twice" // one attempt breaks off, which is paid twice
			}
			ask := s.notice(s.command(starter, fmt.Sprintf(`start kestrel nova prompt=%q until=3h`, prompt+strings.Repeat(".", n/26))))
			if len(ask.Buttons) == 0 {
				s.Fatalf("the question is %+v", ask)
			}
			id := strconv.Itoa(n + 1) // what is only described has no number
			tasting := bot.TastingID{Workspace: team, N: uint64(n + 1)}
			s.press(starter, ask.Buttons[0].ID)
			for s.tasting(tasting).State != bot.Open {
				say("status", s.command(starter, "status "+id).Post)
				s.sleep(7 * time.Second)
			}
			ballot := s.room.called(s.T, id+".1/ballot")
			say("ballot", ballot.now())
			for _, text := range []string{"status " + id, "results " + id, "models", `start kestrel nova pack=fruit rounds=12 until=2h`} {
				say(text, s.command(starter, text).Post)
			}
			s.tap(ballot.Ref, "bo", bot.Left, true)
			s.sleep(12 * time.Second)
			say("ballot", ballot.now())
			fmt.Fprintf(&out, "metrics: %s\n", watched.Text(s.Context(), sources))
			got := s.tasting(tasting)
			if leak != nil {
				spent := 0.0
				for _, c := range got.Rounds[0].Cost {
					spent += float64(c.Pico) / 1e12
				}
				out.WriteString(strings.Repeat(leak(s, spent)+"\n", 5)) // each time that somebody asks
			}
			flip := got.Rounds[0].Flip
			g := guess{words: words, truth: flip, took: got.Opened.Sub(got.Asked), left: strings.Join(unsided(out.String()), "\n"),
				rates: [2]rate{{15e6, 75e6, 3, 40 * time.Millisecond}, {1e5, 4e5, 1, 9 * time.Millisecond}}}
			if flip {
				g.words = [2]int{words[1], words[0]}
			}
			all = append(all, g)
			s.press(starter, id+"/close")
			s.sleep(time.Minute + 10*time.Second) // past what is remembered of revealed ones
		}
	})
	return all
}
