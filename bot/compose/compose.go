package compose

import (
	"encoding/hex"
	"math"
	"slices"

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
		Question: Asked(t),
		Intro:    intro(t),
		Progress: Progress(t, n),
		Privacy:  privacy(t),
		State:    t.State,
		Closes:   t.Closes,
		Details:  commitments(t),
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
func intro(t bot.Tasting) bot.Sentence {
	n, pace := bot.Count(len(t.Live())), bot.Count(math.Round(t.Pace.Seconds()))
	extras := len(t.Tasted()) < len(t.Live())
	switch over := t.State > bot.Open; {
	case over && extras:
		return bot.Say("{n|round|rounds}, two answers each.", n)
	case over:
		return bot.Say("{n|prompt|prompts}, two answers each.", n)
	}
	n = bot.Count(t.DeckSize())
	if extras {
		return bot.Say("{n|round|rounds}, two unnamed answers each, about {pace} s a round. Stop any time.", n, pace)
	}
	return bot.Say("{n|prompt|prompts}, two unnamed answers each, about {pace} s a prompt. Stop any time.", n, pace)
}

// Ballot makes the ballot of round n, in which so many have voted. It has no
// field for a model.
func Ballot(t bot.Tasting, n int, x bot.Texts, voted int) bot.Ballot {
	p := bot.Ballot{
		Round:    t.ID.Round(n),
		Title:    roundTitle(t, n),
		Prompt:   bot.Verbatim(x.Prompt.Text),
		Legend:   legend(),
		Progress: votedProgress(t, voted),
		Privacy:  privacy(t),
		State:    t.State,
		Crowd:    t.Crowd,
	}
	left, right := sides(x, t.Rounds[n-1].Flip)
	p.Left, p.Right = bot.Verbatim(left), bot.Verbatim(right)
	if first, second := sides(x, false); first != x.Answers[0].Text || second != x.Answers[1].Text {
		p.Note = bot.Say("Answers are shown up to {n} characters; the results have them whole.", bot.Count(MostShown))
	}
	if t.Voters != (bot.Electorate{}) {
		p.Note = bot.Prose(p.Note, bot.Say("Counted are {voters}; others may vote and are counted apart.", say.Electorate(t.Voters)))
	}
	if len(t.Rounds[n-1].Commitment) > 0 {
		p.Details = []bot.Sentence{commitment(t, n)}
		if t.Block() && n == t.Drawn()[0] {
			p.Details = blockCommitments(t)
		}
	}
	switch {
	case t.Rounds[n-1].Removed():
		return removed(p)
	case !t.State.TakesVotes():
	case !t.HasHead():
		p.Menu = menu(t)
		if len(t.Drawn()) > 1 {
			p.Menu = append(p.Menu, TakeOut(t, n))
		}
	default:
		p.Menu = []bot.Button{TakeOut(t, n)}
	}
	return p
}

// removed is the ballot of a round that was taken out. It says nothing of the
// answers, nor of the votes.
func removed(p bot.Ballot) bot.Ballot {
	p.Left, p.Right, p.Removed = "", "", bot.Say("removed")
	p.Legend, p.Note, p.Privacy = bot.Sentence{}, bot.Sentence{}, bot.Sentence{}
	p.Progress = bot.Say("This round was taken out: both its answers are removed, and votes on it count nowhere.")
	p.State = bot.Cancelled
	return p
}

// TakeOut is the button that takes a round out, once it is confirmed.
func TakeOut(t bot.Tasting, n int) bot.Button {
	return bot.Button{ID: t.ID.Round(n).String() + "/remove", Label: bot.Say("Take out this round"), Danger: true,
		Confirm: bot.Say("Take this round out? Both answers go for good, and its votes count nowhere.")}
}

// legend says what the emoji under a ballot mean.
func legend() bot.Sentence {
	var all []bot.Sentence
	for _, c := range bot.Choices {
		all = append(all, labelled(c.Emoji, c.Label))
	}
	return bot.Dotted(all...)
}

// labelled is an emoji with what it means.
func labelled(emoji string, means bot.Sentence) bot.Sentence {
	return bot.Say("{emoji} {means}", bot.Verbatim(emoji), means)
}

// sides are the two answers as shown, left and right, cut alike.
func sides(x bot.Texts, flip bool) (left, right string) {
	left, right = text.Cut(x.Answers[0].Text, MostShown), text.Cut(x.Answers[1].Text, MostShown)
	if flip {
		left, right = right, left
	}
	return left, right
}

// roundTitle is the position of round n, which stays if another is taken out:
// "Round 3 of 10".
func roundTitle(t bot.Tasting, n int) bot.Sentence {
	if !t.HasHead() && !t.Block() {
		return bot.Dotted(bot.Say("Taste test {id}", t.ID), Asked(t))
	}
	drawn := t.Drawn()
	for i, m := range drawn {
		if m == n && t.Block() {
			return bot.Dotted(bot.Say("Taste test {id}", t.ID), bot.Say("round {n} of {all}", bot.Count(i+1), bot.Count(len(drawn))), Asked(t))
		}
		if m == n {
			return bot.Dotted(bot.Say("Round {n} of {all}", bot.Count(i+1), bot.Count(len(drawn))), Asked(t))
		}
	}
	return bot.Say("Round {id}", t.ID.Round(n))
}

// menu is the ⋯ of a tasting. Everybody sees it; who may is checked on the tap.
func menu(t bot.Tasting) []bot.Button {
	id := t.ID.String()
	all := []bot.Button{
		{ID: id + Remind, Label: bot.Say("Remind me")},
		{ID: id + "/status", Label: bot.Say("Status")},
		{ID: id + "/extend", Label: bot.Say("Extend by a working day")},
		{ID: id + "/close", Label: bot.Say("Close and reveal"), Confirm: bot.Say("Close voting now and reveal who wrote what?")},
		{ID: id + "/cancel", Label: bot.Say("Cancel without a reveal"), Danger: true, Confirm: bot.Say("Cancel this tasting? Its votes will never be revealed.")},
	}
	if t.HasHead() {
		all = append(all, bot.Button{ID: id + "/remove", Label: bot.Say("Take out a round …")})
	}
	if t.Block() { // its end is fixed
		all = slices.Delete(all, 2, 3)
	}
	return all
}

// Progress is the line of a head: how many have tasted, and until when.
func Progress(t bot.Tasting, n Turnout) bot.Sentence {
	return bot.Dotted(n.of(len(t.Invited)), ending(t, bot.Say("closes {when}", t.At(t.Closes))))
}

// votedProgress is the line of a ballot.
func votedProgress(t bot.Tasting, n int) bot.Sentence {
	return bot.Dotted(bot.Say("{n} voted", bot.Count(n)), ending(t, bot.Say("models revealed {when}", t.At(t.Closes))))
}

// ending says when, or how, the tasting ends.
func ending(t bot.Tasting, open bot.Sentence) bot.Sentence {
	switch t.State {
	case bot.Closing, bot.Closed:
		if t.State == bot.Closing && !t.ReadBy.IsZero() {
			return bot.Say("voting is over; the votes cannot be read yet and are waited for until {when}", t.At(t.ReadBy))
		}
		return bot.Say("voting is over, the reveal is coming")
	case bot.Revealed:
		return bot.Say("revealed {when}", t.At(t.RevealedAt))
	case bot.Cancelled:
		return bot.Say("cancelled; it will not be revealed")
	case bot.Failed:
		return bot.Say("ended without a reveal: {why}", t.Why())
	}
	return open
}

// privacy says who can see the votes.
func privacy(t bot.Tasting) bot.Sentence {
	if t.Ballot == bot.Private {
		return bot.Say("Votes are secret here; whoever runs the bot’s server could read them.")
	}
	if t.ID.VotesFirst() && t.State.TakesVotes() {
		return bot.Say("Everyone who has voted here can see who tapped what.")
	}
	return bot.Say("Everyone can see who tapped what.")
}

// commitments are what stands behind "Details" before the reveal: hashes that
// fix the sides without telling them.
func commitments(t bot.Tasting) []bot.Sentence {
	switch {
	case t.Ballot == bot.Reaction:
		return nil // each stands with its ballot
	case len(t.Deal.Commitment) > 0:
		return []bot.Sentence{bot.Say("The sides of all rounds, who votes on which and the rule of the verdict are fixed: commitment {hash}", bot.Verbatim(hex.EncodeToString(t.Deal.Commitment)))}
	}
	var lines []bot.Sentence
	for _, n := range t.Drawn() {
		if len(t.Rounds[n-1].Commitment) > 0 {
			lines = append(lines, commitment(t, n))
		}
	}
	return lines
}

// blockCommitments are what the first post of a block fixes: the sides of the rounds
// that nobody has seen yet, and when it ends.
func blockCommitments(t bot.Tasting) []bot.Sentence {
	lines := []bot.Sentence{bot.Say("Its rounds are fixed from now on, and that it ends {when}.", t.At(t.Closes))}
	for _, n := range t.Drawn() {
		lines = append(lines, commitment(t, n))
	}
	return lines
}

func commitment(t bot.Tasting, n int) bot.Sentence {
	return bot.Say("The sides of round {id} are fixed: commitment {hash}", t.ID.Round(n), bot.Verbatim(hex.EncodeToString(t.Rounds[n-1].Commitment)))
}
