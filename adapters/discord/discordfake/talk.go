package discordfake

import (
	"strings"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
)

// Write writes a message in a channel, as people do, and tells of it: to a bot
// without the intent for contents empty, unless it is mentioned or the message is
// a direct one. with are other fields of the event. It returns the message's ID.
func (f *Discord) Write(channel, user, content string, with map[string]any) (id string) {
	id = f.NewID()
	f.Said.Put(fakechat.Message{Channel: channel, ID: id, Author: user, Payload: encode(Sent{Content: content})})
	f.Hear(id, channel, user, content, with)
	return id
}

// Hear tells the bot of a message, once more perhaps.
func (f *Discord) Hear(id, channel, user, content string, with map[string]any) {
	f.Mu.Lock()
	c, u := f.Channels[channel], f.Users[user]
	f.Mu.Unlock()
	e := map[string]any{"id": id, "type": 0, "channel_id": channel, "author": u, "content": content, "mentions": []Person{}, "embeds": []any{}, "components": []any{}}
	for k, v := range with {
		e[k] = v
	}
	mentioned := strings.Contains(content, "<@"+BotID+">") || strings.Contains(content, "<@!"+BotID+">")
	if ref, ok := e["referenced_message"].(map[string]any); ok && ref["author"] == BotID { // an answer mentions whom it answers
		mentioned = true
	}
	if mentioned {
		f.Mu.Lock()
		e["mentions"] = []Person{f.Users[BotID]}
		f.Mu.Unlock()
	}
	if c.Guild != "" {
		e["guild_id"] = c.Guild
		if !mentioned && user != BotID {
			e["content"] = ""
		}
	}
	f.Dispatch("MESSAGE_CREATE", e)
}
