package say

// chineseLost are about answers that were lost with a bot that was stopped.
var chineseLost = map[string]string{
	"The bot was stopped while it asked {model}, and asking it again could cost more than --max-cost {limit}.":   "机器人在请 {model} 作答时停过，再问一遍的花费可能超过 --max-cost {limit}。",
	"The bot was stopped while it asked the models, and asking them again could pass a spending limit.":          "机器人在向模型提问时停过，再问一遍可能超出费用限额。",
	"The bot was stopped while it asked the models: answers that were lost then may have cost up to {sum} more.": "机器人在向模型提问时停过：当时丢失的回答最多可能另花费 {sum}。",
}
