package say

// What is said of files that people bring, and of the store.
var chineseFiles = map[string]string{
	"The file has no answers of {model}. It has answers of: {names}.": "文件里没有 {model} 的回答。里面有这些模型的回答：{names}。",
	"{where} has no prompt.":                                "{where} 没有题目。",
	"{where} has no answer.":                                "{where} 没有回答。",
	"{where} answers a prompt that was answered above.":     "{where} 回答的题目上面已经答过了。",
	"{name} has no answers.":                                "{name} 里没有回答。",
	"{name} must name the columns: prompt,model,answer.":    "{name} 必须写明列名：prompt,model,answer。",
	"{name} is no CSV: {err}.":                              "{name} 不是 CSV：{err}。",
	"{name} is no CSV.":                                     "{name} 不是 CSV。",
	"The first line cannot be read as a header; {example}.": "第一行读不成表头；{example}。",
	"That looks like promptfoo's output, but its results cannot be read; make it with: {evalagain}":                                                                                  "看上去是 promptfoo 的输出，但读不到其中的结果；请用这条命令生成：{evalagain}",
	"That is the output of an old version of promptfoo, which does not say which model answered; make it again with: {evalagain}":                                                    "这是旧版 promptfoo 的输出，没有写明是哪个模型答的；请用这条命令重新生成：{evalagain}",
	"That is promptfoo's configuration. Send what this writes: {evalagain}; or send only its prompts.":                                                                               "这是 promptfoo 的配置。请发送这条命令的输出：{evalagain}；或者只发送里面的题目。",
	"That is promptfoo's table, which mixes answers with marks. Send what this writes: {evalagain}":                                                                                  "这是 promptfoo 的表格，回答和评分混在一起。请发送这条命令的输出：{evalagain}",
	"That looks like promptfoo's output as YAML, but it cannot be read. Send what this writes: {evalagain}":                                                                          "看上去是 promptfoo 的 YAML 输出，但读不了。请发送这条命令的输出：{evalagain}",
	"One provider, {provider}, answers {templates} prompts there; a taste test compares two models, or two versions of a prompt with the same variables. Run it with two providers.": "那里只有一个 {provider} 回答了 {templates} 种题目；盲测比较的是两个模型，或同样变量的两版题目。请用两个 provider 运行。",
	"That is more than 1 MB. Send at most 200 prompts, in a file of up to 1 MB.":                                                                                                     "超过 1 MB 了。最多 200 道题，文件不超过 1 MB。",
	"A web page is not understood; save the table in it as CSV, or send the prompts as plain text.":                                                                                  "看不懂网页；请把里面的表格存成 CSV，或者以纯文本发送题目。",
	"There is no prompt in that. Write at least one.":                                                                                                                                "里面没有题目。请至少写一道。",
	"There is no store for {scheme}: write the path of a file, such as tastetest.db or bolt:tastetest.db, or a database as postgres://USER@HOST/NAME.":                               "没有 {scheme} 这种存储：请写文件路径，如 tastetest.db 或 bolt:tastetest.db；或写数据库，如 postgres://USER@HOST/NAME。",
	"The store has no path: write the path of a file, such as tastetest.db.":                                                                                                         "存储没有写路径：请写文件路径，如 tastetest.db。",

	"The two stores are one and the same: name another as the one to move to.":        "两个存储是同一个：请另写一个要搬去的。",
	"There is no store at {path}: name the file that the bot has kept everything in.": "{path} 那里没有存储：请写机器人一直在用的文件。",
	"{path} is there already: name a new file to move to.":                            "{path} 已经存在：请写一个新文件。",
}
