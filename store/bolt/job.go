package bolt

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// A jobRow is what is stored of a job.
type jobRow struct {
	Due  time.Time
	Past bot.Past
}

// A tenure keeps a job from being taken until a time: somebody has it, or,
// with term 0, it failed a moment ago.
type tenure struct {
	term  uint64
	until time.Time
}

// tenures are those of this opening of the file. The file's lock keeps others
// out, so that nothing of it needs to be stored, and a restart waits for
// nothing: not for the lease of a holder that is gone, and not for a pause
// after a failure that whoever starts the bot has perhaps mended.
type tenures struct {
	mu   sync.Mutex
	last uint64
	held map[bot.JobKey]tenure

	// Whoever asks every second asks mostly for nothing: until then nothing
	// can be taken, as a [record.Sortable], unless something stirs.
	quiet uint64
	stirs uint64 // how often something has
}

// newTenures counts terms from a random number, so that one of an earlier
// opening is never taken for one of this.
func newTenures() *tenures {
	return &tenures{last: rand.Uint64() >> 1, held: make(map[bot.JobKey]tenure)}
}

// begin gives a job to a new holder.
func (t *tenures) begin(key bot.JobKey, until time.Time) (term uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	t.held[key] = tenure{t.last, until}
	return t.last
}

// until returns up to when a job cannot be taken, zero if nobody has it.
func (t *tenures) until(key bot.JobKey) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held[key].until
}

// isHeld reports whether somebody has a job.
func (t *tenures) isHeld(key bot.JobKey) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held[key].term != 0
}

// isQuiet reports whether it is known that nothing can be taken at now. stirs
// is for keepQuiet.
func (t *tenures) isQuiet(now time.Time) (quiet bool, stirs uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return record.Sortable(now) < t.quiet, t.stirs
}

// keepQuiet lets it be known that nothing can be taken before a time, if
// nothing has stirred since isQuiet.
func (t *tenures) keepQuiet(until, stirs uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stirs == stirs {
		t.quiet = until
	}
}

// stir says that the file has changed, or can no longer be used.
func (t *tenures) stir() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.quiet = 0
	t.stirs++
}

// holds reports whether j's holder still has it.
func (t *tenures) holds(j bot.Job) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held[j.Key].term == j.Term && j.Term != 0
}

func (t *tenures) renew(j bot.Job, until time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held[j.Key].term != j.Term || j.Term == 0 {
		return bot.ErrTerm
	}
	t.held[j.Key] = tenure{j.Term, until}
	return nil
}

// end takes a job from its holder, if that still has it. It cannot be taken
// again before the pause is over.
func (t *tenures) end(j bot.Job, pause time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.quiet = 0
	t.stirs++
	switch {
	case t.held[j.Key].term != j.Term:
	case pause.IsZero():
		delete(t.held, j.Key)
	default:
		t.held[j.Key] = tenure{until: pause}
	}
}

// Schedule implements [bot.Store].
func (s *Store) Schedule(ctx context.Context, key bot.JobKey, at time.Time) error {
	if key.Kind == bot.TastingJob {
		return fmt.Errorf("schedule %v: it follows its tasting", key)
	}
	return s.update(ctx, func(tx *txn) error { return tx.putJob(key, jobRow{Due: at}) })
}

// Take implements [bot.Store]. It looks first whether there is something to
// take, which keeps no writer.
func (s *Store) Take(ctx context.Context, now time.Time, lease time.Duration) (bot.Job, bool, error) {
	quiet, stirs := s.tenures.isQuiet(now)
	if quiet && ctx.Err() == nil {
		return bot.Job{}, false, nil
	}
	ready, err := view(ctx, s, func(tx *txn) (bool, error) {
		key, _, later, err := tx.firstReady(now, s.tenures.until)
		if err == nil && key == (bot.JobKey{}) {
			s.tenures.keepQuiet(later, stirs)
		}
		return key != bot.JobKey{}, err
	})
	if err != nil {
		return bot.Job{}, false, fmt.Errorf("look for a job: %w", err)
	}
	if !ready {
		return bot.Job{}, false, nil
	}
	var taken bot.Job
	err = s.update(ctx, func(tx *txn) error {
		s.tenures.end(taken, time.Time{}) // of a run of this change that was undone
		taken = bot.Job{}
		key, row, _, err := tx.firstReady(now, s.tenures.until)
		if err != nil || key == (bot.JobKey{}) {
			return err
		}
		taken = bot.Job{Key: key, Due: row.Due, Past: row.Past, Term: s.tenures.begin(key, now.Add(lease))}
		return nil
	})
	if err != nil {
		s.tenures.end(taken, time.Time{})
		return bot.Job{}, false, fmt.Errorf("take a job: %w", err)
	}
	return taken, taken.Term != 0, nil
}

// firstReady returns the job that has waited longest among those that may be
// taken at now and that nobody has until later. If there is none, key is zero
// and later is when there may be one, as a [record.Sortable].
func (tx *txn) firstReady(now time.Time, until func(bot.JobKey) time.Time) (key bot.JobKey, row jobRow, later uint64, err error) {
	later = math.MaxUint64
	c := tx.Bucket([]byte(due)).Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		if _, err := verify(due, k, v); err != nil {
			return bot.JobKey{}, jobRow{}, 0, err
		}
		if len(k) < 8 {
			return bot.JobKey{}, jobRow{}, 0, damagedRecord(due, k)
		}
		if at := binary.BigEndian.Uint64(k); at > record.Sortable(now) {
			later = min(later, at)
			break
		}
		if key, err = jobOf(k[8:]); err != nil {
			return bot.JobKey{}, jobRow{}, 0, err
		}
		free := until(key)
		if !free.After(now) {
			row, err = getJSON[jobRow](tx, jobs, k[8:])
			return key, row, 0, err
		}
		later = min(later, record.Sortable(free))
	}
	return bot.JobKey{}, jobRow{}, later, nil
}

