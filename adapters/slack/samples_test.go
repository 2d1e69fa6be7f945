package slack_test

import (
	"strings"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

// One post of each type, as the core would say them.
var (
	twelve  = bot.TastingID{Workspace: bot.Workspace{Platform: "slack", ID: "T1"}, N: 12}
	samples = adaptertest.Samples(twelve.Workspace)

	code = bot.Ballot{
		Round: twelve.Round(2), Title: bot.Literal("Round 2 of 10 · Which answer is better?"), Prompt: "How do I read a file line by line in Go?\nKeep it short.",
		Left: "# Use a scanner\n\n`bufio.Scanner` does it:\n\n```go\nsc := bufio.NewScanner(f)\nfor sc.Scan() {\n\tfmt.Println(sc.Text()) // & <more>\n}\n```\n\n" +
			"1. Open the file\n2. Scan\n   - check `sc.Err()`\n   - and *close* it\n3. Done\n\n> Lines over 64 KB need a larger buffer.\n\nSee [the docs](https://pkg.go.dev/bufio).",
		Right:  "有两种办法：\n\n| 办法 | 内存 | 速度 |\n|---|---|---|\n| Scanner | 小 | 快 |\n| ReadFile | ~~小~~ 大 | 最快 |\n\n***\n\n我会用第一种 👩‍👩‍👧‍👦 🎉\n\n- 一\n- 二\n\n  继续",
		Legend: samples.Ballot.Legend, Progress: bot.Literal("0 voted · names at Thu 17:00"), Privacy: samples.Ballot.Privacy, State: bot.Open, Details: samples.Ballot.Details,
		Note: bot.Literal("One answer is longer than the other. Try not to vote for the length."),
	}

	lengthy = bot.Ballot{
		Round: twelve.Round(3), Title: bot.Literal("Round 3 of 10 · Which story is better?"), Prompt: "Tell a long story.",
		Left: bot.Verbatim(strings.Repeat("Once upon a time there was a cake. ", 200)), Right: bot.Verbatim(strings.Repeat("从前有一个蛋糕。", 800)),
		Legend: samples.Ballot.Legend, Progress: bot.Literal("0 voted · names at Thu 17:00"), Privacy: samples.Ballot.Privacy, State: bot.Open, Details: samples.Ballot.Details,
	}

	threaded = bot.Head{
		Tasting: twelve, Question: bot.Literal("Which reply is better?"), Intro: samples.Head.Intro, Progress: samples.Head.Progress,
		Privacy: samples.Ballot.Privacy, State: bot.Open, Menu: samples.Ballot.Menu,
	}

	lengthyShown = bot.Reveal{
		Round: twelve.Round(3), Title: lengthy.Title, Prompt: lengthy.Prompt,
		Sides: [2]bot.RevealSide{
			{Emoji: "🅰️", Model: "kestrel", Text: lengthy.Left, Facts: bot.Literal("1,600 words · $0.0156 · 12.1 s")},
			{Emoji: "🅱️", Model: "nova", Text: lengthy.Right, Facts: bot.Literal("6,400 words · $0.0005 · 8.8 s")},
		},
		Summary: bot.Literal("Nobody voted in this round."),
	}

	question = bot.Notice{
		Title:   bot.Literal("Taste test 12: start it?"),
		Text:    bot.Literal("kestrel against nova: 10 prompts from the pack humour, reaction ballot.\nOne post here and 10 in its thread; everyone in this channel sees them, and who taps what.\nVoting closes Thu 17:00.\nAsking for 20 answers costs at most $0.31."),
		Buttons: []bot.Button{{ID: "12/go", Label: bot.Literal("Start tasting"), Primary: true}, {ID: "12/drop", Label: bot.Literal("Not now")}},
	}

	mistake = bot.Notice{Text: bot.Literal("There is no pack humor. Did you mean humour?"), Code: bot.Literal("/tastetest start pack=humour"), Error: true}
)
