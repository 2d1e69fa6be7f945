package slack

import (
	"context"
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
