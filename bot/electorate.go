package bot

import (
	"context"
	"time"
)

// An Electorate says whose votes count in a tasting that anybody can join. Each
// field that is set is a condition, and a voter must meet all of them: on a
// private ballot when they begin to taste, on a reaction ballot when voting has
// closed. The zero value is everybody.
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
	// described at a time. Whoever has left counts no more, if e asks for more
	// than an age. An error: that could not be found out; ErrRefused, nor ever.
	Elects(ctx context.Context, at Place, user string, e Electorate, since time.Time) (bool, error)
}
