package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
)

// A slackRoom is a channel of a workspace. People vote by emoji, and Slack says again
// what was not acknowledged.
type slackRoom struct {
	fake   *slackfake.Slack
	people []string
	pulse  *pulse
	events string // where Slack sends events; empty: over a socket

	mu   sync.Mutex
	keys map[string]string // of messages: an edit takes the mark away
}

const slackTeam, slackChannel, slackSecret = "T1", "CT1", "a signing secret"

func newSlackRoom(b *bench, p *pulse, people int, events string) *slackRoom {
	r := &slackRoom{fake: slackfake.New(b), pulse: p, events: events, keys: make(map[string]string)}
	r.fake.AckWait = time.Second
	r.fake.AddTeam(slackfake.Team{ID: slackTeam, BotToken: "xoxb-storm", AppToken: "xapp-storm", Secret: slackSecret, URL: events})
	for i := range people {
		r.people = append(r.people, r.fake.AddUser(slackfake.User{ID: fmt.Sprintf("U%04d", i), Name: fmt.Sprint("P", i), Team: slackTeam, Admin: i == 0}))
	}
	return r
}

func (*slackRoom) name() string     { return "Slack" }
func (*slackRoom) platform() string { return "slack" }
func (*slackRoom) emoji() bool      { return true }

func (r *slackRoom) who(person int) string { return r.people[person] }

func (r *slackRoom) settings() string {
	if r.events != "" {
		return "slack:\n  listen: '" + slackListen + "'\n  api_url: " + r.fake.APIURL() + "\n  workspaces:\n    - {name: acme, bot_token_env: STORM_SLACK_BOT, signing_secret_env: STORM_SLACK_SECRET}\n"
	}
	return "slack:\n  api_url: " + r.fake.APIURL() + "\n  workspaces:\n    - {name: acme, bot_token_env: STORM_SLACK_BOT, app_token_env: STORM_SLACK_APP}\n"
}

func (*slackRoom) secrets() []string {
	return []string{"STORM_SLACK_BOT=xoxb-storm", "STORM_SLACK_APP=xapp-storm", "STORM_SLACK_SECRET=" + slackSecret}
}

// goes is the button that says yes to a start.
var goes = regexp.MustCompile(`\b\w+/go\b`)

func (r *slackRoom) start(text string) {
	shown := soon(func() string { return r.fake.Command(r.people[0], slackChannel, text) })
	if yes := goes.FindString(shown); yes != "" {
		soon(func() string { return r.fake.Press(r.people[0], slackChannel, "", yes) })
	}
}

// soon returns what somebody was shown, and does not wait for what a bot that was
// killed meanwhile will not show.
func soon(do func() string) string {
	shown := make(chan string, 1)
	go func() { shown <- do() }()
	select {
	case s := <-shown:
		return s
	case <-time.After(700 * time.Millisecond):
		return ""
	}
}

func (r *slackRoom) close(n uint64) {
	soon(func() string { return r.fake.Press(r.people[0], slackChannel, "", fmt.Sprintf("%d/close", n)) })
}

var slackEmoji = map[bot.Choice]string{bot.Left: "a", bot.Right: "b", bot.Equal: "handshake", bot.Awful: "-1"}

func (r *slackRoom) tap(b ballot, person int, c bot.Choice, on bool) (outcome, bool) {
	err := r.fake.Tap(r.people[person], slackChannel, b.ref.Message, slackEmoji[c], on)
	switch {
	case err == nil:
		return kept, true
	case err.Error() == "message_not_found":
		return refused, false
	}
	return unknown, true
}

// press is acknowledged by Slack's ack; what is shown comes after it.
func (r *slackRoom) press(person int, on bot.Ref, id string) string {
	return within(r.pulse, func() string { return r.fake.Press(r.people[person], slackChannel, on.Message, id) })
}

func (r *slackRoom) posts() (all []post) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.fake.Memory.All() {
		var said struct {
			Metadata struct {
				Payload struct {
					Key string `json:"key"`
				} `json:"event_payload"`
			} `json:"metadata"`
			Blocks json.RawMessage `json:"blocks"`
		}
		if json.Unmarshal(m.Payload, &said) != nil {
			continue
		}
		if key := said.Metadata.Payload.Key; key != "" {
			r.keys[m.ID] = key
		}
		if key := r.keys[m.ID]; key != "" {
			all = append(all, post{key: key, ref: bot.Ref{Message: m.ID}, text: wordsOf(said.Blocks), taste: opens(string(said.Blocks))})
		}
	}
	return all
}
