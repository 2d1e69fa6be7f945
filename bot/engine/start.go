package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/bot/verdict"
)

const (
	mostPrompt   = 4000      // characters of a prompt or system prompt
	mostAnswer   = 100 << 10 // bytes of a pasted answer
	mostQuestion = 150       // characters
	mostBytes    = 8         // of a character, on the average
	draftLives   = time.Hour
)

// A wish is what somebody wants to have tasted, however they said it: typed,
// in a form, or uploaded. Empty fields take their defaults.
type wish struct {
	models   []string  // none, or two names
	sheet    bot.Sheet // the starter's own prompts, perhaps with answers
	pack     string
	rounds   string // what one person votes on
	pool     string // of what is asked, on a private ballot
	waves    string
	until    string
	closes   time.Time // where until is not said
	zone     string    // in which that is shown; "": the place's
	ballot   string
	system   string
	question string
	invite   string
	meant    map[string]string // by the chat, with names in invite
	users    []string          // who is invited, by ID
	names    []string          // what they are called
	voters   string
	judges   string
	judged   string // how many further prompts a judge reads
	controls string
	retests  string
	worth    string
	dearer   string
	form     bool   // it was filled in: what is wrong is said in the form's words
	wrong    faults // found so far
	texts    string // the field of the form that the sheet is from
	compare  bool   // two pasted texts, of which the starter knows who wrote them
	category string // the only kind of prompt from the pack; "": all

	versions []bot.Model // of a prompt, two; none: models are meant

	like *bot.Tasting // whose people are meant; nil: those named here
}

// start answers /tastetest start: a form if nothing was said, else the
// question whether it is meant so.
func (b *Bot) start(ctx context.Context, c bot.Command, p command.Parsed) (bot.Reply, error) {
	if len(p.Args) == 0 && len(p.Opts) == 0 && c.Attached == nil {
		return bot.Reply{Form: b.startForm(ctx, c.At, c.User)}, nil
	}
	w := wish{
		models: p.Args, pack: p.Opts["pack"], rounds: p.Opts["rounds"], until: p.Opts["until"], ballot: p.Opts["ballot"],
		system: p.Opts["system"], question: p.Opts["question"], invite: p.Opts["invite"], meant: c.Meant, voters: p.Opts["voters"],
		judges: p.Opts["judges"], judged: p.Opts["judged"], pool: p.Opts["pool"], waves: p.Opts["waves"], controls: p.Opts["controls"], retests: p.Opts["retests"], worth: p.Opts["worth"], dearer: p.Opts["dearer"],
	}
	if c.Attached != nil {
		sheet, err := b.readFile(*c.Attached)
		if err != nil {
			return bot.Reply{}, err
		}
		w.sheet = sheet
	}
	if own := p.Opts["prompt"]; own != "" {
		w.sheet = bot.Sheet{Rows: []bot.SheetRow{{Prompt: bot.Prompt{Text: own, Category: "other"}}}}
	}
	return b.propose(ctx, c.At, c.User, w)
}

// propose stores a draft of what was wished for and asks whether to go on:
// what it costs, how many posts, who sees them, until when.
func (b *Bot) propose(ctx context.Context, at bot.Place, user string, w wish) (bot.Reply, error) {
	var err error
	w.users, w.names, err = b.invited(ctx, at, w)
	if err := w.wrong.add(err); err != nil {
		return bot.Reply{}, err
	}
	t, texts, notes, err := b.draft(ctx, at, user, w)
	if err != nil {
		return bot.Reply{}, err
	}
	notes = append(notes, w.sheet.LeftOut...)
	if w.like != nil {
		same, err := b.likeBefore(ctx, t, w)
		if err != nil {
			return bot.Reply{}, err
		}
		notes = append(same, notes...)
	}
	if t, err = b.store.CreateTasting(ctx, t, texts); err != nil {
		return bot.Reply{}, fmt.Errorf("store a draft: %w", err)
	}
	asks := compose.Proposal(t, w.names, texts, notes, b.mostCost(t, texts), b.opt.Limits.Unknown, b.sleepsEarly(ctx, t, time.Now()))
	asks.Text, asks.Buttons = b.foresee(ctx, t, w, asks)
	if b.zoneUnknown(ctx, t) {
		asks.Buttons = append(asks.Buttons, zoneButton(t, w.until))
	}
	return bot.Reply{Post: asks}, nil
}

