package text

import "strings"

// Nearest returns the word that s was probably meant to be: one that begins
// with it, or the one with the fewest single edits between them, at most two and
// at most one for every three letters that were typed,
// or else the only one that has it inside, as claude-3.7-sonnet has sonnet; ""
// if there is none.
func Nearest(s string, words []string) string {
	s = strings.ToLower(s)
	best, least := "", min(3, 1+max(1, len([]rune(s))/3))
	var around []string
	for _, w := range words {
		lw := strings.ToLower(w)
		if len(s) >= 2 && strings.HasPrefix(lw, s) {
			return w
		}
		if d := distance(s, lw); d < least && d < len([]rune(w)) {
			best, least = w, d
		}
		if len(s) >= 3 && strings.Contains(lw, s) {
			around = append(around, w)
		}
	}
	if best == "" && len(around) == 1 {
		return around[0]
	}
	return best
}

// distance is the number of single edits (insertion, deletion, substitution,
// swap of neighbours) between a and b: the optimal string alignment distance.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := [3][]int{make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(x); i++ {
		older, old, now := rows[0], rows[1], rows[2]
		now[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			now[j] = min(old[j]+1, now[j-1]+1, old[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				now[j] = min(now[j], older[j-2]+1)
			}
		}
		rows = [3][]int{old, now, older}
	}
	return rows[1][len(y)]
}
