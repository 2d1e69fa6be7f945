package engine

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/deal"
	"github.com/tastetest/tastetest/bot/judge"
	"github.com/tastetest/tastetest/bot/stats"
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
	pack, all, err := b.packOf(ctx, t.Place, w, models)
	if err != nil {
		return nil, err
	}
	if len(pack.Prompts) == 0 && pack.Name == mixed {
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

// packOf is the pack of a wish at a place with those prompts that all models can answer; it has
// all prompts in all.
func (b *Bot) packOf(ctx context.Context, at bot.Place, w wish, models []bot.Model) (pack bot.Pack, all int, err error) {
	pack, err = b.packCalled(ctx, at, cmp.Or(w.pack, mixed))
	if err != nil {
		return pack, 0, about("pack", err)
	}
	all = len(pack.Prompts)
	pack.Prompts = slices.DeleteFunc(slices.Clone(pack.Prompts), func(p bot.Prompt) bool {
		return w.category != "" && p.Category != w.category || slices.ContainsFunc(models, func(m bot.Model) bool { return !knows(m, p) })
	})
	return pack, all, nil
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

// The least and the most further prompts that a judge reads.
const (
	leastFurther = 10
	mostFurther  = 200
)

// addFurther gives a draft prompts of its pack that a judge reads and no person, if that
// was wished for and one has earned it. notes say where there are fewer than that.
// Surprising: they are drawn as if the tasting went on with its pack, so that they differ
// from those that people vote on by chance alone; where a pack weighs its prompts they
// would not.
func (b *Bot) addFurther(ctx context.Context, t *bot.Tasting, texts []bot.Texts, w wish, models []bot.Model) (_ []bot.Texts, notes []bot.Sentence, _ error) {
	if w.judged == "" {
		return texts, nil, nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(w.judged))
	if err != nil || n < leastFurther || n > mostFurther {
		return nil, nil, bot.UserError(bot.Say("{judged} is how many prompts a judge reads that people do not see, {least} to {most}. For example: {example}", option("judged", ""), bot.Count(leastFurther), bot.Count(mostFurther), option("judged", "100")))
	}
	if w.judges == "off" {
		return nil, nil, bot.UserError(bot.Say("{judged} has a judge read the test, so it does not go with {off}. Leave one of them out.", option("judged", ""), option("judges", "off")))
	}
	if t.Pack == "" {
		return nil, nil, bot.UserError(bot.Say("{judged} takes its prompts from the pack that people’s come from, and these come from none. Name a pack, or leave {judged} out.", option("judged", "")))
	}
	j, trust, ts, err := b.trusted(ctx, t.Place.Workspace)
	if err != nil {
		return nil, nil, err
	}
	pack, _, err := b.packOf(ctx, t.Place, w, models)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range pack.Prompts {
		if p.Weight != 0 && p.Weight != 1 {
			return nil, nil, bot.UserError(bot.Say("The pack {pack} weighs its prompts, so that those left over are not like those that people vote on. Leave {judged} out, or name another pack.", bot.Verbatim(pack.Name), option("judged", "")))
		}
	}
	taken := make(map[bot.PromptID]bool)
	for _, r := range t.Rounds {
		taken[r.PromptID()] = true
	}
	rest := slices.DeleteFunc(enabled(pack.Prompts), func(p bot.Prompt) bool { return taken[p.PromptID()] })
	chosen, err := deal.Prompts(ts, t.Place, rest, n, b.opt.Rand)
	if err != nil {
		return nil, nil, err
	}
	if len(chosen) < leastFurther {
		return nil, nil, bot.UserError(bot.Say("The pack {pack} has {n|more prompt|more prompts}; {judged} needs {least}. Take fewer rounds, name a larger pack, or leave it out.", bot.Verbatim(pack.Name), bot.Count(len(chosen)), option("judged", ""), bot.Count(leastFurther)))
	}
	if len(chosen) < n {
		notes = append(notes, bot.Say("The pack {pack} has {n|more prompt|more prompts}, so {judge} reads as many instead of {wanted}.", bot.Verbatim(pack.Name), bot.Count(len(chosen)), bot.Verbatim(j.Card().Name), bot.Count(n)))
	}
	for _, p := range chosen {
		if w.system != "" {
			p.System = text.CleanTyped(w.system)
		}
		texts = append(texts, bot.Texts{Prompt: p})
	}
	t.Further = bot.Further{N: len(chosen), Judge: j.Card().Name, Rounds: trust.Rounds, Correlation: trust.Correlation, Slope: trust.Slope}
	most := judge.Most(j, t.Models, t.AskedTexts(texts), b.opt.Limits.Unknown)
	at := slices.IndexFunc(t.Judges, func(a bot.AskedJudge) bool { return a.Card.Name == j.Card().Name })
	if at < 0 {
		at, t.Judges = len(t.Judges), append(t.Judges, bot.AskedJudge{Card: j.Card()})
	}
	t.Judges[at].Most = most
	return texts, notes, nil
}

// trusted is the configured judge that goes with people's votes best, among those that
// have earned further prompts; a UserError says of each how far it is from that. ts are
// all tastings of the workspace.
func (b *Bot) trusted(ctx context.Context, w bot.Workspace) (best bot.Judge, trust stats.Trust, ts []bot.Tasting, err error) {
	judges := b.judges()
	if len(judges) == 0 {
		return best, trust, nil, bot.UserError(bot.Say("No judge is configured, so {judged} has nobody to ask. Name one under “judges” in the configuration, or leave it out.", option("judged", "")))
	}
	if ts, err = b.store.Tastings(ctx, w, bot.Query{}); err != nil {
		return best, trust, nil, fmt.Errorf("look for what judges read: %w", err)
	}
	seen, _, err := b.readBy(ctx, slices.DeleteFunc(slices.Clone(ts), func(t bot.Tasting) bool { return t.State != bot.Revealed }))
	if err != nil {
		return best, trust, nil, err
	}
	var so []bot.Sentence
	for _, j := range judges {
		has := judge.Trust(seen, j.Card())
		if has.Earned() && has.Correlation > trust.Correlation {
			best, trust = j, has
		}
		so = append(so, bot.Say("{judge} {correlation} over {n|round|rounds}", bot.Verbatim(j.Card().Name), hundredths(has.Correlation), bot.Count(has.Rounds)))
	}
	if trust.Rounds == 0 {
		return best, trust, nil, bot.UserError(bot.Say("Prompts that a judge alone reads take one whose correlation with your votes is {least} or more over {rounds} earlier rounds or more; so far: {judges}. Leave {judged} out, and see {command}.",
			hundredths(stats.TrustCorrelation), bot.Count(stats.TrustRounds), bot.Clauses(so...), option("judged", ""), bot.Usage{Command: "judges"}))
	}
	return best, trust, ts, nil
}

func hundredths(x float64) bot.Verbatim { return bot.Verbatim(fmt.Sprintf("%.2f", x)) }

// askFurther has both models answer the further prompts that they have not been asked
// yet. refused says of each why one gave no answer: that is for the log, once it may show,
// and none of it is posted.
func (b *Bot) askFurther(ctx context.Context, t bot.Tasting, known text.Known, models [2]bot.Model) (refused []error, err error) {
	var work errgroup.Group
	work.SetLimit(furtherAtOnce)
	refused = make([]error, t.Further.N)
	var unkept atomic.Bool
	for i, n := range t.FurtherNumbers() {
		if now, err := b.store.Tasting(ctx, t.ID); err == nil && now.State != bot.Asking {
			work.Go(func() error { return bot.ErrMoved }) // it was cancelled: no more is asked, and paid for
			break
		}
		work.Go(func() (err error) {
			defer func() { unkept.CompareAndSwap(false, err != nil) }()
			defer recovered(&err)
			if unkept.Load() {
				return nil // no more is asked than may be lost at once
			}
			refused[i], err = b.askForJudge(ctx, t.ID.Round(n), t.Models, known, models)
			return err
		})
	}
	return refused, work.Wait()
}

// furtherAtOnce is how many further prompts are asked side by side.
const furtherAtOnce = 2 * askAtOnce

func (b *Bot) askForJudge(ctx context.Context, id bot.RoundID, cards [2]bot.Card, known text.Known, models [2]bot.Model) (refused, err error) {
	x, err := b.store.Texts(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("texts of the further prompt %v: %w", id, err)
	}
	if x.Answers[0].Attempts > 0 && x.Answers[1].Attempts > 0 {
		return nil, nil
	}
	if err := b.noteAsking(ctx, id, &x, cards, models); err != nil {
		return nil, err
	}
	why, refused := askBoth(ctx, &x, known, models)
	x.Asking = false
	for i := range why {
		if ctx.Err() != nil && !why[i].IsZero() {
			x.Answers[i] = bot.Answer{Lost: b.outlay(cards[i], x, i)} // it was cut off: it is asked again
		}
	}
	if err := b.store.SetTexts(context.WithoutCancel(ctx), id, x); err != nil {
		return nil, fmt.Errorf("keep the answers to the further prompt %v: %w", id, err)
	}
	return refused, ctx.Err()
}

// texts reads the texts of all rounds.
func (b *Bot) texts(ctx context.Context, t bot.Tasting) ([]bot.Texts, error) {
	return b.numbered(ctx, t, upTo(len(t.Rounds)))
}

// allTexts reads the texts of all rounds and of the further prompts.
func (b *Bot) allTexts(ctx context.Context, t bot.Tasting) ([]bot.Texts, error) {
	return b.numbered(ctx, t, upTo(t.Numbered()))
}

func upTo(n int) []int {
	ns := make([]int, n)
	for i := range ns {
		ns[i] = i + 1
	}
	return ns
}

// numbered reads texts by their numbers.
func (b *Bot) numbered(ctx context.Context, t bot.Tasting, ns []int) ([]bot.Texts, error) {
	texts := make([]bot.Texts, len(ns))
	for i, n := range ns {
		x, err := b.store.Texts(ctx, t.ID.Round(n))
		if err != nil {
			return nil, fmt.Errorf("texts of round %v: %w", t.ID.Round(n), err)
		}
		texts[i] = x
	}
	return texts, nil
}
