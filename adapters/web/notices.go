package web

import (
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
	id    string
	on    time.Time
	reply bot.Reply // Post or Form
}

// add keeps a notice and returns its id.
func (n *notices) add(user string, r bot.Reply) (id string) { return n.put(user, "", r) }

// put keeps r in the place of the notice called id, or as a new one if that
// is not there any more, and returns its id.
func (n *notices) put(user, id string, r bot.Reply) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if i := slices.IndexFunc(n.of[user], func(x notice) bool { return x.id == id }); i >= 0 {
		n.of[user] = slices.Clone(n.of[user])
		n.of[user][i].reply = r
		return id
	}
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
	list := append(n.of[user], notice{strconv.Itoa(n.last), time.Now(), r})
	n.of[user] = list[max(0, len(list)-maxNotices):]
	return list[len(list)-1].id
}

func (n *notices) list(user string) []notice {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.of[user])
}

func (n *notices) dismiss(user, id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	list, ok := n.of[user]
	if !ok {
		return
	}
	list = slices.DeleteFunc(slices.Clone(list), func(x notice) bool { return x.id == id })
	if len(list) > 0 {
		n.of[user] = list
		return
	}
	delete(n.of, user)
	n.order = slices.DeleteFunc(n.order, func(u string) bool { return u == user })
}
