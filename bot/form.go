package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot/text"
)

// Form IDs.
const (
	startFormID   = "start"
	compareFormID = "compare"
)

// mostPasted is how many characters a side of /tastetest compare takes: what
// a text field takes on every platform.
const mostPasted = 3000

// startForm is what /tastetest start alone opens. Every field has a default
// that works, but for the starter's own texts.
func (b *Bot) startForm() *Form {
	var models, packs []Option
	for _, m := range b.opt.Models() {
		models = append(models, Option{m.Card().Name, m.Card().Name})
	}
	packs = append(packs, Option{mixed, "A bit of everything"})
	for _, p := range b.opt.Library.Packs() {
		packs = append(packs, Option{p.Name, fmt.Sprintf("%s (%s)", p.Title, plural(len(enabled(p.Prompts)), "prompt", "prompts"))})
	}
	f := &Form{
		ID: startFormID, Title: "Start a tasting", Submit: "Continue",
		Intro: "Two models answer the same prompts; people vote blind. You confirm the cost before anything is asked.",
		Fields: []Field{
			{Name: "first", Label: "Model", Kind: Select, Options: models},
			{Name: "second", Label: "Against", Kind: Select, Options: models},
			{Name: "pack", Label: "Prompts from", Kind: Select, Options: packs, Value: mixed},
			{Name: "rounds", Label: "How many", Kind: Line, Value: fmt.Sprint(usualRounds), Max: 2, Hint: fmt.Sprintf("1 to %d; ten tell more than five", mostRounds)},
			{Name: "prompts", Label: "Or your own prompts", Kind: Area, Hint: "A blank line between prompts. They replace the pack."},
			{Name: "file", Label: "Or upload prompts, or finished answers", Kind: Upload, Hint: "CSV with the columns prompt and two models’ names, JSONL, YAML, or promptfoo’s JSON output"},
			{Name: "ballot", Label: "How people vote", Kind: Select, Value: string(Reaction), Options: []Option{
				{string(Reaction), "With an emoji; everyone sees who tapped what"},
				{string(Private), "On a page of their own; votes stay secret"},
			}},
			{Name: "extras", Label: "Control pairs and repeats", Kind: Select, Value: "off", Hint: "On private ballots: they tell guessing from taste; worth it from 20 voters on", Options: []Option{
				{"off", "None"}, {"on", "Add some; voters do not know which"},
			}},
			{Name: "until", Label: "Until", Kind: Line, Max: 40, Hint: "“Thu 17:00”, “2h”; empty: 17:00 of the second working day"},
			{Name: "question", Label: "Question", Kind: Line, Value: usualQuestion, Max: mostQuestion},
			{Name: "system", Label: "System prompt for both", Kind: Area, Max: mostPrompt},
			{Name: "invite", Label: "Who should taste", Kind: Line, Hint: "@ana, @li; empty: everyone here"},
		},
	}
	if len(models) == 0 {
		f.Fields = f.Fields[2:]
		f.Intro = "No models are configured, so paste or upload finished answers of two. People vote blind."
	} else {
		f.Fields[0].Value = models[0].Value
		f.Fields[1].Value = models[min(1, len(models)-1)].Value
	}
	return f
}

// compare answers /tastetest compare with its form. A closing time that was
// typed is checked here and travels in the form's ID, in place of its field.
func (b *Bot) compare(until string) (Reply, error) {
	f := compareForm()
	if until = strings.Join(strings.Fields(until), " "); until != "" {
		if _, err := parseWhen(until, time.Now().In(b.opt.TimeZone)); err != nil {
			return Reply{}, err
		}
		f.ID += "/" + until
		f.Fields = f.Fields[:len(f.Fields)-1]
	}
	return Reply{Form: f}, nil
}

func compareForm() *Form {
	return &Form{
		ID: compareFormID, Title: "Compare two texts", Submit: "Continue",
		Intro: "People see them blind and vote. You know who wrote what, so your own vote does not count.",
		Fields: []Field{
			{Name: "prompt", Label: "What they answer", Kind: Line, Max: 300, Required: true, Hint: "People read this above the two texts"},
			{Name: "first", Label: "One text", Kind: Area, Max: mostPasted, Required: true},
			{Name: "first_name", Label: "Who wrote it", Kind: Line, Value: "first text", Max: 40, Hint: "Shown at the reveal"},
			{Name: "second", Label: "The other text", Kind: Area, Max: mostPasted, Required: true},
			{Name: "second_name", Label: "Who wrote it", Kind: Line, Value: "second text", Max: 40, Hint: "Shown at the reveal"},
			{Name: "until", Label: "Until", Kind: Line, Max: 40, Hint: "“Thu 17:00”, “2h”; empty: 17:00 of the second working day"},
		},
	}
}

