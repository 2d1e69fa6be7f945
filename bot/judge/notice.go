package judge

import (
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// Notice answers which judge shares this team's taste: a few sentences for each,
// and a table. configured: there are judges that a tasting could have.
func Notice(reports []Report, configured bool) bot.Notice {
	n := bot.Notice{Title: bot.Say("Judges")}
	switch {
	case len(reports) == 0 && !configured:
		n.Text = bot.Say("No judge is configured. Name a model under “judges” in the configuration; it reads what you vote on, after you have, and never votes.")
		return n
	case len(reports) == 0:
		usage := bot.Usage{Command: "start", Options: []bot.Setting{{Name: "judges", Value: "on"}}}
		n.Text = bot.Say("No judge has read a revealed tasting yet. Start one with judges.")
		n.Code = bot.Say("{usage}", usage)
		return n
	}
	var said []bot.Sentence
	var passed []string
	for _, r := range reports {
		lines := r.Sentences()
		if r.Kin {
			lines = append(lines, bot.Say("Some of what {judge} read was by models of its own family.", bot.Verbatim(r.Name)))
		}
		said = append(said, bot.Prose(lines...))
		if r.Alternative.Passed {
			passed = append(passed, r.Name)
		}
	}
	if len(passed) == 0 {
		said = append(said, bot.Say("No judge is shown to be able to stand in for one of you."))
	} else {
		said = append(said, bot.Say("Shown to be able to stand in for one of you: {judges}.", bot.Names(passed...)))
	}
	n.Text = bot.Lines(said...)
	n.Code = bot.Say("{table}", table(reports))
	return n
}

// table has a line for each judge and one for the people in the rounds that it read.
func table(reports []Report) bot.Table {
	t := bot.Table{{bot.Say("judge"), bot.Say("rounds"), bot.Say("agrees"), bot.Say("you"), bot.Say("κ (95%)"), bot.Say("changes"), bot.Say("left"), bot.Say("longer"), bot.Say("per 1,000")}}
	for _, r := range reports {
		var kappa bot.Arg = none
		if r.Kappa.OK {
			kappa = bot.Say("{estimate} ({low} to {high})", hundredths(r.Kappa.Estimate), hundredths(r.Kappa.Lower), hundredths(r.Kappa.Upper))
		}
		t = append(t, []bot.Arg{bot.Verbatim(r.Name), bot.Count(r.Rounds), part(r.Judge), part(r.Likeness.Voters), kappa,
			part(stats.Share{K: r.Flips, N: r.Both}), part(r.Left), part(r.Longer), r.Price()})
	}
	return t
}

// none stands where nothing can be said.
const none = bot.Verbatim("–")

func hundredths(x float64) bot.Verbatim { return bot.Verbatim(fmt.Sprintf("%.2f", x)) }

func part(s stats.Share) bot.Arg {
	if s.N == 0 {
		return none
	}
	return bot.Percent(stats.Percent(s.K, s.N-s.K)[0])
}
