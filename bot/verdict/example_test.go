package verdict_test

import (
	"context"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/verdict"
)

func ExampleAnalyse() {
	rows := func(yield func(verdict.VoteRow, error) bool) {
		for i, judge := range []string{"ana", "li", "mo"} {
			if !yield(verdict.VoteRow{Question: fmt.Sprint(i), Models: [2]string{"kestrel", "nova"}, Winner: bot.Left, Judge: judge}, nil) {
				return
			}
		}
	}
	a, err := verdict.Analyse(context.Background(), rows, stats.Ridge, verdict.Epsilon)
	fmt.Println(a.Votes, a.Judges, a.Pairs[0].Finding.Title, err)
	// Output: 3 3 too few voters for a verdict. <nil>
}
