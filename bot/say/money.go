package say

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// USD writes pico-USD as dollars, with at least two digits that say something:
// $15.60, $0.0012. More than nothing is never written as nothing.
func USD(pico int64) string {
	sign := ""
	if pico < 0 {
		sign, pico = "-", -pico
	}
	switch {
	case pico == 0:
		return "$0.00"
	case pico < 1e6:
		return sign + "under $0.000001"
	case pico >= 1e10: // a cent
		cents := (pico + 5e9) / 1e10
		return fmt.Sprintf("%s$%s.%02d", sign, Thousands(cents/100), cents%100)
	}
	s := strconv.FormatFloat(float64(pico)/1e12, 'f', 6, 64)
	first := strings.IndexAny(s[2:], "123456789") + 2
	return sign + "$" + s[:min(first+2, len(s))]
}

// Thousands writes 12345 as 12,345.
func Thousands[N int | int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Cost writes what something cost: as [USD] does, "local, no cost" for a known
// cost of nothing, "cost unknown" for an unknown one.
func Cost(c bot.Cost) string {
	switch {
	case !c.Known:
		return "cost unknown"
	case c.Pico == 0:
		return "local, no cost"
	}
	return USD(c.Pico)
}
