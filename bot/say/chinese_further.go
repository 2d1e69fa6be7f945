package say

// chineseFurther are about prompts that a judge reads and no person.
var chineseFurther = map[string]string{
	"how many more prompts, 10 to 200, a judge alone reads to narrow what your votes leave open, once it has gone with them over 100 rounds": "另加多少道题（10 到 200）只给 AI 评委读，好让你们的票留下的范围变窄；它得先在 100 道题里和你们的票合得来",

	"{judged} is how many prompts a judge reads that people do not see, {least} to {most}. For example: {example}":                                  "{judged} 是另外只给 AI 评委读的题数，{least} 到 {most}。例如：{example}",
	"{judged} has a judge read the test, so it does not go with {off}. Leave one of them out.":                                                      "{judged} 要请 AI 评委来读，不能和 {off} 一起写。请去掉其中一个。",
	"{judged} takes its prompts from the pack that people’s come from, and these come from none. Name a pack, or leave {judged} out.":               "{judged} 的题取自大家所投的题库，而这些题不出自题库。请指定题库，或不写 {judged}。",
	"The pack {pack} weighs its prompts, so that those left over are not like those that people vote on. Leave {judged} out, or name another pack.": "题库 {pack} 的题有权重，剩下的题和大家投的题不是一类。请不写 {judged}，或换一个题库。",
	"The pack {pack} has {n|more prompt|more prompts}; {judged} needs {least}. Take fewer rounds, name a larger pack, or leave it out.":             "题库 {pack} 只剩 {n} 道题，{judged} 至少要 {least} 道。请减少题数、换一个更大的题库，或不写它。",
	"The pack {pack} has {n|more prompt|more prompts}, so {judge} reads as many instead of {wanted}.":                                               "题库 {pack} 只剩 {n} 道题，{judge} 就读这么多，而不是 {wanted} 道。",
	"No judge is configured, so {judged} has nobody to ask. Name one under “judges” in the configuration, or leave it out.":                         "没有配置 AI 评委，{judged} 没有谁可请。请在配置的 judges 下写一个，或者不写它。",
	"{judge} {correlation} over {n|round|rounds}": "{judge} 在 {n} 道题里为 {correlation}",
	"Prompts that a judge alone reads take one whose correlation with your votes is {least} or more over {rounds} earlier rounds or more; so far: {judges}. Leave {judged} out, and see {command}.": "只给 AI 评委读的题，要求评委与你们的票在以往至少 {rounds} 道题里的相关系数不低于 {least}；目前：{judges}。请不写 {judged}，详见 {command}。",

	"Both models also answer {n|prompt|prompts} of the same pack that nobody sees or votes on; {judge} reads them too, and its provider receives them. The sums above include that, and asking takes longer.": "两个模型还会回答同一题库里的 {n} 道题，没有人看到，也没有人投票；{judge} 也会读，其服务商会收到这些内容。上面的费用已包括在内，提问也要久一些。",
	"Its correlation with your votes is {correlation} over {rounds|round|rounds}: if it stays so, the range that your votes leave gets about {share} narrower. The verdict stays yours.":                      "它与你们的票在 {rounds} 道题里的相关系数是 {correlation}：如果还是这样，你们的票留下的范围大约会变窄 {share}。结论仍由你们的票决定。",
	"That takes some minutes: most of them only a judge reads.": "这要几分钟：其中大多数只给 AI 评委读。",

	"Further prompts: {n}, read by {judge}; their weight was fixed before the first vote: slope {slope}, correlation {correlation}, of {rounds|earlier round|earlier rounds}, about the means of their taste tests.": "另加的题：{n} 道，由 {judge} 读；权重在第一票之前已定：斜率 {slope}，相关系数 {correlation}，出自以往 {rounds} 道题（各按所在盲测的平均值）。",
	"{judge} could not read enough of what nobody voted on to narrow anything: what is said rests on your votes alone.":                                                                                              "没有人投票的题，{judge} 没能读到足够多，范围没有变窄：这里说的只凭你们的票。",
	"{judge} also read {n|prompt|prompts} that nobody voted on. Your votes give no range that they could narrow.":                                                                                                    "{judge} 还读了没有人投票的 {n} 道题。你们的票给不出可以变窄的范围。",
	"{judge} also read {n|prompt|prompts} that nobody voted on, and that narrows nothing this time: with them {model} may have anything from {low} to {high}, by your votes alone from {low2} to {high2}.":           "{judge} 还读了没有人投票的 {n} 道题，这次范围没有变窄：算上它们，{model} 的真实值在 {low}% 到 {high} 之间，只凭你们的票在 {low2}% 到 {high2} 之间。",
	"With {n|prompt|prompts} that only {judge} read, {model} has {m}, and may have anything from {low} to {high}; by your votes alone from {low2} to {high2}.":                                                       "算上只有 {judge} 读过的 {n} 道题，{model} 得 {m}，真实值在 {low}% 到 {high} 之间；只凭你们的票在 {low2}% 到 {high2} 之间。",
	"Of what this rests on, {people} came from your {votes|vote|votes} on {prompts|prompt|prompts} and {rest} from {judge}; the verdict is by your votes alone.":                                                     "这里的依据，{people} 来自你们在 {prompts} 道题上的 {votes} 票，{rest} 来自 {judge}；结论只凭你们的票。",
}
