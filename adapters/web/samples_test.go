package web_test

import (
	"log/slog"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

func logger(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), nil))
}

// One post of each type, as the core would say them to a simulated crowd.
var (
	samples = crowded(adaptertest.Samples(workspace))

	help = bot.Notice{
		Title: bot.Literal("Two answers, blind"), Text: bot.Literal("Type /tastetest and one of these.\nid=  which tasting. id=7\nAny order will do."),
		Code: bot.Literal("Taste\n  start      start a blind tasting; alone it opens a form\n  close      end it now and reveal\nYou\n  forget-me  take your votes and your name out of the bot's memory"),
	}

	plan = bot.Notice{
		Title: bot.Literal("What 9 voters would find"), Text: bot.Literal("How often would a preference that is there be shown? In 100 tastings of so many prompts:"),
		Code:    bot.Literal("prompts   5    10    15    20\n60/40    12%  20%  31%  42%\n70/30    27%  69%  85%  93%"),
		Chances: []bot.Bar{{Label: bot.Say("60/40, {n|person|people}", bot.Count(12)), Percent: 41}, {Label: bot.Say("60/40, {n|person|people}", bot.Count(20)), Percent: 67}},
	}
)

func crowded(p adaptertest.Posts) adaptertest.Posts {
	p.Head.Crowd, p.Ballot.Crowd = true, true
	p.Announcement.Mine = bot.Say("You picked {model} {n|time|times} out of {all}.", bot.Verbatim("kestrel"), bot.Count(3), bot.Count(5))
	return p
}
