package bolt

import (
	"math"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// What was seen before a change says nothing of after it, also if the one who
// saw it is slower to say so.
func TestQuietEndsWithWhatWasSeen(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	for what, change := range map[string]func(*tenures){
		"the file has changed":    (*tenures).stir,
		"a job was given back":    func(ten *tenures) { ten.end(bot.Job{}, time.Time{}) },
		"nothing came in between": nil,
	} {
		ten := newTenures()
		quiet, stirs := ten.isQuiet(now)
		if quiet {
			t.Fatal("before anybody has looked it is quiet")
		}
		if change != nil {
			change(ten)
		}
		ten.keepQuiet(math.MaxUint64, stirs)
		if quiet, _ := ten.isQuiet(now); quiet != (change == nil) {
			t.Errorf("after a look at an empty queue, and %s, quiet is %v", what, quiet)
		}
	}
}
