package bot

import (
	"fmt"
	"strings"
)

// fitting puts models and a pack that are there into the table's examples.
func (b *Bot) fitting(example string) string {
	pairs := []string{"pack=humour", "pack=" + firstPack(b.opt.Library)}
	if ms := b.opt.Models(); len(ms) >= 2 {
		first, second := ms[0].Card().Name, ms[1].Card().Name
		pairs = append(pairs, "start kestrel nova", "start "+first+" "+second, "dearer=kestrel", "dearer="+first)
	}
	return strings.NewReplacer(pairs...).Replace(example)
}

// help prints the table of commands, or one command of it.
func (b *Bot) help(p parsed) (Reply, error) {
	if len(p.args) == 1 {
		return b.helpWith(p.args[0])
	}
	var lines []string
	for _, c := range commandTable {
		lines = append(lines, fmt.Sprintf("%-10s %s", c.Name, c.Help))
	}
	return Reply{Post: Notice{
		Title: "Tastetest: two answers, blind, and your taste decides",
		Text:  "Type /tastetest and one of these. To learn more about one: /tastetest help start",
		Code:  strings.Join(lines, "\n"),
	}}, nil
}

func (b *Bot) helpWith(typed string) (Reply, error) {
	name := strings.ToLower(strings.TrimPrefix(typed, "/"))
	c, ok := spec(name)
	if !ok {
		near, ok := nearestCommand(name)
		if !ok {
			return Reply{}, unknownCommand(typed)
		}
		return Reply{}, UserError(fmt.Sprintf("I do not know “%s”. Did you mean “%s”? For example: /tastetest help %s", clip(typed), near.Name, near.Name))
	}
	lines := []string{strings.ToUpper(c.Help[:1]) + c.Help[1:] + "."}
	for _, o := range c.Options {
		lines = append(lines, fmt.Sprintf("%s=  %s. %s", o.Name, o.Help, b.fitting(o.Example)))
	}
	return Reply{Post: Notice{Title: "/tastetest " + c.Name, Text: strings.Join(lines, "\n"), Code: b.fitting(c.Example)}}, nil
}
