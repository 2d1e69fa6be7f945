package say

// What is answered to what is not understood as it was typed.
var chineseMeant = map[string]string{
	"End it now with its results, or cancel it without? {close} or {cancel}":        "现在就结束并揭晓，还是取消、不揭晓？{close} 或 {cancel}",
	"I only understand commands. Did you mean one of these? {help} shows them all.": "我只看得懂命令。是不是想用下面这些？输入 {help} 查看全部。",
	"“{typed}” names no day. Try {example}.":                                        "“{typed}”没有说是哪一天。可以写 {example}。",
	"Times typed here are {zone} time, without a zone behind them. Try {example}.":  "这里输入的时间按 {zone} 算，后面不写时区。可以写 {example}。",
}
