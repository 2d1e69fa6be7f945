package slack_test

import (
	"strings"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

// One post of each type, as the core would say them.
var (
	twelve = bot.TastingID{Workspace: bot.Workspace{Platform: "slack", ID: "T1"}, N: 12}

	menu = []bot.Button{
		{ID: "12/status", Label: "Status"},
		{ID: "12/extend", Label: "Extend by a working day"},
		{ID: "12/close", Label: "Close and reveal", Confirm: "Close voting now and reveal who wrote what?"},
		{ID: "12/cancel", Label: "Cancel without a reveal", Danger: true, Confirm: "Cancel this tasting? Its votes will never be revealed."},
	}

	commitment = "The sides of round 12.1 are fixed: commitment 4f1c0a6be2a95a7e0d3fd1f2b6b1d9f0a3e5c7790c2b41ddaa0d6a5f8f1e7c33"

	cake = bot.Ballot{
		Round: twelve.Round(1), Title: "Taste test 12 · Which reply is better?",
		Prompt: "A birthday cake came a day late. Apologise in 60 words. No discount.",
		Left: "Hi Mara,\n\na cake that misses the birthday has missed its whole point, and yours did because we mixed up two delivery vans. " +
			"That is on us, not on the traffic.\n\nI hope Leo blew out his candles anyway, even if they stood in toast.\n\nWarmly,\nJonas",
		Right: "Dear Mara,\n\nwe sincerely apologise for the delay of your order. We understand **how important** birthdays are.\n\n" +
			"- Our team has been informed.\n- The process is under review.\n\nThank you for your patience and understanding.",
		Legend: "🅰️ better · 🅱️ better · 🤝 equal · 👎 both bad", Progress: "4 voted · names at Thu 17:00",
		Privacy: "Everyone can see who tapped what.", State: bot.Open, Menu: menu, Details: []string{commitment},
	}

	code = bot.Ballot{
		Round: twelve.Round(2), Title: "Round 2 of 10 · Which answer is better?", Prompt: "How do I read a file line by line in Go?\nKeep it short.",
		Left: "# Use a scanner\n\n`bufio.Scanner` does it:\n\n```go\nsc := bufio.NewScanner(f)\nfor sc.Scan() {\n\tfmt.Println(sc.Text()) // & <more>\n}\n```\n\n" +
			"1. Open the file\n2. Scan\n   - check `sc.Err()`\n   - and *close* it\n3. Done\n\n> Lines over 64 KB need a larger buffer.\n\nSee [the docs](https://pkg.go.dev/bufio).",
		Right:  "有两种办法：\n\n| 办法 | 内存 | 速度 |\n|---|---|---|\n| Scanner | 小 | 快 |\n| ReadFile | ~~小~~ 大 | 最快 |\n\n***\n\n我会用第一种 👩‍👩‍👧‍👦 🎉\n\n- 一\n- 二\n\n  继续",
		Legend: cake.Legend, Progress: "0 voted · names at Thu 17:00", Privacy: cake.Privacy, State: bot.Open, Details: []string{commitment},
		Note: "One answer is longer than the other. Try not to vote for the length.",
	}

	lengthy = bot.Ballot{
		Round: twelve.Round(3), Title: "Round 3 of 10 · Which story is better?", Prompt: "Tell a long story.",
		Left: strings.Repeat("Once upon a time there was a cake. ", 200), Right: strings.Repeat("从前有一个蛋糕。", 800),
		Legend: cake.Legend, Progress: "0 voted · names at Thu 17:00", Privacy: cake.Privacy, State: bot.Open, Details: []string{commitment},
	}

	opening = bot.Head{
		Tasting: twelve, Question: "Which model should answer our customers?",
		Intro:    "10 prompts, two unnamed answers each, about 40 s a prompt. Stop any time.",
		Progress: "6 of 9 have tasted · closes Thu 17:00", Privacy: "Votes are secret here; whoever runs the bot’s server could read them.",
		State: bot.Open, Main: &bot.Button{ID: "12/taste", Label: "Start tasting", Primary: true}, Menu: menu, Details: []string{commitment, commitment},
	}

	threaded = bot.Head{
		Tasting: twelve, Question: "Which reply is better?", Intro: opening.Intro, Progress: opening.Progress,
		Privacy: cake.Privacy, State: bot.Open, Menu: menu,
	}

	seat = bot.Seat{
		Round: twelve.Round(3), Title: "Taste test 12 · 3 of 10", Prompt: cake.Prompt, Left: cake.Left, Right: cake.Right, Mine: bot.Left,
		Buttons:  []bot.Button{{ID: "12.3/left", Label: "🅰️ better", Chosen: true}, {ID: "12.3/right", Label: "🅱️ better"}, {ID: "12.3/tie", Label: "🤝 equal"}, {ID: "12.3/bad", Label: "👎 both bad"}},
		Nav:      []bot.Button{{ID: "12.2/show", Label: "Back"}, {ID: "12.3/clear", Label: "Take back"}, {ID: "12.4/show", Label: "Next"}},
		Position: 3, Of: 10, Done: 2, Note: "Each tap is saved. You can change it until Thu 17:00.",
	}

	seatDone = bot.Seat{
		Round: twelve.Round(0), Title: "Taste test 12 · done", Position: 10, Of: 10, Done: 10,
		Note: "You have tasted all 10 rounds. You can change your votes until Thu 17:00; then the names are revealed in the channel.",
		Nav:  []bot.Button{{ID: "12.4/show", Label: "Look again"}},
	}

	bars = []bot.Bar{{Label: "kestrel", Count: 5, Percent: 56}, {Label: "nova", Count: 2, Percent: 22}, {Label: "equal", Count: 1, Percent: 11}, {Label: "both bad", Count: 1, Percent: 11}}

	shown = bot.Reveal{
		Round: twelve.Round(1), Title: cake.Title, Prompt: cake.Prompt,
		Sides: [2]bot.RevealSide{
			{Emoji: "🅰️", Model: "kestrel", Text: cake.Left, Facts: "58 words · $0.0156 · 2.1 s"},
			{Emoji: "🅱️", Model: "nova", Text: cake.Right, Facts: "52 words · $0.0005 · 0.8 s"},
		},
		Bars: bars, Votes: 9, Summary: "kestrel 5 · nova 2 · equal 1 · both bad 1   (56 % · 22 % · 11 % · 11 %)",
		Verdict: "Of those who voted, more liked kestrel’s reply here.",
		Notes:   []string{"One person left two different emoji and which came last was not heard: not counted."},
		Details: []string{commitment, "Wilson 95 %: 35 to 88 % of the 7 who preferred one"},
	}

	lengthyShown = bot.Reveal{
		Round: twelve.Round(3), Title: lengthy.Title, Prompt: lengthy.Prompt,
		Sides: [2]bot.RevealSide{
			{Emoji: "🅰️", Model: "kestrel", Text: lengthy.Left, Facts: "1,600 words · $0.0156 · 12.1 s"},
			{Emoji: "🅱️", Model: "nova", Text: lengthy.Right, Facts: "6,400 words · $0.0005 · 8.8 s"},
		},
		Summary: "Nobody voted in this round.",
	}

	result = bot.Announcement{
		Tasting: twelve, Title: "Taste test 12: no winner shown. kestrel is ahead.", Question: "Which model should answer our customers?",
		Bars:    []bot.Bar{{Label: "kestrel", Count: 23, Percent: 55}, {Label: "nova", Count: 14, Percent: 33}, {Label: "equal", Count: 3, Percent: 7}, {Label: "both bad", Count: 2, Percent: 5}},
		Summary: "kestrel 23 · nova 14 · equal 3 · both bad 2   (55 % · 33 % · 7 % · 5 %)", Base: "42 votes, 9 people, 5 prompts",
		Verdict: []string{"Counting equal and both bad as half, kestrel has 61 %; for prompts and people like these, anything from 41 to 80 % fits.",
			"Not shown: that they are alike. Not tested: guessing (no control rounds)."},
		Cost:   "Per 1,000 answers: kestrel $15.60, nova $0.52 (30 ×)",
		Notes:  []string{"Without a ballot: round 12.6: nova answered 401."},
		Next:   "To settle it: a new tasting of 15 prompts with nine people finds a 70/30 preference about 85 times in 100.",
		Plan:   &bot.Button{ID: "12/plan", Label: "Plan it"},
		Rounds: []bot.Reveal{shown, lengthyShown}, Details: []string{"Mean over prompts and people 0.607, 95 % 0.41 to 0.80"},
		Proof: "tastetest proof 1\n12.1 kestrel nova flip=0 nonce=9f3b",
	}

	question = bot.Notice{
		Title:   "Taste test 12: start it?",
		Text:    "kestrel against nova: 10 prompts from the pack humour, reaction ballot.\nOne post here and 10 in its thread; everyone in this channel sees them, and who taps what.\nVoting closes Thu 17:00.\nAsking for 20 answers costs at most $0.31.",
		Buttons: []bot.Button{{ID: "12/go", Label: "Start tasting", Primary: true}, {ID: "12/drop", Label: "Not now"}},
	}

	mistake = bot.Notice{Text: "There is no pack humor. Did you mean humour?", Code: "/tastetest start pack=humour", Error: true}

	form = bot.Form{
		ID: "start", Title: "Start a tasting", Intro: "Two models answer the same prompts; people vote blind.", Submit: "Continue",
		Fields: []bot.Field{
			{Name: "first", Label: "Model", Kind: bot.Select, Options: []bot.Option{{Value: "kestrel", Label: "kestrel"}, {Value: "nova", Label: "nova"}}, Value: "kestrel"},
			{Name: "rounds", Label: "How many", Kind: bot.Line, Value: "10", Max: 2, Hint: "1 to 20; ten tell more than five"},
			{Name: "prompts", Label: "Or your own prompts", Kind: bot.Area, Hint: "A blank line between prompts. They replace the pack."},
			{Name: "file", Label: "Or upload prompts, or finished answers", Kind: bot.Upload, Hint: "CSV, JSONL, YAML, or promptfoo’s JSON output"},
			{Name: "text", Label: "One text", Kind: bot.Area, Max: 3000, Required: true},
		},
	}

	ranking = adaptertest.Samples(twelve.Workspace).Standings
)
