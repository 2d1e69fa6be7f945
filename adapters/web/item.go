package web

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/chart"
)

// Kind is what the item is called, in its classes.
func (it item) Kind() string {
	switch it.Post.(type) {
	case bot.Head:
		return "head"
	case bot.Ballot:
		return "ballot"
	case bot.Seat:
		return "seat"
	case bot.Reveal:
		return "reveal"
	case bot.Announcement:
		return "announcement"
	case bot.Standings:
		return "standings"
	case bot.Digest:
		return "digest"
	case bot.Week:
		return "week"
	case bot.Notice:
		return "notice"
	}
	if it.Form != nil {
		return "form"
	}
	return ""
}

// Chart is an announcement's picture, for screens on which its text can be
// read; on others its bars stand in its place. Where a name cannot be drawn it is
// left to them as well.
func (it item) Chart() markup {
	a, _ := it.Post.(bot.Announcement)
	picture, ok := chart.WideVotes(a, it.wording.Text)
	if !ok || picture.Numbered {
		return ""
	}
	return markup(picture.SVG())
}

// Long reports whether the item's two answers are first shown cut. A seat's
// never are: it is a page of its own.
func (it item) Long() bool {
	var left, right string
	switch p := it.Post.(type) {
	case bot.Ballot:
		left, right = string(p.Left), string(p.Right)
	case bot.Reveal:
		left, right = string(p.Sides[0].Text), string(p.Sides[1].Text)
	}
	return max(utf8.RuneCountInString(left), utf8.RuneCountInString(right)) > long
}

// Whole is the way from a closed card to the reveal, which stands on the same page.
func (it item) Whole() string {
	switch p := it.Post.(type) {
	case bot.Head:
		return reveals(p.Whole, p.Tasting)
	case bot.Reveal:
		return reveals(p.Whole, p.Round.TastingID)
	}
	return ""
}

func reveals(to *bot.Button, t bot.TastingID) string {
	if to == nil {
		return ""
	}
	return "#" + anchor(bot.PostKey{Tasting: t, What: bot.AnnouncementPost}.String())
}

// Boss is what can be sent on of an announcement, to copy.
func (it item) Boss() string {
	a, _ := it.Post.(bot.Announcement)
	return it.wording.Text(bot.Lines(a.Boss...))
}

// Only says of a private notice whose it is, and as of when: it stands beside posts
// that go on.
func (it item) Only() bot.Sentence {
	return bot.Dotted(bot.Say("Only you can see this"), bot.Say("{when}", bot.Moment(it.Told.UTC())))
}

// title is the post's own, part by part: "Taste test 12", "Which reply is better?".
func (it item) title() []bot.Sentence {
	switch p := it.Post.(type) {
	case bot.Head:
		return []bot.Sentence{bot.Say("Taste test {id}", p.Tasting), p.Question}
	case bot.Ballot:
		return p.Title.Dots()
	case bot.Seat:
		return p.Title.Dots()
	case bot.Reveal:
		return p.Title.Dots()
	case bot.Announcement:
		return p.Title.Dots()
	case bot.Standings:
		return p.Title.Dots()
	case bot.Digest:
		return p.Title.Dots()
	case bot.Week:
		return p.Title.Dots()
	case bot.Notice:
		return p.Title.Dots()
	}
	return nil
}

// Eyebrow is the small line over a headline: the first part of a title that has several.
func (it item) Eyebrow() bot.Sentence {
	if parts := it.title(); len(parts) > 1 {
		return parts[0]
	}
	return bot.Sentence{}
}

// Headline is the title without what is its eyebrow.
func (it item) Headline() bot.Sentence {
	parts := it.title()
	if len(parts) > 1 {
		return bot.Opening(bot.Dotted(parts[1:]...))
	}
	return bot.Dotted(parts...)
}

// Line is what stands beside a round's headline while it is folded.
func (it item) Line() string {
	switch p := it.Post.(type) {
	case bot.Ballot:
		return firstLine(string(p.Prompt))
	case bot.Reveal:
		return firstLine(string(p.Prompt))
	case bot.Notice:
		return firstLine(it.wording.Text(p.Text))
	}
	return ""
}

// Holds says what the thread holds: "10 rounds · you voted in 3".
func (it item) Holds() bot.Sentence {
	n, voted := 0, 0
	for _, x := range it.Thread {
		if x.Kind() == "ballot" || x.Kind() == "reveal" {
			n++
		}
		if x.Voted {
			voted++
		}
	}
	holds, mine := bot.Say("In the thread"), bot.Sentence{}
	if n > 0 {
		holds = bot.Say("{n} {n?round|rounds}", bot.Count(n))
	}
	if voted > 0 {
		mine = bot.Say("you voted in {n}", bot.Count(voted))
	}
	return bot.Dotted(holds, mine)
}

// A button is a [bot.Button] with where it stands.
type button struct {
	bot.Button
	Card   string
	Dialog bool

	// Of a seat's.
	Icon  string       // all that a phone shows
	Word  bot.Sentence // the label without the icon, if it has that
	Way   string       // back, undo, on, or end
	Keys  string       // on the keyboard, as browsers call them, with spaces between
	Shown string       // those that are shown where there is a keyboard
}

