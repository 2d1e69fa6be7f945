package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// A million votes, as polls of different kinds have them.
func BenchmarkAnalyse(b *testing.B) {
	const votes = 1_000_000
	for _, poll := range []struct {
		name                      string
		models, questions, judges int // 0 questions: one a vote; 0 judges: unknown
	}{
		{"models=2", 2, 1000, 5000},
		{"models=100", 100, 1000, 5000},
		{"models=60/questions=each", 60, 0, 100_000},
		{"models=2/questions=each", 2, 0, 100_000},
		{"models=2/judges=unknown", 2, 20, 0},
	} {
		file := filepath.Join(b.TempDir(), "votes.csv")
		if err := os.WriteFile(file, manyVotes(votes, poll.models, poll.questions, poll.judges), 0o600); err != nil {
			b.Fatal(err)
		}
		b.Run(poll.name, func(b *testing.B) {
			for b.Loop() {
				if code := run(b.Context(), []string{"analyse", "--json", file}, streams{nil, io.Discard, b.Output()}); code != 0 {
					b.Fatal("exit code ", code)
				}
			}
			b.ReportMetric(votes*float64(b.N)/b.Elapsed().Seconds(), "votes/s")
		})
	}
}

func manyVotes(votes, models, questions, judges int) []byte {
	rng := rand.New(rand.NewPCG(1, 1))
	var file bytes.Buffer
	file.WriteString("question_id,model_a,model_b,winner,judge\n")
	for i := range votes {
		q := i
		if questions > 0 {
			q = rng.IntN(questions)
		}
		a := rng.IntN(models)
		judge := ""
		if judges > 0 {
			judge = fmt.Sprintf("judge-%d", rng.IntN(judges))
		}
		winner := []string{"model_a", "model_a", "model_b", "tie", "tie (bothbad)"}[rng.IntN(5)]
		fmt.Fprintf(&file, "question-%d,model-%d,model-%d,%s,%s\n", q, a, (a+1+rng.IntN(models-1))%models, winner, judge)
	}
	return file.Bytes()
}
