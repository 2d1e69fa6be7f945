package bot

import (
	"context"
	"strconv"
	"time"
)

// A JobKey names something that falls due: there is one job of a name.
type JobKey struct {
	Workspace        // zero: of the whole program
	Kind      string // one of the constants below, JudgeJob or JudgedJob
	Name      string // within its kind; the number of a tasting, for example
}

// Kinds of jobs.
const (
	TastingJob   = "tasting"   // the next step of a tasting, which falls due by its Wake
	RetentionJob = "retention" // to delete what is older than the retention
	LookJob      = "look"      // at the votes of a tasting while they come in
	BackupJob    = "backup"    // a copy of the store
	RemoveJob    = "remove"    // the answers of rounds of a tasting that were taken out
	DigestJob    = "digest"    // the next digest of a channel
)

func (k JobKey) String() string {
	s := k.Kind
	for _, part := range []string{k.Platform, k.ID, k.Name} {
		if part != "" {
			s += "/" + part
		}
	}
	return s
}

// Job returns the key of a tasting's next step. A [Store] keeps that job by
// itself: it is there until the tasting is settled.
func (id TastingID) Job() JobKey {
	return JobKey{id.Workspace, TastingJob, id.String()}
}

// Tasting returns the tasting whose next step the job is; false if it is
// another kind of job.
func (k JobKey) Tasting() (TastingID, bool) {
	id, ok := k.Workspace.Tasting(k.Name)
	return id, ok && k.Kind == TastingJob
}

// LookJob returns the key of the job that looks at a tasting's votes while they
// come in.
func (id TastingID) LookJob() JobKey {
	return JobKey{id.Workspace, LookJob, id.String()}
}

// LooksAt returns the tasting whose votes the job looks at; false if it is
// another kind of job.
func (k JobKey) LooksAt() (TastingID, bool) {
	n, err := strconv.ParseUint(k.Name, 10, 64)
	return TastingID{k.Workspace, n}, k.Kind == LookJob && err == nil
}

// RemoveJob returns the key of the job that removes the answers of a tasting's rounds
// that were taken out.
func (id TastingID) RemoveJob() JobKey {
	return JobKey{id.Workspace, RemoveJob, id.String()}
}

// Removes returns the tasting whose answers the job removes; false if it is another
// kind of job.
func (k JobKey) Removes() (TastingID, bool) {
	n, err := strconv.ParseUint(k.Name, 10, 64)
	return TastingID{k.Workspace, n}, k.Kind == RemoveJob && err == nil
}

// DigestJob returns the key of a channel's next digest.
func (p Place) DigestJob() JobKey { return JobKey{p.Workspace, DigestJob, p.Channel} }

// Digests returns the channel whose digest the job is; false if it is another kind
// of job.
func (k JobKey) Digests() (Place, bool) {
	return Place{k.Workspace, k.Name}, k.Kind == DigestJob
}

// A Job is what [Store.Take] gives.
type Job struct {
	Key  JobKey
	Due  time.Time // when it fell due
	Past           // what the last Finish said
	Term uint64    // tells this holder from all before and after. Opaque
}

// A Past says how earlier attempts at a job went.
type Past struct {
	Failed  int       // attempts that failed, since one went well
	Lost    time.Time // since when its place has been lost; zero: it is there
	Refused time.Time // since when a post is refused for good; zero: none is
}

type jobKey struct{} // of the value that For puts into a context

// For returns a context for what is done for a job: a Store refuses every
// write under it with [ErrTerm] once somebody else has the job, so that whoever
// slept through the end of their lease can spoil nothing.
func For(ctx context.Context, j Job) context.Context {
	return context.WithValue(ctx, jobKey{}, j)
}

// JobOf returns the job that ctx acts for; false if it acts for none.
func JobOf(ctx context.Context) (Job, bool) {
	j, ok := ctx.Value(jobKey{}).(Job)
	return j, ok
}

type stopKey struct{} // of the value that Whole puts into a context

// Whole returns a context for a step that is finished once it has begun: it does not
// end with ctx. Where such a step may stop and go on after the next start, between two
// posts or while it waits, it asks [Stopped] and [Waiting].
func Whole(ctx context.Context) context.Context {
	whole := context.WithoutCancel(ctx)
	if ctx.Value(stopKey{}) != nil {
		return whole
	}
	return context.WithValue(whole, stopKey{}, ctx)
}

// Stopped returns an error once the bot is told to stop: the one of the context that
// [Whole] was given, or ctx's own if there was none.
func Stopped(ctx context.Context) error {
	if stop, ok := ctx.Value(stopKey{}).(context.Context); ok {
		return stop.Err()
	}
	return ctx.Err()
}

// Waiting returns a context for waiting between two requests: it ends with ctx, and
// once the bot is told to stop. The caller releases it.
func Waiting(ctx context.Context) (_ context.Context, release func()) {
	waiting, cancel := context.WithCancel(ctx)
	stop, ok := ctx.Value(stopKey{}).(context.Context)
	if !ok {
		return waiting, cancel
	}
	forget := context.AfterFunc(stop, cancel)
	return waiting, func() { forget(); cancel() }
}

// LostFor notes that the place is lost, and returns for how long it has been.
func (p *Past) LostFor(now time.Time) time.Duration {
	if p.Lost.IsZero() {
		p.Lost = now
	}
	return now.Sub(p.Lost)
}

// RefusedFor notes that a post is refused for good, and returns for how long it
// has been.
func (p *Past) RefusedFor(now time.Time) time.Duration {
	if p.Refused.IsZero() {
		p.Refused = now
	}
	return now.Sub(p.Refused)
}
