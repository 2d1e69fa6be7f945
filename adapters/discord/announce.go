package discord

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// announcement tells the votes by bars, or by a picture and its numbers. The
// question is read in what it answers, where it answers something.
func (w tongue) announcement(p bot.Announcement, votes string) message {
	if p.Under.Message != "" {
		p.Question = bot.Sentence{}
	}
	said := join([]string{w.text(p.Question), votes, w.bold(p.Finding), w.text(p.Cost), w.text(p.Choose), w.text(p.Next), w.small(p.Comes)})
	m := message{Embeds: []embed{{Title: w.text(p.Title), Description: said, Color: ownColor}}}
	if p.Again != nil {
		m.Components = w.buttons([]bot.Button{*p.Again}, nil)
	}
	row := slices.Clone(p.Buttons)
	if len(p.Rounds) > 0 {
		row = append(row, bot.Button{ID: viewID(p.Tasting, roundsView, 1), Label: bot.Say("Each round")})
	}
	if len(p.Details) > 0 || p.Proof != "" {
		row = append(row, bot.Button{ID: viewID(p.Tasting, detailsView, 0), Label: bot.Say("Details")})
	}
	var menu []bot.Button
	if p.Off != nil {
		menu = append(menu, *p.Off)
	}
	m.Components = append(m.Components, w.buttons(row, menu)...)
	if p.Under.Message != "" {
		m.Reference = &reference{Message: p.Under.Message}
	}
	return m
}

// votes are bars in text or, without any, why there are none.
func (w tongue) votes(p bot.Announcement) string {
	if len(p.Bars) == 0 {
		return w.text(p.Summary)
	}
	return w.bars(p.Bars)
}

// Views are what the buttons below an announcement show of it: each is a
// press of the button "12/results", and which part of the answer to show.
type view string

const (
	roundsView  view = "round"
	detailsView view = "details"
)

// viewID is the ID of a button: "12/results:round:3".
func viewID(t bot.TastingID, v view, n int) string {
	return fmt.Sprintf("%v/results:%s:%d", t, v, n)
}

// splitView takes such an ID apart. ok: it is one.
func splitView(id string) (button string, v view, n int, ok bool) {
	parts := strings.Split(id, ":")
	if len(parts) != 3 {
		return id, "", 0, false
	}
	_, err := fmt.Sscan(parts[2], &n)
	return parts[0], view(parts[1]), n, err == nil
}

// show lays out a part of an announcement.
func (w tongue) show(v view, p bot.Announcement, n int) message {
	if v == roundsView && n >= 1 && n <= len(p.Rounds) {
		return w.roundOf(p, n)
	}
	var lines []string
	for _, d := range p.Details {
		lines = append(lines, w.text(d))
	}
	m := message{Embeds: []embed{{Title: w.text(bot.Say("Details")), Description: join(lines), Color: ownColor}}}
	if p.Proof != "" {
		m.Embeds[0].Description = join(append(lines, w.small(bot.Say("The file is what tastetest verify reads: it proves that the sides were fixed before the first vote."))))
		m.Files = []file{{Name: fmt.Sprintf("proof-%v.txt", p.Tasting), Data: []byte(p.Proof)}}
	}
	fit(m.Embeds)
	return m
}

// roundOf is the n-th round, with buttons that lead to its neighbours.
func (w tongue) roundOf(p bot.Announcement, n int) message {
	r := p.Rounds[n-1]
	asked, shown, files := w.shownOrFiled(string(r.Prompt), [2]string{string(r.Sides[0].Text), string(r.Sides[1].Text)})
	m := message{Files: files, Embeds: []embed{
		{Title: w.text(r.Title), Description: asked, Color: ownColor},
		answer(sideTitle(r.Sides[0]), shown[0]+"\n"+w.small(r.Sides[0].Facts)),
		answer(sideTitle(r.Sides[1]), shown[1]+"\n"+w.small(r.Sides[1].Facts)),
		{Description: w.revealed(r), Color: ownColor},
	}}
	if files == nil {
		m.Attachments = &[]attachment{}
	}
	fit(m.Embeds)
	var row []bot.Button
	if n > 1 {
		row = append(row, bot.Button{ID: viewID(p.Tasting, roundsView, n-1), Label: bot.Say("Back")})
	}
	if n < len(p.Rounds) {
		row = append(row, bot.Button{ID: viewID(p.Tasting, roundsView, n+1), Label: bot.Say("Next")})
	}
	m.Components = w.buttons(row, nil)
	return m
}

// mostRanked is how many models an embed lists.
const mostRanked = 25

func (w tongue) standings(p bot.Standings) message {
	var lines []string
	for i, r := range p.Rows {
		if i == mostRanked {
			lines = append(lines, w.small(bot.Say("And {n} more.", bot.Count(len(p.Rows)-i))))
			break
		}
		var values [][2]string
		for j, cell := range r.Cells() {
			if j >= 2 && j < len(p.Columns) && w.Text(cell) != "–" {
				values = append(values, [2]string{w.Text(p.Columns[j]) + " ", w.Text(cell)})
			}
		}
		lines = append(lines, bold(escapeInside(string(r.Rank+" "+r.Model))), small(escapeInside(facts(values))))
	}
	lines = append(lines, w.text(p.Base), w.small(p.Legend))
	for _, s := range p.Says {
		lines = append(lines, w.text(s))
	}
	for _, n := range p.Notes {
		lines = append(lines, w.small(n))
	}
	return message{Embeds: []embed{{
		Title: w.text(p.Title), Description: join(append(lines, w.details(p.Details))), Color: ownColor,
	}}}
}

// facts puts what is known side by side.
func facts(pairs [][2]string) string {
	var out []string
	for _, f := range pairs {
		if f[1] != "" {
			out = append(out, f[0]+f[1])
		}
	}
	return strings.Join(out, " · ")
}
