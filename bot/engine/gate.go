package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/bot/verdict"
)

// A GateWish is what a pipeline wants a team to be asked: the same prompts, answered
// by the old one and by the new one.
type GateWish struct {
	bot.Gate
	Sheet    bot.Sheet // with two models, the old one first; of versions of a prompt the prompts alone, or none
	Versions *Versions // the gate's model is asked for the answers; nil: they stand in the sheet
	Question string
	Until    string
	Ballot   string
	Invite   string
}

// Versions are two versions of a prompt, the old one and the new one. A version in
// which {{input}} stands is sent with what is asked in that place; any other is the
// model's system prompt.
type Versions struct {
	Names    [2]string
	Texts    [2]string
	Pack     string // what both are asked is from it; empty: it stands in the sheet
	Rounds   string // how many prompts of the pack; empty: as many as usual
	MostCost int64  // pico-USD that asking may cost; negative: that was not said
}

// A GateStatus is how a gate stands.
type GateStatus struct {
	Tasting  bot.Tasting
	Passage  verdict.Passage
	Sentence string
	Tally    bot.Tally // once it is decided: the first model is the old one
}

// OpenGate starts a gate's tasting at a place for somebody, by the way that they
// would take by hand, and with no other rights. The same name with the same content
// gives the same tasting; with another content it is a UserError. notes say what it
// may cost at most, and what is less than was wished for. In a workspace gates are
// opened one after the other: a pipeline that comes twice at once waits, and finds
// what it opened first.
func (b *Bot) OpenGate(ctx context.Context, at bot.Place, user string, g GateWish) (t bot.Tasting, notes []bot.Sentence, err error) {
	if err := b.may(ctx, command.Starters, at, user, nil); err != nil {
		return t, nil, err
	}
	if err := b.fixPack(ctx, at, &g); err != nil {
		return t, nil, err
	}
	defer b.gates.Lock(at.Workspace)()
	t, found, err := b.gateCalled(ctx, at, user, g.Gate)
	if err != nil {
		return bot.Tasting{}, nil, err
	}
	if !found {
		if t, notes, err = b.draftGate(ctx, at, user, g); err != nil {
			return bot.Tasting{}, nil, err
		}
	}
	if t.State == bot.Draft { // new, or it was cut short there
		if t, err = b.sayYes(ctx, at, user, t, g.Versions); err != nil {
			return bot.Tasting{}, nil, err
		}
	}
	if t.Versions() && t.Reserved > 0 {
		cost := bot.Say("Asking {model} may cost up to {cost}.", bot.Verbatim(t.Gate.Model), bot.Money(t.Reserved))
		notes = append([]bot.Sentence{cost}, notes...)
	}
	return t, notes, nil
}

// draftGate stores the draft of a gate's tasting.
func (b *Bot) draftGate(ctx context.Context, at bot.Place, user string, g GateWish) (t bot.Tasting, notes []bot.Sentence, err error) {
	w := wish{sheet: g.Sheet, question: g.Question, until: g.Until, ballot: g.Ballot, invite: g.Invite, texts: "prompts"}
	if v := g.Versions; v != nil {
		w.pack, w.rounds, w.judges = v.Pack, v.Rounds, "off" // nobody is here to agree to what judges cost and who receives it
		m, err := b.model(g.Model)
		if err != nil {
			return t, nil, err
		}
		if w.versions, err = versionsOf(m, *v); err != nil {
			return t, nil, err
		}
		g.Model, g.MostCost = m.Card().Name, max(v.MostCost, 0)
	}
	if w.users, w.names, err = b.invited(ctx, at, w); err != nil {
		return t, nil, err
	}
	t, texts, notes, err := b.draft(ctx, at, user, w)
	if err != nil {
		return t, nil, err
	}
	if n := len(t.Tasted()); g.Versions != nil && n < bot.EnoughPrompts {
		return t, nil, bot.UserError(bot.Say("With {n|prompt|prompts} nothing can be decided, whatever people say: a gate needs at least {least}.", bot.Count(n), bot.Count(bot.EnoughPrompts)))
	}
	t.Gate = &g.Gate
	if t, err = b.store.CreateTasting(ctx, t, texts); err != nil {
		return t, nil, fmt.Errorf("store a gate's draft: %w", err)
	}
	return t, notes, nil
}

