package say

// chineseRemove is what is said of rounds that are taken out.
var chineseRemove = map[string]string{
	"it was taken out":    "已移除",
	"removed":             "已移除",
	"Take out this round": "移除这一题",
	"Take out a round …":  "移除一题…",
	"Take it out":         "移除",
	"This round was taken out: both its answers are removed, and votes on it count nowhere.": "这一题已移除：两份回答都已删去，这一题的票不计入任何结果。",
	"Take this round out? Both answers go for good, and its votes count nowhere.":            "移除这一题？两份回答会永久删去，这一题的票不计入任何结果。",
	"Taken out while people voted, and counted nowhere: {n|round|rounds} ({rounds}).":        "投票期间移除、不计入任何结果：{n} 题（{rounds}）。",
	"take one round out": "移除一题",
	"Taste test {id} has no round “{typed}”. For example: {example}":                                           "盲测 {id} 没有“{typed}”这一题。例如：{example}",
	"Take round {id} out? Both its answers go for good, whichever was the cause, and its votes count nowhere.": "移除第 {id} 题？不论起因是哪一份，两份回答都会永久删去，这一题的票不计入任何结果。",
	"Which round shall be taken out?": "要移除哪一题？",
	"Both its answers go for good, whichever was the cause, and its votes count nowhere.": "不论起因是哪一份，两份回答都会永久删去，这一题的票不计入任何结果。",
	"{id}: {prompt}": "{id}：{prompt}",
	"Take it out on the page where you see it, or by its number: {example}":                                 "请在看到它的页面上移除，或按题号移除：{example}",
	"Round {id} is taken out. Its answers are being removed from the posts, and its votes count nowhere.":   "第 {id} 题已移除。它的回答正从消息中删去，这一题的票不计入任何结果。",
	"Too little of taste test {id} is left to take out another round. To end it without a reveal: {cancel}": "盲测 {id} 剩下的题太少，不能再移除。要直接取消、不揭晓：{cancel}",
	"A round of taste test {id} can be taken out only while people vote: {state}":                           "盲测 {id} 只有在投票期间才能移除题目：{state}",
	"That round was taken out, and votes on it count nowhere. Go on with the others.":                       "那一题已移除，投给它的票不计入任何结果。请继续投其他题。",
}
