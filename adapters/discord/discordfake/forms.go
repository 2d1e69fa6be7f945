package discordfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"unicode/utf16"

	"github.com/tastetest/tastetest/bot"
)

// A Form is a modal, as Discord takes it.
type Form struct {
	ID    string `json:"custom_id"`
	Title string `json:"title"`
	Parts []Part `json:"components"`
}

// A Part of a form is a text, or a label with a field.
type Part struct {
	Type        int    `json:"type"`
	Label       string `json:"label"`
	Description string `json:"description"`
	Content     string `json:"content"`
	Field       *Field `json:"component"`
}

// A Field of a form.
type Field struct {
	SentComponent
	Required *bool `json:"required"` // nil: yes
	Min      *int  `json:"min_values"`
	Max      *int  `json:"max_values"`
}

// Kinds of what stands in a form.
const (
	aSelect  = 3
	aText    = 4
	aDisplay = 10
	aLabel   = 18
	anUpload = 19
	aRadio   = 21
)

func (f Field) required() bool { return f.Required == nil || *f.Required }

// bounds are how many may be chosen, or uploaded.
func (f Field) bounds() (least, most int) {
	least, most = 1, 1
	if f.Min != nil {
		least = *f.Min
	}
	if f.Max != nil {
		most = *f.Max
	}
	return least, most
}

// chosen are the options that stand chosen before anybody touches the form.
func (f Field) chosen() (values []string) {
	for _, o := range f.Options {
		if o.Default {
			values = append(values, o.Value)
		}
	}
	return values
}

// checkModal enforces what Discord's reference of components says.
func checkModal(raw json.RawMessage) string {
	var m Form
	switch err := json.Unmarshal(raw, &m); {
	case err != nil:
		return err.Error()
	case m.ID == "" || units(m.ID) > 100:
		return "custom_id: Must be between 1 and 100 in length."
	case m.Title == "" || units(m.Title) > 45:
		return "title: Must be between 1 and 45 in length."
	case len(m.Parts) == 0 || len(m.Parts) > 5:
		return "components: Must be between 1 and 5 in length."
	}
	seen := make(map[string]bool)
	for i, p := range m.Parts {
		if p.Type == aDisplay && p.Content != "" {
			continue
		}
		at := fmt.Sprintf("components.%d", i)
		if p.Type != aLabel || p.Field == nil {
			return at + ".type: Value must be one of (10, 18)."
		}
		if p.Label == "" || units(p.Label) > 45 {
			return at + ".label: Must be between 1 and 45 in length."
		}
		if units(p.Description) > 100 {
			return at + ".description: Must be 100 or fewer in length."
		}
		at += ".component"
		if id := p.Field.ID; id == "" || units(id) > 100 || seen[id] {
			return at + ".custom_id: Component custom id cannot be duplicated"
		}
		seen[p.Field.ID] = true
		if wrong := p.Field.check(); wrong != "" {
			return at + "." + wrong
		}
	}
	return ""
}

func (f Field) check() string {
	least, most := f.bounds()
	if wrong := checkOptions(f.Options); wrong != "" {
		return "options: " + wrong
	}
	n := len(f.Options)
	switch f.Type {
	case aText:
		if units(f.Value) > 4000 || f.MaxLength > 4000 || f.MaxLength > 0 && units(f.Value) > f.MaxLength {
			return "value: Must be 4000 or fewer in length."
		}
	case aSelect:
		switch {
		case n == 0 || n > 25:
			return "options: Must be between 1 and 25 in length."
		case least < 0 || most < least || most > n || f.required() && least == 0:
			return "min_values: Must fit the options."
		case len(f.chosen()) > most:
			return "options: The default values exceed max_values."
		}
	case aRadio:
		switch {
		case n < 2 || n > 10:
			return "options: Must be between 2 and 10 in length."
		case f.Min != nil || f.Max != nil || len(f.chosen()) > 1:
			return "options: A radio group has one choice."
		}
	case anUpload:
		if least < 0 || most < least || most > 10 {
			return "max_values: Must be 10 or fewer."
		}
	default:
		return "type: Value must be one of (3, 4, 5, 6, 7, 8, 19, 21, 22, 23)."
	}
	return ""
}

// Form is the form with which an interaction was answered.
func (x *Exchange) Form(t testing.TB) (m Form) {
	t.Helper()
	if x.Kind != 9 {
		t.Fatalf("it is answered with no form, but %v", x)
	}
	if err := json.Unmarshal(x.Data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// Fill fills in a form as Discord's client lets people do, and sends it. Fields
// that are not named stay as they stand.
func (f *Discord) Fill(t testing.TB, form Form, channel, user string, values map[string][]string, files map[string]bot.File) *Exchange {
	t.Helper()
	var parts []any
	attachments := make(map[string]any)
	left := maps.Clone(values)
	for _, p := range form.Parts {
		if p.Field == nil {
			parts = append(parts, map[string]any{"type": p.Type})
			continue
		}
		c := p.Field
		typed, named := values[c.ID]
		delete(left, c.ID)
		sent := map[string]any{"type": c.Type, "custom_id": c.ID}
		switch c.Type {
		case aText:
			text := c.Value
			if named {
				text = typed[0]
			}
			if all := utf16.Encode([]rune(text)); c.MaxLength > 0 && len(all) > c.MaxLength {
				text = string(utf16.Decode(all[:c.MaxLength]))
			}
			if text == "" && c.required() {
				t.Fatalf("the client sends no form in which %q is empty", p.Label)
			}
			sent["value"] = text
		case anUpload:
			ids := []string{}
			if file, ok := files[c.ID]; ok {
				id := f.Upload(file.Data)
				attachments[id] = map[string]any{"id": id, "filename": file.Name, "url": f.Srv.URL + "/files/" + id, "size": len(file.Data)}
				ids = append(ids, id)
			} else if c.required() {
				t.Fatalf("the client sends no form without a file in %q", p.Label)
			}
			sent["values"] = ids
		default:
			if !named {
				typed = c.chosen()
			}
			least, most := c.bounds()
			if len(typed) > most || len(typed) < least && (c.required() || len(typed) > 0) {
				t.Fatalf("the client lets nobody choose %d in %q", len(typed), p.Label)
			}
			for _, v := range typed {
				if !slices.ContainsFunc(c.Options, func(o sentOption) bool { return o.Value == v }) {
					t.Fatalf("%q has no option %q", p.Label, v)
				}
			}
			sent["values"] = append([]string{}, typed...)
			if c.Type == aRadio {
				delete(sent, "values")
				sent["value"] = nil
				if len(typed) > 0 {
					sent["value"] = typed[0]
				}
			}
		}
		parts = append(parts, map[string]any{"type": aLabel, "component": sent})
	}
	for name := range left {
		t.Fatalf("the form has no field %q", name)
	}
	return f.Interact(t, channel, user, 5, map[string]any{
		"custom_id": form.ID, "components": parts, "resolved": map[string]any{"attachments": attachments},
	}, nil)
}
