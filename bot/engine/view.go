package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/stats"
)

// mostViewed is how many of a place's newest tastings View shows.
const mostViewed = 30

// View returns what stands at a place, oldest first, as viewer may see it.
func (b *Bot) View(ctx context.Context, at bot.Place, viewer bot.Voter) ([]bot.Shown, error) {
	seen, err := b.sights.join(ctx, at, b.sight)
	if err != nil {
		return nil, err
	}
	var all []bot.Shown
	for _, s := range seen {
		shown, err := b.seenBy(ctx, s, viewer)
		if err != nil {
			return nil, err
		}
		for _, below := range s.below {
			s, err := b.seenBy(ctx, below, viewer)
			if err != nil {
				return nil, err
			}
			shown.Thread = append(shown.Thread, s)
		}
		all = append(all, shown)
	}
	return all, nil
}

// A sight is a post as it stands, with nothing in it of whoever looks.
type sight struct {
	bot.Posted
	post    bot.Post
	tasting bot.Tasting // zero of a digest
	taps    []bot.Tapped
	tapped  map[string]bot.Choice // what each user tapped
	below   []sight
}

// sights lets a place be read once for all who look at the same time. Whoever joins is
// given what was read after that, so that people see what they have just done. The
// zero value is ready.
type sights struct {
	mu   sync.Mutex
	next map[bot.Place]*sighting // that has not begun; nil while one is under way and nobody waits
}

type sighting struct {
	done chan struct{} // closed when seen or err is there
	seen []sight
	err  error
}

func (x *sights) join(ctx context.Context, at bot.Place, read func(context.Context, bot.Place) ([]sight, error)) ([]sight, error) {
	x.mu.Lock()
	if x.next == nil {
		x.next = make(map[bot.Place]*sighting)
	}
	next, busy := x.next[at]
	if next == nil {
		next = &sighting{done: make(chan struct{})}
		x.next[at] = next
	}
	if !busy {
		go x.run(context.WithoutCancel(ctx), at, read) // others wait for it by then
	}
	x.mu.Unlock()
	select {
	case <-next.done:
		return next.seen, next.err
	case <-ctx.Done():
		return nil, fmt.Errorf("look at %s: %w", at.Channel, ctx.Err())
	}
}

// run reads a place for as long as somebody waits for it.
func (x *sights) run(ctx context.Context, at bot.Place, read func(context.Context, bot.Place) ([]sight, error)) {
	for {
		x.mu.Lock()
		now := x.next[at]
		if now == nil {
			delete(x.next, at)
			x.mu.Unlock()
			return
		}
		x.next[at] = nil
		x.mu.Unlock()
		func() {
			defer close(now.done)
			defer recovered(&now.err)
			now.seen, now.err = read(ctx, at)
		}()
	}
}

// sight reads what stands at a place, oldest first.
func (b *Bot) sight(ctx context.Context, at bot.Place) ([]sight, error) {
	ts, err := b.store.Tastings(ctx, at.Workspace, bot.Query{
		Channel: at.Channel, Limit: mostViewed,
		States: []bot.State{bot.Posting, bot.Open, bot.Closing, bot.Closed, bot.Revealed, bot.Cancelled, bot.Failed},
	})
	if err != nil {
		return nil, fmt.Errorf("look for tastings: %w", err)
	}
	b.foreseeOutcomes(ctx, ts)
	var all []sight
	for _, t := range ts {
		seen, err := b.sightTasting(ctx, t, at)
		if err != nil {
			return nil, err
		}
		all = append(all, seen...)
	}
	if at == channelOf(at) {
		digests, err := b.sightDigests(ctx, at)
		if err != nil {
			return nil, err
		}
		all = append(all, digests...)
	}
	slices.SortStableFunc(all, func(x, y sight) int { return x.On.Compare(y.On) })
	return all, nil
}

