// Package judge has models read, beside the people, what these voted on: the same
// two unnamed texts in both orders, once voting is sealed. What a judge says is
// never a vote; it is held beside the votes, to find out which model shares these
// people's taste.
//
// [Read] asks a judge about one round, and [Answer] is the whole of what it may
// say. [Of] collects what judges made of tastings and what people voted there, and
// [Report.Line] puts it into words.
package judge
