package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

func (b *Bot) models() Reply {
	var lines []string
	for _, m := range b.opt.Models() {
		c := m.Card()
		price := "price unknown"
		switch {
		case c.free():
			price = "answers stand ready"
		case c.Price != nil && c.Price.Input == 0 && c.Price.Output == 0:
			price = "local, no cost"
		case c.Price != nil:
			price = fmt.Sprintf("%s in, %s out per million tokens", usd(c.Price.Input*1e6), usd(c.Price.Output*1e6))
			if _, err := time.Parse(time.DateOnly, c.Price.AsOf); err == nil {
				price += ", as of " + c.Price.AsOf
			} else if c.Price.AsOf != "" {
				price += " (" + c.Price.AsOf + ")"
			}
		}
		lines = append(lines, fmt.Sprintf("%s · %s · %s", c.Name, c.Source, price))
	}
	if len(lines) == 0 {
		return Reply{Post: Notice{Title: "No models yet", Text: "Name at least two under “models” in the configuration. Or paste finished answers: /tastetest start"}}
	}
	n := Notice{Title: "Models", Text: strings.Join(lines, "\n")}
	if len(lines) >= 2 {
		ms := b.opt.Models()
		n.Code = fmt.Sprintf("/tastetest start %s %s", ms[0].Card().Name, ms[1].Card().Name)
	}
	return Reply{Post: n}
}

func (b *Bot) allPacksNotice() Reply {
	var lines []string
	for _, p := range b.opt.Library.Packs() {
		usable := len(enabled(p.Prompts))
		lines = append(lines, fmt.Sprintf("%s · %s · %s. %s", p.Name, p.Title, plural(usable, "prompt", "prompts"), p.Description))
	}
	return Reply{Post: Notice{Title: "Packs of prompts", Text: strings.Join(lines, "\n"), Code: "/tastetest start pack=" + firstPack(b.opt.Library)}}
}

func firstPack(l Library) string {
	if ps := l.Packs(); len(ps) > 0 {
		return ps[0].Name
	}
	return "NAME"
}

func enabled(ps []Prompt) []Prompt {
	return slices.DeleteFunc(slices.Clone(ps), func(p Prompt) bool { return p.Disabled })
}
