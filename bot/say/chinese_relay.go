package say

var chineseRelay = map[string]string{
	"Another machine is taking over, so nothing was done. This page comes back by itself in a moment.": "正在切换到另一台机器，这次没有处理。页面稍后会自动恢复。",
}
