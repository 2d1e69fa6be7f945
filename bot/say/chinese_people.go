package say

// chinesePeople is what the page says of names and of links for one person.
var chinesePeople = map[string]string{
	"Somebody here is called {name} already. Type another name.": "这里已经有人叫{name}了，请换一个名字。",
	"Somebody here is called {name} already. Type another name. If that is you, open the menu of your name where you gave it: “Use this on another device” makes a link, to be opened here.": "这里已经有人叫{name}了，请换一个名字。如果那就是你，请在原来的浏览器里点开自己的名字，选“在另一台设备上用”，把得到的链接在这里打开。",
	"This page keeps no names, so yours stays as it is.":      "这个页面不保存名字，所以你的名字不能改。",
	"This page keeps no people, so it has no links for them.": "这个页面不保存个人资料，所以没有个人链接。",
	"That link is not one of this page’s.":                    "这个链接不是本页面的。",
	"That link was used already, or is too old: it works once. Make a new one from the menu of your name, where you gave it, or ask whoever sent it.": "这个链接已经用过或者过期了：每个链接只能用一次。请在原来的浏览器里从自己名字的菜单再生成一个，或者找给你链接的人要。",
	"Use this on another device": "在另一台设备上用",
	"Open this link there within ten minutes. It works once, and whoever opens it is you: send it to nobody.": "请在十分钟内在那台设备上打开这个链接。它只能用一次，谁打开谁就是你，不要发给别人。",
	"This link makes you {name} in this browser.":                                                             "这个链接会让你在这个浏览器里成为{name}。",
	"So far you are {name} here.":                                                                             "目前你在这里是{name}。",
	"Go on as {name}":                                                                                         "以{name}的身份继续",
	"Leave it as it is":                                                                                       "保持不变",
	"Rename":                                                                                                  "改名",
}
