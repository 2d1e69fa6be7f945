// Package engine is the [Bot]: it asks models, publishes ballots, hears votes,
// seals, reveals, and does what falls due. It is the only room that acts, and
// the only one that holds a Store and Chats; what it may be asked stands in
// bot.Handler and bot.Reader, and the tour through it in bot/doc.go.
//
// Its tests play whole tastings on a real store and a chat that remembers, in
// the time of testing/synctest (room_test.go); each story is played twice with
// the sides exchanged (blind_test.go).
package engine
