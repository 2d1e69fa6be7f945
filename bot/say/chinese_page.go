package say

// chinesePage is what the page says to those who taste and to those who start.
var chinesePage = map[string]string{
	"Nobody is an admin of this page as it runs now; whoever runs it can name starters.":   "这个页面目前没有管理员；管理它的人可以在配置里指定发起人。",
	"Is this machine yours? {command} prints the address that makes a browser an admin’s.": "这是你自己的电脑吗？{command} 会打印一个地址，打开它的浏览器就是管理员。",
	"Whoever runs this page has the address that makes a browser an admin’s.":              "管理这个页面的人有一个地址，打开它的浏览器就是管理员。",
	"{own} ({there}, {zone})": "{own}（{zone} {there}）",
	"in {time}":               "{time} 后",
	"History":                 "往期结果",
	"New taste test":          "发起盲测",
	"Your menu":               "你的菜单",
	"My taste":                "我的口味",
	"Theme":                   "外观",
	"automatic":               "跟随设备",
	"light":                   "浅色",
	"dark":                    "深色",
	"Help":                    "帮助",
	"Reload the page and choose one of the themes in its menu.": "请刷新页面，从菜单里选一种外观。",
	"Done": "好了",
	"Voting is over here. What you tapped is kept.":           "这场投票已经结束，你投的都算数。",
	"Everyone who has voted here can see who tapped what.":    "投过票的人都能看到谁点了什么。",
	"How others voted is shown once you have voted yourself.": "你投票之后才能看到别人投了什么。",
}
