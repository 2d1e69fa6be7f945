package web

import (
	"cmp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
)

const (
	maxNotices = 12  // of one person; the oldest go first
	maxHolders = 500 // people with notices; whoever came first goes first
)

// notices are what people alone see, until they dismiss it or the process
// ends. The zero value is ready.
type notices struct {
	mu    sync.Mutex
	last  int
	of    map[string][]notice
	order []string
}

type notice struct {
	id      string
	at      time.Time    // when it was said: what it says of a tasting goes on without it
	reply   bot.Reply    // Post or Form
	problem bot.Sentence // what went wrong with what was pressed on it
}

// add keeps a notice and returns its id. It takes the place of one that is
// about the same.
func (n *notices) add(user string, r bot.Reply) (id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.of == nil {
		n.of = make(map[string][]notice)
	}
	if _, ok := n.of[user]; !ok {
		if len(n.order) >= maxHolders {
			delete(n.of, n.order[0])
			n.order = n.order[1:]
		}
		n.order = append(n.order, user)
	}
	n.last++
	about := subject(r)
	list := slices.DeleteFunc(slices.Clone(n.of[user]), func(x notice) bool { return about != "" && subject(x.reply) == about })
	list = append(list, notice{id: strconv.Itoa(n.last), at: time.Now(), reply: r})
	n.of[user] = list[max(0, len(list)-maxNotices):]
	return list[len(list)-1].id
}

// subject is what a notice is about: its title or, without one, all it says.
func subject(r bot.Reply) string {
	switch p := r.Post.(type) {
	case bot.Notice:
		return cmp.Or(p.Title.String(), p.Text.String())
	case bot.Standings:
		return p.Title.String()
	case bot.Digest:
		return "digest"
	case bot.Week:
		return "week " + p.Title.String()
	}
	return ""
}

// replace puts r in the place of the notice called id, if that is still there.
func (n *notices) replace(user, id string, r bot.Reply) bool {
	return n.change(user, id, func(x *notice) { x.at, x.reply, x.problem = time.Now(), r, bot.Sentence{} })
}

// refuse says on a notice what went wrong with what was pressed on it.
func (n *notices) refuse(user, id string, problem bot.Sentence) bool {
	return n.change(user, id, func(x *notice) { x.problem = problem })
}

func (n *notices) change(user, id string, do func(*notice)) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	i := slices.IndexFunc(n.of[user], func(x notice) bool { return x.id == id })
	if i < 0 {
		return false
	}
	n.of[user] = slices.Clone(n.of[user])
	do(&n.of[user][i])
	return true
}

// awaiting returns a user's notices. Those that only said what is shown by now
// are dropped.
func (n *notices) awaiting(user string, shown []bot.Shown) []notice {
	n.mu.Lock()
	list := slices.Clone(n.of[user])
	n.mu.Unlock()
	return slices.DeleteFunc(list, func(x notice) bool {
		p, ok := x.reply.Post.(bot.Notice)
		over := ok && p.Awaits != (bot.PostKey{}) && stands(p.Awaits, shown)
		if over {
			n.dismiss(user, x.id)
		}
		return over
	})
}

func stands(key bot.PostKey, shown []bot.Shown) bool {
	return slices.ContainsFunc(shown, func(s bot.Shown) bool { return s.Key == key || stands(key, s.Thread) })
}

// dismiss drops the notice called id; all of the user's for "".
func (n *notices) dismiss(user, id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	list, ok := n.of[user]
	if !ok {
		return
	}
	list = slices.DeleteFunc(slices.Clone(list), func(x notice) bool { return x.id == id || id == "" })
	if len(list) > 0 {
		n.of[user] = list
		return
	}
	delete(n.of, user)
	n.order = slices.DeleteFunc(n.order, func(u string) bool { return u == user })
}