// foresee adds to a proposal what its tasting can find, and a button for more
// prompts where they find more and nothing else has to be said anew.
func (b *Bot) foresee(ctx context.Context, t bot.Tasting, w wish, asks bot.Notice) (bot.Sentence, []bot.Button) {
	voters, n := cmp.Or(len(t.Invited), usualVoters), len(t.Tasted())
	text := bot.Lines(asks.Text, verdict.Foreseen(t, voters))
	if t.Deal.Plain > 0 || t.Pack == "" || !w.plain() {
		return text, asks.Buttons
	}
	more, often := verdict.More(voters, n, min(bot.MostRounds, b.choosable(ctx, t, w)))
	if more == 0 {
		return text, asks.Buttons
	}
	if n < bot.EnoughPrompts { // what the button's figure is of is said nowhere else then
		text = bot.Lines(text, verdict.Found(voters, bot.Count(more), often))
	}
	label := bot.Say("{n|prompt|prompts}: {share} in 100", bot.Count(more), bot.Count(often))
	if often >= 100 {
		label = bot.Say("{n|prompt|prompts}: nearly always", bot.Count(more))
	}
	button := bot.Button{ID: fmt.Sprintf("%v/more%d", t.ID, more), Label: label}
	return text, append(slices.Clone(asks.Buttons), button)
}

// plain reports whether withMore can tell the whole wish by the tasting that came of it.
func (w wish) plain() bool {
	return w.like == nil && w.category == "" && w.pool == "" && w.waves == "" && w.system == "" && w.invite == "" && w.voters == "" && w.judged == "" && w.controls == "" && w.retests == "" && w.worth == "" && len(w.sheet.Rows) == 0
}

// choosable is how many prompts there are for a draft of such a wish.
func (b *Bot) choosable(ctx context.Context, t bot.Tasting, w wish) int {
	models, err := b.wanted(w)
	if err != nil {
		return 0
	}
	pack, _, err := b.packOf(ctx, t.Place, w, models)
	if err != nil { // it is gone meanwhile
		return 0
	}
	return len(enabled(pack.Prompts))
}

// judgesAs is what judges= says for another tasting like t, whatever is usual by now.
func (b *Bot) judgesAs(t bot.Tasting) string {
	switch {
	case len(t.Judges) == 0:
		return "off"
	case t.Further.N > 0, len(b.judges()) == 0: // one of them may have been for the further prompts alone
		return ""
	}
	return "on"
}

