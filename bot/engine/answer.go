package engine

import (
	"errors"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
)

// answer turns an error into what its causer is told: a UserError's sentence,
// or an apology whose id stands in the log.
func (b *Bot) answer(doing string, err error) bot.Reply {
	if e, ok := errors.AsType[bot.UserError](err); ok {
		at, _ := errors.AsType[fieldError](err)
		return bot.Reply{Post: bot.Notice{Error: true, Text: b.fitting(bot.Sentence(e)), Field: at.field}}
	}
	id := compose.FaultID()
	b.log.Error(doing, "id", id, "err", err)
	return bot.Reply{Post: compose.Apology(id)}
}
