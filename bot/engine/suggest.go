package engine

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/settings"
)

// mostSuggested is how many completions a platform shows.
const mostSuggested = 25

// Suggest completes what is being typed after /tastetest: a command's name,
// then models, options, their values, and numbers of tastings.
func (b *Bot) Suggest(ctx context.Context, c bot.Command) []bot.Suggestion {
	before, word := "", c.Text
	if i := strings.LastIndexByte(c.Text, ' '); i >= 0 {
		before, word = c.Text[:i+1], c.Text[i+1:]
	}
	var all []bot.Suggestion
	if strings.TrimSpace(before) == "" {
		all = b.names(c.At, cmp.Or(c.Lang, b.Voice(ctx, c.At).Lang), word)
	} else if typed := command.Words(before); len(typed) > 0 {
		if s, ok := command.Called(typed[0]); ok {
			all = b.arguments(ctx, c, s.At(c.At.Workspace), typed[1:], word)
		}
	}
	var fit []bot.Suggestion
	for _, s := range all {
		if strings.HasPrefix(strings.ToLower(s.Text), strings.ToLower(word)) && len(fit) < mostSuggested {
			s.Text = before + s.Text
			if !strings.HasSuffix(s.Text, "=") {
				s.Text += " "
			}
			fit = append(fit, s)
		}
	}
	return fit
}

// names are the commands that a place has, by their Chinese names where Chinese is read. What was
// begun in English goes on in English.
func (b *Bot) names(at bot.Place, lang bot.Lang, begun string) []bot.Suggestion {
	var all []bot.Suggestion
	_, page := b.chats[at.Platform].(bot.Inviting)
	for _, s := range command.Table() {
		if s.Page && !page {
			continue
		}
		name := say.Called(s.Name, lang)
		if begun != "" && strings.HasPrefix(s.Name, strings.ToLower(begun)) {
			name = s.Name
		}
		all = append(all, bot.Suggestion{Text: name, Help: s.Help})
	}
	return all
}

// arguments are the words that may come next. What may come next depends on the
// words before it: models first, then a tasting's number, then options that
// were not typed yet.
func (b *Bot) arguments(ctx context.Context, c bot.Command, s command.Spec, typed []string, word string) []bot.Suggestion {
	if key, _, ok := strings.Cut(word, "="); ok {
		return b.values(s, key, cmp.Or(c.Lang, b.Voice(ctx, c.At).Lang))
	}
	var all []bot.Suggestion
	models, used := 0, " "
	for _, w := range typed {
		key, _, isOption := strings.Cut(w, "=")
		if !isOption {
			models++
			key = w
		}
		used += key + " "
	}
	if s.Models && models < 2 {
		for _, m := range b.opt.Models() {
			if name := m.Card().Name; !strings.Contains(used, " "+name+" ") {
				all = append(all, bot.Suggestion{Text: name, Help: bot.Say("a model")})
			}
		}
	}
	if s.Name == "help" {
		all = append(all, b.names(c.At, cmp.Or(c.Lang, b.Voice(ctx, c.At).Lang), word)...)
	}
	if s.Word != "" && models == 0 && len(typed) == 0 {
		for _, v := range b.values(s, s.Word, cmp.Or(c.Lang, b.Voice(ctx, c.At).Lang)) {
			_, v.Text, _ = strings.Cut(v.Text, "=")
			all = append(all, v)
		}
	}
	if s.ID && models == 0 {
		all = append(all, b.numbers(ctx, c.At, s)...)
	}
	for _, o := range s.Options {
		if !strings.Contains(used, " "+o.Name+" ") {
			all = append(all, bot.Suggestion{Text: o.Name + "=", Help: o.Help})
		}
	}
	return all
}

// numbers are the tastings that a command may speak of.
func (b *Bot) numbers(ctx context.Context, at bot.Place, s command.Spec) []bot.Suggestion {
	states := []bot.State{bot.Asking, bot.Posting, bot.Open}
	if s.Name == "results" {
		states = []bot.State{bot.Revealed}
	}
	ts, err := b.spokenOf(ctx, at, states, mostSuggested)
	if err != nil {
		b.log.Warn("suggest tastings", "err", err)
	}
	var all []bot.Suggestion
	for _, t := range ts {
		if s.Name == "remove" {
			for _, n := range t.Live() {
				all = append(all, bot.Suggestion{Text: t.ID.Round(n).String(), Help: compose.Asked(t)})
			}
			continue
		}
		all = append(all, bot.Suggestion{Text: t.ID.String(), Help: compose.Asked(t)})
	}
	return all
}

// values are the values of an option; times are as one types them in a language.
func (b *Bot) values(s command.Spec, key string, lang bot.Lang) []bot.Suggestion {
	o, ok := s.Option(key)
	if !ok {
		return nil
	}
	var all []bot.Suggestion
	add := func(value string, help bot.Sentence) {
		all = append(all, bot.Suggestion{Text: fmt.Sprintf("%s=%s", key, value), Help: help})
	}
	switch o.Type {
	case command.CategoryValue:
		for _, name := range categories(b.opt.Library.Packs()) {
			add(name, bot.Say("prompts of this kind"))
		}
	case command.ZoneValue:
		for _, name := range settings.Zones() {
			add(name, bot.Say("a time zone"))
		}
	case command.ModelValue:
		for _, m := range b.opt.Models() {
			add(m.Card().Name, bot.Say("a model"))
		}
	case command.PackValue:
		add(mixed, bot.Say("a bit of everything"))
		for _, p := range b.offeredPacks() {
			add(p.Name, bot.Quoted(p.Title))
		}
	case command.OneOfValue:
		for _, v := range o.Values {
			add(v, o.Help)
		}
	case command.TimeValue:
		add("2h", bot.Say("in two hours"))
		tomorrow := say.Words{Voice: bot.Voice{Lang: lang}}.Text(bot.Say("tomorrow 17:00"))
		add(strconv.Quote(tomorrow), bot.Say("tomorrow at five"))
	}
	return all
}
