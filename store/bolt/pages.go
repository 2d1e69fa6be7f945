package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"math"
)

// On damaged pages bbolt panics, runs in circles or ends the process, its own
// check too. So a file's pages are verified here, with plain reads, before
// bbolt follows them. The format is that of bbolt's internal/common (version
// 2): numbers in the machine's byte order; a page begins with its id (8
// bytes), flags (2), count (2) and the number of pages that follow it (4).
const (
	pageHeader = 16
	element    = 16 // of branches and leaves

	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10

	bucketLeaf = 0x01 // a leaf element's flag

	metaMagic   = 0xED0CDAED
	metaVersion = 2
	noFreelist  = math.MaxUint64
)

// A root is what bbolt's newest valid meta page says.
type root struct {
	pageSize uint64
	top      uint64 // the page of the top bucket
	freelist uint64
	pages    uint64 // how many are in use
	tx       uint64
}

// verifyPages returns nil if every page that can be reached is inside the
// file, well formed, in order, and used once. Its time is linear in the size.
func verifyPages(f io.ReaderAt, size int64) error {
	r, err := newestRoot(f)
	if err != nil {
		return err
	}
	if r.pages > uint64(size)/r.pageSize {
		return fmt.Errorf("%w: it has %d bytes, of %d pages of %d", ErrDamaged, size, r.pages, r.pageSize)
	}
	p := pages{f, r, make([]bool, r.pages)}
	if err := p.tree(r.top, nil, nil); err != nil {
		return err
	}
	if r.freelist == noFreelist {
		return nil
	}
	return p.free()
}

// newestRoot reads the meta pages, of which bbolt uses the newer one. Both must
// be valid: a write to one is within a sector and cannot be torn, and without
// the newer one the last commit would be lost in silence.
func newestRoot(f io.ReaderAt) (root, error) {
	first, err := readRoot(f, 0)
	if err != nil {
		return root{}, err
	}
	second, err := readRoot(f, int64(first.pageSize))
	if err != nil {
		return root{}, err
	}
	if second.tx > first.tx {
		return second, nil
	}
	return first, nil
}

func readRoot(f io.ReaderAt, at int64) (root, error) {
	b := make([]byte, pageHeader+64)
	if _, err := f.ReadAt(b, at); err != nil && err != io.EOF {
		return root{}, err
	}
	b = b[pageHeader:]
	sum := fnv.New64a()
	sum.Write(b[:56])
	r := root{pageSize: uint64(u32(b, 8)), top: u64(b, 16), freelist: u64(b, 32), pages: u64(b, 40), tx: u64(b, 48)}
	if u32(b, 0) != metaMagic || u32(b, 4) != metaVersion || u64(b, 56) != sum.Sum64() || r.pageSize < 1024 {
		return root{}, fmt.Errorf("%w: the meta page at byte %d", ErrDamaged, at)
	}
	return r, nil
}

// pages are the pages of a file.
type pages struct {
	f io.ReaderAt
	root
	used []bool
}

// read returns a page together with those that follow it, and marks them used.
func (p *pages) read(id uint64) (b []byte, flags uint16, count int, err error) {
	bad := func(why string) ([]byte, uint16, int, error) {
		return nil, 0, 0, fmt.Errorf("%w: page %d %s", ErrDamaged, id, why)
	}
	if id < 2 || id >= p.pages {
		return bad("does not exist")
	}
	head := make([]byte, pageHeader)
	if _, err := p.f.ReadAt(head, int64(id*p.pageSize)); err != nil {
		return nil, 0, 0, err
	}
	more := uint64(u32(head, 12))
	if u64(head, 0) != id || more >= p.pages-id {
		return bad("has a wrong header")
	}
	for i := id; i <= id+more; i++ {
		if p.used[i] {
			return bad("is used twice")
		}
		p.used[i] = true
	}
	b = make([]byte, (1+more)*p.pageSize)
	if _, err := p.f.ReadAt(b, int64(id*p.pageSize)); err != nil {
		return nil, 0, 0, err
	}
	return b, u16(head, 8), int(u16(head, 10)), nil
}

