package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/text"
)

// publish posts the head and the ballots, each once, and opens the tasting.
// Surprising: reactions are read right after each post, since people are
// quicker than databases.
func (b *Bot) publish(ctx context.Context, t bot.Tasting) error {
	chat, err := b.chat(t.ID.Workspace)
	if err != nil {
		return err
	}
	if !t.Briefed {
		if err := b.brief(ctx, t); err != nil {
			return err
		}
	}
	at, opened := t.Place, t.OpenedRounds()
	if t.HasHead() {
		head, err := b.post(ctx, t, at, bot.PostKey{Tasting: t.ID, Round: 0, What: bot.HeadPost})
		if err != nil {
			return err
		}
		if t.Ballot == bot.Reaction {
			if at, err = chat.Thread(ctx, head); err != nil {
				return fmt.Errorf("open a thread below the head: %w", err)
			}
		}
	}
	if t.Ballot == bot.Reaction {
		for _, n := range opened {
			if err := bot.Stopped(ctx); err != nil {
				return err
			}
			if err := b.postBallot(ctx, chat, t, at, n); err != nil {
				return err
			}
		}
	}
	now := time.Now()
	if err := b.clearMeanwhile(ctx, t.ID, now); err != nil {
		return err
	}
	if t.Deal.Looks > 1 {
		if err := b.store.Schedule(ctx, t.ID.LookJob(), now.Add(lookEvery)); err != nil {
			return fmt.Errorf("see to the votes of tasting %v: %w", t.ID, err)
		}
	}
	err = b.store.Update(ctx, t.ID, bot.Posting, func(t *bot.Tasting) error {
		t.State, t.Opened, t.Rouse = bot.Open, now, b.firstRouse(*t, now)
		if t.Block() {
			t.Run.Shown = len(opened)
		}
		t.Wake = nextWake(*t)
		return nil
	})
	if err == nil {
		b.opt.Step("opened")
	}
	return err
}

// brief tells the starter how asking went, before anything is posted.
func (b *Bot) brief(ctx context.Context, t bot.Tasting) error {
	texts, err := b.texts(ctx, t)
	if err != nil {
		return err
	}
	b.tell(ctx, t, compose.Ready(t, texts))
	return b.store.Update(ctx, t.ID, bot.Posting, func(t *bot.Tasting) error { t.Briefed = true; return nil })
}

// pace is how long a round takes to read: at 200 words a minute, and five
// seconds to think; in steps of five seconds.
func pace(t bot.Tasting, texts []bot.Texts) time.Duration {
	words := 0
	live := t.Live()
	for _, n := range live {
		x := texts[n-1]
		words += text.Words(x.Prompt.Text) + text.Words(x.Answers[0].Text) + text.Words(x.Answers[1].Text)
	}
	each := time.Duration(words/len(live)) * time.Minute / 200
	return (each + 5*time.Second).Round(5 * time.Second)
}

// clearMeanwhile sees to a round that was taken out while it was being posted.
func (b *Bot) clearMeanwhile(ctx context.Context, id bot.TastingID, now time.Time) error {
	if after, err := b.store.Tasting(ctx, id); err != nil || len(after.Removed()) == 0 {
		return nil
	}
	if err := b.store.Schedule(ctx, id.RemoveJob(), now); err != nil {
		return fmt.Errorf("remove what was taken out of tasting %v: %w", id, err)
	}
	return nil
}

// postBallot posts the ballot of round n, unless it was taken out, and reads it at
// once. ErrMoved if the tasting was ended meanwhile: no more is posted.
func (b *Bot) postBallot(ctx context.Context, chat bot.Chat, t bot.Tasting, at bot.Place, n int) error {
	now, err := b.store.Tasting(ctx, t.ID)
	if err == nil && now.State != t.State {
		return bot.ErrMoved
	}
	if err == nil && !now.Rounds[n-1].Live() {
		return nil
	}
	ref, err := b.post(ctx, t, at, bot.PostKey{Tasting: t.ID, Round: n, What: bot.BallotPost})
	if err != nil {
		return err
	}
	if err := b.readRound(ctx, chat, t, n, ref); err != nil { // it is read again at closing
		b.log.Warn("read a ballot that was just posted", "round", t.ID.Round(n), "err", err)
	}
	return nil
}

// openNext posts the rounds of a block that were opened since the last ones.
func (b *Bot) openNext(ctx context.Context, t bot.Tasting) error {
	chat, err := b.chat(t.ID.Workspace)
	if err != nil {
		return err
	}
	opened := t.OpenedRounds()
	for _, n := range opened[t.Run.Shown:] {
		if err := bot.Stopped(ctx); err != nil {
			return err
		}
		err := b.postBallot(ctx, chat, t, t.Place, n)
		if errors.Is(err, bot.ErrRefused) {
			b.log.Error("a round of a block is refused for good, and left out", "round", t.ID.Round(n), "err", err)
			continue
		}
		if err != nil {
			return err
		}
	}
	if err := b.clearMeanwhile(ctx, t.ID, time.Now()); err != nil {
		return err
	}
	return b.store.Update(ctx, t.ID, bot.Open, func(t *bot.Tasting) error {
		t.Run.Shown = len(opened)
		t.Wake = nextWake(*t)
		return nil
	})
}

