// Package say writes numbers, money and times in words. People compare what
// two posts say, and the command line with the chat: one sum, one count, one
// time has one way to be written, and that stands here.
package say
