package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tastetest/tastetest/bot"
)

//go:embed templates/*.html
var templateFiles embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"markdown": markdown,
	"bars":     bars,
	"lines":    func(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") },
	"command":  func(s string) bool { return strings.HasPrefix(s, "/tastetest") && !strings.Contains(s, "\n") },
	"steps":    steps,
}).ParseFS(templateFiles, "templates/*.html"))

// long is from how many characters on, of either, two answers are first shown
// cut to one height, both alike, with a button that shows all of both.
const long = 1200

// An item is a message as the templates are given it.
type item struct {
	Anchor  string
	On      time.Time
	Post    bot.Post
	Form    *bot.Form // instead of Post
	Message string    // for taps
	Channel string
	Taps    []tapped
	Mine    string // the viewer's choices, with commas
	Open    bool   // votes count
	Voted   bool   // the viewer has voted here
	Thread  []item
	Fresh   bool   // of a thread: the viewer's next round
	Next    string // the anchor of the round that follows
	Card    string // the id of a private notice
	Dialog  bool
}

type tapped struct {
	Choice bot.Choice
	Emoji  string
	Label  string
	Aria   string
	People []person
	More   int // how many are not listed
	Count  int
	Mine   bool
}

// maxListed is how many names stand beside an emoji.
const maxListed = 8

// items prepares what stands in a place.
func items(shown []bot.Shown, p people) []item {
	var out []item
	for _, s := range shown {
		it := item{
			Anchor: anchor(s.Ref.Message), On: s.On, Post: s.Post,
			Message: s.Ref.Message, Channel: s.Ref.Channel,
		}
		switch post := s.Post.(type) {
		case bot.Ballot:
			it.Open = post.State.TakesVotes()
			it.tap(s.Taps, p)
		case bot.Head:
			it.Open = post.State.TakesVotes()
		}
		it.Thread = items(s.Thread, p)
		next := slices.IndexFunc(it.Thread, func(x item) bool { return x.Open && !x.Voted })
		if next >= 0 {
			it.Thread[next].Fresh = true
		}
		for i := range len(it.Thread) - 1 {
			it.Thread[i].Next = it.Thread[i+1].Anchor
		}
		out = append(out, it)
	}
	return out
}

// tap lays the taps out in the order of the choices, those of nobody too.
func (it *item) tap(taps []bot.Tapped, p people) {
	var mine []string
	for i, c := range bot.Choices {
		t := tapped{Choice: c.Choice, Emoji: c.Emoji, Label: c.Label, Aria: []string{"A is better", "B is better", "equal", "both bad"}[i]}
		if j := slices.IndexFunc(taps, func(x bot.Tapped) bool { return x.Choice == c.Choice }); j >= 0 {
			t.Mine, t.Count = taps[j].Mine, len(taps[j].Users)
			for _, u := range taps[j].Users[:min(maxListed, t.Count)] {
				t.People = append(t.People, p.person(u))
			}
			t.More = t.Count - len(t.People)
		}
		if t.Mine {
			mine = append(mine, string(t.Choice))
			it.Voted = true
		}
		it.Taps = append(it.Taps, t)
	}
	it.Mine = strings.Join(mine, ",")
}

// Kind is the name of the template for the item.
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
	case bot.Notice:
		return "notice"
	}
	if it.Form != nil {
		return "form"
	}
	return ""
}

// Long reports whether the item's two answers are first shown cut. A seat's
// never are: it is a page of its own.
func (it item) Long() bool {
	var left, right string
	switch p := it.Post.(type) {
	case bot.Ballot:
		left, right = p.Left, p.Right
	case bot.Reveal:
		left, right = p.Sides[0].Text, p.Sides[1].Text
	}
	return max(utf8.RuneCountInString(left), utf8.RuneCountInString(right)) > long
}

// title is the post's own: "Taste test 12 · Which reply is better?".
func (it item) title() string {
	switch p := it.Post.(type) {
	case bot.Head:
		if named := "Taste test " + p.Tasting.String(); !strings.HasPrefix(p.Question, named) {
			return named + sep + p.Question
		}
		return p.Question
	case bot.Ballot:
		return p.Title
	case bot.Seat:
		return p.Title
	case bot.Reveal:
		return p.Title
	case bot.Announcement:
		return p.Title
	case bot.Notice:
		return p.Title
	}
	return ""
}

const sep = " · "

