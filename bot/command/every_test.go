package command

import (
	"strings"
	"testing"
)

// Times that come again and again are understood as people type them, in English and
// in Chinese, and become the five fields of cron.
func TestEvery(t *testing.T) {
	for typed, want := range map[string]string{
		"daily 9:30":                         "30 9 * * *",
		"every day at 9:30":                  "30 9 * * *",
		"weekdays 10:00":                     "0 10 * * 1,2,3,4,5",
		"every weekday at 10am":              "0 10 * * 1,2,3,4,5",
		"weekends 18:15":                     "15 18 * * 0,6",
		"Mon,Thu 14:00":                      "0 14 * * 1,4",
		"Mon, Thu 14:00":                     "0 14 * * 1,4",
		"mon and thu 2pm":                    "0 14 * * 1,4",
		"Mon-Fri 10：00":                      "0 10 * * 1,2,3,4,5",
		"Mon – Wed 10:00":                    "0 10 * * 1,2,3",
		"Fri-Mon 8:00":                       "0 8 * * 0,1,5,6",
		"weekly Mon 9:00":                    "0 9 * * 1",
		"every Monday 9:00":                  "0 9 * * 1",
		"Mondays noon":                       "0 12 * * 1",
		"tues midnight":                      "0 0 * * 2",
		"9:00 Mon":                           "0 9 * * 1",
		"Mon 12am":                           "0 0 * * 1",
		"monthly 1st 10:00":                  "0 10 1 * *",
		"monthly 15 10:00":                   "0 10 15 * *",
		"every month on the 31st at 5:30 pm": "30 17 31 * *",
		"10:00 on the 2nd of every month":    "0 10 2 * *",
		"每天 9:30":                            "30 9 * * *",
		"每天上午9点半":                            "30 9 * * *",
		"工作日 10:00":                          "0 10 * * 1,2,3,4,5",
		"每个工作日１０：００":                         "0 10 * * 1,2,3,4,5",
		"每周一 9:00":                           "0 9 * * 1",
		"每周一、周四下午2点":                         "0 14 * * 1,4",
		"每周一、四 14:00":                        "0 14 * * 1,4",
		"周一到周五 10:00":                        "0 10 * * 1,2,3,4,5",
		"每周日晚上8点":                            "0 20 * * 0",
		"周末 10:00":                           "0 10 * * 0,6",
		"每月1号 10:00":                         "0 10 1 * *",
		"每个月十五号 10:00":                       "0 10 15 * *",
		"每月二十一日 10:00":                       "0 10 21 * *",
		"每月三十号 10:00":                        "0 10 30 * *",
		"0 10 * * 1-5":                       "0 10 * * 1-5",
		"0 10 * * MON":                       "0 10 * * MON",
		"*/90 * * * *":                       "*/90 * * * *", // that it is nonsense is for package schedule to say
		"0  0 30 2 *":                        "0 0 30 2 *",
	} {
		got, err := Every(typed)
		if err != nil || got != want {
			t.Errorf("%q is understood as %q, %v; want %q", typed, got, err, want)
		}
	}
}

// What is wrong with a time is said, with the nearest that is right and an example.
func TestEveryRefused(t *testing.T) {
	for typed, want := range map[string]string{
		"Mon 25:00":                "“25:00” is no time of day: those go from 0:00 to 23:59. For example: Mon 23:00",
		"weekdays 9:75":            "For example: weekdays 9:59",
		"25:00":                    "For example: daily 23:00",
		"Funday 9:00":              "I do not know the day “funday”. Did you mean Sunday? For example: Sunday 9:00",
		"weekdys 9:00":             "Did you mean weekdays? For example: weekdays 9:00",
		"Mon,Tuseday 9:00":         "I do not know the day “tuseday”. Did you mean Tuesday?",
		"Mon":                      "At what time of day? For example: Mon 10:00",
		"daily":                    "At what time of day? For example: daily 10:00",
		"monthly 1st":              "At what time of day? For example: monthly 1st 10:00",
		"10:00":                    "On which days? For example daily 10:00",
		"weekly 10:00":             "On which days?",
		"":                         "On which days?",
		"monthly 10:00":            "On which day of the month? For example: monthly 1st 10:00",
		"monthly 32nd 10:00":       "“32nd” is no day of a month",
		"monthly 1st 15th 10:00":   "“15th” is no day of a month: those go from 1st to 31st, one at a time.",
		"monthly Mon 10:00":        "On which day of the month?",
		"Mon 1st 10:00":            "Those days are of two kinds.",
		"Mon 9":                    "In the morning or in the evening? For example: Mon 9:00 or Mon 21:00",
		"Mon 9:00 17:00":           "“17:00” is a second time of day, and there can be one.",
		"whenever":                 "I do not understand “whenever” in a time. It takes days and one time of day, for example daily 9:30",
		"0 0 10 * * 1":             "A time for cron has five fields: minute, hour, day of the month, month, day of the week; “0 0 10 * * 1” has 6.",
		"*/5 * * *":                "has 4.",
		strings.Repeat("Mon ", 40): "is too long for a time",
	} {
		got, err := Every(typed)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is answered %q, %v; want a refusal with %q", typed, got, err, want)
		}
	}
}
