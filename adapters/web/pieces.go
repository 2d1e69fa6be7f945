package web

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tastetest/tastetest/adapters/web/elements"
)

// mostPieces is how many bytes of HTML a generation of pieces has.
const mostPieces = 4 << 20

// pieces keeps what was rendered of posts, so that it is rendered once for all who are
// shown the same: a revision, in one language, before a vote, after it, or over. A
// piece is found by all that it is drawn from, so that nobody is sent what was
// rendered for others who may see more. What was not asked for lately is dropped. The
// zero value is ready.
type pieces struct {
	mu          sync.Mutex
	now, before map[pieceKey]markup
	size        int // bytes of now
	made        int // pieces that were rendered, for tests
}

type pieceKey [sha256.Size]byte

func (x *pieces) get(k pieceKey) (markup, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	h, ok := x.now[k]
	if !ok {
		if h, ok = x.before[k]; ok {
			x.put(k, h)
		}
	}
	return h, ok
}

func (x *pieces) add(k pieceKey, h markup) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.made++
	x.put(k, h)
}

func (x *pieces) put(k pieceKey, h markup) {
	if x.now == nil || x.size > mostPieces {
		x.before, x.now, x.size = x.now, make(map[pieceKey]markup), 0
	}
	x.now[k] = h
	x.size += len(k) + len(h)
}

// Piece draws a part of an item, or finds it drawn. How the viewer is named there is
// added last: it is all that is of them alone.
func (it item) Piece(name string, draw func(item) elements.Node) elements.Node {
	if it.pieces == nil {
		return draw(it)
	}
	own, self := it.unsigned()
	key, ok := own.key(name)
	if !ok {
		return draw(it)
	}
	html, found := it.pieces.get(key)
	if !found {
		html = drawn(draw(own))
		it.pieces.add(key, html)
	}
	if self == nil {
		return html
	}
	mine := drawn(it.wording.person(*self))
	self.Me = false
	anyones := drawn(it.wording.person(*self))
	return markup(strings.ReplaceAll(string(html), string(anyones), string(mine)))
}

// unsigned is the item as it is for others who are shown the same, and who the viewer
// is among those who are named there; nil: nobody.
func (it item) unsigned() (item, *person) {
	var self *person
	it.Taps = slices.Clone(it.Taps)
	for i, t := range it.Taps {
		for j, p := range t.People {
			if !p.Me {
				continue
			}
			self = &p
			people := slices.Clone(t.People)
			people[j].Me = false
			it.Taps[i].People = people
		}
	}
	return it, self
}

// key is all that a piece is drawn from: its name, the voice, the item, and the
// minute, since times are said as of now. Sides and Rounds are made of the post, and
// the thread stands in pieces of its own. ok is false if there is something in the
// item that has no mark.
func (it item) key(name string) (key pieceKey, ok bool) {
	voice, minute := it.wording.Voice, time.Now().Unix()/60
	it.Sides, it.Rounds, it.Thread, it.wording, it.pieces = nil, nil, nil, wording{}, nil
	b := make([]byte, 0, 4096)
	for _, v := range []any{name, voice, minute, it} {
		if b, ok = appendValue(b, reflect.ValueOf(v)); !ok {
			return key, false
		}
	}
	return sha256.Sum256(b), true
}

// appendValue appends a value to b, so that values which differ are appended
// differently. Of a time zone it appends the name. It reports false for maps, functions
// and channels, which it cannot tell apart.
func appendValue(b []byte, v reflect.Value) (_ []byte, ok bool) {
	switch v.Kind() {
	case reflect.String:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		return append(b, v.String()...), true
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1), true
		}
		return append(b, 0), true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return binary.AppendVarint(b, v.Int()), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return binary.AppendUvarint(b, v.Uint()), true
	case reflect.Float32, reflect.Float64:
		return binary.AppendUvarint(b, math.Float64bits(v.Float())), true
	case reflect.Slice, reflect.Array:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		for i := range v.Len() {
			if b, ok = appendValue(b, v.Index(i)); !ok {
				return b, false
			}
		}
		return b, true
	case reflect.Struct:
		for i := range v.NumField() {
			if b, ok = appendValue(b, v.Field(i)); !ok {
				return b, false
			}
		}
		return b, true
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return append(b, 0), true
		}
		v = v.Elem()
		if v.Type() == reflect.TypeFor[time.Location]() {
			v = v.FieldByName("name")
		}
		t := v.Type().String()
		b = append(append(binary.AppendUvarint(append(b, 1), uint64(len(t))), t...), 0)
		return appendValue(b, v)
	case reflect.Map, reflect.Func, reflect.Chan:
		return append(b, 0), v.IsNil()
	}
	return b, false
}
