package bot

import (
	"context"
	"fmt"
	"strings"
)

func forgetQuestion() Reply {
	return Reply{Post: Notice{
		Title: "Forget you?",
		Text: "In open tastings your votes are dropped and you cannot vote in them again; please take your emoji away too.\n" +
			"In revealed ones a random name takes your place, and the counts stay as they are.\n" +
			"Messages in the chat and old backups are beyond my reach.",
		Buttons: []Button{{ID: "forget-me", Label: "Forget me", Danger: true}},
	}}
}

func (b *Bot) forget(ctx context.Context, v Voter) (Reply, error) {
	open, err := b.store.Forget(ctx, v)
	if err != nil {
		return Reply{}, fmt.Errorf("forget somebody: %w", err)
	}
	b.known.forget()
	text := "Done. Your votes and your name are out of my memory."
	var react []string
	for _, id := range open {
		if t, err := b.store.Tasting(ctx, id.TastingID); err == nil && t.Ballot == Reaction {
			react = append(react, id.String())
		}
	}
	if len(react) > 0 {
		text += " Please take your emoji away from the open ballots: round " + strings.Join(react, ", ") + "."
	}
	return Reply{Post: Notice{Text: text + " Messages in the chat and old backups are beyond my reach."}}, nil
}
