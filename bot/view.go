package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/tastetest/tastetest/bot/stats"
)

// mostViewed is how many of a place's newest tastings View shows.
const mostViewed = 30

// View returns what stands at a place, oldest first, as viewer may see it.
func (b *Bot) View(ctx context.Context, at Place, viewer Voter) ([]Shown, error) {
	ts, err := b.store.Tastings(ctx, at.Workspace, Query{
		Channel: at.Channel, Limit: mostViewed,
		States: []State{Posting, Open, Closing, Closed, Revealed, Cancelled, Failed},
	})
	if err != nil {
		return nil, fmt.Errorf("look for tastings: %w", err)
	}
	var all []Shown
	for _, t := range ts {
		shown, err := b.viewTasting(ctx, t, at, viewer)
		if err != nil {
			return nil, err
		}
		all = append(all, shown...)
	}
	slices.SortStableFunc(all, func(x, y Shown) int { return x.On.Compare(y.On) })
	return all, nil
}

// viewTasting returns a tasting's posts at a place; those in its thread stand
// below its head or only ballot.
func (b *Bot) viewTasting(ctx context.Context, t Tasting, at Place, viewer Voter) ([]Shown, error) {
	posts, err := b.store.Posts(ctx, t.ID)
	if err != nil {
		return nil, fmt.Errorf("posts of tasting %v: %w", t.ID, err)
	}
	var top, below []Shown
	for _, p := range posts {
		if p.Key.What == announcementPost && t.RevealedAt.IsZero() {
			continue // said, but not noted yet
		}
		said, err := b.compose(ctx, t, p.Key)
		if err != nil {
			return nil, err
		}
		if said, err = b.personal(ctx, t, said, viewer); err != nil {
			return nil, err
		}
		s := Shown{Posted: p, Post: said}
		if _, open := said.(Ballot); open && t.State.TakesVotes() && slices.Contains(t.Barred, viewer.User) {
			s.Barred = knowsSides
		}
		if p.Key.What == ballotPost {
			if s.Taps, err = b.taps(ctx, t, p.Key.Round, viewer); err != nil {
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
		top[0].Thread = below
	}
	return top, nil
}

// personal makes a post fit its viewer, where a chat shows each person a page of
// their own: the menu is left out for those who may not use it, and the button
// says how far they have come.
func (b *Bot) personal(ctx context.Context, t Tasting, p Post, viewer Voter) (Post, error) {
	from := Place{viewer.Workspace, t.Place.Channel}
	may := b.may(ctx, Owner, from, viewer.User, &t) == nil
	switch p := p.(type) {
	case Head:
		if !may {
			p.Menu = p.Menu[:min(1, len(p.Menu))] // Status
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
			done += stats.Bit(v.Pick() != None)
		}
		main := *p.Main
		switch {
		case done == len(t.Live()):
			main.Label, main.Primary = "Look again", false
		case done > 0:
			main.Label = fmt.Sprintf("Continue (%d of %d)", done, len(t.Live()))
		}
		p.Main = &main
		return p, nil
	case Ballot:
		if !may {
			p.Menu = p.Menu[:min(1, len(p.Menu))]
		}
		return p, nil
	}
	return p, nil
}

// taps are the emoji under a reaction ballot, with who put them there: on such
// a ballot everybody sees that, as in any chat.
func (b *Bot) taps(ctx context.Context, t Tasting, n int, viewer Voter) ([]Tapped, error) {
	rows, err := b.store.Votes(ctx, t.ID.Round(n))
	if err != nil {
		return nil, fmt.Errorf("votes of round %v: %w", t.ID.Round(n), err)
	}
	taps := make([]Tapped, len(Choices))
	for i, c := range Choices {
		taps[i] = Tapped{Choice: c.Choice, Emoji: c.Emoji}
		for _, v := range rows {
			if v.Pick() != c.Choice.Pick(t.flipFor(n, v.Voter.User)) {
				continue
			}
			taps[i].Users = append(taps[i].Users, v.Voter.User)
			taps[i].Mine = taps[i].Mine || v.Voter == viewer
		}
	}
	return taps, nil
}