// withMore proposes a draft anew, with so many prompts.
func (b *Bot) withMore(ctx context.Context, p bot.Press, t bot.Tasting, typed string) (bot.Reply, error) {
	n, err := strconv.Atoi(typed)
	if err != nil || t.State != bot.Draft || t.Starter.User != p.User {
		return bot.Reply{}, onlyTheirs()
	}
	if err := b.may(ctx, command.Starters, p.At, p.User, nil); err != nil {
		return bot.Reply{}, err
	}
	r, err := b.propose(ctx, t.Place, p.User, wish{
		models: []string{t.Models[0].Name, t.Models[1].Name}, pack: t.Pack, rounds: strconv.Itoa(n), ballot: string(t.Ballot), question: t.Question,
		closes: t.Closes, zone: t.TimeZone, judges: b.judgesAs(t),
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return r, b.dropDraft(ctx, t)
}

// onlyTheirs answers whoever would change somebody else's draft.
func onlyTheirs() error {
	return bot.UserError(bot.Say("Only whoever described this tasting can change it, and only before it is started."))
}

// draft makes a tasting of a wish, of which is known who is invited, with
// everything it will need. What needs no look-up is checked first; each fault
// knows its field of the form. notes say what is less than was to be expected.
func (b *Bot) draft(ctx context.Context, at bot.Place, user string, w wish) (_ bot.Tasting, _ []bot.Texts, notes []bot.Sentence, _ error) {
	zone, set := b.zoneFor(ctx, at, user), b.setFor(ctx, at)
	if loc, err := time.LoadLocation(w.zone); err == nil && w.zone != "" {
		zone = loc
	}
	now := time.Now().In(zone)
	t := bot.Tasting{
		Place: at, Starter: bot.Voter{Workspace: at.Workspace, User: user}, Ballot: cmp.Or(set.Ballot, bot.Reaction),
		TimeZone: zone.String(), Invited: w.users, State: bot.Draft, Created: now, Closes: command.SecondWorkingDay(now),
		Wake: now.Add(draftLives), Crowd: b.opt.Crowd,
	}
	if w.ballot != "" {
		start, _ := command.Called("start")
		o, _ := start.Option("ballot")
		if err := w.wrong.add(about("ballot", o.Check(w.ballot))); err != nil {
			return t, nil, nil, err
		}
		t.Ballot = bot.BallotKind(w.ballot)
	}
	if w.rounds == "" && set.Rounds > 0 && len(w.sheet.Rows) == 0 {
		w.rounds = strconv.Itoa(set.Rounds)
	}
	if w.question = strings.Join(strings.Fields(text.CleanTyped(w.question)), " "); w.question != "" {
		t.Question = w.question
	}
	if !w.closes.IsZero() {
		t.Closes = w.closes
	}
	var until error
	if w.until != "" {
		if t.Closes, until = command.When(w.until, now); until != nil && w.form {
			until = inTheForm(w.until, until)
		}
	}
	size, err := sizeOf(t, w)
	models, notThose := b.wanted(w)
	if notThose != nil && w.texts != "" && len(w.wrong) > 0 { // they would have come with the texts
		notThose = nil
	}
	if notThose != nil {
		field := "second"
		if len(b.opt.Models()) == 0 { // then the form asks for finished answers alone
			field = cmp.Or(w.texts, "prompts")
		}
		notThose = about(field, notThose)
	}
	for i, m := range models {
		t.Models[i] = m.Card()
	}
	var beforehand error
	if len(models) == 2 {
		beforehand = about("worth", askBeforehand(&t, w))
	}
	for _, err := range []error{
		about("question", tooLong(bot.Say("The question"), t.Question, mostQuestion)),
		about("system", tooLong(bot.Say("The system prompt"), w.system, mostPrompt)),
		about("until", until), b.elect(ctx, &t, w), err, notThose, beforehand,
	} {
		if err := w.wrong.add(err); err != nil {
			return t, nil, nil, err
		}
	}
	if err := w.wrong.none(); err != nil {
		return t, nil, nil, err
	}
	texts, err := b.rounds(ctx, &t, w, models, size)
	if err != nil {
		return t, nil, nil, err
	}
	few := fewer(t, w, size, len(texts))
	texts, size, notes = fit(texts, size, w)
	notes = append(notes, few...)
	if len(models) == 0 {
		if err := given(&t, w, texts); err != nil {
			return t, nil, nil, err
		}
	}
	if t.Compared = w.compare; len(models) == 0 {
		t.Barred = []string{user} // whoever pastes answers knows whose they are
	}
	for i := range texts {
		r := newRound(texts[i])
		if len(models) == 0 && sameText(texts[i]) {
			r.Reason = bot.SameText()
		}
		t.Rounds = append(t.Rounds, r)
	}
	if len(t.Live()) == 0 {
		return t, nil, nil, about(w.texts, bot.UserError(bot.Say("Both answers to every prompt are the same text, so that votes would tell nothing. Bring two that differ.")))
	}
	if len(models) == 0 { // their names are known only now
		if err := askBeforehand(&t, w); err != nil {
			return t, nil, nil, about("worth", err)
		}
	}
	if err := b.appoint(&t, w, texts); err != nil {
		return t, nil, nil, about("judges", err)
	}
	texts, short, err := b.addExtras(ctx, &t, texts, w, size)
	if err != nil {
		return t, nil, nil, about("extras", err)
	}
	texts, fewer, err := b.addFurther(ctx, &t, texts, w, models)
	return t, texts, slices.Concat(notes, short, fewer), err
}

// inTheForm is what is wrong with a closing time, for those who have no option to type.
func inTheForm(typed string, err error) error {
	if _, ok := errors.AsType[bot.UserError](err); !ok {
		return err
	}
	return bot.UserError(bot.Say("Voting cannot end at “{typed}”. Type a time within 90 days, such as “Thu 17:00”, “17:00” or “2h”, or leave it empty.", bot.Verbatim(text.Clip(typed))))
}

// askBeforehand takes the question of worth= and dearer=. A form asks for no name:
// the prices say which model is dearer.
func askBeforehand(t *bot.Tasting, w wish) error {
	if w.worth == "" && w.dearer == "" {
		return nil
	}
	if w.form {
		a, b := t.Models[0].Price, t.Models[1].Price
		if a == nil || b == nil || a.Output == b.Output {
			return bot.UserError(bot.Say("The prices of these two models do not say which is dearer. Choose “{none}”, or type it: {start}",
				bot.Say("Not asked"), bot.Usage{Command: "start", Words: []string{t.Models[0].Name, t.Models[1].Name}, Options: []bot.Setting{{Name: "worth", Value: w.worth}, {Name: "dearer", Value: t.Models[0].Name}}}))
		}
		w.dearer = t.Models[stats.Bit(b.Output > a.Output)].Name
	}
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(w.worth), "%"))
	if err != nil || n < 50 || n > 95 {
		return bot.UserError(bot.Say("worth= is a percentage from 50 to 95, and needs dearer=. For example: worth=60 dearer={name}", bot.Verbatim(t.Models[0].Name)))
	}
	for i, name := range t.Names() {
		if strings.EqualFold(name, w.dearer) {
			t.Worth, t.Dearer = n, i
			return nil
		}
	}
	return bot.UserError(bot.Say("dearer= is one of the two models: {name} or {name2}. For example: worth={n} dearer={name}", bot.Verbatim(t.Models[0].Name), bot.Verbatim(t.Models[1].Name), bot.Count(n)))
}

