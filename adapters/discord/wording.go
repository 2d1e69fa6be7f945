package discord

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	words "github.com/tastetest/tastetest/bot/say"
)

// A tongue words posts as Discord takes them: with commands as they are typed
// there, and times that each reader sees in their own zone.
type tongue struct{ words.Words }

// tongue is that of a post or a form.
func (o Options) tongue(p interface{ Spoken() bot.Voice }) tongue {
	return tongue{words.Words{Voice: p.Spoken(), Usage: o.spelled}.For(p)}
}

// render lays a post out, in words.
func (c *Chat) render(p bot.Post, mark string) layout {
	if p == nil {
		return layout{}
	}
	return c.opt.tongue(p).render(p, mark)
}

// text is a sentence as markdown, at the beginning of a line.
func (w tongue) text(s bot.Sentence) string { return guard(w.inside(s)) }

// inside is a sentence as markdown within a line.
func (w tongue) inside(s bot.Sentence) string {
	var b strings.Builder
	for _, r := range w.Runs(s) {
		if !r.At.IsZero() {
			if before, _ := utf8.DecodeLastRuneInString(b.String()); unicode.Is(unicode.Han, before) {
				b.WriteByte(' ') // Discord's own way to write it begins with a digit: 已于 2026年3月5日 17:00
			}
			fmt.Fprintf(&b, "<t:%d:f>", r.At.Unix())
			continue
		}
		b.WriteString(escapeInside(r.Text))
	}
	return b.String()
}

// spelled is a command as it is typed, and can be pasted, on Discord:
// "/tastetest-admin start model:kestrel against:nova rounds:5".
func (o Options) spelled(u bot.Usage, lang bot.Lang) string {
	var all, bare []string
	u = words.Valued(u, lang)
	if spec, ok := command.Called(u.Command); ok {
		all, bare = append(all, "/"+o.commandOf(spec), words.Called(u.Command, lang)), bareOf(spec)
	}
	for i, w := range u.Words {
		if i < len(bare) {
			w = words.OptionCalled(bare[i], lang) + ":" + w
		}
		all = append(all, w)
	}
	for _, s := range u.Options {
		all = append(all, words.OptionCalled(s.Name, lang)+":"+s.Value)
	}
	return strings.Join(all, " ")
}

// bareOf are the options of a command that are bare words elsewhere.
func bareOf(spec command.Spec) []string {
	switch {
	case spec.Models:
		return []string{firstModel, secondModel}
	case spec.ID:
		return []string{tastingID}
	case spec.Name == "help":
		return []string{commandName}
	case spec.Word != "":
		return []string{spec.Word}
	}
	return nil
}