// Eyebrow is the small line over a headline: what stands before the first dot.
func (it item) Eyebrow() string {
	if before, _, ok := strings.Cut(it.title(), sep); ok {
		return before
	}
	return ""
}

// Headline is the title without what is its eyebrow.
func (it item) Headline() string {
	if _, after, ok := strings.Cut(it.title(), sep); ok {
		return after
	}
	return it.title()
}

// Line is what stands beside a round's headline while it is folded.
func (it item) Line() string {
	switch p := it.Post.(type) {
	case bot.Ballot:
		return firstLine(p.Prompt)
	case bot.Reveal:
		return firstLine(p.Prompt)
	case bot.Notice:
		return firstLine(p.Text)
	}
	return ""
}

// Rounds says what a thread holds: "10 rounds · you voted in 3".
func (it item) Rounds() string {
	n, voted := 0, 0
	for _, x := range it.Thread {
		if x.Kind() == "ballot" || x.Kind() == "reveal" {
			n++
		}
		if x.Voted {
			voted++
		}
	}
	s := fmt.Sprintf("%d rounds", n)
	if n == 1 {
		s = "1 round"
	}
	if voted > 0 {
		s += fmt.Sprintf("%syou voted in %d", sep, voted)
	}
	return s
}

// Within is a round that stands inside an announcement.
func (it item) Within(i int) item {
	r := it.Post.(bot.Announcement).Rounds[i]
	return item{Anchor: fmt.Sprintf("%s-%d", it.Anchor, i+1), Post: r}
}

// A button is a [bot.Button] with where it stands.
type button struct {
	bot.Button
	Card   string
	Dialog bool
	Key    int // on the keyboard; 0: none
}

func (it item) buttons(bs []bot.Button) []button {
	var out []button
	for i, b := range bs {
		out = append(out, button{b, it.Card, it.Dialog, i + 1})
	}
	return out
}

// Main, Menu, Buttons, Choices and Nav are the buttons of the posts that have them.
func (it item) Main() *button {
	if p, ok := it.Post.(bot.Head); ok && p.Main != nil {
		return &it.buttons([]bot.Button{*p.Main})[0]
	}
	return nil
}

func (it item) Menu() []button {
	switch p := it.Post.(type) {
	case bot.Head:
		return it.buttons(p.Menu)
	case bot.Ballot:
		return it.buttons(p.Menu)
	}
	return nil
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
		if i < len(bot.Choices) && p.Mine == bot.Choices[i].Choice {
			bs[i].Chosen = true
		}
	}
	return bs
}

func (it item) Nav() []button {
	if p, ok := it.Post.(bot.Seat); ok {
		return it.buttons(p.Nav)
	}
	return nil
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}

// anchor makes an id for the page of a message: "m-7.3/ballot" → "m-7-3-ballot".
func anchor(message string) string {
	return "m-" + strings.Map(func(r rune) rune {
		if r == '.' || r == '/' || r == ' ' {
			return '-'
		}
		return r
	}, message)
}

// A bar is a [bot.Bar] as it is drawn.
type bar struct {
	bot.Bar
	Color string
	Width int // of 100
	Of    int
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
		x := bar{Bar: b, Color: colors[min(i, len(colors)-1)], Width: b.Percent, Of: total, Known: percent > 0}
		if !x.Known && total > 0 {
			x.Width = 100 * b.Count / total
		}
		out = append(out, x)
	}
	return out
}

// steps are the dots that show how far a seat has come.
func steps(s bot.Seat) []string {
	var out []string
	for i := 1; i <= min(s.Of, 40); i++ {
		switch {
		case i == s.Position && s.Round.Round != 0:
			out = append(out, "here")
		case i < s.Position || s.Round.Round == 0:
			out = append(out, "past")
		default:
			out = append(out, "")
		}
	}
	return out
}

// html renders an item by itself.
func (it item) html() (template.HTML, error) {
	var buf bytes.Buffer
	if err := templates.ExecuteTemplate(&buf, "item", it); err != nil {
		return "", fmt.Errorf("render a %s: %w", it.Kind(), err)
	}
	return template.HTML(buf.String()), nil
}

// execute answers with a template. All of it is rendered before any of it is
// sent, so that a page is never half there.
func (c *Chat) execute(w http.ResponseWriter, status int, name string, data frame) {
	var buf bytes.Buffer
	if err := templates.ExecuteTemplate(&buf, name, data); err != nil {
		c.fail(w, fmt.Errorf("render %s: %w", name, err))
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	buf.WriteTo(w)
}
