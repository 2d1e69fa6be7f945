// Package fakechat is what the fake platforms of tests share: a memory of
// messages and emoji, faults put into calls, a journal of them, and
// connections to cut. It knows no platform's wire format.
package fakechat

import (
	"bytes"
	"slices"
	"strings"
	"sync"
)

// A Message is what stands in a channel. A thread is a channel too.
type Message struct {
	Channel string
	ID      string
	Author  string
	Only    string // the one user who sees it: an ephemeral message; "": all
	Key     string // what a client can find it by: metadata, a nonce
	Payload []byte // as it was sent, last edit included
	Edits   int
	Emoji   []Emoji // in the order in which they first stood
}

// An Emoji stands on a message, with the users who put it there, in order.
type Emoji struct {
	Name  string
	Users []string
}

// A Memory is what a platform remembers. The zero value is ready.
type Memory struct {
	mu       sync.Mutex
	messages []*Message // oldest first
	last     int64
}

// Next returns 1, 2, 3, …: something to make ids of.
func (m *Memory) Next() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last++
	return m.last
}

// Put keeps a message.
func (m *Memory) Put(x Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	x = clone(&x)
	m.messages = append(m.messages, &x)
}

// Edit replaces what a message says. False: there is none.
func (m *Memory) Edit(channel, id string, payload []byte) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	x := m.find(channel, id)
	if x == nil {
		return false
	}
	x.Payload = bytes.Clone(payload)
	x.Edits++
	return true
}

// Delete takes a message away. False: there is none.
func (m *Memory) Delete(channel, id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.messages)
	m.messages = slices.DeleteFunc(m.messages, func(x *Message) bool { return x.Channel == channel && x.ID == id })
	return len(m.messages) < n
}

// Rename gives a channel another name, and its threads.
func (m *Memory) Rename(from, to string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, x := range m.messages {
		if x.Channel == from || strings.HasPrefix(x.Channel, from+"/") {
			x.Channel = to + x.Channel[len(from):]
		}
	}
}

// Message returns a message as it stands.
func (m *Memory) Message(channel, id string) (Message, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	x := m.find(channel, id)
	if x == nil {
		return Message{}, false
	}
	return clone(x), true
}

// Messages returns what everybody sees in a channel, oldest first.
func (m *Memory) Messages(channel string) []Message {
	return m.all(func(x *Message) bool { return x.Channel == channel && x.Only == "" })
}

// Private returns what user alone sees, oldest first.
func (m *Memory) Private(user string) []Message {
	return m.all(func(x *Message) bool { return x.Only == user })
}

func (m *Memory) all(fits func(*Message) bool) []Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []Message
	for _, x := range m.messages {
		if fits(x) {
			all = append(all, clone(x))
		}
	}
	return all
}

// React puts a user's emoji on a message, or takes it away. changed: it was
// not so before. found: there is such a message.
func (m *Memory) React(channel, id, user, emoji string, on bool) (changed, found bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	x := m.find(channel, id)
	if x == nil {
		return false, false
	}
	i := slices.IndexFunc(x.Emoji, func(e Emoji) bool { return e.Name == emoji })
	stands := i >= 0 && slices.Contains(x.Emoji[i].Users, user)
	if stands == on {
		return false, true
	}
	if !on {
		e := &x.Emoji[i]
		e.Users = slices.DeleteFunc(e.Users, func(u string) bool { return u == user })
		if len(e.Users) == 0 {
			x.Emoji = slices.Delete(x.Emoji, i, i+1)
		}
		return true, true
	}
	if i < 0 {
		x.Emoji = append(x.Emoji, Emoji{Name: emoji})
		i = len(x.Emoji) - 1
	}
	x.Emoji[i].Users = append(x.Emoji[i].Users, user)
	return true, true
}

func (m *Memory) find(channel, id string) *Message {
	for _, x := range m.messages {
		if x.Channel == channel && x.ID == id {
			return x
		}
	}
	return nil
}

func clone(x *Message) Message {
	c := *x
	c.Payload = bytes.Clone(x.Payload)
	c.Emoji = slices.Clone(x.Emoji)
	for i := range c.Emoji {
		c.Emoji[i].Users = slices.Clone(c.Emoji[i].Users)
	}
	return c
}

// All returns what everybody sees anywhere, oldest first.
func (m *Memory) All() []Message {
	return m.all(func(x *Message) bool { return x.Only == "" })
}
