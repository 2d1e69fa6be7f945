package text

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Cut returns s, or its beginning in at most n characters as people see them
// (grapheme clusters), ended at a word's end by " …". If the cut lies in a
// block of code, the block is closed.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s // no character counts for more than it has bytes
	}
	if _, cut := cutAt(s, n); !cut {
		return s
	}
	for room := n - len(" x"); room > 0; {
		at, _ := cutAt(s, room)
		head := strings.TrimRight(s[:at], " \t\n\u3000") + " …"
		fence := openFence(head)
		if fence == "" {
			return head
		}
		head += "\n" + fence
		if _, over := cutAt(head, n); !over {
			return head
		}
		room = min(room-1, n-len(" x\n"+fence))
	}
	return "…"
}

// A cluster of more bytes than this counts as several characters: nothing that
// people write is longer, and some clusters have no end.
const clusterSize = 64

// cutAt returns the last word border of s within n characters, in bytes, and
// whether s is longer than that. A word that is longer than half of the room
// is cut through.
func cutAt(s string, n int) (at int, cut bool) {
	rest, state, seen, border := s, -1, 0, 0
	for rest != "" {
		var cluster string
		var bounds int
		cluster, rest, bounds, state = uniseg.StepString(rest, state)
		seen += 1 + len(cluster)/clusterSize
		if seen > n {
			if border*2 < at {
				border = at
			}
			return border, true
		}
		at += len(cluster)
		if bounds&uniseg.MaskWord != 0 {
			border = at
		}
	}
	return at, false
}

// openFence returns the line that closes the code block in which s ends;
// "" if it ends in none.
func openFence(s string) string {
	fence := ""
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimSpace(line)
		rest := strings.TrimLeft(line, "`")
		if rest == line {
			rest = strings.TrimLeft(line, "~")
		}
		marks := line[:len(line)-len(rest)]
		switch {
		case len(marks) < 3:
		case fence == "" && (marks[0] == '~' || !strings.Contains(rest, "`")):
			fence = marks
		case fence != "" && rest == "" && strings.HasPrefix(marks, fence):
			fence = ""
		}
	}
	return fence
}

// Clip shortens what somebody typed for an error message.
func Clip(s string) string {
	s = strings.Join(strings.Fields(CleanTyped(s)), " ")
	return Cut(s, 40)
}
