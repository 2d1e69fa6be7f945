package compose_test

import (
	"encoding/hex"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/schedule"
)

// The chats' golden files show the list of schedules and the posts of a block as they
// are said.
func TestSamplesOfSchedulesAreAsSaid(t *testing.T) {
	at := time.Date(2099, 12, 7, 10, 0, 0, 0, time.UTC)
	next := schedule.Occurrence{Name: "2099-12-07 10:00", At: at}
	models, humour := []string{"kestrel", "nova"}, bot.Setting{Name: "pack", Value: "humour"}
	one, five := bot.Setting{Name: "rounds", Value: "1"}, bot.Setting{Name: "rounds", Value: "5"}
	list := compose.Schedules([]compose.Scheduled{
		{Schedule: bot.Schedule{N: 1, When: "weekdays 10:00", Models: models, Options: []bot.Setting{humour, one}, Block: 5, State: bot.ScheduleActive}, Next: next},
		{Schedule: bot.Schedule{N: 2, When: "每周一 9:00", Models: models, Options: []bot.Setting{five}, State: bot.ScheduleActive, Trouble: bot.Stored(bot.Say("{name} is no longer configured.", bot.Verbatim("nova")))}, Next: next},
		{Schedule: bot.Schedule{N: 4, When: "0 9 1 * *", Models: models, Options: []bot.Setting{humour, five}, State: bot.SchedulePaused, Why: bot.Stored(bot.Say("Whoever set it up is no longer an admin."))}},
	})
	same(t, "the list", adaptertest.Schedules(bot.Moment(at)), list)

	w := bot.Workspace{Platform: "slack", ID: "T1"}
	samples := adaptertest.Blocks(w, bot.Moment(at))
	hash, err := hex.DecodeString("4f1c0a6be2a95a7e0d3fd1f2b6b1d9f0a3e5c7790c2b41ddaa0d6a5f8f1e7c33")
	if err != nil {
		t.Fatal(err)
	}
	block := bot.Tasting{
		ID: bot.TastingID{Workspace: w, N: 12}, Ballot: bot.Reaction, State: bot.Open, Closes: at, TimeZone: "UTC",
		Rounds: slices.Repeat([]bot.Round{{Kind: bot.Plain, Commitment: hash}}, 3), Run: &bot.Run{Block: true, Opened: []string{"1", "2", "3"}},
	}
	texts := bot.Texts{Prompt: bot.Prompt{Text: string(samples[0].Prompt)}, Answers: [2]bot.Answer{{Text: string(samples[0].Left)}, {Text: string(samples[0].Right)}}}
	same(t, "the first post of a block", samples[0], compose.Ballot(block, 1, texts, 4))
	third := compose.Ballot(block, 3, texts, 0)
	third.Note = compose.EarlierOnes(bot.Series{compose.Earlier(1, 4), compose.Earlier(2, 2)})
	same(t, "the third post of a block", samples[1], third)
}

func same[T any](t *testing.T, what string, sample, said T) {
	t.Helper()
	sentences := cmp.Comparer(func(a, b bot.Sentence) bool { return a.Equal(b) })
	if diff := cmp.Diff(sample, said, sentences); diff != "" {
		t.Errorf("%s (-in the golden files +as said):\n%s", what, diff)
	}
}
