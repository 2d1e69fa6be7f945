package judge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tastetest/tastetest/bot"
)

// atOnce is how many rounds a judge reads side by side.
const atOnce = 4

// Tasting has a judge read every round of a sealed tasting that it has not read
// yet, and then its further prompts, and keeps what it makes of each. It spends no more than was reserved for it,
// also if the bot is stopped meanwhile: a round that might cost more is left out. Judgments that were kept stay when ctx
// ends in between; so does what was answered by then, because it was paid for.
func Tasting(ctx context.Context, log *slog.Logger, store bot.Store, j bot.Judge, asked bot.AskedJudge, t bot.Tasting, unknown int64) error {
	made, err := store.Judgments(ctx, t.ID)
	if err != nil {
		return fmt.Errorf("read what judges made of tasting %v: %w", t.ID, err)
	}
	rounds := t.Read(asked.Card.Name)
	var own []bot.Judgment
	left := slices.DeleteFunc(slices.Clone(rounds), func(n int) bool {
		i := slices.IndexFunc(made[n], func(m bot.Judgment) bool { return m.Judge == asked.Card.Name })
		if i >= 0 {
			own = append(own, made[n][i])
		}
		return i >= 0
	})
	if len(left) == 0 {
		return nil
	}
	lost, err := begin(ctx, store, j, asked, t, left, unknown)
	if err != nil {
		return err
	}
	purse := purse{left: asked.Most - Spent(asked, own, len(rounds), unknown) - lost}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for _, n := range left {
		group.Go(func() error { return readRound(ctx, log, store, j, t.ID.Round(n), &purse, unknown) })
	}
	return group.Wait()
}

// begin notes that a judge begins to read, before it is asked for anything. If it had
// begun before, the bot was stopped meanwhile: it read some rounds side by side, and
// nothing of them was kept. They count as the most that they may have cost, the dearest of
// those that are left; lost is what counts so in all.
func begin(ctx context.Context, store bot.Store, j bot.Judge, asked bot.AskedJudge, t bot.Tasting, left []int, unknown int64) (lost int64, err error) {
	var most []int64
	for _, n := range left {
		x, err := store.Texts(ctx, t.ID.Round(n))
		if err != nil {
			return 0, fmt.Errorf("texts of round %v: %w", t.ID.Round(n), err)
		}
		most = append(most, MostOf(j, x, unknown))
	}
	slices.Sort(most)
	note := func(t *bot.Tasting) error {
		t.Judges = slices.Clone(t.Judges)
		i := slices.IndexFunc(t.Judges, func(a bot.AskedJudge) bool { return a.Card.Name == asked.Card.Name })
		a := &t.Judges[i]
		if a.Asks++; a.Asks > 1 {
			for _, sum := range most[max(0, len(most)-atOnce):] {
				a.Lost += sum
			}
		}
		lost = a.Lost
		return nil
	}
	err = store.Update(ctx, t.ID, bot.Closed, note)
	if errors.Is(err, bot.ErrMoved) {
		err = store.Update(ctx, t.ID, bot.Revealed, note)
	}
	if err != nil {
		return 0, fmt.Errorf("note that a judge reads tasting %v: %w", t.ID, err)
	}
	return lost, nil
}

func readRound(ctx context.Context, log *slog.Logger, store bot.Store, j bot.Judge, id bot.RoundID, p *purse, unknown int64) error {
	if t, err := store.Tasting(ctx, id.TastingID); err != nil || !t.JudgedAt.IsZero() {
		return err // nobody waits for it any more
	}
	x, err := store.Texts(ctx, id)
	if err != nil {
		return fmt.Errorf("texts of round %v: %w", id, err)
	}
	card := j.Card()
	if !Answered(x) { // a further prompt of which a model gave no answer
		return keep(ctx, store, id, unread(card, bot.NotAnswered))
	}
	most := MostOf(j, x, unknown)
	m := unread(card, bot.OverBudget)
	if p.take(most) {
		var refused error
		if m, refused, err = Read(ctx, j, x); err != nil {
			return err
		}
		if refused != nil {
			log.Warn("a judge gave no answer", "judge", card.Name, "round", id, "err", refused)
		}
		if m.Cost.Known {
			p.give(most - m.Cost.Pico)
		}
	}
	return keep(ctx, store, id, m)
}

// keep keeps a judgment, also when ctx has ended: it was paid for.
func keep(ctx context.Context, store bot.Store, id bot.RoundID, m bot.Judgment) error {
	err := store.Judge(context.WithoutCancel(ctx), id, m)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return fmt.Errorf("keep what a judge made of round %v: %w", id, err)
	}
	return err
}

// unread is what a judge made of a round that it was not asked about.
func unread(card bot.Card, why bot.JudgeFault) bot.Judgment {
	return bot.Judgment{Judge: card.Name, Setting: card.Fingerprint(), Failed: [2]bot.JudgeFault{why, why}, Cost: bot.Cost{Known: true}, At: time.Now()}
}

// Absent keeps for a judge that cannot be asked any more that it gave no answers,
// so that nobody waits for them.
func Absent(ctx context.Context, store bot.Store, asked bot.AskedJudge, t bot.Tasting) error {
	made, err := store.Judgments(ctx, t.ID)
	if err != nil {
		return fmt.Errorf("read what judges made of tasting %v: %w", t.ID, err)
	}
	for _, n := range t.Read(asked.Card.Name) {
		if has(made[n], asked.Card.Name) {
			continue
		}
		if err := store.Judge(ctx, t.ID.Round(n), unread(asked.Card, bot.NotAnswered)); err != nil {
			return fmt.Errorf("note that a judge is absent: %w", err)
		}
	}
	return nil
}

// Complete reports whether every judge of a tasting has read all that it is to read.
func Complete(t bot.Tasting, made map[int][]bot.Judgment) bool {
	for _, a := range t.Judges {
		for _, n := range t.Read(a.Card.Name) {
			if !has(made[n], a.Card.Name) {
				return false
			}
		}
	}
	return true
}

func has(made []bot.Judgment, judge string) bool {
	return slices.ContainsFunc(made, func(m bot.Judgment) bool { return m.Judge == judge })
}

// SpentOn is what the judges of a tasting cost, with what was lost. A round that one has not read yet
// may be under way, and counts as the most that it may cost.
func SpentOn(t bot.Tasting, made map[int][]bot.Judgment, unknown int64) int64 {
	var sum int64
	for _, a := range t.Judges {
		rounds := t.Read(a.Card.Name)
		var own []bot.Judgment
		for _, n := range rounds {
			for _, m := range made[n] {
				if m.Judge == a.Card.Name {
					own = append(own, m)
				}
			}
		}
		spent := Spent(a, own, len(rounds), unknown) + a.Lost
		if missing := len(rounds) - len(own); missing > 0 {
			spent += a.Most * int64(missing) / int64(len(rounds))
		}
		sum += min(spent, a.Most)
	}
	return sum
}

// A purse holds what may still be spent, in pico-USD.
type purse struct {
	mu   sync.Mutex
	left int64
}

func (p *purse) take(sum int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if sum > p.left {
		return false
	}
	p.left -= sum
	return true
}

func (p *purse) give(sum int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left += sum
}
