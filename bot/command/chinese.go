package command

import (
	"regexp"
	"strings"
)

// chineseNames are the commands' names as they are typed in Chinese.
var chineseNames = map[string]string{
	"开始": "start", "比较": "compare", "状态": "status", "结束": "close", "延长": "extend", "取消": "cancel", "移除": "remove", "结果": "results",
	"排行": "standings", "评委": "judges", "我": "me", "帮助": "help", "计划": "plan", "模型": "models", "题库": "packs", "设置": "settings", "周报": "digest", "定时": "schedule", "忘记我": "forget-me", "邀请链接": "invite-links",
}

// digits are numbers as they are written in times.
var digits = strings.NewReplacer("十二", "12", "十一", "11", "十", "10", "两", "2", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9", "一", "1")

var chineseTimes = []struct {
	said *regexp.Regexp
	in   string
}{
	{regexp.MustCompile(`半个?小时后?`), " 30m "},
	{regexp.MustCompile(`(\d+) ?个?小时后?`), " ${1}h "},
	{regexp.MustCompile(`(\d+) ?分钟后?`), " ${1}m "},
	{regexp.MustCompile(`(\d+) ?天后?`), " ${1}d "},
	{regexp.MustCompile(`今夜`), " 今晚"},
	{regexp.MustCompile(`([今明])晚(?:上)?`), " ${1}天晚上"},
	{regexp.MustCompile(`今天`), " today "},
	{regexp.MustCompile(`明天`), " tomorrow "},
	{regexp.MustCompile(`后天`), " overmorrow "},
	{regexp.MustCompile(`下周$`), "next week"},
	{regexp.MustCompile(`(?:早上|上午) ?(\d)`), " am $1"},
	{regexp.MustCompile(`(?:早上|上午)`), " morning "},
	{regexp.MustCompile(`中午`), " noon "},
	{regexp.MustCompile(`(?:下午|晚上) ?(\d)`), " pm $1"},
	{regexp.MustCompile(`下午`), " afternoon "},
	{regexp.MustCompile(`晚上`), " night "},
	{regexp.MustCompile(`(\d+)点半`), " ${1}:30 "},
	{regexp.MustCompile(`(\d+)点(\d+)分?`), " ${1}:${2} "},
	{regexp.MustCompile(`(\d+)点钟?`), " ${1}:00 "},
	{regexp.MustCompile(`(\d+)月(\d+)[日号]`), " ${1}-${2} "},
}

var chineseWeek = regexp.MustCompile(`(下个?|本|这)?(?:周|星期|礼拜)([一二三四五六日天])`)

// inEnglish is a time that was typed in Chinese as it would be typed in English;
// any other as it is.
func inEnglish(s string) string {
	s = chineseWeek.ReplaceAllStringFunc(s, func(week string) string {
		m := chineseWeek.FindStringSubmatch(week)
		day := map[string]string{"一": "mon", "二": "tue", "三": "wed", "四": "thu", "五": "fri", "六": "sat", "日": "sun", "天": "sun"}[m[2]]
		if strings.HasPrefix(m[1], "下") {
			day = "next " + day
		}
		return " " + day + " "
	})
	s = digits.Replace(s)
	for _, t := range chineseTimes {
		s = t.said.ReplaceAllString(s, t.in)
	}
	return strings.Join(strings.Fields(s), " ")
}
