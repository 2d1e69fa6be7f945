package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/stats"
)

// mostViewed is how many of a place's newest tastings View shows.
const mostViewed = 30

// View returns what stands at a place, oldest first, as viewer may see it.
func (b *Bot) View(ctx context.Context, at bot.Place, viewer bot.Voter) ([]bot.Shown, error) {
	ts, err := b.store.Tastings(ctx, at.Workspace, bot.Query{
		Channel: at.Channel, Limit: mostViewed,
		States: []bot.State{bot.Posting, bot.Open, bot.Closing, bot.Closed, bot.Revealed, bot.Cancelled, bot.Failed},
	})
	if err != nil {
		return nil, fmt.Errorf("look for tastings: %w", err)
	}
	b.foreseeOutcomes(ctx, ts)
	var all []bot.Shown
	for _, t := range ts {
		shown, err := b.viewTasting(ctx, t, at, viewer)
		if err != nil {
			return nil, err
		}
		all = append(all, shown...)
	}
	if at == channelOf(at) {
		digests, err := b.viewDigests(ctx, at, viewer)
		if err != nil {
			return nil, err
		}
		all = append(all, digests...)
	}
	slices.SortStableFunc(all, func(x, y bot.Shown) int { return x.On.Compare(y.On) })
	return all, nil
}

// viewTasting returns a tasting's posts at a place; those in its thread stand
// below its head or only ballot.
func (b *Bot) viewTasting(ctx context.Context, t bot.Tasting, at bot.Place, viewer bot.Voter) ([]bot.Shown, error) {
	posts, err := b.store.Posts(ctx, t.ID)
	if err != nil {
		return nil, fmt.Errorf("posts of tasting %v: %w", t.ID, err)
	}
	var top, below []bot.Shown
	for _, p := range posts {
		if p.Key.What == bot.AnnouncementPost && t.RevealedAt.IsZero() {
			continue // said, but not noted yet
		}
		said, err := b.compose(ctx, t, p.Key)
		if err != nil {
			return nil, err
		}
		if said, err = b.personal(ctx, t, said, viewer); err != nil {
			return nil, err
		}
		s := bot.Shown{Posted: p, Post: said}
		if _, open := said.(bot.Ballot); open && t.State.TakesVotes() && slices.Contains(t.Barred, viewer.User) {
			s.Barred = compose.KnowsSides()
		}
		if p.Key.What == bot.BallotPost && !isRemoved(t, p.Key.Round) {
			if s.Taps, err = b.taps(ctx, t, p.Key.Round, viewer); err != nil {
				return nil, err
			}
		}
		s = unswayed(t, s)
		if p.At == at {
			top = append(top, s)
		} else {
			below = append(below, s)
		}
	}
	if len(top) > 0 {
		top[0].Thread = below
	}
	return top, nil
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
		picks, err := b.picks(ctx, t, viewer)
		if err != nil {
			return nil, err
		}
		p.Mine, _ = compose.Mine(t, picks)
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
	if !ballot || !s.Barred.IsZero() || !p.Removed.IsZero() {
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

// taps are the emoji under a reaction ballot, with who put them there.
func (b *Bot) taps(ctx context.Context, t bot.Tasting, n int, viewer bot.Voter) ([]bot.Tapped, error) {
	rows, err := b.store.Votes(ctx, t.ID.Round(n))
	if err != nil {
		return nil, fmt.Errorf("votes of round %v: %w", t.ID.Round(n), err)
	}
	taps := make([]bot.Tapped, len(bot.Choices))
	for i, c := range bot.Choices {
		taps[i] = bot.Tapped{Choice: c.Choice, Emoji: c.Emoji}
		for _, v := range rows {
			if v.Pick() != c.Choice.Pick(t.FlipFor(n, v.Voter.User)) {
				continue
			}
			taps[i].Users = append(taps[i].Users, v.Voter.User)
			taps[i].Mine = taps[i].Mine || v.Voter == viewer
		}
	}
	return taps, nil
}

// viewDigests are the digests that stand in a channel, as a chat without a memory of
// its own shows them: without their menu for those who may not use it.
func (b *Bot) viewDigests(ctx context.Context, at bot.Place, viewer bot.Voter) ([]bot.Shown, error) {
	posts, err := b.store.Posts(ctx, bot.TastingID{Workspace: at.Workspace})
	if err != nil {
		return nil, fmt.Errorf("posts of no tasting: %w", err)
	}
	posts = slices.DeleteFunc(posts, func(p bot.Posted) bool { _, ok := p.Key.Digest(); return !ok || p.At != at })
	var all []bot.Shown
	for _, p := range posts[max(0, len(posts)-mostDigests):] {
		until, _ := p.Key.Digest()
		d, week, _, err := b.digestAlone(ctx, at, until)
		if err != nil {
			return nil, err
		}
		if !b.admin(ctx, at, viewer.User) {
			d.Menu = nil
		}
		if len(week.Revealed) > 0 {
			all = append(all, bot.Shown{Posted: p, Post: bot.Speak(d, b.Voice(ctx, at))})
		}
	}
	return all, nil
}

// mostDigests is how many of a place's newest digests View shows.
const mostDigests = 4
