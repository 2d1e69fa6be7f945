package record

import (
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// Nothing of a version that has gone, of what was deleted, or of whoever was forgotten
// stays on the shelf; what is not over was never there.
func TestShelf(t *testing.T) {
	w := bot.Workspace{Platform: "slack", ID: "T1"}
	id := func(n uint64) bot.TastingID { return bot.TastingID{Workspace: w, N: n} }
	var s Shelf
	there := func(n, version uint64) bool { return s.Get(id(n), version) != nil }
	s.Put(1, bot.Tasting{ID: id(1), State: bot.Open})
	s.Put(1, bot.Tasting{ID: id(2), State: bot.Revealed, Invited: []string{"ann"}})
	s.Put(1, bot.Tasting{ID: id(3), State: bot.Revealed, Note: "old"})
	s.Put(2, bot.Tasting{ID: id(3), State: bot.Revealed, Note: "new"})
	s.Put(1, bot.Tasting{ID: id(4), State: bot.Cancelled})
	if there(1, 1) || !there(2, 1) || there(3, 1) || !there(3, 2) || !there(4, 1) {
		t.Error("on the shelf stand others than the newest versions of what is over")
	}
	s.Forget(bot.Voter{Workspace: w, User: "ann"})
	s.Drop(id(4))
	if there(2, 1) || !there(3, 2) || there(4, 1) {
		t.Error("somebody who was forgotten, or a tasting that was deleted, still stands on the shelf")
	}
	if got := s.Of(w); len(got) != 1 || got[3].Tasting.Note != "new" {
		t.Errorf("of the workspace there is %v", got)
	}
	if s.DropWorkspace(w); len(s.Of(w)) > 0 {
		t.Error("what is of a deleted workspace still stands on the shelf")
	}
}
