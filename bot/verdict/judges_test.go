package verdict_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/verdict"
)

// reads are a model's answers to a round, with kestrel on the left and on the right.
func reads(judge string, round int, upright, crossed bot.Choice) []verdict.VoteRow {
	q := fmt.Sprintf("q%d", round)
	return []verdict.VoteRow{
		{Question: q, Models: [2]string{"kestrel", "nova"}, Winner: upright, Judge: judge, Kind: bot.Plain, Model: true},
		{Question: q, Models: [2]string{"nova", "kestrel"}, Winner: crossed, Judge: judge, Kind: bot.Plain, Model: true},
	}
}

func judged(t *testing.T, rows []verdict.VoteRow) verdict.JudgeReport {
	t.Helper()
	js, err := verdict.Judges(t.Context(), seq(rows), verdict.Epsilon)
	if err != nil || len(js) != 1 {
		t.Fatalf("%d judges, %v", len(js), err)
	}
	return js[0]
}

// Whoever says the same in both orders has an answer; who does not, abstains, and is
// counted; and so is who says nothing.
func TestJudgeInBothOrders(t *testing.T) {
	rows := ballots(3, 6, left)
	rows = append(rows, slices.Concat(
		reads("owl", 0, bot.Left, bot.Right),  // for kestrel each time
		reads("owl", 1, bot.Left, bot.Left),   // for whoever stands left
		reads("owl", 2, bot.Equal, bot.Equal), //
		reads("owl", 3, bot.Right, bot.Equal), // changes too
		reads("owl", 4, bot.Left, ""),         // had no answer once
		reads("owl", 9, bot.Left, bot.Right),  // on which nobody voted
	)...)
	j := judged(t, rows)
	got := fmt.Sprintf("read %d, abstained %d, both %d, flips %d (%v), left %v, rounds %d, agrees %v, exactly %v",
		j.Read, j.Abstained, j.Both, j.Flips, j.FlipsLeft, j.Left, j.Rounds, j.Judge, j.JudgeExact)
	if want := "read 6, abstained 3, both 5, flips 2 ([1 0]), left {5 8}, rounds 2, agrees {3 3}, exactly {3 6}"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// What models say beside people changes nothing of what people's votes show.
func TestJudgesAreNoVoters(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	rows := ballots(8, 10, func(int, int) bot.Choice { return bot.Choices[rng.IntN(3)].Choice })
	alone := analyse(t, rows)
	var beside []verdict.VoteRow
	for k := range 10 {
		beside = append(beside, reads("owl", k, bot.Left, bot.Right)...)
	}
	for i := range beside {
		rows = slices.Insert(rows, 4*i, beside[i])
	}
	with := analyse(t, rows)
	if len(with.Readers) != 1 || with.Readers[0].Rounds != 10 {
		t.Fatalf("the judge is missing: %+v", with.Readers)
	}
	with.Readers = nil
	if diff := cmp.Diff(alone, with); diff != "" {
		t.Errorf("with a judge beside the voters (-without +with)\n%s", diff)
	}
}

// A judgeKind answers a round that people like so much, in both orders.
type judgeKind func(rng *rand.Rand, liked float64) (upright, crossed bot.Choice)

// forModel is an answer for the first model, or the second, in both orders.
func forModel(first bool) (upright, crossed bot.Choice) {
	if first {
		return bot.Left, bot.Right
	}
	return bot.Right, bot.Left
}

// judgeTeam simulates nine people in so many rounds; in each everybody is for kestrel
// with a probability of the round's own.
func judgeTeam(rounds int, kind judgeKind, rng *rand.Rand) []verdict.VoteRow {
	var rows []verdict.VoteRow
	for k := range rounds {
		liked := []float64{0.1, 0.25, 0.75, 0.9}[rng.IntN(4)]
		for v := range 9 {
			winner, _ := forModel(rng.Float64() < liked)
			rows = append(rows, verdict.VoteRow{Question: fmt.Sprintf("q%d", k), Models: [2]string{"kestrel", "nova"}, Winner: winner, Judge: fmt.Sprint(v), Kind: bot.Plain})
		}
		upright, crossed := kind(rng, liked)
		rows = append(rows, reads("owl", k, upright, crossed)...)
	}
	return rows
}

// What is said of judges of a known kind is not wrong in more than 5 of 100 teams.
func TestJudgesOfKnownKinds(t *testing.T) {
	copies := func(rng *rand.Rand, liked float64) (bot.Choice, bot.Choice) { return forModel(rng.Float64() < liked) }
	sided := func(rng *rand.Rand, liked float64) (bot.Choice, bot.Choice) { // in 7 of 10 left, whatever stands there
		if rng.Float64() < 0.7 {
			return bot.Left, bot.Left
		}
		return copies(rng, liked)
	}
	flips := func(rng *rand.Rand, _ float64) (bot.Choice, bot.Choice) {
		side := bot.Choices[rng.IntN(2)].Choice
		return side, side
	}
	fails := func(*rand.Rand, float64) (bot.Choice, bot.Choice) { return "", "" }
	coins := func(rng *rand.Rand, _ float64) (bot.Choice, bot.Choice) { return forModel(rng.IntN(2) == 0) }
	for what, test := range map[string]struct {
		kind  judgeKind
		right func(said string) bool
	}{
		"copies the team": {copies, func(said string) bool {
			return !strings.Contains(said, "less often") && !strings.Contains(said, "leans to")
		}},
		"side bias of 70 %": {sided, func(said string) bool { return strings.Contains(said, "leans to the text on the left") }},
		"always flips": {flips, func(said string) bool {
			return strings.Contains(said, "no answer that counts in 40 rounds") && strings.Contains(said, "In 40 of 40 rounds its answer changed") && !strings.Contains(said, "leans")
		}},
		"fails": {fails, func(said string) bool {
			return said == "owl gave no answer that counts in 40 rounds."
		}},
		"flips coins": {coins, func(said string) bool {
			return strings.Contains(said, "less often") && !strings.Contains(said, "could stand in for one of them: that is shown")
		}},
	} {
		const teams = 200
		rng, right := rand.New(rand.NewPCG(3, 3)), 0
		var wrong string
		for range teams {
			said := bot.Prose(judged(t, judgeTeam(40, test.kind, rng)).Sentences()...).String()
			if test.right(said) {
				right++
			} else {
				wrong = said
			}
		}
		t.Logf("%s: right in %d of %d", what, right, teams)
		if right < teams*95/100 {
			t.Errorf("%s: what is said is right in %d of %d teams; in one it says: %s", what, right, teams, wrong)
		}
	}
}

// A judge that decides for the longer text where people do not is said to.
func TestJudgeLikesLongTexts(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	kind := func(rng *rand.Rand, _ float64) (bot.Choice, bot.Choice) { return forModel(rng.Float64() < 0.95) }
	rows := judgeTeam(60, kind, rng)
	for i := range rows {
		if rows[i].Model {
			rows[i].Longer, _ = forModel(rows[i].Models[0] == "kestrel")
		}
	}
	j := judged(t, rows)
	if said := bot.Prose(j.Sentences()...).String(); !strings.Contains(said, "decides for the longer text more often than voters do") {
		t.Errorf("for the longer text %v, voters %v: %s", j.Longer, j.VotersLonger, said)
	}
}
