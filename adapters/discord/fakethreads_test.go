package discord_test

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// manageThreads is the permission that a moderator of threads has.
const manageThreads = 1 << 34

// A thread is how a thread's sleep goes. Discord's documentation says: it is
// archived after so many minutes without activity, which is a message, being
// taken out of the archive, or a change of these minutes; in the archive nobody
// edits messages, puts emoji or uses commands; a message takes it out, unless
// it is locked. Whoever may send messages takes it out too, unless it is locked;
// everything else of it is changed by those who have Manage Threads and, as the
// help centre says, by whoever opened it, while it is not locked.
type thread struct {
	archived bool
	locked   bool      // once it is archived, only a moderator wakes it
	owner    string    // who opened it
	minutes  int       // without activity until it is archived; 0: a week
	active   time.Time // when it was opened, woken or its minutes were changed; zero: when it is first looked at
	last     string    // message
	wakings  int       // out of the archive
}

// sleepsAt is when a thread goes to sleep.
func (c channel) sleepsAt() time.Time {
	n, _ := strconv.ParseInt(c.last, 10, 64)
	last := time.UnixMilli(n>>22 + 1420070400000)
	if c.active.After(last) {
		last = c.active
	}
	return last.Add(time.Duration(cmp.Or(c.minutes, 7*24*60)) * time.Minute)
}

// grown is a channel as time has left it; the caller holds the lock.
func (f *fake) grown(id string) (channel, bool) {
	c, ok := f.channels[id]
	if !ok || c.Type < 10 || c.Type > 12 {
		return c, ok
	}
	now := time.Now().Add(f.ahead)
	if c.active.IsZero() {
		c.active = now
	}
	for _, m := range f.said.Messages(c.ID) {
		if m.Only == "" {
			c.last = m.ID
		}
	}
	if at := c.sleepsAt(); !c.archived && now.After(at) {
		c.archived, c.active = true, at
	}
	f.channels[id] = c
	return c, true
}

// asleep reports whether a thread is in the archive.
func (f *fake) asleep(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, _ := f.grown(id)
	return c.archived
}

// wake takes a thread out of the archive; the caller holds the lock.
func (f *fake) wake(c channel) channel {
	if c.archived {
		c.archived, c.active = false, time.Now().Add(f.ahead)
		c.wakings++
	}
	f.channels[c.ID] = c
	return c
}

// MarshalJSON writes a channel as Discord does: a thread says how it sleeps.
func (c channel) MarshalJSON() ([]byte, error) {
	type plain channel
	if c.active.IsZero() {
		return json.Marshal(plain(c))
	}
	return json.Marshal(struct {
		plain
		Owner string         `json:"owner_id,omitempty"`
		Last  string         `json:"last_message_id,omitempty"`
		Meta  map[string]any `json:"thread_metadata"`
	}{plain(c), c.owner, c.last, map[string]any{
		"archived": c.archived, "locked": c.locked, "auto_archive_duration": cmp.Or(c.minutes, 7*24*60), "archive_timestamp": c.active,
	}})
}

// changeThread is a PATCH of a thread.
func (f *fake) changeThread(r *http.Request) (any, *refusal) {
	var body struct {
		Archived *bool `json:"archived"`
		Minutes  *int  `json:"auto_archive_duration"`
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil {
		return nil, &refusal{400, 50035, "Invalid Form Body"}
	}
	if body.Minutes != nil && !slices.Contains([]int{60, 1440, 4320, 10080}, *body.Minutes) {
		return nil, &refusal{400, 50035, "Invalid Form Body: auto_archive_duration"}
	}
	c, no := f.channel(r)
	if no != nil {
		return nil, no
	}
	moderates := f.permissions(botID)&manageThreads != 0
	f.mu.Lock()
	defer f.mu.Unlock()
	wakes := body.Archived != nil && !*body.Archived
	switch {
	case moderates, wakes && body.Minutes == nil && !c.locked, c.owner == botID && !c.locked:
	default:
		return nil, &refusal{403, 50013, "Missing Permissions"}
	}
	if c.archived && !wakes {
		return nil, &refusal{400, 50083, "Thread is archived"}
	}
	if wakes {
		c = f.wake(c)
	}
	if body.Minutes != nil && *body.Minutes != cmp.Or(c.minutes, 7*24*60) {
		c.minutes, c.active = *body.Minutes, time.Now().Add(f.ahead)
	}
	c.archived = body.Archived != nil && *body.Archived || c.archived
	f.channels[c.ID] = c
	return c, nil
}
