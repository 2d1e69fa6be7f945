package stats

import (
	"math"
	"testing"
)

func TestLengthGap(t *testing.T) {
	for _, tt := range []struct {
		a, b int
		want float64
	}{
		{0, 0, 0},
		{1, 0, 0.5},
		{300, 100, 200. / 401},
		{100, 300, -200. / 401},
	} {
		if got := LengthGap(tt.a, tt.b); !near(got, tt.want, 1e-12) {
			t.Errorf("LengthGap(%d, %d) = %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

// standardised is x with mean 0 and population standard deviation 1.
func standardised(x []float64) []float64 {
	mean, sq := 0.0, 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		sq += (v - mean) * (v - mean) / float64(len(x))
	}
	z := make([]float64, len(x))
	for i, v := range x {
		z[i] = (v - mean) / math.Sqrt(sq)
	}
	return z
}

// A side that wins six in ten whatever stands there is a matter of style. Games
// without votes say nothing, and have a style too.
func TestStyle(t *testing.T) {
	var games []Game
	style := Style{Columns: 1}
	for k := range 10 {
		games = append(games,
			Game{A: 0, B: 1, Prompt: k},
			Game{A: 0, B: 1, Score: 6, Votes: 10, Prompt: k},
			Game{A: 0, B: 1, Score: 4, Votes: 10, Prompt: k})
		style.Values = append(style.Values, 7, 1, -1)
	}
	fit := BradleyTerry(2, nil, 0).Again(games, style, 0)
	if want := math.Log(6. / 4); !near(fit.Style[0], want, 1e-6) || !near(fit.Score[0], 0, 1e-6) {
		t.Errorf("the left side adds %v and the first model has %v, want %v and 0", fit.Style[0], fit.Score[0], want)
	}
	if se, ok := fit.StyleSE(0); !ok || se <= 0 || !finite(se) {
		t.Errorf("error of the side %v %t", se, ok)
	}
}
