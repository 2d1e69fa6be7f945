package bot

import (
	"context"
	"fmt"
)

func (b *Bot) results(ctx context.Context, t Tasting) (Reply, error) {
	if t.State != Revealed && t.State != Closed { // closed: the reveal is being posted
		return Reply{}, UserError(fmt.Sprintf("Taste test %v has no results yet: %s", t.ID, stateLine(t)))
	}
	a, err := b.announcement(ctx, t, mostAnswer)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Post: a}, nil
}
