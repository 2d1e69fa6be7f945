package main

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/judge"
)

// A bench is a provider whose models are judges of known kinds. aimock plays fixtures;
// these have to find out which text stands where. What they say hangs on what they are
// told and on nothing else, so that a run can be had again.
type bench struct {
	*httptest.Server
	likes []float64 // how often the team is for kestrel, by round
}

func newBench(t *testing.T, likes []float64) *bench {
	b := &bench{likes: likes}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Model    string
			Messages []struct{ Content string }
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || len(asked.Messages) == 0 {
			t.Errorf("a judge is asked in a way that it cannot read: %v", err)
			return
		}
		said, status := b.says(t, asked.Model, asked.Messages[len(asked.Messages)-1].Content)
		if w.Header().Set("Content-Type", "application/json"); status != http.StatusOK {
			w.WriteHeader(status)
			fmt.Fprint(w, `{"error":{"message":"no such key","type":"invalid_request_error"}}`)
			return
		}
		if err := json.NewEncoder(w).Encode(map[string]any{
			"model":   asked.Model,
			"choices": []any{map[string]any{"message": map[string]any{"role": "assistant", "content": said}, "finish_reason": "stop"}},
			"usage":   map[string]any{"prompt_tokens": 200, "completion_tokens": 1},
		}); err != nil {
			t.Errorf("answer as a judge: %v", err)
		}
	}))
	t.Cleanup(b.Close)
	return b
}

// says is what a judge answers, and with which status.
func (b *bench) says(t *testing.T, model, told string) (string, int) {
	var team, round int
	_, request, _ := strings.Cut(told, "Team ")
	if _, err := fmt.Sscanf(request, "%d, request %d", &team, &round); err != nil {
		t.Errorf("a judge is not told the request: %s", told)
	}
	chance := func(of string) float64 {
		h := fnv.New64a()
		fmt.Fprint(h, model, of)
		return rand.New(rand.NewPCG(h.Sum64(), 18)).Float64()
	}
	each := fmt.Sprint(team, " ", round) // the same in both orders
	kestrelLeft := strings.Index(told, "by the bird") < strings.Index(told, "by the star")
	side := func(left bool) string {
		if left {
			return "left"
		}
		return "right"
	}
	liked := side((chance("taste"+each) < b.likes[round]) == kestrelLeft)
	switch model {
	case "copies":
		return liked, http.StatusOK
	case "sided":
		if chance("side"+each) < 0.7 {
			return "left", http.StatusOK
		}
		return liked, http.StatusOK
	case "flips":
		return side(chance("side"+each) < 0.5), http.StatusOK
	case "coins":
		return side((chance("coin"+each) < 0.5) == kestrelLeft), http.StatusOK
	}
	switch round % 4 { // fails
	case 0:
		return "", http.StatusUnauthorized
	case 1:
		return `{"winner": "left"} // the right one is too long`, http.StatusOK
	case 2:
		return "I am a model by Nobody and would rather argue.", http.StatusOK
	}
	return "As a judge, I pick A.", http.StatusOK
}

// Judges that a provider plays, by the way that judges take: asked in both orders over
// HTTP, read by the grammar, and put beside the votes of simulated teams. What is said of
// each is right in 95 of 100 teams: TASTETEST_TEAMS=100 plays so many, else it is two.
func TestWhatIsSaidOfPlayedJudges(t *testing.T) {
	if testing.Short() {
		t.Skip("it asks judges thousands of times: run without -short")
	}
	teams := 2
	if n, err := strconv.Atoi(os.Getenv("TASTETEST_TEAMS")); err == nil {
		teams = n
	}
	const rounds = 40
	rng := rand.New(rand.NewPCG(18, 3))
	likes := make([]float64, rounds)
	for i := range likes {
		likes[i] = []float64{0.1, 0.25, 0.75, 0.9}[rng.IntN(4)]
	}
	provider := newBench(t, likes)
	right := map[string]func(said string) bool{
		"copies": func(said string) bool {
			return !strings.Contains(said, "less often") && !strings.Contains(said, "leans to")
		},
		"sided": func(said string) bool { return strings.Contains(said, "it leans to the text on the left") },
		"flips": func(said string) bool {
			return strings.Contains(said, "flips gave no answer that counts in 40 rounds") && strings.Contains(said, "In 40 of 40 rounds its answer changed") && !strings.Contains(said, "leans")
		},
		"coins": func(said string) bool {
			return strings.Contains(said, "less often") && !strings.Contains(said, "could stand in for one of them: that is shown")
		},
		"fails": func(said string) bool { return said == "fails gave no answer that counts in 40 rounds." },
	}
	var judges []bot.Judge
	for name := range right {
		m, err := llm.New(llm.Settings{Name: name, Model: name, BaseURL: provider.URL, MaxTokens: 10})
		if err != nil {
			t.Fatal(err)
		}
		judges = append(judges, bot.Judge{Model: m, Rubric: "Which would you rather send?"})
	}
	were, wrong := map[string]int{}, map[string]string{}
	for team := range teams {
		seen := votedOn(team, likes, rng)
		for _, j := range judges {
			seen.Tasting.Judges = append(seen.Tasting.Judges, bot.AskedJudge{Card: j.Card()})
		}
		readByAll(t, judges, &seen)
		reports, err := judge.Of(t.Context(), []judge.Seen{seen})
		if err != nil || len(reports) != len(judges) {
			t.Fatalf("%d judges are reported on, of %d: %v", len(reports), len(judges), err)
		}
		for _, r := range reports {
			if said := bot.Prose(r.Sentences()...).String(); right[r.Name](said) {
				were[r.Name]++
			} else {
				wrong[r.Name] = said
			}
			if r.Name == "fails" && r.Abstained != rounds {
				t.Errorf("who fails each time abstained in %d of %d rounds", r.Abstained, rounds)
			}
		}
	}
	for name := range right {
		t.Logf("%s: right in %d of %d teams", name, were[name], teams)
		if were[name] < (teams*95+99)/100 {
			t.Errorf("%s: what is said is right in %d of %d teams; in one it says: %s", name, were[name], teams, wrong[name])
		}
	}
}

