package discord

import (
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// menuID is the ID of the select that holds buttons with a question. The
// values are the buttons' IDs, the descriptions their questions, so that the
// question can be asked without remembering the post.
const menuID = "menu"

const mostInRow = 5

// buttons lays out buttons in rows. Those that ask a question first, and all
// of a menu, go into one select: a row of their own would invite slips.
func (w tongue) buttons(row []bot.Button, menu []bot.Button) []component {
	menu = slices.Clone(menu)
	var rows []component
	var line []component
	for _, b := range row {
		if !b.Confirm.IsZero() {
			menu = append(menu, b)
			continue
		}
		if b.URL != "" {
			line = append(line, component{Type: button, URL: b.URL, Label: shorten(w.Text(b.Label), mostLabel), Style: linked})
			continue
		}
		style := secondary
		switch {
		case b.Danger:
			style = danger
		case b.Primary, b.Chosen:
			style = primary
		}
		line = append(line, component{Type: button, ID: b.ID, Label: shorten(w.Text(b.Label), mostLabel), Style: style})
	}
	for part := range slices.Chunk(line, mostInRow) {
		rows = append(rows, component{Type: actionRow, Components: part})
	}
	if len(menu) == 0 {
		return rows
	}
	none := 0 // so that the same choice can be made twice, by taking it back
	choose := component{Type: selectMenu, ID: menuID, Placeholder: "⋯", Min: &none, Max: 1}
	for _, b := range menu {
		choose.Options = append(choose.Options, option{
			Label: shorten(w.Text(b.Label), mostOption), Value: b.ID, Description: shorten(w.Text(b.Confirm), mostOption),
		})
	}
	return append(rows, component{Type: actionRow, Components: []component{choose}})
}

// question asks what a button of a menu asks before it does anything.
func question(o option) bot.Notice {
	return bot.Notice{Text: bot.Quoted(o.Description), Buttons: []bot.Button{{ID: o.Value, Label: bot.Quoted(o.Label), Primary: true}}}
}
