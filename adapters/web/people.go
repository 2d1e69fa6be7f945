package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot"
)

const (
	maxName = 32 // characters as people see them
	dot     = "·"
)

// newUser makes a user id of a given name: "Ada·k3f9q2".
func newUser(name string) (string, error) {
	name, err := cleanName(name)
	if err != nil {
		return "", err
	}
	return name + dot + strings.ToLower(rand.Text()[:6]), nil
}

// cleanName drops what cannot be seen, or would pass a person off as
// simulated. The error is a [bot.UserError].
func cleanName(s string) (string, error) {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.C, unicode.Zl, unicode.Zp), strings.ContainsRune(blank, r), r == '🤖', r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	switch n := uniseg.GraphemeClusterCount(s); {
	case n == 0:
		return "", bot.UserError(bot.Say("Type the name that others shall see, for example Ada."))
	case n > maxName || len([]rune(s)) > 3*maxName:
		return "", bot.UserError(bot.Say("That name is too long: type one of at most {maxname} characters.", bot.Count(maxName)))
	}
	return s, nil
}

// blank are letters that look like nothing.
const blank = "\u115f\u1160\u2800\u3164\uffa0"

// A person is somebody as the page names them.
type person struct {
	Name      string
	Suffix    string // only if two share the name
	Simulated bool
	Me        bool
}

// people names users as they are called now, with the suffix where two share a name.
type people struct {
	me        string
	simulated func(user string) bool
	names     map[string]string // of those who have one that is kept
	shared    map[string]int
}

// people are whoever is named on a page that me looks at.
func (c *Chat) people(ctx context.Context, me string, shown []bot.Shown) (people, error) {
	seen := make(map[string]bool)
	see := func(user string) { seen[user] = true }
	if me != "" {
		see(me)
	}
	eachUser(shown, see)
	p := people{me: me, simulated: c.opt.Simulated, shared: make(map[string]int)}
	if c.opt.People != nil {
		var err error
		if p.names, err = c.opt.People.Names(ctx, c.place.Workspace, slices.Collect(maps.Keys(seen))); err != nil {
			return p, fmt.Errorf("read what people are called: %w", err)
		}
	}
	for user := range seen {
		name, _ := p.called(user)
		p.shared[name]++
	}
	return p, nil
}

// called is somebody's name, and the suffix that tells them from others of that name.
func (p people) called(user string) (name, suffix string) {
	name, suffix, _ = cutUser(user)
	return cmp.Or(p.names[user], name), suffix
}

func eachUser(shown []bot.Shown, do func(string)) {
	for _, s := range shown {
		for _, t := range s.Taps {
			for _, u := range t.Users {
				do(u)
			}
		}
		eachUser(s.Thread, do)
	}
}

func (p people) person(user string) person {
	name, suffix := p.called(user)
	if p.shared[name] < 2 {
		suffix = ""
	}
	return person{Name: name, Suffix: suffix, Simulated: p.simulated(user), Me: user != "" && user == p.me}
}

func cutUser(user string) (name, suffix string, ok bool) {
	if i := strings.LastIndex(user, dot); i > 0 {
		return user[:i], user[i+len(dot):], true
	}
	return user, "", false
}
