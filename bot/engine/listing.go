package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/standings"
)

// models lists the models, with what revealed tastings of the workspace told of
// each. Of tastings that are not revealed it says nothing, and of no text.
func (b *Bot) models(ctx context.Context, w bot.Workspace) (bot.Reply, error) {
	ts, err := b.store.Tastings(ctx, w, bot.Query{States: []bot.State{bot.Revealed}})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("look for tasted models: %w", err)
	}
	var lines []string
	for _, m := range b.opt.Models() {
		c := m.Card()
		price := "price unknown"
		switch {
		case c.Free():
			price = "answers stand ready"
		case c.Price != nil && c.Price.Input == 0 && c.Price.Output == 0:
			price = "local, no cost"
		case c.Price != nil:
			price = fmt.Sprintf("%s in, %s out per million tokens", say.USD(c.Price.Input*1e6), say.USD(c.Price.Output*1e6))
			if _, err := time.Parse(time.DateOnly, c.Price.AsOf); err == nil {
				price += ", as of " + c.Price.AsOf
			} else if c.Price.AsOf != "" {
				price += " (" + c.Price.AsOf + ")"
			}
		}
		line := fmt.Sprintf("%s · %s · %s", c.Name, c.Source, price)
		if met := metSoFar(standings.Meet(ts, c)); met != "" {
			line += " · " + met
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return bot.Reply{Post: bot.Notice{Title: bot.Say("No models yet"), Text: bot.Say("Name at least two under “models” in the configuration. Or paste finished answers: /tastetest start")}}, nil
	}
	n := bot.Notice{Title: bot.Say("Models"), Text: bot.Literal(strings.Join(lines, "\n"))}
	if len(lines) >= 2 {
		ms := b.opt.Models()
		n.Code = bot.Say("/tastetest start {name} {name2}", bot.Verbatim(ms[0].Card().Name), bot.Verbatim(ms[1].Card().Name))
	}
	return bot.Reply{Post: n}, nil
}

// metSoFar says what is known of a model's answers: "24 answers revealed: 2.1 s and
// $0.0012 each, calls itself kestrel-2026"; "" if there are none.
func metSoFar(m standings.Met) string {
	if m.Answers == 0 {
		return ""
	}
	var each []string
	if m.Took > 0 {
		each = append(each, say.Seconds(m.Took))
	}
	if m.Cost.Known && m.Cost.Pico > 0 {
		each = append(each, say.Cost(m.Cost))
	}
	said := say.Plural(m.Answers, "answer", "answers") + " revealed"
	if len(each) > 0 {
		said += ": " + strings.Join(each, " and ") + " each"
	}
	if m.Calls != "" {
		said += ", calls itself " + m.Calls
	}
	return said
}

func (b *Bot) allPacksNotice() bot.Reply {
	var lines []string
	for _, p := range b.opt.Library.Packs() {
		usable := len(enabled(p.Prompts))
		lines = append(lines, fmt.Sprintf("%s · %s · %s. %s", p.Name, p.Title, say.Plural(usable, "prompt", "prompts"), p.Description))
	}
	return bot.Reply{Post: bot.Notice{Title: bot.Say("Packs of prompts"), Text: bot.Literal(strings.Join(lines, "\n")), Code: bot.Say("/tastetest start pack={library}", bot.Verbatim(firstPack(b.opt.Library)))}}
}

func firstPack(l bot.Library) string {
	if ps := l.Packs(); len(ps) > 0 {
		return ps[0].Name
	}
	return "NAME"
}

func enabled(ps []bot.Prompt) []bot.Prompt {
	return slices.DeleteFunc(slices.Clone(ps), func(p bot.Prompt) bool { return p.Disabled })
}

// packs lists the packs or, with a name, one pack's prompts: those that told
// models apart best first, those on trial, those not tasted, the retired.
func (b *Bot) packs(ctx context.Context, w bot.Workspace, name string) (bot.Reply, error) {
	if name == "" {
		return b.allPacksNotice(), nil
	}
	pack, err := b.packCalled(name)
	if err != nil {
		return bot.Reply{}, err
	}
	ts, err := b.store.Tastings(ctx, w, bot.Query{States: []bot.State{bot.Revealed}})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("look for tasted prompts: %w", err)
	}
	return bot.Reply{Post: standings.Pack(pack, enabled(pack.Prompts), ts)}, nil
}
