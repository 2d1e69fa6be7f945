package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/tastetest/tastetest/bot"
)

// Post says p once: Discord drops a second message with the same nonce for
// some minutes, and after that the first is found by the mark in its footer.
func (c *Chat) Post(ctx context.Context, at bot.Place, key bot.PostKey, since time.Time, p bot.Post) (bot.Ref, error) {
	mark := key.String()
	if _, digest := key.Digest(); key.Tasting.N == 0 && !digest {
		mark = "" // of no tasting, and never looked for
	}
	l := c.render(p, mark)
	channel := apiChannel(at.Channel)
	if l.Main.Reference != nil && under(p).Place != at {
		l.Main.Reference = nil
	}
	id := ""
	if !since.IsZero() {
		found, err := c.find(ctx, channel, since, key.String())
		if err != nil && (bot.Stopped(ctx) != nil || !c.unseen(key.String(), since, err)) {
			return bot.Ref{}, fmt.Errorf("look for an earlier attempt: %w", inThread(at, err))
		}
		id = found[key.String()].ID
	}
	if id == "" {
		var err error
		if id, err = c.sendDrawn(ctx, at, key.String(), p, l.Main); err != nil {
			return bot.Ref{}, inThread(at, err)
		}
	}
	ref := bot.Ref{Place: at, Message: id}
	if l.Seeds {
		if err := c.seed(ctx, ref, nil); err != nil {
			return ref, err
		}
	}
	return ref, c.say(ctx, ref, key.String(), l.Parts)
}

// nonceLasts is for how long Discord surely knows a message by its nonce: it
// says "a few minutes".
const nonceLasts = 2 * time.Minute

// unseen reports whether a message may be sent although the channel could not
// be read for an attempt since then: Discord would know that again by the nonce,
// or will not have the channel read at all. Any other fault may pass, and is
// waited for: sent unseen, the message might stand twice.
func (c *Chat) unseen(mark string, since time.Time, err error) bool {
	may := time.Since(since) < nonceLasts || hasCode(err, discordgo.ErrCodeMissingPermissions) || errors.Is(err, bot.ErrRefused)
	if may {
		c.log.Warn("cannot look for an earlier attempt at a message, and send it all the same", "post", mark, "err", err)
	}
	return may
}

func under(p bot.Post) bot.Ref {
	a, _ := p.(bot.Announcement)
	return a.Under
}

// send creates a message. Discord knows it by the nonce if it comes again.
func (c *Chat) send(ctx context.Context, at bot.Place, mark string, m message) (id string, err error) {
	m.Nonce, m.Enforce = nonce(at, mark), true
	channel := apiChannel(at.Channel)
	var sent struct {
		ID string `json:"id"`
	}
	err = c.call(ctx, request{doing: "post a message", method: "POST", path: "channels/" + channel + "/messages", message: &m, channel: channel}, &sent)
	return sent.ID, err
}

// nonce is 25 characters, the most that Discord takes. Nonces are per bot,
// not per channel, so the place is part of it.
func nonce(at bot.Place, mark string) string {
	sum := sha256.Sum256([]byte(at.ID + "\x00" + at.Channel + "\x00" + mark))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:25]
}

// Seed puts back those of the four emoji that somebody took away.
func (c *Chat) Seed(ctx context.Context, ref bot.Ref) error {
	channel := apiChannel(ref.Channel)
	var m struct {
		Reactions []struct {
			Emoji emoji `json:"emoji"`
			Mine  bool  `json:"me"`
		} `json:"reactions"`
	}
	err := c.call(ctx, request{doing: "look for the emoji of a ballot", method: "GET", path: "channels/" + channel + "/messages/" + ref.Message,
		bucket: "channels/" + channel + "/messages/"}, &m)
	if err != nil {
		return inThread(ref.Place, err)
	}
	var stand []bot.Choice
	for _, r := range m.Reactions {
		if r.Mine {
			stand = append(stand, r.Emoji.choice())
		}
	}
	return inThread(ref.Place, c.seed(ctx, ref, stand))
}

// seed puts the four emoji there, in order, but for those that are known to
// stand. Twice does no harm.
func (c *Chat) seed(ctx context.Context, ref bot.Ref, stand []bot.Choice) error {
	channel := apiChannel(ref.Channel)
	for _, choice := range bot.Choices {
		if slices.Contains(stand, choice.Choice) {
			continue
		}
		if err := bot.Stopped(ctx); err != nil {
			return err
		}
		err := c.call(ctx, request{doing: "put an emoji on a ballot", method: "PUT",
			path:   fmt.Sprintf("channels/%s/messages/%s/reactions/%s/@me", channel, ref.Message, url.PathEscape(choice.Emoji)),
			bucket: "channels/" + channel + "/reactions", channel: channel}, nil)
		if err != nil {
			return err
		}
	}
	return nil
}

// say is sayAll for a message that has as many parts as before, or more: where it
// has none, nothing is read.
func (c *Chat) say(ctx context.Context, ref bot.Ref, mark string, parts []message) error {
	if len(parts) == 0 {
		return nil
	}
	return c.sayAll(ctx, ref, mark, parts)
}

