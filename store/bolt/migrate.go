package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"go.etcd.io/bbolt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// A version numbers the formats of the file, from 1.
type version uint32

// A migration turns a file of one version into one of the next.
type migration func(*txn) error

// newest is the version that this program writes.
func newest() version { return version(len(migrations()) + 1) }

// migrations returns the migrations from version 1 to 2, from 2 to 3, …
func migrations() []migration {
	return []migration{queueJobs, fillCells, setSeats, seatJudges, setSettings, setPeople}
}

// setSeats makes room for who sits where. In tastings of before everybody votes
// on everything.
func setSeats(tx *txn) error {
	_, err := tx.CreateBucketIfNotExists([]byte(seats))
	return err
}

// seatJudges makes room for what judges say. Tastings of before have none.
func seatJudges(tx *txn) error {
	_, err := tx.CreateBucketIfNotExists([]byte(judgments))
	return err
}

// setSettings makes room for what is set for a channel. Before, nothing was.
func setSettings(tx *txn) error {
	_, err := tx.CreateBucketIfNotExists([]byte(settings))
	return err
}

// setPeople makes room for what is kept of people. Before, nothing was.
func setPeople(tx *txn) error {
	_, err := tx.CreateBucketIfNotExists([]byte(people))
	return err
}

// fillCells makes the cells of what was sealed before there were any.
func fillCells(tx *txn) error {
	if _, err := tx.CreateBucket([]byte(cells)); err != nil {
		return err
	}
	var sealed []bot.TastingID
	err := tx.each(gates, nil, func(key, v []byte) error {
		id, err := tastingOf(key)
		if err != nil {
			return err
		}
		g, err := decodeGate(key, v)
		if g.state == bot.Closed || g.state == bot.Revealed {
			sealed = append(sealed, id)
		}
		return err
	})
	for _, id := range sealed {
		if err == nil {
			err = tx.cellsOf(id)
		}
	}
	return err
}

// cellsOf makes the cells of one sealed tasting, a round at a time.
func (tx *txn) cellsOf(id bot.TastingID) error {
	return tx.eachRound(id, func(r bot.RoundID) error {
		vs, err := tx.votesIn(r)
		if err != nil {
			return err
		}
		return tx.putRoundCells(r, vs)
	})
}

// queueJobs makes one queue of jobs. In version 1 a gate said when its tasting
// was due, and jobs that were done were remembered in a bucket of their own,
// which only imports used.
func queueJobs(tx *txn) error {
	for _, b := range []string{"done", string(due)} {
		if err := tx.DeleteBucket([]byte(b)); err != nil {
			return err
		}
	}
	for _, b := range []bucket{jobs, due} {
		if _, err := tx.CreateBucket([]byte(b)); err != nil {
			return err
		}
	}
	old := make(map[bot.TastingID]gate)
	err := tx.each(gates, nil, func(key, v []byte) error {
		id, err := tastingOf(key)
		if err == nil && len(v) != 14 {
			err = damagedRecord(gates, key)
		}
		if err != nil {
			return err
		}
		old[id] = gate{bot.State(v[0]), v[1]&2 != 0, binary.BigEndian.Uint32(v[2:])}
		return nil
	})
	if err != nil {
		return err
	}
	for id, g := range old {
		if err := tx.put(gates, record.TastingKey(id), encodeGate(g)); err != nil {
			return err
		}
		t, err := tx.tasting(id)
		if err != nil {
			return err
		}
		if err := tx.followWake(t); err != nil {
			return err
		}
	}
	return nil
}

// keepOld copies db, which is in an older format, to a file beside it, and returns its
// name. One that an attempt of the same day has left is good enough.
func keepOld(ctx context.Context, db *bbolt.DB, path string, v version) (kept string, err error) {
	kept = fmt.Sprintf("%s.format-%d-%s", path, v, time.Now().UTC().Format("20060102"))
	err = guard(func() error {
		return db.View(func(b *bbolt.Tx) error {
			return writeNew(kept, true, func(to *bbolt.DB) error { return copyRecords(ctx, to, newTxn(b)) })
		})
	})
	if errors.Is(err, fs.ErrExist) {
		err = nil
	}
	return kept, err
}

// migrate brings db from a version to len(ms)+1, in one transaction.
func migrate(db *bbolt.DB, from version, ms []migration) error {
	return guard(func() error {
		return db.Update(func(b *bbolt.Tx) error {
			tx := newTxn(b)
			for i, m := range ms[from-1:] {
				if err := m(tx); err != nil {
					return fmt.Errorf("migrate from format %d: %w", int(from)+i, err)
				}
			}
			return tx.putVersion(version(len(ms) + 1))
		})
	})
}

func (tx *txn) putVersion(v version) error {
	return tx.put(meta, []byte("version"), binary.BigEndian.AppendUint32(nil, uint32(v)))
}