// post says a post once: intent, chat, reference. Between any two of its steps
// the program may die; the intent's time tells the chat that an earlier attempt
// may have landed.
func (b *Bot) post(ctx context.Context, t bot.Tasting, at bot.Place, key bot.PostKey) (bot.Ref, error) {
	chat, err := b.chat(at.Workspace)
	if err != nil {
		return bot.Ref{}, err
	}
	p, err := b.compose(ctx, t, key)
	if err != nil {
		return bot.Ref{}, err
	}
	since, ref, err := b.store.Intend(ctx, at, key)
	if err != nil {
		return bot.Ref{}, fmt.Errorf("intend post %v: %w", key, err)
	}
	if ref != (bot.Ref{}) {
		return ref, nil
	}
	if since.IsZero() && b.fromCopy(t) {
		since = b.opt.Restored // it may have been said after the copy was made
	}
	b.opt.Step("intended " + key.String())
	began := time.Now()
	ref, err = chat.Post(ctx, at, key, since, p)
	if errors.Is(err, bot.ErrRefused) && !t.RevealedAt.IsZero() {
		b.log.Warn("a post is refused as it should be, and said in plain words", "post", key, "err", err)
		if since.IsZero() {
			since = began // a part of it may stand
		}
		ref, err = chat.Post(ctx, at, key, since, plainly(p))
	}
	if err != nil {
		if at == t.Place && errors.Is(err, bot.ErrGone) { // its place is a thread, and the thread is gone
			err = fmt.Errorf("%w: %v", bot.ErrLost, err)
		}
		if ref != (bot.Ref{}) {
			err = partError{at, key, ref, err}
		}
		return bot.Ref{}, fmt.Errorf("post %v: %w", key, err)
	}
	b.opt.Step("said " + key.String())
	if err := b.store.Posted(ctx, at, key, ref); err != nil {
		return bot.Ref{}, fmt.Errorf("record post %v: %w", key, err)
	}
	b.opt.Step("posted " + key.String())
	if key.What == bot.HeadPost || key.What == bot.AnnouncementPost || key.What == bot.BallotPost && !t.HasHead() && key.Round == t.Drawn()[0] {
		b.opt.Stands(at, p) // once, as it is on record now
	}
	return ref, nil
}

// editPost edits a post into what it should say now; if that is refused and
// nobody votes by it any more, into the same in plain words. The caller holds
// the tasting's edit lock.
func (b *Bot) editPost(ctx context.Context, t bot.Tasting, p bot.Posted) error {
	chat, err := b.chat(t.ID.Workspace)
	if err != nil {
		return err
	}
	said, err := b.compose(ctx, t, p.Key)
	if err != nil {
		return err
	}
	err = chat.Edit(ctx, p.Ref, said)
	if errors.Is(err, bot.ErrRefused) && !t.State.TakesVotes() {
		b.log.Warn("an edit is refused as it should be, and made in plain words", "post", p.Key, "err", err)
		err = chat.Edit(ctx, p.Ref, plainly(said))
	}
	if err != nil {
		return fmt.Errorf("edit post %v: %w", p.Key, err)
	}
	return nil
}

// opening returns the head, or the only ballot: what nudges and the
// announcement answer. It is zero before that is posted.
func (b *Bot) opening(ctx context.Context, t bot.Tasting) (bot.Ref, error) {
	posts, err := b.store.Posts(ctx, t.ID)
	if err != nil {
		return bot.Ref{}, fmt.Errorf("posts of tasting %v: %w", t.ID, err)
	}
	for _, p := range posts {
		if p.Key.What == bot.HeadPost || !t.HasHead() && p.Key.What == bot.BallotPost {
			return p.Ref, nil
		}
	}
	return bot.Ref{}, nil
}

// thread is the place below a tasting's opening.
func (b *Bot) thread(ctx context.Context, t bot.Tasting) (bot.Place, error) {
	ref, err := b.opening(ctx, t)
	if err != nil || ref == (bot.Ref{}) {
		return t.Place, err
	}
	chat, err := b.chat(t.ID.Workspace)
	if err != nil {
		return bot.Place{}, err
	}
	at, err := chat.Thread(ctx, ref)
	if err != nil {
		return bot.Place{}, fmt.Errorf("open a thread below tasting %v: %w", t.ID, err)
	}
	return at, nil
}

// postBelow says a post in the thread of a tasting; in its place, if the thread
// is gone or takes nothing.
func (b *Bot) postBelow(ctx context.Context, t bot.Tasting, key bot.PostKey) error {
	at, err := b.thread(ctx, t)
	if err == nil {
		_, err = b.post(ctx, t, at, key)
	}
	if at != t.Place && (errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrLost) || errors.Is(err, bot.ErrRefused)) {
		_, err = b.post(ctx, t, t.Place, key)
	}
	return err
}
