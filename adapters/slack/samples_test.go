package slack_test

import (
	"strings"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

// One post of each type, as the core would say them.
var (
	twelve  = bot.TastingID{Workspace: bot.Workspace{Platform: "slack", ID: "T1"}, N: 12}
	samples = timed(adaptertest.Samples(twelve.Workspace))

	code = bot.Ballot{
		Round: twelve.Round(2), Title: bot.Dotted(bot.Say("Round {n} of {all}", bot.Count(2), bot.Count(10)), bot.Literal("Which answer is better?")), Prompt: "How do I read a file line by line in Go?\nKeep it short.",
		Left: "# Use a scanner\n\n`bufio.Scanner` does it:\n\n```go\nsc := bufio.NewScanner(f)\nfor sc.Scan() {\n\tfmt.Println(sc.Text()) // & <more>\n}\n```\n\n" +
			"1. Open the file\n2. Scan\n   - check `sc.Err()`\n   - and *close* it\n3. Done\n\n> Lines over 64 KB need a larger buffer.\n\nSee [the docs](https://pkg.go.dev/bufio).",
		Right:  "有两种办法：\n\n| 办法 | 内存 | 速度 |\n|---|---|---|\n| Scanner | 小 | 快 |\n| ReadFile | ~~小~~ 大 | 最快 |\n\n***\n\n我会用第一种 👩‍👩‍👧‍👦 🎉\n\n- 一\n- 二\n\n  继续",
		Legend: samples.Ballot.Legend, Progress: voted(0), Privacy: samples.Ballot.Privacy, State: bot.Open, Details: samples.Ballot.Details,
		Note: bot.Literal("One answer is longer than the other. Try not to vote for the length."),
	}

	lengthy = bot.Ballot{
		Round: twelve.Round(3), Title: bot.Dotted(bot.Say("Round {n} of {all}", bot.Count(3), bot.Count(10)), bot.Literal("Which story is better?")), Prompt: "Tell a long story.",
		Left: bot.Verbatim(strings.Repeat("Once upon a time there was a cake. ", 200)), Right: bot.Verbatim(strings.Repeat("从前有一个蛋糕。", 800)),
		Legend: samples.Ballot.Legend, Progress: voted(0), Privacy: samples.Ballot.Privacy, State: bot.Open, Details: samples.Ballot.Details,
	}

	threaded = bot.Head{
		Tasting: twelve, Question: bot.Say("Which reply is better?"), Intro: samples.Head.Intro, Progress: samples.Head.Progress,
		Privacy: samples.Ballot.Privacy, State: bot.Open, Menu: samples.Ballot.Menu,
	}

	lengthyShown = bot.Reveal{
		Round: twelve.Round(3), Title: lengthy.Title, Prompt: lengthy.Prompt,
		Sides: [2]bot.RevealSide{
			{Emoji: "🅰️", Model: "kestrel", Text: lengthy.Left, Facts: bot.Dotted(bot.Say("{n|word|words}", bot.Count(1600)), bot.Literal("$0.0156"), bot.Say("{took}", bot.Pace(12100*time.Millisecond)))},
			{Emoji: "🅱️", Model: "nova", Text: lengthy.Right, Facts: bot.Dotted(bot.Say("{n|word|words}", bot.Count(6400)), bot.Literal("$0.0005"), bot.Say("{took}", bot.Pace(8800*time.Millisecond)))},
		},
		Summary: bot.Say("Nobody voted in this round."),
	}

	question = bot.Notice{
		Title: bot.Say("Start this taste test?"),
		Text: bot.Lines(
			bot.Say("{first} against {second}: {n|prompt|prompts} from {where}, {ballot}.", bot.Verbatim("kestrel"), bot.Verbatim("nova"), bot.Count(10), bot.Say("the pack {pack}", bot.Verbatim("humour")), bot.Say("reaction ballot")),
			bot.Say("One post here and {n} in its thread; everyone in this channel sees them, and who taps what.", bot.Count(10)),
			bot.Say("Voting closes {when}.", closes), bot.Say("Asking for {n|answer|answers} costs at most {sum}.", bot.Count(20), bot.Money(310_000_000_000))),
		Buttons: []bot.Button{{ID: "d12/go", Label: bot.Say("Start tasting"), Primary: true}, {ID: "d12/drop", Label: bot.Say("Not now")}},
	}

	mistake = bot.Notice{
		Text: bot.Say("There is no pack “{name}”. Did you mean pack={near}?", bot.Verbatim("humor"), bot.Verbatim("humour")),
		Code: bot.Say("{start}", bot.Usage{Command: "start", Options: []bot.Setting{{Name: "pack", Value: "humour"}}}), Error: true,
	}
)

// closes is long ago, so that the date stands there whenever it is read.
var closes = bot.Moment(time.Date(2020, 3, 5, 17, 0, 0, 0, time.UTC))

// voted is the line of a ballot on which so many have.
func voted(n int) bot.Sentence {
	return bot.Dotted(bot.Say("{n} voted", bot.Count(n)), bot.Say("models revealed {when}", closes))
}

// timed are posts with times that are times, and all of it there in Chinese.
func timed(p adaptertest.Posts) adaptertest.Posts {
	p.Ballot.Progress = voted(4)
	p.Head.Progress = bot.Dotted(bot.Say("{n} of {invited} {n?has|have} tasted", bot.Count(6), bot.Count(9)), bot.Say("closes {when}", closes))
	p.Head.Privacy = bot.Say("Votes are secret here; whoever runs the bot’s server could read them.")
	p.Seat.Note = bot.Say("Each tap is saved. You can change it until {closes}.", closes)
	p.SeatDone.Note = bot.Say("You have tasted all {n|round|rounds}. You can change your votes until {closes}; then the models are revealed in the channel.", bot.Count(10), closes)
	p.Reveal.Verdict = bot.Say("{model} got {n} of the {all} votes that chose a side.", bot.Verbatim("kestrel"), bot.Count(5), bot.Count(7))
	p.Reveal.Notes = []bot.Sentence{bot.Say("{n|person|people} left two different emoji and which came last was not heard: not counted.", bot.Count(1))}
	p.Announcement.Rounds = []bot.Reveal{p.Reveal}
	return p
}
