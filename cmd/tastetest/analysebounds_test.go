package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot/verdict"
)

// endless gives votes for ever; it tells of the first.
type endless struct {
	begun chan struct{}
	sent  int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.sent++; e.sent == 1 {
		return copy(p, header), nil
	}
	if e.sent == 2 {
		close(e.begun)
	}
	return copy(p, fmt.Sprintf("q%d,kestrel,nova,model_a,ann,,\n", e.sent)), nil
}

// silent is a terminal at which nobody types.
type silent struct{ begun chan struct{} }

func (s silent) Read([]byte) (int, error) {
	close(s.begun)
	select {}
}

// Told to stop, analyse stops: while it reads, and while it waits for more.
func TestAnalyseStops(t *testing.T) {
	reading, waiting := make(chan struct{}), make(chan struct{})
	for name, from := range map[string]struct {
		in    io.Reader
		begun chan struct{}
	}{"reading": {&endless{begun: reading}, reading}, "waiting": {silent{waiting}, waiting}} {
		ctx, stop := context.WithCancel(t.Context())
		go func() {
			<-from.begun
			stop()
		}()
		var out, errs bytes.Buffer
		code := run(ctx, []string{"analyse", "-"}, streams{from.in, &out, &errs})
		if code != 1 || out.Len() > 0 || !strings.Contains(errs.String(), "stopped before the end") {
			t.Errorf("%s: exit code %d, %q, %q", name, code, out.String(), errs.String())
		}
	}
}

// More models than can be ranked are refused as soon as they are read.
func TestAnalyseOfTooManyModels(t *testing.T) {
	var votes strings.Builder
	votes.WriteString(header)
	for i := range verdict.MostModels {
		fmt.Fprintf(&votes, "q%d,m%d,m%d,model_a,ann,,\n", i, i, i+1)
	}
	votes.WriteString("this is not read any more")
	out, errs, code := tell(t, votes.String())
	if code != 1 || out != "" || !strings.Contains(errs, "more than 400 models, the most that are ranked; leave out the rows of some") {
		t.Errorf("exit code %d, %q, %q", code, out, errs)
	}
}

// Who the judges are changes the errors of scores, and what they hold for.
func TestAnalyseKnowsJudges(t *testing.T) {
	table := func(judge func(v int) string) analysisJSON {
		var votes strings.Builder
		votes.WriteString(header)
		for pair, models := range [][2]string{{"auk", "bee"}, {"bee", "cat"}} {
			for k := range 12 {
				for v := range 9 {
					winner := "model_a"
					if v%3 == 0 != ((k+v)%5 == 0) { // each third of them leans the other way
						winner = "model_b"
					}
					fmt.Fprintf(&votes, "q%d-%d,%s,%s,%s,%s,,\n", pair, k, models[0], models[1], winner, judge(v))
				}
			}
		}
		return analyseJSON(t, votes.String())
	}
	known := table(func(v int) string { return fmt.Sprint("judge ", v) })
	unknown := table(func(int) string { return "" })
	some := table(func(v int) string { return []string{"", fmt.Sprint("judge ", v)}[min(v, 1)] })
	for name, tt := range map[string]struct {
		analysisJSON
		holds string
	}{
		"known":   {known, "prompts and people like these"},
		"unknown": {unknown, "prompts like these and the same people"},
		"some":    {some, "prompts like these, and for people like these where it is known whose votes are whose (192 of 216 votes)"},
	} {
		if tt.HoldsFor != tt.holds {
			t.Errorf("%s: intervals hold for %q, want %q", name, tt.HoldsFor, tt.holds)
		}
	}
	for _, i := range []int{0, 2} { // of bee, in all comparisons, everybody's leanings cancel out
		if a, b := *known.Models[i].SE, *unknown.Models[i].SE; a < 1.5*b {
			t.Errorf("the error of %s is %v with judges and %v without, though they disagree", known.Models[i].Model, a, b)
		}
	}
	if known.Models[0].Rank == unknown.Models[0].Rank {
		t.Errorf("the first is at %v with judges who disagree and without judges", known.Models[0].Rank)
	}
}
