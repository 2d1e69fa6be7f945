package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/text"
)

// Form IDs.
const (
	startFormID   = "start"
	compareFormID = "compare"
	zoneFormID    = "zone"
)

// notAsked is a form's answer that says nothing.
const notAsked = "no"

// mostPasted is how many characters a side of /tastetest compare takes: what
// a text field takes on every platform.
const mostPasted = 3000

// startForm is what /tastetest start alone opens. Every field has a default
// that works, the channel's where one is set, but for the starter's own texts. It is a list of the fields.
func (b *Bot) startForm(ctx context.Context, at bot.Place, user string) *bot.Form {
	set, now := b.setFor(ctx, at), time.Now().In(b.zoneFor(ctx, at, user))
	var models, packs []bot.Option
	for _, m := range b.opt.Models() {
		models = append(models, bot.Option{Value: m.Card().Name, Label: bot.Quoted(m.Card().Name)})
	}
	packs = append(packs, bot.Option{Value: mixed, Label: bot.Say("A bit of everything")})
	for _, p := range b.offeredPacks() {
		packs = append(packs, bot.Option{Value: p.Name, Label: bot.Say("{title} ({prompts|prompt|prompts})", bot.Verbatim(p.Title), bot.Count(len(enabled(p.Prompts))))})
	}
	f := &bot.Form{
		ID: startFormID, Title: bot.Say("New taste test"), Submit: bot.Say("Continue"),
		Intro: bot.Say("Two models answer the same prompts; people vote blind. You confirm the cost before anything is asked."),
		Fields: []bot.Field{
			{Name: "first", Label: bot.Say("Model"), Kind: bot.Select, Options: models},
			{Name: "second", Label: bot.Say("Against"), Kind: bot.Select, Options: models},
			{Name: "pack", Label: bot.Say("Prompts from"), Kind: bot.Select, Options: packs, Value: mixed},
			{Name: "rounds", Label: bot.Say("How many"), Kind: bot.Line, Value: fmt.Sprint(cmp.Or(set.Rounds, bot.UsualRounds)), Max: 2, Hint: bot.Say("1 to {mostrounds}; ten tell more than five. On a page of one’s own, with eight people invited or more, 13 to 20", bot.Count(bot.MostRounds))},
			{Name: "prompts", Label: bot.Say("Or your own prompts"), Kind: bot.Area, More: len(models) > 0, Hint: bot.Say("A blank line between prompts; or finished answers, as CSV or JSONL. They replace the pack.")},
			{Name: "file", Label: bot.Say("Or upload prompts, or finished answers"), Kind: bot.Upload, More: len(models) > 0, Hint: bot.Say("CSV with the columns prompt and two models’ names, JSONL, YAML, or promptfoo’s JSON output")},
			{Name: "ballot", Label: bot.Say("How people vote"), Kind: bot.Select, Value: string(cmp.Or(set.Ballot, bot.Reaction)), Options: []bot.Option{
				{Value: string(bot.Reaction), Label: byEmoji(at)},
				{Value: string(bot.Private), Label: bot.Say("On a page of their own; votes stay secret")},
			}},
			untilField(now),
			{Name: "invite", Label: bot.Say("Who should taste"), Kind: bot.People, More: true, Hint: bot.Say("@ana, @li; empty: everyone here")},
			{Name: "question", Label: bot.Say("Question"), Kind: bot.Line, More: true, Max: mostQuestion, Hint: bot.Say("Empty: {question}", compose.Asked(bot.Tasting{}))},
			{Name: "system", Label: bot.Say("System prompt for both"), Kind: bot.Area, More: true, Max: mostPrompt},
			{Name: "extras", Label: bot.Say("Control pairs and repeats"), Kind: bot.Select, More: true, Value: "usual", Hint: bot.Say("On private ballots: they tell guessing from taste"), Options: []bot.Option{
				{Value: "usual", Label: bot.Say("Control pairs, from eight people invited on")},
				{Value: "on", Label: bot.Say("Both; everybody votes on the same prompts")}, {Value: "off", Label: bot.Say("None")},
			}},
		},
	}
	if len(models) > 0 {
		f.Fields = append(f.Fields, worthField())
	}
	if len(b.judges()) > 0 {
		f.Fields = append(f.Fields, bot.Field{Name: "judges", Label: bot.Say("Judges"), Kind: bot.Select, More: true, Hint: bot.Say("Models that read both texts after you have voted; they count nowhere"), Options: []bot.Option{
			{Value: usualJudges, Label: bot.Say("As usual")}, {Value: "on", Label: bot.Say("They read it")}, {Value: "off", Label: bot.Say("They do not")},
		}, Value: usualJudges})
	}
	if len(models) == 0 {
		f.Fields = f.Fields[2:]
		f.Intro = bot.Say("No models are configured, so paste or upload finished answers of two. People vote blind.")
	} else {
		f.Fields[0].Value = models[0].Value
		f.Fields[1].Value = models[min(1, len(models)-1)].Value
	}
	return f
}

