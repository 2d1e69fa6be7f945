package discordfake

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// ManageThreads is the permission that a moderator of threads has.
const ManageThreads = 1 << 34

// A thread is how a thread's sleep goes. Discord's documentation says: it is
// archived after so many minutes without activity, which is a message, being
// taken out of the archive, or a change of these minutes; in the archive nobody
// edits messages, puts emoji or uses commands; a message takes it out, unless
// it is locked. Whoever may send messages takes it out too, unless it is locked;
// everything else of it is changed by those who have Manage Threads and, as the
// help centre says, by whoever opened it, while it is not locked.
type thread struct {
	Archived bool      `json:"-"`
	Locked   bool      `json:"-"` // once it is archived, only a moderator wakes it
	Owner    string    `json:"-"` // who opened it
	Minutes  int       `json:"-"` // without activity until it is archived; 0: a week
	Active   time.Time `json:"-"` // when it was opened, woken or its minutes were changed; zero: when it is first looked at
	last     string    // message
	Wakings  int       `json:"-"` // how often it was taken out of the archive
}

// sleepsAt is when a thread goes to sleep.
func (c Channel) sleepsAt() time.Time {
	n, _ := strconv.ParseInt(c.last, 10, 64)
	last := time.UnixMilli(n>>22 + 1420070400000)
	if c.Active.After(last) {
		last = c.Active
	}
	return last.Add(time.Duration(cmp.Or(c.Minutes, 7*24*60)) * time.Minute)
}

// grown is a channel as time has left it; the caller holds the lock.
func (f *Discord) grown(id string) (Channel, bool) {
	c, ok := f.Channels[id]
	if !ok || c.Type < 10 || c.Type > 12 {
		return c, ok
	}
	now := time.Now().Add(f.ahead)
	if c.Active.IsZero() {
		c.Active = now
	}
	for _, m := range f.Said.Messages(c.ID) {
		if m.Only == "" {
			c.last = m.ID
		}
	}
	if at := c.sleepsAt(); !c.Archived && now.After(at) {
		c.Archived, c.Active = true, at
	}
	f.Channels[id] = c
	return c, true
}

// Asleep reports whether a thread is in the archive.
func (f *Discord) Asleep(id string) bool {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	c, _ := f.grown(id)
	return c.Archived
}

// wake takes a thread out of the archive; the caller holds the lock.
func (f *Discord) wake(c Channel) Channel {
	if c.Archived {
		c.Archived, c.Active = false, time.Now().Add(f.ahead)
		c.Wakings++
	}
	f.Channels[c.ID] = c
	return c
}

// MarshalJSON writes a channel as Discord does: a thread says how it sleeps.
func (c Channel) MarshalJSON() ([]byte, error) {
	type plain Channel
	if c.Active.IsZero() {
		return json.Marshal(plain(c))
	}
	return json.Marshal(struct {
		plain
		Owner string         `json:"owner_id,omitempty"`
		Last  string         `json:"last_message_id,omitempty"`
		Meta  map[string]any `json:"thread_metadata"`
	}{plain(c), c.Owner, c.last, map[string]any{
		"archived": c.Archived, "locked": c.Locked, "auto_archive_duration": cmp.Or(c.Minutes, 7*24*60), "archive_timestamp": c.Active,
	}})
}

// changeThread is a PATCH of a thread.
func (f *Discord) changeThread(r *http.Request) (any, *refusal) {
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
	moderates := f.permissions(BotID)&ManageThreads != 0
	f.Mu.Lock()
	defer f.Mu.Unlock()
	wakes := body.Archived != nil && !*body.Archived
	switch {
	case moderates, wakes && body.Minutes == nil && !c.Locked, c.Owner == BotID && !c.Locked:
	default:
		return nil, &refusal{403, 50013, "Missing Permissions"}
	}
	if c.Archived && !wakes {
		return nil, &refusal{400, 50083, "Thread is archived"}
	}
	if wakes {
		c = f.wake(c)
	}
	if body.Minutes != nil && *body.Minutes != cmp.Or(c.Minutes, 7*24*60) {
		c.Minutes, c.Active = *body.Minutes, time.Now().Add(f.ahead)
	}
	c.Archived = body.Archived != nil && *body.Archived || c.Archived
	f.Channels[c.ID] = c
	return c, nil
}

func (f *Discord) openThread(r *http.Request) (any, *refusal) {
	parent, no := f.channel(r)
	if no != nil {
		return nil, no
	}
	if _, no := f.message(r); no != nil {
		return nil, no
	}
	var body struct {
		Name    string `json:"name"`
		Minutes int    `json:"auto_archive_duration"`
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil || body.Name == "" || units(body.Name) > 100 {
		return nil, &refusal{400, 50035, "Invalid Form Body: name"}
	}
	f.Mu.Lock()
	defer f.Mu.Unlock()
	if _, stands := f.Channels[r.PathValue("m")]; stands {
		return nil, &refusal{400, 160004, "A thread has already been created for this message"}
	}
	if parent.Type != 0 && parent.Type != 5 {
		return nil, &refusal{400, 50024, "Cannot execute action on this channel type"}
	}
	kind := 11
	if parent.Type == 5 {
		kind = 10
	}
	c := Channel{ID: r.PathValue("m"), Guild: parent.Guild, Parent: parent.ID, Type: kind, Name: body.Name}
	c.Owner, c.Minutes, c.Active = BotID, body.Minutes, time.Now().Add(f.ahead)
	f.Channels[c.ID] = c
	return c, nil
}