// sayAll makes the parts below a message say what they should: edits those that
// stand, posts those that are missing, takes away those that are too many.
func (c *Chat) sayAll(ctx context.Context, ref bot.Ref, mark string, parts []message) error {
	at, err := c.Thread(ctx, ref)
	if err != nil {
		return err
	}
	channel := apiChannel(at.Channel)
	standing, err := c.find(ctx, channel, created(ref.Message), mark+"/")
	if err != nil && (bot.Stopped(ctx) != nil || time.Since(created(ref.Message)) > nonceLasts) {
		return err
	}
	for i, part := range parts {
		name := fmt.Sprintf("%s/%d", mark, i+1)
		old, stands := standing[name]
		delete(standing, name)
		switch {
		case !stands:
			_, err = c.send(ctx, at, name, part)
		case old.says(part):
		default:
			err = c.edit(ctx, channel, old.ID, part)
		}
		if err != nil {
			return err
		}
	}
	for _, old := range standing {
		err := c.call(ctx, request{doing: "take a part away", method: "DELETE", path: "channels/" + channel + "/messages/" + old.ID,
			bucket: "channels/" + channel + "/messages/", channel: channel}, nil)
		if err != nil && !errors.Is(err, bot.ErrGone) {
			return err
		}
	}
	return nil
}

// Edit replaces what a message and its parts say.
func (c *Chat) Edit(ctx context.Context, ref bot.Ref, p bot.Post) error {
	mark := keyOf(p).String()
	l := c.render(p, mark)
	if err := c.editDrawn(ctx, apiChannel(ref.Channel), ref.Message, mark, p, l.Main); err != nil {
		return inThread(ref.Place, err)
	}
	if b, ok := p.(bot.Ballot); ok && !b.Removed.IsZero() {
		return c.sayAll(ctx, ref, mark, nil)
	}
	return c.say(ctx, ref, mark, l.Parts)
}

// keyOf is the key under which a post that can be edited was posted.
func keyOf(p bot.Post) bot.PostKey {
	switch p := p.(type) {
	case bot.Head:
		return bot.PostKey{Tasting: p.Tasting, What: bot.HeadPost}
	case bot.Announcement:
		return bot.PostKey{Tasting: p.Tasting, What: bot.AnnouncementPost}
	case bot.Ballot:
		return bot.PostKey{Tasting: p.Round.TastingID, Round: p.Round.Round, What: bot.BallotPost}
	case bot.Reveal:
		return bot.PostKey{Tasting: p.Round.TastingID, Round: p.Round.Round, What: bot.BallotPost}
	}
	return bot.PostKey{What: "post"}
}

func (c *Chat) edit(ctx context.Context, channel, id string, m message) error {
	m.Reference = nil
	return c.call(ctx, request{doing: "edit a message", method: "PATCH", path: "channels/" + channel + "/messages/" + id,
		bucket: "channels/" + channel + "/messages/", message: &m, channel: channel}, nil)
}

// A standing message is one of ours, as Discord has it.
type standing struct {
	ID     string `json:"id"`
	Author struct {
		ID string `json:"id"`
	} `json:"author"`
	Embeds []embed `json:"embeds"`
}

// mark is what stands in its footer, or what its date stands for.
func (s standing) mark() string {
	n := len(s.Embeds)
	switch {
	case n == 0:
		return ""
	case s.Embeds[n-1].Timestamp != "":
		return s.Embeds[n-1].dated()
	case s.Embeds[n-1].Footer != nil:
		return s.Embeds[n-1].Footer.Text
	}
	return ""
}

// says reports whether it says what m does, but for spaces at the ends.
func (s standing) says(m message) bool {
	if len(s.Embeds) != len(m.Embeds) {
		return false
	}
	for i, e := range m.Embeds {
		if strings.TrimSpace(s.Embeds[i].Title) != strings.TrimSpace(e.Title) ||
			strings.TrimSpace(s.Embeds[i].Description) != strings.TrimSpace(e.Description) {
			return false
		}
	}
	return true
}

const (
	onePage   = 100
	clockSkew = time.Minute // how much Discord's clock and this one may differ
)

// find reads a channel from a time on and returns our messages by their mark:
// the one that is mark or, if mark ends in a slash, those that begin with it.
func (c *Chat) find(ctx context.Context, channel string, since time.Time, mark string) (map[string]standing, error) {
	self, err := c.me(ctx)
	if err != nil {
		return nil, err
	}
	found := make(map[string]standing)
	for after := firstID(since.Add(-clockSkew)); ; {
		var page []standing
		err := c.call(ctx, request{doing: "read messages", method: "GET", bucket: "channels/" + channel + "/messages",
			path: fmt.Sprintf("channels/%s/messages?limit=%d&after=%s", channel, onePage, after)}, &page)
		if err != nil {
			return nil, err
		}
		for _, m := range page {
			is := m.mark() == mark || strings.HasSuffix(mark, "/") && strings.HasPrefix(m.mark(), mark)
			if _, before := found[m.mark()]; is && !before && m.Author.ID == self {
				found[m.mark()] = m
			}
			after = newer(after, m.ID)
		}
		if len(page) < onePage {
			return found, nil
		}
	}
}

// epoch is when Discord's IDs begin. https://docs.discord.com/developers/reference#snowflakes
const epoch = 1420070400000

// firstID is the least ID that a message of that time could have.
func firstID(t time.Time) string { return strconv.FormatInt(max(0, t.UnixMilli()-epoch)<<22, 10) }

// created is when a message was.
func created(id string) time.Time {
	n, _ := strconv.ParseInt(id, 10, 64) // "" is long ago
	return time.UnixMilli(n>>22 + epoch)
}

func newer(a, b string) string {
	if len(b) > len(a) || len(b) == len(a) && b > a {
		return b
	}
	return a
}
