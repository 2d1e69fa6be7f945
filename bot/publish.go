package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Posts of a tasting, by PostKey.What.
const (
	headPost         = "head"
	ballotPost       = "ballot"
	revealPost       = "reveal" // where the ballot was deleted
	nudgePost        = "nudge"
	extendedPost     = "extended"
	announcementPost = "announcement"
)

// hasHead reports whether the tasting opens with a head. One reaction round
// alone is its own head.
func (t Tasting) hasHead() bool { return t.Ballot == Private || len(t.Live()) > 1 }

// publish posts the head and the ballots, each once, and opens the tasting.
func (b *Bot) publish(ctx context.Context, t Tasting) error {
	chat, err := b.chat(t.ID.Workspace)
	if err != nil {
		return err
	}
	if !t.Briefed {
		if err := b.brief(ctx, t); err != nil {
			return err
		}
	}
	at := t.Place
	if t.hasHead() {
		head, err := b.post(ctx, t, at, PostKey{t.ID, 0, headPost})
		if err != nil {
			return err
		}
		if t.Ballot == Reaction {
			if at, err = chat.Thread(ctx, head); err != nil {
				return fmt.Errorf("open a thread below the head: %w", err)
			}
		}
	}
	if t.Ballot == Reaction {
		for _, n := range t.Live() {
			ref, err := b.post(ctx, t, at, PostKey{t.ID, n, ballotPost})
			if err != nil {
				return err
			}
			if err := b.readRound(ctx, chat, t, n, ref); err != nil { // it is read again at closing
				b.log.Warn("read a ballot that was just posted", "round", t.ID.Round(n), "err", err)
			}
		}
	}
	now := time.Now()
	err = b.store.Update(ctx, t.ID, Posting, func(t *Tasting) error {
		t.State, t.Opened = Open, now
		t.Wake = nextWake(*t, now)
		return nil
	})
	if err == nil {
		b.opt.Step("opened")
	}
	return err
}

// post says a post once: intent, chat, reference.
func (b *Bot) post(ctx context.Context, t Tasting, at Place, key PostKey) (Ref, error) {
	chat, err := b.chat(at.Workspace)
	if err != nil {
		return Ref{}, err
	}
	p, err := b.compose(ctx, t, key)
	if err != nil {
		return Ref{}, err
	}
	since, ref, err := b.store.Intend(ctx, at, key)
	if err != nil {
		return Ref{}, fmt.Errorf("intend post %v: %w", key, err)
	}
	if ref != (Ref{}) {
		return ref, nil
	}
	b.opt.Step("intended " + key.String())
	began := time.Now()
	ref, err = chat.Post(ctx, at, key, since, p)
	if errors.Is(err, ErrRefused) && !t.RevealedAt.IsZero() {
		b.log.Warn("a post is refused as it should be, and said in plain words", "post", key, "err", err)
		if since.IsZero() {
			since = began // a part of it may stand
		}
		ref, err = chat.Post(ctx, at, key, since, plainly(p))
	}
	if err != nil {
		if at == t.Place && errors.Is(err, ErrGone) { // its place is a thread, and the thread is gone
			err = fmt.Errorf("%w: %v", ErrLost, err)
		}
		if ref != (Ref{}) {
			err = partError{at, key, ref, err}
		}
		return Ref{}, fmt.Errorf("post %v: %w", key, err)
	}
	b.opt.Step("said " + key.String())
	if err := b.store.Posted(ctx, at, key, ref); err != nil {
		return Ref{}, fmt.Errorf("record post %v: %w", key, err)
	}
	b.opt.Step("posted " + key.String())
	return ref, nil
}

// editPost edits a post into what it should say now; if that is refused and
// nobody votes by it any more, into the same in plain words. The caller holds
// the tasting's edit lock.
func (b *Bot) editPost(ctx context.Context, t Tasting, p Posted) error {
	chat, err := b.chat(t.ID.Workspace)
	if err != nil {
		return err
	}
	said, err := b.compose(ctx, t, p.Key)
	if err != nil {
		return err
	}
	err = chat.Edit(ctx, p.Ref, said)
	if errors.Is(err, ErrRefused) && !t.State.TakesVotes() {
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
func (b *Bot) opening(ctx context.Context, t Tasting) (Ref, error) {
	posts, err := b.store.Posts(ctx, t.ID)
	if err != nil {
		return Ref{}, fmt.Errorf("posts of tasting %v: %w", t.ID, err)
	}
	for _, p := range posts {
		if p.Key.What == headPost || !t.hasHead() && p.Key.What == ballotPost {
			return p.Ref, nil
		}
	}
	return Ref{}, nil
}

// thread is the place below a tasting's opening.
func (b *Bot) thread(ctx context.Context, t Tasting) (Place, error) {
	ref, err := b.opening(ctx, t)
	if err != nil || ref == (Ref{}) {
		return t.Place, err
	}
	chat, err := b.chat(t.ID.Workspace)
	if err != nil {
		return Place{}, err
	}
	at, err := chat.Thread(ctx, ref)
	if err != nil {
		return Place{}, fmt.Errorf("open a thread below tasting %v: %w", t.ID, err)
	}
	return at, nil
}

// postBelow says a post in the thread of a tasting; in its place, if the thread
// is gone or takes nothing.
func (b *Bot) postBelow(ctx context.Context, t Tasting, key PostKey) error {
	at, err := b.thread(ctx, t)
	if err == nil {
		_, err = b.post(ctx, t, at, key)
	}
	if at != t.Place && (errors.Is(err, ErrGone) || errors.Is(err, ErrLost) || errors.Is(err, ErrRefused)) {
		_, err = b.post(ctx, t, t.Place, key)
	}
	return err
}
