package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
	"golang.org/x/sync/semaphore"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Why a file is not opened. Each comes with a [bot.UserError] that says what helps.
var (
	ErrLocked  = errors.New("another process has the file open")
	ErrForeign = errors.New("the file is not Tastetest's")
	ErrNewer   = errors.New("the file was written by a newer Tastetest")
	ErrDamaged = errors.New("the file is damaged") // also from calls that come upon it later
)

// A Refusal is the error of a file that was not opened.
type Refusal struct {
	Sentence bot.UserError
	Err      error
}

func (e *Refusal) Error() string   { return e.Sentence.Error() }
func (e *Refusal) Unwrap() []error { return []error{e.Err, e.Sentence} }

func refuse(err error, sentence string) error {
	return &Refusal{bot.UserError(bot.Literal(sentence)), err}
}

// marker is what the record "marker" says.
const marker = "tastetest"

// Open opens the file at path, or creates it with mode 0600, and its folder
// with 0700. A file that is there is first read through; one that is not
// Tastetest's, or is damaged, is refused and left as it is.
func Open(ctx context.Context, log *slog.Logger, path string) (*Store, error) {
	return open(ctx, log, path, migrations(), true)
}

// OpenUnsynced is [Open] for tests: nothing waits for the disk, so a power cut
// could take what was acknowledged. What ends the process alone takes nothing.
func OpenUnsynced(ctx context.Context, log *slog.Logger, path string) (*Store, error) {
	return open(ctx, log, path, migrations(), false)
}

// open is long because each kind of file that is no store of ours has a remedy
// of its own to name, and what was opened is closed again when the next step
// fails.
func open(ctx context.Context, log *slog.Logger, path string, ms []migration, durable bool) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	newest := version(len(ms) + 1)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := createFile(path, newest, durable); err != nil {
			return nil, fmt.Errorf("create %s: %w", path, err)
		}
		info, err = os.Stat(path)
	}
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, refuse(ErrForeign, path+" is not a file: choose another (--data, or store in tastetest.yaml).")
	}
	switch size := info.Size(); {
	case size == 0:
		return nil, refuse(ErrForeign, path+" is empty, so it is no store: delete it, or bring back a backup with tastetest restore.")
	case size < 2*4096: // less than bbolt's meta pages
		return nil, explain(path, berrors.ErrInvalid)
	}
	var v version
	err = guard(func() (err error) {
		v, err = inspect(path, newest)
		return err
	})
	if err != nil {
		return nil, explain(path, err)
	}
	s := &Store{
		log: log, path: path,
		queue: make(chan *request, queueSize), stop: make(chan struct{}), finished: make(chan struct{}),
		tenures: newTenures(), forgetting: semaphore.NewWeighted(forgets),
	}
	err = guard(func() (err error) {
		s.db, err = openFile(path, false)
		return err
	})
	if err != nil {
		return nil, explain(path, err)
	}
	if !durable {
		s.db.NoSync, s.db.NoGrowSync = true, true
	}
	if v < newest {
		kept, err := keepOld(ctx, s.db, path, v)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open %s: keep a copy of it as it was: %w", path, err), s.db.Close())
		}
		log.Info("kept a copy of the store in its old format, for going back", "file", kept)
		if err := migrate(s.db, v, ms); err != nil {
			return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), s.db.Close())
		}
		log.Info("brought the store to a new format", "file", path, "from", v, "to", newest)
	}
	go s.run()
	if err := errors.Join(s.comeBack(ctx), s.resumeDeletions(ctx)); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), s.Close())
	}
	return s, nil
}

// explain says in a sentence why the file at path was not opened.
func explain(path string, err error) error {
	why := fmt.Errorf("open %s: %w", path, err)
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return refuse(ErrLocked, "Another tastetest has "+path+" open: stop it first, or choose another file (--data, or store in tastetest.yaml).")
	case errors.Is(err, ErrForeign):
		return refuse(why, path+" is not a file of Tastetest's: choose another (--data, or store in tastetest.yaml).")
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrVersionMismatch), errors.Is(err, berrors.ErrChecksum):
		return refuse(fmt.Errorf("%w: %w", ErrForeign, why), path+" is not a file of Tastetest's, or its beginning is damaged: choose another (--data, or store in tastetest.yaml), or bring back a backup with tastetest restore.")
	case errors.Is(err, ErrNewer):
		return refuse(why, path+" was written by a newer Tastetest: upgrade tastetest, or choose another file (--data, or store in tastetest.yaml).")
	case errors.Is(err, ErrDamaged):
		return refuse(why, path+" is damaged: keep a copy of it, then bring back a backup with tastetest restore.")
	}
	return why
}

// openFile opens a bbolt file. If that panics the file is closed, so that its
// lock does not stay.
func openFile(path string, readOnly bool) (db *bbolt.DB, err error) {
	var file *os.File
	defer func() {
		if db == nil && file != nil {
			file.Close()
		}
	}()
	return bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout:         300 * time.Millisecond,
		ReadOnly:        readOnly,
		FreelistType:    bbolt.FreelistMapType,
		InitialMmapSize: 256 << 20, // a writer that must grow the map waits for all readers
		NoStatistics:    true,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			file, err = os.OpenFile(name, flag&^os.O_CREATE, mode)
			return file, err
		},
	})
}

// inspect reads a file without changing it, and returns its version, or why it
// cannot be used.
func inspect(path string, newest version) (v version, err error) {
	db, err := openFile(path, true) // for the lock; reads the meta pages only
	if err != nil {
		return 0, err
	}
	defer db.Close()
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if err := verifyPages(f, info.Size()); err != nil {
		return 0, err
	}
	err = db.View(func(tx *bbolt.Tx) error {
		v, err = versionOf(newTxn(tx))
		switch {
		case err != nil:
			return err
		case v < 1:
			return fmt.Errorf("%w: format 0", ErrDamaged)
		case v > newest:
			return fmt.Errorf("%w: format %d, this one knows up to %d", ErrNewer, v, newest)
		case v == newest:
			return check(tx, buckets())
		}
		return check(tx, nil)
	})
	return v, err
}

// versionOf returns a file's version, or ErrForeign.
func versionOf(tx *txn) (version, error) {
	if tx.Bucket([]byte(meta)) == nil {
		return 0, ErrForeign
	}
	m := tx.Bucket([]byte(meta)).Get([]byte("marker"))
	if !hasPrefix(m, []byte(marker)) {
		return 0, ErrForeign
	}
	v, err := tx.get(meta, []byte("version"))
	if err != nil {
		return 0, err
	}
	if len(v) != 4 {
		return 0, damagedRecord(meta, []byte("version"))
	}
	return version(binary.BigEndian.Uint32(v)), nil
}

// createFile makes a new store at path, all at once: a file that is there
// was finished.
func createFile(path string, v version, durable bool) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	err := writeNew(path, durable, func(db *bbolt.DB) error {
		return db.Update(func(b *bbolt.Tx) error {
			tx := newTxn(b)
			if err := tx.makeBuckets(v); err != nil {
				return err
			}
			for _, name := range []string{record.ForgetSecret, record.KeySecret} {
				if _, err := tx.newSecret(name); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if errors.Is(err, fs.ErrExist) {
		return nil // another process was faster
	}
	return err
}

// makeBuckets makes all buckets of a version, empty.
func (tx *txn) makeBuckets(v version) error {
	for _, b := range buckets() {
		if _, err := tx.CreateBucket([]byte(b)); err != nil {
			return err
		}
	}
	if err := tx.put(meta, []byte("marker"), []byte(marker)); err != nil {
		return err
	}
	return tx.putVersion(v)
}
