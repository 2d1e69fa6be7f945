package discord

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/tastetest/tastetest/bot"
)

// An emoji as it stands on a message. Custom ones have an ID.
type emoji struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// choice is what an emoji means; "" if it is none of ours.
func (e emoji) choice() bot.Choice {
	if e.ID != "" {
		return ""
	}
	name := plainEmoji(e.Name)
	if name == "🫱\u200d🫲" { // a handshake of two skin tones
		name = "🤝"
	}
	for _, c := range bot.Choices {
		if plainEmoji(c.Emoji) == name {
			return c.Choice
		}
	}
	return ""
}

// plainEmoji drops variation selectors and skin tones.
func plainEmoji(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\ufe0f' || r == '\ufe0e' || r >= '\U0001F3FB' && r <= '\U0001F3FF' {
			return -1
		}
		return r
	}, s)
}

// Reactions reads who stands behind each of our emoji, in all its skin tones,
// normal and super.
func (c *Chat) Reactions(ctx context.Context, ref bot.Ref) ([]bot.Tap, error) {
	channel := apiChannel(ref.Channel)
	var m struct {
		Reactions []struct {
			Emoji emoji `json:"emoji"`
		} `json:"reactions"`
	}
	err := c.call(ctx, request{doing: "read a ballot", method: "GET", path: "channels/" + channel + "/messages/" + ref.Message,
		bucket: "channels/" + channel + "/messages/"}, &m)
	if err != nil {
		return nil, inThread(ref.Place, err)
	}
	var taps []bot.Tap
	seen := make(map[bot.Tap]bool)
	for _, r := range m.Reactions {
		choice := r.Emoji.choice()
		if choice == "" {
			continue
		}
		for _, kind := range []int{normalReaction, superReaction} {
			users, err := c.reactors(ctx, ref, r.Emoji.Name, kind)
			for _, u := range users {
				if tap := (bot.Tap{Ref: ref, User: u, Choice: choice, On: true}); !seen[tap] {
					seen[tap] = true
					taps = append(taps, tap)
				}
			}
			if err != nil && (errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrLost)) {
				return nil, inThread(ref.Place, err)
			}
			if err != nil {
				return taps, fmt.Errorf("%w: %w", bot.ErrPartial, err)
			}
		}
	}
	return taps, nil
}

// Kinds of reactions.
const (
	normalReaction = 0
	superReaction  = 1
)

// reactors are the people, not bots, behind an emoji.
func (c *Chat) reactors(ctx context.Context, ref bot.Ref, name string, kind int) ([]string, error) {
	channel := apiChannel(ref.Channel)
	var people []string
	for after := "0"; ; {
		var page []struct {
			ID  string `json:"id"`
			Bot bool   `json:"bot"`
		}
		err := c.call(ctx, request{doing: "read who voted", method: "GET", bucket: "channels/" + channel + "/reactions",
			path: fmt.Sprintf("channels/%s/messages/%s/reactions/%s?type=%d&limit=%d&after=%s",
				channel, ref.Message, url.PathEscape(name), kind, onePage, after)}, &page)
		if err != nil {
			return people, err
		}
		for _, u := range page {
			if !u.Bot {
				people = append(people, u.ID)
			}
			after = newer(after, u.ID)
		}
		if len(page) < onePage {
			return people, nil
		}
	}
}

// inThread says of a thread that is lost that it is gone: the channel is still
// there, and the tasting goes on.
func inThread(at bot.Place, err error) error {
	if isThread(at.Channel) && hasCode(err, discordgo.ErrCodeUnknownChannel) {
		return fmt.Errorf("%w, with its thread: %v", bot.ErrGone, err)
	}
	return err
}
