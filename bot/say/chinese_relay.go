package say

var chineseRelay = map[string]string{
	"Another machine is taking over, so nothing was done. This page comes back by itself in a moment.": "正在切换到另一台机器，这次没有处理。页面稍后会自动恢复。",
	"Another machine is taking over the bot just now; please type that again in a moment.":             "机器人正在切换到另一台机器，请稍后重新输入一遍。",
	"Another machine is taking over the bot just now; please tap again in a moment.":                   "机器人正在切换到另一台机器，请稍后再点一次。",
}
