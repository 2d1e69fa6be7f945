package stats

import (
	"testing"

	"pgregory.net/rapid"
)

func TestAgree(t *testing.T) {
	for _, tt := range []struct {
		name  string
		votes [][]int
		want  Agreement
	}{
		{"nothing", nil, Agreement{}},
		{"one vote each", [][]int{{1, 0}, {0, 1}}, Agreement{}},
		{"nobody differs", [][]int{{3, 0}, {2, 0}}, Agreement{Units: 2, Pairs: 1, BrennanPrediger: 1}},
		{"one possible vote", [][]int{{3}}, Agreement{Units: 1, Pairs: 1}},
		{"all agree, rounds differ", [][]int{{3, 0}, {0, 3}}, Agreement{2, 1, 1, true, 1}},
		{"two against two", [][]int{{2, 2}}, Agreement{1, 1. / 3, 0, true, -1. / 3}},
		{"90 to 10 everywhere", [][]int{{90, 10}, {90, 10}, {90, 10}}, Agreement{3, 0.8181818181818182, -0.0067340067340067, true, 0.6363636363636365}},
	} {
		got := Agree(tt.votes)
		if got.Units != tt.want.Units || got.AlphaOK != tt.want.AlphaOK || !near(got.Pairs, tt.want.Pairs, 1e-9) ||
			!near(got.Alpha, tt.want.Alpha, 1e-9) || !near(got.BrennanPrediger, tt.want.BrennanPrediger, 1e-9) {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// The example of Krippendorff (2011), section C: four coders, twelve units,
// five values, with gaps.
func TestKrippendorffsExample(t *testing.T) {
	coders := []string{
		"123321412...",
		"1233224125.3",
		".3332342251.",
		"12332441251.",
	}
	votes := make([][]int, 12)
	for u := range votes {
		votes[u] = make([]int, 5)
		for _, c := range coders {
			if c[u] != '.' {
				votes[u][c[u]-'1']++
			}
		}
	}
	if got := Agree(votes); !near(got.Alpha, 0.743421052631579, 1e-9) {
		t.Errorf("alpha = %v, want 0.743", got.Alpha)
	}
}

func TestAgreeOnTheCrowd(t *testing.T) {
	crowd := readCrowd(t)
	var ref struct {
		Llmfao struct {
			Units           int
			Alpha           float64 `json:"alpha_nominal"`
			Pairs           float64 `json:"pairwise_agreement"`
			BrennanPrediger float64 `json:"brennan_prediger"`
		}
	}
	reference(t, "agreement.json", &ref)
	units := make(map[string][]int)
	for _, v := range crowd.votes {
		if units[v.pair] == nil {
			units[v.pair] = make([]int, 3)
		}
		units[v.pair][map[float64]int{0: 0, .5: 1, 1: 2}[v.score]]++
	}
	var votes [][]int
	for _, u := range units {
		votes = append(votes, u)
	}
	got, want := Agree(votes), ref.Llmfao
	if !near(got.Alpha, want.Alpha, 1e-9) || !near(got.Pairs, want.Pairs, 1e-9) || !near(got.BrennanPrediger, want.BrennanPrediger, 1e-9) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestAgreeIsFinite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		votes := rapid.SliceOf(rapid.SliceOfN(rapid.IntRange(0, 5), 3, 3)).Draw(t, "votes")
		got := Agree(votes)
		if !finite(got.Pairs, got.Alpha, got.BrennanPrediger) || got.Pairs < 0 || got.Pairs > 1 || got.Alpha > 1 {
			t.Fatalf("%+v", got)
		}
		mirrored := make([][]int, len(votes))
		for i, v := range votes {
			mirrored[len(votes)-1-i] = []int{v[2], v[1], v[0]}
		}
		if again := Agree(mirrored); !near(again.Alpha, got.Alpha, 1e-9) || !near(again.BrennanPrediger, got.BrennanPrediger, 1e-9) {
			t.Fatalf("%+v, mirrored %+v", got, again)
		}
	})
}