// sayYes starts a gate's draft, or drops it.
func (b *Bot) sayYes(ctx context.Context, at bot.Place, user string, t bot.Tasting, v *Versions) (bot.Tasting, error) {
	err := b.within(ctx, t, v)
	if err == nil && v != nil && t.Gate.MostCost != max(v.MostCost, 0) { // its draft is an earlier wish's
		err = b.store.Update(ctx, t.ID, bot.Draft, func(t *bot.Tasting) error {
			t.Gate.MostCost = max(v.MostCost, 0)
			return nil
		})
	}
	started := t
	if err == nil {
		started, err = b.begin(ctx, at, user, t)
	}
	if err != nil {
		return t, errors.Join(err, b.dropDraft(ctx, t))
	}
	return started, nil
}

// gateCalled finds the tasting of a gate that the same person opened before at the
// same place: what others ask elsewhere is not told, not even that it is there.
func (b *Bot) gateCalled(ctx context.Context, at bot.Place, user string, g bot.Gate) (t bot.Tasting, found bool, err error) {
	ts, err := b.store.Tastings(ctx, at.Workspace, bot.Query{})
	if err != nil {
		return t, false, fmt.Errorf("look for a gate: %w", err)
	}
	i := slices.IndexFunc(ts, func(t bot.Tasting) bool {
		dropped := t.State == bot.Cancelled && t.Asked.IsZero()
		return ofGate(t, at, user, g.Name) && !dropped && !broke(t)
	})
	if i < 0 {
		return t, false, nil
	}
	if t = ts[i]; t.Gate.Content != g.Content || t.Gate.Ask != g.Ask {
		return t, true, bot.UserError(bot.Say("Gate “{name}” was opened with other content before (taste test {id}). What is asked is fixed beforehand: give this one another name, for example with the commit in it.", bot.Verbatim(g.Name), t.ID))
	}
	if b.setOtherwise(t) {
		return t, true, bot.UserError(bot.Say("Gate “{name}” was opened while {model} had other settings (taste test {id}). What is asked is fixed beforehand: give this one another name, for example with the commit in it.", bot.Verbatim(g.Name), bot.Verbatim(g.Model), t.ID))
	}
	return t, true, nil
}

// ofGate reports whether t was opened at a place, by somebody, as the gate of that name.
func ofGate(t bot.Tasting, at bot.Place, user, name string) bool {
	return t.Gate != nil && t.Gate.Name == name && t.Place == at && t.Starter.User == user
}

// brokeBefore is how often a gate was opened before t and people could not be asked, and
// what that cost, in pico-USD.
func (b *Bot) brokeBefore(ctx context.Context, t bot.Tasting) (tries, cost int64, err error) {
	ts, err := b.store.Tastings(ctx, t.ID.Workspace, bot.Query{States: []bot.State{bot.Failed}})
	if err != nil {
		return 0, 0, fmt.Errorf("look for a gate's earlier tries: %w", err)
	}
	for _, old := range ts {
		if !ofGate(old, t.Place, t.Starter.User, t.Gate.Name) || !broke(old) {
			continue
		}
		spent, err := b.spent(ctx, old)
		if err != nil {
			return 0, 0, fmt.Errorf("what an earlier try of a gate cost: %w", err)
		}
		tries++
		cost += spent
	}
	return tries, cost, nil
}