// Submit answers a filled-in form.
func (b *Bot) Submit(ctx context.Context, s Submission) Reply {
	r, err := b.submit(ctx, s)
	if err != nil {
		return b.answer("answer a form", err)
	}
	return r
}

func (b *Bot) submit(ctx context.Context, s Submission) (Reply, error) {
	if err := b.may(ctx, Starters, s.At, s.User, nil); err != nil {
		return Reply{}, err
	}
	switch form, until, typed := strings.Cut(s.Form, "/"); form {
	case startFormID:
		w, err := b.startWish(s)
		if err != nil {
			return Reply{}, err
		}
		return b.propose(ctx, s.At, s.User, w)
	case compareFormID:
		w, err := compareWish(s.Values)
		if err != nil {
			return Reply{}, err
		}
		if typed {
			w.until = until
		}
		return b.propose(ctx, s.At, s.User, w)
	}
	return Reply{}, UserError("I do not know that form. Type /tastetest help.")
}

func (b *Bot) startWish(s Submission) (wish, error) {
	v := func(name string) string { return strings.TrimSpace(s.Values[name]) }
	w := wish{
		pack: v("pack"), rounds: v("rounds"), until: v("until"), ballot: v("ballot"),
		system: v("system"), question: v("question"), invite: v("invite"),
		controls: v("extras"), retests: v("extras"),
	}
	if v("first") != "" || v("second") != "" {
		w.models = []string{v("first"), v("second")}
	}
	if w.ballot != "" {
		c, _ := spec("start")
		o, _ := c.option("ballot")
		if err := o.check(w.ballot); err != nil {
			return w, about("ballot", err)
		}
	}
	file := s.Files["file"]
	uploaded := file.Name != "" || len(file.Data) > 0 // browsers send an empty one without a name if none was chosen
	var err error
	switch {
	case uploaded && v("prompts") != "":
		return w, about("prompts", UserError("There are pasted prompts and a file; leave one of them out."))
	case uploaded:
		w.sheet, err = b.readFile(file)
		w.texts, err = "file", about("file", err)
	case v("prompts") != "":
		w.sheet, err = b.opt.Library.Read("", []byte(s.Values["prompts"]))
		w.texts, err = "prompts", about("prompts", err)
	}
	if len(w.sheet.Rows) > 0 && w.rounds == fmt.Sprint(usualRounds) {
		w.rounds = "" // the form's default is for packs: all of one's own are meant
	}
	return w, err
}

// readFile reads prompts, perhaps with answers, from what somebody uploaded.
func (b *Bot) readFile(f File) (Sheet, error) {
	if len(f.Data) == 0 {
		return Sheet{}, UserError("That file is empty. Choose another, or leave it out.")
	}
	return b.opt.Library.Read(f.Name, f.Data)
}

func compareWish(values map[string]string) (wish, error) {
	v := func(name string) string { return strings.TrimSpace(values[name]) }
	for _, side := range []string{"first", "second"} {
		if v(side) == "" {
			return wish{}, about(side, UserError("Both texts are needed: paste one into each field."))
		}
	}
	for _, f := range compareForm().Fields {
		if f.Max == 0 {
			continue
		}
		if err := tooLong("“"+f.Label+"”", v(f.Name), f.Max); err != nil {
			return wish{}, about(f.Name, err)
		}
	}
	if v("first") == v("second") {
		return wish{}, about("second", UserError("The two texts are the same. Paste two different ones."))
	}
	if text.CleanTyped(v("prompt")) == "" {
		return wish{}, about("prompt", UserError("Say what the texts answer, so that people know what to judge."))
	}
	names := []string{v("first_name"), v("second_name")}
	for i, usual := range []string{"first text", "second text"} {
		if names[i] == "" {
			names[i] = usual
		}
	}
	return wish{
		compare: true, until: v("until"), texts: "second",
		sheet: Sheet{Models: names, Rows: []SheetRow{{
			Prompt: Prompt{Text: v("prompt"), Category: "other"}, Answers: []string{v("first"), v("second")},
		}}},
	}, nil
}
