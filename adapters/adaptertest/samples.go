package adaptertest

import "github.com/tastetest/tastetest/bot"

// Standings are standings with everything in them that a chat must lay out: a
// range of ranks, one name under two settings, a model without a rank, a name
// that is no plain text.
func Standings() bot.Standings {
	return bot.Standings{
		Title: "Standings", Base: "412 votes, 57 rounds, 38 prompts, 9 tastings",
		Columns: []string{"Rank", "Model", "Beats the average model", "Both bad", "Per 1,000 answers", "An answer takes", "Votes"},
		Rows: []bot.Standing{
			{Rank: "1–2", Model: "kestrel@3fa2c1", Score: 61, Low: 54, High: 68, Beats: "61 % (54 to 68)", BothBad: "4 %", Cost: "$15.60", Pace: "2.1 s", Rounds: 40, Votes: 301},
			{Rank: "1–3", Model: "nova", Score: 55, Low: 41, High: 69, Beats: "55 % (41 to 69)", BothBad: "5 %", Cost: "$0.52", Pace: "0.8 s", Rounds: 31, Votes: 222},
			{Rank: "3", Model: "kestrel@a01b77", Score: 35, Low: 26, High: 45, Beats: "35 % (26 to 45)", BothBad: "11 %", Cost: "local, no cost", Pace: "12.4 s", Rounds: 29, Votes: 210},
			{Rank: "–", Model: "<b>lark</b>", Beats: "–", BothBad: "1 of 3", Cost: "–", Pace: "–", Rounds: 3, Votes: 3},
		},
		Legend: "Beats the average model: how often it would be preferred to the average of the models ranked here. Equal and both bad count as half. In brackets: what fits, for other prompts like these and the same voters.",
		Says: []string{"kestrel@3fa2c1 is ahead of nova with 56 % of votes (47 to 65), which could still be chance; it costs 30 times as much.",
			"Not ranked yet: <b>lark</b> (3 prompts). A model is ranked once it was tasted on 5 different prompts."},
		Notes:   []string{"A model under different settings is ranked as several; which are which stands under Details.", "Rounds left out: 3 in which an answer names its author, 4 that were controls."},
		Details: []string{"kestrel@3fa2c1: +0.447, standard error 0.149; 40 rounds, 31 prompts", "kestrel@a01b77: api, temperature=0.2"},
	}
}
