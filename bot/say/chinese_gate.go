package say

// chineseGate is what is said of gates for two versions of a prompt.
var chineseGate = map[string]string{
	"{first} and {second} are two versions of a prompt; {model} answered both.": "{first} 和 {second} 是同一段提示词的两个版本，都由 {model} 作答。",
	"of what a gate compared": "是闸门比较的内容",
	"Asking {model} may cost up to {cost}, and what earlier tries of this gate cost counts too: together that may be more than --max-cost {limit}. Allow --max-cost {enough}, or give the gate another name": "问 {model} 最多可能花费 {cost}，这个闸门前几次的花费也算在内：合起来可能超过 --max-cost {limit}。请放宽到 --max-cost {enough}，或者给闸门换个名字",
	"of two versions of a prompt":                                             "是同一段提示词的两个版本",
	"Asking {model} may cost up to {cost}.":                                   "请 {model} 作答最多可能花费 {cost}。",
	"The prompt “{name}”":                                                     "提示词“{name}”",
	"{prompt} is empty. Write what the model should be told.":                 "{prompt}是空的。请写出要告诉模型的话。",
	"{prompt} has {input} twice. Write it once, where what is asked belongs.": "{prompt}里 {input} 出现了两次。请只写一次，放在题目该在的地方。",
	"{prompt} has a variable {v} that is not filled in; only {input} is. Write out what stands there, or put it in `backticks` if it is meant so.":                                   "{prompt}里的变量 {v} 没有填；会填的只有 {input}。请写出内容；如果本来就要这样写，请放在 `反引号` 里。",
	"Both versions are the same text, so that votes would tell nothing. Bring two that differ.":                                                                                      "两个版本是同一段文字，投票看不出什么。请给两个不同的版本。",
	"Both versions are called “{name}”. Give their files two names.":                                                                                                                 "两个版本都叫“{name}”。请给两个文件起不同的名字。",
	"The answers of {name} were written beforehand, whatever it is told. Name a model that can be asked.":                                                                            "{name} 的回答是事先写好的，对它说什么都一样。请写一个可以提问的模型。",
	"With {n|prompt|prompts} nothing can be decided, whatever people say: a gate needs at least {least}.":                                                                            "只有 {n} 道题，无论大家怎么投都定不下来：闸门至少要 {least} 道题。",
	"Asking {model} may cost up to {cost}, and nobody is here to confirm that. Say how much it may cost: --max-cost {enough}":                                                        "请 {model} 作答最多可能花费 {cost}，而这里没有人来确认。请写明最多可以花多少：--max-cost {enough}",
	"Asking {model} may cost up to {cost}, more than --max-cost {limit}. Give it fewer prompts, or allow --max-cost {enough}":                                                        "请 {model} 作答最多可能花费 {cost}，超过了 --max-cost {limit}。请少给几道题，或写 --max-cost {enough}",
	"Gate “{name}” was opened while {model} had other settings (taste test {id}). What is asked is fixed beforehand: give this one another name, for example with the commit in it.": "闸门“{name}”开启时 {model} 是另一套设置（第 {id} 场盲测）。问什么要事先定好：请换个名字，例如带上提交号。",
	"Both versions gave the same text to {n} of {all} prompts, which leaves too few to compare: people were not asked.":                                                              "{all} 道题里有 {n} 道两个版本的回答一字不差，剩下的太少，没法比较：没有请大家投票。",
	"Only {n} of {all} rounds are ready, and a gate needs at least {least}: {voids}.":                                                                                                "{all} 道题里只有 {n} 道准备好，而闸门至少要 {least} 道：{voids}。",
}