// byEmoji says how people vote on a reaction ballot at a place, and who sees it.
func byEmoji(at bot.Place) bot.Sentence {
	if at.VotesFirst() {
		return bot.Say("By emoji; voters see who tapped what")
	}
	return bot.Say("With an emoji; everyone sees who tapped what")
}

// compare answers /tastetest compare with its form. A closing time that was
// typed is checked here and travels in the form's ID, in place of its field.
func (b *Bot) compare(ctx context.Context, at bot.Place, user, until string) (bot.Reply, error) {
	now := time.Now().In(b.zoneFor(ctx, at, user))
	f := compareForm(b.textNames(ctx, at), now)
	if until = strings.Join(strings.Fields(until), " "); until != "" {
		if _, err := command.When(until, now); err != nil {
			return bot.Reply{}, err
		}
		f.ID += "/" + until
		f.Fields = f.Fields[:len(f.Fields)-1]
	}
	return bot.Reply{Form: f}, nil
}

// textNames are what two pasted texts are called where nobody says, in the language
// of a place: they stand in what everybody there reads.
func (b *Bot) textNames(ctx context.Context, at bot.Place) [2]string {
	w := say.Words{Voice: b.Voice(ctx, at)}
	return [2]string{w.Text(bot.Say("first text")), w.Text(bot.Say("second text"))}
}

func compareForm(names [2]string, now time.Time) *bot.Form {
	until := untilField(now)
	until.More = false
	return &bot.Form{
		ID: compareFormID, Title: bot.Say("Compare two texts"), Submit: bot.Say("Continue"),
		Intro: bot.Say("People see them blind and vote. You know who wrote what, so your own vote does not count."),
		Fields: []bot.Field{
			{Name: "prompt", Label: bot.Say("What they answer"), Kind: bot.Line, Max: 300, Required: true, Hint: bot.Say("People read this above the two texts")},
			{Name: "first", Label: bot.Say("One text"), Kind: bot.Area, Max: mostPasted, Required: true},
			{Name: "first_name", Label: bot.Say("Who wrote it"), Kind: bot.Line, Value: names[0], Max: 40, Hint: bot.Say("Shown at the reveal")},
			{Name: "second", Label: bot.Say("The other text"), Kind: bot.Area, Max: mostPasted, Required: true},
			{Name: "second_name", Label: bot.Say("Who wrote it"), Kind: bot.Line, Value: names[1], Max: 40, Hint: bot.Say("Shown at the reveal")},
			until,
		},
	}
}

// untilField asks for the closing time. It offers those that are often meant: what a
// label says is understood in every language, and is what a page fills in.
func untilField(now time.Time) bot.Field {
	f := bot.Field{Name: "until", Label: bot.Say("Until"), Kind: bot.Line, Max: 40, More: true, Hint: bot.Say("“Thu 17:00”, “2h”; empty: 17:00 of the second working day"),
		Options: []bot.Option{{Value: "1h", Label: bot.Say("1 h")}}}
	if _, err := command.When("today 17:00", now); err == nil {
		f.Options = append(f.Options, bot.Option{Value: "today 17:00", Label: bot.Say("today 17:00")})
	}
	f.Options = append(f.Options, bot.Option{Value: "tomorrow 17:00", Label: bot.Say("tomorrow 17:00")})
	return f
}

// worthField asks beforehand whether the dearer model is worth its price.
func worthField() bot.Field {
	f := bot.Field{Name: "worth", Label: bot.Say("Is the dearer one worth it?"), Kind: bot.Select, More: true,
		Hint:    bot.Say("Said before the first vote, so that nobody can say it was chosen afterwards"),
		Options: []bot.Option{{Value: notAsked, Label: bot.Say("Not asked")}}, Value: notAsked}
	for _, n := range []int{55, 60, 70, 80} {
		f.Options = append(f.Options, bot.Option{Value: strconv.Itoa(n), Label: bot.Say("Yes, if it is preferred in {share} or more", bot.Percent(n))})
	}
	return f
}

// Submit answers a filled-in form.
func (b *Bot) Submit(ctx context.Context, s bot.Submission) bot.Reply {
	r, err := b.submit(ctx, s)
	if err != nil {
		r = b.answer("answer a form", err)
	}
	return b.spoken(ctx, s.At, r)
}

func (b *Bot) submit(ctx context.Context, s bot.Submission) (bot.Reply, error) {
	if err := b.may(ctx, command.Starters, s.At, s.User, nil); err != nil {
		return bot.Reply{}, err
	}
	switch form, until, typed := strings.Cut(s.Form, "/"); form {
	case zoneFormID:
		return b.setZone(ctx, s, until)
	case startFormID:
		w, err := b.startWish(s, b.setFor(ctx, s.At))
		if err != nil {
			return bot.Reply{}, err
		}
		return b.propose(ctx, s.At, s.User, w)
	case compareFormID:
		w := compareWish(s.Values, b.textNames(ctx, s.At))
		if typed {
			w.until = until
		}
		return b.propose(ctx, s.At, s.User, w)
	}
	return bot.Reply{}, bot.UserError(bot.Say("I do not know that form. Type {help}.", bot.Usage{Command: "help"}))
}

