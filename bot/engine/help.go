package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/text"
)

// fitting puts models and a pack that are there into the table's examples.
// Names that are there stay.
func (b *Bot) fitting(example string) string {
	var pairs []string
	if !slices.ContainsFunc(b.opt.Library.Packs(), func(p bot.Pack) bool { return p.Name == "humour" }) {
		first := firstPack(b.opt.Library)
		pairs = append(pairs, "pack=humour", "pack="+first, "packs humour", "packs "+first)
	}
	var models []string
	for _, m := range b.opt.Models() {
		models = append(models, m.Card().Name)
	}
	if kestrel := slices.Contains(models, "kestrel"); len(models) >= 2 && !(kestrel && slices.Contains(models, "nova")) {
		pairs = append(pairs, "start kestrel nova", "start "+models[0]+" "+models[1])
		if !kestrel {
			pairs = append(pairs, "dearer=kestrel", "dearer="+models[0])
		}
	}
	return strings.NewReplacer(pairs...).Replace(example)
}

// fittingEnd does it to the example at the end of a sentence, if there is one,
// and to nothing else: before it stands what somebody typed or was meant.
func (b *Bot) fittingEnd(sentence string) string {
	const mark = "For example: "
	i := strings.LastIndex(sentence, mark)
	if i < 0 || strings.ContainsAny(sentence[i:], "“”") { // that is what somebody typed
		return sentence
	}
	i += len(mark)
	return sentence[:i] + b.fitting(sentence[i:])
}

// help prints the table of commands, or one command of it.
func (b *Bot) help(p command.Parsed) (bot.Reply, error) {
	if len(p.Args) == 1 {
		return b.helpWith(p.Args[0])
	}
	var lines []string
	for _, c := range command.Table() {
		lines = append(lines, fmt.Sprintf("%-10s %s", c.Name, c.Help))
	}
	return bot.Reply{Post: bot.Notice{
		Title: bot.Say("Tastetest: two answers, blind, and your taste decides"),
		Text:  bot.Say("Type /tastetest and one of these. To learn more about one: /tastetest help start"),
		Code:  bot.Literal(strings.Join(lines, "\n")),
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
		return bot.Reply{}, bot.UserError(bot.Say("I do not know “{typed}”. Did you mean “{name}”? For example: /tastetest help {name}", bot.Verbatim(text.Clip(typed)), bot.Verbatim(near.Name)))
	}
	lines := []string{strings.ToUpper(c.Help[:1]) + c.Help[1:] + "."}
	for _, o := range c.Options {
		lines = append(lines, fmt.Sprintf("%s=  %s. %s", o.Name, o.Help, b.fitting(o.Example)))
	}
	return bot.Reply{Post: bot.Notice{Title: bot.Say("/tastetest {name}", bot.Verbatim(c.Name)), Text: bot.Literal(strings.Join(lines, "\n")), Code: bot.Literal(b.fitting(c.Example))}}, nil
}
