package votefile

import (
	"cmp"
	"encoding/json"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/verdict"
)

// A feedback is what Open WebUI exports of a thumb: on one model's answer, and
// beside which others it stood. A thumb up is a vote for it against each of them,
// a thumb down one for each of them.
type feedback struct {
	Rating   json.RawMessage `json:"rating"` // 1 or -1, as a number or in quotes
	Model    string          `json:"model_id"`
	Siblings []string        `json:"sibling_model_ids"`
}

// rows are the votes in f, which stood in v.
func (f feedback) rows(v jsonVote) []verdict.VoteRow {
	winner, rated := map[string]bot.Choice{"1": bot.Left, "-1": bot.Right}[scalar(f.Rating)]
	if !rated {
		return nil
	}
	var meta struct {
		Chat    string `json:"chat_id"`
		Message string `json:"message_id"`
	}
	question := scalar(v["id"])
	if json.Unmarshal(v["meta"], &meta) == nil && meta.Message != "" {
		question = meta.Chat + "/" + meta.Message
	}
	var rows []verdict.VoteRow
	for _, other := range f.Siblings {
		if other != f.Model && other != "" {
			rows = append(rows, verdict.VoteRow{
				Question: cmp.Or(question, f.Model+" "+other), Models: [2]string{f.Model, other}, Winner: winner, Judge: scalar(v["user_id"]), Kind: bot.Plain,
			})
		}
	}
	return rows
}
