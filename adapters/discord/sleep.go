package discord

import (
	"context"
	"fmt"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/tastetest/tastetest/bot"
)

// How Discord puts threads to sleep, which it calls archiving.
//
// Its documentation says (https://docs.discord.com/developers/topics/threads and
// the page of Modify Channel): a thread is archived after a time without
// activity, usually not before its auto_archive_duration, but sooner where a
// server has very many. Activity is a message, taking it out of the archive, and
// a change of that duration. In the archive nobody edits messages, adds
// reactions or uses commands. Whoever may send messages may take a thread out of
// the archive unless it is locked; every other change of it needs Manage Threads.
// The help centre adds that who opened a thread may change the duration too.
//
// From memory, and not relied upon: archive_timestamp moves with each activity
// but messages; to set a duration that stands already is none; a thread is
// archived some minutes late rather than on time.
const (
	sleepsLate  = time.Minute     // after its time a thread sleeps, as a rule
	lookAgain   = 5 * time.Minute // at one that should sleep and does not yet
	rouseBefore = time.Hour       // its time, where it need not sleep first
)

var _ bot.Sleeper = (*Chat)(nil)

// Sleeps says after how long without a message a thread is archived.
func (c *Chat) Sleeps(ctx context.Context, at bot.Place, below bool) (time.Duration, error) {
	if !below && !isThread(at.Channel) {
		return 0, nil
	}
	ch, err := c.lookAt(ctx, at)
	switch {
	case err != nil:
		return 0, err
	case ch.ThreadMetadata != nil:
		return time.Duration(ch.ThreadMetadata.AutoArchiveDuration) * time.Minute, nil
	case isVoice(ch.Type): // it has no threads
		return 0, nil
	}
	return threadSleeps * time.Minute, nil
}

// Rouse takes a thread out of the archive, and changes its duration to the
// longest. Where the bot may not change that, the thread must have gone to sleep
// before it can be woken, because only a message would keep it awake.
func (c *Chat) Rouse(ctx context.Context, at bot.Place, until time.Time) (again time.Time, err error) {
	if !isThread(at.Channel) {
		return time.Time{}, nil
	}
	ch, err := c.lookAt(ctx, at)
	if err != nil {
		return time.Time{}, err
	}
	if ch.ThreadMetadata == nil {
		return time.Time{}, fmt.Errorf("wake a thread: channel %s is none", ch.ID)
	}
	if ch.ThreadMetadata.Archived {
		if err := c.wake(ctx, ch.ID); err != nil {
			return time.Time{}, inThread(at, err)
		}
		ch.ThreadMetadata.ArchiveTimestamp = time.Now()
	}
	sleeps := sleepsAt(ch)
	if sleeps.After(until) {
		return time.Time{}, nil
	}
	durations := []int{threadSleeps}
	if ch.ThreadMetadata.AutoArchiveDuration == threadSleeps {
		durations = []int{threadSleeps / 7, threadSleeps} // only a change counts
	}
	for _, d := range durations {
		err := c.changeThread(ctx, ch.ID, "keep a thread awake", struct {
			Sleeps int `json:"auto_archive_duration"`
		}{d})
		switch {
		case hasCode(err, discordgo.ErrCodeMissingPermissions):
			return later(sleeps.Add(sleepsLate), time.Now().Add(lookAgain)), nil
		case err != nil:
			return time.Time{}, inThread(at, err)
		}
	}
	if sleeps = time.Now().Add(threadSleeps * time.Minute); sleeps.After(until) {
		return time.Time{}, nil
	}
	return sleeps.Add(-rouseBefore), nil
}

// lookAt is a place's channel or thread.
func (c *Chat) lookAt(ctx context.Context, at bot.Place) (ch discordgo.Channel, err error) {
	err = c.call(ctx, request{doing: "look up a thread", method: "GET", path: "channels/" + apiChannel(at.Channel), bucket: "channels/"}, &ch)
	return ch, inThread(at, err)
}

// sleepsAt is when a thread goes to sleep, if nobody writes there any more.
func sleepsAt(ch discordgo.Channel) time.Time {
	last := created(ch.ID)
	if ch.LastMessageID != "" {
		last = later(last, created(ch.LastMessageID))
	}
	last = later(last, ch.ThreadMetadata.ArchiveTimestamp)
	return last.Add(time.Duration(ch.ThreadMetadata.AutoArchiveDuration) * time.Minute)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// wake takes a thread out of the archive.
func (c *Chat) wake(ctx context.Context, channel string) error {
	return c.changeThread(ctx, channel, "wake a thread", struct {
		Archived bool `json:"archived"`
	}{false})
}

func (c *Chat) changeThread(ctx context.Context, channel, doing string, change any) error {
	return c.call(ctx, request{doing: doing, method: "PATCH", path: "channels/" + channel, body: change}, nil)
}
