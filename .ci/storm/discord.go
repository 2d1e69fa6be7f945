package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// A discordRoom is a channel of a server. People vote by emoji; nobody acknowledges
// those, and who is killed begins a session that knows nothing of them.
type discordRoom struct {
	fake   *discordfake.Discord
	people []string
	pulse  *pulse

	mu   sync.Mutex
	seat map[int]string // the message in which a person was shown their ballot last
}

// newDiscordRoom has as many shards, which all begin at the same time. The first has all
// people; the others come and go with the replicas.
func newDiscordRoom(b *bench, p *pulse, people, shards int) *discordRoom {
	r := &discordRoom{fake: discordfake.New(b, slog.New(slog.DiscardHandler)), pulse: p, seat: make(map[int]string)}
	g := &r.fake.Gateway
	g.Shards, g.Needs, g.Left.At = shards, shards, max(1, shards)
	for i := range people {
		r.people = append(r.people, r.fake.Join(fmt.Sprint("P", i)))
	}
	return r
}

func (*discordRoom) name() string     { return "Discord" }
func (*discordRoom) platform() string { return "discord" }
func (*discordRoom) emoji() bool      { return true }

func (r *discordRoom) who(person int) string { return r.people[person] }

func (r *discordRoom) settings() string {
	return "discord: {token_env: STORM_DISCORD, api_url: '" + r.fake.URL() + "'}\n"
}

func (*discordRoom) secrets() []string { return []string{"STORM_DISCORD=" + discordfake.Token} }

// rest has an hour go by in which the bot began no session. Else a bot that is killed
// every second would wait, so that Discord does not take its token away.
func (r *discordRoom) rest(ctx context.Context, s bot.Store) error {
	key := "discord/identify/" + time.Now().UTC().Format("2006-01-02T15")
	n, err := s.Reserved(ctx, key)
	if err == nil {
		err = s.Reserve(ctx, key, -n, -1)
	}
	if err != nil {
		return fmt.Errorf("let an hour go by: %w", err)
	}
	return nil
}

func (r *discordRoom) start(text string) {
	name, options := discordfake.Typed(text)
	x := r.fake.Tell(discordfake.TasteID, r.people[0], 2, r.fake.SlashData(name, options), nil)
	if !answered(x) {
		return
	}
	// What was asked may be edited in later.
	for range 50 {
		m, ok := r.fake.Said.Message(discordfake.TasteID, x.Original)
		if yes := goes.FindString(string(m.Payload)); ok && yes != "" {
			answered(r.fake.Tell(discordfake.TasteID, r.people[0], 3, map[string]any{"custom_id": yes, "component_type": 2}, &m))
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// answered waits for an answer, and not for a bot that was killed meanwhile.
func answered(x *discordfake.Exchange) bool { return answeredWithin(x, 700*time.Millisecond) }

func answeredWithin(x *discordfake.Exchange, d time.Duration) bool {
	for end := time.Now().Add(d); !x.Answered(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

func (r *discordRoom) close(n uint64) {
	for _, m := range r.fake.Said.All() {
		if id := fmt.Sprintf("%d/close", n); strings.Contains(string(m.Payload), id) {
			answered(r.fake.Tell(m.Channel, r.people[0], 3, map[string]any{"custom_id": id, "component_type": 2}, &m))
			return
		}
	}
}

func (r *discordRoom) tap(b ballot, person int, c bot.Choice, on bool) (outcome, bool) {
	for _, x := range bot.Choices {
		if x.Choice != c || r.fake.Asleep(b.ref.Channel) {
			continue
		}
		if _, found := r.fake.Said.React(b.ref.Channel, b.ref.Message, r.people[person], x.Emoji, on); !found {
			return refused, false
		}
		r.fake.DispatchReaction(b.ref.Channel, b.ref.Message, r.people[person], x.Emoji, on, false)
		return unknown, true
	}
	return refused, false
}

// press is kept when it is answered, be it that the answer is edited in later. Votes
// stand in what somebody alone was shown, all else on the post.
func (r *discordRoom) press(person int, on bot.Ref, id string) string {
	at := on.Channel
	r.mu.Lock()
	message := r.seat[person]
	r.mu.Unlock()
	if strings.HasSuffix(id, "/taste") || message == "" {
		message = on.Message
	}
	m, found := r.fake.Said.Message(at, message)
	if !found {
		return ""
	}
	return within(r.pulse, func() string {
		x := r.fake.Tell(at, r.people[person], 3, map[string]any{"custom_id": id, "component_type": 2}, &m)
		if !answeredWithin(x, 5*time.Second) {
			return ""
		}
		shown := wordsOf(x.Data)
		for range 500 {
			if x.Kind != 5 {
				break
			}
			if m, ok := r.fake.Said.Message(at, x.Original); ok && !strings.Contains(string(m.Payload), "thinking") {
				shown = wordsOf(m.Payload)
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if seats.MatchString(shown) {
			r.mu.Lock()
			r.seat[person] = x.Original
			r.mu.Unlock()
		}
		return shown
	})
}

// footer is the mark by which a post is found again.
var footer = regexp.MustCompile(`^\d+(\.\d+)?/\w+$`)

func (r *discordRoom) posts() (all []post) {
	for _, m := range r.fake.Said.All() {
		var said discordfake.Sent
		if m.Author != discordfake.BotID || json.Unmarshal(m.Payload, &said) != nil || len(said.Embeds) == 0 {
			continue
		}
		if f := said.Embeds[len(said.Embeds)-1].Footer; f != nil && footer.MatchString(f.Text) {
			p := post{key: f.Text, ref: bot.Ref{Message: m.ID}, text: wordsOf(m.Payload), taste: opens(string(m.Payload))}
			p.ref.Channel = m.Channel
			all = append(all, p)
		}
	}
	return all
}