// tree verifies a page and all below it. Its keys are from low to below high;
// nil: no bound.
func (p *pages) tree(id uint64, low, high []byte) error {
	b, flags, count, err := p.read(id)
	if err != nil {
		return err
	}
	switch {
	case flags == branchPage && count > 0:
		keys, err := keysOf(b, count, false, low, high)
		if err != nil {
			return fmt.Errorf("page %d: %w", id, err)
		}
		for i, key := range keys {
			next := high
			if i+1 < len(keys) {
				next = keys[i+1]
			}
			if err := p.tree(u64(b, pageHeader+element*i+8), key, next); err != nil {
				return err
			}
		}
		return nil
	case flags == leafPage:
		return p.leaf(id, b, count, low, high)
	}
	return fmt.Errorf("%w: page %d has wrong flags %#x", ErrDamaged, id, flags)
}

// leaf verifies a leaf page, or one that stands in a record, and the buckets
// that hang on it.
func (p *pages) leaf(id uint64, b []byte, count int, low, high []byte) error {
	if count == 0 && len(b) > pageHeader {
		return fmt.Errorf("%w: page %d has lost its records", ErrDamaged, id)
	}
	keys, err := keysOf(b, count, true, low, high)
	if err != nil {
		return fmt.Errorf("page %d: %w", id, err)
	}
	for i, key := range keys {
		at := pageHeader + element*i
		if u32(b, at)&bucketLeaf == 0 {
			continue
		}
		v := b[at+int(u32(b, at+4))+len(key):][:u32(b, at+12)]
		if len(v) < 16 {
			return fmt.Errorf("%w: page %d has a bucket that is cut off", ErrDamaged, id)
		}
		if top := u64(v, 0); top != 0 {
			if err := p.tree(top, nil, nil); err != nil {
				return err
			}
			continue
		}
		inline := v[16:]
		if len(inline) < pageHeader || u16(inline, 8) != leafPage {
			return fmt.Errorf("%w: page %d has a bucket that is no page", ErrDamaged, id)
		}
		if err := p.leaf(id, inline, int(u16(inline, 10)), nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// keysOf returns a page's keys if they and their values are inside the page
// and ascend. bbolt writes the first key right behind the last element, which
// tells a count that is too small; a bucket without a record has no page of
// its own.
func keysOf(b []byte, count int, isLeaf bool, low, high []byte) ([][]byte, error) {
	if pageHeader+element*count > len(b) {
		return nil, fmt.Errorf("%w: %d elements", ErrDamaged, count)
	}
	keys := make([][]byte, count)
	for i := range keys {
		at := pageHeader + element*i
		pos, length, value := u32(b, at), u32(b, at+4), uint32(0)
		if isLeaf {
			pos, length, value = u32(b, at+4), u32(b, at+8), u32(b, at+12)
		}
		start := uint64(at) + uint64(pos)
		if start+uint64(length)+uint64(value) > uint64(len(b)) {
			return nil, fmt.Errorf("%w: element %d is outside", ErrDamaged, i)
		}
		if i == 0 && start != uint64(pageHeader+element*count) {
			return nil, fmt.Errorf("%w: it has not %d elements", ErrDamaged, count)
		}
		keys[i] = b[start : start+uint64(length)]
		if bytes.Compare(keys[i], low) < 0 || high != nil && bytes.Compare(keys[i], high) >= 0 ||
			i > 0 && bytes.Compare(keys[i-1], keys[i]) >= 0 {
			return nil, fmt.Errorf("%w: key %d is out of order", ErrDamaged, i)
		}
	}
	return keys, nil
}

// free verifies the list of free pages; the trees have been walked.
func (p *pages) free() error {
	b, flags, count, err := p.read(p.freelist)
	if err != nil {
		return err
	}
	ids := b[pageHeader:]
	n := uint64(count)
	if n == 0xFFFF { // does not fit; the first number is the count
		n = u64(ids, 0)
		ids = ids[8:]
	}
	if flags != freelistPage || n > uint64(len(ids)/8) {
		return fmt.Errorf("%w: the list of free pages", ErrDamaged)
	}
	last := uint64(1)
	for i := range int(n) {
		id := u64(ids, 8*i)
		if id <= last || id >= p.pages || p.used[id] {
			return fmt.Errorf("%w: page %d is in use and listed as free", ErrDamaged, id)
		}
		last = id
	}
	return nil
}

func u16(b []byte, at int) uint16 { return binary.NativeEndian.Uint16(b[at:]) }
func u32(b []byte, at int) uint32 { return binary.NativeEndian.Uint32(b[at:]) }
func u64(b []byte, at int) uint64 { return binary.NativeEndian.Uint64(b[at:]) }