// Late returns how many jobs have been due since before a time, and for how long the
// one that has waited longest has; those that somebody has do not count.
func (s *Store) Late(ctx context.Context, since time.Time) (late int, longest time.Duration, err error) {
	now := time.Now()
	_, err = view(ctx, s, func(tx *txn) (struct{}, error) {
		c := tx.Bucket([]byte(due)).Cursor()
		for k, v := c.First(); k != nil; k, v = c.Next() {
			if _, err := verify(due, k, v); err != nil {
				return struct{}{}, err
			}
			if len(k) < 8 {
				return struct{}{}, damagedRecord(due, k)
			}
			if binary.BigEndian.Uint64(k) > record.Sortable(since) {
				break
			}
			key, err := jobOf(k[8:])
			if err != nil {
				return struct{}{}, err
			}
			if s.tenures.until(key).After(now) && s.tenures.isHeld(key) {
				continue
			}
			row, err := getJSON[jobRow](tx, jobs, k[8:])
			if err != nil {
				return struct{}{}, err
			}
			late, longest = late+1, max(longest, now.Sub(row.Due))
		}
		return struct{}{}, nil
	})
	return late, longest, err
}

// Waiting is how many writes wait for others.
func (s *Store) Waiting() int { return len(s.queue) }

// Renew implements [bot.Store].
func (s *Store) Renew(ctx context.Context, j bot.Job, until time.Time) error {
	if err := s.tenures.renew(j, until); err != nil {
		return fmt.Errorf("renew %v: %w", j.Key, err)
	}
	return nil
}

// Finish implements [bot.Store].
func (s *Store) Finish(ctx context.Context, j bot.Job, next time.Time, past bot.Past) error {
	var pause time.Time
	err := s.update(bot.For(ctx, j), func(tx *txn) error {
		pause = time.Time{}
		row, err := getJSON[jobRow](tx, jobs, jobKey(j.Key))
		switch _, tasting := j.Key.Tasting(); {
		case errors.Is(err, bot.ErrNotFound): // what it was about was deleted
			return nil
		case err != nil:
			return err
		case tasting:
			pause = next
			if row.Past == past {
				return nil
			}
			return putJSON(tx, jobs, jobKey(j.Key), jobRow{row.Due, past})
		case !row.Due.Equal(j.Due): // scheduled anew
			return nil
		case next.IsZero():
			return tx.dropJob(j.Key)
		}
		return tx.putJob(j.Key, jobRow{Due: next, Past: past})
	})
	if err != nil {
		return fmt.Errorf("finish %v: %w", j.Key, err)
	}
	s.tenures.end(j, pause)
	return nil
}

// putJob stores a job's row and its place in the queue.
func (tx *txn) putJob(key bot.JobKey, row jobRow) error {
	if err := tx.dropJob(key); err != nil {
		return err
	}
	if err := tx.put(due, dueKey(row.Due, key), nil); err != nil {
		return err
	}
	return putJSON(tx, jobs, jobKey(key), row)
}

// dropJob deletes a job, if there is one.
func (tx *txn) dropJob(key bot.JobKey) error {
	row, err := getJSON[jobRow](tx, jobs, jobKey(key))
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := tx.delete(due, dueKey(row.Due, key)); err != nil {
		return err
	}
	return tx.delete(jobs, jobKey(key))
}

// followWake lets a tasting's job fall due at its Wake; of one that is settled
// the job goes. How earlier attempts went stays.
func (tx *txn) followWake(t bot.Tasting) error {
	key := t.ID.Job()
	if t.Settled() {
		return tx.dropJob(key)
	}
	row, err := getJSON[jobRow](tx, jobs, jobKey(key))
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return err
	}
	if err == nil && row.Due.Equal(t.Wake) {
		return nil
	}
	row.Due = t.Wake
	return tx.putJob(key, row)
}

// dropJobs deletes the jobs of a workspace.
func (tx *txn) dropJobs(w bot.Workspace) error {
	var keys []bot.JobKey
	err := tx.each(jobs, record.WorkspaceKey(w), func(k, value []byte) error {
		var row jobRow
		if err := json.Unmarshal(value, &row); err != nil {
			return fmt.Errorf("%w: %w", damagedRecord(jobs, k), err)
		}
		key, err := jobOf(k)
		keys = append(keys, key)
		return err
	})
	for _, k := range keys {
		if err == nil {
			err = tx.dropJob(k)
		}
	}
	return err
}

func jobKey(k bot.JobKey) []byte {
	return record.AppendString(record.AppendString(record.WorkspaceKey(k.Workspace), k.Kind), k.Name)
}

func dueKey(at time.Time, k bot.JobKey) []byte {
	return append(binary.BigEndian.AppendUint64(nil, record.Sortable(at)), jobKey(k)...)
}

// jobOf reads a whole key made by jobKey.
func jobOf(b []byte) (bot.JobKey, error) {
	w, rest, err := cutWorkspace(b)
	if err != nil {
		return bot.JobKey{}, err
	}
	kind, rest, ok := record.CutString(rest)
	name, rest, ok2 := record.CutString(rest)
	if !ok || !ok2 || len(rest) > 0 {
		return bot.JobKey{}, fmt.Errorf("key %q: %w", b, ErrDamaged)
	}
	return bot.JobKey{Workspace: w, Kind: kind, Name: name}, nil
}
