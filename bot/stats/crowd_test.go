package stats

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"unicode/utf8"
)

// A crowd is the votes of LLMFAO (CC BY 4.0, Dmitry Ustalov and
// llmonitor.com): 8,931 votes of 124 people on 59 models.
type crowd struct{ votes []crowdVote }

type crowdVote struct {
	pair          string
	prompt, voter int
	left, right   string
	score         float64 // 1 left, 0 right
	gap           float64 // LengthGap of left and right
}

func readCrowd(t testing.TB) crowd {
	t.Helper()
	dir := fromShared(t, "data/llmfao")
	open := func(name string) *os.File {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("read the crowd's votes: %v", err)
		}
		return n
	}

	lengths := make(map[string][2]int) // of model x's text and model y's
	models := make(map[string][2]string)
	for d := json.NewDecoder(open("pairs-crowd.jsonl")); d.More(); {
		var p struct {
			ID      int
			ModelX  int    `json:"model_x"`
			ModelY  int    `json:"model_y"`
			ResultX string `json:"result_x"`
			ResultY string `json:"result_y"`
		}
		if err := d.Decode(&p); err != nil {
			t.Fatalf("read the crowd's texts: %v", err)
		}
		id := strconv.Itoa(p.ID)
		lengths[id] = [2]int{utf8.RuneCountInString(p.ResultX), utf8.RuneCountInString(p.ResultY)}
		models[id] = [2]string{strconv.Itoa(p.ModelX), strconv.Itoa(p.ModelY)}
	}

	rows, err := csv.NewReader(open("crowd-comparisons.csv")).ReadAll()
	if err != nil {
		t.Fatalf("read the crowd's votes: %v", err)
	}
	var c crowd
	for _, r := range rows[1:] { // id,prompt,model_x,model_y,worker,winner,left,right
		n := lengths[r[0]]
		if models[r[0]] != [2]string{r[2], r[3]} {
			t.Fatalf("pair %s has models %v in one file and %v in the other", r[0], models[r[0]], r[2:4])
		}
		c.votes = append(c.votes, crowdVote{
			pair: r[0], prompt: number(r[1]), voter: number(r[4]), left: r[6], right: r[7],
			score: map[string]float64{"left": 1, "right": 0, "tie": 0.5}[r[5]],
			gap:   LengthGap(n[0], n[1]),
		})
	}
	return c
}

// games returns a game a vote, with models numbered as in names.
func (c crowd) games(names []string, cluster func(i int, v crowdVote) int) []Game {
	number := make(map[string]int)
	for i, name := range names {
		number[name] = i
	}
	games := make([]Game, len(c.votes))
	for i, v := range c.votes {
		games[i] = Game{A: number[v.left], B: number[v.right], Score: v.score, Votes: 1, Prompt: cluster(i, v)}
	}
	return games
}
