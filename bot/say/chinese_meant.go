package say

// What is answered to what is not understood as it was typed, and the question for a
// time zone.
var chineseMeant = map[string]string{
	"End it now with its results, or cancel it without? {close} or {cancel}":                                                                               "现在就结束并揭晓，还是取消、不揭晓？{close} 或 {cancel}",
	"I only understand commands. Did you mean one of these? {help} shows them all.":                                                                        "我只看得懂命令。是不是想用下面这些？输入 {help} 查看全部。",
	"I cannot do anything here, only in a channel of a server, where several people can vote. Did you mean one of these? They are typed there: {commands}": "我在私信里什么也做不了，只能在服务器的频道里，那里大家才能一起投票。是不是想用下面这些？请到频道里输入：{commands}",
	"“{typed}” names no day. Try {example}.":                                                                                                               "“{typed}”没有说是哪一天。可以写 {example}。",
	"Times typed here are {zone} time, without a zone behind them. Try {example}.":                                                                         "这里输入的时间按 {zone} 算，后面不写时区。可以写 {example}。",

	"Another time zone":         "换个时区",
	"Time zone of this channel": "本频道的时区",
	"Set it":                    "设为这个",
	"Times that are typed here are read in it, for everybody; once the tasting is started, until an admin changes it.": "这里输入的时间都按它算，对所有人一样；盲测开始后生效，管理员可以修改。",
	"A city, or a time zone":                            "城市或时区",
	"For example {berlin}, {shanghai}, {york} or {utc}": "例如 {berlin}、{shanghai}、{york} 或 {utc}",
	"There it is later than that already: {when}. Describe the tasting again, with another time.": "那里已经是 {when}，过了这个时间。请换个时间重新发起。",
}
