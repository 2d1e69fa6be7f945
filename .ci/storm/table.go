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
	rooms []string // in order
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
	for _, r := range w.rooms {
		x := t.rows[r.name()]
		if x == nil {
			x = new(row)
			t.rows[r.name()], t.rooms = x, append(t.rooms, r.name())
		}
		if v := w.ledger.votes[r.name()]; v != nil {
			x.acts += v.acts
			x.tally.kept += v.kept
			x.stood += v.stood
		}
		s := w.audit.sums[r.name()]
		x.tastings += s.tastings
		x.sum.posts += s.posts
		x.sum.votes += s.votes
	}
}

// print writes the figures.
func (t *total) print(out io.Writer, found *findings) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "room\trevealed\ttaps\tacknowledged\tvotes\tlost\tcounted twice\tposts\tdoubled\tmissing\treveals wrong\t\n")
	for _, name := range t.rooms {
		x, f := t.rows[name], found.of(name)
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", name, x.tastings, x.acts, x.tally.kept, x.sum.votes, f[lost], f[twice], x.sum.posts, f[doubled], f[missing], f[wrong])
	}
	w.Flush()
	took := time.Since(t.began)
	fmt.Fprintf(out, "%d kills in %v, one every %v\n", t.kills, took.Round(time.Second), (took / time.Duration(max(1, t.kills))).Round(time.Millisecond))
}