func (it item) buttons(bs []bot.Button) []button {
	var out []button
	for _, b := range bs {
		out = append(out, button{Button: b, Card: it.Card, Dialog: it.Dialog})
	}
	return out
}

// Main, Menu, Buttons, Choices and Nav are the buttons of the posts that have them.
func (it item) Main() *button {
	var main *bot.Button
	switch p := it.Post.(type) {
	case bot.Head:
		main = p.Main
	case bot.Announcement:
		main = p.Again
	}
	if main == nil {
		return nil
	}
	return &it.buttons([]bot.Button{*main})[0]
}

func (it item) Menu() []button {
	switch p := it.Post.(type) {
	case bot.Head:
		return it.buttons(p.Menu)
	case bot.Ballot:
		return it.buttons(p.Menu)
	case bot.Digest:
		return it.buttons(p.Menu)
	}
	return nil
}

// Button is a button that a post may have; nil if it has none.
func (it item) Button(b *bot.Button) *button {
	if b == nil {
		return nil
	}
	return &it.buttons([]bot.Button{*b})[0]
}

// Ranks are the standings of a week, if there are any.
func (it item) Ranks() *item {
	week, _ := it.Post.(bot.Week)
	if len(week.Standings.Rows) == 0 {
		return nil
	}
	return &item{Post: week.Standings, wording: it.wording}
}

func (it item) Buttons() []button {
	if p, ok := it.Post.(bot.Notice); ok {
		return it.buttons(p.Buttons)
	}
	return nil
}

func (it item) Choices() []button {
	p, ok := it.Post.(bot.Seat)
	if !ok {
		return nil
	}
	bs := it.buttons(p.Buttons)
	for i := range bs {
		bs[i].Keys = strconv.Itoa(i + 1)
		bs[i].Shown = bs[i].Keys
		if i < len(bot.Choices) {
			bs[i].Icon, bs[i].Word = bot.Choices[i].Emoji, bot.Choices[i].Label
			bs[i].Chosen = p.Mine == bot.Choices[i].Choice
		}
	}
	return bs
}

// Nav are a seat's steps, each with what it looks like where there is little room.
func (it item) Nav() []button {
	p, ok := it.Post.(bot.Seat)
	if !ok {
		return nil
	}
	bs := it.buttons(p.Nav)
	for i := range bs {
		b := &bs[i]
		switch _, does, _ := strings.Cut(b.ID, "/"); {
		case p.Round.Round == 0: // at the end
		case does == "clear":
			b.Way, b.Icon, b.Keys, b.Shown = "undo", "↺", "Backspace", ""
		case does == "taste":
			b.Way, b.Icon, b.Keys, b.Shown = "end", "✓", "ArrowRight s", "→"
		case does != "show": // of whoever may do more than vote; no key does it by accident
			b.Way, b.Icon = "out", "⊘"
		case i == 0 && p.Position > 1:
			b.Way, b.Icon, b.Keys, b.Shown = "back", "←", "ArrowLeft", "←"
		case p.Mine == "":
			b.Way, b.Icon, b.Keys, b.Shown = "on", "→", "ArrowRight s", "s"
		default:
			b.Way, b.Icon, b.Keys, b.Shown = "on", "→", "ArrowRight s", "→"
		}
	}
	return bs
}

// HeadAnchor is where the head of a seat's tasting stands on the page.
func (it item) HeadAnchor() string {
	p, ok := it.Post.(bot.Seat)
	if !ok {
		return ""
	}
	return anchor(bot.PostKey{Tasting: p.Round.TastingID, What: bot.HeadPost}.String())
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}

// A bar is a [bot.Bar] as it is drawn: as long as its count, since percentages
// are rounded.
type bar struct {
	bot.Bar
	Color string
	Of    int
	Whole int  // the count of a full bar: Of, but never 0
	Known bool // there are percentages
}

func bars(bs []bot.Bar) []bar {
	colors := [...]string{"one", "two", "equal", "bad"}
	total, percent := 0, 0
	for _, b := range bs {
		total += b.Count
		percent += b.Percent
	}
	var out []bar
	for i, b := range bs {
		out = append(out, bar{Bar: b, Color: colors[min(i, len(colors)-1)], Of: total, Whole: max(1, total), Known: percent > 0})
	}
	return out
}

// steps are the dots that show what a voter has done: the classes of each.
func steps(s bot.Seat) []string {
	var out []string
	for i := 1; i <= min(s.Of, 40); i++ {
		step := ""
		if i <= len(s.Voted) && s.Voted[i-1] {
			step = "voted"
		}
		if i == s.Position && s.Round.Round != 0 {
			step = strings.TrimSpace("here " + step)
		}
		out = append(out, step)
	}
	return out
}

// wide reports whether a field needs a line of its own.
func (w wording) wide(f bot.Field) bool {
	return f.Kind == bot.Line && f.Max > 200 || slices.ContainsFunc(f.Options, func(o bot.Option) bool { return uniseg.StringWidth(w.Text(o.Label)) > 24 })
}

// optional reports whether a field may stay empty as it is.
func optional(f bot.Field) bool { return !f.Required && f.Value == "" && f.Kind != bot.Select }