// sightTasting returns a tasting's posts at a place; those in its thread stand
// below its head or only ballot.
func (b *Bot) sightTasting(ctx context.Context, t bot.Tasting, at bot.Place) ([]sight, error) {
	posts, err := b.store.Posts(ctx, t.ID)
	if err != nil {
		return nil, fmt.Errorf("posts of tasting %v: %w", t.ID, err)
	}
	var top, below []sight
	for _, p := range posts {
		if p.Key.What == bot.AnnouncementPost && t.RevealedAt.IsZero() {
			continue // said, but not noted yet
		}
		s := sight{Posted: p, tasting: t}
		if s.post, err = b.compose(ctx, t, p.Key); err != nil {
			return nil, err
		}
		if p.Key.What == bot.BallotPost && !isRemoved(t, p.Key.Round) {
			if s.taps, s.tapped, err = b.taps(ctx, t, p.Key.Round); err != nil {
				return nil, err
			}
		}
		if p.At == at {
			top = append(top, s)
		} else {
			below = append(below, s)
		}
	}
	if len(top) > 0 {
		top[0].below = below
	}
	return top, nil
}

// seenBy is a post as viewer may see it. What others see is not touched.
func (b *Bot) seenBy(ctx context.Context, s sight, viewer bot.Voter) (bot.Shown, error) {
	shown := bot.Shown{Posted: s.Posted, Post: s.post}
	if d, ok := s.post.(bot.Digest); ok {
		if !b.admin(ctx, s.At, viewer.User) {
			d.Menu = nil
		}
		shown.Post = d
		return shown, nil
	}
	t := s.tasting
	var err error
	if shown.Post, err = b.personal(ctx, t, s.post, viewer); err != nil {
		return shown, err
	}
	barred := t.State.TakesVotes() && slices.Contains(t.Barred, viewer.User)
	if _, open := s.post.(bot.Ballot); open && barred {
		shown.Barred = compose.KnowsSides()
	}
	shown.Taps = slices.Clone(s.taps)
	if mine := s.tapped[viewer.User]; mine != "" && viewer.Workspace == t.ID.Workspace {
		for i := range shown.Taps {
			shown.Taps[i].Mine = shown.Taps[i].Choice == mine
		}
	}
	if barred {
		return knowing(t, shown), nil
	}
	return unswayed(t, shown), nil
}

// knowing says to whoever knows who wrote what that their vote does not count, and
// that nothing is hidden from them: they have no vote to be swayed in.
func knowing(t bot.Tasting, s bot.Shown) bot.Shown {
	who := bot.Say("Everyone who has voted here can see who tapped what, and so can you.")
	switch p := s.Post.(type) {
	case bot.Head:
		p.Main = nil
		if t.Ballot == bot.Reaction {
			p.Privacy = who
		}
		p.Privacy = bot.Prose(compose.KnowsSides(), p.Privacy)
		s.Post = p
	case bot.Ballot:
		if p.Removed.IsZero() {
			p.Privacy = who
		}
		s.Post = p
	}
	return s
}

// personal makes a post fit its viewer, where a chat shows each person a page of
// their own: the menu is left out for those who may not use it, and the button
// says how far they have come, and a reveal how they voted.
func (b *Bot) personal(ctx context.Context, t bot.Tasting, p bot.Post, viewer bot.Voter) (bot.Post, error) {
	from := bot.Place{Workspace: viewer.Workspace, Channel: t.Place.Channel}
	may := b.may(ctx, command.Owner, from, viewer.User, &t) == nil
	switch p := p.(type) {
	case bot.Head:
		if !may {
			p.Menu = forAnybody(p.Menu)
		}
		if p.Main == nil {
			return p, nil
		}
		done := 0
		for _, n := range t.Live() {
			v, err := b.store.Vote(ctx, t.ID.Round(n), viewer)
			if err != nil {
				return nil, fmt.Errorf("read a vote in round %v: %w", t.ID.Round(n), err)
			}
			done += stats.Bit(v.Pick() != bot.None)
		}
		main := *p.Main
		switch {
		case done == t.DeckSize():
			main.Label, main.Primary = bot.Say("Look again"), false
		case done > 0 && t.Deal.Plain > 0 && len(t.Removed()) > 0: // of how many, differs
			main.Label = bot.Say("Continue")
		case done > 0:
			main.Label = bot.Say("Continue ({done} of {live})", bot.Count(done), bot.Count(t.DeckSize()))
		}
		p.Main = &main
		return p, nil
	case bot.Announcement:
		if viewer.User == "" {
			return p, nil
		}
		picks, err := b.picks(ctx, []bot.Tasting{t}, viewer)
		if err != nil {
			return nil, err
		}
		p.Mine, _ = compose.Mine(t, picks[0])
		return p, nil
	case bot.Ballot:
		if !may {
			p.Menu = forAnybody(p.Menu)
		}
		return p, nil
	}
	return p, nil
}

