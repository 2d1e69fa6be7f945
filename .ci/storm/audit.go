package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/tastetest/tastetest/bot"
)

// An audit compares what a store has with what people were told, and with what stands
// in the rooms.
type audit struct {
	rooms  []room
	ledger *ledger
	found  *findings
	voters int

	done map[tastingKey]bool // settled, and looked at
	told map[string]bool     // findings are told once
	sums map[string]*sum     // by the table's lines
}

// A sum counts what was looked at.
type sum struct{ tastings, asked, posts, votes int }

func newAudit(rooms []room, l *ledger, found *findings, voters int) *audit {
	a := &audit{rooms: rooms, ledger: l, found: found, voters: voters, done: map[tastingKey]bool{}, told: map[string]bool{}, sums: map[string]*sum{}}
	for _, r := range rooms {
		for _, private := range []bool{false, true} {
			a.sums[figures(r.name(), private)] = new(sum)
		}
	}
	return a
}

// say adds a finding, once.
func (a *audit) say(what fault, room, format string, args ...any) {
	if text := fmt.Sprint(what, room, fmt.Sprintf(format, args...)); !a.told[text] {
		a.told[text] = true
		a.found.add(what, room, format, args...)
	}
}

// look goes through a store that no bot has open, or through a copy. It returns how
// many tastings are not settled yet, drafts left out.
func (a *audit) look(ctx context.Context, s bot.Store, page []post) (unsettled int, err error) {
	all, err := s.Workspaces(ctx)
	if err != nil {
		return 0, fmt.Errorf("look at the store: %w", err)
	}
	for _, w := range all {
		i := slices.IndexFunc(a.rooms, func(r room) bool { return r.platform() == w.Platform })
		if i < 0 {
			return 0, fmt.Errorf("the store has a workspace %v, which is no room's", w)
		}
		r := a.rooms[i]
		stand := page
		if r.emoji() {
			stand = r.posts()
		}
		tastings, err := s.Tastings(ctx, w, bot.Query{})
		if err != nil {
			return 0, fmt.Errorf("look at the store: %w", err)
		}
		a.once(r, tastings, stand)
		for _, t := range tastings {
			k := tastingKey{r.name(), t.ID.N}
			if t.State == bot.Draft || a.done[k] {
				continue
			}
			shown, err := a.votes(ctx, s, r, t, page != nil)
			if err != nil {
				return 0, err
			}
			switch {
			case !t.Settled():
				unsettled++
				continue
			case t.State != bot.Revealed:
				a.say(missing, r.name(), "tasting %v ended as %v: %v", k, t.State, t.Why())
			case r.emoji() || page != nil:
				a.posts(r, t, stand, shown)
				a.done[k] = true
			}
		}
	}
	return unsettled, nil
}

// once says which posts stand more than once, or for nothing.
func (a *audit) once(r room, tastings []bot.Tasting, stand []post) {
	seen := make(map[string]int)
	for _, p := range stand {
		if seen[p.key]++; seen[p.key] == 2 {
			a.say(doubled, r.name(), "%s stands twice", p.key)
		}
		n, _ := strconv.ParseUint(regexp.MustCompile(`^\d+`).FindString(p.key), 10, 64)
		if !slices.ContainsFunc(tastings, func(t bot.Tasting) bool { return t.ID.N == n }) {
			a.say(doubled, r.name(), "%s stands, and the store knows no tasting %d", p.key, n)
		}
	}
}

// votes compares the rows of a tasting with the ledger. It adds those up that its
// results show: a private ballot's rounds with fewer than three votes stay apart.
func (a *audit) votes(ctx context.Context, s bot.Store, r room, t bot.Tasting, page bool) (shown bot.Tally, err error) {
	private := t.Ballot == bot.Private
	line := figures(r.name(), private)
	all := 0
	sealed := t.State == bot.Closed || t.State == bot.Revealed
	called := make(map[string]string)
	for person := range a.voters + 1 {
		called[r.who(person)] = names(person)
	}
	for _, n := range t.Live() {
		k := ballotKey{tastingKey{r.name(), t.ID.N}, n}
		rows, err := s.Votes(ctx, t.ID.Round(n))
		if err != nil {
			return shown, fmt.Errorf("read the votes of %v: %w", k.tastingKey, err)
		}
		got := make(map[string]bot.Pick)
		var counts bot.Tally
		for _, v := range rows {
			who := called[v.Voter.User]
			if _, again := got[who]; again || who == "" {
				a.say(twice, line, "round %v.%d has a row of %q (%s) that is one too many", k.tastingKey, n, v.Voter.User, who)
			}
			got[who] = v.Pick()
			counts = counts.Add(v.Pick().Tally())
		}
		for _, who := range a.ledger.voters(k) {
			may := a.ledger.may(k, who, private || !r.emoji(), sealed)
			if slices.Contains(may, got[who]) {
				continue
			}
			what := lost
			if got[who] != bot.None && slices.Equal(may, []bot.Pick{bot.None}) {
				what = twice
			}
			a.say(what, line, "in round %v.%d (%v, sealed: %v) %s has %d; it may be %d: %s", k.tastingKey, n, t.State, sealed, who, got[who], may, a.ledger.story(k, who))
		}
		if all += counts.N(); !private || counts.N() >= 3 {
			shown = shown.Add(counts)
		}
		if sealed && t.Rounds[n-1].Counts.Tally() != counts {
			a.say(wrong, line, "round %v.%d was sealed as %v and has %v", k.tastingKey, n, t.Rounds[n-1].Counts.Tally(), counts)
		}
	}
	if t.Settled() && (r.emoji() || page) {
		a.sums[line].votes += all
	}
	return shown, nil
}

// said finds the votes for a model in an announcement's bars.
func said(name, text string) int {
	m := regexp.MustCompile(name + `\s[\s█▏▎▍▌▋▊▉]*(\d+)[^\d%.]`).FindStringSubmatch(text)
	if m == nil {
		return -1
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// posts looks whether all posts of a revealed tasting stand, and say what it found.
func (a *audit) posts(r room, t bot.Tasting, stand []post, shown bot.Tally) {
	want := []string{fmt.Sprintf("%v/announcement", t.ID)}
	if t.HasHead() && r.emoji() { // on the page the announcement stands in its place
		want = append(want, fmt.Sprintf("%v/head", t.ID))
	}
	for _, n := range t.Live() {
		if t.Ballot == bot.Private {
			break // its rounds have no posts
		}
		want = append(want, fmt.Sprintf("%v/ballot", t.ID.Round(n)))
	}
	line := figures(r.name(), t.Ballot == bot.Private)
	sum := a.sums[line]
	sum.tastings++
	if t.Models[0].Name == askedFirst {
		sum.asked++
	}
	for _, key := range want {
		i := slices.IndexFunc(stand, func(p post) bool { return p.key == key })
		if i < 0 {
			a.say(missing, line, "%s does not stand", key)
			continue
		}
		sum.posts++
		if _, open := stand[i].ballot(r.name()); open || stand[i].taste {
			a.say(wrong, line, "%s is not revealed: %s", key, stand[i].text)
		}
		if _, ok := stand[i].announces(); ok && shown.N() > 0 {
			one, two := said(t.Models[0].Name, stand[i].text), said(t.Models[1].Name, stand[i].text)
			if one != shown.First || two != shown.Second {
				a.say(wrong, line, "%s says %d to %d, and the votes are %v:\n%s", key, one, two, shown, stand[i].text)
			}
		}
	}
}
