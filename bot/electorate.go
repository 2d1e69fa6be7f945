package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot/text"
)

// An Electorate says whose votes count in a tasting that anybody can join:
// those of whom all that is set holds. The zero value is everybody.
type Electorate struct {
	Group  string        // is in this group, by ID: a role
	Called string        // that group's name
	Age    time.Duration // has had an account for so long
	Before bool          // was there before the tasting was described
}

// An Electing chat knows its members.
type Electing interface {
	// Group finds a group by its ID or its name. A UserError: there is none.
	Group(ctx context.Context, at Place, called string) (id, name string, err error)

	// Elects reports whether user's vote counts under e in a tasting that was
	// described at a time. An error: that could not be found out.
	Elects(ctx context.Context, at Place, user string, e Electorate, since time.Time) (bool, error)
}

// parseElectorate understands "@role", "30d", "joined", or several of them.
func parseElectorate(s string) (Electorate, error) {
	var e Electorate
	for _, w := range strings.FieldsFunc(plain.Replace(s), func(r rune) bool { return r == ',' || r == ' ' }) {
		days, err := strconv.Atoi(strings.TrimSuffix(w, "d"))
		group := strings.Trim(w, "<@&>")
		switch {
		case w == "joined":
			e.Before = true
		case strings.HasSuffix(w, "d") && err == nil && days > 0 && days < 10000:
			e.Age = time.Duration(days) * 24 * time.Hour
		case strings.HasPrefix(strings.TrimPrefix(w, "<"), "@") && group != "":
			e.Group = group
		default:
			return e, UserError(fmt.Sprintf("I do not understand “%s” in voters=. It takes a role (@members), the age of an account (30d), joined (here before it opened), or several of them: voters=\"30d joined\"", text.Clip(w)))
		}
	}
	return e, nil
}

// Electorate says in words whose votes count: "people who have the role @members and
// were here before it was started".
func (e Electorate) String() string {
	var all []string
	if e.Group != "" {
		all = append(all, "have the role "+cmp.Or(e.Called, e.Group))
	}
	if e.Age > 0 {
		all = append(all, "have had their account for "+plural(int(e.Age.Hours()/24), "day", "days"))
	}
	if e.Before {
		all = append(all, "were here before it was started")
	}
	return "people who " + strings.Join(all, " and ")
}

// elect fills in whose votes count.
func (b *Bot) elect(ctx context.Context, t *Tasting, w wish) (err error) {
	if w.voters == "" {
		return nil
	}
	if t.Voters, err = parseElectorate(w.voters); err != nil {
		return err
	}
	if t.Ballot != Private {
		return UserError("Whose votes count can be limited on private ballots only. Add ballot=private")
	}
	chat, ok := b.chats[t.Place.Platform].(Electing)
	if !ok {
		return UserError("This chat does not tell who its members are, so voters= cannot limit whose votes count.")
	}
	if t.Voters.Group != "" {
		if t.Voters.Group, t.Voters.Called, err = chat.Group(ctx, t.Place, t.Voters.Group); err != nil {
			return fmt.Errorf("look up whose votes count: %w", err)
		}
	}
	return nil
}

// admit finds out, when somebody begins to taste, whether their votes count.
// They may taste all the same; what they vote is counted apart.
func (b *Bot) admit(ctx context.Context, t Tasting, at Place, user string) (Tasting, error) {
	if t.Voters == (Electorate{}) || !t.State.TakesVotes() || slices.Contains(t.Outside, user) {
		return t, nil
	}
	chat, ok := b.chats[at.Platform].(Electing)
	if !ok {
		return t, fmt.Errorf("chat %q does not know its members", at.Platform)
	}
	counts, err := chat.Elects(ctx, at, user, t.Voters, t.Created)
	if err != nil {
		return t, fmt.Errorf("find out whether a vote counts: %w", err)
	}
	if counts {
		return t, nil
	}
	err = b.store.Update(ctx, t.ID, t.State, func(t *Tasting) error {
		if !slices.Contains(t.Outside, user) {
			t.Outside = append(t.Outside, user)
		}
		return nil
	})
	if err != nil && !errors.Is(err, ErrMoved) {
		return t, fmt.Errorf("note whose votes count apart: %w", err)
	}
	return b.store.Tasting(ctx, t.ID)
}

// countApart adds up, when a tasting is sealed, the votes of those outside its
// electorate, and forgets who they were. It runs after count.
func (t *Tasting) countApart(outside []Vote) {
	t.Outside, t.Outsiders = nil, len(tasters(outside))
	for _, v := range outside {
		if r := t.Rounds[v.Round.Round-1]; r.Kind == Plain && !t.withheld(&r) {
			t.Apart = t.Apart.Add(v.Pick().tally())
		}
	}
}

// apartNote says what the result would be with those who were left out. Of
// very few it would tell who voted for what.
func (o outcome) apartNote() string {
	t := o.t
	if t.Voters == (Electorate{}) {
		return ""
	}
	note := fmt.Sprintf("Counted are %s; %s left out.", t.Voters.String(), plural(t.Outsiders, "other person was", "other people were"))
	if t.Outsiders >= tooFewToBreakDown {
		note += " With them: " + summary(bars(t.names(), o.total.Add(t.Apart), 0)) + "."
	}
	return note
}
