package say

// chineseSteady is what is said when the store is away, or was brought back.
var chineseSteady = map[string]string{
	"The bot’s store was brought back from a copy that was made before the ballots were posted. Start it again.":                                                                                                                        "机器人的数据恢复自一份备份，备份时选票还没有贴出来。请重新发起。",
	"Sorry, the bot’s memory is out of reach, so nothing can be kept right now (id {id}). Whoever runs the bot can see why in its log. Emoji in the chat are counted once it is back; please try anything else again in a few minutes.": "抱歉，机器人暂时存不了任何东西（编号 {id}）。运行机器人的人可以在日志里查到原因。聊天里的表情等它恢复后会照常计入；其他操作请过几分钟再试。",
}
