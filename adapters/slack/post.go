package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

// eventType marks the metadata of our messages. Slack ignores names with a period.
const eventType = "tastetest_post"

// seeds are the emoji of a ballot as Slack calls them, in the order of
// [bot.Choices].
var seeds = []string{"a", "b", "handshake", "-1"}

// Post says p once, with what follows it: the parts of a long ballot, then the
// emoji, one after another, since Slack shows them in the order in which it
// came to know them. Surprising: when a thread is gone it falls back to the channel.
func (c *Chat) Post(ctx context.Context, at bot.Place, key bot.PostKey, since time.Time, p bot.Post) (bot.Ref, error) {
	t, err := c.team(ctx, at.Workspace)
	if err != nil {
		return bot.Ref{}, err
	}
	channel, thread := split(at)
	m, r := render(p), urgency(p)
	var more []api.MsgOption
	if a, ok := p.(bot.Announcement); ok && a.Under.Message != "" {
		thread = a.Under.Message
		more = append(more, api.MsgOptionBroadcast())
	}
	landed, err := c.landed(ctx, t, channel, thread, since, key.String())
	if noThread(err) {
		thread, more = "", nil
		landed, err = c.landed(ctx, t, channel, "", since, key.String())
	}
	if err != nil {
		return bot.Ref{}, err
	}
	ts, ok := landed[key.String()]
	if !ok {
		say := c.sayer(ctx, t, r, channel, attempt{key.String(), since}, p, m)
		ts, err = say(thread, more...)
		if thread != "" && noThread(err) {
			thread = ""
			ts, err = say("")
		}
		if err != nil {
			return bot.Ref{}, err
		}
	}
	ref := refOf(t, channel, ts)
	below := thread
	if below == "" {
		below = ts
	}
	if len(m.parts) > 0 && !since.IsZero() && thread == "" {
		if landed, err = c.landed(ctx, t, channel, ts, since, key.String()); err != nil {
			return ref, err
		}
	}
	for i, part := range m.parts {
		name := partKey(key, i)
		if _, ok := landed[name]; ok {
			continue
		}
		if _, err := t.say(ctx, r, channel, below, attempt{name, since}, part); err != nil {
			return ref, err
		}
	}
	if d, ok := p.(bot.Digest); ok {
		if _, ok := landed[pictureKey(key)]; !ok {
			c.illustrate(ctx, t, r, channel, below, attempt{pictureKey(key), since}, d)
			if err := bot.Stopped(ctx); err != nil { // perhaps before it was there
				return ref, err
			}
		}
	}
	if b, ok := p.(bot.Ballot); ok && b.State.TakesVotes() {
		if err := c.seed(ctx, t, channel, ts); err != nil {
			return ref, err
		}
	}
	return ref, nil
}

// urgency is the rank of a post: results and remarks go before ballots.
func urgency(p bot.Post) rank {
	switch p.(type) {
	case bot.Head, bot.Ballot:
		return soon
	}
	return first
}

// noThread reports that the message on which a thread hung was deleted. What
// belongs there is said in the channel.
func noThread(err error) bool { return refused(err, "thread_not_found") }

func partKey(key bot.PostKey, i int) string { return fmt.Sprintf("%v+%d", key, i+1) }

// An attempt is under what key a message is posted, and when that was tried first;
// zero: it is now.
type attempt struct {
	key   string // empty: it may stand twice
	since time.Time
}

// say posts one message and returns its ts. Where Slack refuses its blocks and
// the text says all, that is said without them.
func (t *team) say(ctx context.Context, r rank, channel, thread string, a attempt, m said, more ...api.MsgOption) (ts string, err error) {
	ts, err = t.send(ctx, r, channel, thread, a, m, more)
	if m.alone && errors.Is(err, bot.ErrRefused) {
		m.blocks = nil
		ts, err = t.send(ctx, r, channel, thread, a, m, more)
	}
	if m.less != nil && errors.Is(err, bot.ErrRefused) {
		return t.say(ctx, r, channel, thread, a, *m.less, more...)
	}
	return ts, err
}

