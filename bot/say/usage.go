package say

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// Spelled is a command as one types it on Slack and on the page.
func Spelled(u bot.Usage, lang bot.Lang) string {
	u = Valued(u, lang)
	if lang == bot.Zh && u.Command == "help" {
		for i, w := range u.Words {
			u.Words[i] = Called(w, lang)
		}
	}
	if lang == bot.Zh && u.Timed() {
		u.Words = slices.Concat([]string{u.Options[0].Value, Called("start", lang)}, u.Words)
		u.Options = u.Options[1:]
	}
	if u.Command != "" {
		u.Command = Called(u.Command, lang)
	}
	return u.String()
}

// Valued is a command with its times and the texts of examples in a language: 周报 关,
// until="周四 17:00". What is chosen from a list, as ballot=private, is called as help
// and Discord's menus call it.
func Valued(u bot.Usage, lang bot.Lang) bot.Usage {
	if lang != bot.Zh {
		return u
	}
	u.Words, u.Options = slices.Clone(u.Words), slices.Clone(u.Options)
	if u.Command == "digest" || u.Command == "" {
		for i, w := range u.Words {
			u.Words[i] = chineseWhen(w)
		}
	}
	for i, o := range u.Options {
		switch o.Name {
		case "until", "when", "digest":
			u.Options[i].Value = chineseWhen(o.Value)
		default:
			if zh, ok := chineseExamples[o.Value]; ok {
				u.Options[i].Value = zh
			}
		}
	}
	return u
}

// chineseWhen is a time that the bot names, as it is typed in Chinese; any other as it is.
func chineseWhen(typed string) string {
	if m := lasting.FindStringSubmatch(typed); m != nil {
		return m[1] + map[string]string{"m": "分钟", "h": "小时", "d": "天"}[m[2]]
	}
	days, hour := typed, ""
	if i := strings.LastIndexByte(typed, ' '); i >= 0 && strings.Contains(typed[i:], ":") {
		days, hour = typed[:i], typed[i:]
	}
	rest, next := strings.CutPrefix(days, "next ")
	named := strings.Split(rest, ",")
	for i, day := range named {
		zh, ok := chineseWhens[day]
		if !ok {
			return typed
		}
		named[i] = zh
	}
	if days = strings.Join(named, "、"); next {
		days = "下" + days
	}
	return days + hour
}

var (
	lasting = regexp.MustCompile(`^(\d+)([mhd])$`)

	// chineseWhens are words of times; the English ones work as well.
	chineseWhens = map[string]string{
		"now": "现在", "off": "关", "weekdays": "工作日", "weekends": "周末", "daily": "每天", "monthly 1st": "每月1号",
		"Mon": "周一", "Tue": "周二", "Wed": "周三", "Thu": "周四", "Fri": "周五", "Sat": "周六", "Sun": "周日",
		"Monday": "周一", "Tuesday": "周二", "Wednesday": "周三", "Thursday": "周四", "Friday": "周五", "Saturday": "周六", "Sunday": "周日",
	}

	// chineseExamples are the texts of the examples in the table of commands.
	chineseExamples = map[string]string{
		"Apologise in 60 words. No discount.": "写一段道歉，不超过 60 字，不给折扣。",
		"Apologise in 60 words.":              "写一段 60 字的道歉。",
		"You answer for a bakery.":            "你替一家面包店回复客户。",
		"Which reply is better?":              "哪份回复更好？",
		"Ana, Bo":                             "小安, 小波",
	}
)

// Called is a command's name in a language.
func Called(command string, lang bot.Lang) string {
	if name, ok := chineseCommands[command]; ok && lang == bot.Zh {
		return name
	}
	return command
}

// chineseCommands are the commands' Chinese names; the English ones work as well.
var chineseCommands = map[string]string{
	"start": "开始", "compare": "比较", "status": "状态", "close": "结束", "extend": "延长", "cancel": "取消", "results": "结果",
	"standings": "排行", "digest": "周报", "schedule": "定时", "settings": "设置", "judges": "评委", "me": "我", "help": "帮助",
	"plan": "计划", "models": "模型", "packs": "题库", "forget-me": "忘记我", "remove": "移除", "invite-links": "邀请链接",
}

// OptionCalled is an option's name in a language, where a chat has names of options in
// several: Discord.
func OptionCalled(option string, lang bot.Lang) string {
	if name, ok := chineseOptions[option]; ok && lang == bot.Zh {
		return name
	}
	return option
}

// chineseOptions are the options' Chinese names. Where options are typed they have
// their English ones alone.
var chineseOptions = map[string]string{
	"model": "模型", "against": "对手", "tasting": "场次", "command": "命令", "file": "文件", "pack": "题库", "rounds": "题数", "pool": "题池", "until": "截止",
	"ballot": "投票方式", "prompt": "题目", "system": "系统提示", "question": "问题", "judges": "评委", "judged": "评委另读", "controls": "校验题", "retests": "复测", "waves": "提前结束",
	"worth": "门槛", "dearer": "更贵的", "voters": "投票人", "invite": "邀请", "category": "类别", "language": "语言", "time_zone": "时区", "digest": "周报",
	"charts": "图片", "when": "时间", "block": "每期次数", "pause": "暂停", "resume": "恢复", "skip": "跳过", "remove": "删除", "every": "重复",
}
