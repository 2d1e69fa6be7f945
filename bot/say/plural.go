package say

import (
	"fmt"
	"strings"
)

// Counted is "1 vote", "12,345 votes".
func Counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return Thousands(n) + " " + what
}

// Plural is "1 vote", "2 votes", "3 people".
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Listed is "a, b and c"; beyond most of them, "a, b and 7 more".
func Listed(names []string, most int) string {
	if extra := len(names) - most; extra > 1 {
		names = append(names[:most:most], fmt.Sprintf("%d more", extra))
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// WereOf writes "1 was" and "12 were".
func WereOf(n int) string {
	if n == 1 {
		return "1 was"
	}
	return Thousands(n) + " were"
}
