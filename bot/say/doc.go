// Package say words sentences as they leave, in English or Chinese: a sentence is a
// [bot.Sentence] until then, so that one place can be spoken to in another language
// than the next, and nothing has to cut up finished text. The English is the
// sentence's key; the Chinese stands in the tables, a file an area, and a test finds
// what has none.
package say