func (b *Bot) startWish(s bot.Submission, set bot.Settings) (wish, error) {
	v := func(name string) string { return strings.TrimSpace(s.Values[name]) }
	w := wish{
		form: true, pack: v("pack"), rounds: v("rounds"), until: v("until"), ballot: v("ballot"),
		system: v("system"), question: v("question"), invite: v("invite"), judges: v("judges"),
	}
	if extras := v("extras"); extras != "usual" {
		w.controls, w.retests = extras, extras
	}
	if v("first") != "" || v("second") != "" {
		w.models = []string{v("first"), v("second")}
	}
	if worth := v("worth"); worth != notAsked {
		w.worth = worth
	}
	file := s.Files["file"]
	uploaded := file.Name != "" || len(file.Data) > 0 // browsers send an empty one without a name if none was chosen
	var err error
	switch {
	case uploaded && v("prompts") != "":
		err = about("prompts", bot.UserError(bot.Say("There are pasted prompts and a file; leave one of them out.")))
	case uploaded:
		w.sheet, err = b.readFile(file)
		w.texts, err = "file", about("file", err)
	case v("prompts") != "":
		w.sheet, err = b.opt.Library.Read("", []byte(s.Values["prompts"]))
		w.texts, err = "prompts", about("prompts", err)
	}
	if err := w.wrong.add(err); err != nil {
		return w, err
	}
	if usual := w.rounds == fmt.Sprint(cmp.Or(set.Rounds, bot.UsualRounds)); usual && (len(w.sheet.Rows) > 0 || w.ballot == string(bot.Private)) {
		w.rounds = "" // the form's default is for packs in a channel: all of one's own are meant, or what fits those invited
	}
	return w, nil
}

// readFile reads prompts, perhaps with answers, from what somebody uploaded.
func (b *Bot) readFile(f bot.File) (bot.Sheet, error) {
	if len(f.Data) == 0 {
		return bot.Sheet{}, bot.UserError(bot.Say("That file is empty. Choose another, or leave it out."))
	}
	return b.opt.Library.Read(f.Name, f.Data)
}

func compareWish(values map[string]string, usual [2]string) wish {
	v := func(name string) string { return strings.TrimSpace(values[name]) }
	var wrong faults
	refuse := func(field string, err error) { wrong.add(about(field, err)) }
	for _, f := range compareForm(usual, time.Now()).Fields {
		if f.Max > 0 {
			refuse(f.Name, tooLong(bot.Say("“{label}”", f.Label), v(f.Name), f.Max))
		}
	}
	for _, side := range []string{"first", "second"} {
		if v(side) == "" {
			refuse(side, bot.UserError(bot.Say("Both texts are needed: paste one into each field.")))
		}
	}
	if v("first") == v("second") && v("first") != "" {
		refuse("second", bot.UserError(bot.Say("The two texts are the same. Paste two different ones.")))
	}
	if text.CleanTyped(v("prompt")) == "" {
		refuse("prompt", bot.UserError(bot.Say("Say what the texts answer, so that people know what to judge.")))
	}
	names := []string{v("first_name"), v("second_name")}
	for i := range names {
		names[i] = cmp.Or(names[i], usual[i])
	}
	return wish{
		wrong: wrong, form: true,
		compare: true, until: v("until"), texts: "second",
		sheet: bot.Sheet{Models: names, Rows: []bot.SheetRow{{
			Prompt: bot.Prompt{Text: v("prompt"), Category: "other"}, Answers: []string{v("first"), v("second")},
		}}},
	}
}

// setUp opens the form of a tasting like t on fresh prompts, or on prompts of another
// kind; of no tasting, as it is.
func (b *Bot) setUp(ctx context.Context, p bot.Press, t *bot.Tasting, elsewhere bool) (bot.Reply, error) {
	if err := b.may(ctx, command.Starters, p.At, p.User, nil); err != nil {
		return bot.Reply{}, err
	}
	form := b.startForm(ctx, p.At, p.User)
	if t == nil {
		return bot.Reply{Form: form}, nil
	}
	filled := map[string]string{"first": t.Models[0].Name, "second": t.Models[1].Name, "pack": t.Pack, "ballot": string(t.Ballot), "question": t.Question}
	if elsewhere {
		filled["pack"] = b.anotherPack(t.Pack)
	}
	for i, f := range form.Fields {
		value, known := filled[f.Name]
		if known && (f.Kind != bot.Select || slices.ContainsFunc(f.Options, func(o bot.Option) bool { return o.Value == value })) {
			form.Fields[i].Value = value
		}
	}
	return bot.Reply{Form: form}, nil
}

// anotherPack is the first that is offered in the same language and is not this one.
func (b *Bot) anotherPack(than string) string {
	packs := b.offeredPacks()
	lang := ""
	for _, p := range packs {
		if p.Name == than {
			lang = p.Language
		}
	}
	for _, p := range packs {
		if p.Name != than && (lang == "" || p.Language == lang) {
			return p.Name
		}
	}
	return mixed
}
