package engine

import (
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/text"
)

// fitting puts models and a pack that are there into the examples of a sentence.
// Names that are there stay.
func (b *Bot) fitting(s bot.Sentence) bot.Sentence {
	var names []string
	for _, m := range b.opt.Models() {
		names = append(names, m.Card().Name)
	}
	there := func(name string) bool { return slices.Contains(names, name) }
	others := len(names) >= 2 && !(there("kestrel") && there("nova"))
	pack := slices.ContainsFunc(b.opt.Library.Packs(), func(p bot.Pack) bool { return p.Name == "humour" })
	return s.Map(func(a bot.Arg) bot.Arg {
		u, ok := a.(bot.Usage)
		if !ok {
			return a
		}
		u.Words, u.Options = slices.Clone(u.Words), slices.Clone(u.Options)
		if others && slices.Equal(u.Words, []string{"kestrel", "nova"}) {
			u.Words = names[:2]
		}
		if u.Command == "packs" && !pack && len(u.Words) == 1 {
			u.Words = []string{firstPack(b.opt.Library)}
		}
		for i, o := range u.Options {
			switch {
			case o == bot.Setting{Name: "pack", Value: "humour"} && !pack:
				u.Options[i].Value = firstPack(b.opt.Library)
			case o == bot.Setting{Name: "dearer", Value: "kestrel"} && others && !there("kestrel"):
				u.Options[i].Value = names[0]
			}
		}
		return u
	})
}

// help prints the table of commands in its groups, or one command of it.
func (b *Bot) help(p command.Parsed) (bot.Reply, error) {
	if len(p.Args) == 1 {
		return b.helpWith(p.Args[0])
	}
	var lines []bot.Sentence
	for _, g := range command.Groups() {
		lines = append(lines, g.Heading)
		for _, c := range command.Table() {
			if c.Group == g.Group {
				lines = append(lines, bot.Say("  {command}  {help}", bot.Name(c.Name), c.Help))
			}
		}
	}
	return bot.Reply{Post: bot.Notice{
		Title: bot.Say("Tastetest: two answers, blind, and your taste decides"),
		Text: bot.Say("Type {command} and one of these. To learn more about one: {help}",
			bot.Verbatim("/tastetest"), bot.Usage{Command: "help", Words: []string{"start"}}),
		Code: bot.Lines(lines...),
	}}, nil
}

func (b *Bot) helpWith(typed string) (bot.Reply, error) {
	name := strings.ToLower(strings.TrimPrefix(typed, "/"))
	c, ok := command.Called(name)
	if !ok {
		near, ok := command.Nearest(name)
		if !ok {
			return bot.Reply{}, command.Unknown(typed)
		}
		return bot.Reply{}, bot.UserError(bot.Say("I do not know “{typed}”. Did you mean “{near}”? For example: {example}",
			bot.Verbatim(text.Clip(typed)), bot.Name(near.Name), bot.Usage{Command: "help", Words: []string{near.Name}}))
	}
	lines := []bot.Sentence{bot.Say("{help}.", c.Help)}
	for _, o := range c.Options {
		lines = append(lines, b.fitting(bot.Say("{option}  {help}. {example}", bot.Usage{Options: []bot.Setting{{Name: o.Name}}}, o.Help, o.Example)))
	}
	return bot.Reply{Post: bot.Notice{
		Title: bot.Say("{command}", bot.Usage{Command: c.Name}), Text: bot.Lines(lines...), Code: b.fitting(bot.Say("{example}", c.Example)),
	}}, nil
}
