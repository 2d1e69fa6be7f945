package discord

import (
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// form is a form as a modal, which has at most five fields. Fields that are
// left out keep their defaults; for most of them the command has options.
func form(f bot.Form) modal {
	fields := slices.Clone(f.Fields)
	for len(fields) > mostModalFields {
		fields = slices.Delete(fields, leastNeeded(fields), leastNeeded(fields)+1)
	}
	m := modal{ID: f.ID, Title: shorten(f.Title.String(), mostModalTitle)}
	if !f.Intro.IsZero() && len(fields) < mostModalFields {
		m.Components = append(m.Components, component{Type: textDisplay, Content: escape(f.Intro.String()) + "\n" + small("Submit: "+f.Submit.String())})
	}
	for _, x := range fields {
		m.Components = append(m.Components, fieldOf(x))
	}
	return m
}

// leastNeeded is which field to leave out: the last optional line, else the
// last optional field, else the last.
func leastNeeded(fields []bot.Field) int {
	for _, fits := range []func(bot.Field) bool{
		func(f bot.Field) bool { return f.Kind == bot.Line && !f.Required },
		func(f bot.Field) bool { return !f.Required },
	} {
		for i := len(fields) - 1; i >= 0; i-- {
			if fits(fields[i]) {
				return i
			}
		}
	}
	return len(fields) - 1
}

func fieldOf(f bot.Field) component {
	c := component{ID: f.Name, Required: &f.Required}
	switch f.Kind {
	case bot.Select:
		c.Type = selectMenu
		for _, o := range f.Options {
			c.Options = append(c.Options, option{Label: shorten(o.Label.String(), mostOption), Value: o.Value, Default: o.Value == f.Value})
		}
		c.Options = c.Options[:min(len(c.Options), mostSuggested)]
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
	return component{Type: label, Label: shorten(f.Label.String(), mostModalLabel), Description: shorten(f.Hint.String(), mostModalHint), Component: &c}
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
			if len(c.Values) > 0 {
				s.Values[c.ID] = c.Values[0]
			}
		case c.Type == textInput:
			if length(c.Value) >= mostInput {
				return bot.UserError(bot.Say("One of the texts fills its field: Discord cuts what is pasted at {mostinput} characters, so its end may be missing. Shorten it, or upload a file: /tastetest start has an option for one.", bot.Count(mostInput)))
			}
			s.Values[c.ID] = c.Value
		}
	}
	return nil
}
