package bot

import (
	"context"
	"fmt"
)

func (b *Bot) results(ctx context.Context, t Tasting) (Reply, error) {
	if err := known(t); err != nil {
		return Reply{}, err
	}
	a, err := b.announcement(ctx, t, mostAnswer)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Post: a}, nil
}

// known refuses to tell of a tasting that is not over.
func known(t Tasting) error {
	if t.State != Revealed && t.State != Closed { // closed: the reveal is being posted
		return UserError(fmt.Sprintf("Taste test %v has no results yet: %s", t.ID, stateLine(t)))
	}
	return nil
}