// send posts one message. An ID that Slack does not take, or by which it finds
// another message, is left out.
func (t *team) send(ctx context.Context, r rank, channel, thread string, a attempt, m said, more []api.MsgOption) (ts string, err error) {
	opts := append(slices.Clone(more),
		api.MsgOptionText(m.text, true), api.MsgOptionBlocks(m.blocks...), api.MsgOptionDisableMarkdown(),
		api.MsgOptionDisableLinkUnfurl(), api.MsgOptionDisableMediaUnfurl())
	if a.key != "" {
		opts = append(opts, api.MsgOptionMetadata(api.SlackMetadata{EventType: eventType, EventPayload: map[string]any{"key": a.key}}))
	}
	if thread != "" {
		opts = append(opts, api.MsgOptionTS(thread))
	}
	waiting, release := ctx, func() {}
	if a.key != "" { // what has none is not said again
		waiting, release = bot.Waiting(ctx)
	}
	defer release()
	post := func(opts ...api.MsgOption) error {
		if err := t.budget.post.wait(waiting, r); err != nil {
			return err
		}
		return t.budget.room(channel).call(waiting, r, func() (err error) {
			if a.key != "" && t.acts != nil {
				if err := t.acts(); err != nil {
					return err
				}
			}
			_, ts, err = t.api.PostMessageContext(ctx, channel, opts...)
			return err
		})
	}
	if a.key == "" || t.noIDs.Load() {
		return ts, explain("post a message", post(opts...))
	}
	err = post(append(slices.Clone(opts), t.withID(messageID(t.where.ID, channel, a.key)))...)
	refuses, unknown := refusesID(err)
	if refuses || err == nil && t.another(ts, a.since) {
		if err = post(opts...); err == nil && unknown {
			t.noIDs.Store(true)
		}
	}
	return ts, explain("post a message", err)
}

// seed puts the emoji under a ballot for people to tap. Twice is fine, and takes no time
// for those that stand: a bot that is stopped again and again comes to the last one.
func (c *Chat) seed(ctx context.Context, t *team, channel, ts string) error {
	waiting, release := bot.Waiting(ctx)
	defer release()
	put := false // the one before, just now
	for _, name := range seeds {
		if put {
			select {
			case <-waiting.Done():
				return waiting.Err()
			case <-time.After(c.opt.SeedEvery):
			}
		}
		err := repeat(waiting, func() error {
			return t.budget.react.call(waiting, soon, func() error {
				return t.api.AddReactionContext(ctx, name, api.NewRefToMessage(channel, ts))
			})
		})
		put = err == nil
		switch {
		case put, refused(err, "already_reacted"):
		case refused(err, "too_many_emoji", "too_many_reactions"):
			c.log.Warn("a ballot has too many emoji for one of ours", "workspace", t.Name, "emoji", name)
		default:
			return explain("put an emoji under a ballot", err)
		}
	}
	return nil
}

// mostUpdated is how many characters of the text for notifications an edit
// takes: Slack allows 4,000 bytes, once it is escaped.
const mostUpdated = 750

// Edit replaces what a message says. The parts of a long ballot stay as they
// are, as its reveal is as long, unless they are removed.
func (c *Chat) Edit(ctx context.Context, ref bot.Ref, p bot.Post) error {
	waiting, release := bot.Waiting(ctx)
	defer release()
	err := c.edit(ctx, ref, p, func(t *team, f func() error) error { return t.budget.update.call(waiting, first, f) })
	if b, ok := p.(bot.Ballot); ok && err == nil && !b.Removed.IsZero() {
		err = c.removeParts(ctx, ref, b)
	}
	return err
}

