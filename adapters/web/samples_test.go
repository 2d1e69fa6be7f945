package web_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

func logger(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), nil))
}

// One post of each type, as the core would say them.
var (
	closes = time.Date(2026, 3, 5, 17, 0, 0, 0, time.UTC)

	menu = []bot.Button{
		{ID: "12/status", Label: "Status"},
		{ID: "12/close", Label: "Close now", Confirm: "Close taste test 12 now? 4 people have voted. Votes cannot be changed after that."},
		{ID: "12/extend", Label: "Extend by a day"},
		{ID: "12/cancel", Label: "Cancel", Danger: true, Confirm: "Cancel taste test 12? Nobody will learn who wrote what."},
	}

	commitments = []string{
		"Which answer stands where was fixed before the first vote. This line proves it later:",
		"12.1 sha256 4f1c0a6be2a95a7e0d3fd1f2b6b1d9f0a3e5c7790c2b41ddaa0d6a5f8f1e7c33",
	}

	ballot = bot.Ballot{
		Round:  tasting(12).Round(1),
		Title:  "Taste test 12 · Which reply is better?",
		Prompt: "A birthday cake came a day late. Apologise in 60 words. No discount.",
		Left: "Hi Mara,\n\na cake that misses the birthday has missed its whole point, and yours did because we mixed up two delivery vans. " +
			"That is on us, not on the traffic.\n\nI hope Leo blew out his candles anyway, even if they stood in toast. We have changed how we load the vans, so that this does not happen to the next seven-year-old.\n\nWarmly,\nJonas",
		Right: "Dear Mara,\n\nwe sincerely apologise for the delay of your order. We understand **how important** birthdays are, and we deeply regret any inconvenience this may have caused you and your family.\n\n" +
			"- Our team has been informed.\n- The process is under review.\n\nThank you for your patience and understanding.",
		Legend: "🅰️ better · 🅱️ better · 🤝 equal · 👎 both bad", Progress: "4 voted · names at Thu 17:00",
		Privacy: "Everyone can see who tapped what.", State: bot.Open, Menu: menu, Details: commitments, Crowd: true,
	}

	head = bot.Head{
		Tasting: tasting(12), Question: "Which model should answer our customers?",
		Intro:    "10 prompts, two unnamed answers each, about 40 s a prompt. Stop any time.",
		Progress: "6 of 9 have tasted · closes Thu 17:00",
		Privacy:  "Votes are secret here; whoever runs the bot's server could read them.",
		State:    bot.Open, Closes: closes, Main: &bot.Button{ID: "12/taste", Label: "Start tasting", Primary: true}, Menu: menu, Details: commitments, Crowd: true,
	}

	seat = bot.Seat{
		Round: tasting(12).Round(3), Title: "Taste test 12 · 3 of 10", Prompt: ballot.Prompt, Left: ballot.Left, Right: ballot.Right, Mine: bot.Left,
		Buttons:  []bot.Button{{ID: "12.3/left", Label: "🅰️ better"}, {ID: "12.3/right", Label: "🅱️ better"}, {ID: "12.3/tie", Label: "🤝 equal"}, {ID: "12.3/bad", Label: "👎 both bad"}},
		Nav:      []bot.Button{{ID: "12.2/seat", Label: "Back"}, {ID: "12.4/seat", Label: "Skip"}, {ID: "12/finish", Label: "Finish"}},
		Position: 3, Of: 10, Done: 2, Voted: []bool{true, false, true, false, false, false, false, false, false, false}, Note: "Saved. You can change it until Thu 17:00.",
	}

	done = bot.Seat{Round: tasting(12).Round(0), Title: "Taste test 12 · done", Position: 10, Of: 10, Done: 10, Voted: []bool{true, true, true, true, true, true, true, true, true, true},
		Note: "You have tasted all 10 rounds.", Nav: []bot.Button{{ID: "12.1/show", Label: "Look again"}}}

	reveal = bot.Reveal{
		Round: tasting(12).Round(1), Title: "Taste test 12 · Round 1", Prompt: ballot.Prompt,
		Sides: [2]bot.RevealSide{
			{Emoji: "🅰️", Model: "kestrel", Text: ballot.Left, Facts: "58 words · $0.0156 · 2.1 s"},
			{Emoji: "🅱️", Model: "nova", Text: ballot.Right, Facts: "52 words · $0.0005 · 0.8 s"},
		},
		Bars:  []bot.Bar{{Label: "kestrel", Count: 5, Percent: 56}, {Label: "nova", Count: 2, Percent: 22}, {Label: "equal", Count: 1, Percent: 11}, {Label: "both bad", Count: 1, Percent: 11}},
		Votes: 9, Summary: "kestrel 5 · nova 2 · equal 1 · both bad 1   (56 % · 22 % · 11 % · 11 %)",
		Verdict: "Of those who voted, more liked kestrel's reply here. One prompt says little about the next.",
		Notes:   []string{"One person tapped two emoji and was left out."},
		Details: []string{"Wilson 95 %: 35 to 88 % of the 7 who preferred one", "flip no, nonce 9f3b…"},
	}

	announcement = bot.Announcement{
		Tasting: tasting(12), Title: "Taste test 12: no winner shown. kestrel is ahead.", Question: "Which model should answer our customers?",
		Bars:    []bot.Bar{{Label: "kestrel", Count: 23, Percent: 55}, {Label: "nova", Count: 14, Percent: 33}, {Label: "equal", Count: 3, Percent: 7}, {Label: "both bad", Count: 2, Percent: 5}},
		Summary: "kestrel 23 · nova 14 · equal 3 · both bad 2   (55 % · 33 % · 7 % · 5 %)", Base: "42 votes, 9 people, 5 prompts",
		Verdict: []string{"Counting equal and both bad as half, kestrel has 61 %; for prompts and people like these, anything from 41 to 80 % fits.",
			"Not shown: that they are alike. Not tested: guessing (no control rounds)."},
		Cost:   "Per 1,000 answers: kestrel $15.60, nova $0.52 (30 ×)",
		Notes:  []string{"nova gave no answer in one round; it was left out."},
		Next:   "To settle it: a new tasting of 15 prompts with nine people finds a 70/30 preference about 85 times in 100.",
		Rounds: []bot.Reveal{reveal}, Details: []string{"clustered mean 0.607, 95 % 0.41 to 0.80"}, Proof: "tastetest proof 1\n12.1 kestrel nova 4f1c0a… flip=no nonce=9f3b…", Crowd: true,
	}

	standings = adaptertest.Standings()

	notice = bot.Notice{
		Title: "/tastetest start did not understand “pck=humour”", Text: "There is no option pck. Did you mean pack?\nFor example:", Code: "/tastetest start pack=humour rounds=5", Error: true,
		Buttons: []bot.Button{{ID: "help", Label: "Help"}},
	}

	help = bot.Notice{
		Title: "Two answers, blind", Text: "Type /tastetest and one of these.\nid=  which tasting. id=7\nAny order will do.",
		Code: "start      start a blind tasting; alone it opens a form\nforget-me  take your votes and your name out of the bot's memory",
	}

	plan = bot.Notice{
		Title: "What 9 voters would find", Text: "How often would a preference that is there be shown? In 100 tastings of so many prompts:",
		Code: "prompts   5    10    15    20\n60/40    12 %  20 %  31 %  42 %\n70/30    27 %  69 %  85 %  93 %",
	}

	form = bot.Form{
		ID: "start", Title: "Start a tasting", Intro: "Two models answer the same prompts. People vote without knowing which is which.", Submit: "Go on",
		Fields: []bot.Field{
			{Name: "first", Label: "First model", Kind: bot.Select, Options: []bot.Option{{Value: "kestrel", Label: "kestrel"}, {Value: "nova", Label: "nova"}}, Value: "kestrel", Required: true},
			{Name: "second", Label: "Second model", Kind: bot.Select, Options: []bot.Option{{Value: "kestrel", Label: "kestrel"}, {Value: "nova", Label: "nova"}}, Value: "nova", Required: true},
			{Name: "question", Label: "Question", Kind: bot.Line, Value: "Which reply is better?", Max: 300, Required: true},
			{Name: "until", Label: "Until", Kind: bot.Line, Value: "Thu 17:00", Hint: "A day and a time, or 30m, 4h, 2d."},
			{Name: "prompts", Label: "Your own prompts", Kind: bot.Area, Hint: "A blank line between two prompts. Empty: prompts come from the packs.", Max: 20000},
			{Name: "file", Label: "Or a file", Kind: bot.Upload, Hint: "CSV, JSONL, YAML or promptfoo's output."},
		},
	}
)
