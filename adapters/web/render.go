package web

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tastetest/tastetest/adapters/web/elements"
	"github.com/tastetest/tastetest/bot"
)

// long is from how many characters on, of either, two answers are first shown
// cut to one height, both alike, with a button that shows all of both.
const long = 1200

// An item is a message as it is drawn.
type item struct {
	Anchor  string
	Post    bot.Post
	Form    *bot.Form // instead of Post
	Message string    // for taps
	Channel string
	Taps    []tapped
	Open    bool         // votes count
	Voted   bool         // the viewer has voted here
	Barred  bot.Sentence // why the viewer's vote would not count
	Thread  []item
	Fresh   bool         // of a thread: the viewer's next round
	Next    string       // the anchor of the round that follows
	Card    string       // the id of a private notice
	Told    time.Time    // of a private notice: when
	Old     bool         // of a private notice: newer ones stand below
	Problem bot.Sentence // what went wrong with what was pressed here
	Dialog  bool
	Empty   bool // only its place in the channel
	Sides   []side
	Rounds  []item // of an announcement
	Day     string // of a reveal among results: 2026-11-29

	Lang    string // where that is not the page's: a post is English as a whole if one of its sentences is
	wording wording
	pieces  *pieces // of what others are shown as well; nil of what is for one person
}

// A side is an answer as it is drawn.
type side struct {
	Name  bot.Sentence // for those who hear the page
	Emoji string
	Model string
	Facts bot.Sentence
	HTML  markup
	Tint  string // the colour of its bar: "one", "two"; of a ballot, of which nobody knows, by its place
}

// letter is what the page draws in place of 🅰️ and 🅱️, in colours of its own.
func letter(emoji string) string {
	switch emoji {
	case bot.Choices[0].Emoji:
		return "A"
	case bot.Choices[1].Emoji:
		return "B"
	}
	return ""
}

type tapped struct {
	Choice bot.Choice
	Emoji  string
	Label  bot.Sentence
	Aria   bot.Sentence
	People []person
	More   int // how many are not listed
	Count  int
	Mine   bool
}

// maxListed is how many names stand beside an emoji.
const maxListed = 8

// newItem prepares a post, or a form.
func newItem(w wording, anchor string, p bot.Post, f *bot.Form, md *texts) item {
	it := item{Anchor: anchor, Post: p, Form: f, wording: w}
	switch p := p.(type) {
	case bot.Ballot:
		it.Open = p.State.TakesVotes()
		if !p.Removed.IsZero() {
			p.Left = bot.Verbatim(w.Text(p.Removed))
			p.Right = p.Left
		}
		it.Sides = blind(string(p.Left), string(p.Right), md)
	case bot.Seat:
		if p.Round.Round != 0 {
			it.Sides = blind(string(p.Left), string(p.Right), md)
		}
	case bot.Head:
		it.Open = p.State.TakesVotes()
	case bot.Reveal:
		for _, s := range p.Sides {
			x := side{Name: bot.Quoted(string(s.Model)), Emoji: s.Emoji, Model: string(s.Model), Facts: s.Facts, HTML: md.html(string(s.Text))}
			for i, tint := range []string{"one", "two"} {
				if i < len(p.Bars) && w.Text(p.Bars[i].Label) == x.Model {
					x.Tint = tint
				}
			}
			it.Sides = append(it.Sides, x)
		}
	case bot.Announcement:
		for i, r := range p.Rounds {
			it.Rounds = append(it.Rounds, newItem(w, fmt.Sprintf("%s-%d", anchor, i+1), r, nil, md))
		}
	}
	return it
}

func blind(left, right string, md *texts) []side {
	return []side{
		{Name: bot.Say("Answer A"), Emoji: bot.Choices[0].Emoji, HTML: md.html(left), Tint: "one"},
		{Name: bot.Say("Answer B"), Emoji: bot.Choices[1].Emoji, HTML: md.html(right), Tint: "two"},
	}
}

// shownItem prepares what stands in a place, with its thread.
func shownItem(w wording, s bot.Shown, p people, md *texts, made *pieces) item {
	it := newItem(w, anchor(s.Ref.Message), s.Post, nil, md)
	it.pieces = made
	it.Message, it.Channel = s.Ref.Message, s.Ref.Channel
	if b, ok := s.Post.(bot.Ballot); ok && b.Removed.IsZero() {
		it.tap(s.Taps, p)
		it.Barred, it.Open = s.Barred, it.Open && s.Barred.IsZero()
	}
	for _, below := range s.Thread {
		it.Thread = append(it.Thread, shownItem(w, below, p, md, made))
	}
	rounds := slices.DeleteFunc(indexes(it.Thread), func(i int) bool { return it.Thread[i].Kind() == "notice" })
	for i, at := range rounds {
		if i+1 < len(rounds) {
			it.Thread[at].Next = it.Thread[rounds[i+1]].Anchor
		}
	}
	if next := slices.IndexFunc(it.Thread, func(x item) bool { return x.Open && !x.Voted }); next >= 0 {
		it.Thread[next].Fresh = true
	}
	return it
}

func indexes(its []item) []int {
	out := make([]int, len(its))
	for i := range its {
		out[i] = i
	}
	return out
}

// tap lays the taps out in the order of the choices, those of nobody too.
func (it *item) tap(taps []bot.Tapped, p people) {
	aria := []bot.Sentence{bot.Say("A is better"), bot.Say("B is better"), bot.Say("equal"), bot.Say("both bad")}
	for i, c := range bot.Choices {
		t := tapped{Choice: c.Choice, Emoji: c.Emoji, Label: c.Label, Aria: aria[i]}
		if j := slices.IndexFunc(taps, func(x bot.Tapped) bool { return x.Choice == c.Choice }); j >= 0 {
			t.Mine, t.Count = taps[j].Mine, len(taps[j].Users)
			for _, u := range taps[j].Users[:min(maxListed, t.Count)] {
				t.People = append(t.People, p.person(u))
			}
			t.More = t.Count - len(t.People)
		}
		it.Voted = it.Voted || t.Mine
		it.Taps = append(it.Taps, t)
	}
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

// HTML draws an item by itself, in its own words.
func (it item) HTML() markup { return drawn(it.draw()) }

// execute answers with a page. All of it is drawn before any of it is sent, so that a
// page is never half there.
func execute(w http.ResponseWriter, status int, page elements.Node) {
	html := drawn(page)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	io.WriteString(w, string(html))
}
