package compose

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/proof"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/bot/verdict"
)

// Announcement makes the post that ends a tasting, below what opened it; it
// shows so many characters of each answer.
func (o Outcome) Announcement(under bot.Ref, most int) bot.Announcement {
	t, f := o.t, o.finding
	a := bot.Announcement{
		Tasting:  t.ID,
		Under:    under,
		Title:    bot.Say("Taste test {id}: {title}", t.ID, f.Title),
		Question: bot.Literal(t.Question),
		Base:     bot.Literal(o.base()),
		Verdict:  f.Sentences,
		Cost:     bot.Literal(o.cost()),
		Notes:    bot.Literals(o.notes()),
		Next:     f.Next,
		Details:  f.Details,
		Proof:    bot.Verbatim(proof.Of(t, o.texts).String()),
		Crowd:    t.Crowd,
	}
	if !f.Next.IsZero() {
		a.Plan = &bot.Button{ID: t.ID.String() + "/plan", Label: bot.Say("Plan it")}
	}
	if o.total.N() > 0 {
		a.Bars = bars(t.Names(), o.total, o.voters)
		a.Fits = f.Fits
		a.Summary = bot.Literal(summary(a.Bars))
	}
	for _, n := range t.Tasted() {
		a.Rounds = append(a.Rounds, o.Reveal(n, most))
	}
	return a
}

// base is what the counts rest on.
func (o Outcome) base() string {
	if o.total.N() == 0 && len(o.withheld) > 0 {
		return "too few votes to be shown"
	}
	return fmt.Sprintf("%s, %s, %s", say.Plural(o.total.N(), "vote", "votes"),
		say.Plural(o.voters, "person", "people"), say.Plural(o.prompts, "prompt", "prompts"))
}

// Reveal makes the post that tells who wrote what in round n; it shows so many
// characters of each answer.
func (o Outcome) Reveal(n, most int) bot.Reveal {
	t, x, r := o.t, o.texts[n-1], o.t.Rounds[n-1]
	c := r.Counts.Tally()
	p := bot.Reveal{
		Round:   t.ID.Round(n),
		Title:   bot.Literal(roundTitle(t, n)),
		Prompt:  bot.Verbatim(x.Prompt.Text),
		Votes:   c.N(),
		Details: bot.Literals(append([]string{commitment(t, n)}, verdict.Poll(t.Names(), c)...)),
	}
	for i, a := range x.Answers {
		p.Sides[i] = bot.RevealSide{Model: bot.Verbatim(t.Models[i].Name), Text: bot.Verbatim(text.Cut(a.Text, most)), Facts: bot.Literal(facts(a, t.Models[i]))}
	}
	if t.Ballot == bot.Reaction {
		if r.Flip {
			p.Sides[0], p.Sides[1] = p.Sides[1], p.Sides[0]
		}
		p.Sides[0].Emoji, p.Sides[1].Emoji = bot.Choices[0].Emoji, bot.Choices[1].Emoji
	}
	switch {
	case slices.Contains(o.withheld, n):
		p.Votes = 0
		p.Summary = bot.Say("Under three votes: a count would tell who voted for what.")
		p.Details = p.Details[:1]
	case c.N() == 0:
		p.Summary = bot.Say("Nobody voted in this round.")
	default:
		p.Bars = bars(t.Names(), c, c.N())
		p.Summary = bot.Literal(summary(p.Bars))
		p.Verdict = bot.Literal(verdict.Lead(t.Names(), c))
	}
	if x.Prompt.ShowAnswer {
		p.Answer = bot.Verbatim(x.Prompt.Answer)
	}
	p.Notes = bot.Literals(roundNotes(t, n, x))
	return p
}

// facts are what is known of an answer besides its text.
func facts(a bot.Answer, card bot.Card) string {
	fs := []string{say.Plural(text.Words(a.Text), "word", "words")}
	if !card.Free() {
		fs = append(fs, say.Cost(a.Cost))
	}
	if a.Latency > 0 {
		fs = append(fs, say.Seconds(a.Latency))
	}
	if a.Finish == "length" {
		fs = append(fs, "stopped at its length limit")
	}
	return strings.Join(fs, " · ")
}

// roundNotes say what was unusual about a round.
func roundNotes(t bot.Tasting, n int, x bot.Texts) []string {
	var notes []string
	r := t.Rounds[n-1]
	for i, a := range x.Answers {
		for _, l := range a.Leaks {
			if l.Level >= text.Strong {
				notes = append(notes, fmt.Sprintf("%s’s answer gives a model’s name away (“%s”): this round stays out of the standings.", t.Models[i].Name, text.Clip(l.Match)))
				break
			}
		}
	}
	if text.LengthWarning(x.Answers[0].Text, x.Answers[1].Text) {
		notes = append(notes, fmt.Sprintf("One answer is much longer: %s %d words, %s %d. Some people vote for length.",
			t.Models[0].Name, text.Words(x.Answers[0].Text), t.Models[1].Name, text.Words(x.Answers[1].Text)))
	}
	if r.Unread {
		notes = append(notes, unreadNote(t))
	}
	if r.Reposted {
		notes = append(notes, "The ballot was deleted; what was heard until then counts.")
	}
	if t.Ballot == bot.Reaction && t.Outsiders > 0 {
		notes = append(notes, fmt.Sprintf("Counted are %s: not all whose emoji stand here.", say.Electorate(t.Voters)))
	}
	if r.Split > 0 {
		notes = append(notes, fmt.Sprintf("%s left two different emoji and which came last was not heard: not counted.", say.Plural(r.Split, "person", "people")))
	}
	return notes
}

