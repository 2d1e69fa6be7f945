package record

import (
	"maps"
	"slices"
	"sync"

	"github.com/tastetest/tastetest/bot"
)

// mostShelved is how many tastings a Shelf keeps: about 4 KB each.
const mostShelved = 25_000

// A Shelf keeps tastings that are over as they were decoded, so that lists of
// thousands need not decode them anew. Each is good for one version of its record.
// The zero value is ready, and safe for concurrent use.
//
// Whoever takes one off shares its slices and maps with all others, and must not
// write into them.
type Shelf struct {
	mu sync.RWMutex
	of map[bot.TastingID]*Shelved
	// Most names, packs and settings are those of thousands of others.
	words map[string]string
	cards map[string][]bot.Card // by name
}

// A Shelved is a tasting on a Shelf.
type Shelved struct {
	Version uint64
	Tasting bot.Tasting
}

// Get returns a tasting, nil if it is not there in that version.
func (s *Shelf) Get(id bot.TastingID, version uint64) *bot.Tasting {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if x, ok := s.of[id]; ok && x.Version == version {
		return &x.Tasting
	}
	return nil
}

// Of returns all that is there of a workspace, by number.
func (s *Shelf) Of(w bot.Workspace) map[uint64]*Shelved {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make(map[uint64]*Shelved, len(s.of))
	for id, x := range s.of {
		if id.Workspace == w {
			all[id.N] = x
		}
	}
	return all
}

// Put keeps a tasting, if it is over, in place of its other version. t must be fresh:
// what it shares with others is replaced in it.
func (s *Shelf) Put(version uint64, t bot.Tasting) {
	if !t.State.Over() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		s.of, s.words, s.cards = make(map[bot.TastingID]*Shelved), make(map[string]string), make(map[string][]bot.Card)
	}
	if _, there := s.of[t.ID]; !there && len(s.of) >= mostShelved {
		for id := range s.of { // any will do
			delete(s.of, id)
			break
		}
	}
	for i := range t.Rounds {
		r := &t.Rounds[i]
		for _, w := range []*string{&r.Pack, &r.Prompt, &r.Category} {
			*w = s.word(*w)
		}
		r.Kind = bot.Kind(s.word(string(r.Kind)))
	}
	for i := range t.Models {
		t.Models[i] = s.card(t.Models[i])
	}
	for i := range t.Judges {
		t.Judges[i].Card = s.card(t.Judges[i].Card)
	}
	s.of[t.ID] = &Shelved{version, t}
}

// Drop takes a tasting that was deleted off the shelf.
func (s *Shelf) Drop(id bot.TastingID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.of, id)
}

// DropWorkspace takes all off the shelf that is a workspace's.
func (s *Shelf) DropWorkspace(w bot.Workspace) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.of, func(id bot.TastingID, _ *Shelved) bool { return id.Workspace == w })
}

// Forget takes the tastings off the shelf in which somebody is named.
func (s *Shelf) Forget(v bot.Voter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.of, func(id bot.TastingID, x *Shelved) bool {
		t := x.Tasting
		named := t.Starter.User == v.User || t.Invites(v.User) || slices.Contains(t.Barred, v.User) || slices.Contains(t.Outside, v.User)
		return id.Workspace == v.Workspace && named
	})
}

// mostWords bounds what is shared.
const mostWords = 10_000

func (s *Shelf) word(w string) string {
	if same, ok := s.words[w]; ok {
		return same
	}
	if len(s.words) < mostWords {
		s.words[w] = w
	}
	return w
}

// card is c with what it may share with another of the same settings.
func (s *Shelf) card(c bot.Card) bot.Card {
	for _, same := range s.cards[c.Name] {
		if same.Alike(c) {
			c.Name, c.Source, c.Settings, c.System = same.Name, same.Source, same.Settings, same.System
			return c
		}
	}
	if len(s.cards) < mostWords && len(s.cards[c.Name]) < 8 {
		s.cards[c.Name] = append(s.cards[c.Name], c)
	}
	return c
}