// Of judges that a provider plays, the one that goes by what people like from one request
// to another earns further prompts, once it has read a hundred rounds; who goes by coins or
// sides, or fails, does not.
func TestPlayedJudgesEarnFurtherPrompts(t *testing.T) {
	if testing.Short() {
		t.Skip("it asks judges hundreds of times: run without -short")
	}
	rng := rand.New(rand.NewPCG(18, 4))
	likes := make([]float64, 40)
	for i := range likes {
		likes[i] = []float64{0.1, 0.25, 0.75, 0.9}[rng.IntN(4)]
	}
	provider := newBench(t, likes)
	var judges []bot.Judge
	for _, name := range []string{"copies", "flips", "coins", "fails"} {
		m, err := llm.New(llm.Settings{Name: name, Model: name, BaseURL: provider.URL, MaxTokens: 10})
		if err != nil {
			t.Fatal(err)
		}
		judges = append(judges, bot.Judge{Model: m, Rubric: "Which would you rather send?"})
	}
	var all []judge.Seen
	for team := range 3 {
		seen := votedOn(team, likes, rng)
		readByAll(t, judges, &seen)
		all = append(all, seen)
	}
	for _, j := range judges {
		early, late := judge.Trust(all[:2], j.Card()), judge.Trust(all, j.Card())
		t.Logf("%s: %.2f over %d rounds", j.Card().Name, late.Correlation, late.Rounds)
		if early.Earned() || late.Earned() != (j.Card().Name == "copies") {
			t.Errorf("%s is trusted with %+v after two tests, %+v after three", j.Card().Name, early, late)
		}
	}
}

// votedOn is a revealed tasting on which nine people have voted, each for kestrel as
// often as a round's liking says.
func votedOn(team int, likes []float64, rng *rand.Rand) judge.Seen {
	s := judge.Seen{
		Tasting: bot.Tasting{
			ID:     bot.TastingID{Workspace: bot.Workspace{Platform: "room", ID: "T"}, N: uint64(team + 1)},
			Models: [2]bot.Card{{Name: "kestrel"}, {Name: "nova"}}, State: bot.Revealed, Ballot: bot.Reaction,
		},
		Judgments: make(map[int][]bot.Judgment),
	}
	var votes []bot.Vote
	s.Votes = func(yield func(bot.Vote, error) bool) {
		for _, v := range votes {
			if !yield(v, nil) {
				return
			}
		}
	}
	for k, liked := range likes {
		s.Tasting.Rounds = append(s.Tasting.Rounds, bot.Round{Kind: bot.Plain, Ready: true})
		for voter := range 9 {
			v := bot.Vote{Round: s.Tasting.ID.Round(k + 1), Voter: bot.Voter{Workspace: s.Tasting.ID.Workspace, User: fmt.Sprint("user ", voter)}}
			pick := bot.Second
			if rng.Float64() < liked {
				pick = bot.First
			}
			v.Choose(pick, time.Unix(1, 0))
			votes = append(votes, v)
			s.Tasting.Rounds[k].Counts[0][pick-1]++
		}
	}
	return s
}

// readByAll has all judges read all rounds of a tasting.
func readByAll(t *testing.T, judges []bot.Judge, s *judge.Seen) {
	var all sync.WaitGroup
	made := make([][]bot.Judgment, len(judges))
	for i, j := range judges {
		all.Go(func() {
			for k := range s.Tasting.Rounds {
				x := bot.Texts{
					Prompt:  bot.Prompt{Text: fmt.Sprintf("Team %d, request %d", s.Tasting.ID.N, k)},
					Answers: [2]bot.Answer{{Text: "Written by the bird."}, {Text: "Written by the star."}},
				}
				m, _, err := judge.Read(t.Context(), j, x) // what went wrong with a judge stands in m
				if err != nil {
					t.Errorf("have %s read round %d: %v", j.Model.Card().Name, k+1, err)
					return
				}
				made[i] = append(made[i], m)
			}
		})
	}
	all.Wait()
	for _, of := range made {
		for k, m := range of {
			s.Judgments[k+1] = append(s.Judgments[k+1], m)
		}
	}
}
