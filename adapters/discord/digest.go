package discord

import (
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// digest is the week as one embed that mentions nobody; what stands behind it is
// behind a button.
func (w tongue) digest(d bot.Digest) message {
	var lines []string
	for _, f := range d.Found {
		lines = append(lines, w.bold(f.Lead)+w.text(f.Rest))
	}
	lines = append(lines, w.text(d.Closest), w.text(d.Open), w.text(d.Counts), w.text(d.Next), w.crowd(d.Crowd))
	for _, line := range strings.Split(w.inside(d.Comes), "\n") {
		lines = append(lines, small(line))
	}
	var row []bot.Button
	for _, b := range []*bot.Button{d.Post, d.Taste, d.More, d.Again} {
		if b != nil {
			row = append(row, *b)
		}
	}
	return message{
		Embeds:     []embed{{Title: w.text(d.Title), Description: join(lines), Color: ownColor}},
		Components: w.buttons(row, d.Menu),
	}
}

// date puts below a digest the end of its week, by which it is found again, and when the
// next comes.
func (w tongue) date(e *embed, d bot.Digest) {
	e.Timestamp = d.Until.UTC().Format(time.RFC3339)
	if foot := w.Text(d.Foot); foot != "" {
		e.Footer = &footer{foot}
	}
}

// dated is the mark of the digest that has this at its foot; "" if it is none.
func (e embed) dated() string {
	until, err := time.Parse(time.RFC3339, e.Timestamp)
	if err != nil {
		return ""
	}
	return bot.DigestKey(bot.Workspace{}, until).String()
}

// week is what stands behind a digest: the tests, and the standings.
func (w tongue) week(p bot.Week) message {
	var lines []string
	for _, t := range p.Tests {
		lines = append(lines, w.bold(t.Title), w.small(t.Base), w.text(bot.Prose(t.Says...)), w.text(t.Clearest))
		for _, s := range t.Sides {
			if s.Text != "" {
				lines = append(lines, quote(bold(escapeInside(string(s.Model)))+" "+escapeInside(string(s.Text))))
			}
		}
	}
	m := message{Embeds: []embed{{Title: w.text(p.Title), Description: join(lines), Color: ownColor}}}
	if len(p.Standings.Rows) > 0 {
		ranks := w.standings(p.Standings).Embeds[0]
		for _, s := range p.Moved {
			ranks.Description = join([]string{w.text(s), ranks.Description})
		}
		m.Embeds = append(m.Embeds, ranks)
	}
	return m
}