// forAnybody is what of a menu anybody may use.
func forAnybody(menu []bot.Button) []bot.Button {
	return slices.DeleteFunc(slices.Clone(menu), func(b bot.Button) bool {
		return !strings.HasSuffix(b.ID, "/status") && !strings.HasSuffix(b.ID, compose.Remind)
	})
}

// unswayed hides what the others tapped from whoever may still vote and has not:
// a look first sways. How many have voted stands there all the same.
func unswayed(t bot.Tasting, s bot.Shown) bot.Shown {
	if !t.State.TakesVotes() || t.Ballot != bot.Reaction {
		return s
	}
	later := bot.Say("How others voted is shown once you have voted yourself.")
	if h, head := s.Post.(bot.Head); head {
		h.Privacy = later
		s.Post = h
		return s
	}
	p, ballot := s.Post.(bot.Ballot)
	if !ballot || !p.Removed.IsZero() {
		return s
	}
	if slices.ContainsFunc(s.Taps, func(x bot.Tapped) bool { return x.Mine }) {
		p.Privacy = bot.Say("Everyone who has voted here can see who tapped what.")
	} else {
		p.Privacy = later
		for i := range s.Taps {
			s.Taps[i].Users = nil
		}
	}
	s.Post = p
	return s
}

// taps are the emoji under a reaction ballot, with who put them there, and what each
// of those tapped.
func (b *Bot) taps(ctx context.Context, t bot.Tasting, n int) ([]bot.Tapped, map[string]bot.Choice, error) {
	rows, err := b.store.Votes(ctx, t.ID.Round(n))
	if err != nil {
		return nil, nil, fmt.Errorf("votes of round %v: %w", t.ID.Round(n), err)
	}
	taps, tapped := make([]bot.Tapped, len(bot.Choices)), make(map[string]bot.Choice)
	for i, c := range bot.Choices {
		taps[i] = bot.Tapped{Choice: c.Choice, Emoji: c.Emoji}
		for _, v := range rows {
			if v.Pick() != c.Choice.Pick(t.FlipFor(n, v.Voter.User)) {
				continue
			}
			taps[i].Users = append(taps[i].Users, v.Voter.User)
			tapped[v.Voter.User] = c.Choice
		}
	}
	return taps, tapped, nil
}

// sightDigests are the digests that stand in a channel, as a chat without a memory of
// its own shows them.
func (b *Bot) sightDigests(ctx context.Context, at bot.Place) ([]sight, error) {
	posts, err := b.store.Posts(ctx, bot.TastingID{Workspace: at.Workspace})
	if err != nil {
		return nil, fmt.Errorf("posts of no tasting: %w", err)
	}
	posts = slices.DeleteFunc(posts, func(p bot.Posted) bool { _, ok := p.Key.Digest(); return !ok || p.At != at })
	var all []sight
	for _, p := range posts[max(0, len(posts)-mostDigests):] {
		until, _ := p.Key.Digest()
		d, week, _, err := b.digestAlone(ctx, at, until)
		if err != nil {
			return nil, err
		}
		if len(week.Revealed) > 0 {
			all = append(all, sight{Posted: p, post: bot.Speak(d, b.Voice(ctx, at))})
		}
	}
	return all, nil
}

// mostDigests is how many of a place's newest digests View shows.
const mostDigests = 4
