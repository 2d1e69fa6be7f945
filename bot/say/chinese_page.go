package say

// chinesePage is what the page says to those who taste and to those who start.
var chinesePage = map[string]string{
	"Done": "好了",
	"Voting is over here. What you tapped is kept.":           "这场投票已经结束，你投的都算数。",
	"Everyone who has voted here can see who tapped what.":    "投过票的人都能看到谁点了什么。",
	"How others voted is shown once you have voted yourself.": "你投票之后才能看到别人投了什么。",
}
