package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	api "github.com/slack-go/slack"
)

const (
	worthRoster = 30               // unknown people, from which on one list of all is quicker
	rosterLasts = 10 * time.Minute // a list, and a failure to get one
	mostPages   = 10               // of a list
	perPage     = 1000             // people
)

// A roster is a list of everybody in a workspace. The zero value is ready.
type roster struct {
	mu  sync.Mutex // held while it is read
	all []api.User
	err error
	at  time.Time

	part []api.User // of a list for which there was not enough time
	next string     // the cursor of its next page
}

// errLarge is a workspace whose people nobody lists.
var errLarge = errors.New("the workspace has too many people for a list")

// members returns everybody in the workspace, also those who have left, as of
// the last ten minutes. errLarge.
func (t *team) members(ctx context.Context, r rank) ([]api.User, error) {
	t.roster.mu.Lock()
	defer t.roster.mu.Unlock()
	if time.Since(t.roster.at) < rosterLasts {
		return t.roster.all, t.roster.err
	}
	all, err := t.list(ctx, r)
	if ctx.Err() != nil {
		return nil, err // whoever asks next goes on from there
	}
	t.roster.part, t.roster.next = nil, ""
	t.roster.all, t.roster.err, t.roster.at = all, err, time.Now()
	for _, u := range all {
		t.people.put(u.ID, t.personOf(u))
	}
	return all, err
}

func (t *team) list(ctx context.Context, r rank) ([]api.User, error) {
	l := &t.roster
	pages := t.api.GetUsersPaginated(api.GetUsersOptionLimit(perPage), api.GetUsersOptionIncludeLocale(false), api.GetUsersOptionCursor(l.next))
	for {
		if len(l.part) >= mostPages*perPage {
			return nil, errLarge
		}
		err := t.budget.list.call(ctx, r, func() error {
			next, err := pages.Next(ctx)
			if err == nil {
				pages = next
			}
			return err
		})
		if err != nil {
			return nil, explain("list the people of a workspace", err)
		}
		l.part, l.next = append(l.part, pages.Users...), pages.Cursor
		if l.next == "" {
			return l.part, nil
		}
	}
}

// introduce learns who has put an emoji on a message, all at once if that is
// quicker than one after another. Whoever is not among the members, such as
// people of other organisations, is asked about later.
func (t *team) introduce(ctx context.Context, log *slog.Logger, item api.ReactedItem) {
	unknown := make(map[string]bool)
	for _, r := range item.Reactions {
		for _, user := range r.Users {
			if _, ok := t.people.get(user, voterLasts); !ok {
				unknown[user] = true
			}
		}
	}
	if len(unknown) < worthRoster {
		return
	}
	if _, err := t.members(ctx, soon); err != nil && ctx.Err() == nil {
		log.Debug(fmt.Sprintf("%d people are asked about one by one", len(unknown)), "workspace", t.Name, "err", err)
	}
}
