package compose

import (
	"fmt"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/text"
)

// MostShown is how many characters of an answer a ballot shows, the same for
// both sides. The full text comes with the results.
const MostShown = 8000

// Head makes the head of a tasting, of which so many have tasted.
func Head(t bot.Tasting, n Turnout) bot.Head {
	h := bot.Head{
		Tasting:  t.ID,
		Question: bot.Literal(t.Question),
		Intro:    bot.Literal(intro(t)),
		Progress: bot.Literal(Progress(t, n)),
		Privacy:  bot.Literal(privacy(t)),
		State:    t.State,
		Closes:   t.Closes,
		Details:  bot.Literals(commitments(t)),
		Crowd:    t.Crowd,
	}
	if t.State.TakesVotes() {
		h.Menu = menu(t)
		if t.Ballot == bot.Private {
			h.Main = &bot.Button{ID: t.ID.String() + "/taste", Label: bot.Say("Start tasting"), Primary: true}
		}
	}
	return h
}

// intro says what tasters are in for, and once voting is over, what they were
// shown. Control pairs and repeats are rounds like any others.
func intro(t bot.Tasting) string {
	each := "prompt"
	if len(t.Tasted()) < len(t.Live()) {
		each = "round"
	}
	rounds := say.Plural(len(t.Live()), each, each+"s")
	if t.State > bot.Open {
		return rounds + ", two answers each."
	}
	rounds = say.Plural(t.DeckSize(), each, each+"s")
	return fmt.Sprintf("%s, two unnamed answers each, about %.0f s a %s. Stop any time.", rounds, t.Pace.Seconds(), each)
}

// Ballot makes the ballot of round n, in which so many have voted. It has no
// field for a model.
func Ballot(t bot.Tasting, n int, x bot.Texts, voted int) bot.Ballot {
	p := bot.Ballot{
		Round:    t.ID.Round(n),
		Title:    bot.Literal(roundTitle(t, n)),
		Prompt:   bot.Verbatim(x.Prompt.Text),
		Legend:   bot.Literal(legend()),
		Progress: bot.Literal(votedProgress(t, voted)),
		Privacy:  bot.Literal(privacy(t)),
		State:    t.State,
		Crowd:    t.Crowd,
	}
	left, right := sides(x, t.Rounds[n-1].Flip)
	p.Left, p.Right = bot.Verbatim(left), bot.Verbatim(right)
	if first, second := sides(x, false); first != x.Answers[0].Text || second != x.Answers[1].Text {
		p.Note = bot.Say("Answers are shown up to {mostshown} characters; the results have them whole.", bot.Count(MostShown))
	}
	if t.Voters != (bot.Electorate{}) {
		p.Note = bot.Prose(p.Note, bot.Say("Counted are {voters}; others may vote and are counted apart.", bot.Verbatim(say.Electorate(t.Voters))))
	}
	if len(t.Rounds[n-1].Commitment) > 0 {
		p.Details = []bot.Sentence{bot.Literal(commitment(t, n))}
	}
	if !t.HasHead() && t.State.TakesVotes() {
		p.Menu = menu(t)
	}
	return p
}

// legend says what the emoji under a ballot mean.
func legend() string {
	var all []string
	for _, c := range bot.Choices {
		all = append(all, c.Emoji+" "+c.Label)
	}
	return strings.Join(all, " · ")
}

// sides are the two answers as shown, left and right, cut alike.
func sides(x bot.Texts, flip bool) (left, right string) {
	left, right = text.Cut(x.Answers[0].Text, MostShown), text.Cut(x.Answers[1].Text, MostShown)
	if flip {
		left, right = right, left
	}
	return left, right
}

// live position of round n: "Round 3 of 10".
func roundTitle(t bot.Tasting, n int) string {
	if !t.HasHead() {
		return fmt.Sprintf("Taste test %v · %s", t.ID, t.Question)
	}
	live := t.Live()
	for i, m := range live {
		if m == n {
			return fmt.Sprintf("Round %d of %d · %s", i+1, len(live), t.Question)
		}
	}
	return fmt.Sprintf("Round %v", t.ID.Round(n))
}

// menu is the ⋯ of a tasting. Everybody sees it; who may is checked on the tap.
func menu(t bot.Tasting) []bot.Button {
	id := t.ID.String()
	return []bot.Button{
		{ID: id + "/status", Label: bot.Say("Status")},
		{ID: id + "/extend", Label: bot.Say("Extend by a working day")},
		{ID: id + "/close", Label: bot.Say("Close and reveal"), Confirm: bot.Say("Close voting now and reveal who wrote what?")},
		{ID: id + "/cancel", Label: bot.Say("Cancel without a reveal"), Danger: true, Confirm: bot.Say("Cancel this tasting? Its votes will never be revealed.")},
	}
}

// Progress is the line of a head: how many have tasted, and until when.
func Progress(t bot.Tasting, n Turnout) string {
	return n.of(len(t.Invited)) + " · " + ending(t, "closes ")
}

// votedProgress is the line of a ballot.
func votedProgress(t bot.Tasting, n int) string {
	return fmt.Sprintf("%d voted · %s", n, ending(t, "names at "))
}

// ending says when, or how, the tasting ends.
func ending(t bot.Tasting, open string) string {
	switch t.State {
	case bot.Closing, bot.Closed:
		if t.State == bot.Closing && !t.ReadBy.IsZero() {
			return "voting is over; the votes cannot be read yet and are waited for until " + say.Clock(t.ReadBy, time.Now(), t.TimeZone)
		}
		return "voting is over, the names are coming"
	case bot.Revealed:
		return "revealed " + say.Clock(t.RevealedAt, time.Now(), t.TimeZone)
	case bot.Cancelled:
		return "cancelled; it will not be revealed"
	case bot.Failed:
		return "ended without a reveal: " + t.Note
	}
	return open + say.Clock(t.Closes, time.Now(), t.TimeZone)
}

// privacy says who can see the votes.
func privacy(t bot.Tasting) string {
	if t.Ballot == bot.Private {
		return "Votes are secret here; whoever runs the bot’s server could read them."
	}
	return "Everyone can see who tapped what."
}

// commitments are what stands behind "Details" before the reveal: hashes that
// fix the sides without telling them.
func commitments(t bot.Tasting) []string {
	switch {
	case t.Ballot == bot.Reaction:
		return nil // each stands with its ballot
	case len(t.Deal.Commitment) > 0:
		return []string{fmt.Sprintf("The sides of all rounds, who votes on which and the rule of the verdict are fixed: commitment %x", t.Deal.Commitment)}
	}
	var lines []string
	for _, n := range t.Live() {
		if len(t.Rounds[n-1].Commitment) > 0 {
			lines = append(lines, commitment(t, n))
		}
	}
	return lines
}

func commitment(t bot.Tasting, n int) string {
	return fmt.Sprintf("The sides of round %v are fixed: commitment %x", t.ID.Round(n), t.Rounds[n-1].Commitment)
}
