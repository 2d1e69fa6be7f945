package slack

import (
	"slices"
	"strconv"
	"strings"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

const (
	mostTitle      = 24
	mostViewBlocks = 100
	mostView       = 90_000 // characters of both answers in a modal; Slack takes 250 KB of JSON
)

// replyView is a modal that shows a reply. Its private metadata is the channel
// from which it came, and no more. ok is false for an empty reply.
func (t *team) replyView(at bot.Place, r bot.Reply, page int) (v api.ModalViewRequest, ok bool) {
	if r.Form != nil {
		return tongueOf(*r.Form).formView(at, *r.Form, t.may("files:read")), true
	}
	if r.Post == nil {
		return v, false
	}
	w := tongueOf(r.Post)
	switch p := r.Post.(type) {
	case bot.Seat:
		return w.modal(at, w.Text(p.Title), w.seatBlocks(p)), true
	case bot.Announcement:
		return w.modal(at, w.Text(bot.Say("Taste test {id}", p.Tasting)), w.resultBlocks(p, page)), true
	case bot.Notice:
		return w.modal(at, "Tastetest", w.noticeBlocks(p)), true
	}
	return w.modal(at, "Tastetest", w.render(r.Post).blocks), true
}

func (w tongue) modal(at bot.Place, name string, blocks []api.Block) api.ModalViewRequest {
	if size(name) > mostTitle {
		blocks = append([]api.Block{title(name)}, blocks...)
		name = "Tastetest"
	}
	channel, _ := split(at)
	return api.ModalViewRequest{
		Type: api.VTModal, Title: literal(name), Close: literal(w.Text(bot.Say("Close"))), PrivateMetadata: channel,
		Blocks: api.Blocks{BlockSet: blocks[:min(len(blocks), mostViewBlocks)]},
	}
}

// seatBlocks is a voter's page of a private ballot.
func (w tongue) seatBlocks(s bot.Seat) []api.Block {
	var blocks []api.Block
	if s.Round.Round != 0 {
		left, right := shorten(markdown(string(s.Left)), mostView/2), shorten(markdown(string(s.Right)), mostView/2)
		blocks = append(blocks, w.smalls(bot.Dotted(bot.Say("{n} of {all}", bot.Count(s.Position), bot.Count(s.Of)), bot.Say("{n} done", bot.Count(s.Done))))...)
		if !s.Question.IsZero() {
			blocks = append(blocks, w.styledSentence(s.Question, bold))
		}
		blocks = append(blocks, w.prompt(s.Prompt),
			api.NewDividerBlock(), rich(lead("🅰️", left)...),
			api.NewDividerBlock(), rich(lead("🅱️", right)...),
			api.NewDividerBlock())
	}
	blocks = append(blocks, w.buttons(s.Buttons)...)
	blocks = append(blocks, w.buttons(s.Nav)...)
	if s.Round.Round == 0 && !s.Note.IsZero() {
		return append([]api.Block{w.sentence(s.Note)}, blocks...)
	}
	return append(blocks, w.smalls(s.Note)...)
}

// shorten drops what is beyond n characters.
func shorten(body []api.RichTextElement, n int) []api.RichTextElement {
	return divide(body, n)[0]
}

func (w tongue) noticeBlocks(n bot.Notice) []api.Block {
	var blocks []api.Block
	if !n.Title.IsZero() {
		blocks = append(blocks, rich(paragraph(w.runs(n.Title, 500, bold)...)))
	}
	if !n.Text.IsZero() {
		blocks = append(blocks, rich(paragraph(w.runs(n.Text, 7000, api.RichTextSectionTextStyle{})...)))
	}
	if !n.Code.IsZero() {
		blocks = append(blocks, rich(preformatted(clip(w.Text(n.Code), 4000))))
	}
	if blocks = append(blocks, w.buttons(n.Buttons)...); len(blocks) == 0 {
		blocks = append(blocks, w.sentence(bot.Say("Done.")))
	}
	return blocks
}

// plain is a notice in one piece of text.
func (w tongue) plain(n bot.Notice) string {
	return w.Text(bot.Lines(n.Title, n.Text, n.Code))
}

// resultBlocks is one page of a tasting's result: what is said of it, a page a
// round, and details with the proof. Its buttons ask for the same result again, at another page.
func (w tongue) resultBlocks(a bot.Announcement, page int) []api.Block {
	pages := len(a.Rounds) + 2
	page = min(max(page, 0), pages-1)
	var blocks []api.Block
	switch {
	case page == 0:
		blocks = w.summary(a, w.chart(a.Bars, a.Summary))
		if !a.Mine.IsZero() {
			blocks = append(blocks, w.sentence(a.Mine))
		}
		blocks = append(blocks, w.styledSentence(bot.Say("What this shows, and what it does not"), bold))
		blocks = append(blocks, w.notes(slices.Concat(a.Verdict, a.Notes))...)
	case page <= len(a.Rounds):
		blocks = w.roundBlocks(a.Rounds[page-1])
	default:
		blocks = append(blocks, w.styledSentence(bot.Say("Details"), bold))
		blocks = append(blocks, w.smalls(a.Details...)...)
		if a.Proof != "" {
			blocks = append(blocks,
				w.sentence(bot.Say("This text shows that the sides were fixed before anybody voted. Compare its commitments with those of the ballots, and check it: tastetest verify")),
				rich(preformatted(visible(string(a.Proof)))))
		}
	}
	var nav []bot.Button
	turn := func(n int, label bot.Sentence) {
		if n >= 0 && n < pages {
			nav = append(nav, bot.Button{ID: a.Tasting.String() + "/results" + pageMark + strconv.Itoa(n), Label: label})
		}
	}
	turn(page-1, bot.Say("Back"))
	turn(page+1, bot.Say("Next page"))
	blocks = append(blocks, w.buttons(nav)...)
	return append(blocks, w.smalls(bot.Say("{n} of {all}", bot.Count(page+1), bot.Count(pages)))...)
}

// roundBlocks is a round's reveal with both texts, whatever their length.
func (w tongue) roundBlocks(r bot.Reveal) []api.Block {
	m := w.reveal(r)
	if len(m.parts) == 0 {
		return m.blocks
	}
	blocks := []api.Block{w.title(r.Title), w.prompt(r.Prompt)}
	for _, s := range r.Sides {
		body := shorten(markdown(string(s.Text)), mostView/2)
		blocks = append(blocks, api.NewDividerBlock(), rich(paragraph(textRun(side(s), bold))), rich(body...))
		blocks = append(blocks, w.smalls(s.Facts)...)
	}
	blocks = append(blocks, api.NewDividerBlock())
	blocks = append(blocks, w.chart(r.Bars, r.Summary)...)
	blocks = append(blocks, w.notes(r.Notes)...)
	return append(blocks, w.smalls(r.Details...)...)
}

const pageMark = "#"

// cutPage takes the page off a button's ID: "12/results#3".
func cutPage(id string) (string, int) {
	id, page, _ := strings.Cut(id, pageMark)
	n, err := strconv.Atoi(page)
	if err != nil {
		return id, 0
	}
	return id, n
}
