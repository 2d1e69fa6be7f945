package text

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Aligned puts rows in columns, for letters of one width: wide ones, as Chinese
// has, take two. The first column starts where it is, the others end together.
func Aligned(rows [][]string) string {
	var wide []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(wide) {
				wide = append(wide, 0)
			}
			wide[i] = max(wide[i], uniseg.StringWidth(cell))
		}
	}
	var b strings.Builder
	for n, row := range rows {
		if n > 0 {
			b.WriteByte('\n')
		}
		for i, cell := range row {
			pad := strings.Repeat(" ", wide[i]-uniseg.StringWidth(cell))
			switch {
			case i > 0:
				b.WriteString("  " + pad + cell)
			case len(row) > 1:
				b.WriteString(cell + pad)
			default:
				b.WriteString(cell)
			}
		}
	}
	return b.String()
}
