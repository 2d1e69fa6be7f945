package engine

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/deal"
	"github.com/tastetest/tastetest/bot/text"
)

// ownPrompt gives a prompt that is from no pack an ID by its text, so that it is
// known again.
func ownPrompt(p bot.Prompt) bot.Prompt {
	if p.ID == "" {
		sum := sha256.Sum256([]byte(p.System + "\x00" + p.Text))
		p.ID = fmt.Sprintf("own-%x", sum[:6])
	}
	return p
}

func newRound(x bot.Texts) bot.Round {
	p := ownPrompt(x.Prompt)
	return bot.Round{Kind: bot.Plain, Pack: p.Pack, Prompt: p.ID, Category: p.Category}
}

// rounds chooses the prompts: the starter's own, else some of a pack, which
// both models can answer. It is long because each way to choose (own prompts, a
// pack, all packs, answer files) has a mistake of its own to explain.
func (b *Bot) rounds(ctx context.Context, t *bot.Tasting, w wish, models []bot.Model, size deal.Size) ([]bot.Texts, error) {
	n := size.Pool
	if len(w.sheet.Rows) > 0 {
		rows := w.sheet.Rows
		switch {
		case (w.rounds != "" || w.pool != "") && n < len(rows):
			rows = rows[:n]
		case size.Dealt() && len(rows) > bot.MostPool:
			return nil, about("rounds", bot.UserError(bot.Say("These are {n} prompts, and a tasting asks at most {most}. Say {pool} to take the first ones, or split them.",
				bot.Count(len(rows)), bot.Count(bot.MostPool), option("pool", fmt.Sprint(bot.MostPool)))))
		case !size.Dealt() && len(rows) > bot.MostRounds:
			return nil, about("rounds", bot.UserError(bot.Say("These are {rows} prompts, and a tasting has at most {mostrounds} rounds. Say rounds={mostrounds} to take the first ones, or split them.", bot.Count(len(rows)), bot.Count(bot.MostRounds))))
		}
		texts, err := ownTexts(rows, w.system)
		for i, x := range texts {
			for _, m := range models {
				if !knows(m, x.Prompt) {
					return nil, about(w.texts, bot.UserError(bot.Say("{name} has no answer to prompt {i} (“{text}”): its answers were written beforehand. Choose another model, a pack that it knows, or paste finished answers.", bot.Verbatim(m.Card().Name), bot.Count(i+1), bot.Verbatim(text.Clip(x.Prompt.Text)))))
				}
			}
		}
		return texts, about(w.texts, err)
	}
	name := w.pack
	if name == "" {
		name = mixed
	}
	pack, err := b.packCalled(name)
	if err != nil {
		return nil, about("pack", err)
	}
	all := len(pack.Prompts)
	pack.Prompts = slices.DeleteFunc(slices.Clone(pack.Prompts), func(p bot.Prompt) bool {
		return w.category != "" && p.Category != w.category || slices.ContainsFunc(models, func(m bot.Model) bool { return !knows(m, p) })
	})
	if len(pack.Prompts) == 0 && name == mixed {
		if own := commonPrompts(models); len(own) > 0 {
			pack = bot.Pack{Prompts: own}
		}
	}
	if all > 0 && len(pack.Prompts) == 0 {
		return nil, about("pack", bot.UserError(bot.Say("{name} and {name2} have no answers to the prompts of the pack {name3}: theirs were written beforehand. Choose another pack, or paste the prompts that they know.", bot.Verbatim(t.Models[0].Name), bot.Verbatim(t.Models[1].Name), bot.Verbatim(pack.Name))))
	}
	ts, err := b.store.Tastings(ctx, t.Place.Workspace, bot.Query{})
	if err != nil {
		return nil, fmt.Errorf("look for used prompts: %w", err)
	}
	chosen, err := deal.Prompts(ts, t.Place, enabled(pack.Prompts), n, b.opt.Rand)
	if err != nil {
		return nil, err
	}
	if len(chosen) == 0 {
		return nil, about("pack", bot.UserError(bot.Say("The pack {name} has no prompts. Choose another: {packs}", bot.Verbatim(pack.Name), bot.Usage{Command: "packs"})))
	}
	t.Pack = pack.Name
	var texts []bot.Texts
	for _, p := range chosen {
		if w.system != "" {
			p.System = text.CleanTyped(w.system)
		}
		texts = append(texts, bot.Texts{Prompt: p})
	}
	return texts, nil
}

// ownTexts takes over what the starter pasted or uploaded.
func ownTexts(rows []bot.SheetRow, system string) ([]bot.Texts, error) {
	var texts []bot.Texts
	for i, row := range rows {
		x := bot.Texts{Prompt: row.Prompt}
		x.Prompt.Text, x.Prompt.System = text.CleanTyped(row.Prompt.Text), text.CleanTyped(row.Prompt.System)
		if system != "" {
			x.Prompt.System = text.CleanTyped(system)
		}
		if x.Prompt.Category == "" {
			x.Prompt.Category = "other"
		}
		if x.Prompt.Text == "" {
			return nil, bot.UserError(bot.Say("Prompt {i} is empty. Write what both models should be asked.", bot.Count(i+1)))
		}
		if v := text.Unfilled(x.Prompt.Text + "\n" + x.Prompt.System); v != "" {
			return nil, bot.UserError(bot.Say("Prompt {i} has a variable {v} that is not filled in. Write out what stands there, or put it in `backticks` if it is meant so.", bot.Count(i+1), bot.Verbatim(v)))
		}
		for _, err := range []error{
			tooLong(bot.Say("Prompt {i}", bot.Count(i+1)), x.Prompt.Text, mostPrompt),
			tooLong(bot.Say("The system prompt"), x.Prompt.System, mostPrompt),
		} {
			if err != nil {
				return nil, err
			}
		}
		for j, raw := range row.Answers {
			if len(raw) > mostAnswer {
				return nil, bot.UserError(bot.Say("Answer {j} to prompt {i} is longer than 100 KB. Shorten it.", bot.Count(j+1), bot.Count(i+1)))
			}
			x.Answers[j] = bot.Answer{Raw: raw, Finish: "stop", Attempts: 1}
		}
		texts = append(texts, x)
	}
	return texts, nil
}

// knows reports whether m can answer p.
func knows(m bot.Model, p bot.Prompt) bool {
	bounded, ok := m.(bot.Bounded)
	return !ok || bounded.Knows(p)
}

// commonPrompts are the texts to which all models know an answer, if at least
// one of them says what it knows. The models' own files are their pack. Texts
// that are too long for a prompt are left out.
func commonPrompts(models []bot.Model) []bot.Prompt {
	var common []bot.Prompt
	for _, m := range models {
		bounded, ok := m.(bot.Bounded)
		if !ok {
			continue
		}
		for _, text := range bounded.Known() {
			common = append(common, ownPrompt(bot.Prompt{Text: text, Category: "other"}))
		}
		break
	}
	return slices.DeleteFunc(common, func(p bot.Prompt) bool {
		return tooLong(bot.Say("A prompt"), p.Text, mostPrompt) != nil || slices.ContainsFunc(models, func(m bot.Model) bool { return !knows(m, p) })
	})
}
