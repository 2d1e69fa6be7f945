package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"html/template"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
)

// mostPieces is how many bytes of HTML a generation of pieces has.
const mostPieces = 4 << 20

// pieces keeps what was rendered of posts, so that it is rendered once for all who are
// shown the same: a revision, in one language, before a vote, after it, or over. A
// piece is found by all that its template is given, so that nobody is sent what was
// rendered for others who may see more. What was not asked for lately is dropped. The
// zero value is ready.
type pieces struct {
	mu          sync.Mutex
	now, before map[pieceKey]template.HTML
	size        int // bytes of now
	made        int // pieces that were rendered, for tests
}

type pieceKey [sha256.Size]byte

func (x *pieces) get(k pieceKey) (template.HTML, bool) {
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

func (x *pieces) add(k pieceKey, h template.HTML) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.made++
	x.put(k, h)
}

func (x *pieces) put(k pieceKey, h template.HTML) {
	if x.now == nil || x.size > mostPieces {
		x.before, x.now, x.size = x.now, make(map[pieceKey]template.HTML), 0
	}
	x.now[k] = h
	x.size += len(k) + len(h)
}

// Piece renders one of an item's templates, or finds it rendered. How the viewer is
// named there is added last: it is all that is of them alone.
func (it item) Piece(name string) (template.HTML, error) {
	if it.pieces == nil {
		return it.execute(name)
	}
	own, self := it.unsigned()
	key, ok := own.key(name)
	if !ok {
		return it.execute(name)
	}
	html, found := it.pieces.get(key)
	if !found {
		var err error
		if html, err = own.execute(name); err != nil {
			return "", err
		}
		it.pieces.add(key, html)
	}
	if self == nil {
		return html, nil
	}
	mine, err := it.person(*self)
	if err != nil {
		return "", err
	}
	self.Me = false
	anyones, err := it.person(*self)
	return template.HTML(strings.ReplaceAll(string(html), anyones, mine)), err
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

func (it item) execute(name string) (template.HTML, error) {
	var buf bytes.Buffer
	if err := it.wording.templates.ExecuteTemplate(&buf, name, it); err != nil {
		return "", fmt.Errorf("render the %s of a %s: %w", name, it.Kind(), err)
	}
	return template.HTML(buf.String()), nil
}

func (it item) person(p person) (string, error) {
	var buf strings.Builder
	if err := it.wording.templates.ExecuteTemplate(&buf, "person", p); err != nil {
		return "", fmt.Errorf("render a name: %w", err)
	}
	return buf.String(), nil
}

// key is all that a template says something by: its name, the voice, the item, and the
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
