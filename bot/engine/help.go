package engine

import (
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/text"
)

// examples are the models and a pack that are there, to be named in examples: in
// Chinese a pack of Chinese prompts.
func (b *Bot) examples(lang bot.Lang) command.Examples {
	e := command.Examples{Pack: "humour"}
	if lang == bot.Zh {
		e.Pack = "zh-humour"
	}
	for _, m := range b.opt.Models() {
		e.Models = append(e.Models, m.Card().Name)
	}
	if !slices.ContainsFunc(b.opt.Library.Packs(), func(p bot.Pack) bool { return p.Name == e.Pack }) {
		e.Pack = firstPack(b.opt.Library)
	}
	return e
}

// offer are buttons that do what these commands do, each named as one types it.
func offer(commands []string) []bot.Button {
	var all []bot.Button
	for _, c := range commands {
		all = append(all, bot.Button{ID: bot.TypedButton + c, Label: bot.Say("{command}", command.Usage(c))})
	}
	return all
}

// meantBy answers what was said to the bot in plain words: with what may be meant,
// to be tapped. Nothing is done before that.
func meantBy(said string) bot.Reply {
	return bot.Reply{Post: bot.Notice{
		Text:    bot.Say("I only understand commands. Did you mean one of these? {help} shows them all.", bot.Usage{Command: "help"}),
		Buttons: offer(command.Guess(said)),
	}}
}

// help prints the table of commands in its groups, or one command of it.
func (b *Bot) help(at bot.Place, p command.Parsed, with command.Examples) (bot.Reply, error) {
	if len(p.Args) == 1 {
		return b.helpWith(at, p.Args[0], with)
	}
	_, page := b.chats[at.Platform].(bot.Inviting)
	var lines []bot.Sentence
	for _, g := range command.Groups() {
		lines = append(lines, g.Heading)
		for _, c := range command.Table() {
			if c.Group == g.Group && (page || !c.Page) {
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

func (b *Bot) helpWith(at bot.Place, typed string, with command.Examples) (bot.Reply, error) {
	name := strings.ToLower(strings.TrimPrefix(typed, "/"))
	c, ok := command.Called(name)
	if !ok {
		near, ok := command.Nearest(name)
		if !ok {
			return bot.Reply{}, command.Unknown(typed)
		}
		return bot.Reply{}, command.Slip{UserError: bot.UserError(bot.Say("I do not know “{typed}”. Did you mean “{near}”? For example: {example}",
			bot.Verbatim(text.Clip(typed)), bot.Name(near.Name), bot.Usage{Command: "help", Words: []string{near.Name}})), Typed: typed, Near: []string{near.Name}}
	}
	c = with.Fit(c).At(at.Workspace)
	lines := []bot.Sentence{c.Help}
	for _, o := range c.Options {
		lines = append(lines, bot.Say("{option}  {help}. {example}", bot.Usage{Options: []bot.Setting{{Name: o.Name}}}, o.Help, o.Example))
	}
	return bot.Reply{Post: bot.Notice{
		Title: bot.Say("{command}", bot.Usage{Command: c.Name}), Text: bot.Lines(lines...), Code: bot.Say("{example}", c.Example),
	}}, nil
}
