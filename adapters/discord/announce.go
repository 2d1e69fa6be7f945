package discord

import (
	"fmt"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// announcement tells the votes by a line, or bars.
func announcement(p bot.Announcement, votes string) message {
	lines := []string{votes, bold(p.Base.String())}
	for _, v := range p.Verdict {
		lines = append(lines, escape(v.String()))
	}
	end := []string{escape(p.Cost.String()), escape(p.Next.String())}
	for _, n := range p.Notes {
		end = append(end, small(n.String()))
	}
	said := bold(p.Question.String()) + "\n" + join(lines)
	if rest := join(append(end, crowd(p.Crowd))); rest != "" {
		said += "\n\n" + rest
	}
	m := message{Embeds: []embed{{Title: escape(p.Title.String()), Description: said, Color: ownColor}}}
	var row []bot.Button
	if len(p.Rounds) > 0 {
		row = append(row, bot.Button{ID: viewID(p.Tasting, roundsView, 1), Label: bot.Say("Each round")})
	}
	if p.Plan != nil {
		row = append(row, *p.Plan)
	}
	if len(p.Details) > 0 || p.Proof != "" {
		row = append(row, bot.Button{ID: viewID(p.Tasting, detailsView, 0), Label: bot.Say("Details")})
	}
	m.Components = buttons(row, nil)
	if p.Under.Message != "" {
		m.Reference = &reference{Message: p.Under.Message}
	}
	return m
}

// votes are bars in text or, without any, why there are none.
func votes(p bot.Announcement) string {
	if len(p.Bars) == 0 {
		return escape(p.Summary.String())
	}
	return bars(p.Bars)
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
func (v view) show(p bot.Announcement, n int) message {
	if v == roundsView && n >= 1 && n <= len(p.Rounds) {
		return roundOf(p, n)
	}
	var lines []string
	for _, d := range p.Details {
		lines = append(lines, escape(d.String()))
	}
	m := message{Embeds: []embed{{Title: "Details", Description: join(lines), Color: ownColor}}}
	if p.Proof != "" {
		m.Embeds[0].Description = join(append(lines, small("The file is what tastetest verify reads: it proves that the sides were fixed before the first vote.")))
		m.Files = []file{{Name: fmt.Sprintf("proof-%v.txt", p.Tasting), Data: []byte(p.Proof)}}
	}
	fit(m.Embeds)
	return m
}

// roundOf is the n-th round, with buttons that lead to its neighbours.
func roundOf(p bot.Announcement, n int) message {
	r := p.Rounds[n-1]
	asked, shown, files := shownOrFiled(string(r.Prompt), [2]string{string(r.Sides[0].Text), string(r.Sides[1].Text)})
	m := message{Files: files, Embeds: []embed{
		{Title: escape(r.Title.String()), Description: asked, Color: ownColor},
		answer(sideTitle(r.Sides[0]), shown[0]+"\n"+small(r.Sides[0].Facts.String())),
		answer(sideTitle(r.Sides[1]), shown[1]+"\n"+small(r.Sides[1].Facts.String())),
		{Description: revealed(r), Color: ownColor},
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
	m.Components = buttons(row, nil)
	return m
}

// mostRanked is how many models an embed lists.
const mostRanked = 25

func standings(p bot.Standings) message {
	var lines []string
	for i, r := range p.Rows {
		if i == mostRanked {
			lines = append(lines, small(fmt.Sprintf("And %d more.", len(p.Rows)-i)))
			break
		}
		var values [][2]string
		for j, cell := range r.Cells() {
			if j >= 2 && j < len(p.Columns) && cell.String() != "–" {
				values = append(values, [2]string{p.Columns[j].String() + " ", cell.String()})
			}
		}
		lines = append(lines, bold(string(r.Rank+" "+r.Model)), small(facts(values)))
	}
	lines = append(lines, escape(p.Base.String()), small(p.Legend.String()))
	for _, s := range p.Says {
		lines = append(lines, escape(s.String()))
	}
	for _, n := range p.Notes {
		lines = append(lines, small(n.String()))
	}
	return message{Embeds: []embed{{
		Title: escape(p.Title.String()), Description: join(append(lines, details(bot.English(p.Details)))), Color: ownColor,
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
