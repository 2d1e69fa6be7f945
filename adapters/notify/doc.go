// Package notify tells group robots of Feishu, DingTalk and WeCom what opened and
// what was revealed on the page, and of the week there, with a link to it. Where Slack and Discord are not
// used the page is the chat, and this is how people hear that there is something.
//
// A robot is told once, by one POST, and nothing is read back. So it may miss
// something (the process ends, its platform is away), and is never told twice:
// the core tells of a post when that is on record, which it is once. See
// group.go for who is told, message.go for what, robot.go for how each platform
// wants it.
package notify
