package say

// Heads of tables, what stands in them, and names that the bot gives.
var chineseTables = map[string]string{
	"first text": "第一段", "second text": "第二段",
	"prompts": "题数", "people": "人数", "each": "每人", "votes": "票数",
	"judge": "评委", "rounds": "题数", "agrees": "一致", "you": "你们", "κ (95%)": "κ（95%）", "changes": "改口", "left": "偏左", "longer": "偏长", "per 1,000": "每 1000 次",
	"{estimate} ({low} to {high})": "{estimate}（{low}–{high}）",
}