// wanted returns the two models that are to be asked: those named, or the only
// two there are; none if the sheet brings its answers.
func (b *Bot) wanted(w wish) ([]bot.Model, error) {
	switch {
	case len(w.versions) == 2:
		return w.versions, nil
	case len(w.sheet.Models) == 2:
		return nil, nil
	}
	all := b.opt.Models()
	names := w.models
	if len(names) == 0 && len(all) == 2 {
		return all, nil
	}
	if w.form && len(names) == 2 && strings.EqualFold(names[0], names[1]) {
		return nil, bot.UserError(bot.Say("Choose two different models: one against itself tells nothing."))
	}
	if len(names) != 2 {
		return nil, bot.UserError(bot.Prose(bot.Say("Name two models to compare."), b.exampleModels()))
	}
	var models []bot.Model
	for _, name := range names {
		m, err := b.model(name)
		if err != nil {
			return nil, err
		}
		models = append(models, m)
	}
	if models[0].Card().Name == models[1].Card().Name {
		return nil, bot.UserError(bot.Say("“{name}” against itself tells nothing. Name two different models: {models}", bot.Verbatim(models[0].Card().Name), bot.Usage{Command: "models"}))
	}
	return models, nil
}

// given takes finished answers over: it cleans them, and notes what in them
// names a model. Who pasted "first text" and "second text" gave no names to
// look for.
func given(t *bot.Tasting, w wish, texts []bot.Texts) error {
	for i, name := range w.sheet.Models {
		name = text.Clip(name)
		t.Models[i] = bot.Card{Name: name, Source: bot.Pasted, Names: []string{name}}
	}
	if t.Models[0].Name == t.Models[1].Name {
		field := w.texts
		if w.compare {
			field = "second_name"
		}
		return about(field, bot.UserError(bot.Say("Both answers come from the same model. Name two different ones.")))
	}
	known := knownOf(t.Models)
	if w.compare {
		known = text.NewKnown(nil)
	}
	for i := range texts {
		for j := range texts[i].Answers {
			a := &texts[i].Answers[j]
			a.Text, a.Leaks = inspect(*a, texts[i].Prompt, known)
			if a.Text == "" {
				field := w.texts
				if w.compare {
					field = []string{"first", "second"}[j]
				}
				return about(field, bot.UserError(bot.Say("An answer to prompt {i} is empty once invisible characters and thinking are gone. Both sides need a text.", bot.Count(i+1))))
			}
		}
	}
	return nil
}

// model returns the configured model called name.
func (b *Bot) model(name string) (bot.Model, error) {
	var names []string
	for _, m := range b.opt.Models() {
		if strings.EqualFold(m.Card().Name, name) {
			return m, nil
		}
		names = append(names, m.Card().Name)
	}
	if near := text.Nearest(name, names); near != "" {
		return nil, command.Slip{UserError: bot.UserError(bot.Say("I do not know the model “{name}”. Did you mean “{near}”?", bot.Verbatim(text.Clip(name)), bot.Verbatim(near))), Typed: name, Near: []string{near}}
	}
	return nil, bot.UserError(bot.Prose(bot.Say("I do not know the model “{name}”.", bot.Verbatim(text.Clip(name))), b.exampleModels()))
}

func (b *Bot) exampleModels() bot.Sentence {
	all := b.opt.Models()
	if len(all) < 2 {
		return bot.Say("Fewer than two are configured; finished answers can be pasted: {start}", bot.Usage{Command: "start"})
	}
	return bot.Say("For example: {start}", bot.Usage{Command: "start", Words: []string{all[0].Card().Name, all[1].Card().Name}})
}

// tooLong refuses texts of more than most characters, as people see them.
func tooLong(what bot.Sentence, s string, most int) error {
	if n := uniseg.GraphemeClusterCount(s); n > most {
		return bot.UserError(bot.Say("{what} has {n} characters; at most {most} are possible. Shorten it.", what, bot.Count(n), bot.Count(most)))
	}
	if len(s) > most*mostBytes {
		return bot.UserError(bot.Say("{what} takes {s} bytes; at most {most} are possible. Shorten it.", what, bot.Count(len(s)), bot.Count(most*mostBytes)))
	}
	return nil
}
