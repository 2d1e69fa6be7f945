package chart_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// announcement is one of so many rounds between two models.
func announcement(first, second string, rounds int) bot.Announcement {
	id := bot.TastingID{Workspace: bot.Workspace{Platform: "slack", ID: "T1"}, N: 12}
	a := bot.Announcement{Tasting: id, Title: bot.Literal("Taste test 12: no winner shown.")}
	names := [4]string{first, second, "equal", "both bad"}
	var all [4]int
	prompts := []string{
		"A birthday cake came a day late. Apologise in 60 words. No discount.", "A parking ticket, by a poet",
		"Explain recursion to a seven-year-old", "生日蛋糕晚到了一天。写一段道歉，不超过 60 字，不给折扣。", "Say no to a meeting 🙃", "ok",
	}
	for i := range rounds {
		c := [4]int{(i*7 + 5) % 8, (i*5 + 2) % 7, i % 3, (i + 1) % 2}
		for j := range c {
			all[j] += c[j]
		}
		a.Rounds = append(a.Rounds, bot.Reveal{
			Round: id.Round(i + 1), Prompt: bot.Verbatim(prompts[i%len(prompts)]), Bars: bars(names, c, sum(c) >= 5), Votes: sum(c), Summary: bot.Literal(summary(names, c)),
		})
	}
	a.Bars, a.Summary = bars(names, all, true), bot.Literal(summary(names, all))
	a.Fits = bot.Span{Low: 0.41, High: 0.8}
	return a
}

func sum(c [4]int) int { return c[0] + c[1] + c[2] + c[3] }

func bars(names [4]string, c [4]int, percents bool) []bot.Bar {
	var out []bot.Bar
	for i, n := range c {
		b := bot.Bar{Label: bot.Literal(names[i]), Count: n}
		if percents {
			b.Percent = (200*n + sum(c)) / (2 * sum(c))
		}
		out = append(out, b)
	}
	return out
}

func summary(names [4]string, c [4]int) string {
	var s []string
	for i, n := range c {
		s = append(s, fmt.Sprint(names[i], " ", n))
	}
	return strings.Join(s, " · ")
}

// standings are of so many models; the last of several has no rank.
func standings(models int) bot.Standings {
	s := bot.Standings{Title: bot.Literal("Standings"), Columns: []bot.Sentence{bot.Literal("Rank"), bot.Literal("Model"), bot.Literal("Beats the average model"), bot.Literal("Both bad"), bot.Literal("Per 1,000 answers"), bot.Literal("An answer takes"), bot.Literal("Votes")}}
	names := []string{"kestrel", "通义千问-2.5-Max 长文本增强版", "meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8", "nova", "🦅", "lark"}
	for i := range models {
		r := bot.Standing{
			Rank: bot.Verbatim(fmt.Sprintf("%d–%d", i+1, i+2)), Model: bot.Verbatim(names[i%len(names)]), Votes: 300 - 7*i,
			Score: 70 - 40*i/models, Low: 62 - 40*i/models, High: 79 - 40*i/models,
			Price: bot.Cost{Pico: int64(15_600_000_000_000 / (i*i + 1)), Known: i != 3}, Cost: bot.Literal("–"),
		}
		r.Beats = bot.Literal(fmt.Sprintf("%d%% (%d to %d)", r.Score, r.Low, r.High))
		if r.Price.Known {
			r.Cost = bot.Say("{cost}", r.Price)
		}
		if i > 0 && i == models-1 {
			r.Score, r.Low, r.High, r.Rank, r.Beats = 0, 0, 0, "–", bot.Literal("–")
		}
		s.Rows = append(s.Rows, r)
	}
	return s
}

// coursesOf are of the models of standings, of which each is followed later than the
// one before.
func coursesOf(models int) []bot.Course {
	var all []bot.Course
	for i, row := range standings(models + 1).Rows[:models] {
		c := bot.Course{Model: row.Model}
		for k := i; k < 8; k++ {
			c.Points = append(c.Points, bot.Stood{On: time.Date(2026, time.Month(k+1), 15, 0, 0, 0, 0, time.UTC), Score: row.Score - 7 + k, Low: row.Low - 14 + 2*k, High: row.High, Votes: 40 * (k + 1)})
		}
		all = append(all, c)
	}
	return all
}
