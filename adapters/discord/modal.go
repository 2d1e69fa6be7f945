package discord

import (
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// form is a form as a modal, which has at most five fields. Fields that are
// left out keep their defaults; for most of them the command has options.
func (w tongue) form(f bot.Form) modal {
	fields := asked(f.Fields)
	for len(fields) > mostModalFields {
		fields = slices.Delete(fields, leastNeeded(fields), leastNeeded(fields)+1)
	}
	m := modal{ID: f.ID, Title: shorten(w.Text(f.Title), mostModalTitle)}
	if !f.Intro.IsZero() && len(fields) < mostModalFields {
		m.Components = append(m.Components, component{Type: textDisplay, Content: w.text(f.Intro) + "\n" + w.small(bot.Say("Submit: {label}", f.Submit))})
	}
	for _, x := range fields {
		m.Components = append(m.Components, w.fieldOf(x))
	}
	return m
}

// An inquiry is a field of a form, or two selects of the same options in one.
type inquiry struct {
	bot.Field
	second *bot.Field
}

// asked are the inquiries for fields. Where there are more than fit, two
// selects of the same options (this model, against that one) become one, of
// which two are chosen.
func asked(fields []bot.Field) (all []inquiry) {
	for i := 0; i < len(fields); i++ {
		q := inquiry{Field: fields[i]}
		if len(fields) > mostModalFields && i+1 < len(fields) && alike(fields[i], fields[i+1]) {
			i++
			q.second = &fields[i]
		}
		all = append(all, q)
	}
	return all
}

func alike(f, g bot.Field) bool {
	return f.Kind == bot.Select && g.Kind == bot.Select && f.Value != g.Value && len(f.Options) > 1 &&
		slices.EqualFunc(f.Options, g.Options, func(a, b bot.Option) bool { return a.Value == b.Value })
}

// leastNeeded is which inquiry to leave out: the last optional line, else the
// last optional field, else the last.
func leastNeeded(fields []inquiry) int {
	for _, fits := range []func(inquiry) bool{
		func(f inquiry) bool { return f.Kind == bot.Line && !f.Required },
		func(f inquiry) bool { return !f.Required && f.second == nil },
	} {
		for i := len(fields) - 1; i >= 0; i-- {
			if fits(fields[i]) {
				return i
			}
		}
	}
	return len(fields) - 1
}

// bothIn stands between the names of two fields in the ID of the one question
// that asks for both.
const bothIn = "+"

// mostRadios is how many options are shown side by side, to be read at a glance.
// More are a menu, and so is one: Discord wants two radio buttons at least.
const mostRadios = 4

func (w tongue) fieldOf(f inquiry) component {
	c := component{ID: f.Name, Required: &f.Required}
	switch f.Kind {
	case bot.Select:
		for _, o := range f.Options {
			chosen := o.Value == f.Value || f.second != nil && o.Value == f.second.Value
			c.Options = append(c.Options, option{Label: shorten(w.Text(o.Label), mostOption), Value: o.Value, Default: chosen})
		}
		c.Options = c.Options[:min(len(c.Options), mostSuggested)]
		c.Type = selectMenu
		switch n := len(c.Options); {
		case f.second != nil:
			two, yes := 2, true
			c.ID, c.Required, c.Min, c.Max = f.Name+bothIn+f.second.Name, &yes, &two, two
			f.Label, f.Hint = bot.Dotted(f.Label, f.second.Label), bot.Say("Choose two.")
		case n > 1 && n <= mostRadios:
			c.Type = radioGroup
		}
	case bot.Upload:
		c.Type = fileUpload
	default:
		// Discord cuts what is pasted at the field's limit and says nothing, so
		// the limit is the largest there is, and the core refuses what is too long.
		c.Type, c.Style, c.Value, c.MaxLength = textInput, oneLine, f.Value, mostInput
		if f.Kind == bot.Area {
			c.Style = paragraph
		}
	}
	return component{Type: label, Label: shorten(w.Text(f.Label), mostModalLabel), Description: shorten(w.Text(f.Hint), mostModalHint), Component: &c}
}

// A submitted component of a modal: a label or a row around a field.
type submitted struct {
	Type       componentType `json:"type"`
	ID         string        `json:"custom_id"`
	Value      string        `json:"value"`
	Values     []string      `json:"values"`
	Component  *submitted    `json:"component"`
	Components []submitted   `json:"components"`
}

// fields fills in a submission, and fetches its files.
func (x *exchange) fields(s *bot.Submission) error {
	return x.collect(s, x.in.Data.Components)
}

func (x *exchange) collect(s *bot.Submission, cs []submitted) error {
	for _, c := range cs {
		switch {
		case c.Component != nil:
			if err := x.collect(s, []submitted{*c.Component}); err != nil {
				return err
			}
		case len(c.Components) > 0:
			if err := x.collect(s, c.Components); err != nil {
				return err
			}
		case c.Type == fileUpload:
			for _, id := range c.Values {
				f, err := x.fetch(id)
				if err != nil {
					return err
				}
				if s.Files == nil {
					s.Files = make(map[string]bot.File)
				}
				s.Files[c.ID] = f
			}
		case c.Type == selectMenu:
			for i, name := range strings.Split(c.ID, bothIn) {
				if i < len(c.Values) {
					s.Values[name] = c.Values[i]
				}
			}
		case c.Type == radioGroup:
			if c.Value != "" {
				s.Values[c.ID] = c.Value
			}
		case c.Type == textInput:
			if length(c.Value) >= mostInput {
				return bot.UserError(bot.Say("One of the texts fills its field: Discord cuts what is pasted at {mostinput} characters, so its end may be missing. Shorten it, or upload a file: {start} has an option for one.", bot.Count(mostInput), bot.Usage{Command: "start"}))
			}
			s.Values[c.ID] = c.Value
		}
	}
	return nil
}
