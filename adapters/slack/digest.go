package slack

import (
	"context"
	"errors"
	"fmt"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
	pictures "github.com/tastetest/tastetest/bot/chart"
)

// digest is the week in at most eight lines. What stands behind it follows in its
// thread; whoever asked for it alone has a button for that.
func (w tongue) digest(d bot.Digest) said {
	m := said{text: w.Text(bot.Lines(d.Lines()...)), blocks: []api.Block{w.title(d.Title)}}
	var found []api.RichTextElement
	for _, f := range d.Found {
		found = append(found, paragraph(append(w.runs(f.Lead, mostWords, bold), w.runs(f.Rest, mostWords, api.RichTextSectionTextStyle{})...)...))
	}
	if len(found) > 0 {
		m.blocks = append(m.blocks, rich(found...))
	}
	if !d.Closest.IsZero() {
		m.blocks = append(m.blocks, w.sentence(d.Closest))
	}
	m.blocks = append(m.blocks, w.offering(d.Open, d.Taste)...)
	alone := !d.Comes.IsZero()
	counts := d.Counts
	if !alone && len(d.Week.Tests) > 0 {
		counts = bot.Prose(counts, bot.Say("Each test and standings: in the thread."))
	}
	if counts.IsZero() && len(d.Menu) > 0 {
		m.blocks = append(m.blocks, api.NewActionBlock("", w.menu(d.Menu)))
	}
	m.blocks = append(m.blocks, w.progress(counts, d.Menu)...)
	m.blocks = append(m.blocks, w.offering(d.Next, d.Again)...)
	m.blocks = append(m.blocks, w.smalls(crowd(d.Crowd), d.Comes)...)
	if !alone {
		m.parts = w.behind(d.Week)
		return m
	}
	var row []bot.Button
	for _, b := range []*bot.Button{d.Post, d.More} {
		if b != nil {
			row = append(row, *b)
		}
	}
	m.blocks = append(m.blocks, w.buttons(row)...)
	return m
}

// offering is a line with a button at its end, if there is one.
func (w tongue) offering(s bot.Sentence, b *bot.Button) []api.Block {
	switch {
	case s.IsZero():
		return nil
	case b == nil:
		return []api.Block{w.sentence(s)}
	}
	return []api.Block{api.NewSectionBlock(w.line(s, mostPlain), nil, api.NewAccessory(w.button(*b)))}
}

// behind is a week as the messages of a thread: the tests, and the standings as a
// table or, where Slack takes none, as a list.
func (w tongue) behind(week bot.Week) []said {
	if len(week.Tests) == 0 {
		return nil
	}
	tests := finished(said{text: w.Text(week.Title), blocks: w.tests(week)})
	if len(week.Standings.Rows) == 0 {
		return []said{tests}
	}
	list := finished(w.standings(week.Standings))
	moved := w.smalls(week.Moved...)
	list.blocks = finished(said{blocks: append(moved, list.blocks...)}).blocks
	table := said{text: list.text, less: &list}
	table.blocks = append([]api.Block{w.title(week.Standings.Title)}, moved...)
	table.blocks = append(append(table.blocks, w.ranked(week.Standings)), w.smalls(week.Standings.Base, week.Standings.Legend)...)
	for _, line := range week.Standings.Says {
		table.blocks = append(table.blocks, w.sentence(line))
	}
	return []said{tests, finished(table)}
}

// week is what stands behind a digest, for one person.
func (w tongue) week(week bot.Week) said {
	m := said{text: w.Text(week.Title), blocks: append([]api.Block{w.title(week.Title)}, w.tests(week)...)}
	m.blocks = append(m.blocks, w.smalls(week.Moved...)...)
	if len(week.Standings.Rows) > 0 {
		m.blocks = append(m.blocks, w.standings(week.Standings).blocks...)
	}
	return m
}

// tests are the revealed tastings of a week, each with its clearest prompt and how the
// two answers to it begin.
func (w tongue) tests(week bot.Week) []api.Block {
	var blocks []api.Block
	for _, t := range week.Tests {
		lines := []api.RichTextSectionElement{textRun(w.Text(t.Title), bold)}
		add := func(s bot.Sentence) {
			if !s.IsZero() {
				lines = append(append(lines, plainRun("\n")), w.runs(s, mostWords, api.RichTextSectionTextStyle{})...)
			}
		}
		add(t.Base)
		add(bot.Prose(t.Says...))
		add(t.Clearest)
		body := []api.RichTextElement{paragraph(lines...)}
		for _, s := range t.Sides {
			if s.Text != "" {
				body = append(body, api.NewRichTextList(api.RTEListBullet, 0, paragraph(textRun(clip(string(s.Model), mostTitled)+": ", bold), plainRun(clip(string(s.Text), mostWords)))))
			}
		}
		blocks = append(blocks, rich(body...))
	}
	return blocks
}

// Limits of a data_table. https://docs.slack.dev/reference/block-kit/blocks/data-table-block/
const (
	mostCell = 100 // characters
	rowsSeen = 10  // at once
)

// ranked is standings as a table that people sort.
func (w tongue) ranked(s bot.Standings) api.Block {
	t := api.NewDataTableBlock(clip(w.Text(s.Title), mostCell)).WithPageSize(rowsSeen).WithRowHeaderColumnIndex(1)
	row := func(cells []bot.Sentence) {
		var all []api.DataTableCell
		for _, c := range cells {
			all = append(all, api.NewDataTableRawTextCell(literal(clip(w.Text(c), mostCell)).Text))
		}
		t.AddRow(all...)
	}
	row(s.Columns)
	for _, r := range s.Rows[:min(len(s.Rows), mostRanked)] {
		row(r.Cells())
	}
	return t
}

// illustrate says the picture of a digest's standings in its thread, where Slack has
// it and did not show it before. A digest is whole without.
func (c *Chat) illustrate(ctx context.Context, t *team, r rank, channel, below string, a attempt, d bot.Digest) {
	s := d.Week.Standings
	picture, ok := pictures.Ranks(s, tongueOf(d).Text)
	if !s.Picture || !ok || len(d.Week.Tests) == 0 {
		return
	}
	if !t.may("files:write") {
		c.log.Info("a digest goes without its picture: the Slack app lacks the scope files:write", "workspace", t.Name)
		return
	}
	file, err := c.upload(ctx, t, "standings.png", picture)
	if err == nil {
		m := said{text: clip(picture.Alt, 3000), blocks: []api.Block{api.NewImageBlockSlackFile(&api.SlackFileObject{ID: file}, picture.Alt, "", nil)}}
		err = c.whenReady(ctx, func() error {
			_, err := t.send(ctx, r, channel, below, a, m, nil)
			return err
		})
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		c.log.Warn("show the picture of a digest; it goes without", "workspace", t.Name, "err", err)
	}
}

// pictureKey is under what key the picture of a digest's standings is posted.
func pictureKey(key bot.PostKey) string { return fmt.Sprintf("%v+picture", key) }
