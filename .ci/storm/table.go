package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// A total adds worlds up.
type total struct {
	began time.Time
	kills int
	told  int      // of these, by SIGTERM, which asks for it
	lines []string // in order: rooms, and their private ballots
	rows  map[string]*row
}

type row struct {
	tally
	sum
}

func (t *total) add(w *world) {
	if t.rows == nil {
		t.rows = make(map[string]*row)
	}
	for i := range 2 * len(w.rooms) {
		line := figures(w.rooms[i/2].name(), i%2 > 0)
		x := t.rows[line]
		if x == nil {
			x = new(row)
			t.rows[line], t.lines = x, append(t.lines, line)
		}
		if v := w.ledger.votes[line]; v != nil {
			x.acts += v.acts
			x.tally.kept += v.kept
			x.stood += v.stood
		}
		s := w.audit.sums[line]
		x.tastings += s.tastings
		x.asked += s.asked
		x.sum.posts += s.posts
		x.sum.votes += s.votes
	}
}

// print writes the figures.
func (t *total) print(out io.Writer, found *findings) {
	t.table(out, found)
	took := time.Since(t.began)
	fmt.Fprintf(out, "%d kills, %d of them told to stop, in %v, one every %v\n", t.kills, t.told, took.Round(time.Second), (took / time.Duration(max(1, t.kills))).Round(time.Millisecond))
}

// table writes a line for each room.
func (t *total) table(out io.Writer, found *findings) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "room\trevealed\tmodels asked\ttaps\tacknowledged\tvotes\tlost\tcounted twice\tposts\tdoubled\tmissing\treveals wrong\t\n")
	for _, name := range t.lines {
		x, f := t.rows[name], found.of(name)
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", name, x.tastings, x.asked, x.acts, x.tally.kept, x.sum.votes, f[lost], f[twice], x.sum.posts, f[doubled], f[missing], f[wrong])
	}
	w.Flush()
}
