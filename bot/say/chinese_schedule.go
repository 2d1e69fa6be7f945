package say

// chineseSchedule is what is said of times that come again and again, and of what is
// started by itself.
var chineseSchedule = map[string]string{
	"“{typed}” is too long for a time. For example: {example}":                                                                            "“{typed}”太长，不像时间。例如：{example}",
	"A time for cron has five fields: minute, hour, day of the month, month, day of the week; “{typed}” has {n}. For example: {example}":  "cron 时间有五段：分、时、日、月、星期；“{typed}”有 {n} 段。例如：{example}",
	"“{typed}” is a second time of day, and there can be one. For a second one, set up another.":                                          "“{typed}”是第二个时刻，这里只能写一个。要两个时刻，请另设一条。",
	"“{typed}” is no day of a month: those go from 1st to 31st, one at a time. For example: {example}":                                    "“{typed}”不是每月的某一天：从 1 号到 31 号，一次写一天。例如：{example}",
	"“{typed}” is no time of day: those go from 0:00 to 23:59. For example: {example}":                                                    "没有“{typed}”这个时刻：从 0:00 到 23:59。例如：{example}",
	"I do not know the day “{typed}”. Did you mean {near}? For example: {example}":                                                        "没有“{typed}”这一天。是不是想写 {near}？例如：{example}",
	"I do not understand “{typed}” in a time. It takes days and one time of day, for example {daily}, {weekdays}, {monday} or {monthly}.": "看不懂时间里的“{typed}”。要写日子和一个时刻，例如 {daily}、{weekdays}、{monday} 或 {monthly}。",
	"In the morning or in the evening? For example: {morning} or {evening}":                                                               "是早上还是晚上？例如：{morning} 或 {evening}",
	"On which day of the month? For example: {example}":                                                                                   "每月哪一天？例如：{example}",
	"At what time of day? For example: {example}":                                                                                         "几点？例如：{example}",
	"On which days? For example {daily}, {weekdays} or {monday}.":                                                                         "哪几天？例如 {daily}、{weekdays} 或 {monday}。",
	"Those days are of two kinds. Say one of them, for example {weekdays} or {monthly}.":                                                  "写了两种日子，只能选一种，例如 {weekdays} 或 {monthly}。",
	"“{typed}” comes more often than once an hour, and nobody confirms what it costs. For example: {example}":                             "“{typed}”一小时不止一次，而费用没有人逐次确认。例如：{example}",
	"minute":           "分",
	"hour":             "时",
	"day of the month": "日",
	"month":            "月",
	"day of the week":  "星期",
	"“{typed}” is no {field} for cron: it goes from {low} to {high}. For example: {example}": "cron 的“{field}”不能写“{typed}”：只能是 {low} 到 {high}。例如：{example}",
	"I do not understand “{typed}” as five fields of cron. For example: {example}":           "看不懂“{typed}”这五段 cron 时间。例如：{example}",
	"“{typed}” never comes: no such month has that day. The nearest that does: {example}":    "“{typed}”永远不会到：没有哪个月有这一天。最接近的是：{example}",
}
