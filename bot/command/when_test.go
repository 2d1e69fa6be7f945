package command

import (
	"strings"
	"testing"
	"time"
)

func TestParseWhen(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 15, 0, 0, 0, berlin) // a Tuesday
	for in, want := range map[string]string{
		"Thu 17:00":        "2026-11-26 17:00",
		"thursday":         "2026-11-26 17:00",
		"17:00":            "2026-11-24 17:00",
		"9:30":             "2026-11-25 09:30",
		"tomorrow 9:30":    "2026-11-25 09:30",
		"Tue 14:00":        "2026-12-01 14:00",
		"tue 17：00":        "2026-11-24 17:00",
		"2h":               "2026-11-24 17:00",
		"45m":              "2026-11-24 15:45",
		"3d":               "2026-11-27 15:00",
		"2026-12-01 08:15": "2026-12-01 08:15",
		"2026-12-01":       "2026-12-01 17:00",
		"today 16:00":      "2026-11-24 16:00",
	} {
		got, err := When(in, now)
		if err != nil || got.Format("2006-01-02 15:04") != want {
			t.Errorf("parseWhen(%q) = %v, %v; want %s", in, got, err, want)
		}
	}
	for in, says := range map[string]string{
		"":                              "Try until=",
		"soon":                          "I do not understand the time “soon”",
		"25:00":                         "I do not understand",
		"Thu Fri":                       "I do not understand",
		"17:00 18:00":                   "I do not understand",
		"0d":                            "I do not understand",
		"today 14:00":                   "over already",
		"2020-01-01":                    "over already",
		"-2h":                           "over already",
		"10s":                           "at least a minute",
		"91d":                           "more than 90 days",
		"4000h":                         "more than 90 days",
		"2027-11-24":                    "more than 90 days",
		strings.Repeat("0", 100) + "2h": "I do not understand", // it would not fit into a form's ID
	} {
		got, err := When(in, now)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("parseWhen(%q) = %v, %v; want a refusal with %q", in, got, err, says)
		}
	}
}

func TestSecondWorkingDay(t *testing.T) {
	for from, want := range map[string]string{
		"2026-11-24": "2026-11-26", // Tuesday
		"2026-11-26": "2026-11-30", // Thursday: over the weekend
		"2026-11-28": "2026-12-01", // Saturday
	} {
		day, err := time.Parse(time.DateOnly, from)
		if err != nil {
			t.Fatal(err)
		}
		if got := SecondWorkingDay(day).Format("2006-01-02 15"); got != want+" 17" {
			t.Errorf("from %s: %s, want %s 17", from, got, want)
		}
	}
}
