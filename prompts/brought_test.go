package prompts_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

// result is one of promptfoo's, as its versions 3 and 4 write them.
func result(raw, label, provider, rest string) string {
	return fmt.Sprintf(`{"prompt": {"raw": %q, "label": %q}, "provider": {"id": %q, "label": ""}, "vars": {}, "success": true, %s}`, raw, label, provider, rest)
}

func results(version int, each ...string) string {
	return fmt.Sprintf(`{"evalId": "e", "results": {"version": %d, "results": [%s]}}`, version, strings.Join(each, ","))
}

// leftOut is that one of two prompts failed, and why.
func leftOut(why bot.Sentence) []bot.Sentence {
	return []bot.Sentence{bot.Say("{n} of {all|prompt|prompts} left out: {why}.", bot.Count(1), bot.Count(2), why)}
}

// What people bring from spreadsheets and other tools, and what it means.
func TestReadWhatIsBrought(t *testing.T) {
	haiku := answered("a", "b", [3]string{"Write a haiku", "Rain", "Tin"})
	brief := answered("a", "b", [3]string{"Write a haiku", "Rain", "Tin"})
	brief.Rows[0].Prompt.System = "Be brief."
	failed := answered("openai:a", "anthropic:b", [3]string{"Write a haiku", "Rain", "Tin"})
	failed.LeftOut = leftOut(bot.Say("{model} failed there: {why}", bot.Say(`"{name}"`, bot.Verbatim("anthropic:b")), bot.Verbatim("API error: 429")))
	empty := answered("a", "b", [3]string{"Write a haiku", "Rain", "Tin"})
	empty.LeftOut = leftOut(bot.Say("{model} answered nothing there", bot.Say(`"{name}"`, bot.Verbatim("b"))))
	strs := asked("Write a haiku about rain.", "Apologise for a late cake.")
	for i := range strs.Rows {
		strs.Rows[i].Prompt.Language = "en"
	}
	withSystem := asked("Write a haiku")
	withSystem.Rows[0].Prompt.System = "Be brief."

	pair := func(raw string) string {
		return results(3, result(raw, raw, "a", `"response": {"output": "Rain"}`), result(raw, raw, "b", `"response": {"output": "Tin"}`))
	}
	for _, test := range []struct {
		what, name, text string
		want             bot.Sheet
	}{
		{"Excel's own way to name the separator", "answers.csv", "sep=;\r\nprompt;a;b\r\nWrite a haiku;Rain;Tin\r\n", haiku},
		{"full-width commas all over", "", "Prompt，a，b\nWrite a haiku，Rain，Tin\n", haiku},
		{"lines of old Macs", "answers.csv", "prompt,a,b\rWrite a haiku,Rain,Tin\r", haiku},
		{"upright lines", "", "prompt|a|b\nWrite a haiku|Rain|Tin\n", haiku},
		{"notes beside two models", "", "prompt,a,b,score,备注\nWrite a haiku,Rain,Tin,4,x\n", haiku},
		{"a table in Markdown", "table.md", "| prompt | a | b |\n|---|:-:|--:|\n| Write a haiku | Rain | Tin |\n", haiku},
		{"a table in Markdown, without outer lines", "", "prompt | model | answer\n--- | --- | ---\nWrite a haiku | a | Rain\nWrite a haiku | b | Tin\n", haiku},
		{"a table in Markdown with breaks", "", "| prompt | a | b |\n|---|---|---|\n| Say<br>it \\| now | Rain | Tin |\n", answered("a", "b", [3]string{"Say\nit | now", "Rain", "Tin"})},
		{"prompts in YAML as plain strings", "prompts.yaml", "prompts:\n  - Write a haiku about rain.\n  - >-\n    Apologise for\n    a late cake.\n", strs},

		{"a list in YAML", "prompts.yml", "# ours\n- Write a haiku about rain.\n- text: Apologise for a late cake.\n", strs},

		{"a list of texts as JSON", "prompts.json", ` ["Write a haiku", "Apologise"]`, asked("Write a haiku", "Apologise")},

		{"AlpacaEval", "model_outputs.json", `[{"dataset": "x", "instruction": "Write a haiku", "output": "Rain", "generator": "a", "preference": 1.2},
			{"dataset": "x", "instruction": "Write a haiku", "output": "Tin", "generator": "b"}]`, haiku},
		{"AutoArena, of two models", "head.csv", "prompt,model,response\nWrite a haiku,a,Rain\nWrite a haiku,b,Tin\n", haiku},
		{"answers with a number and scores", "", `{"question_id": 1, "prompt": "Write a haiku", "model": "a", "answer": "Rain", "score": 4, "tags": ["x"]}` + "\n" +
			`{"question_id": 1, "prompt": "Write a haiku", "model": "b", "answer": "Tin", "score": 5}`, haiku},
		{"chats as messages", "chats.jsonl", `{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Write a haiku"}]}`, withSystem},

		{"promptfoo, version 2", "", `{"results": {"version": 2, "results": [
			{"prompt": {"raw": "Write a haiku", "display": "x"}, "provider": {"id": "a"}, "response": {"output": "Rain"}},
			{"prompt": {"raw": "Write a haiku", "display": "x"}, "provider": {"id": "b"}, "response": {"output": "Tin"}}], "table": {}}}`, haiku},
		{"promptfoo, version 4", "", strings.Replace(pair("Write a haiku"), `"version": 3`, `"version": 4, "prompts": []`, 1), haiku},
		{"promptfoo, version 1 with providers", "", `{"version": 1, "results": [
			{"prompt": {"raw": "I&#39;m here", "display": "x"}, "provider": "a", "response": {"output": "Rain"}},
			{"prompt": {"raw": "I&#39;m here", "display": "x"}, "provider": "b", "response": {"output": "Tin"}}]}`, answered("a", "b", [3]string{"I'm here", "Rain", "Tin"})},
		{"promptfoo with one failed call", "results.json", results(3,
			result("Write a haiku", "", "openai:a", `"response": {"output": "Rain"}`), result("Write a haiku", "", "anthropic:b", `"response": {"output": "Tin"}`),
			result("Apologise", "", "openai:a", `"response": {"output": "Sorry"}`), result("Apologise", "", "anthropic:b", `"error": "API error: 429\nmore"`)), failed},
		{"promptfoo with an empty answer", "", results(4,
			result("Write a haiku", "", "a", `"response": {"output": "Rain"}`), result("Write a haiku", "", "b", `"response": {"output": "Tin"}`),
			result("Apologise", "", "a", `"response": {"output": "Sorry"}`), result("Apologise", "", "b", `"response": {"output": ""}`)), empty},
		{"promptfoo, two prompts of one provider", "", `{"results": {"version": 3, "results": [
			{"prompt": {"raw": "Rephrase: Hello", "label": "Rephrase: {{body}}"}, "provider": {"id": "openai:m"}, "vars": {"body": "Hello"}, "response": {"output": "Hi"}},
			{"prompt": {"raw": "Say it warmly: Hello", "label": "Say it warmly: {{body}}"}, "provider": {"id": "openai:m"}, "vars": {"body": "Hello"}, "response": {"output": "Dear all"}}]}}`,
			answered("Rephrase: {{body}}", "Say it warmly: {{body}}", [3]string{"Hello", "Hi", "Dear all"})},
		{"promptfoo, a chat in parts", "", pair(`[{"role": "user", "content": [{"type": "text", "text": "Write a haiku"}]}]`), haiku},
		{"promptfoo, a chat in YAML", "", pair("- role: system\n  content: Be brief.\n- role: user\n  content: Write a haiku\n"), brief},
		{"promptfoo, a longer chat", "", pair(`[{"role":"user","content":"Hi"},{"role":"assistant","content":"Yes?"},{"role":"user","content":"Write"}]`),
			answered("a", "b", [3]string{"User: Hi\n\nAssistant: Yes?\n\nUser: Write", "Rain", "Tin"})},
		{"promptfoo's output as JSONL", "results.jsonl", result("Write a haiku", "", "a", `"response": {"output": "Rain"}`) + "\n" + result("Write a haiku", "", "b", `"response": {"output": "Tin"}`) + "\n", haiku},
		{"promptfoo's output as YAML", "results.yaml", "evalId: eval-x\nresults:\n  version: 3\n  results:\n    - prompt: {raw: Write a haiku}\n      provider: {id: a}\n      response: {output: Rain}\n    - prompt: {raw: Write a haiku}\n      provider: {id: b}\n      response: {output: Tin}\n", haiku},

		{"prose about variables in code", "", "Explain `{{ name }}` to a child.\nAnd once more.", asked("Explain `{{ name }}` to a child.", "And once more.")},
		{"Chinese prose with commas", "", "写一首诗，要短\n为蛋糕道歉，要真诚\n", asked("写一首诗，要短", "为蛋糕道歉，要真诚")},
		{"code with tabs", "", "Mend this:\nif x {\n\ty()\n}\n---\nAnd this.", asked("Mend this:\nif x {\n\ty()\n}", "And this.")},
		{"prose about a web page", "", "Explain <html> to a child.\nAnd <body>.", asked("Explain <html> to a child.", "And <body>.")},
	} {
		t.Run(test.what, func(t *testing.T) {
			got, err := read(test.name, test.text)
			if err != nil {
				t.Fatalf("it was refused: %v", err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("it was misread (-want +got):\n%s", diff)
			}
		})
	}
}

// Nothing is taken for what it is not: each is refused with what to do.
func TestReadRefusesWhatIsNotMeant(t *testing.T) {
	const models = "; delete what is no answer, and name each of two columns after the model whose answers stand in it, or write for example: prompt,model,answer."
	const again = "promptfoo eval --output results.json"
	for _, test := range []struct{ what, name, text, want string }{
		{"a web page", "output.html", "<!doctype html>\n<html>\n<body>", "This is a web page (HTML); save the table in it as CSV, or, from promptfoo, send what this writes: " + again},
		{"a part of a web page", "prompts.html", "<p>Write a haiku.</p>\n<p>Apologise.</p>", "A web page is not understood; save the table in it as CSV, or send the prompts as plain text."},
		{"an empty text in a list", "", `["Write a haiku", " "]`, "Text 2: there is no prompt; write its text."},
		{"RTF", "prompts.txt", `{\rtf1\ansi Write a haiku.}`, "This is rich text (RTF); save it as plain text."},
		{"an answer and its score", "answers.csv", "prompt,response,score\nWrite a haiku.,Rain on tin,4\n", `Line 1: "response" and "score" do not look like models` + models},
		{"the same as JSON", "", `{"prompt": "Hi", "response": "Rain", "score": 4}`, `Object 1: "response" does not look like a model` + models},
		{"owners and notes", "prompts.csv", "prompt,owner,notes\nWrite a haiku.,Mara,used in March\n", `Line 1: "owner" and "notes" do not look like models` + models},
		{"what is expected", "tests.csv", "prompt,expected,tag\nWrite a haiku.,five seven five,poem\n", `Line 1: "expected" and "tag" do not look like models` + models},
		{"notes in Chinese", "", "prompt，备注，标签\n写诗，三月，短\n", `Line 1: "备注" and "标签" do not look like models` + models},
		{"one model and a score", "", "prompt,kestrel,score\nHi,Rain,4\n", `Line 1: beside the prompt there is "kestrel" and "score"; keep exactly two columns, each named after the model whose answers stand in it, and of others only system, category, language and id.`},
		{"two words for an answer", "", "prompt,output,response\nHi,Rain,Tin\n", "Line 1: there are both “output” and “response”; keep one."},
		{"a variable in a table", "prompts.csv", "prompt\nPraise tea\nDescribe {{topic}} to a child\n", "Line 3: the prompt has a variable {{topic}} that is not filled in; write out what stands there, or put it in `backticks` if it is meant so."},
		{"a variable in prose", "", "Praise {{ topic }} in two lines", "Line 1: the prompt has a variable {{ topic }} that is not filled in; write out what stands there, or put it in `backticks` if it is meant so."},
		{"MT-Bench's questions", "question.jsonl", `{"question_id": 1, "category": "writing", "turns": ["Write a haiku.", "Make it rhyme."]}`, `Object 1: there is no “prompt”; write one object a line: {"prompt": "…"}.`},
		{"a chat with its answer", "", `{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}]}`, `Object 1: the chat in "messages" ends with an answer; leave that out, or write prompt, model and answer.`},
		{"the second of two rows", "answers.csv", "prompt,model,answer\nWrite a haiku,kestrel,Rain\nWrite a haiku,nova,\n", `Line 3: the answer of "nova" is empty; fill it in, or delete the prompt.`},
		{"a pasted table of questions", "", "question,kestrel,nova\nWrite a haiku.,Rain,Tin\nApologise.,Sorry,So sorry\n", `Line 1: there is "question", but no column “prompt”; write “prompt” instead of "question".`},
		{"cells of a sheet", "", "Input\tGPT\tClaude\nWrite a haiku.\tRain\tTin\n", `Line 1: there is "Input", but no column “prompt”; write “prompt” instead of "Input".`},
		{"cells of a sheet, of any name", "", "\nWhat we ask\tGPT\tClaude\nWrite a haiku.\tRain\tTin\n", "Line 2: this is a table without a column “prompt”; call the column of prompts so, and write for example: prompt,model,answer."},
		{"a pasted table of any names", "", "Aufgabe,GPT,Claude\nSchreib ein Haiku.,Regen,Dach\n", "Line 1: this is a table without a column “prompt”; call the column of prompts so, and write for example: prompt,model,answer."},
		{"a Chinese header", "", "提示词，甲，乙\n写一首诗，雨，雪\n", `Line 1: there is "提示词", but no column “prompt”; write “prompt” instead of "提示词".`},
		{"one row with full-width commas", "", "prompt,a,b\nHi,1,2\nBye，3，4\n", "Line 3: the cells are separated by “，” where other lines have “,”; write “,” between them."},
		{"a table in Markdown without prompts", "", "| Aufgabe | GPT |\n|---|---|\n| Haiku | Regen |\n", "Line 1: there is no “prompt”; write for example: prompt,model,answer."},
		{"a table in Markdown below a title", "", "# Ours\n\n| prompt | a | b |\n|---|---|---|\n| Hi | 1 | 2 |\n", "Line 1: this is not part of the table that is written with |; send the table alone."},

		{"a list in YAML with a slip", "prompts.yml", "- Write a haiku.\n- txt: Hi\n", `Line 2, column 3: there is no field "txt" here; did you mean "text"?`},

		{"promptfoo's configuration", "promptfooconfig.yaml", "prompts:\n  - \"Write about {{topic}}\"\nproviders:\n  - openai:gpt-4o\ntests:\n  - vars: {topic: tea}\n", "That is promptfoo's configuration. Send what this writes: " + again + "; or send only its prompts."},
		{"promptfoo's configuration as JSON", "", `{"prompts": ["Hi"], "providers": ["openai:gpt-4o"]}`, "That is promptfoo's configuration. Send what this writes: " + again + "; or send only its prompts."},
		{"promptfoo's table", "output.csv", "message,[openai:a] {{message}},[anthropic:b] {{message}}\nWrite a haiku,\"[PASS] (1.00)\n\nRain\",[FAIL] Tin\n", "That is promptfoo's table, which mixes answers with marks. Send what this writes: " + again},
		{"promptfoo's first version", "output.json", `{"version": 1, "results": [{"prompt": {"raw": "Rephrase: I&#39;m here", "display": "Rephrase: {{body}}"}, "vars": {"body": "I'm here"}, "response": {"output": "Ahoy"}}], "table": {}}`, "That is the output of an old version of promptfoo, which does not say which model answered; make it again with: " + again},
		{"promptfoo, three prompts of one provider", "", results(3, result("A", "", "m", `"response": {"output": "1"}`), result("B", "", "m", `"response": {"output": "2"}`), result("C", "", "m", `"response": {"output": "3"}`)),
			`One provider, "m", answers 3 prompts there; a taste test compares two models, or two versions of a prompt with the same variables. Run it with two providers.`},
		{"promptfoo with nothing but failures", "", results(3, result("A", "", "a", `"error": "401"`), result("A", "", "b", `"error": "401"`)), `Result 1: "a" failed there: 401; ask it again.`},
	} {
		t.Run(test.what, func(t *testing.T) {
			got, err := read(test.name, test.text)
			if err == nil {
				t.Fatalf("it was read as %+v", got)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("the sentence (-want +got):\n%s", diff)
			}
		})
	}
}

// What is wrong with a file is said in the language of whoever sent it.
func TestRefusalsInChinese(t *testing.T) {
	for sent, want := range map[string]string{
		"prompt,a,b\nHi,1,2\nBye,1,\n":  "第 3 行：“b”的回答是空的；请补上，或者删掉这道题。",
		"promt,kestrel,nova\nHi,1,2\n":  "第 1 行：有“promt”，但没有“prompt”这一列；请把“promt”改成“prompt”。",
		"prompt,a\nHi,1\n":              "第 1 行：题目之外还有“a”；请只留两列回答，列名就是模型名，其他的列只能是 system、category、language 和 id。",
		`{"prompt": "Hi"`:               `第 1 行：JSON 不完整；每行写一个对象：{"prompt": "…"}。`,
		"prompts:\n  - txt: Hi\n":       "第 2 行第 5 列：这里没有“txt”这个字段；是不是想写“text”？",
		"prompt,model,answer\nHi,a,1\n": "里面有“a”的回答，而盲测只比较两个模型。请补上另一个模型的回答。",
		"\xff\xfeH\x00i\x00":            "这是 UTF-16；请存成 UTF-8（在表格软件里选“CSV UTF-8”）。",
		"Praise {{topic}}":              "第 1 行：题目里的变量 {{topic}} 没有填上；请写出内容，如果本来就要这样，请放进`反引号`里。",
	} {
		_, err := read("", sent)
		e, ok := errors.AsType[bot.UserError](err)
		if !ok {
			t.Errorf("%q: %v", sent, err)
			continue
		}
		if got := (say.Words{Voice: bot.Voice{Lang: bot.Zh}}).Text(bot.Sentence(e)); got != want {
			t.Errorf("%q is refused with\n%s, want\n%s", sent, got, want)
		}
	}
}