// unreadNote says that what stood on a ballot could not be read, and for how
// long that was tried.
func unreadNote(t bot.Tasting) string {
	if t.Waited < time.Minute {
		return "The emoji could not be read when voting closed; what was heard until then counts."
	}
	return fmt.Sprintf("The emoji could not be read for %s, so what was heard counts.", lasting(t.Waited))
}

// lasting writes a duration of a minute or more: "3 days", "6 hours", "45 minutes".
func lasting(d time.Duration) string {
	if day := 24 * time.Hour; d >= day && d%day == 0 {
		return say.Plural(int(d/day), "day", "days")
	}
	if h := int(d.Round(time.Hour).Hours()); d >= 90*time.Minute {
		return say.Plural(h, "hour", "hours")
	}
	return say.Plural(int(d.Round(time.Minute).Minutes()), "minute", "minutes")
}

// notes say what was unusual about the whole tasting.
func (o Outcome) notes() []string {
	var notes []string
	t := o.t
	if v := Voids(t); v != "" {
		notes = append(notes, "Without a ballot: "+v+".")
	}
	if o.t.Deal.Shown {
		notes = append(notes, fmt.Sprintf("Voting ended early: this was shown after %s of at most %s, control pairs included.", say.Plural(o.votes(), "vote", "votes"), say.Thousands(o.t.Deal.Most)))
	}
	if o.together && len(o.withheld) > 0 {
		notes = append(notes, fmt.Sprintf("Not broken down, so that nobody’s secret vote can be told: %s with under three votes. They count in the whole.", say.Plural(len(o.withheld), "round", "rounds")))
	}
	if len(o.withheld) > 0 && !o.together {
		var ids []string
		for _, n := range o.withheld {
			ids = append(ids, t.ID.Round(n).String())
		}
		notes = append(notes, fmt.Sprintf("Left out, so that nobody’s secret vote can be told: rounds with under three votes (%s).", strings.Join(ids, ", ")))
	}
	if ids := flagged(t); len(ids) > 0 {
		rounds := "this round counts here and stays"
		if len(ids) > 1 {
			rounds = "these rounds count here and stay"
		}
		notes = append(notes, fmt.Sprintf("An answer gives a model’s name away (%s): %s out of the standings.", strings.Join(ids, ", "), rounds))
	}
	notes = append(notes, o.controlNotes()...)
	if t.Late {
		notes = append(notes, fmt.Sprintf("It should have closed at %s and closed at %s, because the bot was not running.",
			say.Clock(t.Closes, t.ClosedAt, t.TimeZone), say.Clock(t.ClosedAt, t.ClosedAt, t.TimeZone)))
	}
	if t.Waited > bot.LateAfter && !slices.ContainsFunc(t.Rounds, func(r bot.Round) bool { return r.Unread }) {
		notes = append(notes, fmt.Sprintf("The emoji could be read only %s after voting closed; those that stood then count.", lasting(t.Waited)))
	}
	if t.Extended {
		notes = append(notes, "Voting was extended once, because fewer than five people had voted.")
	}
	if note := o.apartNote(); note != "" {
		notes = append(notes, note)
	}
	if len(t.Barred) > 0 {
		notes = append(notes, "Whoever pasted the texts did not vote.")
	}
	for i, m := range t.Models {
		if m.Returned != "" && m.Settings["model"] != "" && m.Returned != m.Settings["model"] {
			notes = append(notes, fmt.Sprintf("%s was answered by %s.", t.Models[i].Name, m.Returned))
		}
	}
	return notes
}

// flagged are the rounds in which an answer names its author.
func flagged(t bot.Tasting) []string {
	var ids []string
	for _, n := range t.Tasted() {
		if t.Rounds[n-1].Flagged {
			ids = append(ids, t.ID.Round(n).String())
		}
	}
	return ids
}

// Voids says which rounds have no ballot, and why: "round 7.6: kestrel answered 401".
func Voids(t bot.Tasting) string {
	var vs []string
	for i, r := range t.Rounds {
		if r.Void != "" && r.Kind != bot.Retest {
			vs = append(vs, fmt.Sprintf("round %v: %s", t.ID.Round(i+1), r.Void))
		}
	}
	return strings.Join(vs, "; ")
}

// cost compares what the models' answers cost and how long they took.
func (o Outcome) cost() string {
	var sums [2]bot.Cost
	var took [2]time.Duration
	answers := 0
	for _, n := range o.t.Tasted() {
		answers++
		for i, a := range o.texts[n-1].Answers {
			sums[i].Pico += a.Cost.Pico
			sums[i].Known = a.Cost.Known && (answers == 1 || sums[i].Known)
			took[i] += a.Latency
		}
	}
	if answers == 0 || o.t.Models[0].Free() && o.t.Models[1].Free() {
		return ""
	}
	var price, pace []string
	for i, name := range o.t.Names() {
		thousand := bot.Cost{Pico: sums[i].Pico / int64(answers) * 1000, Known: sums[i].Known}
		price = append(price, name+" "+say.Cost(thousand))
		if took[i] > 0 {
			pace = append(pace, name+" "+say.Seconds(took[i]/time.Duration(answers)))
		}
	}
	s := "Per 1,000 answers: " + strings.Join(price, ", ") + times(sums)
	if len(pace) == 2 {
		s += " · An answer took: " + strings.Join(pace, ", ")
	}
	return s
}

// times says how many times the dearer costs the cheaper, if that is known.
func times(sums [2]bot.Cost) string {
	hi, lo := max(sums[0].Pico, sums[1].Pico), min(sums[0].Pico, sums[1].Pico)
	if !sums[0].Known || !sums[1].Known || lo == 0 {
		return ""
	}
	if x := float64(hi) / float64(lo); x >= 1.5 {
		return fmt.Sprintf(" (%.0f ×)", math.Round(x))
	}
	return ""
}
