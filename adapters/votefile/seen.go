package votefile

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// Seen returns the votes behind a page of results: of what was revealed at a place, as
// far as f wants it, with what was asked and answered. Of control pairs and repeats,
// which no page breaks down, it has none.
//
// It tells whoever may see the page no more than that does. Of a private ballot a row
// is a vote of nobody at no time: all of a round are its counts, and rounds whose
// counts would tell who voted for what are left out. Voters of reaction ballots, whom
// everybody saw, have a pseudonym that no other export has.
func Seen(ctx context.Context, s bot.Store, at bot.Place, f bot.Filter) ([]Row, error) {
	key, err := s.Secret(ctx, "results export")
	if err != nil {
		return nil, fmt.Errorf("read the key of the pseudonyms: %w", err)
	}
	ts, err := s.Tastings(ctx, at.Workspace, bot.Query{Exactly: []string{at.Channel, bot.Root(at)}, States: []bot.State{bot.Revealed}})
	if err != nil {
		return nil, fmt.Errorf("list revealed tastings: %w", err)
	}
	slices.Reverse(ts)
	names := distinctNames(ts)
	var rows []Row
	for i := range ts {
		t := &ts[i]
		if !f.Wants(t) {
			continue
		}
		for _, n := range t.Tasted() {
			if r := &t.Rounds[n-1]; !f.WantsRound(r) || t.Withheld(r) {
				continue
			}
			rs, err := roundRows(ctx, s, *t, n, names, true)
			if err != nil {
				return nil, fmt.Errorf("read round %v: %w", t.ID.Round(n), err)
			}
			for i := range rs {
				rs[i] = rs[i].seen(key, *t)
			}
			slices.SortFunc(rs, func(a, b Row) int {
				return cmp.Or(cmp.Compare(a.Judge, b.Judge), cmp.Compare(a.Winner, b.Winner), cmp.Compare(a.Tstamp, b.Tstamp))
			})
			rows = append(rows, rs...)
		}
	}
	return rows, nil
}

// seen is the row without what the page does not show.
func (row Row) seen(key []byte, t bot.Tasting) Row {
	row.System, row.Cards, row.Full = "", nil, nil
	if t.Ballot != bot.Private {
		row.Judge = pseudonym(key, bot.Voter{Workspace: t.ID.Workspace, User: row.Judge})
		return row
	}
	if row.FirstModel == "model_b" { // the sides that somebody saw are theirs alone
		row.ModelA, row.ModelB = row.ModelB, row.ModelA
		row.FingerprintA, row.FingerprintB = row.FingerprintB, row.FingerprintA
		row.AnswerA, row.AnswerB = row.AnswerB, row.AnswerA
		switch row.Winner {
		case winners[bot.Left]:
			row.Winner = winners[bot.Right]
		case winners[bot.Right]:
			row.Winner = winners[bot.Left]
		}
	}
	row.FirstModel, row.SideKnown, row.Judge, row.Position, row.Changes = "model_a", false, "", 0, 0
	row.Tstamp = float64(t.ClosedAt.Unix())
	return row
}
