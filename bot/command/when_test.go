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
		"Thu 17:00":                      "2026-11-26 17:00",
		"thursday":                       "2026-11-26 17:00",
		"17:00":                          "2026-11-24 17:00",
		"9:30":                           "2026-11-25 09:30",
		"tomorrow 9:30":                  "2026-11-25 09:30",
		"Tue 14:00":                      "2026-12-01 14:00",
		"tue 17：00":                      "2026-11-24 17:00",
		"2h":                             "2026-11-24 17:00",
		"45m":                            "2026-11-24 15:45",
		"3d":                             "2026-11-27 15:00",
		"2026-12-01 08:15":               "2026-12-01 08:15",
		"2026-12-01":                     "2026-12-01 17:00",
		"today 16:00":                    "2026-11-24 16:00",
		"5pm":                            "2026-11-24 17:00",
		"Friday 5pm":                     "2026-11-27 17:00",
		"fri 5:30 pm":                    "2026-11-27 17:30",
		"noon":                           "2026-11-25 12:00",
		"tomorrow noon":                  "2026-11-25 12:00",
		"30 min":                         "2026-11-24 15:30",
		"in 2 hours":                     "2026-11-24 17:00",
		"in an hour":                     "2026-11-24 16:00",
		"3 days":                         "2026-11-27 15:00",
		"next monday":                    "2026-11-30 17:00",
		"next tue 9:00":                  "2026-12-01 09:00",
		"friday at 9am":                  "2026-11-27 09:00",
		"Friday evening":                 "2026-11-27 18:00",
		"friday night":                   "2026-11-27 21:00",
		"tomorrow morning":               "2026-11-25 09:00",
		"this evening at 8":              "2026-11-24 20:00",
		"tonight":                        "2026-11-24 21:00",
		"tonight 9pm":                    "2026-11-24 21:00",
		"evening 19:30":                  "2026-11-24 19:30",
		"Dec 4 5pm":                      "2026-12-04 17:00",
		"4 Dec 17:30":                    "2026-12-04 17:30",
		"December 4th":                   "2026-12-04 17:00",
		"on the 1st of December at noon": "2026-12-01 12:00",
		"January 5, 9:00":                "2027-01-05 09:00",
		"今晚":                             "2026-11-24 21:00",
		"周五晚上":                           "2026-11-27 21:00",
		"周五晚上8点":                         "2026-11-27 20:00",
		"明天上午":                           "2026-11-25 09:00",
		"明天中午":                           "2026-11-25 12:00",
		"明天下午5点":                         "2026-11-25 17:00",
		"后天":                             "2026-11-26 17:00",
		"今晚8点":                           "2026-11-24 20:00",
		"本周五":                            "2026-11-27 17:00",
		"下周一 9:00":                       "2026-11-30 09:00",
		"周五下午5点半":                        "2026-11-27 17:30",
		"12月1日 17点":                      "2026-12-01 17:00",
		"半小时后":                           "2026-11-24 15:30",
		"1 小时":                           "2026-11-24 16:00",
		"两个小时":                           "2026-11-24 17:00",
		"45 分钟":                          "2026-11-24 15:45",
		"3天":                             "2026-11-27 15:00",
		"今天 17:00":                       "2026-11-24 17:00",
		"两小时后":                           "2026-11-24 17:00",
		"１７：３０":                          "2026-11-24 17:30",
	} {
		got, err := When(in, now)
		if err != nil || got.Format("2006-01-02 15:04") != want {
			t.Errorf("parseWhen(%q) = %v, %v; want %s", in, got, err, want)
		}
	}
	for in, says := range map[string]string{
		"":                              "Try until=",
		"next week":                     "“next week” names no day. Try until=\"next Fri 17:00\"",
		"下周":                            "“下周” names no day",
		"17:00 CET":                     "Times typed here are Europe/Berlin time, without a zone behind them. Try until=17:00.",
		"Thu 5pm PST":                   "Try until=\"Thu 5pm\".",
		"17:00 UTC+2":                   "Try until=17:00.",
		"17:00 UTC−5":                   "Try until=17:00.",
		"明天 17:00　UTC":                  "Try until=\"明天 17:00\".",
		"明天17点UTC+8":                    "Try until=明天17点.",
		"明天 17:00 UTC+八":                "Try until=17:00.",
		"Thu  5pm  gmt":                 "Try until=\"Thu 5pm\".",
		"UTC":                           "Try until=17:00.",
		"evening 12:00":                 "I do not understand",
		"Dec 40":                        "I do not understand",
		"evening morning":               "I do not understand",
		"soon":                          "I do not understand the time “soon”",
		"25:00":                         "I do not understand",
		"Thu Fri":                       "I do not understand",
		"17:00 18:00":                   "I do not understand",
		"5":                             "I do not understand",
		"13pm":                          "I do not understand",
		"next tomorrow":                 "I do not understand",
		"32月1日":                         "I do not understand",
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

// An evening without an hour is one in which people still vote: at nine, and what is left
// of it once it has begun.
func TestTonight(t *testing.T) {
	for now, at := range map[string]map[string]string{
		"24 10:00": {"tonight": "24 21:00", "this evening": "24 18:00", "night": "24 21:00", "今晚": "24 21:00", "今天晚上": "24 21:00", "今夜": "24 21:00", "明晚": "25 21:00", "tomorrow evening": "25 18:00"},
		"24 19:30": {"tonight": "24 21:00", "this evening": "24 21:00", "tuesday evening": "24 21:00", "今晚": "24 21:00", "明晚": "25 21:00", "今晚8点": "24 20:00"},
		"24 20:59": {"tonight": "24 21:00"},
		"24 21:30": {"tonight": "24 23:59", "this evening": "24 23:59", "今晚": "24 23:59", "周二晚上": "24 23:59", "friday night": "27 21:00"},
	} {
		now, err := time.Parse("2006-01-2 15:04", "2026-11-"+now)
		if err != nil {
			t.Fatal(err)
		}
		for typed, want := range at {
			if got, err := When(typed, now); err != nil || got.Format("2 15:04") != want {
				t.Errorf("%q on the %s is %v, %v; want the %s", typed, now.Format("2 15:04"), got, err, want)
			}
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
