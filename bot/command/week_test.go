package command

import (
	"strings"
	"testing"
	"time"
)

func TestWeekly(t *testing.T) {
	for typed, want := range map[string]string{
		"Mon 9:00": "Mon 9:00", "monday 9:00": "Mon 9:00", "Mondays at 9:00": "Mon 9:00", "every Friday 5pm": "Fri 17:00",
		"weekly on thurs 14:30": "Thu 14:30", "Tue noon": "Tue 12:00", "9:05 sat": "Sat 9:05", "Sun midnight": "Sun 0:00",
		"每周一 9:00": "Mon 9:00", "周五下午5点半": "Fri 17:30", "星期天 ９：００": "Sun 9:00", "0 9 * * 1": "Mon 9:00", "30 17 * * 7": "Sun 17:30",
	} {
		if got, err := Weekly(typed); err != nil || got.String() != want {
			t.Errorf("%q is understood as %v, %v; want %s", typed, got, err, want)
		}
	}
	for typed, says := range map[string]string{
		"Mon 25:00":    "“25:00” is no time of day: those go from 0:00 to 23:59. For example: Mon 23:00",
		"Funday 9:00":  "I do not know the day “funday”. Did you mean Sunday?",
		"Mon":          "At what time of day? For example: Mon 10:00",
		"0 0 30 2 *":   "“0 0 30 2 *” is not one time of the week, and the summary comes once a week. For example: /tastetest digest Mon 9:00",
		"daily 9:00":   "is not one time of the week",
		"Mon,Tue 9:00": "is not one time of the week",
		"0 9 * * 1-5":  "is not one time of the week",
		"0 9 * 5 1":    "is not one time of the week",
		"0 9 * * MON":  "is not one time of the week",
		"0 9 * * 8":    "is not one time of the week",
		"99 99 * * 1":  "is not one time of the week",
	} {
		if got, err := Weekly(typed); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q is understood as %v, %v; want a refusal with %q", typed, got, err, says)
		}
	}
}

// What people type of a time of the week is what it says of itself.
func TestWeekTimeReadsItself(t *testing.T) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		for _, w := range []WeekTime{{day, 0, 0}, {day, 9, 5}, {day, 23, 59}} {
			if got, err := Weekly(w.String()); err != nil || got != w {
				t.Errorf("%v reads as %v, %v", w, got, err)
			}
		}
	}
}