// removeParts replaces what follows a long ballot in its thread by the word that
// stands in place of its answers.
func (c *Chat) removeParts(ctx context.Context, ref bot.Ref, b bot.Ballot) error {
	t, err := c.team(ctx, ref.Workspace)
	if err != nil {
		return err
	}
	channel, _ := split(ref.Place)
	thread := ref.Message // unless it stands in one itself, of which its reference says nothing
	err = call(ctx, func() error {
		page, _, _, err := t.page(ctx, channel, ref.Message, "", "")
		if len(page) > 0 {
			thread = cmp.Or(page[0].ThreadTimestamp, thread)
		}
		return err
	})
	if err != nil && !refused(err, "missing_scope") {
		return explain("look for the parts of a ballot", err)
	}
	key := bot.PostKey{Tasting: b.Round.TastingID, Round: b.Round.Round, What: bot.BallotPost}.String()
	landed, err := c.landed(ctx, t, channel, thread, timeOf(ref.Message), key)
	if err != nil {
		return err
	}
	m := tongueOf(b).render(bot.Notice{Voice: b.Voice, Text: b.Removed})
	for name, ts := range landed {
		if !strings.HasPrefix(name, key+"+") {
			continue
		}
		err := t.budget.update.call(ctx, first, func() error {
			_, _, _, err := t.api.UpdateMessageContext(ctx, channel, ts,
				api.MsgOptionText(clip(m.text, mostUpdated), true), api.MsgOptionBlocks(m.blocks...), api.MsgOptionDisableMarkdown())
			return err
		})
		if err = explain("remove a part of a ballot", err); err != nil && !errors.Is(err, bot.ErrGone) {
			return err
		}
	}
	return nil
}

var _ bot.Sparing = (*Chat)(nil)

// EditCount is Edit while Slack takes enough edits for all that is more urgent;
// else WaitError.
func (c *Chat) EditCount(ctx context.Context, ref bot.Ref, p bot.Post) error {
	return c.edit(ctx, ref, p, func(t *team, f func() error) error { return t.budget.update.now(late, f) })
}

// edit edits a message by way of do.
func (c *Chat) edit(ctx context.Context, ref bot.Ref, p bot.Post, do func(*team, func() error) error) error {
	t, err := c.team(ctx, ref.Workspace)
	if err != nil {
		return err
	}
	channel, _ := split(ref.Place)
	defer c.edits.Lock(ref.ID + "/" + channel + "/" + ref.Message)()
	update := func(m said) error {
		return explain("edit a message", do(t, func() error {
			_, _, _, err := t.api.UpdateMessageContext(ctx, channel, ref.Message,
				api.MsgOptionText(clip(m.text, mostUpdated), true), api.MsgOptionBlocks(m.blocks...), api.MsgOptionDisableMarkdown())
			return err
		}))
	}
	if shown, drawn := c.pictured(ctx, t, p); drawn {
		err := c.whenReady(ctx, func() error { return update(shown) })
		if !errors.Is(err, bot.ErrRefused) {
			return err
		}
	}
	m := render(p)
	err = update(m)
	if m.alone && errors.Is(err, bot.ErrRefused) {
		m.blocks = nil
		err = update(m)
	}
	return err
}

// Address implements [bot.Addressed]. Slack wants no scope for it.
func (c *Chat) Address(ctx context.Context, ref bot.Ref) (link string, err error) {
	t, err := c.team(ctx, ref.Workspace)
	if err != nil {
		return "", err
	}
	channel, _, _ := strings.Cut(ref.Channel, "/")
	err = call(ctx, func() (err error) {
		link, err = t.api.GetPermalinkContext(ctx, &api.PermalinkParameters{Channel: channel, Ts: ref.Message})
		return err
	})
	if err != nil {
		return "", explain("look up the address of a message", err)
	}
	return link, nil
}

// Tell sends p as a direct message.
func (c *Chat) Tell(ctx context.Context, to bot.Voter, p bot.Post) error {
	t, err := c.team(ctx, to.Workspace)
	if err != nil {
		return err
	}
	return t.tell(ctx, to.User, p)
}

func (t *team) tell(ctx context.Context, user string, p bot.Post) error {
	var channel *api.Channel
	err := call(ctx, func() (err error) {
		channel, _, _, err = t.api.OpenConversationContext(ctx, &api.OpenConversationParameters{Users: []string{user}, ReturnIM: true})
		return err
	})
	if err != nil {
		return explain("open a direct message", err)
	}
	m := render(p)
	_, err = t.say(ctx, first, channel.ID, "", attempt{}, m)
	if errors.Is(err, bot.ErrLost) {
		return fmt.Errorf("tell somebody: they cannot be reached: %w", err)
	}
	return err
}
