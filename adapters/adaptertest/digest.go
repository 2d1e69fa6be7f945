package adaptertest

import (
	"time"

	"github.com/tastetest/tastetest/bot"
)

// digest is a week with everything in it that a chat must lay out.
func digest(w bot.Workspace) bot.Digest {
	id := func(n uint64) bot.TastingID { return bot.TastingID{Workspace: w, N: n} }
	until := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	title := bot.Dotted(bot.Say("The week in taste"), bot.Say("{from}–{to} {month}", bot.Count(23), bot.Count(29), bot.Say("Nov")))
	found := func(lead bot.Sentence, n uint64, first string, share, all int, second string, share2 int) bot.Found {
		return bot.Found{Lead: lead, Rest: bot.Say(" (test {id}): {first} {share} of {all|vote|votes}, {second} {share2}.", id(n), bot.Verbatim(first), bot.Percent(share), bot.Count(all), bot.Verbatim(second), bot.Percent(share2))}
	}
	test := func(n uint64, topic, base, title, clearest bot.Sentence, kestrel, nova bot.Verbatim) bot.WeekTest {
		return bot.WeekTest{Title: bot.Say("{test}: {title}", bot.Dotted(bot.Say("Test {id}", id(n)), topic), title), Base: base, Clearest: clearest,
			Sides: [2]bot.RevealSide{{Model: "kestrel", Text: kestrel}, {Model: "nova", Text: nova}}}
	}
	base := func(votes, people, prompts int) bot.Sentence {
		return bot.Say("{votes|vote|votes}, {people|person|people}, {prompts|prompt|prompts}", bot.Count(votes), bot.Count(people), bot.Count(prompts))
	}
	clearest := func(of int, prompt bot.Verbatim, kestrel, nova int) bot.Sentence {
		what := func(name string, n int) bot.Sentence {
			return bot.Say("{what} {n}", bot.Quoted(name), bot.Count(n))
		}
		return bot.Say("Clearest of its {n} prompts (one is always the clearest): “{prompt}”: {counts}", bot.Count(of), prompt, bot.Series{what("kestrel", kestrel), what("nova", nova)})
	}
	return bot.Digest{
		Until: until, Title: title,
		Found: []bot.Found{
			found(bot.Say("{model} is preferred{about}", bot.Verbatim("nova"), bot.Say(" for {topic}", bot.Say("humour"))), 13, "nova", 63, 104, "kestrel", 23),
			found(bot.Say("No winner yet{about}", bot.Say(" for {topic}", bot.Say("hard things to say"))), 12, "kestrel", 55, 42, "nova", 33),
		},
		Closest: bot.Say("Closest prompt: “{prompt}”, {first} to {second} of {n|person|people}.", bot.Verbatim("A birthday cake came a day late …"), bot.Count(4), bot.Count(4), bot.Count(9)),
		Open:    bot.Say("Under way: {tests}.", bot.List{Of: []bot.Arg{bot.Say("test {id}, open until {when}, {n|has|have} tasted", id(14), bot.Moment(time.Date(2026, 12, 1, 17, 0, 0, 0, time.UTC)), bot.Count(6))}}),
		Taste:   &bot.Button{ID: "14/taste", Label: bot.Say("Taste now"), Primary: true},
		Counts:  bot.Prose(bot.Say("{n|person|people} voted.", bot.Count(12)), bot.Say("The {n|revealed test|revealed tests} cost {sum}.", bot.Count(2), bot.Money(1_840_000_000_000))),
		Next: bot.Say("Next: {n} fresh prompts{about} with {people} people would find a 70/30 preference {often}.",
			bot.Count(10), bot.Say(" ({topic})", bot.Say("hard things to say")), bot.Count(9), bot.Say("{n|time|times} in 100", bot.Count(69))),
		Foot:  bot.Dotted(bot.Say("{days} at {time}", bot.Say("Mondays"), bot.Verbatim("9:00")), bot.Say("admins change that: {digest}", bot.Usage{Command: "digest"})),
		Again: &bot.Button{ID: "12/set-up", Label: bot.Say("Set up the next")},
		More:  &bot.Button{ID: "digest/more/2026-11-30T0800Z", Label: bot.Say("Each test, and standings")},
		Menu:  []bot.Button{{ID: "digest/off", Label: bot.Say("No more weekly summaries here"), Confirm: bot.Say("Post no more weekly summaries here? Admins can.")}},
		Week: bot.Week{
			Title: title,
			Tests: []bot.WeekTest{
				test(13, bot.Say("humour"), base(104, 11, 10), bot.Say("{name} is preferred.", bot.Verbatim("nova")), clearest(10, "A parking ticket, by a poet.", 0, 10),
					"Dear motorist, thou hast stood where roses could have grown …", "You stood where roses could have stood, and *roses* do not pay <either> …"),
				test(12, bot.Say("hard things to say"), base(42, 9, 5), bot.Say("no winner shown."), clearest(5, "A friend’s dog has died.", 6, 1), "I am so sorry …", "We regret your loss …"),
			},
			Moved:     []bot.Sentence{bot.Say("Nothing moved that these votes can show.")},
			Standings: standings(),
		},
	}
}

// DigestAlone is the digest as its asker alone sees it.
func DigestAlone(d bot.Digest) bot.Digest {
	d.Menu, d.Week, d.Foot = nil, bot.Week{}, bot.Sentence{}
	d.Post = &bot.Button{ID: "digest/post/2026-11-30T0800Z", Label: bot.Say("Post it here"), Primary: true}
	d.Comes = bot.Say("A summary of the week comes here {when}.", bot.Say("{days} at {time}", bot.Say("Mondays"), bot.Verbatim("9:00")))
	return d
}

// FirstAnnouncement is one that says that a digest comes from now on.
func FirstAnnouncement(a bot.Announcement) bot.Announcement {
	a.Comes = bot.Say("A summary of the week comes here {when}.", bot.Say("{days} at {time}", bot.Say("Mondays"), bot.Verbatim("9:00")))
	a.Off = &bot.Button{ID: "digest/off", Label: bot.Say("No more weekly summaries here"), Confirm: bot.Say("Post no more weekly summaries here? Admins can.")}
	return a
}