// fixPack adds the prompts of a wish's pack to its content: a pack that was changed
// asks something else.
func (b *Bot) fixPack(ctx context.Context, at bot.Place, g *GateWish) error {
	if g.Versions == nil || g.Versions.Pack == "" {
		return nil
	}
	pack, err := b.packCalled(ctx, at, g.Versions.Pack)
	if err != nil {
		return err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", g.Content)
	for _, p := range enabled(pack.Prompts) {
		fmt.Fprintf(h, "%q %q %d\n", p.System, p.Text, p.MaxTokens)
	}
	g.Content = hex.EncodeToString(h.Sum(nil))
	return nil
}

// setOtherwise reports whether the model of a gate's versions has other settings now
// than when it was asked. One that is gone has none.
func (b *Bot) setOtherwise(t bot.Tasting) bool {
	if !t.Versions() {
		return false
	}
	if _, err := b.model(t.Gate.Model); err != nil {
		return false
	}
	_, changed := b.sameModels(t)
	return !changed.IsZero()
}

// within refuses a draft that may cost more than its pipeline said, with what earlier
// tries of the gate cost. By hand that is confirmed with a button. What these cost is not
// named: beside the answers it would tell which version says more.
func (b *Bot) within(ctx context.Context, t bot.Tasting, v *Versions) error {
	if v == nil {
		return nil
	}
	texts, err := b.texts(ctx, t)
	if err != nil {
		return err
	}
	tries, before, err := b.brokeBefore(ctx, t)
	if err != nil {
		return err
	}
	const cent = 1e10
	model, most := bot.Verbatim(t.Gate.Model), b.mostCost(t, texts)
	enough := bot.Money((max(most*(tries+1), most+before) + cent - 1) / cent * cent)
	switch {
	case most == 0 || v.MostCost >= most+before:
		return nil
	case v.MostCost >= most:
		return bot.UserError(bot.Say("Asking {model} may cost up to {cost}, and what earlier tries of this gate cost counts too: together that may be more than --max-cost {limit}. Allow --max-cost {enough}, or give the gate another name", model, bot.Money(most), bot.Money(v.MostCost), enough))
	case v.MostCost < 0:
		return bot.UserError(bot.Say("Asking {model} may cost up to {cost}, and nobody is here to confirm that. Say how much it may cost: --max-cost {enough}", model, bot.Money(most), enough))
	}
	return bot.UserError(bot.Say("Asking {model} may cost up to {cost}, more than --max-cost {limit}. Give it fewer prompts, or allow --max-cost {enough}", model, bot.Money(most), bot.Money(v.MostCost), enough))
}

// alike reports whether two versions of a prompt gave the same texts so often that
// too little is left to compare.
func alike(t bot.Tasting) bool {
	same := false
	for _, r := range t.Rounds {
		if r.VoidBy != 0 {
			return false
		}
		same = same || r.HasSameText()
	}
	return t.Versions() && same && len(t.Tasted()) < bot.EnoughPrompts
}

// tooFew is why the rounds that are ready go to nobody.
func tooFew(t bot.Tasting) bot.Sentence {
	n, all := 0, 0
	for _, r := range t.Rounds {
		if r.Kind == bot.Plain {
			all++
			n += stats.Bit(r.HasSameText())
		}
	}
	switch ready := len(t.Tasted()); {
	case alike(t):
		return bot.Say("Both versions gave the same text to {n} of {all} prompts, which leaves too few to compare: people were not asked.", bot.Count(n), bot.Count(all))
	case ready > 0:
		return bot.Say("Only {n} of {all} rounds are ready, and a gate needs at least {least}: {voids}.", bot.Count(ready), bot.Count(all), bot.Count(bot.EnoughPrompts), compose.Voids(t))
	}
	return bot.Say("No round is ready: {voids}.", compose.Voids(t))
}

// A version is a model that is told a version of a prompt.
type version struct {
	bot.Model
	name, prompt string
}

// mostVersion is how many characters a version has at most.
const mostVersion = 16_000

// inputHere is where a version has what is asked.
var inputHere = regexp.MustCompile(`\{\{-?\s*input\s*-?\}\}`)

// versionsOf are the two models of a gate's versions, called after these.
func versionsOf(m bot.Model, v Versions) ([]bot.Model, error) {
	if _, fixed := m.(bot.Bounded); fixed {
		return nil, bot.UserError(bot.Say("The answers of {name} were written beforehand, whatever it is told. Name a model that can be asked.", bot.Verbatim(m.Card().Name)))
	}
	both := make([]bot.Model, len(v.Texts))
	for i, said := range v.Texts {
		one := version{m, text.Clip(v.Names[i]), text.CleanTyped(said)}
		what := bot.Say("The prompt “{name}”", bot.Verbatim(one.name))
		inputs := inputHere.FindAllString(one.prompt, 2)
		switch {
		case one.prompt == "":
			return nil, bot.UserError(bot.Say("{prompt} is empty. Write what the model should be told.", what))
		case len(inputs) > 1:
			return nil, bot.UserError(bot.Say("{prompt} has {input} twice. Write it once, where what is asked belongs.", what, bot.Verbatim(inputs[0])))
		}
		if left := text.Unfilled(inputHere.ReplaceAllString(one.prompt, "")); left != "" {
			return nil, bot.UserError(bot.Say("{prompt} has a variable {v} that is not filled in; only {input} is. Write out what stands there, or put it in `backticks` if it is meant so.", what, bot.Verbatim(left), bot.Verbatim("{{input}}")))
		}
		if err := tooLong(what, one.prompt, mostVersion); err != nil {
			return nil, err
		}
		both[i] = one
	}
	switch first, second := both[0].Card(), both[1].Card(); {
	case first.System == second.System:
		return nil, bot.UserError(bot.Say("Both versions are the same text, so that votes would tell nothing. Bring two that differ."))
	case first.Name == second.Name:
		return nil, bot.UserError(bot.Say("Both versions are called “{name}”. Give their files two names.", bot.Verbatim(first.Name)))
	}
	return both, nil
}

// versionOf is the version that card was made of, as m would be told it now.
func versionOf(m bot.Model, card bot.Card) version {
	return version{m, card.Name, strings.TrimPrefix(card.System, toldBefore(m.Card()))}
}

// toldBefore is what a model is told before each version: the system text of its own.
func toldBefore(card bot.Card) string {
	if card.System == "" {
		return ""
	}
	return card.System + "\n\n"
}

// Card is the model's own under the version's name, with the version behind its
// system text.
func (v version) Card() bot.Card {
	c := v.Model.Card()
	c.Name, c.System, c.Names = v.name, toldBefore(c)+v.prompt, append(slices.Clone(c.Names), v.name)
	return c
}

// Write asks with the version, and with p where that belongs.
func (v version) Write(ctx context.Context, p bot.Prompt) (bot.Answer, error) {
	if at := inputHere.FindStringIndex(v.prompt); at != nil {
		p.Text = v.prompt[:at[0]] + p.Text + v.prompt[at[1]:]
	} else {
		p.System = strings.TrimSpace(v.prompt + "\n\n" + p.System)
	}
	return v.Model.Write(ctx, p)
}

// broke reports whether a gate's tasting ended before people were asked, by a fault
// that may be gone by the next time: a model or the chat failed.
func broke(t bot.Tasting) bool {
	return t.State == bot.Failed && t.Opened.IsZero() && !alike(t)
}

// Gate returns how a gate stands, to somebody at a place where it is spoken of, to its
// starter and to admins. Until its reveal that is pending, whatever the votes are; a
// fault if people could not be asked.
func (b *Bot) Gate(ctx context.Context, at bot.Place, user string, id bot.TastingID) (GateStatus, error) {
	t, err := b.tasting(ctx, id)
	if err != nil {
		return GateStatus{}, err
	}
	if !b.spokenTo(ctx, t, at, user) {
		return GateStatus{}, elsewhere(t)
	}
	s := GateStatus{Tasting: t, Passage: verdict.Pending}
	switch {
	case t.Gate == nil:
		return s, bot.UserError(bot.Say("Taste test {id} is no gate.", id))
	case broke(t):
		s.Passage, s.Sentence = verdict.Fault, "Fault: people could not be asked. "+t.Why().String()+" Open the gate again, by the same name, to try once more under a new ticket."
	case t.State == bot.Cancelled, t.State == bot.Failed:
		s.Passage, s.Sentence = verdict.Undecided, "Undecided: "+compose.StateLine(t).String()
	case t.State == bot.Asking && t.Versions():
		s.Sentence = fmt.Sprintf("Pending: %s is being asked for both versions' answers; people vote after that.", t.Gate.Model)
	case t.State == bot.Asking:
		s.Sentence = "Pending: its ballots are being made; people vote after that."
	case t.State != bot.Revealed:
		s.Sentence = "Pending: " + compose.StateLine(t).String()
		if t.State == bot.Open {
			n, err := b.knownTurnout(ctx, t)
			if err != nil {
				return s, err
			}
			s.Sentence = fmt.Sprintf("Pending: %s tasted; it closes at %s.", say.Plural(n.All, "has", "have"), t.Closes.In(b.zone(ctx, t)).Format(time.RFC1123))
		}
	default:
		o, err := b.outcome(ctx, t)
		if err != nil {
			return s, err
		}
		s.Passage, s.Sentence = verdict.Gate(t.Gate.Ask, t.Names(), o.Mean(), o.Level())
		s.Tally = o.Total()
	}
	return s, nil
}
