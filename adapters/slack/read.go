package slack

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

// Reactions returns the emoji that stand on a message, without those of bots
// and of people whose votes do not count here.
func (c *Chat) Reactions(ctx context.Context, ref bot.Ref) ([]bot.Tap, error) {
	t, err := c.team(ctx, ref.Workspace)
	if err != nil {
		return nil, err
	}
	channel, _ := split(ref.Place)
	waiting, release := bot.Waiting(ctx)
	defer release()
	var item api.ReactedItem
	err = t.budget.read.call(waiting, soon, func() (err error) {
		item, err = t.api.GetReactionsContext(ctx, api.NewRefToMessage(channel, ref.Message), api.GetReactionsParameters{Full: true})
		return err
	})
	if err != nil {
		return nil, explain("read a message's emoji", err)
	}
	t.introduce(ctx, c.log, item)
	var taps []bot.Tap
	seen := make(map[bot.Tap]bool)
	for _, r := range item.Reactions {
		choice, ok := choiceOf(r.Name)
		if !ok {
			continue
		}
		if r.Count > len(r.Users) {
			return nil, fmt.Errorf("read a message's emoji: %d of %d people are named: %w", len(r.Users), r.Count, bot.ErrPartial)
		}
		for _, user := range r.Users {
			counts, err := t.votes(ctx, soon, user)
			if err != nil {
				return nil, fmt.Errorf("read a message's emoji: %w", err)
			}
			tap := bot.Tap{Ref: ref, User: user, Choice: choice, On: true}
			if counts && !seen[tap] {
				seen[tap] = true
				taps = append(taps, tap)
			}
		}
	}
	return taps, nil
}

// choiceOf returns what an emoji means on a ballot, whatever its skin tone.
func choiceOf(emoji string) (bot.Choice, bool) {
	name, _, _ := strings.Cut(emoji, "::")
	if name == "thumbsdown" {
		name = "-1"
	}
	for i, s := range seeds {
		if s == name {
			return bot.Choices[i].Choice, true
		}
	}
	return "", false
}

// timeOf reads a stamp of Slack's, "1700000000.000100": seconds and
// microseconds. Anything else gives the zero time.
func timeOf(stamp string) time.Time {
	whole, frac, _ := strings.Cut(stamp, ".")
	sec, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || sec <= 0 || sec > math.MaxInt32*4 {
		return time.Time{}
	}
	micro, err := strconv.ParseInt((frac + "000000")[:6], 10, 64)
	if err != nil || micro < 0 {
		return time.Time{}
	}
	return time.Unix(sec, micro*1000)
}

// stampOf is the inverse of timeOf.
func stampOf(t time.Time) string {
	return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000)
}

// clocksDiffer is how far Slack's clock may be behind what is thought of it.
const clocksDiffer = 2 * time.Minute

// landed returns the ts of our messages with key, or of a part of it, that an
// earlier attempt left in a channel or thread. Where Slack refuses to have
// history read, for want of a scope or for another reason that stays, it knows
// of none. Any other fault is an error: saying it unseen might say it twice.
func (c *Chat) landed(ctx context.Context, t *team, channel, thread string, since time.Time, key string) (map[string]string, error) {
	found := make(map[string]string)
	if since.IsZero() {
		return found, nil
	}
	oldest := stampOf(t.clock.theirs(since).Add(-clocksDiffer))
	for cursor := ""; ; {
		var page []api.Message
		var more bool
		err := call(ctx, func() (err error) {
			page, more, cursor, err = t.page(ctx, channel, thread, oldest, cursor)
			return err
		})
		if refused(err, "missing_scope") || refusedForGood(err) && !noThread(err) && !errors.Is(explain("", err), bot.ErrLost) {
			c.log.Warn("cannot look for an earlier attempt at a post; Slack refuses to have history read, perhaps for want of a scope",
				"workspace", t.Name, "post", key, "err", err)
			return found, nil
		}
		if err != nil {
			return nil, explain("look for an earlier attempt at a post", err)
		}
		for _, m := range page {
			k, _ := m.Metadata.EventPayload["key"].(string)
			if m.User != t.bot || m.Metadata.EventType != eventType || m.Timestamp == thread {
				continue
			}
			if old, ok := found[k]; !ok || m.Timestamp < old {
				found[k] = m.Timestamp
			}
		}
		if !more || cursor == "" {
			return found, nil
		}
	}
}

// page reads one page of a channel's or a thread's messages.
func (t *team) page(ctx context.Context, channel, thread, oldest, cursor string) (page []api.Message, more bool, next string, err error) {
	if thread != "" {
		return t.api.GetConversationRepliesContext(ctx, &api.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: thread, Cursor: cursor, Oldest: oldest, Limit: 200, IncludeAllMetadata: true,
		})
	}
	r, err := t.api.GetConversationHistoryContext(ctx, &api.GetConversationHistoryParameters{
		ChannelID: channel, Cursor: cursor, Oldest: oldest, Limit: 200, IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, false, "", err
	}
	return r.Messages, r.HasMore, r.ResponseMetaData.NextCursor, nil
}
