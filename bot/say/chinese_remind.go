package say

// chineseRemind is what somebody is asked and told about a reminder.
var chineseRemind = map[string]string{
	"Remind me":                                    "提醒我",
	"Remind you of taste test {id}?":               "要提醒你参加第 {id} 场盲测吗？",
	"A reminder of taste test {id} is set":         "第 {id} 场盲测的提醒已设好",
	"It comes {when}.":                             "提醒时间：{when}。",
	"Tomorrow at 9:00":                             "明天 9:00",
	"An hour before voting closes":                 "投票截止前一小时",
	"Go to the test":                               "去投票",
	"Cancel this one":                              "取消这次提醒",
	"No reminders":                                 "不要提醒",
	"No reminder of taste test {id} comes to you.": "第 {id} 场盲测不会再提醒你。",
	"No reminders come to you, of any test, unless you ask for one again.":               "任何盲测都不会再提醒你，除非你重新设置。",
	"No round of taste test {id} is left for you, so there is nothing to remind you of.": "第 {id} 场盲测你已全部评完，不需要提醒。",
	"Voting closes {closes}: that is too soon for a reminder.":                           "投票将于 {closes} 截止，来不及提醒了。",
	"One direct message, for you alone, and only if rounds are left for you then.":       "只给你一个人发一条私信，而且只在到时你还有题没评时才发。",
	"You asked to be reminded: rounds are left for you. Voting closes {closes}.":         "你设置了提醒：还有题等你来评。投票将于 {closes} 截止。",
}
