package adaptertest

import (
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Posts are one post of each type, as the core would say them.
type Posts struct {
	Head         bot.Head
	Ballot       bot.Ballot
	Removed      bot.Ballot // of a round that was taken out
	Seat         bot.Seat
	SeatDone     bot.Seat // after the last round
	Reveal       bot.Reveal
	Announcement bot.Announcement
	Shows        bot.Notice // what is behind its buttons
	Mine         bot.Notice
	Boss         bot.Notice
	Standings    bot.Standings
	Digest       bot.Digest
	Notice       bot.Notice
	Form         bot.Form
}

// Samples are posts of taste test 12 of a workspace. It is long because it is
// one of each post, with every field filled in.
func Samples(w bot.Workspace) Posts {
	id := bot.TastingID{Workspace: w, N: 12}
	menu := []bot.Button{
		{ID: "12/remind", Label: bot.Say("Remind me")},
		{ID: "12/status", Label: bot.Say("Status")},
		{ID: "12/extend", Label: bot.Say("Extend by a working day")},
		{ID: "12/close", Label: bot.Say("Close and reveal"), Confirm: bot.Say("Close voting now and reveal who wrote what?")},
		{ID: "12/cancel", Label: bot.Say("Cancel without a reveal"), Danger: true, Confirm: bot.Say("Cancel this tasting? Its votes will never be revealed.")},
		{ID: "12/remove", Label: bot.Say("Take out a round …")},
	}
	commitments := []bot.Sentence{bot.Say("The sides of round {id} are fixed: commitment {hash}", id.Round(1), bot.Verbatim("4f1c0a6be2a95a7e0d3fd1f2b6b1d9f0a3e5c7790c2b41ddaa0d6a5f8f1e7c33"))}
	ballot := bot.Ballot{
		Round:  id.Round(1),
		Title:  bot.Dotted(bot.Say("Taste test {id}", id), bot.Say("Which reply is better?")),
		Prompt: "A birthday cake came a day late. Apologise in 60 words. No discount.",
		Left: "Hi Mara,\n\na cake that misses the birthday has missed its whole point, and yours did because we mixed up two delivery vans. " +
			"That is on us, not on the traffic.\n\nI hope Leo blew out his candles anyway, even if they stood in toast. We have changed how we load the vans, so that this does not happen to the next seven-year-old.\n\nWarmly,\nJonas",
		Right: "Dear Mara,\n\nwe sincerely apologise for the delay of your order. We understand **how important** birthdays are, and we deeply regret any inconvenience this may have caused you and your family.\n\n" +
			"- Our team has been informed.\n- The process is under review.\n\nThank you for your patience and understanding.",
		Legend: bot.Dotted(means("🅰️", bot.Say("better")), means("🅱️", bot.Say("better")), means("🤝", bot.Say("equal")), means("👎", bot.Say("both bad"))), Progress: bot.Literal("4 voted · names at Thu 17:00"),
		Privacy: bot.Say("Everyone can see who tapped what."), State: bot.Open, Menu: menu, Details: commitments,
	}
	removed := ballot
	removed.Title = bot.Dotted(bot.Say("Round {n} of {all}", bot.Count(1), bot.Count(10)), bot.Say("Which reply is better?"))
	removed.Left, removed.Right, removed.Removed, removed.State, removed.Menu = "", "", bot.Say("removed"), bot.Cancelled, nil
	removed.Legend, removed.Privacy = bot.Sentence{}, bot.Sentence{}
	removed.Progress = bot.Say("This round was taken out: both its answers are removed, and votes on it count nowhere.")
	reveal := bot.Reveal{
		Round: id.Round(1), Title: bot.Dotted(bot.Say("Taste test {id}", id), bot.Say("Round {id}", bot.Verbatim("1"))), Prompt: ballot.Prompt,
		Sides: [2]bot.RevealSide{
			{Emoji: "🅰️", Model: "kestrel", Text: ballot.Left, Facts: bot.Dotted(bot.Say("{n|word|words}", bot.Count(58)), bot.Literal("$0.0156"), bot.Say("{took}", bot.Pace(2100*time.Millisecond)))},
			{Emoji: "🅱️", Model: "nova", Text: ballot.Right, Facts: bot.Dotted(bot.Say("{n|word|words}", bot.Count(52)), bot.Literal("$0.0005"), bot.Say("{took}", bot.Pace(800*time.Millisecond)))},
		},
		Bars:  []bot.Bar{{Label: bot.Literal("kestrel"), Count: 5, Percent: 56}, {Label: bot.Literal("nova"), Count: 2, Percent: 22}, {Label: bot.Say("equal"), Count: 1, Percent: 11}, {Label: bot.Say("both bad"), Count: 1, Percent: 11}},
		Votes: 9, Summary: counted([4]int{5, 2, 1, 1}, "56% · 22% · 11% · 11%"),
		Verdict: bot.Literal("Of those who voted, more liked kestrel's reply here. One prompt says little about the next."),
		Notes:   []bot.Sentence{bot.Literal("One person left two different emoji and which came last was not heard: not counted.")},
		Details: append(commitments, bot.Literal("Wilson 95%: 35 to 88% of the 7 who preferred one")),
	}
	base := bot.Say("{votes|vote|votes}, {people|person|people}, {prompts|prompt|prompts}", bot.Count(42), bot.Count(9), bot.Count(5))
	title := bot.Prose(bot.Say("no winner shown."), bot.Say("{model} is ahead.", bot.Verbatim("kestrel")))
	found := bot.Prose(bot.Say("{base}.", base),
		bot.Say("Equal and both bad count half: {ahead} has {m}; its true share may be {lo} to {hi}.", bot.Verbatim("kestrel"), bot.Percent(61), bot.Verbatim("41"), bot.Percent(80)), bot.Say("That includes half and half."))
	shows := []bot.Sentence{
		bot.Say("Counting equal and both bad as half, {ahead} has {m}; for all prompts and people like these, it may be anything from {lo} to {hi}.", bot.Verbatim("kestrel"), bot.Percent(61), bot.Count(41), bot.Percent(80)),
		bot.Say("Not shown: that they are alike."), bot.Say("Not tested: guessing (no control rounds)."),
	}
	cost := bot.Say("Per 1,000 answers: {first} {price}, {second} {price2}{times}", bot.Verbatim("kestrel"), bot.Money(15_600_000_000_000), bot.Verbatim("nova"), bot.Money(520_000_000_000), bot.Say(" ({n} ×)", bot.Count(30)))
	boss := []bot.Sentence{
		bot.Say("Question: {question} {first} or {second}, tasted blind (taste test {id}).", bot.Quoted("Which model should answer our customers?"), bot.Verbatim("kestrel"), bot.Verbatim("nova"), id),
		bot.Say("Finding: {title} {found}", title, found),
		bot.Say("Cost and time: {cost}", cost),
		bot.Say("Not tested: {what}.", bot.Series{bot.Say("prompts and people unlike these"), bot.Say("whether people guessed"), bot.Say("whether the dearer one is worth its price")}),
	}
	mine := bot.Say("You picked {model} {n|time|times} out of {all}.", bot.Verbatim("kestrel"), bot.Count(3), bot.Count(5))
	under := func(what bot.Sentence) bot.Sentence { return bot.Dotted(bot.Say("Taste test {id}", id), what) }
	return Posts{
		Shows: bot.Notice{Title: under(bot.Say("What this shows, and what it does not")), Text: bot.Lines(append([]bot.Sentence{bot.Say("{base}.", base)}, shows...)...)},
		Mine: bot.Notice{Title: under(bot.Say("How I voted")), Text: bot.Lines(mine, bot.Dotted(
			bot.Say("{round}: {choice}", id.Round(1), bot.Quoted("kestrel")), bot.Say("{round}: {choice}", id.Round(2), bot.Quoted("nova")), bot.Say("{round}: {choice}", id.Round(3), bot.Say("equal"))))},
		Boss: bot.Notice{Title: under(bot.Say("Copy for the boss")), Code: bot.Lines(boss...)},
		Head: bot.Head{
			Tasting: id, Question: bot.Literal("Which model should answer our customers?"),
			Intro:    bot.Say("{n|prompt|prompts}, two unnamed answers each, about {pace} s a prompt. Stop any time.", bot.Count(10), bot.Count(40)),
			Progress: bot.Dotted(bot.Say("{n} of {invited} {n?has|have} tasted", bot.Count(6), bot.Count(9)), bot.Say("closes {when}", bot.Verbatim("Thu 17:00"))),
			Privacy:  bot.Literal("Votes are secret here; whoever runs the bot's server could read them."),
			State:    bot.Open, Closes: time.Date(2026, 3, 5, 17, 0, 0, 0, time.UTC), Main: &bot.Button{ID: "12/taste", Label: bot.Say("Start tasting"), Primary: true}, Menu: menu, Details: commitments,
		},
		Ballot:  ballot,
		Removed: removed,
		Seat: bot.Seat{
			Round: id.Round(3), Title: bot.Dotted(bot.Say("Taste test {id}", id), bot.Say("{n} of {all}", bot.Count(3), bot.Count(10))), Question: bot.Say("Which reply is better?"), Prompt: ballot.Prompt, Left: ballot.Left, Right: ballot.Right, Mine: bot.Left,
			Buttons:  []bot.Button{{ID: "12.3/left", Label: means("🅰️", bot.Say("better")), Chosen: true}, {ID: "12.3/right", Label: means("🅱️", bot.Say("better"))}, {ID: "12.3/tie", Label: means("🤝", bot.Say("equal"))}, {ID: "12.3/bad", Label: means("👎", bot.Say("both bad"))}},
			Nav:      []bot.Button{{ID: "12.2/show", Label: bot.Say("Back")}, {ID: "12.3/clear", Label: bot.Say("Take back")}, {ID: "12.4/show", Label: bot.Say("Next")}},
			Position: 3, Of: 10, Done: 2, Voted: []bool{true, false, true, 9: false}, Note: bot.Say("Each tap is saved. You can change it until {closes}.", bot.Verbatim("Thu 17:00")),
		},
		SeatDone: bot.Seat{Round: id.Round(0), Title: bot.Dotted(bot.Say("Taste test {id}", id), bot.Say("done")), Position: 10, Of: 10, Done: 10, Voted: []bool{true, true, true, true, true, true, true, true, true, true},
			Note: bot.Literal("You have tasted all 10 rounds. You can change your votes until Thu 17:00; then the names are revealed in the channel."), Nav: []bot.Button{{ID: "12.1/show", Label: bot.Say("Look again")}}},
		Reveal: reveal,
		Announcement: bot.Announcement{
			Tasting: id, Title: bot.Say("Taste test {id}: {title}", id, title), Question: bot.Literal("Which model should answer our customers?"),
			Bars:    []bot.Bar{{Label: bot.Literal("kestrel"), Count: 23, Percent: 55}, {Label: bot.Literal("nova"), Count: 14, Percent: 33}, {Label: bot.Say("equal"), Count: 3, Percent: 7}, {Label: bot.Say("both bad"), Count: 2, Percent: 5}},
			Fits:    bot.Span{Low: 0.41, High: 0.8},
			Summary: counted([4]int{23, 14, 3, 2}, "55% · 33% · 7% · 5%"), Base: base,
			Verdict: shows,
			Cost:    cost,
			Notes:   []bot.Sentence{bot.Say("Without a ballot: {voids}.", bot.Say("round {id}: {why}", id.Round(6), bot.Say("{model} {why}", bot.Verbatim("nova"), bot.Say("gave no answer"))))},
			Finding: found,
			Choose:  bot.Say("If you must choose now: these votes show neither that {model} is better nor that {other} is as good.", bot.Verbatim("kestrel"), bot.Verbatim("nova")),
			Next:    bot.Say("Next: {n} fresh prompts, judged by themselves, would find a 70/30 preference {often}.", bot.Count(10), bot.Say("{n|time|times} in 100", bot.Count(69))),
			Again:   &bot.Button{ID: "12/again", Label: bot.Say("Taste {n} more", bot.Count(10))},
			Buttons: []bot.Button{
				{ID: "12/shows", Label: bot.Say("What this shows, and what it does not")}, {ID: "12/mine", Label: bot.Say("How I voted")}, {ID: "12/boss", Label: bot.Say("Copy for the boss")},
			},
			Boss:   boss,
			Rounds: []bot.Reveal{reveal}, Details: []bot.Sentence{bot.Literal("clustered mean 0.607, 95% 0.41 to 0.80")}, Proof: "tastetest proof 1\n12.1 kestrel nova 4f1c0a… flip=no nonce=9f3b…",
		},
		Standings: standings(),
		Digest:    digest(w),
		Notice: bot.Notice{
			Title: bot.Literal("/tastetest start did not understand “pck=humour”"), Text: bot.Literal("There is no option pck. Did you mean pack?\nFor example:"), Code: bot.Say("{start}", bot.Usage{Command: "start", Options: []bot.Setting{{Name: "pack", Value: "humour"}, {Name: "rounds", Value: "5"}}}), Error: true,
			Buttons: []bot.Button{{ID: "help", Label: bot.Literal("Help")}},
		},
		Form: bot.Form{
			ID: "start", Title: bot.Say("New taste test"), Intro: bot.Literal("Two models answer the same prompts. People vote without knowing which is which."), Submit: bot.Literal("Go on"),
			Fields: []bot.Field{
				{Name: "first", Label: bot.Literal("First model"), Kind: bot.Select, Options: []bot.Option{{Value: "kestrel", Label: bot.Literal("kestrel")}, {Value: "nova", Label: bot.Literal("nova")}}, Value: "kestrel", Required: true},
				{Name: "second", Label: bot.Literal("Second model"), Kind: bot.Select, Options: []bot.Option{{Value: "kestrel", Label: bot.Literal("kestrel")}, {Value: "nova", Label: bot.Literal("nova")}}, Value: "nova", Required: true},
				{Name: "question", Label: bot.Say("Question"), Kind: bot.Line, Value: "Which reply is better?", Max: 300, Required: true},
				{Name: "until", Label: bot.Say("Until"), Kind: bot.Line, Value: "Thu 17:00", Hint: bot.Literal("A day and a time, or 30m, 4h, 2d.")},
				{Name: "prompts", Label: bot.Literal("Your own prompts"), Kind: bot.Area, Hint: bot.Literal("A blank line between two prompts. Empty: prompts come from the packs."), Max: 20000},
				{Name: "file", Label: bot.Literal("Or a file"), Kind: bot.Upload, Hint: bot.Literal("CSV, JSONL, YAML or promptfoo's output.")},
			},
		},
	}
}

// means is an emoji with what it means.
func means(emoji string, what bot.Sentence) bot.Sentence {
	return bot.Say("{emoji} {means}", bot.Verbatim(emoji), what)
}

// counted are the votes of each bar, and their shares.
func counted(n [4]int, shares string) bot.Sentence {
	return bot.Say("{counts}   ({shares})", bot.Dotted(
		bot.Say("{label} {n}", bot.Verbatim("kestrel"), bot.Count(n[0])), bot.Say("{label} {n}", bot.Verbatim("nova"), bot.Count(n[1])),
		bot.Say("{label} {n}", bot.Say("equal"), bot.Count(n[2])), bot.Say("{label} {n}", bot.Say("both bad"), bot.Count(n[3]))), bot.Literal(shares))
}

// standings are standings with everything in them that a chat must lay out: a
// range of ranks, one name under two settings, a model without a rank, a name
// that is no plain text.
func standings() bot.Standings {
	return bot.Standings{
		Title: bot.Say("Standings"), Base: bot.Say("{votes|vote|votes}, {rounds|round|rounds}, {prompts|prompt|prompts}, {tastings|tasting|tastings}", bot.Count(412), bot.Count(57), bot.Count(38), bot.Count(9)),
		Columns: []bot.Sentence{bot.Say("Rank"), bot.Say("Model"), bot.Say("Beats the average model"), bot.Say("Both bad"), bot.Say("Per 1,000 answers"), bot.Say("An answer takes"), bot.Say("Votes")},
		Rows: []bot.Standing{
			{Rank: "1–2", Model: "kestrel@3fa2c1", Score: 61, Low: 54, High: 68, Beats: bot.Literal("61% (54 to 68)"), BothBad: bot.Literal("4%"), Cost: bot.Literal("$15.60"), Price: bot.Cost{Pico: 15_600_000_000_000, Known: true}, Pace: bot.Literal("2.1 s"), Rounds: 40, Votes: 301},
			{Rank: "1–3", Model: "nova", Score: 55, Low: 41, High: 69, Beats: bot.Literal("55% (41 to 69)"), BothBad: bot.Literal("5%"), Cost: bot.Literal("$0.52"), Price: bot.Cost{Pico: 520_000_000_000, Known: true}, Pace: bot.Literal("0.8 s"), Rounds: 31, Votes: 222},
			{Rank: "3", Model: "kestrel@a01b77", Score: 35, Low: 26, High: 45, Beats: bot.Literal("35% (26 to 45)"), BothBad: bot.Literal("11%"), Cost: bot.Literal("local, no cost"), Price: bot.Cost{Known: true}, Pace: bot.Literal("12.4 s"), Rounds: 29, Votes: 210},
			{Rank: "–", Model: "<b>lark</b>", Beats: bot.Literal("–"), BothBad: bot.Literal("1 of 3"), Cost: bot.Literal("–"), Pace: bot.Literal("–"), Rounds: 3, Votes: 3},
		},
		Legend: bot.Literal("Beats the average model: how often it would be preferred to the average of the models ranked here, by a score from all comparisons. Equal and both bad count as half. In brackets: what the true share may be, for prompts and people like these."),
		Says: []bot.Sentence{bot.Literal("kestrel@3fa2c1 is ahead of nova with 56% (47 to 65) by all comparisons (55% of the 120 votes between the two), which could still be chance; it costs 30 times as much."),
			bot.Literal("Not ranked yet: <b>lark</b> (3 prompts). A model is ranked once it was tasted on 5 different prompts.")},
		Notes:   []bot.Sentence{bot.Say("A model under different settings is ranked as several; which are which stands under Details."), bot.Literal("Rounds left out: 3 in which an answer names its author, 4 that were controls.")},
		Details: []bot.Sentence{bot.Literal("kestrel@3fa2c1: +0.447, standard error 0.149; 40 rounds, 31 prompts"), bot.Literal("kestrel@a01b77: api, temperature=0.2")},
	}
}
