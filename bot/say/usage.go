package say

import (
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// Spelled is a command as one types it on Slack and on the page.
func Spelled(u bot.Usage, lang bot.Lang) string {
	u = Valued(u, lang)
	if u.Command != "" {
		u.Command = Called(u.Command, lang)
	}
	return u.String()
}

// Valued is a command with the words that say when in a language: "周报 关".
func Valued(u bot.Usage, lang bot.Lang) bot.Usage {
	if u.Command != "digest" || lang != bot.Zh {
		return u
	}
	u.Words = slices.Clone(u.Words)
	for i, w := range u.Words {
		u.Words[i] = chineseWhens.Replace(w)
	}
	return u
}

// chineseWhens are words that follow 周报; the English ones work as well.
var chineseWhens = strings.NewReplacer("now", "现在", "off", "关", "Mon ", "周一 ", "Tue ", "周二 ", "Wed ", "周三 ", "Thu ", "周四 ", "Fri ", "周五 ", "Sat ", "周六 ", "Sun ", "周日 ")

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
