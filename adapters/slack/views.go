package slack

import (
	"fmt"
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
		return formView(at, *r.Form, t.may("files:read")), true
	}
	switch p := r.Post.(type) {
	case bot.Seat:
		return modal(at, p.Title.String(), seatBlocks(p)), true
	case bot.Announcement:
		return modal(at, "Taste test "+p.Tasting.String(), resultBlocks(p, page)), true
	case bot.Notice:
		return modal(at, "Tastetest", noticeBlocks(p)), true
	case nil:
		return v, false
	}
	return modal(at, "Tastetest", render(r.Post).blocks), true
}

func modal(at bot.Place, name string, blocks []api.Block) api.ModalViewRequest {
	if size(name) > mostTitle {
		blocks = append([]api.Block{title(name)}, blocks...)
		name = "Tastetest"
	}
	channel, _ := split(at)
	return api.ModalViewRequest{
		Type: api.VTModal, Title: literal(name), Close: literal("Close"), PrivateMetadata: channel,
		Blocks: api.Blocks{BlockSet: blocks[:min(len(blocks), mostViewBlocks)]},
	}
}

// seatBlocks is a voter's page of a private ballot.
func seatBlocks(s bot.Seat) []api.Block {
	var blocks []api.Block
	if s.Round.Round != 0 {
		left, right := shorten(markdown(string(s.Left)), mostView/2), shorten(markdown(string(s.Right)), mostView/2)
		blocks = append(blocks,
			small(fmt.Sprintf("%d of %d · %d done", s.Position, s.Of, s.Done)))
		if !s.Question.IsZero() {
			blocks = append(blocks, styledSentence(s.Question.String(), bold))
		}
		blocks = append(blocks, prompt(string(s.Prompt)),
			api.NewDividerBlock(), rich(lead("🅰️", left)...),
			api.NewDividerBlock(), rich(lead("🅱️", right)...),
			api.NewDividerBlock())
	}
	blocks = append(blocks, buttons(s.Buttons)...)
	blocks = append(blocks, buttons(s.Nav)...)
	if s.Round.Round == 0 && !s.Note.IsZero() {
		return append([]api.Block{sentence(s.Note.String())}, blocks...)
	}
	return append(blocks, smalls(s.Note.String())...)
}

// shorten drops what is beyond n characters.
func shorten(body []api.RichTextElement, n int) []api.RichTextElement {
	return divide(body, n)[0]
}

func noticeBlocks(n bot.Notice) []api.Block {
	var blocks []api.Block
	if !n.Title.IsZero() {
		blocks = append(blocks, rich(paragraph(textRun(clip(n.Title.String(), 500), bold))))
	}
	if !n.Text.IsZero() {
		blocks = append(blocks, rich(paragraph(plainRun(clip(n.Text.String(), 7000)))))
	}
	if !n.Code.IsZero() {
		blocks = append(blocks, rich(preformatted(clip(n.Code.String(), 4000))))
	}
	if blocks = append(blocks, buttons(n.Buttons)...); len(blocks) == 0 {
		blocks = append(blocks, sentence("Done."))
	}
	return blocks
}

// plain is a notice in one piece of text.
func plain(n bot.Notice) string {
	var parts []string
	for _, s := range []string{n.Title.String(), n.Text.String(), n.Code.String()} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "\n")
}

// resultBlocks is one page of a tasting's result: the summary, a page a round,
// and the proof. Its buttons ask for the same result again, at another page.
func resultBlocks(a bot.Announcement, page int) []api.Block {
	pages := len(a.Rounds) + 1
	if a.Proof != "" {
		pages++
	}
	page = min(max(page, 0), pages-1)
	var blocks []api.Block
	switch {
	case page == 0:
		blocks = append(summary(a, chart(a.Bars, a.Summary.String())), smalls(bot.English(a.Details)...)...)
	case page <= len(a.Rounds):
		blocks = roundBlocks(a.Rounds[page-1])
	default:
		blocks = []api.Block{
			sentence("This text shows that the sides were fixed before anybody voted. Compare its commitments with those of the ballots, and check it: tastetest verify"),
			rich(preformatted(visible(string(a.Proof)))),
		}
	}
	var nav []bot.Button
	turn := func(n int, label string) {
		if n >= 0 && n < pages {
			nav = append(nav, bot.Button{ID: a.Tasting.String() + "/results" + pageMark + strconv.Itoa(n), Label: bot.Literal(label)})
		}
	}
	turn(page-1, "Back")
	turn(page+1, "Next")
	blocks = append(blocks, buttons(nav)...)
	return append(blocks, small(fmt.Sprintf("%d of %d", page+1, pages)))
}

// roundBlocks is a round's reveal with both texts, whatever their length.
func roundBlocks(r bot.Reveal) []api.Block {
	m := reveal(r)
	if len(m.parts) == 0 {
		return m.blocks
	}
	blocks := []api.Block{title(r.Title.String()), prompt(string(r.Prompt))}
	for _, s := range r.Sides {
		body := shorten(markdown(string(s.Text)), mostView/2)
		blocks = append(blocks, api.NewDividerBlock(), rich(paragraph(textRun(side(s), bold))), rich(body...))
		blocks = append(blocks, smalls(s.Facts.String())...)
	}
	blocks = append(blocks, api.NewDividerBlock())
	blocks = append(blocks, chart(r.Bars, r.Summary.String())...)
	blocks = append(blocks, notes(bot.English(r.Notes))...)
	return append(blocks, smalls(bot.English(r.Details)...)...)
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
