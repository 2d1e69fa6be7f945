package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Schedule starts tastings in a channel by itself, at times that come again and
// again. Only admins set one up: nobody confirms what its runs cost.
type Schedule struct {
	N       uint64        `json:"n"`                // its number in the channel, from 1
	Thread  string        `json:"thread,omitempty"` // of the channel; "": in the channel itself
	Maker   string        `json:"maker,omitempty"`  // who set it up, or took it over: the starter of its runs. "": forgotten
	When    string        `json:"when"`             // its times as they were typed: "weekdays 10:00"
	Plan    string        `json:"plan"`             // and as five fields of cron
	Zone    string        `json:"zone,omitempty"`   // where none is set for the channel; an IANA name
	Models  []string      `json:"models,omitempty"` // the two that are named; none: the only two there are
	Options []Setting     `json:"options,omitempty"`
	Most    int64         `json:"most,omitempty"`        // pico-USD that a tasting may cost at most, as its maker confirmed
	Judges  int64         `json:"judges_most,omitempty"` // and its judges
	Block   int           `json:"block,omitempty"`       // so many runs are the rounds of one tasting; 0: each is a tasting
	State   ScheduleState `json:"state"`
	Why     Stored        `json:"why,omitzero"` // why it pauses; nothing: somebody paused it

	Made    time.Time `json:"made"`
	Since   time.Time `json:"since,omitzero"`    // accepted, or resumed: what was due before is not caught up
	Last    string    `json:"last,omitempty"`    // the latest occurrence that began or was left out, by its name
	Begun   string    `json:"begun,omitempty"`   // the same, while it is being done
	BegunAt time.Time `json:"begun_at,omitzero"` // since when
	Trouble Stored    `json:"trouble,omitzero"`  // why the latest run did not start, as its starter was told
	UsedUp  bool      `json:"used_up,omitempty"` // its starter was told that the prompts come again
}

// A ScheduleState says whether a schedule runs.
type ScheduleState string

const (
	ScheduleProposed ScheduleState = "proposed" // shown, and waiting for a yes; dropped after an hour
	ScheduleActive   ScheduleState = "active"
	SchedulePaused   ScheduleState = "paused"
)

// MostSchedules is how many a channel has at most: each has its buttons in the list.
const MostSchedules = 6

// ScheduleJob starts what is due of a schedule.
const ScheduleJob = "schedule"

// ScheduleJobKey names the job of a channel's n-th schedule.
func ScheduleJobKey(channel Place, n uint64) JobKey {
	return JobKey{channel.Workspace, ScheduleJob, fmt.Sprintf("%d/%s", n, channel.Channel)}
}

// Schedule returns the channel and the number of the schedule whose job it is; false
// if it is another kind of job.
func (k JobKey) Schedule() (channel Place, n uint64, ok bool) {
	number, name, _ := strings.Cut(k.Name, "/")
	n, err := strconv.ParseUint(number, 10, 64)
	return Place{k.Workspace, name}, n, k.Kind == ScheduleJob && err == nil
}

// In is the place at which a schedule of a channel starts tastings.
func (s Schedule) In(channel Place) Place {
	if s.Thread != "" {
		channel.Channel += "/" + s.Thread
	}
	return channel
}

// Option is what the start command of a schedule says for an option; "" nothing.
func (s Schedule) Option(name string) string {
	for _, o := range s.Options {
		if o.Name == name {
			return o.Value
		}
	}
	return ""
}

// Schedule returns a channel's n-th schedule, to be changed in place; nil if there is
// none.
func (s *Settings) Schedule(n uint64) *Schedule {
	i := slices.IndexFunc(s.Schedules, func(x Schedule) bool { return x.N == n })
	if i < 0 {
		return nil
	}
	return &s.Schedules[i]
}

// Forget takes a user's name out of s, and reports whether it was there.
func (s *Settings) Forget(user string) (found bool) {
	if s.Last.By == user {
		s.Last.By, found = "", true
	}
	for i := range s.Schedules {
		if s.Schedules[i].Maker == user {
			s.Schedules[i].Maker, found = "", true
		}
	}
	return found
}

// A Run says which schedule started a tasting. One that is a block opens its rounds
// one at a time, each by an occurrence, and all of them are fixed from the first on.
type Run struct {
	Schedule uint64   // its number in the channel
	Opened   []string // the occurrences that have begun, by their names: of a block, as many rounds are open
	Block    bool
	Shown    int // of a block: so many of the open rounds are posted
}

// Block reports whether t's rounds are opened one at a time.
func (t Tasting) Block() bool { return t.Run != nil && t.Run.Block }

// OpenedRounds are the rounds that people can see by now: all that are live, but of a
// block as many as have begun, those among them that were taken out too, so that no
// other comes before its time.
func (t Tasting) OpenedRounds() []int {
	if !t.Block() {
		return t.Live()
	}
	drawn := t.Drawn()
	return drawn[:min(len(drawn), len(t.Run.Opened))]
}

// unopened is why a round of a block is void that was still hidden at its end.
const unopened = "it was never opened"

// Unopened is that reason.
func Unopened() Stored { return Stored(Say(unopened)) }

// IsUnopened reports whether r is void for it: nobody has seen its prompt.
func (r Round) IsUnopened() bool { return Sentence(r.Reason).key == unopened }
