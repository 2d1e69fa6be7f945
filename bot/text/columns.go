package text

import "strings"

// Column is what a table's column or an object's field holds, by its name:
// "prompt", "system", "category", "language", "id", "model" or "answer", under
// the names that AlpacaEval, AutoArena and others give them, too; "note" for what
// people and tools write beside prompts and answers, and what is no model; ""
// for any other name, which may be a model's.
func Column(name string) string {
	name = strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(name)))
	if as, ok := columns[name]; ok {
		return as
	}
	if strings.HasSuffix(name, "_id") || notes[name] {
		return "note"
	}
	return ""
}

var columns = map[string]string{
	"prompt": "prompt", "text": "prompt", "instruction": "prompt",
	"system": "system", "category": "category", "language": "language", "id": "id",
	"model": "model", "generator": "model", "model_name": "model", "model_id": "model",
	"answer": "answer", "response": "answer", "output": "answer", "completion": "answer",
}

var notes = func() map[string]bool {
	words := make(map[string]bool)
	for _, w := range strings.Fields(`
		score scores rating grade rank label labels tag tags topic type kind
		note notes comment comments remark remarks feedback reason explanation rationale annotator
		owner author editor reviewer assignee user email
		expected expected_output expected_answer ideal reference reference_answer ground_truth gold
		source dataset datasplit split context difficulty level status metadata version
		date time created created_at updated updated_at timestamp tstamp latency latency_ms cost tokens
		url link title name number no nr # index row weight why max_words max_tokens
		备注 标签 评分 分数 得分 参考答案 期望 预期 来源 负责人 作者 日期 编号 序号 类型 难度`) {
		words[w] = true
	}
	return words
}()
